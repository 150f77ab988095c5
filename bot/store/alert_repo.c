/*
 * alert_repo.c - searches that a person wants to hear of.
 */
#include "bot/store/store_priv.h"
#include "credbot/store/alert.h"

/* What she has of this kind, and when she was told of any. */
static enum rc
look(struct store *st, const struct alert_row *row, int64_t *id, int64_t *n,
    int64_t *sent_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT count(*), coalesce(max(sent_at), 0),"
	    " coalesce(max(CASE WHEN wish = $1 AND words = $2 THEN id END), 0)"
	    " FROM alert WHERE peer IN " PEERS_OF("$3"));
	enum rc rc;

	db_bind_str(q, 1, row->wish);
	db_bind_str(q, 2, row->words);
	db_bind_int(q, 3, row->peer);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*n = db_col_int(q, 0);
	*sent_ms = db_col_int(q, 1);
	*id = db_col_int(q, 2);
	db_reset(q);
	return RC_OK;
}

enum rc
alert_put(struct store *st, const struct alert_row *row, int64_t *id)
{
	struct stmt *q;
	int64_t n = 0, sent_ms = 0;
	enum rc rc = look(st, row, id, &n, &sent_ms);

	if (rc == RC_OK && *id != 0)
		rc = RC_EXISTS;
	if (rc == RC_OK && n >= ALERTS_MAX)
		rc = RC_INVALID;
	if (rc != RC_OK)
		return rc;
	/* That she was told of another counts for this one, too: it may be stopped next. */
	q = db_prepare(st->db,
	    "INSERT INTO alert (peer, wish, words, label, revision, created_at,"
	    " run_at, sent_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7) RETURNING id");
	db_bind_int(q, 1, row->peer);
	db_bind_str(q, 2, row->wish);
	db_bind_str(q, 3, row->words);
	db_bind_str(q, 4, row->label);
	db_bind_int(q, 5, row->revision);
	db_bind_int(q, 6, row->created_ms);
	db_bind_int(q, 7, sent_ms);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*id = db_col_int(q, 0);
	return db_run(q);
}

#define COLUMNS                                                                        \
	"a.id, a.peer, a.wish, a.words, a.label, a.revision, a.created_at,"            \
	" a.run_at, a.sent_at"

static enum rc
each(struct stmt *q, alert_fn *fn, void *arg)
{
	enum rc rc;

	while ((rc = db_step(q)) == RC_OK) {
		struct alert_row row = {
			.id = db_col_int(q, 0),
			.peer = db_col_int(q, 1),
			.wish = db_col_str(q, 2),
			.words = db_col_str(q, 3),
			.label = db_col_str(q, 4),
			.revision = db_col_int(q, 5),
			.created_ms = db_col_int(q, 6),
			.run_ms = db_col_int(q, 7),
			.sent_ms = db_col_int(q, 8),
		};

		fn(arg, &row);
	}
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
alert_each_of_person(struct store *st, int64_t peer, alert_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT " COLUMNS " FROM alert AS a WHERE a.peer IN " HER_PEERS
	    " ORDER BY a.created_at, a.id");

	db_bind_int(q, 1, peer);
	return each(q, fn, arg);
}

enum rc
alert_told_since_turn(struct store *st, int64_t peer, bool *told)
{
	/* What is said unasked leaves updated_at as it was: peer_set_seq(). */
	struct stmt *q = db_prepare(st->db,
	    "SELECT count(*) FROM alert AS a JOIN peer AS p ON p.id = a.peer"
	    " WHERE p.id = $1 AND a.sent_at > p.updated_at");
	enum rc rc;

	db_bind_int(q, 1, peer);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*told = db_col_int(q, 0) > 0;
	db_reset(q);
	return RC_OK;
}

enum rc
alert_each_due(struct store *st, const struct alert_due *due, alert_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT " COLUMNS " FROM alert AS a JOIN peer AS p ON p.id = a.peer"
	    " WHERE a.id > $1 AND a.revision <> $2 AND p.gone_at = 0"
	    " AND NOT EXISTS (SELECT 1 FROM alert AS o JOIN peer AS q ON q.id = o.peer"
	    " WHERE (q.id = p.id OR q.person = p.person) AND o.sent_at > $3)"
	    " ORDER BY a.id LIMIT $4");

	db_bind_int(q, 1, due->after);
	db_bind_int(q, 2, due->revision);
	db_bind_int(q, 3, due->told_before_ms);
	db_bind_int(q, 4, due->limit);
	return each(q, fn, arg);
}

/* RC_NOTFOUND: the statement changed nothing. */
static enum rc
run(struct store *st, struct stmt *q)
{
	enum rc rc = db_run(q);

	return rc == RC_OK && db_changed(st->db) == 0 ? RC_NOTFOUND : rc;
}

enum rc
alert_stop(struct store *st, int64_t peer, int64_t id)
{
	struct stmt *q;

	if (id == 0) {
		q = db_prepare(st->db, "DELETE FROM alert WHERE peer IN " HER_PEERS);
	} else {
		q = db_prepare(st->db,
		    "DELETE FROM alert WHERE peer IN " HER_PEERS " AND id = $2");
		db_bind_int(q, 2, id);
	}
	db_bind_int(q, 1, peer);
	return run(st, q);
}

enum rc
alert_mark_run(struct store *st, int64_t id, int64_t revision, int64_t now_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE alert SET revision = $1, run_at = $2 WHERE id = $3");

	db_bind_int(q, 1, revision);
	db_bind_int(q, 2, now_ms);
	db_bind_int(q, 3, id);
	return run(st, q);
}

enum rc
alert_mark_sent(struct store *st, int64_t id, int64_t revision, int64_t now_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE alert SET revision = $1, run_at = $2, sent_at = $2 WHERE id = $3");

	db_bind_int(q, 1, revision);
	db_bind_int(q, 2, now_ms);
	db_bind_int(q, 3, id);
	return run(st, q);
}
