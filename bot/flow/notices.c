/*
 * notices.c - what a turn leaves for others: lines for other peers, in its transaction.
 *
 * The other peer may be one that another process serves, or that nobody serves now: a name in
 * a terminal. Its line then waits in the outbox until somebody does.
 */
#include "bot/flow/flow_priv.h"
#include "credbot/base/log.h"

static enum rc
leave_row(struct flow *f, const struct turn_notice *n, int64_t seq,
    enum outbox_status status)
{
	int64_t now = flow_now(f);
	struct outbox_row row = {
		.peer = n->peer,
		.seq = seq,
		.text = n->text,
		.at_ms = now,
		.status = status,
		.due_ms = now,
	};

	return outbox_add(f->store, &row);
}

static enum rc
leave_here(struct flow *f, struct peer *p, const struct turn_notice *n)
{
	enum outbox_status status = outbox_first_status(p);
	struct outmsg m = {
		.peer = p->id,
		.seq = p->next_seq,
		.account = str_of(p->account),
		.text = n->text,
		.at_ms = flow_now(f),
	};
	enum rc rc;

	peers_touch(p);
	rc = leave_row(f, n, p->next_seq, status);
	if (rc != RC_OK)
		return rc;
	p->next_seq++;
	outbox_fresh(f, p, &m, status);
	return peer_save(f->store, p->id, p->next_seq, buf_str(&p->state), flow_now(f));
}

static enum rc
leave_there(struct flow *f, const struct turn_notice *n, const struct peer_row *row,
    struct str state)
{
	enum rc rc = leave_row(f, n, row->next_seq, OUTBOX_QUEUED);

	if (rc != RC_OK)
		return rc;
	return peer_save(f->store, row->id, row->next_seq + 1, state, flow_now(f));
}

static bool
is_shared(struct channel *ch, struct str account)
{
	return ch->ops->is_shared != NULL && ch->ops->is_shared(ch, account);
}

static enum rc
leave_one(struct flow *f, const struct turn_notice *n)
{
	struct buf state = { 0 }, account = { 0 };
	struct peer_row row;
	struct peer *p;
	struct channel *ch = NULL;
	enum rc rc = peer_load(f->store, n->peer, &row, &state, &account);

	if (rc == RC_OK)
		ch = flow_channel(f, row.channel);
	if (rc == RC_OK && ch != NULL && is_shared(ch, buf_str(&account))) {
		/* It is nobody else's business what a person does elsewhere. */
		log_warn("flow: no notice into a group peer=%lld", (long long)n->peer);
	} else if (rc == RC_OK && ch != NULL && flow_serves(ch, buf_str(&account))) {
		rc = peers_load(f, n->peer, &p);
		if (rc == RC_OK)
			rc = leave_here(f, p, n);
	} else if (rc == RC_OK) {
		rc = leave_there(f, n, &row, buf_str(&state));
	}
	buf_fini(&state);
	buf_fini(&account);
	/* A peer whose data were deleted meanwhile needs no notice. */
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
notices_leave(struct flow *f, const struct turn_out *out)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < out->n_notices; i++)
		rc = leave_one(f, &out->notices[i]);
	return rc;
}
