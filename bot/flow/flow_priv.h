/*
 * flow_priv.h - what the parts of the way of a message share.
 *
 *   inbox.c     takes messages in, makes batches, commits them
 *   dispatch.c  one message within a batch: is it new, what belongs together
 *   backlog.c   what was written long ago: one answer for all of it
 *   turns.c     one turn, and what it leaves
 *   notices.c   what a turn leaves for others; what is said unasked
 *   outbox.c    sends what is queued, one message of a peer at a time
 *   joined.c    says together what must wait for a network that limits us
 *   erase.c     what students want gone, and what is too old
 *   documents.c files that go with what is said
 *   peers.c     who is known in memory
 *   attempts.c  which message was being worked on when the process ended
 *   flow.c      life cycle, and what channels may ask
 *
 * The disk is the truth: a batch that fails is rolled back, and the peers that it touched
 * are read again.
 */
#ifndef CREDBOT_FLOW_PRIV_H
#define CREDBOT_FLOW_PRIV_H

#include "credbot/base/bucket.h"
#include "credbot/base/map.h"
#include "credbot/flow/flow.h"

/* Peers kept in memory: at some 600 bytes each, 5 MB. */
#define PEERS_MAX 8192
/* Fragments that are put together at most before they are answered as they are. */
#define FRAGMENTS_MAX 5
/* Who waited longer has given up waiting: the answer begins with an apology, once for all
 * that she wrote meanwhile. */
#define LATE_MS INT64_C(600000)
/* What was written long ago waits for more of it so long, since it comes in one go. */
#define LATE_HOLD_MS 2000
/* A turn that failed is tried again after 1, 2 ... seconds. */
#define RETRY_MS 1000
/* Sends: 1 s doubling to a minute, up to a fifth earlier, so that not all peers come at the
 * same time; given up after a day's worth of tries. */
#define SEND_RETRY_FIRST_MS 1000
#define SEND_RETRY_LAST_MS 60000
#define SEND_TRIES_MAX 1500
/* No row waits for longer, also if the wall clock was set back. */
#define SEND_WAIT_MAX_MS 300000
/* An answer that may have been lost is sent again when a student would ask what has become
 * of it; three times that nobody answers, it is given up. */
#define SEND_UNSURE_MS 30000
#define SEND_UNSURE_MAX 3

struct put; /* a message that was taken in and is not yet in a batch */

struct queued {
	struct queued *next;
	int64_t seq;
	int tries;
	int64_t due_ms; /* wall */
	int64_t at_ms;  /* wall: when it was said */
	bool underway;  /* so it stands on disk: it may leave (CHANNEL_BLIND) */
	bool again;     /* it may have arrived before */
	/* Not to be joined with more: it takes another's place, or may have left. */
	bool alone;
	bool joining;   /* a mark will join it to the one before */
	int n_unsure;   /* times that nobody knew, in this process */
	bool apology;   /* for what could not be sent in time */
	bool unasked;   /* it answers nothing, so that it is never too late */
	bool documents; /* it has some, which nobody needs when it has arrived */
};

struct peer {
	struct flow *flow;
	struct channel *ch;
	struct peer *newer, *older; /* by use */
	int64_t id;
	int64_t next_seq;
	char *account;
	char lang[MESSAGE_LANG_MAX + 1];
	struct buf state;
	struct bucket bucket;
	bool flooding;          /* until the bucket is full again */
	int64_t sorry_until_ms; /* wall: what was written before has had its apology */
	int64_t
	    old_until_ms; /* wall: when the last one that waits in MESSAGE_OLD was written */

	bool touched; /* by the batch under way */
	struct peer *touched_next;
	bool stale; /* a batch was rolled back: to be read again */
	bool gone;  /* cannot be reached: nothing is sent until she writes */

	/* Inbox rows in INBOX_WAITING. Only peers_rewait() changes these. */
	bool waits;
	bool due;             /* the timer has fired */
	int64_t waits_due_ms; /* wall: when the first row is due */
	struct timer *wait;

	struct queued *queue; /* outbox rows to send, by seq */
	bool
	    leaving; /* a row is new and under way in this batch, or will be by a mark */
	bool joining; /* rows of the queue are being joined */
	struct sending *sending;
	struct timer *resend;
};

