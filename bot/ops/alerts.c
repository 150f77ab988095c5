/*
 * alerts.c - tells people of new programs that fit a saved search.
 *
 * A pass goes over the alerts by id. A slice of it runs searches for some milliseconds, and
 * what came of them is one transaction: marks for searches without news, and a line with its
 * marks for each person who has some. What was marked is not due any more, so a pass that is
 * cut short anywhere goes on with the rest.
 */
#include <stdio.h>
#include <stdlib.h>

#include "credbot/base/alloc.h"
#include "credbot/base/log.h"
#include "credbot/ops/alerts.h"
#include "credbot/store/alert.h"

/* A slice ends after so much work, or when so much came of it. */
#define SLICE_US 4000
#define SLICE_MARKS 64
/* The loop has its turn between two slices; the first one comes soon. */
#define PAUSE_MS 20
/* Less than so many of a hundred programs of before is clearly fewer. */
#define LOW_PERCENT 90

/* Its place among the values of channels: no channel has this name. */
#define OWN "alerts"
#define PROGRAMS STR("programs")
#define LOW_SINCE STR("low-since")

/* An alert that was looked at, and what is written of it. */
struct mark {
	int64_t id;
	enum outcome { LEAVE, NO_NEWS, NEWS } outcome;
};

/* What came of a slice. */
struct slice {
	struct arena *arena;
	struct mark *marks;
	size_t n_marks, marks_cap;
	struct turn_notice lines[TURN_NOTICES_MAX];
	size_t n_lines;
	int64_t after; /* the last alert that was looked at */
};

struct alerts {
	struct loop *loop;
	struct flow *flow;
	struct store *store;
	struct alerts_hooks hooks;
	struct quiet_rules rules;
	struct timer *timer; /* NULL: no catalog yet */
	struct alerts_catalog catalog;
	int64_t after; /* where the pass stands */
	struct slice slice;
};

static int64_t
now(const struct alerts *al)
{
	return clock_now_ms(loop_clock(al->loop));
}

/* --- one person */

struct wanted {
	struct alert_row *rows;
	size_t n, cap;
	struct arena *arena;
};

static void
on_alert(void *arg, const struct alert_row *row)
{
	struct wanted *w = arg;
	struct alert_row *kept;

	xgrow(&w->rows, &w->cap, w->n + 1);
	kept = &w->rows[w->n++];
	*kept = *row;
	kept->wish = arena_str(w->arena, row->wish);
	kept->words = arena_str(w->arena, row->words);
	kept->label = arena_str(w->arena, row->label);
}

static void
mark(struct slice *s, int64_t id, enum outcome outcome)
{
	xgrow(&s->marks, &s->marks_cap, s->n_marks + 1);
	s->marks[s->n_marks++] = (struct mark){ id, outcome };
}

static bool
is_marked(const struct slice *s, int64_t id)
{
	for (size_t i = 0; i < s->n_marks; i++)
		if (s->marks[i].id == id)
			return true;
	return false;
}

/* Whether she may be told something now. */
static enum rc
may_tell(const struct alerts *al, int64_t peer, bool *may)
{
	struct notices n;
	bool quiet = true;
	enum rc rc = notice_get(al->store, peer, &n);

	*may = false;
	if (rc != RC_OK || !notice_allows(&n, NOTICE_ALERTS))
		return rc;
	rc = quiet_now(al->store, peer, &n, &al->rules, now(al), &quiet);
	*may = !quiet;
	return rc;
}

/* Whether something new fits, and what. */
static enum outcome
look_at(const struct alerts *al, const struct alert_row *row, struct arena *a,
    struct news *out)
{
	enum rc rc;

	*out = (struct news){ .label = row->label };
	if (!flow_is_private(al->flow, row->peer))
		return LEAVE;
	/* What she knows of another catalog says nothing of this one. */
	if (row->revision > al->catalog.revision || row->revision < al->catalog.oldest)
		return NO_NEWS;
	rc = al->hooks.search(al->hooks.arg, row->wish, row->words, row->revision,
	    now(al), a, out);
	if (rc == RC_OK)
		return out->total > 0 ? NEWS : NO_NEWS;
	log_warn("alerts: cannot search alert=%lld peer=%lld: %s", (long long)row->id,
	    (long long)row->peer, rc_name(rc));
	/* What can never be read is said once for each catalog. */
	return rc == RC_INVALID ? NO_NEWS : LEAVE;
}

