/*
 * peers.c - who is known in memory: the peers that wrote last, read from the store when
 * they are needed and forgotten when nothing of theirs is under way.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/flow/flow_priv.h"
#include "credbot/base/alloc.h"

/* Room for "channel account". */
#define KEY_MAX (16 + MESSAGE_ACCOUNT_MAX + 2)

static struct str
account_key(char *out, const char *channel, struct str account)
{
	int n = snprintf(out, KEY_MAX, "%s %.*s", channel, STR_ARG(account));

	return str_n(out, (size_t)n);
}

static struct str
id_key(char out[32], int64_t id)
{
	int n = snprintf(out, 32, "%" PRId64, id);

	return str_n(out, (size_t)n);
}

struct channel *
flow_channel(const struct flow *f, const char *name)
{
	for (size_t i = 0; i < f->n_channels; i++)
		if (strcmp(f->channels[i]->ops->name, name) == 0)
			return f->channels[i];
	return NULL;
}

static void
unlink_peer(struct flow *f, struct peer *p)
{
	*(p->newer != NULL ? &p->newer->older : &f->newest) = p->older;
	*(p->older != NULL ? &p->older->newer : &f->oldest) = p->newer;
	p->newer = p->older = NULL;
}

static void
link_newest(struct flow *f, struct peer *p)
{
	p->older = f->newest;
	p->newer = NULL;
	*(f->newest != NULL ? &f->newest->newer : &f->oldest) = p;
	f->newest = p;
}

static void
use(struct flow *f, struct peer *p)
{
	if (f->newest == p)
		return;
	unlink_peer(f, p);
	link_newest(f, p);
}

static void
free_peer(struct peer *p)
{
	loop_cancel(p->wait);
	outbox_forget(p);
	buf_fini(&p->state);
	free(p->account);
	free(p);
}

static void
forget(struct flow *f, struct peer *p)
{
	char key[KEY_MAX], id[32];

	unlink_peer(f, p);
	(void)map_del(f->by_account,
	    account_key(key, p->ch->ops->name, str_of(p->account)));
	(void)map_del(f->by_id, id_key(id, p->id));
	f->n_peers--;
	free_peer(p);
}

static bool
is_quiet(const struct peer *p)
{
	return !p->waits && p->queue == NULL && p->sending == NULL && !p->touched;
}

void
peers_trim(struct flow *f)
{
	struct peer *p = f->oldest;

	while (f->n_peers > PEERS_MAX && p != NULL) {
		struct peer *newer = p->newer;

		if (is_quiet(p))
			forget(f, p);
		p = newer;
	}
}

bool
peers_busy(struct flow *f, int64_t id)
{
	char key[32];
	struct peer *p = map_get(f->by_id, id_key(key, id));

	if (p != NULL && is_quiet(p))
		forget(f, p);
	else if (p != NULL)
		return true;
	return false;
}

void
peers_changed(struct flow *f, int64_t id)
{
	char key[32];
	struct peer *p = map_get(f->by_id, id_key(key, id));

	if (p != NULL)
		p->stale = true;
}

void
peers_free(struct flow *f)
{
	for (struct peer *p = f->newest, *older; p != NULL; p = older) {
		older = p->older;
		forget(f, p);
	}
}

/* --- rows that wait */

static void
on_due(void *arg)
{
	struct peer *p = arg;

	p->wait = NULL;
	p->due = true;
	inbox_due(p->flow);
}

struct waiting {
	bool any, any_old;
	int64_t due_ms, old_due_ms;
};

static void
first_due(void *arg, const struct inbox_row *row, struct str account)
{
	struct waiting *w = arg;

	(void)account;
	if (row->kind == MESSAGE_OLD) { /* all of them with the last */
		w->any_old = true;
		w->old_due_ms = row->due_ms;
		return;
	}
	if (!w->any || row->due_ms < w->due_ms)
		w->due_ms = row->due_ms;
	w->any = true;
}

