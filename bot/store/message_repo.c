/*
 * message_repo.c - inbox and outbox, and both as one conversation.
 */
#include "bot/store/store_priv.h"

enum rc
inbox_add(struct store *st, const struct inbox_row *row)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO inbox (peer, seq, ext_id, kind, text, at, status, tries, "
	    "due_at)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
	    " ON CONFLICT (peer, ext_id) DO NOTHING");
	enum rc rc;

	db_bind_int(q, 1, row->peer);
	db_bind_int(q, 2, row->seq);
	db_bind_str(q, 3, row->id);
	db_bind_int(q, 4, row->kind);
	db_bind_str(q, 5, row->text);
	db_bind_int(q, 6, row->at_ms);
	db_bind_int(q, 7, row->status);
	db_bind_int(q, 8, row->tries);
	db_bind_int(q, 9, row->due_ms);
	rc = db_run(q);
	return rc == RC_OK && db_changed(st->db) == 0 ? RC_EXISTS : rc;
}

enum rc
inbox_hidden_seq(struct store *st, int64_t peer, int64_t *seq)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT coalesce(min(seq), 0) FROM inbox WHERE peer = $1 AND seq < 0");
	enum rc rc;

	db_bind_int(q, 1, peer);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*seq = db_col_int(q, 0) - 1;
	db_reset(q);
	return RC_OK;
}

enum rc
inbox_find(struct store *st, int64_t peer, struct str id, int64_t *seq,
    enum inbox_status *status)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT seq, status FROM inbox WHERE peer = $1 AND ext_id = $2");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, id);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*seq = db_col_int(q, 0);
	*status = (enum inbox_status)db_col_int(q, 1);
	db_reset(q);
	return RC_OK;
}

enum rc
inbox_find_kind(struct store *st, int64_t peer, struct str id, int64_t *seq, int *kind)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT seq, kind FROM inbox WHERE peer = $1 AND ext_id = $2");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, id);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*seq = db_col_int(q, 0);
	*kind = (int)db_col_int(q, 1);
	db_reset(q);
	return RC_OK;
}

enum rc
inbox_find_text(struct store *st, int64_t peer, int kind, struct str text)
{
	/* Hidden rows have numbers below zero, and are few. */
	struct stmt *q = db_prepare(st->db,
	    "SELECT 1 FROM inbox WHERE peer = $1 AND seq < 0 AND kind = $2"
	    " AND text = $3 LIMIT 1");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, kind);
	db_bind_str(q, 3, text);
	rc = db_step(q);
	db_reset(q);
	return rc;
}

enum rc
inbox_set(struct store *st, int64_t peer, int64_t seq, enum inbox_status status,
    int tries, int64_t due_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE inbox SET status = $1, tries = $2, due_at = $3"
	    " WHERE peer = $4 AND seq = $5");

	db_bind_int(q, 1, status);
	db_bind_int(q, 2, tries);
	db_bind_int(q, 3, due_ms);
	db_bind_int(q, 4, peer);
	db_bind_int(q, 5, seq);
	return db_run(q);
}

enum rc
inbox_set_text(struct store *st, int64_t peer, int64_t seq, struct str text)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE inbox SET text = $1 WHERE peer = $2 AND seq = $3");

	db_bind_str(q, 1, text);
	db_bind_int(q, 2, peer);
	db_bind_int(q, 3, seq);
	return db_run(q);
}

/* Columns as both queries below give them. */
static enum rc
give_inbox_rows(struct stmt *q, inbox_fn *fn, void *arg)
{
	enum rc rc;

	while ((rc = db_step(q)) == RC_OK) {
		struct inbox_row row = {
			.peer = db_col_int(q, 0),
			.seq = db_col_int(q, 1),
			.id = db_col_str(q, 2),
			.kind = (int)db_col_int(q, 3),
			.text = db_col_str(q, 4),
			.at_ms = db_col_int(q, 5),
			.status = INBOX_WAITING,
			.tries = (int)db_col_int(q, 6),
			.due_ms = db_col_int(q, 7),
		};

		fn(arg, &row, db_col_str(q, 8));
	}
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
inbox_waiting(struct store *st, const char *channel, inbox_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT i.peer, i.seq, i.ext_id, i.kind, i.text, i.at, i.tries, i.due_at,"
	    " p.account FROM inbox i JOIN peer p ON p.id = i.peer"
	    " WHERE i.status = 1 AND p.channel = $1 ORDER BY i.at, i.peer, i.seq");

	db_bind_str(q, 1, str_of(channel));
	return give_inbox_rows(q, fn, arg);
}

