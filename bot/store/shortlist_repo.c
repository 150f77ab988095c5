/*
 * shortlist_repo.c - the programs that a person saved. What was taken off bears the time, until
 * the next thing is taken off or forget_repo.c comes by.
 */
#include "bot/store/store_priv.h"
#include "credbot/store/shortlist.h"

static enum rc
count(struct store *st, int64_t peer, int64_t *n)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT count(DISTINCT program) FROM shortlist WHERE removed_at = 0"
	    " AND peer IN " HER_PEERS);
	enum rc rc;

	db_bind_int(q, 1, peer);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*n = db_col_int(q, 0);
	db_reset(q);
	return RC_OK;
}

static enum rc
has(struct store *st, int64_t peer, struct str program)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT 1 FROM shortlist WHERE peer IN " HER_PEERS
	    " AND removed_at = 0 AND program = $2");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, program);
	rc = db_step(q);
	if (rc == RC_OK)
		db_reset(q);
	return rc;
}

/* A program that was taken off and is added again is a new entry. */
static enum rc
drop_removed(struct store *st, int64_t peer, struct str program)
{
	struct stmt *q = db_prepare(st->db,
	    "DELETE FROM shortlist WHERE peer IN " HER_PEERS
	    " AND removed_at > 0 AND program = $2");

	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, program);
	return db_run(q);
}

static enum rc
insert(struct store *st, int64_t peer, const struct shortlist_row *row)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO shortlist (peer, program, title, provider, words, at,"
	    " removed_at) VALUES ($1, $2, $3, $4, $5, $6, 0)");

	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, row->program);
	db_bind_str(q, 3, row->title);
	db_bind_str(q, 4, row->provider);
	db_bind_str(q, 5, row->words);
	db_bind_int(q, 6, row->at_ms);
	return db_run(q);
}

enum rc
shortlist_add(struct store *st, int64_t peer, const struct shortlist_row *row)
{
	int64_t n = 0;
	enum rc rc = has(st, peer, row->program);

	if (rc != RC_NOTFOUND)
		return rc == RC_OK ? RC_EXISTS : rc;
	rc = count(st, peer, &n);
	if (rc == RC_OK && n >= SHORTLIST_MAX)
		rc = RC_INVALID;
	if (rc == RC_OK)
		rc = drop_removed(st, peer, row->program);
	return rc == RC_OK ? insert(st, peer, row) : rc;
}

/* Of one program that two of her peers saved, the first entry. */
#define FIRST_OF_EACH                                                                  \
	" AND NOT EXISTS (SELECT 1 FROM shortlist AS o WHERE o.program = s.program"    \
	" AND o.removed_at = s.removed_at AND o.peer IN " HER_PEERS                    \
	" AND (o.at < s.at OR (o.at = s.at AND o.id < s.id)))"                         \
	" ORDER BY at, id"

static enum rc
each(struct stmt *q, shortlist_fn *fn, void *arg)
{
	enum rc rc;

	while ((rc = db_step(q)) == RC_OK) {
		struct shortlist_row row = { db_col_str(q, 0), db_col_str(q, 1),
			db_col_str(q, 2), db_col_str(q, 3), db_col_int(q, 4) };

		fn(arg, &row);
	}
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
shortlist_each(struct store *st, int64_t peer, shortlist_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT program, title, provider, words, at FROM shortlist AS s"
	    " WHERE removed_at = 0 AND peer IN " HER_PEERS FIRST_OF_EACH);

	db_bind_int(q, 1, peer);
	return each(q, fn, arg);
}

/* --- taken off, and put back */

static enum rc
drop_all_removed(struct store *st, int64_t peer)
{
	struct stmt *q = db_prepare(st->db,
	    "DELETE FROM shortlist WHERE removed_at > 0 AND peer IN " HER_PEERS);

	db_bind_int(q, 1, peer);
	return db_run(q);
}

enum rc
shortlist_remove(struct store *st, int64_t peer, struct str program, int64_t now_ms)
{
	struct stmt *q;
	int64_t n = 0;
	enum rc rc = program.p == NULL ? count(st, peer, &n) : has(st, peer, program);

	if (rc == RC_OK && program.p == NULL && n == 0)
		rc = RC_NOTFOUND;
	if (rc == RC_OK)
		rc = drop_all_removed(st, peer);
	if (rc != RC_OK)
		return rc;
	if (program.p == NULL) {
		q = db_prepare(st->db, "UPDATE shortlist SET removed_at = $1"
				       " WHERE peer IN " PEERS_OF("$2"));
	} else {
		q = db_prepare(st->db,
		    "UPDATE shortlist SET removed_at = $1"
		    " WHERE peer IN " PEERS_OF("$2") " AND program = $3");
		db_bind_str(q, 3, program);
	}
	db_bind_int(q, 1, now_ms);
	db_bind_int(q, 2, peer);
	return db_run(q);
}

/* What was taken off since then: how many. */
static enum rc
count_removed(struct store *st, int64_t peer, int64_t since_ms, int64_t *n)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT count(DISTINCT program) FROM shortlist WHERE peer IN " HER_PEERS
	    " AND removed_at > 0 AND removed_at >= $2");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, since_ms);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*n = db_col_int(q, 0);
	db_reset(q);
	return *n == 0 ? RC_NOTFOUND : RC_OK;
}

static enum rc
each_removed(struct store *st, int64_t peer, int64_t since_ms, shortlist_fn *fn,
    void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT program, title, provider, words, at FROM shortlist AS s"
	    " WHERE peer IN " HER_PEERS
	    " AND removed_at > 0 AND removed_at >= $2" FIRST_OF_EACH);

	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, since_ms);
	return each(q, fn, arg);
}

enum rc
shortlist_restore(struct store *st, int64_t peer, int64_t since_ms, shortlist_fn *fn,
    void *arg)
{
	struct stmt *q;
	int64_t back = 0, n = 0;
	enum rc rc = count_removed(st, peer, since_ms, &back);

	if (rc == RC_OK)
		rc = count(st, peer, &n);
	if (rc == RC_OK && back + n > SHORTLIST_MAX)
		rc = RC_INVALID;
	if (rc == RC_OK && fn != NULL)
		rc = each_removed(st, peer, since_ms, fn, arg);
	if (rc != RC_OK)
		return rc;
	q = db_prepare(st->db,
	    "UPDATE shortlist SET removed_at = 0 WHERE peer IN " HER_PEERS
	    " AND removed_at > 0 AND removed_at >= $2");
	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, since_ms);
	return db_run(q);
}
