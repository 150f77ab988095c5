/*
 * erase.c - what students want gone, and what is too old to be kept.
 *
 * The rows go in one transaction. The log, which still has them, is emptied at once; what SQLite
 * leaves in unused parts of pages (store_compact()) goes within the hour. That this is owed is on
 * disk, so that a process that ends in between does it at its next start.
 */
#include <stdlib.h>

#include "bot/flow/flow_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"
#include "credbot/store/subject.h"

/* Several that come together are scrubbed at once. */
#define SCRUB_FIRST_MS 200
#define SCRUB_LAST_MS 60000
/* Writing the database anew keeps everybody waiting: not more often. */
#define COMPACT_EVERY_MS INT64_C(3600000)

/* Its place among the values of channels: no channel has this name. */
#define OWN "flow"
#define OWES_SCRUB STR("scrub")

struct scrubber {
	struct flow *flow; /* NULL: it has gone */
	char *dsn;
	struct timer *timer;
	int failures;    /* in a row */
	bool log_owed;   /* the log has it still */
	bool owed;       /* so has the database */
	bool anew;       /* something was erased since the helper began */
	bool running;    /* the helper thread */
	int64_t next_ms; /* monotonic: not compacted before */
	enum rc rc;      /* the helper's */
};

static void on_time(void *arg);

static int64_t
mono(const struct scrubber *s)
{
	return clock_mono_ms(loop_clock(s->flow->loop));
}

static void
schedule(struct scrubber *s)
{
	int64_t ms = SCRUB_FIRST_MS, until = s->next_ms - mono(s);

	for (int i = 0; i < s->failures && ms < SCRUB_LAST_MS; i++)
		ms *= 4;
	if (ms > SCRUB_LAST_MS)
		ms = SCRUB_LAST_MS;
	if (!s->log_owed && until > ms)
		ms = until;
	if (!s->running && (s->log_owed || s->owed)) {
		loop_cancel(s->timer);
		s->timer = loop_after(s->flow->loop, ms, on_time, s);
	}
}

/* Somebody reads the log (a backup), or another process writes: later. */
static void
failed(struct scrubber *s)
{
	if (s->failures++ == 5)
		log_warn("flow: what was erased is not yet off the disk, since another "
			 "process uses the database");
}

static bool
empty_log(struct scrubber *s)
{
	enum rc rc = store_scrub(s->flow->store);

	if (rc != RC_OK && rc != RC_AGAIN)
		flow_broken("emptying the log");
	s->log_owed = rc != RC_OK;
	return rc == RC_OK;
}

/* In the helper thread. */
static void
compact(void *arg)
{
	struct scrubber *s = arg;

	s->rc = store_compact(s->dsn);
}

static void
free_scrubber(struct scrubber *s)
{
	free(s->dsn);
	free(s);
}

static void
compacted(void *arg)
{
	struct scrubber *s = arg;

	s->running = false;
	if (s->flow == NULL) {
		free_scrubber(s);
		return;
	}
	s->next_ms = mono(s) + COMPACT_EVERY_MS;
	s->log_owed = true; /* it holds all that was rewritten */
	if (s->rc != RC_OK) {
		failed(s);
		/* Another process wrote, or the disk is too full for a copy. */
		s->next_ms = mono(s) + (s->failures < 10 ? s->failures : 10) *
		                           (int64_t)SCRUB_LAST_MS;
	} else if (!s->anew) {
		s->owed = false;
		s->failures = 0;
	}
	schedule(s);
}

/* If it cannot be written, all is done once more at the next start. */
static void
settle_debt(const struct scrubber *s)
{
	enum rc rc = value_set(s->flow->store, OWN, OWES_SCRUB,
	    (struct str){ NULL, 0 });

	if (rc != RC_OK && rc != RC_AGAIN)
		flow_broken("noting that nothing is owed");
}

static void
on_time(void *arg)
{
	struct scrubber *s = arg;

	s->timer = NULL;
	if (s->log_owed && !empty_log(s)) {
		failed(s);
	} else if (s->owed && mono(s) >= s->next_ms) {
		s->running = true;
		s->anew = false;
		loop_work(s->flow->loop, compact, compacted, s);
	} else if (!s->owed) {
		settle_debt(s);
	}
	schedule(s);
}

static void
note_owed(void *arg, struct str key, struct str value)
{
	(void)value;
	*(bool *)arg = *(bool *)arg || str_eq(key, OWES_SCRUB);
}

enum rc
erase_init(struct flow *f)
{
	struct scrubber *s = xcalloc(1, sizeof(*s));

	f->scrubber = s;
	s->flow = f;
	s->dsn = xstrdup(store_dsn(f->store));
	if (value_each(f->store, OWN, note_owed, &s->owed) != RC_OK)
		return RC_IO;
	s->log_owed = s->owed;
	schedule(s);
	return RC_OK;
}

/* The log is emptied still; the rest is for the next start. */
void
erase_fini(struct flow *f)
{
	struct scrubber *s = f->scrubber;

	if (s == NULL)
		return;
	loop_cancel(s->timer);
	if (s->log_owed && !s->running)
		(void)empty_log(s);
	s->flow = NULL;
	f->scrubber = NULL;
	if (!s->running)
		free_scrubber(s);
}

enum rc
erase_owe(struct flow *f)
{
	if (f->erased)
		return RC_OK;
	f->erased = true;
	return value_set(f->store, OWN, OWES_SCRUB, STR("1"));
}

void
erase_settle(struct flow *f)
{
	struct scrubber *s = f->scrubber;

	if (!f->erased)
		return;
	f->erased = false;
	s->log_owed = s->owed = s->anew = true;
	if (s->timer == NULL)
		schedule(s);
}

enum rc
erase_person(struct flow *f, struct peer *p)
{
	struct subject s;
	enum rc rc = subject_of(f->store, p->id, &s);

	if (rc == RC_OK)
		rc = subject_erase(f->store, &s, flow_now(f));
	for (size_t i = 0; rc == RC_OK && i < s.n; i++)
		if (s.peers[i] != p->id)
			peers_changed(f, s.peers[i]);
	return rc == RC_OK ? erase_owe(f) : rc;
}

/* --- what is too old */

struct forgetting {
	struct forget_before before;
	int64_t after;
	int n;
	int64_t gone;
};

static bool
is_busy(void *arg, int64_t peer)
{
	return peers_busy(arg, peer);
}

static enum rc
forget(struct flow *f)
{
	struct forgetting *g = f->forgetting;
	enum rc rc = subject_forget(f->store, &g->before, &g->after, g->n, &g->gone);

	return rc == RC_OK && g->gone > 0 ? erase_owe(f) : rc;
}

enum rc
flow_forget(struct flow *f, int64_t lines_before_ms, int64_t raw_before_ms,
    int64_t *after, int n)
{
	struct forgetting g = {
		.before = { lines_before_ms, raw_before_ms, is_busy, f },
		.after = *after,
		.n = n,
	};
	enum rc rc;

	f->forgetting = &g;
	rc = inbox_run(f, forget);
	f->forgetting = NULL;
	if (rc == RC_OK)
		*after = g.after;
	return rc;
}
