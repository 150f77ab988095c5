/*
 * joined.c - says together what must wait for a network that limits how often we write.
 *
 * Which rows are said with which stands on disk before the first of them leaves: sent once
 * more, after a restart, it is the same message, which the network then knows. A row with
 * OUTBOX_JOINED belongs to the nearest one before it that has another status.
 */
#include <stdlib.h>

#include "bot/flow/flow_priv.h"

/* More is no message but a page; and with ten the largest ones still fit. */
#define JOINED_MAX 10
/* Between two answers. */
#define BETWEEN "\n\n· · ·\n\n"

bool
joined_begin(struct peer *p)
{
	const struct channel_ops *ops = p->ch->ops;
	struct queued *first = p->queue;
	int n = 0;

	/* What was tried has its name in the network already. */
	if (p->joining || ops->crowded == NULL || first->tries > 0 || first->alone ||
	    first->next == NULL || !ops->crowded(p->ch))
		return p->joining;
	for (struct queued *q = first->next;
	     q != NULL && !q->alone && q->tries == 0 && n < JOINED_MAX; q = q->next) {
		(void)outbox_mark(p->flow, p, q, OUTBOX_JOINED, STR(""));
		q->joining = true;
		n++;
	}
	p->joining = n > 0;
	return p->joining;
}

void
joined_settle(struct peer *p, int64_t seq)
{
	bool left = false;

	for (struct queued **at = &p->queue; *at != NULL;) {
		struct queued *q = *at;

		if (q->seq == seq) {
			*at = q->next;
			free(q);
			continue;
		}
		left = left || q->joining;
		at = &q->next;
	}
	if (left || !p->joining)
		return;
	p->joining = false;
	/* Once: what came meanwhile waits for the next message. */
	if (p->queue != NULL)
		p->queue->alone = true;
	outbox_kick(p);
}

struct joining {
	struct outmsg *m;
	struct arena *arena;
	struct buf text;
};

static void
add_row(void *arg, const struct outbox_row *row, struct str account)
{
	struct joining *j = arg;

	(void)account;
	if (j->text.len == 0)
		buf_addstr(&j->text, j->m->text);
	buf_adds(&j->text, BETWEEN);
	buf_addstr(&j->text, row->text);
	/* The last one's are open. */
	outbox_split_buttons(arena_str(j->arena, row->buttons), j->m);
	j->m->reply_to = arena_str(j->arena, row->reply_to_id);
}

enum rc
joined_load(struct store *st, struct outmsg *m, struct arena *a)
{
	struct joining j = { m, a, { 0 } };
	enum rc rc = outbox_joined(st, m->peer, m->seq, add_row, &j);

	if (j.text.len > 0)
		m->text = arena_str(a, buf_str(&j.text));
	buf_fini(&j.text);
	return rc;
}
