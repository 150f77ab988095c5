/*
 * notify.h - tells the service manager how we are: one datagram, no library
 * (sd_notify(3), "Notes", describes the protocol).
 */
#ifndef CREDBOT_OPS_NOTIFY_H
#define CREDBOT_OPS_NOTIFY_H

#include "credbot/flow/flow.h"
#include "credbot/io/loop.h"
#include "credbot/store/store.h"

/* Does nothing unless NOTIFY_SOCKET is set. state is lines like "READY=1". */
void notify_send(const char *state);
void notify_ready(void);
/* Tells that a reload begins; notify_ready() ends it. */
void notify_reloading(void);
void notify_stopping(void);

/*
 * Feeds the watchdog, if WATCHDOG_USEC asks for it: only after the loop has made a full turn
 * and the store has answered, and while all channels do their work, so that a loop, a disk or
 * a network that hangs is noticed. That a server is down is no reason to restart.
 */
struct watchdog;
struct watchdog *watchdog_new(struct loop *l, struct store *st, const struct flow *f);
void watchdog_free(struct watchdog *w); /* NULL is fine */

#endif
