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
	/* The network cannot tell a message that is sent twice from two messages. That one is
	 * on its way stands on disk before it leaves; where nobody knows whether it arrived,
	 * since the answer was lost or this process ended, it is sent once more and says so. */
	CHANNEL_BLIND = 2,
};

struct send_result {
	/* RC_OK: the network has it. RC_AGAIN: it has not, try later. RC_INVALID: it never
	 * will. RC_IO: nobody knows (only with CHANNEL_BLIND; else say RC_AGAIN). */
	enum rc rc;
	struct str id; /* RC_OK: the network's id of it, if it gave one */
	int64_t
	    wait_ms; /* RC_AGAIN: the network wants to be left alone so long; 0: unsaid */
	bool
	    paced; /* RC_AGAIN: since we write too often, not since it cannot be reached */
};

/* r is borrowed. */
typedef void send_done_fn(void *arg, const struct send_result *r);

struct channel_ops {
	const char *name; /* its section in the configuration */
	unsigned caps;    /* enum channel_cap */
	/* Begins to connect; never blocks. Before flow_start(), which sends what was left,
	 * unless the channel pulls. */
	enum rc (*start)(struct channel *ch, const struct config *cf, struct err *err);
	/* Sends m, which lives until done is called; done is called exactly once, and may be
	 * called from inside (with CHANNEL_PULL it must be). One message of a peer is under
	 * way at a time. */
	void (*send)(struct channel *ch, const struct outmsg *m, send_done_fn *done,
	    void *arg);
	/* True while the network lets us write so seldom that replies of one peer that wait
	 * are said together, as one message. NULL: never. Not with CHANNEL_PULL or
	 * CHANNEL_BLIND. */
	bool (*crowded)(const struct channel *ch);
	/* Whether it still does its work, or waits for something that will come; a network that
	 * is down is no fault of ours. Asked now and then; NULL: it always does. */
	bool (*alive)(struct channel *ch);
	/* Takes no more messages in; what was taken is still answered. */
	void (*drain)(struct channel *ch);
	/* Frees everything start made; no callback comes after it. */
	void (*stop)(struct channel *ch);
	/* Whether others read what is written with the account, as far as is known now: a group.
	 * NULL: never. */
	bool (*is_shared)(struct channel *ch, struct str account);
	/* The name by which people find the bot there: "example_bot", "@bot:example.org".
	 * Borrowed for the call. NULL, or "": it has none, or it is not known yet. */
	const char *(*own_name)(struct channel *ch);
};

/* The first member of every adapter's own struct. */
struct channel {
	const struct channel_ops *ops;
	/* The one account that this process serves; NULL: all. What others left unfinished is
	 * none of its business. */
	const char *account;
	/* An answer that could not be sent for so long, since the network could not be
	 * reached, is not sent any more: an apology goes in its place. 0: never. May be set by
	 * start. */
	int64_t unsent_ms;
	struct flow *flow; /* set by flow_add_channel() */
	struct loop *loop;
};

#endif
