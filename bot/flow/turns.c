/*
 * turns.c - one turn within a batch: what it starts from, how it can end, and what it leaves
 * on disk.
 */
#include <string.h>

#include "bot/flow/flow_priv.h"
#include "credbot/base/log.h"
#include "credbot/store/subject.h"

void
bundle_add(struct bundle *b, struct flow *f, struct peer *p,
    const struct inbox_row *row)
{
	struct inbox_row *kept = &b->rows[b->n];

	*kept = *row;
	kept->id = arena_str(f->arena, row->id);
	kept->text = arena_str(f->arena, row->text);
	b->messages[b->n++] = (struct inmsg){
		.channel = p->ch->ops->name,
		.account = str_of(p->account),
		.id = kept->id,
		.kind = row->kind == MESSAGE_OLD ? MESSAGE_TEXT
		                                 : (enum message_kind)row->kind,
		.text = kept->text,
	};
}

/* --- what a turn leaves */

static void
join_buttons(struct arena *a, const struct turn_reply *r, struct str *out)
{
	size_t len = 0;
	char *at;

	for (size_t i = 0; i < r->n_buttons; i++)
		len += r->buttons[i].len + 1;
	at = arena_alloc(a, len + 1);
	*out = str_n(at, len == 0 ? 0 : len - 1);
	for (size_t i = 0; i < r->n_buttons; i++) {
		(void)str_put(&at, r->buttons[i]);
		*at++ = '\n';
	}
}

/* The answer of before whose place the only reply takes. */
static enum rc
find_replaced(struct flow *f, const struct peer *p, int64_t edited,
    struct outbox_row *row)
{
	struct buf id = { 0 };
	enum rc rc;

	if (edited == 0)
		return RC_OK;
	rc = outbox_answer(f->store, p->id, edited, &row->replaces, &id);
	row->replaces_id = arena_str(f->arena, buf_str(&id));
	if (rc == RC_NOTFOUND)
		row->replaces = 0;
	buf_fini(&id);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* What was left outlives the turn, until it is sent. */
static const struct document *
keep_documents(struct flow *f, const struct turn_reply *r)
{
	struct document *d;

	if (r->n_documents == 0)
		return NULL;
	d = arena_alloc(f->arena, r->n_documents * sizeof(*d));
	memcpy(d, r->documents, r->n_documents * sizeof(*d));
	return d;
}

static enum rc
leave_reply(struct flow *f, struct peer *p, const struct turn_reply *r,
    const struct inbox_row *to, int64_t edited)
{
	int64_t now = flow_now(f);
	struct outbox_row row = {
		.peer = p->id,
		.seq = p->next_seq,
		.reply_to = to->seq,
		.text = r->text,
		.at_ms = now,
		.status = outbox_first_status(p),
		.due_ms = now,
		.n_documents = (int64_t)r->n_documents,
	};
	struct outmsg m = {
		.peer = p->id,
		.seq = p->next_seq,
		.account = str_of(p->account),
		.reply_to = to->id,
		.text = r->text,
		.n_buttons = r->n_buttons,
		.documents = keep_documents(f, r),
		.n_documents = r->n_documents,
		.at_ms = now,
	};
	enum rc rc = find_replaced(f, p, edited, &row);

	memcpy(m.buttons, r->buttons, sizeof(m.buttons));
	join_buttons(f->arena, r, &row.buttons);
	if (row.replaces != 0) {
		m.replaces = row.replaces_id;
		m.replaces_seq = row.replaces;
	}
	if (rc == RC_OK)
		rc = outbox_add(f->store, &row);
	if (rc == RC_OK)
		rc = documents_add(f, &m);
	if (rc != RC_OK)
		return rc;
	p->next_seq++;
	outbox_fresh(f, p, &m, row.status);
	return RC_OK;
}

static enum rc
leave(struct flow *f, struct peer *p, const struct turn_out *out,
    const struct inbox_row *to, int64_t edited)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < out->n_replies; i++)
		rc = leave_reply(f, p, &out->replies[i], to,
		    out->n_replies == 1 ? edited : 0);
	for (size_t i = 0; rc == RC_OK && i < out->n_notes; i++) {
		const struct turn_note *n = &out->notes[i];

		rc = note_add(f->store, p->id, n->kind, n->topic, n->text, n->reference,
		    flow_now(f));
	}
	if (rc == RC_OK)
		rc = notices_leave(f, out->notices, out->n_notices, false);
	if (rc == RC_OK && out->consent != TURN_CONSENT_NONE)
		rc = consent_add(f->store, p->id, out->consent_version,
		    out->consent == TURN_CONSENT_GIVEN, flow_now(f));
	if (rc != RC_OK)
		return rc;
	buf_clear(&p->state);
	buf_addstr(&p->state, out->state);
	return peer_save(f->store, p->id, p->next_seq, out->state, flow_now(f));
}

/* --- how a turn can end */