/* No row waits for longer than this, also if the wall clock was set back since. */
static int64_t
longest_wait(const struct flow *f)
{
	int64_t retry = (int64_t)RETRY_MS * FLOW_TRIES_MAX;

	return f->options.debounce_ms > retry ? f->options.debounce_ms : retry;
}

enum rc
peers_rewait(struct peer *p)
{
	struct flow *f = p->flow;
	struct waiting w = { 0 };
	enum rc rc = inbox_waiting_of(f->store, p->id, first_due, &w);
	int64_t ms;

	if (rc != RC_OK)
		return rc;
	loop_cancel(p->wait);
	p->wait = NULL;
	p->due = false;
	if (w.any_old && (!w.any || w.old_due_ms < w.due_ms))
		w.due_ms = w.old_due_ms;
	p->waits = w.any || w.any_old;
	p->waits_due_ms = w.due_ms;
	if (!p->waits)
		return RC_OK;
	ms = w.due_ms - flow_now(f);
	if (ms > longest_wait(f))
		ms = longest_wait(f);
	p->wait = loop_after(f->loop, ms, on_due, p);
	return RC_OK;
}

/* --- a batch */

void
peers_touch(struct peer *p)
{
	if (p->touched)
		return;
	p->touched = true;
	p->touched_next = p->flow->touched;
	p->flow->touched = p;
}

void
peers_settle(struct flow *f)
{
	for (struct peer *p = f->touched; p != NULL; p = p->touched_next) {
		p->touched = false;
		if (p->gone && !p->stale)
			outbox_cancel(p);
	}
	f->touched = NULL;
}

static enum rc
read_again(struct peer *p)
{
	struct buf state = { 0 }, account = { 0 };
	struct peer_row row;
	enum rc rc = peer_load(p->flow->store, p->id, &row, &state, &account);

	if (rc == RC_OK)
		rc = peers_rewait(p);
	if (rc == RC_OK) {
		buf_fini(&p->state);
		p->state = state;
		state = (struct buf){ 0 };
		p->next_seq = row.next_seq;
		p->gone = row.gone_at_ms != 0;
		memcpy(p->lang, row.lang, sizeof(p->lang));
		p->stale = false;
	}
	buf_fini(&state);
	buf_fini(&account);
	return rc;
}

/* What is due already is for the next batch, which is not made at once. */
static void
leave_due(struct peer *p)
{
	loop_cancel(p->wait);
	p->wait = NULL;
	p->due = true;
	p->flow->n_due++;
}

void
peers_restore(struct flow *f)
{
	struct peer *p = f->touched, *next;

	for (struct peer *q = p; q != NULL; q = q->touched_next)
		q->stale = true;
	peers_settle(f);
	for (; p != NULL; p = next) {
		next = p->touched_next;
		/* A peer that was new in this batch is not on disk. */
		if (read_again(p) == RC_NOTFOUND)
			forget(f, p);
		else if (p->waits && p->waits_due_ms <= flow_now(f))
			leave_due(p);
	}
}

/* --- finding */

/* Enters a peer that was read from the store. */
static enum rc
enter(struct flow *f, const struct peer_row *row, struct str account, struct buf *state,
    struct peer **out)
{
	struct channel *ch = flow_channel(f, row->channel);
	char key[KEY_MAX], id[32];
	struct peer *p;
	enum rc rc;

	if (ch == NULL)
		return RC_NOTFOUND; /* of a channel that this process does not serve */
	p = xcalloc(1, sizeof(*p));
	p->flow = f;
	p->ch = ch;
	p->id = row->id;
	p->next_seq = row->next_seq;
	p->gone = row->gone_at_ms != 0;
	memcpy(p->lang, row->lang, sizeof(p->lang));
	p->account = xstrndup(account.p, account.len);
	p->state = *state;
	*state = (struct buf){ 0 };
	rc = peers_rewait(p);
	if (rc != RC_OK) {
		free_peer(p);
		return rc;
	}
	link_newest(f, p);
	(void)map_put(f->by_account, account_key(key, row->channel, account), p);
	(void)map_put(f->by_id, id_key(id, p->id), p);
	f->n_peers++;
	*out = p;
	return RC_OK;
}

