/*
 * db_priv.h - what a driver is.
 */
#ifndef CREDBOT_STORE_DB_PRIV_H
#define CREDBOT_STORE_DB_PRIV_H

#include "credbot/store/db.h"

struct db_ops {
	const char *scheme; /* what stands before the colon */
	enum rc (*open)(struct db **out, const char *rest, struct err *err);
	void (*close)(struct db *db);
	struct stmt *(*prepare)(struct db *db, const char *sql);
	void (*finish)(struct stmt *q); /* frees it */
	void (*bind_int)(struct stmt *q, int i, int64_t v);
	void (*bind_str)(struct stmt *q, int i, struct str s);
	void (*bind_blob)(struct stmt *q, int i, struct str s);
	void (*bind_null)(struct stmt *q, int i);
	enum rc (*step)(struct stmt *q);
	void (*reset)(struct stmt *q);
	int (*cols)(struct stmt *q);
	const char *(*col_name)(struct stmt *q, int i);
	bool (*col_is_int)(struct stmt *q, int i);
	int64_t (*col_int)(struct stmt *q, int i);
	struct str (*col_str)(struct stmt *q, int i);
	struct str (*col_blob)(struct stmt *q, int i);
	bool (*col_null)(struct stmt *q, int i);
	/* Nothing to do if the database gave the transaction up by itself. */
	void (*rollback)(struct db *db);
	enum rc (*script)(struct db *db, const char *sql, struct err *err);
	int64_t (*changed)(struct db *db);
	enum rc (*version)(struct db *db, int *out);
	enum rc (*set_version)(struct db *db, int version);
	void (*on_log)(struct db *db, void (*fn)(void *arg, size_t pages), void *arg);
	enum rc (*checkpoint)(struct db *db);
	enum rc (*truncate_log)(struct db *db);
	enum rc (*compact)(struct db *db);
	enum rc (*verify)(struct db *db, struct err *err);
	const char *(*error)(struct db *db);
};

/* The first member of a driver's own struct. */
struct db {
	const struct db_ops *ops;
	struct cached *cache;
};

struct stmt {
	struct db *db;
};

extern const struct db_ops db_sqlite;

#endif
