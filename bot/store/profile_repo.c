/*
 * profile_repo.c - what a person said about herself. Rows stay with the peer by which she said
 * it; of several peers of a person the last word counts.
 */
#include "bot/store/store_priv.h"

enum rc
profile_set(struct store *st, int64_t peer, const struct profile_row *row)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO profile (peer, key, value, words, at) VALUES ($1, $2, $3, $4, "
	    "$5)"
	    " ON CONFLICT (peer, key) DO UPDATE SET value = $3, words = $4, at = $5");

	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, row->key);
	db_bind_str(q, 3, row->value);
	db_bind_str(q, 4, row->words);
	db_bind_int(q, 5, row->at_ms);
	return db_run(q);
}

enum rc
profile_each(struct store *st, int64_t peer, profile_fn *fn, void *arg)
{
	/* Of two that were said in the same millisecond, one: that of the later peer. */
	struct stmt *q = db_prepare(st->db,
	    "SELECT key, value, words, at FROM profile AS p WHERE peer IN " HER_PEERS
	    " AND NOT EXISTS (SELECT 1 FROM profile AS newer WHERE newer.key = p.key"
	    " AND newer.peer IN " HER_PEERS " AND (newer.at > p.at OR"
	    " (newer.at = p.at AND newer.peer > p.peer))) ORDER BY key");
	enum rc rc;

	db_bind_int(q, 1, peer);
	while ((rc = db_step(q)) == RC_OK) {
		struct profile_row row = { db_col_str(q, 0), db_col_str(q, 1),
			db_col_str(q, 2), db_col_int(q, 3) };

		fn(arg, &row);
	}
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
profile_remove(struct store *st, int64_t peer, struct str key)
{
	struct stmt *q;

	if (key.p == NULL) {
		q = db_prepare(st->db, "DELETE FROM profile WHERE peer IN " HER_PEERS);
	} else {
		q = db_prepare(st->db,
		    "DELETE FROM profile WHERE peer IN " HER_PEERS " AND key = $2");
		db_bind_str(q, 2, key);
	}
	db_bind_int(q, 1, peer);
	return db_run(q);
}
