/*
 * index.h - the search index: made from the catalog, kept in a file, mapped, only read.
 *
 * catalog.index in the state folder holds everything that a search needs, with a version, a
 * checksum, the revision of the catalog and of the tables it was made from, and the day: what
 * begins soon is ranked before what has begun. It is never changed: a new one is built beside
 * it, written beside it and renamed over it, while those who search the old one keep it. A
 * file that is missing, damaged, of another version or out of date is no error; it is built
 * anew (1.2 s for 110,000 programs on two cores). An index of what ships is built each time,
 * and not kept: that takes milliseconds.
 */
#ifndef CREDBOT_CATALOG_INDEX_H
#define CREDBOT_CATALOG_INDEX_H

#include "credbot/base/faults.h"
#include "credbot/catalog/catalog.h"

/* What an index is made with, and what words are looked up in: vocab/fields.yaml,
 * vocab/synonyms.yaml and rates.yaml of the data folder. Only read; for all threads. */
struct catalog_tables;

/* NULL after faults, which are added. */
struct catalog_tables *catalog_tables_load(const char *data_dir, struct faults *faults);
void catalog_tables_free(struct catalog_tables *t); /* NULL is fine */

/* The day of the rates of exchange, YYYY-MM-DD. */
const char *catalog_rates_date(const struct catalog_tables *t);

struct catalog_index;

/*
 * The index of the catalog at where: mapped if catalog.index is sound, up to date and of
 * today, else built and written. For a helper thread; other threads and processes may do the
 * same at the same time. A file that cannot be written is logged and costs only time at the
 * next start. t must outlive the index. today: days since 1970. RC_IO, RC_INVALID: the
 * catalog cannot be read; RC_AGAIN: imports follow each other.
 */
enum rc catalog_index_load(struct catalog_index **out,
    const struct catalog_place *where, const struct catalog_tables *t, int32_t today,
    struct err *err);

/* The same in parts. RC_NOTFOUND: no file, or it is out of date; RC_INVALID: damaged. What
 * is opened may be of another day. */
enum rc catalog_index_open(struct catalog_index **out,
    const struct catalog_place *where, const struct catalog_tables *t, struct err *err);
enum rc catalog_index_build(struct catalog_index **out,
    const struct catalog_place *where, const struct catalog_tables *t, int32_t today,
    struct err *err);
enum rc catalog_index_write(const struct catalog_index *x, const char *state_dir,
    struct err *err);

/* Whether it is of the catalog as it is now. RC_NOTFOUND: that has changed since; RC_IO,
 * RC_INVALID: the catalog cannot be read. */
enum rc catalog_index_check(const struct catalog_index *x,
    const struct catalog_place *where, struct err *err);

/* One more user of x; each calls free. Any thread. */
struct catalog_index *catalog_index_keep(struct catalog_index *x);
void catalog_index_free(struct catalog_index *x); /* NULL is fine */

size_t catalog_index_programs(const struct catalog_index *x);
size_t catalog_index_live(const struct catalog_index *x); /* without ceased ones */
/* When the last import ended, in ms since 1970; 0: it is of what ships. */
int64_t catalog_index_from(const struct catalog_index *x);
/* The lowest since (program.h) of the programs that can be found: to who knows only what was
 * before, this is another catalog. */
int64_t catalog_index_oldest(const struct catalog_index *x);
/* When it was built, in days since 1970. */
int32_t catalog_index_day(const struct catalog_index *x);
size_t catalog_index_bytes(const struct catalog_index *x);

#endif
