/*
 * db.c - picks the driver by its scheme, keeps compiled statements, words for transactions.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/store/db_priv.h"
#include "credbot/base/alloc.h"

struct cached {
	struct cached *next;
	const char *sql; /* the literal itself: compared by address */
	struct stmt *q;
};

static const struct db_ops *const drivers[] = {
	&db_sqlite,
};

enum rc
db_open(struct db **out, const char *dsn, struct err *err)
{
	*out = NULL;
	for (size_t i = 0; i < ARRAY_LEN(drivers); i++) {
		size_t n = strlen(drivers[i]->scheme);

		if (strncmp(dsn, drivers[i]->scheme, n) == 0 && dsn[n] == ':')
			return drivers[i]->open(out, dsn + n + 1, err);
	}
	if (strncmp(dsn, "pg:", 3) == 0)
		err_set(err,
		    "PostgreSQL is not built into this program; use sqlite:PATH");
	else
		err_set(err, "%s: no such kind of database; use sqlite:PATH", dsn);
	return RC_INVALID;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	while (db->cache != NULL) {
		struct cached *c = db->cache;

		db->cache = c->next;
		db->ops->finish(c->q);
		free(c);
	}
	db->ops->close(db);
}

struct stmt *
db_prepare(struct db *db, const char *sql)
{
	struct cached *c, **at;

	for (at = &db->cache; (c = *at) != NULL; at = &c->next) {
		if (c->sql != sql)
			continue;
		*at = c->next; /* to the front: the busy ones stay near */
		c->next = db->cache;
		db->cache = c;
		return c->q;
	}
	c = xcalloc(1, sizeof(*c));
	*c = (struct cached){ db->cache, sql, db->ops->prepare(db, sql) };
	db->cache = c;
	return c->q;
}

void
db_bind_int(struct stmt *q, int i, int64_t v)
{
	q->db->ops->bind_int(q, i, v);
}

void
db_bind_str(struct stmt *q, int i, struct str s)
{
	q->db->ops->bind_str(q, i, s);
}

void
db_bind_blob(struct stmt *q, int i, struct str s)
{
	q->db->ops->bind_blob(q, i, s);
}

void
db_bind_null(struct stmt *q, int i)
{
	q->db->ops->bind_null(q, i);
}

enum rc
db_step(struct stmt *q)
{
	return q->db->ops->step(q);
}

void
db_reset(struct stmt *q)
{
	q->db->ops->reset(q);
}

int
db_cols(struct stmt *q)
{
	return q->db->ops->cols(q);
}

const char *
db_col_name(struct stmt *q, int i)
{
	return q->db->ops->col_name(q, i);
}

bool
db_col_is_int(struct stmt *q, int i)
{
	return q->db->ops->col_is_int(q, i);
}

int64_t
db_col_int(struct stmt *q, int i)
{
	return q->db->ops->col_int(q, i);
}

struct str
db_col_str(struct stmt *q, int i)
{
	return q->db->ops->col_str(q, i);
}

struct str
db_col_blob(struct stmt *q, int i)
{
	return q->db->ops->col_blob(q, i);
}

bool
db_col_null(struct stmt *q, int i)
{
	return q->db->ops->col_null(q, i);
}

enum rc
db_run(struct stmt *q)
{
	enum rc rc = db_step(q);

	if (rc == RC_OK)
		db_reset(q);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
db_script(struct db *db, const char *sql, struct err *err)
{
	return db->ops->script(db, sql, err);
}

enum rc
db_begin(struct db *db)
{
	return db_run(db_prepare(db, "BEGIN IMMEDIATE"));
}

enum rc
db_commit(struct db *db)
{
	return db_run(db_prepare(db, "COMMIT"));
}

void
db_rollback(struct db *db)
{
	db->ops->rollback(db);
}

int64_t
db_changed(struct db *db)
{
	return db->ops->changed(db);
}

enum rc
db_version(struct db *db, int *out)
{
	return db->ops->version(db, out);
}

enum rc
db_set_version(struct db *db, int version)
{
	return db->ops->set_version(db, version);
}

void
db_on_log(struct db *db, void (*fn)(void *arg, size_t pages), void *arg)
{
	db->ops->on_log(db, fn, arg);
}

enum rc
db_checkpoint(struct db *db)
{
	return db->ops->checkpoint(db);
}

enum rc
db_truncate_log(struct db *db)
{
	return db->ops->truncate_log(db);
}

enum rc
db_compact(struct db *db)
{
	return db->ops->compact(db);
}

enum rc
db_verify(struct db *db, struct err *err)
{
	return db->ops->verify(db, err);
}

const char *
db_error(struct db *db)
{
	return db->ops->error(db);
}
