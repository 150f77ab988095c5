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
	bool underway;
};

/* A message that the channel has. */
struct sending {
	struct flow *flow;
	struct peer *peer;
	struct outmsg m;
	struct document documents[MESSAGE_DOCUMENTS_MAX]; /* of m */
	char *text;                                       /* owns what these point to */
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

static bool
is_blind(const struct peer *p)
{
	return (p->ch->ops->caps & CHANNEL_BLIND) != 0;
}

enum outbox_status
outbox_first_status(const struct peer *p)
{
	if ((p->ch->ops->caps & CHANNEL_PULL) != 0)
		return OUTBOX_SENT;
	if (p->gone)
		return OUTBOX_DEAD;
	/* What can leave at once needs no second commit. */
	return is_blind(p) && p->queue == NULL && !p->leaving ? OUTBOX_UNDERWAY
	                                                      : OUTBOX_QUEUED;
}

void
outbox_fresh(struct flow *f, struct peer *p, const struct outmsg *m,
    enum outbox_status status)
{
	struct fresh *r, **at = &f->fresh;

	if (status == OUTBOX_DEAD)
		return;
	r = arena_alloc(f->arena, sizeof(*r));
	*r = (struct fresh){ NULL, p, *m, status == OUTBOX_UNDERWAY };
	if (f->last_fresh != NULL)
		at = &f->last_fresh->next;
	*at = r;
	f->last_fresh = r;
	p->leaving = p->leaving || r->underway;
}

void
outbox_drop_fresh(struct flow *f)
{
	for (struct fresh *r = f->fresh; r != NULL; r = r->next)
		if (r->underway)
			r->peer->leaving = false;
	f->fresh = f->last_fresh = NULL;
}

void
outbox_queue(struct peer *p, const struct queued *row)
{
	struct queued *q = xcalloc(1, sizeof(*q)), **at = &p->queue;

	*q = *row;
	while (*at != NULL && (*at)->seq < q->seq)
		at = &(*at)->next;
	q->next = *at;
	*at = q;
}

/* --- marks */

void
outbox_add_mark(struct flow *f, struct mark *k)
{
	*f->last_mark = k;
	f->last_mark = &k->next;
	deferral_arm(f->batch);
}

struct mark *
outbox_mark(struct flow *f, const struct peer *p, const struct queued *q,
    enum outbox_status status, struct str id)
{
	struct mark *k = xcalloc(1, sizeof(*k));

