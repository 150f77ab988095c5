/*
 * catalog_store.h - catalog.db: the records of the programs as they were imported.
 *
 * A record is a line of text to this layer (program_json.h of the layer above). Each came
 * from a source, which is imported again and again under its name; what it no longer has
 * stays, with the day since when it was missed. One connection, for one thread.
 */
#ifndef CREDBOT_STORE_CATALOG_STORE_H
#define CREDBOT_STORE_CATALOG_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "credbot/base/buf.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"

struct catalog_store;

/* dsn as in db.h; results as of store_open(). */
enum rc catalog_store_open(struct catalog_store **out, const char *dsn,
    struct err *err);
void catalog_store_close(struct catalog_store *st); /* NULL is fine */

MUSTUSE enum rc catalog_store_begin(struct catalog_store *st);
/* Gives the catalog another revision, and copies the log into the database. */
MUSTUSE enum rc catalog_store_commit(struct catalog_store *st, int64_t now_ms);
void catalog_store_rollback(struct catalog_store *st);
const char *catalog_store_error(struct catalog_store *st); /* of the last call */

/* 0: nothing was ever imported. Else the time of the last commit, or one more than the
 * revision before if that is later: two databases do not bear the same number, so that one
 * that was put in the place of another is told from it. */
enum rc catalog_store_revision(struct catalog_store *st, int64_t *out);

struct catalog_source {
	int64_t id;
	struct str name;
	struct str format;
	struct str uri;     /* where it was read from; "" */
	struct str licence; /* "" */
	struct str fetched; /* the day of the last import, YYYY-MM-DD */
};

/* Texts of what is found live until the next call that finds something. */
enum rc catalog_source_find(struct catalog_store *st, struct str name,
    struct catalog_source *out);
/* Adds it or brings it up to date by name; id is set. */
MUSTUSE enum rc catalog_source_put(struct catalog_store *st, struct catalog_source *s);
typedef bool catalog_source_fn(void *arg, const struct catalog_source *s);
enum rc catalog_source_each(struct catalog_store *st, catalog_source_fn *fn, void *arg);

struct catalog_row {
	struct str id;
	int64_t source;
	struct str record;
	struct str withdrawn; /* YYYY-MM-DD; "": the source has it */
	/* Read only: of its source. */
	struct str source_name, format, uri, licence, fetched;
	/* Read only: above every revision of before it came, and not above the one that it came
	 * with. It stays when the program is withdrawn and comes back. 0: not known. */
	int64_t since;
};

enum rc catalog_row_find(struct catalog_store *st, struct str id,
    struct catalog_row *out);
/* Adds it or takes the place of the one of that id. */
MUSTUSE enum rc catalog_row_put(struct catalog_store *st,
    const struct catalog_row *row);
MUSTUSE enum rc catalog_row_withdraw(struct catalog_store *st, struct str id,
    struct str day);
typedef bool catalog_row_fn(void *arg, const struct catalog_row *row);
/* By id. fn may not use the store. */
enum rc catalog_row_each(struct catalog_store *st, catalog_row_fn *fn, void *arg);
/* The ids of a source that are not withdrawn. */
typedef void catalog_id_fn(void *arg, struct str id);
enum rc catalog_row_ids(struct catalog_store *st, int64_t source, catalog_id_fn *fn,
    void *arg);

#endif
