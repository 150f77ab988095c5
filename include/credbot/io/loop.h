/*
 * loop.h - the one event loop: timers, signals, work in helper threads.
 *
 * Built on libuv, which also carries the web server as its foreign loop. All callbacks run
 * on the loop thread; none is called from inside the call that asked for it, and none after
 * its cancel. With a clock that a test owns, timers fall due when loop_advance() moves it,
 * not when real time passes.
 */
#ifndef CREDBOT_IO_LOOP_H
#define CREDBOT_IO_LOOP_H

#include <stdint.h>

#include "credbot/base/clock.h"

struct loop;
struct timer;
struct deferral;

typedef void loop_fn(void *arg);

/* Borrows clock. */
struct loop *loop_new(struct clock *clock);
/* Cancels what is left, runs until every handle is closed. NULL is fine. */
void loop_free(struct loop *l);

const struct clock *loop_clock(const struct loop *l);

/* Runs until loop_stop(). */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);
/* Does what is ready, without waiting. */
void loop_turn(struct loop *l);
/* For an owned clock: moves it by ms, running each timer at its moment. */
void loop_advance(struct loop *l, int64_t ms);

/* Calls fn once after ms; the timer is gone then. Never NULL. */
struct timer *loop_after(struct loop *l, int64_t ms, loop_fn *fn, void *arg);
/* NULL is fine. */
void loop_cancel(struct timer *t);

/*
 * Calls fn each time when the loop has drained what is ready and is about to wait, if
 * deferral_arm() was called since: the moment for a group commit.
 */
struct deferral *loop_deferral(struct loop *l, loop_fn *fn, void *arg);
void deferral_arm(struct deferral *d);
void deferral_free(struct deferral *d); /* NULL is fine */

/* Calls fn on each arrival of the signal, on the loop thread. Once per signal. */
void loop_on_signal(struct loop *l, int signo, loop_fn *fn, void *arg);

/* Runs work in a helper thread, then done on the loop thread. */
void loop_work(struct loop *l, loop_fn *work, loop_fn *done, void *arg);

/* The uv_loop_t, for io/ alone. */
void *loop_uv(struct loop *l);

#endif
