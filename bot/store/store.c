/*
 * store.c - opens the database and words its transactions.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/store/store_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/buf.h"
#include "credbot/base/log.h"

enum rc
store_open(struct store **out, const char *dsn, struct err *err)
{
	struct store *st = xcalloc(1, sizeof(*st));
	enum rc rc = db_open(&st->db, dsn, err);

	*out = NULL;
	st->dsn = xstrdup(dsn);
	if (rc == RC_OK)
		rc = migrate(st->db, dsn, &store_schema, err);
	if (rc != RC_OK) {
		store_close(st);
		return rc;
	}
	*out = st;
	return RC_OK;
}

void
store_close(struct store *st)
{
	if (st == NULL)
		return;
	db_close(st->db);
	free(st->dsn);
	free(st);
}

enum rc
store_begin(struct store *st)
{
	return db_begin(st->db);
}

enum rc
store_commit(struct store *st)
{
	return db_commit(st->db);
}

void
store_rollback(struct store *st)
{
	db_rollback(st->db);
}

void
store_on_log(struct store *st, void (*fn)(void *arg, size_t pages), void *arg)
{
	db_on_log(st->db, fn, arg);
}

void
store_finish_checkpoint(struct store *st)
{
	if (db_checkpoint(st->db) == RC_IO)
		log_warn("store: checkpoint: %s", db_error(st->db));
}

static bool
is_in_memory(const char *dsn)
{
	const char *path = strchr(dsn, ':');

	return path == NULL || strcmp(path, "::memory:") == 0;
}

const char *
store_dsn(const struct store *st)
{
	return st->dsn;
}

enum rc
store_compact(const char *dsn)
{
	struct db *db = NULL;
	struct err err;
	enum rc rc;

	if (is_in_memory(dsn))
		return RC_OK;
	rc = db_open(&db, dsn, &err);
	if (rc != RC_OK) {
		log_warn("store: compacting: %s", err.text);
		return rc;
	}
	rc = db_compact(db);
	if (rc != RC_OK)
		log_warn("store: compacting: %s", db_error(db));
	db_close(db);
	return rc;
}

void
store_checkpoint(const char *dsn)
{
	struct db *db = NULL;
	struct err err;

	if (is_in_memory(dsn))
		return;
	if (db_open(&db, dsn, &err) != RC_OK) {
		log_warn("store: checkpoint: %s", err.text);
		return;
	}
	if (db_checkpoint(db) == RC_IO)
		log_warn("store: checkpoint: %s", db_error(db));
	db_close(db);
}

enum rc
store_scrub(struct store *st)
{
	return db_truncate_log(st->db);
}

enum rc
store_verify(struct store *st, struct err *err)
{
	return db_verify(st->db, err);
}
