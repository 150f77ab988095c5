/*
 * flow.h - the way of a message: inbox, turn, outbox; nothing lost, nothing doubled.
 *
 * One message in, its replies out, is a turn, and one turn is one transaction: the inbox
 * row, the conversation's state and the outbox rows are committed together, and only then
 * is the network told "got it". Turns that are ready at the same time share a commit. A
 * What a peer wrote long ago, while the program was away, is answered once, to the last of it. A
 * message that fails three times, also by ending the process, goes to the dead letters with
 * its reason, and the next one is served. Loop thread only.
 */
#ifndef CREDBOT_FLOW_FLOW_H
#define CREDBOT_FLOW_FLOW_H

#include "credbot/base/arena.h"
#include "credbot/base/chance.h"
#include "credbot/base/config.h"
#include "credbot/flow/channel.h"
#include "credbot/flow/message.h"
#include "credbot/io/loop.h"
#include "credbot/store/store.h"

/* A message is tried this often before it becomes a dead letter. */
#define FLOW_TRIES_MAX 3
/* Turns that share a commit at most; what is ready beyond them waits for the next one. */
#define FLOW_BATCH_MAX 64

/* What a turn starts from. Borrowed for the call. */
struct turn_in {
	int64_t peer;
	const char *channel;
	struct str lang;  /* see struct inmsg; of her last message that said it */
	struct str state; /* what the last turn left; empty at first */
	const struct inmsg *messages; /* cleaned; several if they belong together */
	size_t n;
	int64_t now_ms;
	bool shared;    /* others read along: nothing of hers is said there */
	bool last_call; /* do not answer TURN_WAIT */
	bool edited;    /* the text replaces one that was answered already */
	bool late;      /* it was written long ago, and nobody has said sorry yet */
	size_t n_old;   /* late: so many were written, and this is the last of them */
	bool too_long;  /* the text was cut at MESSAGE_TEXT_MAX */
	bool
	    flood; /* the peer writes faster than allowed; already_told: and knows it */
	bool already_told;
	/* Open within the turn's transaction: what is written goes with the replies, or not at
	 * all. NULL: nothing is kept (credbot ask). */
	struct store *store;
	/* The networks of this process, for who asks where else the bot is. */
	struct channel *const *channels;
	size_t n_channels;
};

struct turn_reply {
	struct str text; /* Markdown */
	struct str buttons[MESSAGE_BUTTONS_MAX];
	size_t n_buttons;
	struct document documents[MESSAGE_DOCUMENTS_MAX];
	size_t n_documents;
};

#define TURN_REPLIES_MAX 4

/* A line for a person to read later: a rating, a complaint, a report. */
struct turn_note {
	const char *kind; /* "rating", "wrong-answer", "complaint" ... */
	struct str topic; /* the answer it is about; may be empty */
	struct str text;
	struct str reference; /* told to the student; may be empty */
};

#define TURN_NOTES_MAX 2

/* A line to another peer, in the same transaction: another chat of the same person hears what
 * was done in this one. Its conversation stays where it was. */
struct turn_notice {
	int64_t peer;
	struct str text;   /* Markdown */
	struct str button; /* one; empty: none */
};

#define TURN_NOTICES_MAX PERSON_PEERS_MAX

/* What it leaves. Everything lives in the turn's arena. */
struct turn_out {
	struct str state;
	struct turn_reply replies[TURN_REPLIES_MAX];
	size_t n_replies;
	struct turn_note notes[TURN_NOTES_MAX];
	size_t n_notes;
	struct turn_notice notices[TURN_NOTICES_MAX];
	size_t n_notices;
	/* What turn_in.store said when it could not be written or read: then nothing of this
	 * turn is kept, and the message is asked for again. */
	enum rc rc;
	/* The text held what should not be kept: every longer number is taken out of it. */
	bool mask_numbers;
	/* All that is kept of the person goes, before state and replies are left. */
	bool erase;
	/* A word of hers on whether something may be kept; of which text. */
	enum turn_consent {
		TURN_CONSENT_NONE,
		TURN_CONSENT_GIVEN,
		TURN_CONSENT_WITHDRAWN
	} consent;
	struct str consent_version;
};

