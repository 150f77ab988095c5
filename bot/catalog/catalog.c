/*
 * catalog.c - the programs, one after the other: imported, or what ships.
 */
#include <string.h>
#include <unistd.h>

#include "bot/catalog/input_priv.h"
#include "credbot/catalog/catalog.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"
#include "credbot/store/catalog_store.h"

/* RC_NOTFOUND: nothing was ever imported. */
static enum rc
open_store(const struct catalog_place *where, struct catalog_store **out, int64_t *rev,
    struct err *err)
{
	struct buf path = { 0 };
	enum rc rc = RC_NOTFOUND;

	*out = NULL;
	*rev = 0;
	buf_printf(&path, "sqlite:%s/catalog.db", where->state_dir);
	if (access(buf_cstr(&path) + strlen("sqlite:"), F_OK) == 0)
		rc = catalog_store_open(out, buf_cstr(&path), err);
	if (rc == RC_OK) {
		rc = catalog_store_revision(*out, rev);
		if (rc == RC_OK && *rev == 0)
			rc = RC_NOTFOUND;
		else if (rc != RC_OK)
			err_set(err, "%s: %s", buf_cstr(&path),
			    catalog_store_error(*out));
	}
	if (rc != RC_OK) {
		catalog_store_close(*out);
		*out = NULL;
	}
	buf_fini(&path);
	return rc;
}

static const char *
or_else(struct arena *a, const char *own, struct str otherwise)
{
	return own != NULL || otherwise.len == 0 ? own : arena_cstr(a, otherwise);
}

static enum rc
read_row(struct arena *a, const struct catalog_row *row, struct program *out,
    struct err *err)
{
	struct remarks r = { .a = a };

	if (!program_parse_own(a, row->record, out) &&
	    program_parse_json(a, row->record, out, &r) != RC_OK) {
		err_set(err, "catalog.db: program %.*s: %s %s", STR_ARG(row->id),
		    r.n == 0 ? "" : r.v[0].field, r.n == 0 ? "" : r.v[0].reason);
		return RC_INVALID;
	}
	out->source_format = or_else(a, out->source_format, row->format);
	out->source_uri = or_else(a, out->source_uri, row->uri);
	out->licence = or_else(a, out->licence, row->licence);
	out->fetched = or_else(a, out->fetched, row->fetched);
	out->since = row->since;
	if (row->withdrawn.len > 0)
		out->status = STATUS_CEASED;
	return RC_OK;
}

struct walk {
	struct arena *a;
	catalog_fn *fn;
	void *arg;
	struct err *err;
	enum rc rc;
	size_t part, parts, seen;
	bool stacking; /* only what names something that it counts towards */
};

/* How program_write_json() begins that list; a record without it need not be read. */
static const char stack_key[] = "\"into\":[";

static bool
take_row(void *arg, const struct catalog_row *row)
{
	struct walk *w = arg;
	struct program p;

	if (w->seen++ % w->parts != w->part)
		return true;
	if (w->stacking && memmem(row->record.p, row->record.len, stack_key,
			       sizeof(stack_key) - 1) == NULL)
		return true;
	arena_reset(w->a);
	w->rc = read_row(w->a, row, &p, w->err);
	return w->rc == RC_OK && w->fn(w->arg, &p);
}

static enum rc
each_shipped(const struct catalog_place *where, catalog_fn *fn, void *arg,
    struct err *err)
{
	struct faults faults = { 0 };
	enum rc rc = RC_OK;

	if (where->data_dir != NULL)
		(void)catalog_each_shipped(where->data_dir, fn, arg, &faults);
	if (faults.n > 0) {
		err_set(err, "%s:%d:%d: %s", faults.v[0].file, faults.v[0].line,
		    faults.v[0].column, faults.v[0].reason);
		rc = RC_INVALID;
	}
	faults_fini(&faults);
	return rc;
}

enum rc
catalog_each(const struct catalog_place *where, catalog_fn *fn, void *arg,
    struct err *err)
{
	return catalog_each_part(where, 0, 1, fn, arg, err);
}

