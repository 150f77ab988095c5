/*
 * db_sqlite.c - the SQLite driver: WAL, every commit on disk (synchronous=FULL).
 *
 * Checkpoints are not made inline, where they would stall the loop for milliseconds (see
 * checkpoint.c), so wal_autocheckpoint is off. What is deleted is overwritten (secure_delete;
 * store_compact() tells what that leaves). No mmap: it would turn a bad block into
 * SIGBUS.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "bot/store/db_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/buf.h"
#include "credbot/base/log.h"

/* "cred" in ASCII: file(1) and a second program can tell whose database this is. */
#define APPLICATION_ID 0x63726564

/* Another process (credbot chat beside the daemon) holds the lock for one commit; the loop
 * must not stand still for longer. What could not be done is tried again. */
#define BUSY_MS 100

/* A log that had to grow longer, since a backup read the database for an hour say, is cut to
 * this when it starts anew. */
#define LOG_SIZE_KEPT (64 * 1024 * 1024)

struct sqlite {
	struct db db;
	sqlite3 *handle;
	void (*on_log)(void *arg, size_t pages);
	void *on_log_arg;
};

struct sqlite_stmt {
	struct stmt stmt;
	sqlite3_stmt *q;
};

static const struct db_ops *const ops = &db_sqlite;

static struct sqlite *
of(struct db *db)
{
	return (struct sqlite *)db;
}

static struct sqlite_stmt *
stmt_of(struct stmt *q)
{
	return (struct sqlite_stmt *)q;
}

static enum rc
rc_of(struct sqlite *s, int code)
{
	/* The log's index could not grow; nothing was written. */
	if (code == SQLITE_IOERR_SHMSIZE)
		return RC_AGAIN;
	switch (code & 0xFF) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return RC_OK;
	case SQLITE_CONSTRAINT:
		return RC_EXISTS;
	case SQLITE_FULL:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return RC_AGAIN;
	default:
		log_error("store: %s code=%d", sqlite3_errmsg(s->handle), code);
		return RC_IO;
	}
}

static enum rc
sqlite_script(struct db *db, const char *sql, struct err *err)
{
	struct sqlite *s = of(db);
	int code = sqlite3_exec(s->handle, sql, NULL, NULL, NULL);

	if (code == SQLITE_OK)
		return RC_OK;
	err_set(err, "%s", sqlite3_errmsg(s->handle));
	return rc_of(s, code);
}

/* Runs a pragma that gives one number. */
static enum rc
pragma_int(struct sqlite *s, const char *sql, int *out)
{
	sqlite3_stmt *q = NULL;
	int code = sqlite3_prepare_v2(s->handle, sql, -1, &q, NULL);

	*out = 0;
	if (code == SQLITE_OK && (code = sqlite3_step(q)) == SQLITE_ROW) {
		*out = sqlite3_column_int(q, 0);
		code = SQLITE_OK;
	}
	(void)sqlite3_finalize(q);
	return rc_of(s, code);
}

static enum rc
check_owner(struct sqlite *s, const char *path, bool *new, struct err *err)
{
	int id, tables;

	if (pragma_int(s, "PRAGMA application_id", &id) != RC_OK ||
	    pragma_int(s, "SELECT count(*) FROM sqlite_schema", &tables) != RC_OK) {
		err_set(err, "%s: %s", path, sqlite3_errmsg(s->handle));
		return RC_IO;
	}
	*new = id == 0 && tables == 0;
	if (id == APPLICATION_ID || *new)
		return RC_OK;
	err_set(err,
	    "%s: this is the database of another program; give credbot a folder of its "
	    "own "
	    "(--state DIR)",
	    path);
	return RC_INVALID;
}

static enum rc
set_up(struct sqlite *s, bool new, struct err *err)
{
	char sql[64];

	(void)snprintf(sql, sizeof(sql), "PRAGMA journal_size_limit=%d", LOG_SIZE_KEPT);
	if (sqlite_script(&s->db, sql, err) != RC_OK ||
	    sqlite_script(&s->db,
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		"PRAGMA wal_autocheckpoint=0; PRAGMA foreign_keys=ON;"
		"PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
		"PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;",
		err) != RC_OK)
		return RC_IO;
	if (!new)
		return RC_OK; /* it must open on a full disk, too */
	(void)snprintf(sql, sizeof(sql), "PRAGMA application_id=%d", APPLICATION_ID);
	return sqlite_script(&s->db, sql, err);
}

