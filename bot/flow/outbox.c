/*
 * outbox.c - sends what is queued: in order, one message of a peer at a time, so that an
 * answer that must be retried is not overtaken by the next one. Other peers go on.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/flow/flow_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

/* A reply of the batch under way; everything lives in the batch's arena. */
struct fresh {
	struct fresh *next;
	struct peer *peer;
	struct outmsg m;
};

/* A message that the channel has. */
struct sending {
	struct flow *flow;
	struct peer *peer;
	struct outmsg m;
	char *text; /* owns what m points to */
};

void
outbox_split_buttons(struct str lines, struct outmsg *m)
{
	m->n_buttons = 0;
	if (lines.len == 0)
		return;
	while (lines.p != NULL && m->n_buttons < MESSAGE_BUTTONS_MAX)
		m->buttons[m->n_buttons++] = str_cut(&lines, '\n');
}

void
outbox_fresh(struct flow *f, struct peer *p, const struct outmsg *m)
{
	struct fresh *r = arena_alloc(f->arena, sizeof(*r)), **at = &f->fresh;

	*r = (struct fresh){ NULL, p, *m };
	if (f->last_fresh != NULL)
		at = &f->last_fresh->next;
	*at = r;
	f->last_fresh = r;
}

void
outbox_drop_fresh(struct flow *f)
{
	f->fresh = f->last_fresh = NULL;
}

void
outbox_queue(struct peer *p, int64_t seq, int tries, int64_t due_ms)
{
	struct queued *q = xcalloc(1, sizeof(*q)), **at = &p->queue;

	*q = (struct queued){ .seq = seq, .tries = tries, .due_ms = due_ms };
	while (*at != NULL && (*at)->seq < seq)
		at = &(*at)->next;
	q->next = *at;
	*at = q;
}

static void
mark(struct flow *f, const struct peer *p, const struct queued *q,
    enum outbox_status status)
{
	struct mark *k = xcalloc(1, sizeof(*k));

	*k = (struct mark){ NULL, p->id, q->seq, status, q->tries, q->due_ms };
	*f->last_mark = k;
	f->last_mark = &k->next;
	deferral_arm(f->batch);
}

static int64_t
backoff_ms(int tries)
{
	int64_t ms = SEND_RETRY_FIRST_MS;

	while (--tries > 0 && ms < SEND_RETRY_LAST_MS)
		ms *= 2;
	return ms < SEND_RETRY_LAST_MS ? ms : SEND_RETRY_LAST_MS;
}

static void
on_resend(void *arg)
{
	struct peer *p = arg;

	p->resend = NULL;
	if (p->queue != NULL)
		p->queue->due_ms = flow_now(p->flow); /* we have waited */
	outbox_kick(p);
}

static void
pop(struct peer *p)
{
	struct queued *q = p->queue;

	p->queue = q->next;
	free(q);
}

static void
sent(struct flow *f, struct peer *p, enum rc rc)
{
	struct queued *q = p->queue;

	switch (rc) {
	case RC_OK:
		mark(f, p, q, OUTBOX_SENT);
		pop(p);
		break;
	case RC_INVALID:
		log_warn("outbox: refused peer=%lld seq=%lld channel=%s",
		    (long long)p->id, (long long)q->seq, p->ch->ops->name);
		mark(f, p, q, OUTBOX_DEAD);
		pop(p);
		break;
	default:
		q->tries++;
		q->due_ms = flow_now(f) + backoff_ms(q->tries);
		if (q->tries < SEND_TRIES_MAX) {
			mark(f, p, q, OUTBOX_QUEUED);
			break;
		}
		log_error("outbox: gave up peer=%lld seq=%lld channel=%s tries=%d",
		    (long long)p->id, (long long)q->seq, p->ch->ops->name, q->tries);
		mark(f, p, q, OUTBOX_DEAD);
		pop(p);
	}
}

static void
on_sent(void *arg, enum rc rc)
{
	struct sending *s = arg;
	struct peer *p = s->peer;

	if (p != NULL) {
		p->sending = NULL;
		s->flow->n_sending--;
		sent(s->flow, p, rc);
	}
	free(s->text);
	free(s);
	if (p != NULL)
		outbox_kick(p);
}

/* A copy of m that lives until it is sent. */
static struct sending *
prepare(struct peer *p, const struct outmsg *m)
{
	struct sending *s = xcalloc(1, sizeof(*s));
	size_t size = m->account.len + m->text.len + 1;
	char *at;

	for (size_t i = 0; i < m->n_buttons; i++)
		size += m->buttons[i].len;
	*s = (struct sending){ p->flow, p, *m, xmalloc(size) };
	at = s->text;
	s->m.account = str_put(&at, m->account);
	s->m.text = str_put(&at, m->text);
	for (size_t i = 0; i < m->n_buttons; i++)
		s->m.buttons[i] = str_put(&at, m->buttons[i]);
	return s;
}

static void
send_now(struct peer *p, struct sending *s)
{
	p->sending = s;
	p->flow->n_sending++;
	p->ch->ops->send(p->ch, &s->m, on_sent, s);
}

struct loading {
	struct peer *peer;
	struct sending *sending;
};

static void
load_row(void *arg, const struct outbox_row *row, struct str account)
{
	struct loading *l = arg;
	struct outmsg m = {
		.peer = row->peer,
		.seq = row->seq,
		.account = account,
		.text = row->text,
		.at_ms = row->at_ms,
	};

	outbox_split_buttons(row->buttons, &m);
	l->sending = prepare(l->peer, &m);
}

void
outbox_kick(struct peer *p)
{
	struct loading l = { .peer = p };
	int64_t wait;

	if (p->sending != NULL || p->queue == NULL || p->resend != NULL)
		return;
	wait = p->queue->due_ms - flow_now(p->flow);
	if (wait <= 0 &&
	    outbox_load(p->flow->store, p->id, p->queue->seq, load_row, &l) == RC_OK) {
		send_now(p, l.sending);
		return;
	}
	if (wait <= 0)
		wait = SEND_RETRY_FIRST_MS;
	/* Not for longer, also if the wall clock was set back since. */
	if (wait > SEND_RETRY_LAST_MS)
		wait = SEND_RETRY_LAST_MS;
	p->resend = loop_after(p->flow->loop, wait, on_resend, p);
}

/* Channels that pull are told if they are connected; the rest is on disk. */
static void
on_told(void *arg, enum rc rc)
{
	(void)arg;
	(void)rc;
}

void
outbox_send_fresh(struct flow *f)
{
	struct fresh *r = f->fresh;

	outbox_drop_fresh(f);
	for (; r != NULL; r = r->next) {
		struct peer *p = r->peer;

		if ((p->ch->ops->caps & CHANNEL_PULL) != 0) {
			p->ch->ops->send(p->ch, &r->m, on_told, NULL);
			continue;
		}
		outbox_queue(p, r->m.seq, 0, r->m.at_ms);
		if (p->sending == NULL && p->queue->seq == r->m.seq &&
		    p->resend == NULL)
			send_now(p, prepare(p, &r->m));
	}
}

void
outbox_forget(struct peer *p)
{
	while (p->queue != NULL)
		pop(p);
	loop_cancel(p->resend);
	p->resend = NULL;
	if (p->sending != NULL) {
		p->sending->peer = NULL; /* its done frees it */
		p->sending = NULL;
		p->flow->n_sending--;
	}
}
