/*
 * store_priv.h - the store's insides, for its repositories.
 */
#ifndef CREDBOT_STORE_STORE_PRIV_H
#define CREDBOT_STORE_STORE_PRIV_H

#include "credbot/store/db.h"
#include "credbot/store/store.h"

struct store {
	struct db *db;
	char *dsn;
};

/* Brings the schema up to date; see migrate.c. */
enum rc migrate(struct db *db, const char *dsn, struct err *err);

/* The steps from an empty database on, in order; schema.c. */
extern const char *const schema_steps[];
extern const int schema_version; /* how many there are */

#endif
