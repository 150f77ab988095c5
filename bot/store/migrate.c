/*
 * migrate.c - the schema, forward only. Each step and its version number are one
 * transaction, so a crash in between is a step not taken.
 */
#include "bot/store/store_priv.h"
#include "credbot/base/log.h"

/* Takes the next step, unless another process has; RC_NOTFOUND: there is none. */
static enum rc
take_step(struct db *db, const struct schema *schema, struct err *err)
{
	enum rc rc = db_begin(db);
	int version = 0;

	if (rc == RC_OK)
		rc = db_version(db, &version);
	if (rc != RC_OK) {
		err_set(err, "%s", db_error(db));
		return rc;
	}
	if (version >= schema->version) {
		db_rollback(db);
		return RC_NOTFOUND;
	}
	rc = db_script(db, schema->steps[version], err);
	if (rc == RC_OK)
		rc = db_set_version(db, version + 1);
	if (rc == RC_OK)
		rc = db_commit(db);
	if (rc != RC_OK)
		db_rollback(db);
	else
		log_info("store: schema version=%d", version + 1);
	return rc;
}

enum rc
migrate(struct db *db, const char *dsn, const struct schema *schema, struct err *err)
{
	int version;
	enum rc rc;

	if (db_version(db, &version) != RC_OK) {
		err_set(err, "%s: %s", dsn, db_error(db));
		return RC_IO;
	}
	if (version > schema->version) {
		err_set(err,
		    "%s: written by a newer credbot (schema %d, this program knows "
		    "%d); "
		    "install that version, or give this one another --state DIR",
		    dsn, version, schema->version);
		return RC_INVALID;
	}
	if (version == schema->version)
		return RC_OK; /* without a write: the disk may be full */
	do
		rc = take_step(db, schema, err);
	while (rc == RC_OK);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}
