/*
 * catalog.h - the programs, one after the other: those that were imported, or, as long as
 * nothing was, those that ship with the program (data/catalog/ of the data folder).
 *
 * What was imported is in catalog.db in the state folder, a database of its own: an import
 * is one long transaction, and the commits of the daemon must not wait for it. Readers see
 * what was committed before they began, while an import runs, too.
 *
 * Each call opens the database for itself, so it may be made in any thread.
 */
#ifndef CREDBOT_CATALOG_CATALOG_H
#define CREDBOT_CATALOG_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "credbot/base/arena.h"
#include "credbot/base/err.h"
#include "credbot/base/faults.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"
#include "credbot/catalog/program.h"

struct catalog_place {
	const char *state_dir; /* catalog.db is here; it need not exist */
	const char *data_dir;  /* catalog/ of it is what ships; NULL: nothing does */
};

/* Called for each program, which lives until it returns. False: no more are wanted. */
typedef bool catalog_fn(void *arg, const struct program *p);

/*
 * All programs, also ceased ones, by id. RC_IO: cannot be read; RC_INVALID: damaged, or
 * written by a newer program; err says what and where. What was handed out before stays
 * valid in neither case.
 */
enum rc catalog_each(const struct catalog_place *where, catalog_fn *fn, void *arg,
    struct err *err);

/* Every program of which the number is part, counted round and round up to parts: for as many
 * threads. Parts may be of different states of the catalog: compare catalog_revision() before
 * and after. */
enum rc catalog_each_part(const struct catalog_place *where, size_t part, size_t parts,
    catalog_fn *fn, void *arg, struct err *err);

/* Every program that states what it counts towards, and perhaps some others: for 110,000
 * programs a tenth of the time of all. */
enum rc catalog_each_stacking(const struct catalog_place *where, catalog_fn *fn,
    void *arg, struct err *err);

/* One program, in a. RC_NOTFOUND: no such id. */
enum rc catalog_find(const struct catalog_place *where, struct arena *a, struct str id,
    struct program *out, struct err *err);

/*
 * When the last import ended, in ms since 1970: a number that another one takes the place of
 * with each import. 0: nothing was imported, what ships counts. An index that was built from
 * another one must be built anew.
 */
enum rc catalog_revision(const struct catalog_place *where, int64_t *out,
    struct err *err);

/* The programs of a file of one record a line (program_json.h), in its order. RC_INVALID:
 * a line is no record; err names it. */
enum rc catalog_each_line(const char *path, catalog_fn *fn, void *arg, struct err *err);

/* What ships: the YAML files in catalog/ of the data folder, by name. Every fault is added
 * to faults at its place; the others are handed out. Returns how many. */
size_t catalog_each_shipped(const char *data_dir, catalog_fn *fn, void *arg,
    struct faults *faults);

#endif
