/*
 * peer_repo.c - people on channels, and the state of the conversation with each.
 */
#include <stdio.h>
#include <string.h>

#include "bot/store/store_priv.h"

static void
take_row(struct stmt *q, struct peer_row *out)
{
	struct str channel = db_col_str(q, 2);

	out->id = db_col_int(q, 0);
	out->next_seq = db_col_int(q, 1);
	(void)snprintf(out->channel, sizeof(out->channel), "%.*s", STR_ARG(channel));
}

enum rc
peer_find(struct store *st, const char *channel, struct str account,
    struct peer_row *out, struct buf *state)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT id, next_seq, channel, state FROM peer"
	    " WHERE channel = $1 AND account = $2");
	enum rc rc;

	db_bind_str(q, 1, str_of(channel));
	db_bind_str(q, 2, account);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	take_row(q, out);
	if (state != NULL)
		buf_addstr(state, db_col_str(q, 3));
	db_reset(q);
	return RC_OK;
}

enum rc
peer_load(struct store *st, int64_t id, struct peer_row *out, struct buf *state,
    struct buf *account)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT id, next_seq, channel, state, account FROM peer WHERE id = $1");
	enum rc rc;

	db_bind_int(q, 1, id);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	take_row(q, out);
	buf_addstr(state, db_col_str(q, 3));
	buf_addstr(account, db_col_str(q, 4));
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
	    " VALUES ($1, $2, 1, '', $3, $4) RETURNING id, next_seq, channel");
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
