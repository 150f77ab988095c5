/*
 * backlog.c - what was written long ago, while the program or the network was away: one
 * apology with one answer for all that a peer wrote in that time, instead of a flood of answers
 * to questions that may be settled by now.
 *
 * Such a text waits in the inbox, as MESSAGE_OLD, until no further one has come for a while,
 * or the peer writes something new. The last one is answered, the others are done with; the
 * answer says so.
 */
#include "bot/flow/flow_priv.h"

struct burst {
	struct inbox_row last;
	struct arena *arena;
	size_t n;
};

static void
count(void *arg, const struct inbox_row *row, struct str account)
{
	struct burst *b = arg;

	(void)account;
	if (row->kind != MESSAGE_OLD)
		return;
	b->n++;
	b->last = *row;
	b->last.id = arena_str(b->arena, row->id);
	b->last.text = arena_str(b->arena, row->text);
}

bool
backlog_is_old(const struct flow *f, const struct inmsg *m)
{
	return m->kind == MESSAGE_TEXT && m->sent_ms > 0 &&
	       flow_now(f) - m->sent_ms > LATE_MS;
}

enum rc
backlog_hold(struct peer *p, const struct inmsg *m, struct inbox_row *row)
{
	row->kind = MESSAGE_OLD;
	row->status = INBOX_WAITING;
	row->due_ms = flow_now(p->flow) + LATE_HOLD_MS;
	if (m->sent_ms > p->old_until_ms)
		p->old_until_ms = m->sent_ms;
	return inbox_add(p->flow->store, row);
}

bool
backlog_needs_apology(struct peer *p)
{
	/* After a restart nobody knows how old they are: better twice than never. */
	bool needed = p->old_until_ms == 0 || p->old_until_ms > p->sorry_until_ms;

	if (needed)
		p->sorry_until_ms = flow_now(p->flow);
	p->old_until_ms = 0;
	return needed;
}

enum rc
backlog_take(struct flow *f, struct peer *p, int64_t due_by, struct bundle *out,
    size_t *n)
{
	struct burst b = { .arena = f->arena };
	enum rc rc = inbox_waiting_of(f->store, p->id, count, &b);

	*n = 0;
	if (rc != RC_OK || b.n == 0 || b.last.due_ms > due_by)
		return rc;
	*n = b.n;
	bundle_add(out, f, p, &b.last);
	return b.n == 1 ? RC_OK
	                : inbox_settle_before(f->store, p->id, MESSAGE_OLD, b.last.seq);
}