enum rc
inbox_waiting_of(struct store *st, int64_t peer, inbox_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT i.peer, i.seq, i.ext_id, i.kind, i.text, i.at, i.tries, i.due_at,"
	    " p.account FROM inbox i JOIN peer p ON p.id = i.peer"
	    " WHERE i.peer = $1 AND i.status = 1 ORDER BY i.seq");

	db_bind_int(q, 1, peer);
	return give_inbox_rows(q, fn, arg);
}

enum rc
inbox_settle_before(struct store *st, int64_t peer, int kind, int64_t seq)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE inbox SET status = $1, due_at = 0 WHERE peer = $2 AND status = 1"
	    " AND kind = $3 AND seq < $4");

	db_bind_int(q, 1, INBOX_DONE);
	db_bind_int(q, 2, peer);
	db_bind_int(q, 3, kind);
	db_bind_int(q, 4, seq);
	return db_run(q);
}

enum rc
outbox_add(struct store *st, const struct outbox_row *row)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO outbox (peer, seq, reply_to, text, buttons, at, status, tries,"
	    " due_at, replaces, documents)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");

	db_bind_int(q, 1, row->peer);
	db_bind_int(q, 2, row->seq);
	db_bind_int(q, 3, row->reply_to);
	db_bind_str(q, 4, row->text);
	db_bind_str(q, 5, row->buttons);
	db_bind_int(q, 6, row->at_ms);
	db_bind_int(q, 7, row->status);
	db_bind_int(q, 8, row->tries);
	db_bind_int(q, 9, row->due_ms);
	db_bind_int(q, 10, row->replaces);
	db_bind_int(q, 11, row->n_documents);
	return db_run(q);
}

enum rc
outbox_answer(struct store *st, int64_t peer, int64_t reply_to, int64_t *seq,
    struct buf *id)
{
	/* An answer has a higher number than its question. */
	struct stmt *q = db_prepare(st->db,
	    "SELECT seq, ext_id FROM outbox WHERE peer = $1 AND seq > $2"
	    " AND reply_to = $2 AND ext_id <> '' ORDER BY seq LIMIT 2");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, reply_to);
	rc = db_step(q);
	if (rc == RC_OK) {
		*seq = db_col_int(q, 0);
		buf_addstr(id, db_col_str(q, 1));
		rc = db_step(q);
		rc = rc == RC_OK ? RC_NOTFOUND : rc == RC_NOTFOUND ? RC_OK : rc;
	}
	db_reset(q);
	return rc;
}

enum rc
outbox_set(struct store *st, int64_t peer, int64_t seq, enum outbox_status status,
    int tries, int64_t due_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE outbox SET status = $1, tries = $2, due_at = $3"
	    " WHERE peer = $4 AND seq = $5");

	db_bind_int(q, 1, status);
	db_bind_int(q, 2, tries);
	db_bind_int(q, 3, due_ms);
	db_bind_int(q, 4, peer);
	db_bind_int(q, 5, seq);
	return db_run(q);
}

enum rc
outbox_set_id(struct store *st, int64_t peer, int64_t seq, struct str id)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE outbox SET ext_id = $1 WHERE peer = $2 AND seq = $3");

	db_bind_str(q, 1, id);
	db_bind_int(q, 2, peer);
	db_bind_int(q, 3, seq);
	return db_run(q);
}

enum rc
outbox_set_unsent(struct store *st, int64_t peer, int64_t seq, struct str text,
    int64_t now_ms)
{
	/* Another time makes it another message for networks that tell one from two by it. */
	struct stmt *q = db_prepare(st->db,
	    "UPDATE outbox SET text = $1, buttons = '', at = $2, replaces = seq"
	    " WHERE peer = $3 AND seq = $4");

	db_bind_str(q, 1, text);
	db_bind_int(q, 2, now_ms);
	db_bind_int(q, 3, peer);
	db_bind_int(q, 4, seq);
	return db_run(q);
}