static enum rc
walk(struct walk *w, const struct catalog_place *where)
{
	struct catalog_store *st;
	int64_t revision;
	enum rc rc = open_store(where, &st, &revision, w->err);

	if (rc == RC_NOTFOUND)
		return w->part > 0 ? RC_OK : each_shipped(where, w->fn, w->arg, w->err);
	if (rc != RC_OK)
		return rc;
	w->a = arena_new();
	rc = catalog_row_each(st, take_row, w);
	if (rc != RC_OK)
		err_set(w->err, "catalog.db: %s", catalog_store_error(st));
	arena_free(w->a);
	catalog_store_close(st);
	return rc == RC_OK ? w->rc : rc;
}

enum rc
catalog_each_part(const struct catalog_place *where, size_t part, size_t parts,
    catalog_fn *fn, void *arg, struct err *err)
{
	struct walk w = { .fn = fn,
		.arg = arg,
		.err = err,
		.part = part,
		.parts = parts };

	return walk(&w, where);
}

enum rc
catalog_each_stacking(const struct catalog_place *where, catalog_fn *fn, void *arg,
    struct err *err)
{
	struct walk w = { .fn = fn,
		.arg = arg,
		.err = err,
		.parts = 1,
		.stacking = true };

	return walk(&w, where);
}

/* --- one program */

struct search {
	struct arena *a;
	struct str id;
	struct program *out;
	bool found;
};

static bool
is_wanted(void *arg, const struct program *p)
{
	struct search *s = arg;
	struct buf json = { 0 };

	if (!str_is(s->id, p->id))
		return true;
	/* It lives until we return: a copy, by way of its line. */
	program_write_json(p, &json);
	s->found = program_parse_json(s->a, buf_str(&json), s->out, NULL) == RC_OK;
	buf_fini(&json);
	return false;
}

enum rc
catalog_find(const struct catalog_place *where, struct arena *a, struct str id,
    struct program *out, struct err *err)
{
	struct search s = { a, id, out, false };
	struct catalog_row row;
	struct catalog_store *st;
	int64_t revision;
	enum rc rc = open_store(where, &st, &revision, err);

	if (rc == RC_NOTFOUND) {
		rc = each_shipped(where, is_wanted, &s, err);
		return rc == RC_OK && !s.found ? RC_NOTFOUND : rc;
	}
	if (rc != RC_OK)
		return rc;
	rc = catalog_row_find(st, id, &row);
	if (rc == RC_OK)
		rc = read_row(a, &row, out, err);
	else if (rc != RC_NOTFOUND)
		err_set(err, "catalog.db: %s", catalog_store_error(st));
	catalog_store_close(st);
	return rc;
}

enum rc
catalog_revision(const struct catalog_place *where, int64_t *out, struct err *err)
{
	struct catalog_store *st;
	enum rc rc = open_store(where, &st, out, err);

	catalog_store_close(st);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* --- files */

enum rc
catalog_each_line(const char *path, catalog_fn *fn, void *arg, struct err *err)
{
	struct arena *a = arena_new();
	struct buf line = { 0 };
	struct input in;
	enum rc rc = input_open(&in, path, err);

	if (rc != RC_OK) {
		arena_free(a);
		return rc;
	}
	for (int64_t at = 1; (rc = input_line(&in, &line)) == RC_OK; at = in.line) {
		struct remarks r = { .a = a };
		struct program p;

		if (str_trim(buf_str(&line)).len == 0)
			continue;
		if (program_parse_json(a, buf_str(&line), &p, &r) != RC_OK) {
			err_set(err, "%s:%lld: %s %s", path, (long long)at,
			    r.v[0].field, r.v[0].reason);
			rc = RC_INVALID;
			break;
		}
		if (!fn(arg, &p))
			break;
		arena_reset(a);
	}
	if (in.rc != RC_OK)
		err_set(err, "%s", in.err.text);
	input_close(&in);
	buf_fini(&line);
	arena_free(a);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}