enum rc
peers_find(struct flow *f, const char *channel, struct str account, bool make,
    struct peer **out)
{
	struct buf state = { 0 };
	struct peer_row row;
	char key[KEY_MAX];
	enum rc rc;

	*out = map_get(f->by_account, account_key(key, channel, account));
	if (*out != NULL) {
		use(f, *out);
		return (*out)->stale ? read_again(*out) : RC_OK;
	}
	rc = peer_find(f->store, channel, account, &row, &state);
	if (rc == RC_NOTFOUND && make)
		rc = peer_add(f->store, channel, account,
		    clock_now_ms(loop_clock(f->loop)), &row);
	if (rc == RC_OK)
		rc = enter(f, &row, account, &state, out);
	buf_fini(&state);
	return rc;
}

static void
move(struct flow *f, struct peer *p, struct str from, struct str to)
{
	struct buf account = { 0 };
	char key[KEY_MAX];

	buf_addstr(&account, to);
	buf_adds(&account, p->account + from.len);
	if (map_get(f->by_account,
		account_key(key, p->ch->ops->name, buf_str(&account))) == NULL) {
		(void)map_del(f->by_account,
		    account_key(key, p->ch->ops->name, str_of(p->account)));
		(void)map_put(f->by_account,
		    account_key(key, p->ch->ops->name, buf_str(&account)), p);
		free(p->account);
		p->account = xstrdup(buf_cstr(&account));
	}
	buf_fini(&account);
}

enum rc
peers_move(struct flow *f, const char *channel, struct str from, struct str to)
{
	enum rc rc = peer_move(f->store, channel, from, to);

	for (struct peer *p = f->newest; rc == RC_OK && p != NULL; p = p->older)
		if (strcmp(p->ch->ops->name, channel) == 0 &&
		    str_starts(str_of(p->account), arena_cstr(f->arena, from)))
			move(f, p, from, to);
	return rc;
}

/* --- who is reached */

static bool
is_among(const struct peer *p, const char *channel, struct str accounts)
{
	struct str account = str_of(p->account);
	bool all = accounts.p[accounts.len - 1] == '/';

	return strcmp(p->ch->ops->name, channel) == 0 && account.len >= accounts.len &&
	       (all || account.len == accounts.len) &&
	       memcmp(account.p, accounts.p, accounts.len) == 0;
}

enum rc
peers_reach(struct flow *f, const char *channel, struct str accounts, struct str why)
{
	enum rc rc = peer_set_gone(f->store, channel, accounts,
	    why.p == NULL ? 0 : flow_now(f), why.p == NULL ? STR("") : why);

	for (struct peer *p = f->newest; rc == RC_OK && p != NULL; p = p->older)
		if (is_among(p, channel, accounts)) {
			peers_touch(p);
			p->gone = why.p != NULL;
		}
	return rc;
}

enum rc
peers_back(struct peer *p)
{
	if (!p->gone)
		return RC_OK;
	peers_touch(p);
	p->gone = false;
	return peer_set_gone(p->flow->store, p->ch->ops->name, str_of(p->account), 0,
	    STR(""));
}

enum rc
peers_load(struct flow *f, int64_t id, struct peer **out)
{
	struct buf state = { 0 }, account = { 0 };
	struct peer_row row;
	char key[32];
	enum rc rc;

	*out = map_get(f->by_id, id_key(key, id));
	if (*out != NULL)
		return (*out)->stale ? read_again(*out) : RC_OK;
	rc = peer_load(f->store, id, &row, &state, &account);
	if (rc == RC_OK)
		rc = enter(f, &row, buf_str(&account), &state, out);
	buf_fini(&state);
	buf_fini(&account);
	return rc;
}