static void
say(const struct alerts *al, struct slice *s, int64_t peer, const struct news *v,
    size_t n)
{
	struct turn_notice *line = &s->lines[s->n_lines++];

	*line = (struct turn_notice){ .peer = peer };
	al->hooks.word(al->hooks.arg, v, n, s->arena, &line->text, &line->button);
}

static void
look_at_all(const struct alerts *al, struct slice *s, const struct wanted *w)
{
	struct news *v = arena_zalloc(s->arena, w->n + 1, sizeof(*v));
	size_t n = 0;
	int64_t chat = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct alert_row *row = &w->rows[i];
		enum outcome outcome;

		if (row->revision == al->catalog.revision || is_marked(s, row->id))
			continue;
		outcome = look_at(al, row, s->arena, &v[n]);
		mark(s, row->id, outcome);
		if (outcome != NEWS)
			continue;
		n++;
		if (chat == 0)
			chat = row->peer;
	}
	if (n > 0)
		say(al, s, chat, v, n);
}

static enum rc
look_at_person(const struct alerts *al, struct slice *s, int64_t peer)
{
	struct wanted w = { .arena = s->arena };
	bool may;
	enum rc rc = may_tell(al, peer, &may);

	if (rc == RC_OK && may)
		rc = alert_each_of_person(al->store, peer, on_alert, &w);
	if (rc == RC_OK && may)
		look_at_all(al, s, &w);
	free(w.rows);
	return rc;
}

/* --- a slice */

static void
on_due(void *arg, const struct alert_row *row)
{
	struct alert_row *out = arg;

	out->id = row->id;
	out->peer = row->peer;
}

/* RC_NOTFOUND: no alert is left in this pass. */
static enum rc
look_at_next(const struct alerts *al, struct slice *s)
{
	struct alert_due due = { al->catalog.revision, now(al) - ALERTS_EVERY_MS,
		s->after, 1 };
	struct alert_row next = { .id = 0 };
	enum rc rc = alert_each_due(al->store, &due, on_due, &next);

	if (rc != RC_OK || next.id == 0)
		return rc == RC_OK ? RC_NOTFOUND : rc;
	s->after = next.id;
	/* Her other alerts were looked at with the first. */
	return is_marked(s, next.id) ? RC_OK : look_at_person(al, s, next.peer);
}

static bool
is_full(const struct slice *s, int64_t begun_us)
{
	return s->n_lines == ARRAY_LEN(s->lines) || s->n_marks >= SLICE_MARKS ||
	       clock_mono_us(clock_system()) - begun_us >= SLICE_US;
}

static enum rc
write_mark(const struct alerts *al, struct store *st, const struct mark *m)
{
	switch (m->outcome) {
	case NO_NEWS:
		return alert_mark_run(st, m->id, al->catalog.revision, now(al));
	case NEWS:
		return alert_mark_sent(st, m->id, al->catalog.revision, now(al));
	case LEAVE:
		break;
	}
	return RC_OK;
}

/* In the transaction. */
static enum rc
keep(void *arg, struct store *st, struct arena *a, struct turn_notice *out, size_t *n)
{
	const struct alerts *al = arg;
	const struct slice *s = &al->slice;
	enum rc rc = RC_OK;

	(void)a; /* texts are in the slice's */
	for (size_t i = 0; rc == RC_OK && i < s->n_marks; i++)
		rc = write_mark(al, st, &s->marks[i]);
	for (size_t i = 0; i < s->n_lines; i++)
		out[(*n)++] = s->lines[i];
	return rc;
}

static void
clear(struct slice *s, int64_t after)
{
	arena_reset(s->arena);
	s->n_marks = s->n_lines = 0;
	s->after = after;
}

