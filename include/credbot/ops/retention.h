/*
 * retention.h - forgets what is too old: once an hour, a few peers at a time.
 */
#ifndef CREDBOT_OPS_RETENTION_H
#define CREDBOT_OPS_RETENTION_H

#include "credbot/flow/flow.h"
#include "credbot/io/loop.h"

struct retention;

/* What is kept; see the options privacy.keep_days and privacy.raw_hours. */
struct retention_rules {
	int keep_days;
	int raw_hours;
};

/* Borrows l and f. The first pass begins soon. */
struct retention *retention_new(struct loop *l, struct flow *f,
    const struct retention_rules *rules);
/* Before f goes. NULL is fine. */
void retention_free(struct retention *r);

#endif