enum turn_result {
	TURN_ANSWERED,
	TURN_WAIT, /* looks unfinished: ask again with what follows, or last_call */
	TURN_FAILED,
};

struct flow_hooks {
	enum turn_result (*turn)(void *arg, const struct turn_in *in, struct arena *a,
	    struct turn_out *out);
	/* The apology for a message that could not be answered; plain, cannot fail. */
	struct str (*sorry)(void *arg);
	/* What stands below a message that may have come before; Markdown. */
	struct str (*again)(void *arg);
	/* What is said in place of an answer that could not be sent in time; Markdown. */
	struct str (*unsent)(void *arg);
	/* A text without what should not be kept (card numbers ...), or the text itself; it is
	 * called before anything is stored. all_numbers: every longer number goes. */
	struct str (
	    *mask)(void *arg, struct str text, bool all_numbers, struct arena *a);
	void *arg;
};

struct flow;

struct flow_options {
	int64_t debounce_ms;
	int flood_burst;
	int flood_refill_ms;
};

/*
 * Borrows all but hooks. Loads what a former run left unfinished. attempts is the path of
 * the file that remembers across a crash which message was being worked on; NULL: none.
 */
enum rc flow_new(struct flow **out, struct store *st, struct loop *l,
    const struct flow_hooks *hooks, const struct flow_options *o, const char *attempts,
    struct err *err);
void flow_free(struct flow *f); /* NULL is fine */
/* Nothing is sent any more. Before channels are stopped: what they say then of messages that
 * were under way is written down by flow_free(). */
void flow_end_sending(struct flow *f);

/* Takes part: its messages are dispatched and its outbox is sent. Before flow_start(). */
void flow_add_channel(struct flow *f, struct channel *ch);
/* Goes on with what was left unfinished on the channels that take part. */
enum rc flow_start(struct flow *f, struct err *err);

/*
 * RC_OK: on disk, seq is its number (0 for what is no line of the conversation: MESSAGE_OPEN,
 * and an edit that changed a message in its place). RC_EXISTS: it was there
 * already, seq is its number; or the conversation that MESSAGE_OPEN would open has begun. RC_AGAIN: cannot be taken now (the disk is full): send it
 * again later. RC_INVALID: id or account are empty or too long.
 */
typedef void put_done_fn(void *arg, enum rc rc, int64_t seq);
/* Called exactly once, after the commit; or never if flow_free() comes first. */
void flow_put(struct flow *f, const struct inmsg *m, put_done_fn *done, void *arg);

/*
 * What a channel must find again at its next start: where it stands in the network's stream,
 * who it is there. value.p NULL: forgotten.
 */
struct flow_value {
	struct str key, value;
};

/*
 * Keeps values of a channel, all or none of them, in the transaction of the last message that
 * the channel put before; never if one of those put since its last flow_keep() could not be
 * taken. So a channel that keeps its place in the stream this way, and goes on when done says
 * RC_OK, loses nothing. RC_AGAIN: nothing of it was kept; ask the network for the same again.
 */
void flow_keep(struct flow *f, const char *channel, const struct flow_value *v,
    size_t n, put_done_fn *done, void *arg);
/* Calls fn for each value of the channel. */
typedef void flow_kept_fn(void *arg, struct str key, struct str value);
enum rc flow_kept(struct flow *f, const char *channel, flow_kept_fn *fn, void *arg);

/* Takes the text of a message or a rating that was put before out of the store, also if it still waits
 * for its answer: whoever wrote it has taken it back. prefix: of the accounts that it may be
 * of. With the next batch, like a message; flow_keep() heeds whether that could be written. */
void flow_erase(struct flow *f, const char *channel, struct str prefix, struct str id);

