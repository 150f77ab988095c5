/*
 * dispatch.c - one message within a batch: is it new, is it wanted, and which messages
 * belong together.
 */
#include <ctype.h>
#include <stdio.h>

#include "bot/flow/flow_priv.h"
#include "credbot/base/log.h"
#include "credbot/base/utf8.h"

/* --- rows that wait */

/* Which of a peer's waiting rows belong to the next turn. */
struct picking {
	struct flow *flow;
	struct peer *peer;
	struct bundle *bundle;
	bool failed_before; /* one that is tried again, else those that wait for more */
	int64_t due_by;     /* wall; INT64_MAX: all */
};

static void
pick(void *arg, const struct inbox_row *row, struct str account)
{
	struct picking *k = arg;

	(void)account;
	if (row->kind == MESSAGE_OLD || row->due_ms > k->due_by ||
	    (row->tries > 0) != k->failed_before ||
	    k->bundle->n == (k->failed_before ? 1 : FRAGMENTS_MAX))
		return;
	bundle_add(k->bundle, k->flow, k->peer, row);
}

static enum rc
take_waiting(struct flow *f, struct peer *p, bool failed_before, int64_t due_by,
    struct bundle *b)
{
	struct picking k = { f, p, b, failed_before, due_by };

	return inbox_waiting_of(f->store, p->id, pick, &k);
}

/* How often the process ended on a message. */
static enum rc
tries_of(struct flow *f, const struct inmsg *m, int *tries)
{
	*tries = 0;
	if (!f->any_attempts)
		return RC_OK;
	return attempt_get(f->store, m->channel, m->account, m->id, tries);
}

static enum rc
bury_poison(struct flow *f, struct peer *p, struct bundle *b, int tries)
{
	const struct inmsg *last = &b->messages[b->n - 1];
	enum rc rc;

	for (size_t i = 0; i < b->n; i++)
		b->rows[i].tries = tries;
	rc = turns_bury(f, p, b, "the program ended while it worked on this message");
	if (rc == RC_OK)
		rc = attempt_clear(f->store, last->channel, last->account, last->id);
	return rc;
}

static enum rc
run_waiting(struct flow *f, struct peer *p, struct bundle *b, size_t n_old)
{
	struct turn_in in = { .last_call = true, .n_old = n_old };
	int tries;
	enum rc rc = tries_of(f, &b->messages[b->n - 1], &tries);

	if (rc != RC_OK)
		return rc;
	if (tries >= FLOW_TRIES_MAX)
		return bury_poison(f, p, b, tries);
	in.late = n_old > 0 && backlog_needs_apology(p);
	return turns_run(f, p, b, &in);
}

/* All that was written long ago, if the last of it is due. */
static enum rc
run_backlog(struct flow *f, struct peer *p, int64_t due_by)
{
	struct bundle b = { .n = 0 };
	size_t n_old;
	enum rc rc = backlog_take(f, p, due_by, &b, &n_old);

	return rc == RC_OK && b.n > 0 ? run_waiting(f, p, &b, n_old) : rc;
}

enum rc
dispatch_due(struct flow *f, struct peer *p, bool all)
{
	int64_t now = flow_now(f), due_by;
	enum rc rc;

	/* A timer that fired means due, whatever became of the wall clock meanwhile. */
	due_by = all ? INT64_MAX : now > p->waits_due_ms ? now : p->waits_due_ms;
	peers_touch(p);
	rc = run_backlog(f, p, due_by);
	for (int failed_before = 0; rc == RC_OK && failed_before <= 1;
	     failed_before++) {
		struct bundle b = { .n = 0 };

		rc = take_waiting(f, p, failed_before != 0, due_by, &b);
		if (rc == RC_OK && b.n > 0)
			rc = run_waiting(f, p, &b, 0);
	}
	return rc == RC_OK ? peers_rewait(p) : rc;
}

/* --- a message that comes in */

/* What is known of a message on its way in. */
struct entry {
	struct flow *flow;
	struct peer *peer;
	struct inmsg m; /* cleaned and masked */
	struct inbox_row row;
	struct turn_in in;
	int64_t edited; /* seq of the answered message that it replaces; 0: none */
	struct arrival *arrival;
};