struct mark { /* the outcome of a send, for the next batch */
	struct mark *next;
	int64_t peer, seq;
	enum outbox_status status;
	int tries;
	int64_t due_ms;
	bool unsent;    /* an apology goes in its place */
	char *id;       /* the network's; NULL: not known */
	bool documents; /* see struct queued */
	/* No outcome: what the network calls the n-th document. NULL: an outcome. */
	char *remote;
	size_t n;
	put_done_fn *done; /* when that is on disk */
	void *arg;
};

struct flow {
	struct store *store;
	struct loop *loop;
	struct flow_hooks hooks;
	struct flow_options options;
	struct attempts *attempts; /* NULL: none */
	bool any_attempts;         /* the store has some on record */

	struct channel *channels[8];
	size_t n_channels;
	/* Of each: a message could not be taken since its last flow_keep(). */
	bool refused[8];

	struct map *by_account; /* "channel account" */
	struct map *by_id;      /* decimal id */
	struct peer *newest, *oldest;
	size_t n_peers;
	struct peer *touched;

	struct put *first_put, **last_put;
	struct mark *first_mark, **last_mark;
	struct deferral *batch;
	struct arena *arena; /* of the batch under way */
	struct fresh *fresh; /* replies of the batch, sent once it is committed */
	struct fresh *last_fresh;
	int n_sending;
	bool ended;                /* nothing is sent any more */
	int n_due;                 /* wake-ups of peers whose waiting rows are due */
	struct timer *retry;       /* after a full disk */
	bool erased;               /* the batch under way has erased something */
	struct scrubber *scrubber; /* until it is gone from the disk, too */
	struct forgetting *forgetting; /* the work at hand */
	struct saying *saying;         /* likewise */
	struct flow_counts counts;
};

int64_t flow_now(const struct flow *f); /* wall */

/* peers.c */
/* RC_NOTFOUND unless make. */
enum rc peers_find(struct flow *f, const char *channel, struct str account, bool make,
    struct peer **out);
enum rc peers_load(struct flow *f, int64_t id, struct peer **out);
void peers_trim(struct flow *f);
void peers_free(struct flow *f);
/* See flow_move(). */
enum rc peers_move(struct flow *f, const char *channel, struct str from, struct str to);
/* The batch changes p: until peers_settle() or peers_restore(). */
void peers_touch(struct peer *p);
/* Forgets the peer in memory, unless something of it is under way: then true. */
bool peers_busy(struct flow *f, int64_t id);
/* Of this peer something else is on disk now than in memory, if it is there. */
void peers_changed(struct flow *f, int64_t id);
void peers_settle(struct flow *f);  /* after the commit */
void peers_restore(struct flow *f); /* after a rollback */
/* See flow_reach(); within a transaction. */
enum rc peers_reach(struct flow *f, const char *channel, struct str accounts,
    struct str why);
/* She has written. */
enum rc peers_back(struct peer *p);
/* Sets the timer for p's rows that wait, as the store has them now. */
enum rc peers_rewait(struct peer *p);
struct channel *flow_channel(const struct flow *f, const char *name);
/* Whether this process serves the account. */
bool flow_serves(const struct channel *ch, struct str account);

/* inbox.c */
void inbox_init(struct flow *f);
void inbox_fini(struct flow *f);
/* Runs work as a batch of its own. */
enum rc inbox_run(struct flow *f, enum rc (*work)(struct flow *f));
/* Some peer's rows are due. */
void inbox_due(struct flow *f);
/* The store broke: ends the process, so that the start-up path recovers. */
_Noreturn void flow_broken(const char *where);

/* dispatch.c: within a transaction. RC_AGAIN: roll the whole batch back. */
struct arrival {
	const struct inmsg *given;
	int64_t seq;  /* out: its number */
	bool doubled; /* out: it was there already */
};
enum rc dispatch_put(struct flow *f, struct arrival *a);
/* Answers rows that wait and are due; all: also those that are not. */
enum rc dispatch_due(struct flow *f, struct peer *p, bool all);

/* turns.c: within a transaction */
struct bundle { /* the messages of one turn, with the inbox rows that they are */
	struct inmsg messages[FRAGMENTS_MAX + 1];
	struct inbox_row rows[FRAGMENTS_MAX + 1];
	size_t n;
	int64_t
	    edited; /* seq of the message that was answered and is another now; 0: none */
};
void bundle_add(struct bundle *b, struct flow *f, struct peer *p,
    const struct inbox_row *row);
