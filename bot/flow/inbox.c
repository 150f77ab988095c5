/*
 * inbox.c - takes messages in, and makes batches: what is ready when the loop has drained
 * shares one commit, at most FLOW_BATCH_MAX messages. The network hears "got it" after it.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bot/flow/flow_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"
#include "credbot/base/utf8.h"

enum put_kind {
	PUT_MESSAGE,
	PUT_VALUES, /* of m.channel */
	PUT_ERASE,  /* the message of m.id, of accounts that begin with m.account */
	PUT_REACH,  /* accounts: m.account; why: m.text */
};

struct put {
	struct put *next;
	enum put_kind kind;
	struct inmsg m; /* its texts are in text[] */
	struct flow_value *values;
	size_t n_values;
	put_done_fn *done;
	void *arg;
	enum rc rc;
	int64_t seq;
	char text[];
};

_Noreturn void
flow_broken(const char *where)
{
	/* What was acknowledged is on disk; after a failed fsync nothing else is certain,
	 * and only a fresh start reads what is really there. */
	log_error("flow: the store broke while %s; ending, to recover at the next "
		  "start",
	    where);
	_exit(1);
}

static void run_batches(void *arg);

void
inbox_init(struct flow *f)
{
	f->last_put = &f->first_put;
	f->last_mark = &f->first_mark;
	f->batch = loop_deferral(f->loop, run_batches, f);
}

static void
free_put(struct put *p)
{
	free(p->values);
	free(p);
}

void
inbox_fini(struct flow *f)
{
	while (f->first_put != NULL) {
		struct put *next = f->first_put->next;

		free_put(f->first_put);
		f->first_put = next;
	}
	outbox_free_marks(f);
	deferral_free(f->batch);
}

static void
add_put(struct flow *f, struct put *p, put_done_fn *done, void *arg)
{
	p->done = done;
	p->arg = arg;
	*f->last_put = p;
	f->last_put = &p->next;
	deferral_arm(f->batch);
}

void
flow_put(struct flow *f, const struct inmsg *m, put_done_fn *done, void *arg)
{
	/* One byte more than is read shows that it was too long. */
	struct str text = str_n(m->text.p,
	    m->text.len > MESSAGE_TEXT_MAX + 4 ? MESSAGE_TEXT_MAX + 4 : m->text.len);
	struct put *p;
	char *at;

	p = xcalloc(1, sizeof(*p) + m->account.len + m->id.len + m->edit_of.len +
			   text.len + m->lang.len);
	at = p->text;
	p->m = *m;
	p->m.account = str_put(&at, m->account);
	p->m.id = str_put(&at, m->id);
	p->m.edit_of = str_put(&at, m->edit_of);
	p->m.text = str_put(&at, text);
	p->m.lang = str_put(&at, m->lang);
	add_put(f, p, done, arg);
}

void
flow_erase(struct flow *f, const char *channel, struct str prefix, struct str id)
{
	struct put *p = xcalloc(1, sizeof(*p) + prefix.len + id.len);
	char *at = p->text;

	p->kind = PUT_ERASE;
	p->m.channel = channel;
	p->m.account = str_put(&at, prefix);
	p->m.id = str_put(&at, id);
	add_put(f, p, NULL, NULL);
}

void
flow_reach(struct flow *f, const char *channel, struct str accounts, const char *why,
    put_done_fn *done, void *arg)
{
	struct put *p = xcalloc(1,
	    sizeof(*p) + accounts.len + (why == NULL ? 0 : strlen(why)));
	char *at = p->text;

	p->kind = PUT_REACH;
	p->m.channel = channel;
	p->m.account = str_put(&at, accounts);
	if (why != NULL)
		p->m.text = str_put(&at, str_of(why));
	add_put(f, p, done, arg);
}

static struct str
put_value(char **at, struct str s)
{
	return s.p == NULL ? s : str_put(at, s);
}

