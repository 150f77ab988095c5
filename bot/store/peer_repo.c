/*
 * peer_repo.c - people on channels, and the state of the conversation with each.
 */
#include <stdio.h>
#include <string.h>

#include "bot/store/store_priv.h"

static void
take_row(struct stmt *q, struct peer_row *out)
{
	struct str channel = db_col_str(q, 2), lang = db_col_str(q, 4);

	out->id = db_col_int(q, 0);
	out->next_seq = db_col_int(q, 1);
	out->gone_at_ms = db_col_int(q, 3);
	(void)snprintf(out->channel, sizeof(out->channel), "%.*s", STR_ARG(channel));
	(void)snprintf(out->lang, sizeof(out->lang), "%.*s", STR_ARG(lang));
}

enum rc
peer_find(struct store *st, const char *channel, struct str account,
    struct peer_row *out, struct buf *state)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT id, next_seq, channel, gone_at, lang, state FROM peer"
	    " WHERE channel = $1 AND account = $2");
	enum rc rc;

	db_bind_str(q, 1, str_of(channel));
	db_bind_str(q, 2, account);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	take_row(q, out);
	if (state != NULL)
		buf_addstr(state, db_col_str(q, 5));
	db_reset(q);
	return RC_OK;
}

enum rc
peer_load(struct store *st, int64_t id, struct peer_row *out, struct buf *state,
    struct buf *account)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT id, next_seq, channel, gone_at, lang, state, account FROM peer"
	    " WHERE id = $1");
	enum rc rc;

	db_bind_int(q, 1, id);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	take_row(q, out);
	buf_addstr(state, db_col_str(q, 5));
	buf_addstr(account, db_col_str(q, 6));
	db_reset(q);
	return RC_OK;
}

enum rc
peer_add(struct store *st, const char *channel, struct str account, int64_t now_ms,
    struct peer_row *out)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO peer (channel, account, next_seq, state, created_at, "
	    "updated_at)"
	    " VALUES ($1, $2, 1, '', $3, $4) RETURNING id, next_seq, channel, gone_at, "
	    "lang");
	enum rc rc;

	db_bind_str(q, 1, str_of(channel));
	db_bind_str(q, 2, account);
	db_bind_int(q, 3, now_ms);
	db_bind_int(q, 4, now_ms);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	take_row(q, out);
	return db_run(q);
}

enum rc
peer_move(struct store *st, const char *channel, struct str from, struct str to)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE peer SET account = $1 || substr(account, length($2) + 1)"
	    " WHERE channel = $3 AND substr(account, 1, length($2)) = $2"
	    " AND NOT EXISTS (SELECT 1 FROM peer AS there WHERE there.channel = $3"
	    " AND there.account = $1 || substr(peer.account, length($2) + 1))");

	db_bind_str(q, 1, to);
	db_bind_str(q, 2, from);
	db_bind_str(q, 3, str_of(channel));
	return db_run(q);
}

enum rc
peer_save(struct store *st, int64_t id, int64_t next_seq, struct str state,
    int64_t now_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE peer SET next_seq = $1, state = $2, updated_at = $3 WHERE id = $4");

	db_bind_int(q, 1, next_seq);
	db_bind_str(q, 2, state);
	db_bind_int(q, 3, now_ms);
	db_bind_int(q, 4, id);
	return db_run(q);
}

enum rc
peer_set_seq(struct store *st, int64_t id, int64_t next_seq)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE peer SET next_seq = $1 WHERE id = $2");

	db_bind_int(q, 1, next_seq);
	db_bind_int(q, 2, id);
	return db_run(q);
}

enum rc
peer_set_lang(struct store *st, int64_t id, struct str lang)
{
	struct stmt *q = db_prepare(st->db, "UPDATE peer SET lang = $1 WHERE id = $2");

	db_bind_str(q, 1, lang);
	db_bind_int(q, 2, id);
	return db_run(q);
}

/* Accounts from first on, below end: one account, or all that begin with it and a slash. */
struct span {
	struct str first, end;
};

static struct span
span_of(struct str accounts, struct buf *b)
{
	bool all = accounts.len > 0 && accounts.p[accounts.len - 1] == '/';

	buf_addstr(b, accounts);
	if (all)
		b->data[b->len - 1]++; /* what follows a slash in every order */
	else
		buf_add(b, "\x01", 1); /* no account has it */
	return (struct span){ accounts, buf_str(b) };
}

static void
bind_span(struct stmt *q, int i, const char *channel, const struct span *s)
{
	db_bind_str(q, i, str_of(channel));
	db_bind_str(q, i + 1, s->first);
	db_bind_str(q, i + 2, s->end);
}

static enum rc
cancel_queued(struct store *st, const char *channel, const struct span *s)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE outbox SET status = $1 WHERE status IN ($2, $3) AND peer IN"
	    " (SELECT id FROM peer WHERE channel = $4 AND account >= $5"
	    " AND account < $6)");

	db_bind_int(q, 1, OUTBOX_DEAD);
	db_bind_int(q, 2, OUTBOX_QUEUED);
	db_bind_int(q, 3, OUTBOX_UNDERWAY);
	bind_span(q, 4, channel, s);
	return db_run(q);
}

enum rc
peer_set_gone(struct store *st, const char *channel, struct str accounts, int64_t at_ms,
    struct str why)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE peer SET gone_at = $1, gone_why = $2"
	    " WHERE channel = $3 AND account >= $4 AND account < $5"
	    " AND (gone_at = 0) = ($1 <> 0)");
	struct buf end = { 0 };
	struct span s = span_of(accounts, &end);
	enum rc rc;

	db_bind_int(q, 1, at_ms);
	db_bind_str(q, 2, why);
	bind_span(q, 3, channel, &s);
	rc = db_run(q);
	if (rc == RC_OK && at_ms != 0)
		rc = cancel_queued(st, channel, &s);
	buf_fini(&end);
	return rc;
}

enum rc
peer_gone_each(struct store *st, const char *channel, gone_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT account, gone_at, gone_why FROM peer"
	    " WHERE channel = $1 AND gone_at <> 0 ORDER BY gone_at");
	enum rc rc;

	db_bind_str(q, 1, str_of(channel));
	while ((rc = db_step(q)) == RC_OK)
		fn(arg, db_col_str(q, 0), db_col_int(q, 1), db_col_str(q, 2));
	return rc == RC_NOTFOUND ? RC_OK : rc;
}
