/*
 * flow.c - the way of a message: life cycle, and what channels may ask.
 */
#include <assert.h>
#include <stdlib.h>

#include "bot/flow/flow_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

/* If the last process died on a message, that is one more try for it. */
static enum rc
note_attempt(struct flow *f, struct err *err)
{
	struct str channel, account, id;
	enum rc rc = RC_OK;

	if (f->attempts != NULL &&
	    attempts_left(f->attempts, &channel, &account, &id)) {
		rc = attempt_add(f->store, channel, account, id);
		if (rc == RC_OK)
			attempts_leave(f->attempts);
		log_warn("flow: the last process ended while it worked on a message "
			 "channel=%.*s",
		    STR_ARG(channel));
	}
	if (rc == RC_OK)
		rc = attempt_any(f->store, &f->any_attempts);
	if (rc != RC_OK)
		err_set(err, "the database cannot be written: %s", rc_name(rc));
	return rc;
}

enum rc
flow_new(struct flow **out, struct store *st, struct loop *l,
    const struct flow_hooks *hooks, const struct flow_options *o, const char *attempts,
    struct err *err)
{
	struct flow *f = xcalloc(1, sizeof(*f));
	enum rc rc = RC_OK;

	*out = NULL;
	f->store = st;
	f->loop = l;
	f->hooks = *hooks;
	f->options = *o;
	f->by_account = map_new();
	f->by_id = map_new();
	f->arena = arena_new();
	inbox_init(f);
	if (attempts != NULL)
		rc = attempts_open(&f->attempts, attempts, err);
	if (rc == RC_OK)
		rc = note_attempt(f, err);
	if (rc == RC_OK)
		rc = erase_init(f);
	if (rc != RC_OK) {
		flow_free(f);
		return rc;
	}
	*out = f;
	return RC_OK;
}

void
flow_free(struct flow *f)
{
	if (f == NULL)
		return;
	if (f->ended && f->first_mark != NULL)
		inbox_run(f, NULL);
	peers_free(f);
	loop_cancel(f->retry);
	erase_fini(f);
	inbox_fini(f);
	map_free(f->by_account);
	map_free(f->by_id);
	arena_free(f->arena);
	attempts_close(f->attempts);
	free(f);
}

void
flow_end_sending(struct flow *f)
{
	f->ended = true;
}

void
flow_add_channel(struct flow *f, struct channel *ch)
{
	assert(f->n_channels < ARRAY_LEN(f->channels));
	ch->flow = f;
	ch->loop = f->loop;
	f->channels[f->n_channels++] = ch;
}

int64_t
flow_now(const struct flow *f)
{
	return clock_now_ms(loop_clock(f->loop));
}

bool
flow_serves(const struct channel *ch, struct str account)
{
	return ch->account == NULL || str_is(account, ch->account);
}

struct left {
	const struct channel *ch;
	int64_t *ids;
	size_t n, cap;
};

static void
remember(struct left *left, int64_t id)
{
	if (left->n > 0 && left->ids[left->n - 1] == id)
		return;
	xgrow(&left->ids, &left->cap, left->n + 1);
	left->ids[left->n++] = id;
}

static void
on_waiting(void *arg, const struct inbox_row *row, struct str account)
{
	struct left *left = arg;

	if (flow_serves(left->ch, account))
		remember(left, row->peer);
}

struct restart {
	const struct channel *ch;
	struct queued_row {
		int64_t peer;
		struct queued queued;
	} * rows;
	size_t n, cap;
};

static void
on_queued(void *arg, const struct outbox_row *row, struct str account)
{
	struct restart *r = arg;

	if (!flow_serves(r->ch, account))
		return;
	xgrow(&r->rows, &r->cap, r->n + 1);
	r->rows[r->n++] = (struct queued_row){ row->peer,
		{ .seq = row->seq,
		    .tries = row->tries,
		    .due_ms = row->due_ms,
		    .at_ms = row->at_ms,
		    .apology = row->replaces == row->seq,
		    .unasked = row->reply_to == 0,
		    .underway = row->status == OUTBOX_UNDERWAY,
		    .again = row->status == OUTBOX_UNDERWAY,
		    .documents = row->n_documents > 0,
		    .alone = row->replaces != 0 || row->n_documents > 0 } };
}

/* Reading a peer sets the timers of its waiting rows. */
static enum rc
go_on_waiting(struct flow *f, const struct channel *ch)
{
	struct left left = { .ch = ch };
	enum rc rc = inbox_waiting(f->store, ch->ops->name, on_waiting, &left);

	for (size_t i = 0; rc == RC_OK && i < left.n; i++) {
		struct peer *p;

		rc = peers_load(f, left.ids[i], &p);
	}
	free(left.ids);
	return rc;
}

static enum rc
go_on_sending(struct flow *f, const struct channel *ch)
{
	struct restart r = { .ch = ch };
	enum rc rc = outbox_queued(f->store, ch->ops->name, on_queued, &r);

	for (size_t i = 0; rc == RC_OK && i < r.n; i++) {
		struct peer *p;

		rc = peers_load(f, r.rows[i].peer, &p);
		if (rc != RC_OK)
			break;
		/* The first may have left already, as it stands on disk. */
		if (p->queue == NULL)
			r.rows[i].queued.alone = true;
		outbox_queue(p, &r.rows[i].queued);
		if (i + 1 == r.n || r.rows[i + 1].peer != p->id)
			outbox_kick(p);
	}
	free(r.rows);
	return rc;
}

