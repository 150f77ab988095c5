/*
 * retention.c - forgets what is too old.
 */
#include <stdlib.h>

#include "credbot/base/alloc.h"
#include "credbot/ops/retention.h"

/* Not while a start has other things to do. */
#define FIRST_MS 10000
#define PASS_MS 3600000
/* Peers of one transaction, some milliseconds of work, and the pause in which students are
 * answered: 100,000 peers take a minute. */
#define STEP_PEERS 100
#define STEP_MS 50

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

struct retention {
	struct loop *loop;
	struct flow *flow;
	struct retention_rules rules;
	struct timer *timer;
	int64_t after; /* where the pass stands */
};

static void
step(void *arg)
{
	struct retention *r = arg;
	int64_t now = clock_now_ms(loop_clock(r->loop));
	enum rc rc = flow_forget(r->flow, now - r->rules.keep_days * DAY_MS,
	    now - r->rules.raw_hours * HOUR_MS, &r->after, STEP_PEERS);
	bool goes_on = rc == RC_OK && r->after != 0;

	/* A full disk: the same again with the next pass. */
	r->timer = loop_after(r->loop, goes_on ? STEP_MS : PASS_MS, step, r);
}

struct retention *
retention_new(struct loop *l, struct flow *f, const struct retention_rules *rules)
{
	struct retention *r = xcalloc(1, sizeof(*r));

	*r = (struct retention){ .loop = l, .flow = f, .rules = *rules };
	r->timer = loop_after(l, FIRST_MS, step, r);
	return r;
}

void
retention_free(struct retention *r)
{
	if (r == NULL)
		return;
	loop_cancel(r->timer);
	free(r);
}