enum rc
outbox_find(struct store *st, int64_t peer, struct str id, int64_t *seq)
{
	/* What people press or react to is near the end. */
	struct stmt *q = db_prepare(st->db,
	    "SELECT seq FROM outbox WHERE peer = $1 AND ext_id = $2"
	    " ORDER BY seq DESC LIMIT 1");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, id);
	rc = db_step(q);
	if (rc == RC_OK)
		*seq = db_col_int(q, 0);
	db_reset(q);
	return rc;
}

/* No account has this character: they hold what people can write. */
static struct str
end_of(struct str prefix, struct buf *out)
{
	buf_addstr(out, prefix);
	buf_adds(out, "\xf4\x8f\xbf\xbf");
	return buf_str(out);
}

#define PEERS_UNDER                                                                    \
	" (SELECT id FROM peer WHERE channel = $1 AND account >= $2 AND account < $3)"

static enum rc
run_under(struct stmt *q, const char *channel, struct str prefix, struct str id)
{
	struct buf end = { 0 };
	enum rc rc;

	db_bind_str(q, 1, str_of(channel));
	db_bind_str(q, 2, prefix);
	db_bind_str(q, 3, end_of(prefix, &end));
	db_bind_str(q, 4, id);
	rc = db_run(q);
	buf_fini(&end);
	return rc;
}

enum rc
inbox_erase_under(struct store *st, const char *channel, struct str prefix,
    struct str id)
{
	enum rc rc = run_under(
	    db_prepare(st->db,
		"UPDATE dead_letter SET text = '' WHERE EXISTS (SELECT 1 FROM inbox i"
		" WHERE i.peer = dead_letter.peer AND i.seq = dead_letter.seq"
		" AND i.peer IN" PEERS_UNDER " AND i.ext_id = $4)"),
	    channel, prefix, id);

	if (rc != RC_OK)
		return rc;
	rc = run_under(db_prepare(st->db,
			   "DELETE FROM note WHERE kind = 'rating'"
			   " AND peer IN" PEERS_UNDER " AND reference = $4"),
	    channel, prefix, id);
	if (rc != RC_OK)
		return rc;
	/* What waits (1) needs no answer any more (0). */
	return run_under(db_prepare(st->db,
			     "UPDATE inbox SET text = '', status = CASE status WHEN 1"
			     " THEN 0 ELSE status END"
			     " WHERE peer IN" PEERS_UNDER " AND ext_id = $4"),
	    channel, prefix, id);
}

enum rc
outbox_find_under(struct store *st, const char *channel, struct str prefix,
    struct str id, struct buf *account)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT p.account FROM outbox o JOIN peer p ON p.id = o.peer"
	    " WHERE p.channel = $1 AND p.account >= $2 AND p.account < $3"
	    " AND o.ext_id = $4 LIMIT 1");
	struct buf end = { 0 };
	enum rc rc;

	db_bind_str(q, 1, str_of(channel));
	db_bind_str(q, 2, prefix);
	db_bind_str(q, 3, end_of(prefix, &end));
	db_bind_str(q, 4, id);
	rc = db_step(q);
	if (rc == RC_OK && account != NULL)
		buf_addstr(account, db_col_str(q, 0));
	db_reset(q);
	buf_fini(&end);
	return rc;
}

/* What the queries below have in common. */
#define OUTBOX_ROWS                                                                    \
	"SELECT o.peer, o.seq, o.reply_to, o.text, o.buttons, o.at, o.status, "        \
	"o.tries,"                                                                     \
	" o.due_at, p.account, coalesce(i.ext_id, ''), o.replaces,"                    \
	" coalesce(r.ext_id, ''), o.documents"                                         \
	" FROM outbox o JOIN peer p ON p.id = o.peer"                                  \
	" LEFT JOIN inbox i ON i.peer = o.peer AND i.seq = o.reply_to"                 \
	" LEFT JOIN outbox r ON r.peer = o.peer AND r.seq = o.replaces"

