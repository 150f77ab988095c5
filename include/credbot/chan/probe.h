/*
 * probe.h - what an operator can be told about a network before the bot joins it.
 */
#ifndef CREDBOT_CHAN_PROBE_H
#define CREDBOT_CHAN_PROBE_H

#include "credbot/base/config.h"
#include "credbot/base/str.h"
#include "credbot/io/loop.h"

enum probe_verdict {
	PROBE_OK,
	PROBE_WARN, /* works, but not as she may think */
	PROBE_FAIL, /* will not work */
};

/* text is one line, without a full stop: what was found, and what to do about it. */
typedef void probe_fn(void *arg, enum probe_verdict v, const char *text);

/* Runs l until all is known, a minute at most. Changes nothing, and takes no message away.
 * Says one line, that it is off, if it is not configured. */
void telegram_probe(struct loop *l, const struct config *cf, probe_fn *say, void *arg);
/* kept: tokens as the channel keeps them (its value "tokens"), used when none is configured;
 * empty: none are at hand. */
void matrix_probe(struct loop *l, const struct config *cf, struct str kept,
    probe_fn *say, void *arg);

#endif