static void
sqlite_close(struct db *db)
{
	struct sqlite *s = of(db);
	int code = sqlite3_close(s->handle);

	assert(code == SQLITE_OK); /* a statement is under way */
	free(s);
}

static enum rc
sqlite_open(struct db **out, const char *path, struct err *err)
{
	struct sqlite *s = xcalloc(1, sizeof(*s));
	enum rc rc = RC_IO;
	bool new;
	int code;

	s->db.ops = ops;
	code = sqlite3_open_v2(path, &s->handle,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	if (code != SQLITE_OK) {
		err_set(err, "%s: %s", path, strerror(sqlite3_system_errno(s->handle)));
		goto fail;
	}
	(void)sqlite3_extended_result_codes(s->handle, 1);
	(void)sqlite3_busy_timeout(s->handle, BUSY_MS);
	/* The log and its index stay when the last one closes: making them anew needs room,
	 * and we want to start on a full disk. */
	(void)sqlite3_file_control(s->handle, "main", SQLITE_FCNTL_PERSIST_WAL,
	    &(int){ 1 });
	rc = check_owner(s, path, &new, err);
	if (rc == RC_OK)
		rc = set_up(s, new, err);
	if (rc == RC_OK) {
		*out = &s->db;
		return RC_OK;
	}
fail:
	sqlite_close(&s->db);
	return rc;
}

static struct stmt *
sqlite_prepare(struct db *db, const char *sql)
{
	struct sqlite_stmt *q = xcalloc(1, sizeof(*q));
	int code = sqlite3_prepare_v3(of(db)->handle, sql, -1,
	    SQLITE_PREPARE_PERSISTENT, &q->q, NULL);

	if (code != SQLITE_OK) {
		log_error("store: cannot compile \"%s\": %s", sql,
		    sqlite3_errmsg(of(db)->handle));
		abort();
	}
	/* $1 $2 ... are names to SQLite; they get their numbers in order of appearance. */
	for (int i = 1; i <= sqlite3_bind_parameter_count(q->q); i++)
		assert(atoi(sqlite3_bind_parameter_name(q->q, i) + 1) == i);
	q->stmt.db = db;
	return &q->stmt;
}

static void
sqlite_finish(struct stmt *q)
{
	(void)sqlite3_finalize(stmt_of(q)->q);
	free(stmt_of(q));
}

static void
sqlite_bind_int(struct stmt *q, int i, int64_t v)
{
	(void)sqlite3_bind_int64(stmt_of(q)->q, i, v);
}

static void
sqlite_bind_str(struct stmt *q, int i, struct str s)
{
	(void)sqlite3_bind_text(stmt_of(q)->q, i, s.len == 0 ? "" : s.p, (int)s.len,
	    SQLITE_TRANSIENT);
}

static void
sqlite_bind_blob(struct stmt *q, int i, struct str s)
{
	(void)sqlite3_bind_blob64(stmt_of(q)->q, i, s.len == 0 ? "" : s.p, s.len,
	    SQLITE_TRANSIENT);
}

static void
sqlite_bind_null(struct stmt *q, int i)
{
	(void)sqlite3_bind_null(stmt_of(q)->q, i);
}

static void
sqlite_reset(struct stmt *q)
{
	(void)sqlite3_reset(stmt_of(q)->q);
	(void)sqlite3_clear_bindings(stmt_of(q)->q);
}

static enum rc
sqlite_step(struct stmt *q)
{
	int code = sqlite3_step(stmt_of(q)->q);
	enum rc rc;

	if (code == SQLITE_ROW)
		return RC_OK;
	rc = code == SQLITE_DONE ? RC_NOTFOUND : rc_of(of(q->db), code);
	sqlite_reset(q);
	return rc;
}

static int
sqlite_cols(struct stmt *q)
{
	return sqlite3_column_count(stmt_of(q)->q);
}

static const char *
sqlite_col_name(struct stmt *q, int i)
{
	return sqlite3_column_name(stmt_of(q)->q, i);
}

static bool
sqlite_col_is_int(struct stmt *q, int i)
{
	return sqlite3_column_type(stmt_of(q)->q, i) == SQLITE_INTEGER;
}

static int64_t
sqlite_col_int(struct stmt *q, int i)
{
	return sqlite3_column_int64(stmt_of(q)->q, i);
}

static struct str
sqlite_col_str(struct stmt *q, int i)
{
	const unsigned char *p = sqlite3_column_text(stmt_of(q)->q, i);

	return str_n(p == NULL ? "" : (const char *)p,
	    (size_t)sqlite3_column_bytes(stmt_of(q)->q, i));
}

static struct str
sqlite_col_blob(struct stmt *q, int i)
{
	const char *p = sqlite3_column_blob(stmt_of(q)->q, i);

	return str_n(p == NULL ? "" : p,
	    (size_t)sqlite3_column_bytes(stmt_of(q)->q, i));
}

static bool
sqlite_col_null(struct stmt *q, int i)
{
	return sqlite3_column_type(stmt_of(q)->q, i) == SQLITE_NULL;
}

/* A full disk has ended it already. */
static void
sqlite_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(of(db)->handle))
		(void)sqlite_script(db, "ROLLBACK", NULL);
}

