/*
 * notices.c - lines that answer nothing: what a turn leaves for other peers, in its transaction;
 * and what the bot says on its own, in one that is made for it.
 *
 * The other peer may be one that another process serves, or that nobody serves now: a name in
 * a terminal. Its line then waits in the outbox until somebody does.
 */
#include "bot/flow/flow_priv.h"
#include "credbot/base/log.h"

struct leaving {
	struct flow *flow;
	const struct turn_notice *notice;
	bool unasked;
};

static enum rc
leave_row(const struct leaving *l, int64_t seq, enum outbox_status status)
{
	int64_t now = flow_now(l->flow);
	struct outbox_row row = {
		.peer = l->notice->peer,
		.seq = seq,
		.text = l->notice->text,
		.buttons = l->notice->button,
		.at_ms = now,
		.status = status,
		.due_ms = now,
	};

	return outbox_add(l->flow->store, &row);
}

static enum rc
count_on(const struct leaving *l, int64_t peer, int64_t next_seq, struct str state)
{
	struct flow *f = l->flow;

	if (l->unasked)
		return peer_set_seq(f->store, peer, next_seq);
	return peer_save(f->store, peer, next_seq, state, flow_now(f));
}

static enum rc
leave_here(const struct leaving *l, struct peer *p)
{
	enum outbox_status status = outbox_first_status(p);
	struct outmsg m = {
		.peer = p->id,
		.seq = p->next_seq,
		.account = str_of(p->account),
		.text = l->notice->text,
		.buttons = { l->notice->button },
		.n_buttons = l->notice->button.len > 0,
		.at_ms = flow_now(l->flow),
	};
	enum rc rc;

	peers_touch(p);
	rc = leave_row(l, p->next_seq, status);
	if (rc != RC_OK)
		return rc;
	p->next_seq++;
	outbox_fresh(l->flow, p, &m, status);
	return count_on(l, p->id, p->next_seq, buf_str(&p->state));
}

static enum rc
leave_there(const struct leaving *l, const struct peer_row *row, struct str state)
{
	enum rc rc = leave_row(l, row->next_seq, OUTBOX_QUEUED);

	return rc == RC_OK ? count_on(l, row->id, row->next_seq + 1, state) : rc;
}

static bool
is_shared(struct channel *ch, struct str account)
{
	return ch->ops->is_shared != NULL && ch->ops->is_shared(ch, account);
}

static enum rc
leave_one(const struct leaving *l)
{
	struct flow *f = l->flow;
	int64_t id = l->notice->peer;
	struct buf state = { 0 }, account = { 0 };
	struct peer_row row;
	struct peer *p;
	struct channel *ch = NULL;
	enum rc rc = peer_load(f->store, id, &row, &state, &account);

	if (rc == RC_OK)
		ch = flow_channel(f, row.channel);
	if (rc == RC_OK && ch != NULL && is_shared(ch, buf_str(&account))) {
		/* It is nobody else's business what a person does elsewhere. */
		log_warn("flow: no notice into a group peer=%lld", (long long)id);
	} else if (rc == RC_OK && ch != NULL && flow_serves(ch, buf_str(&account))) {
		rc = peers_load(f, id, &p);
		if (rc == RC_OK)
			rc = leave_here(l, p);
	} else if (rc == RC_OK) {
		rc = leave_there(l, &row, buf_str(&state));
	}
	buf_fini(&state);
	buf_fini(&account);
	/* A peer whose data were deleted meanwhile needs no notice. */
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
notices_leave(struct flow *f, const struct turn_notice *v, size_t n, bool unasked)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = leave_one(&(struct leaving){ f, &v[i], unasked });
	return rc;
}

/* --- unasked */

struct saying {
	flow_say_fn *fn;
	void *arg;
	enum rc rc; /* what fn said */
};

static enum rc
say(struct flow *f)
{
	struct saying *s = f->saying;
	struct turn_notice lines[TURN_NOTICES_MAX];
	size_t n = 0;

	s->rc = s->fn(s->arg, f->store, f->arena, lines, &n);
	if (s->rc == RC_IO)
		return RC_IO;
	/* Rolls back; what it means is for the caller. */
	if (s->rc != RC_OK)
		return RC_AGAIN;
	return notices_leave(f, lines, n, true);
}

enum rc
flow_say(struct flow *f, flow_say_fn *fn, void *arg)
{
	struct saying s = { .fn = fn, .arg = arg };
	enum rc rc;

	f->saying = &s;
	rc = inbox_run(f, say);
	f->saying = NULL;
	return rc == RC_AGAIN && s.rc != RC_OK ? s.rc : rc;
}

bool
flow_is_private(struct flow *f, int64_t peer)
{
	struct buf state = { 0 }, account = { 0 };
	struct peer_row row;
	struct channel *ch = NULL;
	enum rc rc = peer_load(f->store, peer, &row, &state, &account);
	bool alone;

	if (rc == RC_IO)
		flow_broken("reading a peer");
	if (rc == RC_OK)
		ch = flow_channel(f, row.channel);
	alone = rc == RC_OK && row.gone_at_ms == 0 &&
	        (ch == NULL || !is_shared(ch, buf_str(&account)));
	buf_fini(&state);
	buf_fini(&account);
	return alone;
}