void
flow_keep(struct flow *f, const char *channel, const struct flow_value *v, size_t n,
    put_done_fn *done, void *arg)
{
	size_t size = 0;
	struct put *p;
	char *at;

	for (size_t i = 0; i < n; i++)
		size += v[i].key.len + v[i].value.len;
	p = xcalloc(1, sizeof(*p) + size);
	p->values = xcalloc(n + 1, sizeof(*p->values));
	at = p->text;
	for (size_t i = 0; i < n; i++) {
		p->values[i].key = str_put(&at, v[i].key);
		p->values[i].value = put_value(&at, v[i].value);
	}
	p->n_values = n;
	p->kind = PUT_VALUES;
	p->m.channel = channel;
	add_put(f, p, done, arg);
}

static bool
is_good_id(struct str s, size_t max)
{
	return s.len > 0 && s.len <= max && utf8_valid(s) &&
	       memchr(s.p, '\0', s.len) == NULL;
}

static bool
is_good(const struct inmsg *m)
{
	return is_good_id(m->account, MESSAGE_ACCOUNT_MAX) &&
	       is_good_id(m->id, MESSAGE_ID_MAX) &&
	       ((m->kind != MESSAGE_EDIT && m->kind != MESSAGE_RATING) ||
		   is_good_id(m->edit_of, MESSAGE_ID_MAX));
}

/* --- rows that wait */

void
inbox_due(struct flow *f)
{
	f->n_due++;
	deferral_arm(f->batch);
}

