/*
 * trouble_repo.c - dead letters, attempts that ended the process, and notes of students for
 * people to read.
 */
#include "bot/store/store_priv.h"

enum rc
dead_add(struct store *st, const struct inbox_row *row, struct str reason,
    int64_t now_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO dead_letter (peer, seq, kind, text, received_at, reason, "
	    "tries,"
	    " died_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

	db_bind_int(q, 1, row->peer);
	db_bind_int(q, 2, row->seq);
	db_bind_int(q, 3, row->kind);
	db_bind_str(q, 4, row->text);
	db_bind_int(q, 5, row->at_ms);
	db_bind_str(q, 6, reason);
	db_bind_int(q, 7, row->tries);
	db_bind_int(q, 8, now_ms);
	return db_run(q);
}

/* Runs a query that gives one number. */
static enum rc
one_number(struct stmt *q, int64_t *n)
{
	enum rc rc = db_step(q);

	*n = 0;
	if (rc != RC_OK)
		return rc;
	*n = db_col_int(q, 0);
	db_reset(q);
	return RC_OK;
}

enum rc
dead_count(struct store *st, int64_t *n)
{
	return one_number(db_prepare(st->db, "SELECT count(*) FROM dead_letter"), n);
}

enum rc
attempt_add(struct store *st, struct str channel, struct str account, struct str id)
{
	struct stmt *q = db_prepare(st->db, "INSERT INTO attempt (channel, account, "
					    "ext_id, tries) VALUES ($1, $2, $3, 1)"
					    " ON CONFLICT (channel, account, ext_id)"
					    " DO UPDATE SET tries = attempt.tries + 1");

	db_bind_str(q, 1, channel);
	db_bind_str(q, 2, account);
	db_bind_str(q, 3, id);
	return db_run(q);
}

enum rc
attempt_get(struct store *st, const char *channel, struct str account, struct str id,
    int *tries)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT tries FROM attempt"
	    " WHERE channel = $1 AND account = $2 AND ext_id = $3");
	int64_t n;
	enum rc rc;

	db_bind_str(q, 1, str_of(channel));
	db_bind_str(q, 2, account);
	db_bind_str(q, 3, id);
	rc = one_number(q, &n);
	*tries = (int)n;
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
attempt_clear(struct store *st, const char *channel, struct str account, struct str id)
{
	struct stmt *q = db_prepare(st->db,
	    "DELETE FROM attempt WHERE channel = $1 AND account = $2 AND ext_id = $3");

	db_bind_str(q, 1, str_of(channel));
	db_bind_str(q, 2, account);
	db_bind_str(q, 3, id);
	return db_run(q);
}

enum rc
attempt_any(struct store *st, bool *any)
{
	int64_t n;
	enum rc rc =
	    one_number(db_prepare(st->db,
			   "SELECT count(*) FROM (SELECT 1 FROM attempt LIMIT 1)"),
		&n);

	*any = n > 0;
	return rc;
}

enum rc
note_add(struct store *st, int64_t peer, const char *kind, struct str topic,
    struct str text, struct str reference, int64_t now_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO note (peer, kind, topic, text, reference, at)"
	    " VALUES ($1, $2, $3, $4, $5, $6)");

	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, str_of(kind));
	db_bind_str(q, 3, topic);
	db_bind_str(q, 4, text);
	db_bind_str(q, 5, reference);
	db_bind_int(q, 6, now_ms);
	return db_run(q);
}

enum rc
note_each(struct store *st, note_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT peer, kind, topic, text, reference, at FROM note ORDER BY id");
	enum rc rc;

	while ((rc = db_step(q)) == RC_OK)
		fn(arg, db_col_int(q, 0), db_col_str(q, 1), db_col_str(q, 2),
		    db_col_str(q, 3), db_col_str(q, 4), db_col_int(q, 5));
	return rc == RC_NOTFOUND ? RC_OK : rc;
}