static int64_t
sqlite_changed(struct db *db)
{
	return sqlite3_changes64(of(db)->handle);
}

static enum rc
sqlite_version(struct db *db, int *out)
{
	return pragma_int(of(db), "PRAGMA user_version", out);
}

static enum rc
sqlite_set_version(struct db *db, int version)
{
	char sql[64];

	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", version);
	return sqlite_script(db, sql, NULL);
}

static int
log_hook(void *arg, sqlite3 *handle, const char *schema, int pages)
{
	const struct sqlite *s = arg;

	(void)handle;
	(void)schema;
	s->on_log(s->on_log_arg, (size_t)pages);
	return SQLITE_OK;
}

static void
sqlite_on_log(struct db *db, void (*fn)(void *arg, size_t pages), void *arg)
{
	struct sqlite *s = of(db);

	s->on_log = fn;
	s->on_log_arg = arg;
	(void)sqlite3_wal_hook(s->handle, fn == NULL ? NULL : log_hook, s);
}

static enum rc
sqlite_checkpoint(struct db *db)
{
	return rc_of(of(db), sqlite3_wal_checkpoint_v2(of(db)->handle, NULL,
				 SQLITE_CHECKPOINT_PASSIVE, NULL, NULL));
}

static enum rc
sqlite_truncate_log(struct db *db)
{
	return rc_of(of(db), sqlite3_wal_checkpoint_v2(of(db)->handle, NULL,
				 SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
}

/* The copy that it makes goes to a file, not into our memory. */
static enum rc
sqlite_compact(struct db *db)
{
	return sqlite_script(db, "PRAGMA temp_store=FILE; VACUUM", NULL);
}

static enum rc
sqlite_verify(struct db *db, struct err *err)
{
	struct sqlite *s = of(db);
	sqlite3_stmt *q = NULL;
	enum rc rc = RC_IO;

	err_set(err, "%s", "cannot be read");
	if (sqlite3_prepare_v2(s->handle, "PRAGMA quick_check(1)", -1, &q, NULL) ==
		SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW) {
		const char *said = (const char *)sqlite3_column_text(q, 0);

		if (said != NULL && strcmp(said, "ok") == 0)
			rc = RC_OK;
		else
			err_set(err, "%s", said == NULL ? "damaged" : said);
	}
	(void)sqlite3_finalize(q);
	return rc;
}

static const char *
sqlite_error(struct db *db)
{
	return sqlite3_errmsg(of(db)->handle);
}

const struct db_ops db_sqlite = {
	.scheme = "sqlite",
	.open = sqlite_open,
	.close = sqlite_close,
	.prepare = sqlite_prepare,
	.finish = sqlite_finish,
	.bind_int = sqlite_bind_int,
	.bind_str = sqlite_bind_str,
	.bind_blob = sqlite_bind_blob,
	.bind_null = sqlite_bind_null,
	.step = sqlite_step,
	.reset = sqlite_reset,
	.cols = sqlite_cols,
	.col_name = sqlite_col_name,
	.col_is_int = sqlite_col_is_int,
	.col_int = sqlite_col_int,
	.col_str = sqlite_col_str,
	.col_blob = sqlite_col_blob,
	.col_null = sqlite_col_null,
	.rollback = sqlite_rollback,
	.script = sqlite_script,
	.changed = sqlite_changed,
	.version = sqlite_version,
	.set_version = sqlite_set_version,
	.on_log = sqlite_on_log,
	.checkpoint = sqlite_checkpoint,
	.truncate_log = sqlite_truncate_log,
	.compact = sqlite_compact,
	.verify = sqlite_verify,
	.error = sqlite_error,
};