/* in: what the caller knows of the turn; the rest is filled in. */
enum rc turns_run(struct flow *f, struct peer *p, struct bundle *b, struct turn_in *in);
/* Moves the messages to the dead letters and says sorry. */
enum rc turns_bury(struct flow *f, struct peer *p, struct bundle *b,
    const char *reason);

/* backlog.c */
bool backlog_is_old(const struct flow *f, const struct inmsg *m);
/* Adds row, to wait. */
enum rc backlog_hold(struct peer *p, const struct inmsg *m, struct inbox_row *row);
/* Takes all that wait out of the inbox if the last is due by due_by: that one into out, and
 * how many they were. */
enum rc backlog_take(struct flow *f, struct peer *p, int64_t due_by, struct bundle *out,
    size_t *n);
/* Of what was taken; it is then said. */
bool backlog_needs_apology(struct peer *p);
/* notices.c: within a transaction */
/* unasked: she has done nothing; see peer_set_seq(). */
enum rc notices_leave(struct flow *f, const struct turn_notice *v, size_t n,
    bool unasked);

/* outbox.c */
/* Remembers a reply of the batch under way; texts live in the batch's arena. */
void outbox_fresh(struct flow *f, struct peer *p, const struct outmsg *m,
    enum outbox_status status);
/* What the row of a new reply to p says. */
enum outbox_status outbox_first_status(const struct peer *p);
void outbox_send_fresh(struct flow *f); /* after the commit */
void outbox_drop_fresh(struct flow *f); /* after a rollback */
/* Marks are outcomes for the next batch to write. */
enum rc outbox_run_marks(struct flow *f);
void outbox_settle_marks(struct flow *f); /* after the commit */
void outbox_free_marks(struct flow *f);
/* A row's outcome; id: the network's, empty if there is none. */
struct mark *outbox_mark(struct flow *f, const struct peer *p, const struct queued *q,
    enum outbox_status status, struct str id);
void outbox_queue(struct peer *p, const struct queued *row);
void outbox_kick(struct peer *p);
/* On disk all of it is dead already: forgets what is not on its way. */
void outbox_cancel(struct peer *p);
void outbox_forget(struct peer *p);
/* Buttons as they are kept: one a line. */
void outbox_split_buttons(struct str lines, struct outmsg *m);

/* joined.c */
/* Begins to join what waits behind the first row; false: there is nothing to join. */
bool joined_begin(struct peer *p);
/* That row has been joined. */
void joined_settle(struct peer *p, int64_t seq);
/* m as it is said together with the rows that are joined to it. Texts live in a. */
enum rc joined_load(struct store *st, struct outmsg *m, struct arena *a);
/* The next batch writes k, which was allocated, and frees it. */
void outbox_add_mark(struct flow *f, struct mark *k);

/* erase.c */
/* What was erased before the last end is scrubbed. */
enum rc erase_init(struct flow *f);
void erase_fini(struct flow *f);
/* Within a transaction: all that is kept of the person. */
enum rc erase_person(struct flow *f, struct peer *p);
/* Within a transaction: the batch has erased something. */
enum rc erase_owe(struct flow *f);
void erase_settle(struct flow *f); /* after the commit */

/* documents.c */
/* Of a new reply, with its row. */
enum rc documents_add(struct flow *f, const struct outmsg *m);
/* Those of a line, copied to a; at most MESSAGE_DOCUMENTS_MAX. */
enum rc documents_load(struct flow *f, int64_t peer, int64_t seq, bool with_bytes,
    struct arena *a, struct document *out, size_t *n);
/* Bytes that copies of them need; the copies. */
size_t documents_size(const struct outmsg *m);
void documents_put(char **at, const struct outmsg *m, struct document *out);

/* attempts.c */
enum rc attempts_open(struct attempts **out, const char *path, struct err *err);
void attempts_close(struct attempts *at); /* NULL is fine */
/* The message that the last process died on; false: none. */
bool attempts_left(struct attempts *at, struct str *channel, struct str *account,
    struct str *id);
void attempts_enter(struct attempts *at, const char *channel, struct str account,
    struct str id);
void attempts_leave(struct attempts *at);

#endif