static void
clean(struct entry *e)
{
	struct flow *f = e->flow;
	struct buf b = { 0 };
	struct str text;

	utf8_clean(e->m.text, &b);
	text = str_trim(buf_str(&b));
	e->in.too_long = e->m.text.len > MESSAGE_TEXT_MAX ||
	                 text.len > MESSAGE_TEXT_MAX;
	text = arena_str(f->arena, utf8_cut(text, MESSAGE_TEXT_MAX));
	e->m.text = f->hooks.mask(f->hooks.arg, text, false, f->arena);
	buf_fini(&b);
}

/* A row without a line of its own: the opening of the chat, an edit that was merged. */
static enum rc
add_hidden(struct entry *e)
{
	enum rc rc = inbox_hidden_seq(e->flow->store, e->peer->id, &e->row.seq);

	e->arrival->seq = 0;
	return rc == RC_OK ? inbox_add(e->flow->store, &e->row) : rc;
}

static enum rc
add_line(struct entry *e)
{
	enum rc rc = inbox_add(e->flow->store, &e->row);

	if (rc == RC_OK)
		e->peer->next_seq++;
	return rc;
}

/* A conversation that has begun needs no opening, and no record of one. */
static enum rc
take_opening(struct entry *e)
{
	struct bundle b = { .n = 0 };
	enum rc rc;

	e->arrival->seq = 0;
	e->arrival->doubled = e->peer->next_seq > 1;
	if (e->arrival->doubled)
		return RC_OK;
	rc = add_hidden(e);
	if (rc != RC_OK)
		return rc;
	bundle_add(&b, e->flow, e->peer, &e->row);
	return turns_run(e->flow, e->peer, &b, &e->in);
}

/* A flood is told once and then passed over until the student has paused. */
static bool
is_flood(struct entry *e)
{
	const struct flow_options *o = &e->flow->options;
	int64_t now = clock_mono_ms(loop_clock(e->flow->loop));
	struct peer *p = e->peer;

	e->in.already_told = p->flooding;
	if (p->flooding && bucket_is_full(&p->bucket, now))
		p->flooding = false;
	if (!p->flooding)
		p->flooding = !bucket_take(&p->bucket,
		    (struct bucket_rate){ o->flood_burst, o->flood_refill_ms }, now);
	e->in.already_told = e->in.already_told && p->flooding;
	return p->flooding;
}

static bool
is_late(struct entry *e)
{
	int64_t now = flow_now(e->flow), at = e->m.sent_ms;

	if (at <= 0 || now - at <= LATE_MS || at <= e->peer->sorry_until_ms)
		return false;
	e->peer->sorry_until_ms = now;
	return true;
}

/* To be answered with all else that she wrote in that time. */
static enum rc
take_old(struct entry *e)
{
	enum rc rc = backlog_hold(e->peer, &e->m, &e->row);

	if (rc != RC_OK)
		return rc;
	e->peer->next_seq++;
	rc = peer_save(e->flow->store, e->peer->id, e->peer->next_seq,
	    buf_str(&e->peer->state), flow_now(e->flow));
	return rc == RC_OK ? peers_rewait(e->peer) : rc;
}

static enum rc
take_line(struct entry *e)
{
	struct flow *f = e->flow;
	struct peer *p = e->peer;
	struct bundle b = { .n = 0 };
	bool waited = p->waits;
	int tries;
	enum rc rc = tries_of(f, &e->m, &tries);

	if (rc == RC_OK)
		rc = add_line(e);
	if (rc != RC_OK)
		return rc;
	if (tries >= FLOW_TRIES_MAX) {
		bundle_add(&b, f, p, &e->row);
		return bury_poison(f, p, &b, tries);
	}
	e->in.flood = is_flood(e);
	e->in.late = is_late(e);
	if (e->in.flood)
		e->in.last_call = true;
	else if (waited)
		rc = run_backlog(f, p, INT64_MAX);
	if (rc == RC_OK && waited && !e->in.flood)
		rc = take_waiting(f, p, false, INT64_MAX, &b);
	if (rc != RC_OK)
		return rc;
	bundle_add(&b, f, p, &e->row);
	b.edited = e->edited;
	rc = turns_run(f, p, &b, &e->in);
	return rc == RC_OK && waited ? peers_rewait(p) : rc;
}

/* An edit of a message that still waits replaces its text; one of a message that was
 * answered is a new line. */