/* RC_OK: there is more to look at. RC_NOTFOUND: not in this pass. */
static enum rc
run_slice(struct alerts *al)
{
	int64_t begun_us = clock_mono_us(clock_system());
	struct slice *s = &al->slice;
	enum rc rc, kept = RC_OK;

	clear(s, al->after);
	do
		rc = look_at_next(al, s);
	while (rc == RC_OK && !is_full(s, begun_us));
	if (rc != RC_OK && rc != RC_NOTFOUND)
		return rc;
	if (s->n_marks > 0)
		kept = flow_say(al->flow, keep, al);
	if (kept != RC_OK)
		return kept;
	if (s->n_lines > 0)
		log_info("alerts: told persons=%zu revision=%lld", s->n_lines,
		    (long long)al->catalog.revision);
	al->after = s->after;
	return rc;
}

/* --- whether the catalog is whole */

struct kept {
	int64_t programs;
	int64_t low_since_ms; /* wall; 0: it is not low */
};

static void
on_value(void *arg, struct str key, struct str value)
{
	struct kept *k = arg;

	if (str_eq(key, PROGRAMS))
		(void)str_to_int(value, 0, INT64_MAX, &k->programs);
	else if (str_eq(key, LOW_SINCE))
		(void)str_to_int(value, 0, INT64_MAX, &k->low_since_ms);
}

static enum rc
keep_number(const struct alerts *al, struct str key, int64_t n)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%lld", (long long)n);
	return value_set(al->store, OWN, key, str_of(text));
}

/* The number of programs to compare the next catalog with. */
static enum rc
take_for_whole(const struct alerts *al, const struct kept *k)
{
	enum rc rc = RC_OK;

	if (k->programs != (int64_t)al->catalog.programs)
		rc = keep_number(al, PROGRAMS, (int64_t)al->catalog.programs);
	if (rc == RC_OK && k->low_since_ms != 0)
		rc = keep_number(al, LOW_SINCE, 0);
	return rc;
}

static enum rc
begin_low(const struct alerts *al, const struct kept *k)
{
	log_warn("alerts: the catalog has %zu programs, it had %lld: nobody is told of "
		 "new ones until they are back, or for a week",
	    al->catalog.programs, (long long)k->programs);
	return keep_number(al, LOW_SINCE, now(al));
}

static enum rc
is_whole(const struct alerts *al, bool *whole)
{
	struct kept k = { 0 };
	enum rc rc = value_each(al->store, OWN, on_value, &k);
	bool low = (int64_t)al->catalog.programs * 100 < k.programs * LOW_PERCENT;

	*whole = !low ||
	         (k.low_since_ms != 0 && now(al) - k.low_since_ms >= ALERTS_LOW_MS);
	if (rc == RC_OK && *whole)
		rc = take_for_whole(al, &k);
	else if (rc == RC_OK && k.low_since_ms == 0)
		rc = begin_low(al, &k);
	return rc;
}

/* --- a pass */

static void
on_time(void *arg)
{
	struct alerts *al = arg;
	bool whole = true, more = false;
	enum rc rc = RC_OK;

	al->timer = NULL;
	if (al->after == 0)
		rc = is_whole(al, &whole);
	if (rc == RC_OK && whole) {
		rc = run_slice(al);
		more = rc == RC_OK;
	}
	/* The same again with the next pass. */
	if (rc != RC_OK && rc != RC_NOTFOUND)
		log_warn("alerts: not now: %s", rc_name(rc));
	if (!more)
		al->after = 0;
	al->timer = loop_after(al->loop, more ? PAUSE_MS : ALERTS_CHECK_MS, on_time,
	    al);
}

struct alerts *
alerts_new(struct loop *l, struct flow *f, struct store *st,
    const struct alerts_hooks *hooks, const struct quiet_rules *rules)
{
	struct alerts *al = xcalloc(1, sizeof(*al));

	*al = (struct alerts){ .loop = l,
		.flow = f,
		.store = st,
		.hooks = *hooks,
		.rules = *rules,
		.slice = { .arena = arena_new() } };
	return al;
}

void
alerts_free(struct alerts *al)
{
	if (al == NULL)
		return;
	loop_cancel(al->timer);
	arena_free(al->slice.arena);
	free(al->slice.marks);
	free(al);
}

void
alerts_catalog_changed(struct alerts *al, const struct alerts_catalog *c)
{
	al->catalog = *c;
	al->after = 0;
	loop_cancel(al->timer);
	al->timer = loop_after(al->loop, PAUSE_MS, on_time, al);
}
