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

/* The steps from an empty database on, in order; how many have been taken is its version. */
struct schema {
	const char *const *steps;
	int version; /* how many there are */
};

/* Brings the schema of a database up to date; see migrate.c. */
enum rc migrate(struct db *db, const char *dsn, const struct schema *schema,
    struct err *err);

extern const struct schema store_schema; /* schema.c */

/* The peers of a person, for queries in which the parameter n ("$2") is one of them. */
#define PEERS_OF(n)                                                                    \
	"(SELECT id FROM peer WHERE id = " n                                           \
	" OR person = (SELECT person FROM peer WHERE id = " n "))"
#define HER_PEERS PEERS_OF("$1")

#endif
