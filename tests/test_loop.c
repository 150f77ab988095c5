/*
 * test_loop.c - the loop under a clock that the test moves, and under the real one.
 */
#include <signal.h>

#include "credbot/base/buf.h"
#include "credbot/io/loop.h"
#include "t.h"

struct note {
	struct buf *log;
	const char *word;
};

static void
on_note(void *arg)
{
	const struct note *n = arg;

	buf_adds(n->log, n->word);
}

static void
test_timers_in_order(void)
{
	struct clock clock = clock_fixed(1000);
	struct loop *l = loop_new(&clock);
	struct buf log = { 0 };
	struct note a = { &log, "a" }, b = { &log, "b" }, c = { &log, "c" };
	struct timer *gone;

	(void)loop_after(l, 300, on_note, &c);
	(void)loop_after(l, 100, on_note, &a);
	(void)loop_after(l, 100, on_note, &b);
	gone = loop_after(l, 200, on_note, &a);
	loop_advance(l, 99);
	T_STR(buf_cstr(&log), "", "not yet");
	loop_advance(l, 1);
	T_STR(buf_cstr(&log), "ab", "both that are due, oldest first");
	loop_cancel(gone);
	loop_advance(l, 1000);
	T_STR(buf_cstr(&log), "abc", "the cancelled one is gone");
	T_INT(clock_now_ms(&clock), 2100, "the clock moved along");
	loop_cancel(NULL);
	loop_free(l);
	buf_fini(&log);
}

struct chain {
	struct loop *loop;
	int left, moments[4];
	int n;
};

static void
on_chain(void *arg)
{
	struct chain *c = arg;

	c->moments[c->n++] = (int)clock_mono_ms(loop_clock(c->loop));
	if (c->left-- > 0)
		(void)loop_after(c->loop, 10, on_chain, c);
}

/* Each timer runs at its own moment, also those that timers set. */
static void
test_timers_see_their_moment(void)
{
	struct clock clock = clock_fixed(0);
	struct loop *l = loop_new(&clock);
	struct chain c = { .loop = l, .left = 3 };

	(void)loop_after(l, 5, on_chain, &c);
	loop_advance(l, 100);
	T_INT(c.n, 4, "all ran");
	T_INT(c.moments[0], 5, "first");
	T_INT(c.moments[3], 35, "last");
	loop_free(l);
}

static void
test_deferral(void)
{
	struct clock clock = clock_fixed(0);
	struct loop *l = loop_new(&clock);
	struct buf log = { 0 };
	struct note n = { &log, "x" };
	struct deferral *d = loop_deferral(l, on_note, &n);

	loop_turn(l);
	T_STR(buf_cstr(&log), "", "not armed, not called");
	deferral_arm(d);
	deferral_arm(d);
	T_STR(buf_cstr(&log), "", "never from inside");
	loop_turn(l);
	T_STR(buf_cstr(&log), "x", "once, however often it was armed");
	loop_turn(l);
	T_STR(buf_cstr(&log), "x", "and not again");
	deferral_free(d);
	deferral_free(NULL);
	loop_free(l);
	buf_fini(&log);
}

struct live {
	struct loop *loop;
	int worked, done, deferred;
	struct deferral *d;
};

static void
in_thread(void *arg)
{
	((struct live *)arg)->worked++;
}

static void
on_done(void *arg)
{
	struct live *v = arg;

	v->done++;
	deferral_arm(v->d);
}

static void
on_deferred(void *arg)
{
	struct live *v = arg;

	v->deferred++;
	raise(SIGUSR1);
}

static void
on_usr1(void *arg)
{
	loop_stop(((struct live *)arg)->loop);
}

static void
begin(void *arg)
{
	struct live *v = arg;

	loop_work(v->loop, in_thread, on_done, v);
}

/* A timer starts work in a thread, which arms a deferral, which raises a signal. */
static void
test_real_time(void)
{
	struct live v = { .loop = loop_new(clock_system()) };

	v.d = loop_deferral(v.loop, on_deferred, &v);
	loop_on_signal(v.loop, SIGUSR1, on_usr1, &v);
	(void)loop_after(v.loop, 1, begin, &v);
	loop_run(v.loop);
	T_INT(v.worked, 1, "worked");
	T_INT(v.done, 1, "done");
	T_INT(v.deferred, 1, "deferred");
	deferral_free(v.d);
	(void)loop_after(v.loop, 100000, begin, &v); /* freed with the loop */
	loop_free(v.loop);
	loop_free(NULL);
}

int
main(void)
{
	T_RUN(test_timers_in_order);
	T_RUN(test_timers_see_their_moment);
	T_RUN(test_deferral);
	T_RUN(test_real_time);
	return t_end();
}
