/*
 * value_repo.c - what channels must find again: a value by its key.
 */
#include "bot/store/store_priv.h"

static enum rc
forget(struct store *st, const char *channel, struct str key)
{
	struct stmt *q = db_prepare(st->db,
	    "DELETE FROM channel_value WHERE channel = $1 AND key = $2");

	db_bind_str(q, 1, str_of(channel));
	db_bind_str(q, 2, key);
	return db_run(q);
}

enum rc
value_set(struct store *st, const char *channel, struct str key, struct str value)
{
	struct stmt *q;

	if (value.p == NULL)
		return forget(st, channel, key);
	q = db_prepare(st->db,
	    "INSERT INTO channel_value (channel, key, value) VALUES ($1, $2, $3)"
	    " ON CONFLICT (channel, key) DO UPDATE SET value = $3");
	db_bind_str(q, 1, str_of(channel));
	db_bind_str(q, 2, key);
	db_bind_str(q, 3, value);
	return db_run(q);
}

enum rc
value_each(struct store *st, const char *channel, value_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT key, value FROM channel_value WHERE channel = $1 ORDER BY key");
	enum rc rc;

	db_bind_str(q, 1, str_of(channel));
	while ((rc = db_step(q)) == RC_OK)
		fn(arg, db_col_str(q, 0), db_col_str(q, 1));
	return rc == RC_NOTFOUND ? RC_OK : rc;
}