static enum rc
settle(struct flow *f, const struct bundle *b, enum inbox_status status, int64_t due_ms)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct inbox_row *row = &b->rows[i];
		enum rc rc;

		/* A new row was stored as done. */
		if (row->status == status && row->due_ms == due_ms && row->tries == 0)
			continue;
		rc = inbox_set(f->store, row->peer, row->seq, status, row->tries,
		    due_ms);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc
wait_until(struct flow *f, struct peer *p, const struct bundle *b, int64_t due_ms)
{
	enum rc rc = settle(f, b, INBOX_WAITING, due_ms);

	if (rc == RC_OK)
		rc = peer_save(f->store, p->id, p->next_seq, buf_str(&p->state),
		    flow_now(f));
	if (rc == RC_OK)
		rc = peers_rewait(p);
	return rc;
}

/* Says sorry, with the state as it was. */
static enum rc
apologise(struct flow *f, struct peer *p, const struct inbox_row *to)
{
	struct turn_out out = { .n_replies = 1 };

	out.state = arena_str(f->arena, buf_str(&p->state));
	out.replies[0].text = f->hooks.sorry(f->hooks.arg);
	return leave(f, p, &out, to, 0);
}

enum rc
turns_bury(struct flow *f, struct peer *p, struct bundle *b, const char *reason)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct inbox_row *row = &b->rows[i];
		enum rc rc = dead_add(f->store, row, str_of(reason), flow_now(f));

		if (rc == RC_OK)
			rc = inbox_set(f->store, p->id, row->seq, INBOX_DEAD,
			    row->tries, 0);
		if (rc != RC_OK)
			return rc;
		f->counts.dead++;
		log_error("flow: dead letter peer=%lld seq=%lld tries=%d reason=\"%s\"",
		    (long long)p->id, (long long)row->seq, row->tries, reason);
	}
	return apologise(f, p, &b->rows[b->n - 1]);
}

static enum rc
failed(struct flow *f, struct peer *p, struct bundle *b)
{
	int tries = 0;

	f->counts.failed++;
	for (size_t i = 0; i < b->n; i++) {
		b->rows[i].tries++;
		if (b->rows[i].tries > tries)
			tries = b->rows[i].tries;
	}
	if (tries >= FLOW_TRIES_MAX)
		return turns_bury(f, p, b, "the turn failed");
	log_warn("flow: turn failed peer=%lld seq=%lld tries=%d", (long long)p->id,
	    (long long)b->rows[0].seq, tries);
	return wait_until(f, p, b, flow_now(f) + (int64_t)RETRY_MS * tries);
}

static enum rc
mask_rows(struct flow *f, const struct bundle *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct str text = f->hooks.mask(f->hooks.arg, b->rows[i].text, true,
		    f->arena);
		enum rc rc = inbox_set_text(f->store, b->rows[i].peer, b->rows[i].seq,
		    text);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc
answered(struct flow *f, struct peer *p, const struct bundle *b,
    const struct turn_out *out)
{
	enum rc rc = settle(f, b, INBOX_DONE, 0);

	f->counts.answered++;
	if (rc == RC_OK && out->mask_numbers)
		rc = mask_rows(f, b);
	if (rc == RC_OK && out->erase)
		rc = erase_person(f, p);
	return rc == RC_OK ? leave(f, p, out, &b->rows[b->n - 1], b->edited) : rc;
}

enum rc
turns_run(struct flow *f, struct peer *p, struct bundle *b, struct turn_in *in)
{
	struct turn_out out = { 0 };
	enum turn_result result;
	enum rc rc = RC_OK;

	in->peer = p->id;
	in->channel = p->ch->ops->name;
	in->lang = str_of(p->lang);
	in->state = buf_str(&p->state);
	in->messages = b->messages;
	in->n = b->n;
	in->now_ms = flow_now(f);
	in->store = f->store;
	in->shared = p->ch->ops->is_shared != NULL &&
	             p->ch->ops->is_shared(p->ch, str_of(p->account));
	in->channels = f->channels;
	in->n_channels = f->n_channels;
	if (b->n > FRAGMENTS_MAX || f->options.debounce_ms == 0)
		in->last_call = true;
	attempts_enter(f->attempts, in->channel, str_of(p->account),
	    b->messages[b->n - 1].id);
	result = f->hooks.turn(f->hooks.arg, in, f->arena, &out);
	attempts_leave(f->attempts);
	if (out.rc != RC_OK)
		return out.rc == RC_IO ? RC_IO : RC_AGAIN;
	switch (result) {
	case TURN_ANSWERED:
		rc = answered(f, p, b, &out);
		break;
	case TURN_WAIT:
		rc = wait_until(f, p, b, in->now_ms + f->options.debounce_ms);
		break;
	case TURN_FAILED:
		rc = failed(f, p, b);
		break;
	}
	/* Somebody else has written to this conversation: it must be read again. */
	return rc == RC_EXISTS ? RC_AGAIN : rc;
}