	*k = (struct mark){ .peer = p->id,
		.seq = q->seq,
		.status = status,
		.tries = q->tries,
		.due_ms = q->due_ms,
		.id = id.len == 0 ? NULL : xstrndup(id.p, id.len),
		.documents = q->documents };
	outbox_add_mark(f, k);
	return k;
}

static bool
is_final(enum outbox_status status)
{
	return status != OUTBOX_QUEUED && status != OUTBOX_UNDERWAY;
}

static enum rc
run_mark(struct flow *f, const struct mark *k)
{
	enum rc rc;

	if (k->remote != NULL)
		return document_set_remote(f->store, k->peer, k->seq, (int64_t)k->n,
		    str_of(k->remote));
	rc = outbox_set(f->store, k->peer, k->seq, k->status, k->tries, k->due_ms);
	if (rc == RC_OK && k->id != NULL)
		rc = outbox_set_id(f->store, k->peer, k->seq, str_of(k->id));
	if (rc == RC_OK && k->unsent)
		rc = outbox_set_unsent(f->store, k->peer, k->seq,
		    f->hooks.unsent(f->hooks.arg), flow_now(f));
	if (rc == RC_OK && k->documents && is_final(k->status))
		rc = document_empty(f->store, k->peer, k->seq);
	return rc;
}

/* It was about to leave, and will not. */
static bool
is_void(struct flow *f, const struct mark *k)
{
	struct peer *p;

	return f->ended && k->status == OUTBOX_UNDERWAY &&
	       peers_load(f, k->peer, &p) == RC_OK && p->leaving && p->queue != NULL &&
	       p->queue->seq == k->seq;
}

enum rc
outbox_run_marks(struct flow *f)
{
	for (const struct mark *k = f->first_mark; k != NULL; k = k->next) {
		enum rc rc;

		if (is_void(f, k))
			continue;
		rc = run_mark(f, k);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static void
free_mark(struct mark *k)
{
	free(k->id);
	free(k->remote);
	free(k);
}

static struct mark *
take_marks(struct flow *f)
{
	struct mark *first = f->first_mark;

	f->first_mark = NULL;
	f->last_mark = &f->first_mark;
	return first;
}

/* The row stands on disk as under way: it may leave. */
static void
let_go(struct flow *f, const struct mark *k)
{
	struct peer *p;

	if (peers_load(f, k->peer, &p) != RC_OK || !p->leaving || p->queue == NULL ||
	    p->queue->seq != k->seq)
		return;
	p->leaving = false;
	p->queue->underway = true;
	outbox_kick(p);
}

static void
settle_joined(struct flow *f, const struct mark *k)
{
	struct peer *p;

	if (peers_load(f, k->peer, &p) == RC_OK)
		joined_settle(p, k->seq);
}

void
outbox_settle_marks(struct flow *f)
{
	/* What is let go may leave marks of its own, for the next batch. */
	for (struct mark *k = take_marks(f), *next; k != NULL; k = next) {
		next = k->next;
		if (k->done != NULL)
			k->done(k->arg, RC_OK, k->seq);
		else if (k->remote == NULL && k->status == OUTBOX_UNDERWAY)
			let_go(f, k);
		else if (k->remote == NULL && k->status == OUTBOX_JOINED)
			settle_joined(f, k);
		free_mark(k);
	}
}

void
outbox_free_marks(struct flow *f)
{
	for (struct mark *k = take_marks(f), *next; k != NULL; k = next) {
		next = k->next;
		free_mark(k);
	}
}

/* --- how a send can end */

static int64_t
backoff_ms(const struct peer *p, int tries)
{
	int64_t ms = SEND_RETRY_FIRST_MS,
		spread = p->id * 7919 + (int64_t)tries * 104729;

	while (--tries > 0 && ms < SEND_RETRY_LAST_MS)
		ms *= 2;
	if (ms > SEND_RETRY_LAST_MS)
		ms = SEND_RETRY_LAST_MS;
	return ms - spread % (ms / 5);
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
give_up(struct flow *f, struct peer *p, enum outbox_status status)
{
	const struct queued *q = p->queue;

	log_error("outbox: gave up peer=%lld seq=%lld channel=%s tries=%d",
	    (long long)p->id, (long long)q->seq, p->ch->ops->name, q->tries);
	(void)outbox_mark(f, p, q, status, STR(""));
	pop(p);
}

static void
try_again(struct flow *f, struct peer *p, int64_t wait_ms)
{
	struct queued *q = p->queue;

	q->tries++;
	q->due_ms = flow_now(f) + (wait_ms > 0 ? wait_ms : backoff_ms(p, q->tries));
	q->underway = q->again;
	if (q->tries < SEND_TRIES_MAX)
		(void)outbox_mark(f, p, q, q->again ? OUTBOX_UNDERWAY : OUTBOX_QUEUED,
		    STR(""));
	else
		give_up(f, p, OUTBOX_DEAD);
}

static bool
is_overdue(const struct peer *p, const struct queued *q)
{
	return p->ch->unsent_ms > 0 && !q->unasked &&
	       flow_now(p->flow) - q->at_ms > p->ch->unsent_ms;
}

/* The first one becomes an apology, which speaks for all. */
static void
apologise(struct flow *f, struct peer *p)
{
	struct queued *q = p->queue;

	if (!q->apology) {
		log_warn("outbox: not sent in time peer=%lld seq=%lld channel=%s "
			 "tries=%d",
		    (long long)p->id, (long long)q->seq, p->ch->ops->name, q->tries);
		q->apology = true;
		q->at_ms = flow_now(f);
		outbox_mark(f, p, q, OUTBOX_QUEUED, STR(""))->unsent = true;
	}
	while (q->next != NULL && is_overdue(p, q->next)) {
		struct queued *behind = q->next;

		(void)outbox_mark(f, p, behind, OUTBOX_DEAD, STR(""));
		q->next = behind->next;
		free(behind);
	}
}

static void
be_unsure(struct flow *f, struct peer *p)
{
	struct queued *q = p->queue;

	log_warn("outbox: nobody knows whether it arrived peer=%lld seq=%lld "
		 "channel=%s",
	    (long long)p->id, (long long)q->seq, p->ch->ops->name);
	q->tries++;
	q->n_unsure++;
	q->again = true;
	q->due_ms = flow_now(f) + SEND_UNSURE_MS;
	if (q->n_unsure < SEND_UNSURE_MAX)
		(void)outbox_mark(f, p, q, OUTBOX_UNDERWAY, STR(""));
	else
		give_up(f, p, OUTBOX_UNSURE);
}

static void
sent(struct flow *f, struct peer *p, const struct send_result *r)
{
	switch (r->rc) {
	case RC_OK:
		(void)outbox_mark(f, p, p->queue, OUTBOX_SENT, r->id);
		pop(p);
		break;
	case RC_INVALID:
		log_warn("outbox: refused peer=%lld seq=%lld channel=%s",
		    (long long)p->id, (long long)p->queue->seq, p->ch->ops->name);
		(void)outbox_mark(f, p, p->queue, OUTBOX_DEAD, STR(""));
		pop(p);
		break;
	case RC_IO:
		be_unsure(f, p);
		break;
	default:
		try_again(f, p, r->wait_ms);
		if (!r->paced && p->queue != NULL && is_overdue(p, p->queue))
			apologise(f, p);
	}
}

static void
free_sending(struct sending *s)
{
	free(s->text);
	free(s);
}

static void
on_sent(void *arg, const struct send_result *r)
{
	struct sending *s = arg;
	struct peer *p = s->peer;

	if (p != NULL) {
		p->sending = NULL;
		s->flow->n_sending--;
		sent(s->flow, p, r);
	}
	free_sending(s);
	if (p != NULL)
		outbox_kick(p);
}

/* A copy of m that lives until it is sent. */
static struct sending *
prepare(struct peer *p, const struct outmsg *m)
{
	struct sending *s = xcalloc(1, sizeof(*s));
	size_t size = m->account.len + m->reply_to.len + m->replaces.len + m->text.len +
	              documents_size(m) + 1;
	char *at;

	for (size_t i = 0; i < m->n_buttons; i++)
		size += m->buttons[i].len;
	*s = (struct sending){ .flow = p->flow, .peer = p, .m = *m };
	at = s->text = xmalloc(size);
	s->m.account = str_put(&at, m->account);
	s->m.reply_to = str_put(&at, m->reply_to);
	s->m.replaces = str_put(&at, m->replaces);
	s->m.text = str_put(&at, m->text);
	for (size_t i = 0; i < m->n_buttons; i++)
		s->m.buttons[i] = str_put(&at, m->buttons[i]);
	documents_put(&at, m, s->documents);
	s->m.documents = s->documents;
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
	struct arena *arena;
	struct sending *sending;
	enum rc rc;
	struct document documents[MESSAGE_DOCUMENTS_MAX];
	size_t n_documents;
};

static void
load_row(void *arg, const struct outbox_row *row, struct str account)
{
	struct loading *l = arg;
	struct outmsg m = {
		.peer = row->peer,
		.seq = row->seq,
		.account = account,
		.reply_to = row->reply_to_id,
		.replaces = row->replaces_id,
		.replaces_seq = row->replaces,
		.text = row->text,
		.documents = l->documents,
		.n_documents = l->n_documents,
		.at_ms = row->at_ms,
	};
	struct buf marked = { 0 };

	outbox_split_buttons(row->buttons, &m);
	if (l->peer->ch->ops->crowded != NULL && !l->peer->queue->apology)
		l->rc = joined_load(l->peer->flow->store, &m, l->arena);
	/* A change can be made twice. */
	if (l->peer->queue->again && m.replaces.len == 0) {
		const struct flow_hooks *hooks = &l->peer->flow->hooks;

		buf_addstr(&marked, row->text);
		if (row->text.len > 0)
			buf_adds(&marked, "\n\n");
		buf_addstr(&marked, hooks->again(hooks->arg));
		m.text = buf_str(&marked);
	}
	l->sending = prepare(l->peer, &m);
	buf_fini(&marked);
}

/* The first of the queue, to be sent. RC_NOTFOUND: it was erased. */
static enum rc
load_first(struct peer *p, struct sending **out)
{
	struct loading l = { .peer = p, .arena = arena_new() };
	const struct queued *q = p->queue;
	enum rc rc = RC_OK;

	if (q->documents)
		rc = documents_load(p->flow, p->id, q->seq, true, l.arena, l.documents,
		    &l.n_documents);
	if (rc == RC_OK)
		rc = outbox_load(p->flow->store, p->id, q->seq, load_row, &l);
	arena_free(l.arena);
	if (rc == RC_OK)
		rc = l.rc;
	if (rc != RC_OK && l.sending != NULL) {
		free_sending(l.sending);
		l.sending = NULL;
	}
	*out = l.sending;
	return rc;
}

/* Whether the first of the queue could be sent, or is of no more concern. */
static bool
send_first(struct peer *p)
{
	struct sending *first;
	enum rc rc = load_first(p, &first);

	if (rc == RC_OK) {
		send_now(p, first);
	} else if (rc == RC_NOTFOUND) {
		pop(p);
		outbox_kick(p);
	}
	return rc == RC_OK || rc == RC_NOTFOUND;
}

void
outbox_kick(struct peer *p)
{
	int64_t wait;

	if (p->sending != NULL || p->queue == NULL || p->resend != NULL ||
	    p->flow->ended)
		return;
	wait = p->queue->due_ms - flow_now(p->flow);
	if (wait <= 0 && joined_begin(p))
		return;
	if (wait <= 0 && is_blind(p) && !p->queue->underway) {
		if (!p->leaving)
			(void)outbox_mark(p->flow, p, p->queue, OUTBOX_UNDERWAY,
			    STR(""));
		p->leaving = true;
		return;
	}
	if (wait <= 0 && send_first(p))
		return;
	if (wait <= 0)
		wait = SEND_RETRY_FIRST_MS;
	/* Not for longer, also if the wall clock was set back since. */
	if (wait > SEND_WAIT_MAX_MS)
		wait = SEND_WAIT_MAX_MS;
	p->resend = loop_after(p->flow->loop, wait, on_resend, p);
}

/* Channels that pull are told if they are connected; the rest is on disk. */
static void
on_told(void *arg, const struct send_result *r)
{
	(void)arg;
	(void)r;
}

static void
send_one_fresh(struct fresh *r)
{
	struct peer *p = r->peer;

	if (p->gone) { /* in the same batch, after it */
		p->leaving = p->leaving && !r->underway;
		return;
	}
	outbox_queue(p, &(struct queued){ .seq = r->m.seq,
			    .due_ms = r->m.at_ms,
			    .at_ms = r->m.at_ms,
			    .underway = r->underway,
			    .unasked = r->m.reply_to.len == 0,
			    .documents = r->m.n_documents > 0,
			    .alone = r->m.replaces.len > 0 || r->m.n_documents > 0 });
	if (r->underway)
		p->leaving = false;
	if (p->sending == NULL && p->queue->seq == r->m.seq && p->resend == NULL &&
	    (r->underway || !is_blind(p)))
		send_now(p, prepare(p, &r->m));
	else
		outbox_kick(p);
}

void
outbox_send_fresh(struct flow *f)
{
	struct fresh *r = f->fresh;

	f->fresh = f->last_fresh = NULL;
	for (; r != NULL; r = r->next)
		if ((r->peer->ch->ops->caps & CHANNEL_PULL) != 0)
			r->peer->ch->ops->send(r->peer->ch, &r->m, on_told, NULL);
		else
			send_one_fresh(r);
}

static void
pop_all(struct peer *p)
{
	while (p->queue != NULL)
		pop(p);
	loop_cancel(p->resend);
	p->resend = NULL;
}

void
outbox_cancel(struct peer *p)
{
	struct queued **at;

	if (p->sending == NULL) {
		pop_all(p);
		p->leaving = false;
		return;
	}
	/* What is on its way says by itself how it ends. */
	for (at = &p->queue->next; *at != NULL;) {
		struct queued *q = *at;

		*at = q->next;
		free(q);
	}
}

void
outbox_forget(struct peer *p)
{
	pop_all(p);
	if (p->sending != NULL) {
		p->sending->peer = NULL; /* its done frees it */
		p->sending = NULL;
		p->flow->n_sending--;
	}
}
