/*
 * loop.c - the one event loop on libuv.
 *
 * Timers are our own heap, the first to fall due on top, with one uv_timer for it: so a test
 * clock can run them without real time passing.
 */
#include <assert.h>
#include <stdlib.h>

#include <uv.h>

#include "credbot/base/alloc.h"
#include "credbot/io/loop.h"

struct timer {
	struct loop *loop;
	size_t at;      /* in the heap */
	int64_t due_ms; /* monotonic */
	int64_t number; /* the older of two that are due together comes first */
	loop_fn *fn;
	void *arg;
};

struct deferral {
	struct loop *loop;
	struct deferral *next;
	bool armed;
	loop_fn *fn;
	void *arg;
};

struct signal {
	uv_signal_t handle;
	struct signal *next;
	loop_fn *fn;
	void *arg;
};

struct work {
	uv_work_t req;
	loop_fn *work, *done;
	void *arg;
};

/* Of the heap. */
struct slot {
	struct timer *t;
};

struct loop {
	uv_loop_t uv;
	struct clock *clock;
	uv_timer_t wake;
	uv_prepare_t drained; /* runs just before the loop waits */
	uv_idle_t spin;      /* active while a deferral is armed: then the loop polls */
	struct slot *timers; /* a binary heap */
	size_t n_timers, timers_cap;
	int64_t timers_made;
	struct deferral *deferrals;
	struct signal *signals;
	bool freeing;
};

static void rearm(struct loop *l);

/* --- the heap of timers */

static bool
is_before(const struct timer *a, const struct timer *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->number < b->number;
}

static void
put_at(struct loop *l, struct timer *t, size_t at)
{
	l->timers[at].t = t;
	t->at = at;
}

/* Moves t from at to its place. */
static void
sift(struct loop *l, struct timer *t, size_t at)
{
	for (size_t up; at > 0 && is_before(t, l->timers[up = (at - 1) / 2].t); at = up)
		put_at(l, l->timers[up].t, at);
	for (;;) {
		size_t down = 2 * at + 1;

		if (down + 1 < l->n_timers &&
		    is_before(l->timers[down + 1].t, l->timers[down].t))
			down++;
		if (down >= l->n_timers || !is_before(l->timers[down].t, t))
			break;
		put_at(l, l->timers[down].t, at);
		at = down;
	}
	put_at(l, t, at);
}

static void
take_out(struct loop *l, size_t at)
{
	struct timer *last = l->timers[--l->n_timers].t;

	if (at < l->n_timers)
		sift(l, last, at);
}

static struct timer *
first(const struct loop *l)
{
	return l->n_timers == 0 ? NULL : l->timers[0].t;
}

static void
run_due(struct loop *l)
{
	int64_t now = clock_mono_ms(l->clock);

	for (struct timer *t; (t = first(l)) != NULL && t->due_ms <= now;) {
		struct timer due = *t;

		take_out(l, 0);
		free(t);
		due.fn(due.arg);
	}
	rearm(l);
}

static void
on_wake(uv_timer_t *handle)
{
	run_due(handle->data);
}

static void
rearm(struct loop *l)
{
	int64_t wait;

	if (l->freeing || l->clock->owned)
		return;
	if (l->n_timers == 0) {
		uv_timer_stop(&l->wake);
		return;
	}
	/* Never 0: libuv (1.44) would run a timer that a timer starts before it looks at
	 * anything else, for ever if that one starts the next. */
	wait = first(l)->due_ms - clock_mono_ms(l->clock);
	uv_timer_start(&l->wake, on_wake, wait > 1 ? (uint64_t)wait : 1, 0);
}

static bool
any_armed(const struct loop *l)
{
	for (const struct deferral *d = l->deferrals; d != NULL; d = d->next)
		if (d->armed)
			return true;
	return false;
}

static void
run_deferrals(struct loop *l)
{
	for (struct deferral *d = l->deferrals; d != NULL; d = d->next) {
		if (!d->armed)
			continue;
		d->armed = false;
		d->fn(d->arg);
	}
}

static void
on_idle(uv_idle_t *handle)
{
	(void)handle;
}

/*
 * Before the loop waits. What was armed in this turn runs in the next one's, after the poll
 * that on_idle keeps from blocking: by then all that was ready has been read.
 */
static void
on_prepare(uv_prepare_t *handle)
{
	struct loop *l = handle->data;

	run_deferrals(l);
	if (!any_armed(l))
		uv_idle_stop(&l->spin);
}

struct loop *
loop_new(struct clock *clock)
{
	struct loop *l = xcalloc(1, sizeof(*l));
	int rc = uv_loop_init(&l->uv);

	assert(rc == 0);
	l->clock = clock;
	uv_timer_init(&l->uv, &l->wake);
	uv_prepare_init(&l->uv, &l->drained);
	uv_idle_init(&l->uv, &l->spin);
	l->wake.data = l->drained.data = l->spin.data = l;
	uv_prepare_start(&l->drained, on_prepare);
	return l;
}

