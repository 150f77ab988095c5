/*
 * db.h - one connection to one SQL database behind a table of drivers.
 *
 * Only bot/store includes this. Statements are written once, in the subset that SQLite and
 * PostgreSQL share, with $1 $2 ... for parameters; the driver translates what differs. Not
 * for threads: each thread opens a connection of its own.
 */
#ifndef CREDBOT_STORE_DB_H
#define CREDBOT_STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"

struct db;
struct stmt;

/*
 * dsn is "sqlite:PATH" or "sqlite::memory:". RC_INVALID: no such driver, or not built in;
 * RC_IO: cannot be opened, or is no database. err says what to do.
 */
enum rc db_open(struct db **out, const char *dsn, struct err *err);
void db_close(struct db *db); /* NULL is fine; no statement may be under way */

/* Compiled once and kept; sql must be a literal. A statement that does not compile is our
 * mistake and ends the process. */
struct stmt *db_prepare(struct db *db, const char *sql);

/* Parameters count from 1. Text is copied. */
void db_bind_int(struct stmt *q, int i, int64_t v);
void db_bind_str(struct stmt *q, int i, struct str s);
/* Bytes of any kind, for a column that is a BLOB. */
void db_bind_blob(struct stmt *q, int i, struct str s);
void db_bind_null(struct stmt *q, int i);

/*
 * RC_OK: a row is there. RC_NOTFOUND: done, and reset. RC_EXISTS: a constraint refused it.
 * RC_AGAIN: the disk is full or another process holds the lock. RC_IO: the disk broke. All
 * but RC_OK reset the statement; its bindings are gone then.
 */
MUSTUSE enum rc db_step(struct stmt *q);
void db_reset(struct stmt *q); /* when rows are left that nobody wants */

/* Of a row: how many columns, what they are called, and which hold numbers. */
int db_cols(struct stmt *q);
const char *db_col_name(struct stmt *q, int i);
bool db_col_is_int(struct stmt *q, int i);

int64_t db_col_int(struct stmt *q, int i);    /* columns count from 0; null is 0 */
struct str db_col_str(struct stmt *q, int i); /* until the next step; null is empty */
struct str db_col_blob(struct stmt *q, int i);
bool db_col_null(struct stmt *q, int i);

/* Steps a statement that gives no rows: RC_OK when done. */
MUSTUSE enum rc db_run(struct stmt *q);
/* Runs statements separated by semicolons. */
MUSTUSE enum rc db_script(struct db *db, const char *sql, struct err *err);

MUSTUSE enum rc db_begin(struct db *db);
MUSTUSE enum rc db_commit(struct db *db);
void db_rollback(struct db *db);

/* Number of rows that the last statement changed. */
int64_t db_changed(struct db *db);

/* The version of the schema in the file (migrate.h). */
MUSTUSE enum rc db_version(struct db *db, int *out);
MUSTUSE enum rc db_set_version(struct db *db, int version);

/* After each commit fn gets the number of pages in the log; NULL for none. It must not use
 * the database. */
void db_on_log(struct db *db, void (*fn)(void *arg, size_t pages), void *arg);

/* Copies what is in the log into the database file, as far as nobody reads it. When all of
 * it has been copied, the next transaction starts the log anew. */
enum rc db_checkpoint(struct db *db);
/* The same, and cuts the log to nothing: what was deleted is then nowhere any more. RC_AGAIN:
 * somebody reads it, or makes a checkpoint. */
enum rc db_truncate_log(struct db *db);
/* Writes all of the database anew. Takes long, and nobody else can write meanwhile. */
enum rc db_compact(struct db *db);

/* RC_OK if the file is sound, else RC_IO with the first complaint. Slow. */
enum rc db_verify(struct db *db, struct err *err);

/* What went wrong last, for logs. Never message text. */
const char *db_error(struct db *db);

#endif