/*
 * The network says that nobody is reached there any more, and why: who blocked us, a group that
 * we were taken out of. It is remembered on disk; what is queued for them ends, without a request
 * for each, until they write again. why NULL: they are reached again. accounts: one account, or,
 * if it ends in a slash, all that begin with it. With the next batch, like a message.
 */
void flow_reach(struct flow *f, const char *channel, struct str accounts,
    const char *why, put_done_fn *done, void *arg);

/* The number of the message that the account sent under this id, and which kind it was.
 * RC_NOTFOUND: none. */
enum rc flow_find(struct flow *f, const char *channel, struct str account,
    struct str id, int64_t *seq, enum message_kind *kind);
/* The number of the message that we sent to the account, by the network's id. RC_NOTFOUND:
 * none. */
enum rc flow_find_said(struct flow *f, const char *channel, struct str account,
    struct str id, int64_t *seq);
/* Whether the network calls a message of ours so, to an account that begins with prefix, which is
 * added to account (NULL is fine). */
bool flow_said(struct flow *f, const char *channel, struct str prefix, struct str id,
    struct buf *account);

/* The peer of an account, made if it is new; 0 if the store cannot answer now. */
int64_t flow_peer(struct flow *f, const char *channel, struct str account);

/* The network calls a chat something else now: accounts that begin with from begin with to.
 * Not from inside a turn. RC_AGAIN: cannot be written now. */
enum rc flow_move(struct flow *f, const char *channel, struct str from, struct str to);

/* Calls fn for each line behind after, oldest first, at most limit; with after < 0, for
 * the last limit lines. */
typedef void history_fn(void *arg, const struct history_line *line);
enum rc flow_history(struct flow *f, int64_t peer, int64_t after, size_t limit,
    history_fn *fn, void *arg);

/* Whether all channels do their work. */
bool flow_alive(const struct flow *f);
/*
 * A channel has brought a document of m, its n-th, to its network, which calls it remote now.
 * That is kept, so that what is sent once more is not brought there twice, and then done hears
 * RC_OK; RC_AGAIN: it cannot be written now. done may be NULL.
 */
void flow_uploaded(struct flow *f, const struct outmsg *m, size_t n, struct str remote,
    put_done_fn *done, void *arg);

/* The document of the peer that has this token. RC_NOTFOUND: there is none, or it is no longer
 * kept. fn is called once, from inside. */
typedef void document_fn(void *arg, const struct document *d);
enum rc flow_document(struct flow *f, int64_t peer, struct str token, document_fn *fn,
    void *arg);

/*
 * Says something that nobody asked for. fn runs in a transaction of its own: what it writes to
 * st is committed together with the lines that it leaves in out (*n of them, at most
 * TURN_NOTICES_MAX, with texts that live in a or longer than the call), or not at all; so a kill neither loses nor doubles
 * one. If fn does not return RC_OK, nothing is kept, and its result is returned. RC_AGAIN, too:
 * not now, the disk is full. Not from inside a turn.
 */
typedef enum rc flow_say_fn(void *arg, struct store *st, struct arena *a,
    struct turn_notice *out, size_t *n);
enum rc flow_say(struct flow *f, flow_say_fn *fn, void *arg);
/* Whether a line may be said to that peer unasked: it is reached, and nobody else reads it. */
bool flow_is_private(struct flow *f, int64_t peer);

/*
 * Forgets what is older than these (wall) of the n peers behind *after, and puts *after to the
 * last of them, 0 at the end. RC_AGAIN: not now. Not from inside a turn.
 */
enum rc flow_forget(struct flow *f, int64_t lines_before_ms, int64_t raw_before_ms,
    int64_t *after, int n);

/* Whether nothing is under way: no turn, no wait, no send. */
bool flow_idle(struct flow *f);
/* Answers waiting messages at once, without their debounce. */
void flow_hurry(struct flow *f);

struct flow_counts {
	int64_t taken, doubled, answered, failed, dead, refused;
};
struct flow_counts flow_counts(const struct flow *f);

#endif
