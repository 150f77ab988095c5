/*
 * import.c - one import from its first file to the commit.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/import_priv.h"

static const struct {
	const char *name;
	enum rc (*read)(struct importing *im);
} formats[] = {
	{ "csv", import_csv },
	{ "ctdl", import_ctdl },
	{ "jsonl", import_jsonl },
	{ "schema.org", import_schema_org },
};

bool
import_fail(struct importing *im, const char *fmt, ...)
{
	char text[ERR_MAX / 2];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(im->err, "%s: %s", im->file, text);
	im->rc = RC_INVALID;
	return false;
}

/* The file's name without folder and ending. */
static const char *
name_of_file(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/'),
		   *name = slash == NULL ? path : slash + 1;
	size_t n = strcspn(name, ".");

	if (strcmp(path, "-") == 0 || n == 0)
		return "import";
	return arena_strndup(a, name, n);
}

static enum rc
store_failed(struct importing *im, enum rc rc)
{
	if (rc == RC_AGAIN)
		err_set(im->err,
		    "catalog.db: another import is under way, or the disk is full (%s)",
		    catalog_store_error(im->st));
	else if (rc != RC_OK)
		err_set(im->err, "catalog.db: %s", catalog_store_error(im->st));
	return rc;
}

static void
note_id(void *arg, struct str id)
{
	struct importing *im = arg;

	(void)map_put(im->withdrawing, id, im);
}

static enum rc
begin(struct importing *im, const char *first)
{
	const char *name = im->o->source;
	enum rc rc = catalog_store_begin(im->st);

	if (name == NULL && im->map->source.len > 0)
		name = arena_cstr(im->rep->a, im->map->source);
	if (name == NULL)
		name = name_of_file(im->rep->a, first);
	im->rep->source = name;
	im->source = (struct catalog_source){ 0, str_of(name), str_of(im->o->format),
		im->map->uri, im->map->licence, str_of(im->o->today) };
	if (rc == RC_OK)
		rc = catalog_source_put(im->st, &im->source);
	if (rc == RC_OK)
		rc = catalog_row_ids(im->st, im->source.id, note_id, im);
	return store_failed(im, rc);
}

static enum rc
withdraw(struct importing *im)
{
	struct str id;
	size_t pos = 0;
	void *value;
	enum rc rc = RC_OK;

	while (rc == RC_OK && map_next(im->withdrawing, &pos, &id, &value)) {
		rc = catalog_row_withdraw(im->st, id, str_of(im->o->today));
		im->rep->withdrawn++;
	}
	return store_failed(im, rc);
}

static enum rc
read_files(struct importing *im, char *const *files, size_t n)
{
	size_t f = 0;

	while (f < ARRAY_LEN(formats) && strcmp(formats[f].name, im->o->format) != 0)
		f++;
	if (f == ARRAY_LEN(formats)) {
		err_set(im->err, "no format is named \"%s\"", im->o->format);
		return RC_INVALID;
	}
	for (size_t i = 0; i < n && im->rc == RC_OK; i++) {
		im->file = files[i];
		im->rc = formats[f].read(im);
	}
	return im->rc;
}

/* Nothing usable would withdraw all there is: never what somebody meant. */
static enum rc
check_result(struct importing *im)
{
	const struct import_report *rep = im->rep;

	if (rep->read > rep->refused)
		return RC_OK;
	if (rep->read == 0)
		err_set(im->err, "%s: no program in it", im->file);
	else
		err_set(im->err, "%s: none of its %zu records can be used", im->file,
		    rep->read);
	return RC_INVALID;
}

static enum rc
run(struct importing *im, char *const *files, size_t n)
{
	enum rc rc = begin(im, files[0]);

	if (rc == RC_OK)
		rc = read_files(im, files, n);
	if (rc == RC_OK)
		rc = check_result(im);
	if (rc == RC_OK)
		rc = withdraw(im);
	if (rc == RC_OK && !im->o->dry_run)
		return store_failed(im, catalog_store_commit(im->st, im->o->now_ms));
	return rc;
}

static enum rc
load_map(struct mapping *m, struct arena *a, const char *path, struct err *err)
{
	struct faults faults = { 0 };
	struct buf text = { 0 };
	enum rc rc;

	mapping_init(m);
	if (path == NULL)
		return RC_OK;
	rc = mapping_load(m, a, path, &faults);
	if (rc != RC_OK) {
		faults_print(&faults, &text);
		while (text.len > 0 && text.data[text.len - 1] == '\n')
			text.data[--text.len] = '\0';
		err_set(err, "%s", buf_cstr(&text));
	}
	buf_fini(&text);
	faults_fini(&faults);
	return rc;
}

enum rc
catalog_import(const char *state_dir, const struct import_options *o,
    char *const *files, size_t n, struct import_report *rep, struct err *err)
{
	struct mapping *map = arena_alloc(rep->a, sizeof(*map));
	struct importing *im = arena_zalloc(rep->a, 1, sizeof(*im));
	struct buf dsn = { 0 };
	enum rc rc = load_map(map, rep->a, o->map, err);

	if (rc != RC_OK)
		return rc;
	im->o = o;
	im->map = map;
	im->rep = rep;
	im->err = err;
	buf_printf(&dsn, "sqlite:%s/catalog.db", state_dir);
	rc = catalog_store_open(&im->st, buf_cstr(&dsn), err);
	buf_fini(&dsn);
	if (rc != RC_OK)
		return rc;
	im->seen = map_new();
	im->withdrawing = map_new();
	im->a = arena_new();
	rc = run(im, files, n);
	if (rc != RC_OK || o->dry_run)
		catalog_store_rollback(im->st);
	arena_free(im->a);
	buf_fini(&im->json);
	map_free(im->seen);
	map_free(im->withdrawing);
	catalog_store_close(im->st);
	return rc;
}