static void
close_one(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

void
loop_free(struct loop *l)
{
	int rc;

	if (l == NULL)
		return;
	l->freeing = true;
	uv_walk(&l->uv, close_one, NULL);
	while (uv_run(&l->uv, UV_RUN_DEFAULT) != 0)
		;
	rc = uv_loop_close(&l->uv);
	assert(rc == 0);
	for (size_t i = 0; i < l->n_timers; i++)
		free(l->timers[i].t);
	free(l->timers);
	while (l->signals != NULL) {
		struct signal *s = l->signals;

		l->signals = s->next;
		free(s);
	}
	assert(l->deferrals == NULL);
	free(l);
}

const struct clock *
loop_clock(const struct loop *l)
{
	return l->clock;
}

void
loop_run(struct loop *l)
{
	uv_run(&l->uv, UV_RUN_DEFAULT);
}

void
loop_stop(struct loop *l)
{
	uv_stop(&l->uv);
}

void
loop_turn(struct loop *l)
{
	if (l->clock->owned)
		run_due(l);
	uv_run(&l->uv, UV_RUN_NOWAIT);
	while (any_armed(l))
		run_deferrals(l);
}

void
loop_advance(struct loop *l, int64_t ms)
{
	int64_t until = clock_mono_ms(l->clock) + ms;

	loop_turn(l);
	for (struct timer *t; (t = first(l)) != NULL && t->due_ms <= until;) {
		int64_t now = clock_mono_ms(l->clock);

		clock_advance(l->clock, t->due_ms > now ? t->due_ms - now : 0);
		loop_turn(l);
	}
	clock_advance(l->clock, until - clock_mono_ms(l->clock));
	loop_turn(l);
}

struct timer *
loop_after(struct loop *l, int64_t ms, loop_fn *fn, void *arg)
{
	struct timer *t = xcalloc(1, sizeof(*t));

	*t = (struct timer){ .loop = l, .fn = fn, .arg = arg };
	t->due_ms = clock_mono_ms(l->clock) + (ms > 0 ? ms : 0);
	t->number = l->timers_made++;
	xgrow(&l->timers, &l->timers_cap, l->n_timers + 1);
	sift(l, t, l->n_timers++);
	if (first(l) == t)
		rearm(l);
	return t;
}

void
loop_cancel(struct timer *t)
{
	struct loop *l;

	if (t == NULL)
		return;
	l = t->loop;
	/* Else it fired already, and its owner kept a dead pointer. */
	assert(t->at < l->n_timers && l->timers[t->at].t == t);
	take_out(l, t->at);
	free(t);
	rearm(l);
}

struct deferral *
loop_deferral(struct loop *l, loop_fn *fn, void *arg)
{
	struct deferral *d = xcalloc(1, sizeof(*d));

	*d = (struct deferral){ .loop = l, .next = l->deferrals, .fn = fn, .arg = arg };
	l->deferrals = d;
	return d;
}

void
deferral_arm(struct deferral *d)
{
	if (d->armed)
		return;
	d->armed = true;
	uv_idle_start(&d->loop->spin, on_idle);
}

void
deferral_free(struct deferral *d)
{
	struct deferral **at;

	if (d == NULL)
		return;
	for (at = &d->loop->deferrals; *at != d; at = &(*at)->next)
		;
	*at = d->next;
	free(d);
}

static void
on_signal(uv_signal_t *handle, int signo)
{
	struct signal *s = handle->data;

	(void)signo;
	s->fn(s->arg);
}

void
loop_on_signal(struct loop *l, int signo, loop_fn *fn, void *arg)
{
	struct signal *s = xcalloc(1, sizeof(*s));

	s->fn = fn;
	s->arg = arg;
	s->next = l->signals;
	l->signals = s;
	uv_signal_init(&l->uv, &s->handle);
	s->handle.data = s;
	uv_signal_start(&s->handle, on_signal, signo);
}

static void
do_work(uv_work_t *req)
{
	struct work *w = req->data;

	w->work(w->arg);
}

static void
work_done(uv_work_t *req, int status)
{
	struct work *w = req->data;

	(void)status; /* works are never cancelled */
	w->done(w->arg);
	free(w);
}

void
loop_work(struct loop *l, loop_fn *work, loop_fn *done, void *arg)
{
	struct work *w = xcalloc(1, sizeof(*w));

	*w = (struct work){ .work = work, .done = done, .arg = arg };
	w->req.data = w;
	uv_queue_work(&l->uv, &w->req, do_work, work_done);
}

void *
loop_uv(struct loop *l)
{
	return &l->uv;
}