enum rc
flow_start(struct flow *f, struct err *err)
{
	for (size_t i = 0; i < f->n_channels; i++) {
		enum rc rc = go_on_waiting(f, f->channels[i]);

		if (rc == RC_OK)
			rc = go_on_sending(f, f->channels[i]);
		if (rc != RC_OK) {
			err_set(err, "the database cannot be read: %s", rc_name(rc));
			return rc;
		}
	}
	return RC_OK;
}

int64_t
flow_peer(struct flow *f, const char *channel, struct str account)
{
	struct peer *p;
	enum rc rc;

	if (account.len == 0 || account.len > MESSAGE_ACCOUNT_MAX)
		return 0;
	peers_trim(f);
	rc = peers_find(f, channel, account, true, &p);
	if (rc == RC_IO)
		flow_broken("reading a peer");
	return rc == RC_OK ? p->id : 0;
}

enum rc
flow_find(struct flow *f, const char *channel, struct str account, struct str id,
    int64_t *seq, enum message_kind *kind)
{
	int number = 0;
	struct peer_row row;
	enum rc rc = peer_find(f->store, channel, account, &row, NULL);

	if (rc == RC_OK)
		rc = inbox_find_kind(f->store, row.id, id, seq, &number);
	*kind = number == MESSAGE_OLD ? MESSAGE_TEXT : (enum message_kind)number;
	if (rc == RC_IO)
		flow_broken("reading a message");
	return rc;
}

enum rc
flow_find_said(struct flow *f, const char *channel, struct str account, struct str id,
    int64_t *seq)
{
	struct peer_row row;
	enum rc rc = peer_find(f->store, channel, account, &row, NULL);

	if (rc == RC_OK)
		rc = outbox_find(f->store, row.id, id, seq);
	if (rc == RC_IO)
		flow_broken("reading a message");
	return rc;
}

bool
flow_said(struct flow *f, const char *channel, struct str prefix, struct str id,
    struct buf *account)
{
	enum rc rc = outbox_find_under(f->store, channel, prefix, id, account);

	if (rc == RC_IO)
		flow_broken("reading a message");
	return rc == RC_OK;
}

enum rc
flow_kept(struct flow *f, const char *channel, flow_kept_fn *fn, void *arg)
{
	return value_each(f->store, channel, fn, arg);
}

struct reader {
	struct flow *flow;
	int64_t peer;
	history_fn *fn;
	void *arg;
	enum rc rc;
};

static void
on_line(void *arg, const struct line_row *row)
{
	struct reader *r = arg;
	struct document documents[MESSAGE_DOCUMENTS_MAX];
	struct arena *a = NULL;
	struct history_line line = {
		.seq = row->seq,
		.mine = row->mine,
		.id = row->id,
		.out = { .seq = row->seq, .text = row->text, .at_ms = row->at_ms },
	};

	outbox_split_buttons(row->buttons, &line.out);
	if (row->n_documents > 0) {
		enum rc rc;

		a = arena_new();
		rc = documents_load(r->flow, r->peer, row->seq, false, a, documents,
		    &line.out.n_documents);
		line.out.documents = documents;
		r->rc = rc == RC_OK ? r->rc : rc;
	}
	r->fn(r->arg, &line);
	arena_free(a);
}

enum rc
flow_move(struct flow *f, const char *channel, struct str from, struct str to)
{
	enum rc rc = peers_move(f, channel, from, to);

	if (rc == RC_IO)
		flow_broken("moving a chat");
	return rc;
}

enum rc
flow_history(struct flow *f, int64_t peer, int64_t after, size_t limit, history_fn *fn,
    void *arg)
{
	struct reader r = { f, peer, fn, arg, RC_OK };
	enum rc rc = RC_OK;

	if (after < 0)
		rc = lines_start(f->store, peer, (int64_t)limit, &after);
	if (rc == RC_OK)
		rc = lines_after(f->store, peer, after, (int64_t)limit, on_line, &r);
	if (rc == RC_OK)
		rc = r.rc;
	if (rc == RC_IO)
		flow_broken("reading a conversation");
	return rc;
}

bool
flow_alive(const struct flow *f)
{
	for (size_t i = 0; i < f->n_channels; i++) {
		struct channel *ch = f->channels[i];

		if (ch->ops->alive != NULL && !ch->ops->alive(ch)) {
			log_error("%s: nothing is under way any more", ch->ops->name);
			return false;
		}
	}
	return true;
}

bool
flow_idle(struct flow *f)
{
	if (f->first_put != NULL || f->first_mark != NULL || f->n_due > 0 ||
	    f->n_sending > 0)
		return false;
	for (const struct peer *p = f->newest; p != NULL; p = p->older)
		if (p->waits || (p->queue != NULL && p->queue->tries == 0))
			return false;
	return true;
}

static enum rc
hurry(struct flow *f)
{
	for (struct peer *p = f->newest, *older; p != NULL; p = older) {
		enum rc rc = RC_OK;

		older = p->older;
		if (p->waits)
			rc = dispatch_due(f, p, true);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

void
flow_hurry(struct flow *f)
{
	(void)inbox_run(f, hurry);
}

struct flow_counts
flow_counts(const struct flow *f)
{
	return f->counts;
}
