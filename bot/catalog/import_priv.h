/*
 * import_priv.h - an import while it is under way, for the readers of its formats.
 */
#ifndef CREDBOT_CATALOG_IMPORT_PRIV_H
#define CREDBOT_CATALOG_IMPORT_PRIV_H

#include "bot/catalog/input_priv.h"
#include "bot/catalog/mapping_priv.h"
#include "credbot/catalog/import.h"
#include "credbot/catalog/program.h"
#include "credbot/catalog/remarks.h"
#include "credbot/store/catalog_store.h"

struct importing {
	const struct import_options *o;
	const struct mapping *map;
	struct import_report *rep;
	struct catalog_store *st;
	struct catalog_source source;
	struct map *seen;        /* id -> the line it was on, as a pointer */
	struct map *withdrawing; /* ids of the source that were not seen yet */
	const char *file;
	struct err *err;
	enum rc rc; /* RC_OK as long as the import can go on */
	/* The record that is being read. */
	int64_t line;
	struct arena *a;
	struct program p;
	struct remarks r;
	struct buf json;
};

/* A record begins: fills it into im->p with what is said about it in im->r. */
void import_begin(struct importing *im, int64_t line);
/* It is read: it is checked and stored, or refused. False: the import is over, see rc. */
bool import_end(struct importing *im);

/* The file as a whole cannot be used. Returns false. */
__attribute__((format(printf, 2, 3))) bool import_fail(struct importing *im,
    const char *fmt, ...);

/* An id for a record whose source gives it none: the same as long as the texts are. */
const char *import_make_id(struct arena *a, const char *const *texts, size_t n);

/* What a record that is one of a kind may be called in the list of not understood fields. */
void import_keep_extra(struct importing *im, struct buf *extra, const char *field,
    struct str json);
void import_set_extra(struct importing *im, struct buf *extra);

/* The formats: read im->file and hand each record over. What they return is im->rc. */
enum rc import_csv(struct importing *im);
enum rc import_jsonl(struct importing *im);
enum rc import_ctdl(struct importing *im);
enum rc import_schema_org(struct importing *im);

#endif
