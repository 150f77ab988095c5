/*
 * link_repo.c - codes by which a person joins two of her chats, and who guessed wrong.
 */
#include "bot/store/store_priv.h"

static enum rc
expire(struct store *st, int64_t peer, int64_t now_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE link_code SET expires_at = $1 WHERE peer = $2 AND expires_at > $1");

	db_bind_int(q, 1, now_ms);
	db_bind_int(q, 2, peer);
	return db_run(q);
}

static enum rc
forget(struct store *st, int64_t before_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "DELETE FROM link_code WHERE expires_at < $1");

	db_bind_int(q, 1, before_ms);
	return db_run(q);
}

enum rc
link_code_add(struct store *st, int64_t peer, struct str tag, struct str hash,
    int64_t expires_ms, int64_t now_ms, int64_t forget_before_ms)
{
	enum rc rc = forget(st, forget_before_ms);
	struct stmt *q;

	if (rc == RC_OK)
		rc = expire(st, peer, now_ms);
	if (rc != RC_OK)
		return rc;
	q = db_prepare(st->db,
	    "INSERT INTO link_code (peer, tag, hash, expires_at, claimed_by, used)"
	    " VALUES ($1, $2, $3, $4, 0, 0)");
	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, tag);
	db_bind_str(q, 3, hash);
	db_bind_int(q, 4, expires_ms);
	return db_run(q);
}

static struct link_code
take_row(struct stmt *q)
{
	return (struct link_code){
		.id = db_col_int(q, 0),
		.peer = db_col_int(q, 1),
		.expires_ms = db_col_int(q, 2),
		.claimed_by = db_col_int(q, 3),
		.used = db_col_int(q, 4) != 0,
	};
}

enum rc
link_code_each(struct store *st, struct str tag, link_code_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT id, peer, expires_at, claimed_by, used, hash FROM link_code"
	    " WHERE tag = $1 ORDER BY id DESC");
	enum rc rc;

	db_bind_str(q, 1, tag);
	while ((rc = db_step(q)) == RC_OK) {
		struct link_code c = take_row(q);

		fn(arg, &c, db_col_str(q, 5));
	}
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
link_code_claimed(struct store *st, int64_t peer, struct link_code *out)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT id, peer, expires_at, claimed_by, used FROM link_code"
	    " WHERE claimed_by = $1 AND used = 0 ORDER BY id DESC LIMIT 1");
	enum rc rc;

	db_bind_int(q, 1, peer);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*out = take_row(q);
	db_reset(q);
	return RC_OK;
}

enum rc
link_code_set(struct store *st, int64_t id, int64_t claimed_by, bool used)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE link_code SET claimed_by = $1, used = $2 WHERE id = $3");

	db_bind_int(q, 1, claimed_by);
	db_bind_int(q, 2, used);
	db_bind_int(q, 3, id);
	return db_run(q);
}

enum rc
link_try_add(struct store *st, int64_t peer, int64_t now_ms, int64_t since_ms)
{
	struct stmt *q = db_prepare(st->db, "DELETE FROM link_try WHERE since < $1");
	enum rc rc;

	db_bind_int(q, 1, since_ms);
	rc = db_run(q);
	if (rc != RC_OK)
		return rc;
	q = db_prepare(st->db,
	    "INSERT INTO link_try (peer, n, since) VALUES ($1, 1, $2)"
	    " ON CONFLICT (peer) DO UPDATE SET n = link_try.n + 1");
	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, now_ms);
	return db_run(q);
}

enum rc
link_try_count(struct store *st, int64_t peer, int64_t since_ms, int64_t *own,
    int64_t *all)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT COALESCE(SUM(CASE WHEN peer = $1 THEN n ELSE 0 END), 0),"
	    " COALESCE(SUM(n), 0) FROM link_try WHERE since >= $2");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, since_ms);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*own = db_col_int(q, 0);
	*all = db_col_int(q, 1);
	db_reset(q);
	return RC_OK;
}