static enum rc
take_edit(struct entry *e)
{
	enum inbox_status status;
	int64_t of;
	enum rc rc = inbox_find(e->flow->store, e->peer->id, e->m.edit_of, &of,
	    &status);

	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	if (rc == RC_NOTFOUND || status != INBOX_WAITING) {
		e->in.edited = rc == RC_OK;
		e->edited = rc == RC_OK ? of : 0;
		return take_line(e);
	}
	rc = add_hidden(e);
	return rc == RC_OK ? inbox_set_text(e->flow->store, e->peer->id, of, e->m.text)
	                   : rc;
}

/* Of what we never said to her, it is nobody's; the same of the same message counts once. The
 * note bears the id of the rating, by which it can be taken back (flow_erase()). */
static enum rc
take_rating(struct entry *e)
{
	struct flow *f = e->flow;
	int64_t of;
	enum rc rc = outbox_find(f->store, e->peer->id, e->m.edit_of, &of);

	if (rc == RC_NOTFOUND) {
		e->arrival->seq = 0;
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	e->row.text = str_of(arena_printf(f->arena, "%.*s %.*s", STR_ARG(e->m.text),
	    STR_ARG(e->m.edit_of)));
	rc = inbox_find_text(f->store, e->peer->id, e->m.kind, e->row.text);
	e->arrival->doubled = rc == RC_OK;
	if (rc == RC_OK)
		e->arrival->seq = 0;
	if (rc != RC_NOTFOUND)
		return rc;
	rc = add_hidden(e);
	if (rc == RC_OK)
		rc = note_add(f->store, e->peer->id, "rating", STR(""), e->m.text,
		    e->m.id, flow_now(f));
	return rc;
}

static enum rc
seen_before(struct entry *e)
{
	enum inbox_status status;
	enum rc rc = inbox_find(e->flow->store, e->peer->id, e->m.id, &e->arrival->seq,
	    &status);

	/* Not this id but our number was taken, by somebody else: read the peer again. */
	if (rc == RC_NOTFOUND)
		return RC_AGAIN;
	e->arrival->doubled = rc == RC_OK;
	if (e->arrival->seq < 0)
		e->arrival->seq = 0;
	return rc;
}

/* A tag that is none is no hint. */
static enum rc
take_lang(struct peer *p, struct str lang)
{
	if (lang.len == 0 || lang.len > MESSAGE_LANG_MAX ||
	    str_eq(lang, str_of(p->lang)))
		return RC_OK;
	for (size_t i = 0; i < lang.len; i++)
		if (!isalnum((unsigned char)lang.p[i]) && lang.p[i] != '-')
			return RC_OK;
	(void)snprintf(p->lang, sizeof(p->lang), "%.*s", STR_ARG(lang));
	return peer_set_lang(p->flow->store, p->id, lang);
}

enum rc
dispatch_put(struct flow *f, struct arrival *a)
{
	struct entry e = { .flow = f, .m = *a->given, .arrival = a };
	enum rc rc = peers_find(f, e.m.channel, e.m.account, true, &e.peer);

	if (rc != RC_OK)
		return rc;
	peers_touch(e.peer);
	rc = peers_back(e.peer);
	if (rc == RC_OK)
		rc = take_lang(e.peer, e.m.lang);
	if (rc != RC_OK)
		return rc;
	clean(&e);
	a->seq = e.peer->next_seq;
	e.row = (struct inbox_row){
		.peer = e.peer->id,
		.seq = e.peer->next_seq,
		.id = e.m.id,
		.kind = e.m.kind,
		.text = e.m.text,
		.at_ms = flow_now(f),
		.status = INBOX_DONE,
	};
	switch (e.m.kind) {
	case MESSAGE_OPEN:
		rc = take_opening(&e);
		break;
	case MESSAGE_EDIT:
		rc = take_edit(&e);
		break;
	case MESSAGE_RATING:
		rc = take_rating(&e);
		break;
	case MESSAGE_TEXT:
	case MESSAGE_MEDIA:
	case MESSAGE_LATE:
	case MESSAGE_OLD:
		rc = backlog_is_old(f, &e.m) ? take_old(&e) : take_line(&e);
		break;
	case MESSAGE_START:
		rc = take_line(&e);
		break;
	}
	return rc == RC_EXISTS ? seen_before(&e) : rc;
}
