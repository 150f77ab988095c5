/*
 * import.h - programs out of files that others wrote, into the catalog.
 *
 * One import is one transaction: when it ends well the catalog has all of it, and when it
 * does not, or the process dies, none of it. A source is imported again and again under its
 * name: what did not change is left alone, and what it no longer has becomes ceased. A
 * record that is refused is named with every reason and changes nothing: what the catalog
 * had of it stays.
 */
#ifndef CREDBOT_CATALOG_IMPORT_H
#define CREDBOT_CATALOG_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/arena.h"
#include "credbot/base/buf.h"
#include "credbot/base/err.h"
#include "credbot/base/map.h"
#include "credbot/base/rc.h"

struct import_options {
	const char *format; /* csv, jsonl, ctdl, schema.org */
	const char *map;    /* a mapping file (docs/CATALOG.md); NULL */
	const char *source; /* its name; NULL: of the map, else of the first file */
	const char *provider_country; /* where a record names none; NULL */
	const char *today;            /* YYYY-MM-DD */
	int64_t now_ms;               /* the catalog is from then */
	bool dry_run;
	/* Now and then, while a file is read; size 0: not known. May be NULL. */
	void (*progress)(void *arg, const char *file, uint64_t taken, uint64_t size);
	void *arg;
};

struct import_fault {
	const char *file;
	int64_t line; /* where the record begins */
	const char *id;
	const char *field;
	const char *reason;
	bool refused; /* the record was; false: only this value is left out */
};

/* Nobody reads more; they are counted on. */
#define IMPORT_FAULTS_MAX 10000

struct import_report {
	struct arena *a;
	const char *source;
	size_t read; /* records: those below, and refused */
	size_t added, changed, same;
	size_t refused;
	size_t returned;  /* of the changed: they had been withdrawn */
	size_t withdrawn; /* in the catalog from before, and not in the source now */
	size_t complete;  /* micro-credentials with all that the EU asks for */
	/* Taken, but without what a good record has. */
	size_t no_provider, no_country, no_address, no_type, no_status;
	struct import_fault *faults;
	size_t n_faults, cap_faults, all_faults;
	struct map *extra; /* field that was not understood -> struct import_count */
};

struct import_count {
	size_t n;
};

void import_report_init(struct import_report *rep);
void import_report_fini(struct import_report *rep);

/* For people, at most max faults; or one JSON object. */
void import_report_print(const struct import_report *rep, bool dry_run, size_t max,
    struct buf *out);
void import_report_json(const struct import_report *rep, bool dry_run, struct buf *out);

/*
 * Imports the files together, as what the source has now, into catalog.db in state_dir,
 * which must exist. RC_INVALID: a file as a whole is not what it should be, or no record of
 * it could be used; RC_AGAIN: the disk is full, or another import is under way; RC_IO. err
 * says what; the catalog is as it was.
 */
enum rc catalog_import(const char *state_dir, const struct import_options *o,
    char *const *files, size_t n, struct import_report *rep, struct err *err);

#endif