static void
give_outbox_row(struct stmt *q, outbox_fn *fn, void *arg)
{
	struct outbox_row row = {
		.peer = db_col_int(q, 0),
		.seq = db_col_int(q, 1),
		.reply_to = db_col_int(q, 2),
		.text = db_col_str(q, 3),
		.buttons = db_col_str(q, 4),
		.at_ms = db_col_int(q, 5),
		.status = (enum outbox_status)db_col_int(q, 6),
		.tries = (int)db_col_int(q, 7),
		.due_ms = db_col_int(q, 8),
		.reply_to_id = db_col_str(q, 10),
		.replaces = db_col_int(q, 11),
		.replaces_id = db_col_str(q, 12),
		.n_documents = db_col_int(q, 13),
	};

	fn(arg, &row, db_col_str(q, 9));
}

enum rc
outbox_queued(struct store *st, const char *channel, outbox_fn *fn, void *arg)
{
	/* Two halves, each with an index of its own. */
	struct stmt *q = db_prepare(st->db,
	    OUTBOX_ROWS " WHERE o.status = 1 AND p.channel = $1"
			" UNION ALL " OUTBOX_ROWS
			" WHERE o.status = 3 AND p.channel = $1 ORDER BY 1, 2");
	enum rc rc;

	db_bind_str(q, 1, str_of(channel));
	while ((rc = db_step(q)) == RC_OK)
		give_outbox_row(q, fn, arg);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
outbox_load(struct store *st, int64_t peer, int64_t seq, outbox_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    OUTBOX_ROWS " WHERE o.peer = $1 AND o.seq = $2");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, seq);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	give_outbox_row(q, fn, arg);
	db_reset(q);
	return RC_OK;
}

enum rc
outbox_joined(struct store *st, int64_t peer, int64_t seq, outbox_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    OUTBOX_ROWS " WHERE o.peer = $1 AND o.seq > $2 ORDER BY o.seq");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, seq);
	while ((rc = db_step(q)) == RC_OK && db_col_int(q, 6) == OUTBOX_JOINED)
		give_outbox_row(q, fn, arg);
	db_reset(q);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
lines_after(struct store *st, int64_t peer, int64_t after, int64_t limit, line_fn *fn,
    void *arg)
{
	/* The limit stands in both halves too, so that neither is read to its end. */
	struct stmt *q = db_prepare(st->db,
	    "SELECT * FROM (SELECT seq, 1 AS mine, ext_id, text, '' AS buttons, at,"
	    " 0 AS documents FROM inbox WHERE peer = $1 AND seq > $2"
	    " ORDER BY seq LIMIT $3)"
	    " UNION ALL SELECT * FROM (SELECT seq, 0 AS mine, '' AS ext_id, text, "
	    "buttons,"
	    " at, documents FROM outbox WHERE peer = $1 AND seq > $2 ORDER BY seq "
	    "LIMIT $3)"
	    " ORDER BY seq LIMIT $3");
	enum rc rc;

	db_bind_int(q, 1, peer);
	db_bind_int(q, 2, after);
	db_bind_int(q, 3, limit);
	while ((rc = db_step(q)) == RC_OK) {
		struct line_row row = {
			.seq = db_col_int(q, 0),
			.mine = db_col_int(q, 1) != 0,
			.id = db_col_str(q, 2),
			.text = db_col_str(q, 3),
			.buttons = db_col_str(q, 4),
			.at_ms = db_col_int(q, 5),
			.n_documents = db_col_int(q, 6),
		};

		fn(arg, &row);
	}
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
lines_start(struct store *st, int64_t peer, int64_t limit, int64_t *after)
{
	struct stmt *q = db_prepare(st->db, "SELECT next_seq FROM peer WHERE id = $1");
	enum rc rc;

	*after = 0;
	db_bind_int(q, 1, peer);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*after = db_col_int(q, 0) - 1 - limit;
	if (*after < 0)
		*after = 0;
	db_reset(q);
	return RC_OK;
}
