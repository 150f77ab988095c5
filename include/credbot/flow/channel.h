/*
 * channel.h - a network behind one table.
 *
 * The core calls down through channel_ops; an adapter calls up only through flow_put(),
 * flow_history() and channel_state().
 */
#ifndef CREDBOT_FLOW_CHANNEL_H
#define CREDBOT_FLOW_CHANNEL_H

#include "credbot/base/config.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/flow/message.h"

struct channel;
struct flow;
struct loop;

enum channel_cap {
	/* Clients fetch what they have not seen by sequence number, so a message is delivered
	 * once it is on disk; send() only tells those that are connected. */
	CHANNEL_PULL = 1,
};

/* RC_OK: the network has it. RC_AGAIN: try later. RC_INVALID: never. */
typedef void send_done_fn(void *arg, enum rc rc);

struct channel_ops {
	const char *name; /* its section in the configuration */
	unsigned caps;    /* enum channel_cap */
	/* Begins to connect; never blocks. */
	enum rc (*start)(struct channel *ch, const struct config *cf, struct err *err);
	/* Sends m, which lives until done is called; done is called exactly once, and may be
	 * called from inside (with CHANNEL_PULL it must be). One message of a peer is under
	 * way at a time. */
	void (*send)(struct channel *ch, const struct outmsg *m, send_done_fn *done,
	    void *arg);
	/* Takes no more messages in; what was taken is still answered. */
	void (*drain)(struct channel *ch);
	/* Frees everything start made; no callback comes after it. */
	void (*stop)(struct channel *ch);
};

/* The first member of every adapter's own struct. */
struct channel {
	const struct channel_ops *ops;
	/* The one account that this process serves; NULL: all. What others left unfinished is
	 * none of its business. */
	const char *account;
	struct flow *flow; /* set by flow_add_channel() */
	struct loop *loop;
};

#endif