static enum rc
run_due(struct flow *f)
{
	for (struct peer *p = f->newest, *older; p != NULL; p = older) {
		enum rc rc = RC_OK;

		older = p->older;
		if (p->due)
			rc = dispatch_due(f, p, false);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* --- a batch */

static bool *
refused_of(struct flow *f, const struct put *p)
{
	size_t i = 0;

	while (
	    i < f->n_channels && strcmp(f->channels[i]->ops->name, p->m.channel) != 0)
		i++;
	assert(i < f->n_channels);
	return &f->refused[i];
}

/* What follows a message that was not taken must not be kept: the place in the stream would
 * lie behind it. */
static enum rc
run_keep(struct flow *f, struct put *p)
{
	bool *refused = refused_of(f, p);
	enum rc rc = RC_OK;

	p->rc = *refused ? RC_AGAIN : RC_OK;
	for (size_t i = 0; !*refused && rc == RC_OK && i < p->n_values; i++)
		rc = value_set(f->store, p->m.channel, p->values[i].key,
		    p->values[i].value);
	*refused = false;
	return rc;
}

static enum rc
run_erase(struct flow *f, const struct put *p)
{
	enum rc rc = inbox_erase_under(f->store, p->m.channel, p->m.account, p->m.id);

	return rc == RC_OK ? erase_owe(f) : rc;
}

static enum rc
run_message(struct flow *f, struct put *p)
{
	struct arrival a = { .given = &p->m };
	enum rc rc = dispatch_put(f, &a);

	p->seq = a.seq;
	p->rc = a.doubled ? RC_EXISTS : RC_OK;
	return rc;
}

static enum rc
run_put(struct flow *f, struct put *p)
{
	switch (p->kind) {
	case PUT_VALUES:
		return run_keep(f, p);
	case PUT_ERASE:
		return run_erase(f, p);
	case PUT_REACH:
		return peers_reach(f, p->m.channel, p->m.account, p->m.text);
	case PUT_MESSAGE:
		break;
	}
	if (is_good(&p->m))
		return run_message(f, p);
	p->rc = RC_INVALID;
	return RC_OK;
}

static enum rc
run_puts(struct flow *f, struct put *first, const struct put *end)
{
	for (struct put *p = first; p != end; p = p->next) {
		enum rc rc = run_put(f, p);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static void
count(struct flow *f, const struct put *p)
{
	if (p->kind != PUT_MESSAGE)
		return;
	f->counts.taken += p->rc == RC_OK;
	f->counts.doubled += p->rc == RC_EXISTS;
	f->counts.refused += p->rc == RC_AGAIN || p->rc == RC_INVALID;
}

/* Tells those who wait, and frees the puts up to end. */
static void
tell(struct flow *f, struct put *first, const struct put *end)
{
	while (first != end) {
		struct put *next = first->next;

		count(f, first);
		if (first->done != NULL)
			first->done(first->arg, first->rc, first->seq);
		free_put(first);
		first = next;
	}
}

static void
refuse(struct flow *f, struct put *first, struct put *end)
{
	static int64_t last_said_ms = -60000;
	int64_t now = clock_mono_ms(loop_clock(f->loop));

	if (now - last_said_ms >= 60000) {
		log_warn("flow: cannot take messages: the disk is full or the store is "
			 "locked; they are refused until there is room");
		last_said_ms = now;
	}
	for (struct put *p = first; p != end; p = p->next) {
		if (p->rc != RC_INVALID)
			p->rc = RC_AGAIN;
		if (p->kind == PUT_VALUES)
			*refused_of(f, p) = false;
		else if (p->rc == RC_AGAIN)
			*refused_of(f, p) = true;
	}
	tell(f, first, end);
}

/* Marks and rows that are due are tried again after a while. */
static void
on_try_again(void *arg)
{
	struct flow *f = arg;

	f->retry = NULL;
	deferral_arm(f->batch);
}

static void
try_again_later(struct flow *f)
{
	if (f->retry == NULL && (f->first_mark != NULL || f->n_due > 0))
		f->retry = loop_after(f->loop, RETRY_MS, on_try_again, f);
}

/* RC_OK: committed. RC_AGAIN: rolled back, with nothing of it left in memory. */
static enum rc
transact(struct flow *f, enum rc (*work)(struct flow *f), struct put *first,
    const struct put *end)
{
	struct flow_counts before = f->counts;
	enum rc rc = store_begin(f->store);

	if (rc == RC_OK) {
		rc = outbox_run_marks(f);
		if (rc == RC_OK)
			rc = run_puts(f, first, end);
		if (rc == RC_OK && work != NULL)
			rc = work(f);
		if (rc == RC_OK)
			rc = store_commit(f->store);
		if (rc == RC_AGAIN)
			store_rollback(f->store);
	}
	if (rc != RC_OK && rc != RC_AGAIN)
		flow_broken("committing");
	if (rc == RC_AGAIN) {
		f->counts = before;
		f->erased = false;
		outbox_drop_fresh(f);
		peers_restore(f);
	} else {
		peers_settle(f);
		erase_settle(f);
		outbox_settle_marks(f);
	}
	return rc;
}

static void
run_batch(struct flow *f, struct put *first, struct put *end)
{
	enum rc rc = transact(f, f->n_due > 0 ? run_due : NULL, first, end);

	if (rc == RC_OK) {
		f->n_due = 0;
		tell(f, first, end);
		outbox_send_fresh(f);
	} else {
		refuse(f, first, end);
		try_again_later(f);
	}
	arena_reset(f->arena);
}

enum rc
inbox_run(struct flow *f, enum rc (*work)(struct flow *f))
{
	enum rc rc = transact(f, work, NULL, NULL);

	if (rc == RC_OK)
		outbox_send_fresh(f);
	arena_reset(f->arena);
	return rc;
}

static void
run_batches(void *arg)
{
	struct flow *f = arg;
	struct put *first = f->first_put, *end = first;
	int n = 0;

	while (end != NULL && n++ < FLOW_BATCH_MAX)
		end = end->next;
	f->first_put = end;
	if (end == NULL)
		f->last_put = &f->first_put;
	run_batch(f, first, end);
	peers_trim(f);
	/* One batch a turn of the loop: timers, signals and sockets have their turn, too. */
	if (f->first_put != NULL)
		deferral_arm(f->batch);
}
