/*
 * forget_repo.c - what is too old is forgotten, a few peers at a time, so that nobody waits.
 *
 * All that is kept lies by peer: a pass over the peers finds what is old without an index that
 * each message would have to pay for.
 */
#include "bot/store/subject_priv.h"

static enum rc
run(struct stmt *q, struct store *st, int64_t *gone)
{
	enum rc rc = db_run(q);

	if (rc == RC_OK)
		*gone += db_changed(st->db);
	return rc;
}

static enum rc
run_before(struct store *st, const char *sql, int64_t peer, int64_t before_ms,
    int64_t *gone)
{
	struct stmt *q = db_prepare(st->db, sql);

	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, before_ms);
	return run(q, st, gone);
}

/* Bytes of files that were not fetched, ids of what is no line of the conversation, and programs
 * that were taken off her list. */
static enum rc
forget_raw(struct store *st, int64_t peer, int64_t before_ms, int64_t *gone)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE document SET bytes = $1 WHERE peer = $2 AND length(bytes) > 0"
	    " AND seq IN (SELECT seq FROM outbox WHERE peer = document.peer"
	    " AND documents > 0 AND at < $3)");
	enum rc rc;

	db_bind_blob(q, 1, STR(""));
	db_bind_int(q, 2, peer);
	db_bind_int(q, 3, before_ms);
	rc = run(q, st, gone);
	if (rc != RC_OK)
		return rc;
	rc = run_before(st, "DELETE FROM inbox WHERE peer = $1 AND seq < 0 AND at < $2",
	    peer, before_ms, gone);
	if (rc != RC_OK)
		return rc;
	return run_before(st,
	    "DELETE FROM shortlist WHERE peer = $1 AND removed_at > 0"
	    " AND removed_at < $2",
	    peer, before_ms, gone);
}

static enum rc
forget_lines(struct store *st, int64_t peer, int64_t before_ms, int64_t *gone)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < subject_tables_len; i++)
		if (subject_tables[i].forget != NULL)
			rc = run_before(st, subject_tables[i].forget, peer, before_ms,
			    gone);
	return rc;
}

/* What stands before the number in the place of an account. */
#define PEER_GONE "gone:"

/* Nothing is left but the number, which is not given to anybody else. */
static enum rc
forget_all(struct store *st, int64_t peer, int64_t *gone)
{
	struct subject s = { .peers = { peer }, .n = 1 };
	enum rc rc = subject_erase(st, &s, 0);
	struct stmt *q;

	if (rc != RC_OK)
		return rc;
	q = db_prepare(st->db, "DELETE FROM inbox WHERE peer = $1");
	db_bind_int(q, 1, peer);
	rc = run(q, st, gone);
	if (rc != RC_OK)
		return rc;
	q = db_prepare(st->db,
	    "UPDATE peer SET account = $1 || id, created_at = 0, updated_at = 0"
	    " WHERE id = $2");
	db_bind_str(q, 1, STR(PEER_GONE));
	db_bind_int(q, 2, peer);
	return run(q, st, gone);
}

struct candidate {
	int64_t id, updated_ms, erased_ms;
};

static enum rc
next_peer(struct store *st, int64_t after, struct candidate *out)
{
	struct stmt *q = db_prepare(st->db, "SELECT id, updated_at, erased_at FROM "
					    "peer WHERE id > $1 AND updated_at > 0"
					    " ORDER BY id LIMIT 1");
	enum rc rc;

	db_bind_int(q, 1, after);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*out = (struct candidate){ db_col_int(q, 0), db_col_int(q, 1),
		db_col_int(q, 2) };
	db_reset(q);
	return RC_OK;
}

/* She has not come back since she wanted all of it gone, or for too long. */
static bool
is_over(const struct candidate *c, const struct forget_before *before)
{
	return c->updated_ms < before->lines_ms ||
	       (c->erased_ms > 0 && c->updated_ms <= c->erased_ms &&
		   c->erased_ms < before->raw_ms);
}

static enum rc
forget(struct store *st, const struct candidate *c, const struct forget_before *before,
    int64_t *gone)
{
	enum rc rc;

	if (is_over(c, before))
		return before->busy(before->arg, c->id) ? RC_OK
		                                        : forget_all(st, c->id, gone);
	rc = forget_raw(st, c->id, before->raw_ms, gone);
	return rc == RC_OK ? forget_lines(st, c->id, before->lines_ms, gone) : rc;
}

enum rc
subject_forget(struct store *st, const struct forget_before *before, int64_t *after,
    int n, int64_t *gone)
{
	struct candidate c;

	while (n-- > 0) {
		enum rc rc = next_peer(st, *after, &c);

		if (rc == RC_NOTFOUND)
			*after = 0;
		if (rc != RC_OK)
			return rc == RC_NOTFOUND ? RC_OK : rc;
		*after = c.id;
		rc = forget(st, &c, before, gone);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}
