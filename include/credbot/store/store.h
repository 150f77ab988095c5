/*
 * store.h - what is kept on disk, as the rest of the program sees it.
 *
 * Opened once, with its schema brought up to date. Loop thread only. Writes outside
 * store_begin() and store_commit() are transactions of their own. All calls return what
 * db.h says: RC_AGAIN when the disk is full (nothing was written), RC_IO when it broke.
 */
#ifndef CREDBOT_STORE_STORE_H
#define CREDBOT_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "credbot/base/buf.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"

struct store;

/*
 * dsn as in db.h. RC_INVALID: not our database, or one of a newer version; RC_IO: cannot be
 * read or is damaged. err says what to do.
 */
enum rc store_open(struct store **out, const char *dsn, struct err *err);
void store_close(struct store *st); /* NULL is fine */

MUSTUSE enum rc store_begin(struct store *st);
MUSTUSE enum rc store_commit(struct store *st);
void store_rollback(struct store *st);

/*
 * The log holds what was committed until it is copied into the database file (a checkpoint),
 * and starts anew only when all of it was copied. fn gets its length, in pages of 4 KiB, after
 * each commit; it must not use the store. NULL for none.
 */
void store_on_log(struct store *st, void (*fn)(void *arg, size_t pages), void *arg);
/* Copies it, in a helper thread: opens its own connection to dsn. Does nothing for a database
 * in memory. */
void store_checkpoint(const char *dsn);
/* Between transactions: copies what came in since. Where commits never pause, nothing but
 * this lets the log start anew. */
void store_finish_checkpoint(struct store *st);

/*
 * What was deleted is overwritten where it stood, but is elsewhere, too: the log has pages of
 * before; and when rows move from page to page, SQLite leaves their bytes behind in what is
 * unused of the old one (3.40, secure_delete and all). store_scrub() empties the log: as long as
 * that is. store_compact() writes the whole database anew, in a helper thread, with a connection
 * of its own; others cannot write meanwhile. After both, it is nowhere on the disk. RC_AGAIN:
 * not now.
 */
enum rc store_scrub(struct store *st);
enum rc store_compact(const char *dsn);
/* As it was opened. */
const char *store_dsn(const struct store *st);

/* A quick check of the whole file. */
enum rc store_verify(struct store *st, struct err *err);

/* --- peers: a person on one channel, and the state of the conversation with her */

struct peer_row {
	int64_t id;
	int64_t next_seq;
	int64_t gone_at_ms; /* wall: since when she cannot be reached; 0: she can */
	char channel[16];
	char lang
	    [36]; /* the language that the network says she has set; empty: unsaid */
};

/* RC_NOTFOUND: not known. state is appended to *state, if that is not NULL. */
enum rc peer_find(struct store *st, const char *channel, struct str account,
    struct peer_row *out, struct buf *state);
enum rc peer_load(struct store *st, int64_t id, struct peer_row *out, struct buf *state,
    struct buf *account);
MUSTUSE enum rc peer_add(struct store *st, const char *channel, struct str account,
    int64_t now_ms, struct peer_row *out);
/* Accounts that begin with from begin with to; who is there already stays apart. */
MUSTUSE enum rc peer_move(struct store *st, const char *channel, struct str from,
    struct str to);
MUSTUSE enum rc peer_save(struct store *st, int64_t id, int64_t next_seq,
    struct str state, int64_t now_ms);
/* The same for a line that she neither asked for nor caused: she has been silent as long as
 * before. */
MUSTUSE enum rc peer_set_seq(struct store *st, int64_t id, int64_t next_seq);
MUSTUSE enum rc peer_set_lang(struct store *st, int64_t id, struct str lang);
/*
 * Since at_ms nobody is reached there: the network says why. What is queued for them is dead,
 * and the first time and reason stay. at_ms 0: they are reached again. accounts: one account,
 * or, if it ends in a slash, all that begin with it.
 */
MUSTUSE enum rc peer_set_gone(struct store *st, const char *channel,
    struct str accounts, int64_t at_ms, struct str why);
typedef void gone_fn(void *arg, struct str account, int64_t at_ms, struct str why);
enum rc peer_gone_each(struct store *st, const char *channel, gone_fn *fn, void *arg);

/* --- persons: whose chats are joined
 *
 * A peer belongs to one person, and most persons are one peer. What is known of a person is
 * kept with the peer by which she said it, and read over all her peers: so joining two chats
 * moves nothing, and parting them takes nothing along.
 */

/* Peers of one person at most: a phone, a laptop, three networks, and some to spare. */
#define PERSON_PEERS_MAX 8

struct person_peer {
	int64_t id;
	char channel[16];
};

/* All peers of the person that peer belongs to, by id; itself is always among them. out has
 * room for PERSON_PEERS_MAX. */
enum rc person_peers(struct store *st, int64_t peer,
    struct person_peer out[PERSON_PEERS_MAX], size_t *n);
/* Makes the persons of a and b one. RC_EXISTS: they are. RC_INVALID: she would have more peers
 * than PERSON_PEERS_MAX. */
MUSTUSE enum rc person_join(struct store *st, int64_t a, int64_t b, int64_t now_ms);
/* Makes peer a person of its own. */
MUSTUSE enum rc person_leave(struct store *st, int64_t peer);

/* --- profile: what a person said about herself, entry by entry */

struct profile_row {
	struct str key;
	struct str value;
	struct str words; /* the message in which she said it */
	int64_t at_ms;
};

/* Sets an entry, as said by peer. */
MUSTUSE enum rc profile_set(struct store *st, int64_t peer,
    const struct profile_row *row);
/* Each entry of the person that peer belongs to, as she said it last, by key. row's texts live
 * for the call. */
typedef void profile_fn(void *arg, const struct profile_row *row);
enum rc profile_each(struct store *st, int64_t peer, profile_fn *fn, void *arg);
/* Takes an entry away, by whichever of her peers it was said; key.p NULL: all of them. */
MUSTUSE enum rc profile_remove(struct store *st, int64_t peer, struct str key);

/* --- codes by which a person joins two of her chats: only hashes of them are kept */

struct link_code {
	int64_t id;
	int64_t peer;       /* who was given it */
	int64_t expires_ms; /* it may be typed until then */
	int64_t
	    claimed_by; /* the peer that typed it, asked whether it is hers; 0: none */
	bool used;      /* yes or no was said */
};

/* A new code for peer, whose hash is hash and begins with tag. What it was given before expires
 * now, and codes that expired before forget_before_ms are forgotten. */
MUSTUSE enum rc link_code_add(struct store *st, int64_t peer, struct str tag,
    struct str hash, int64_t expires_ms, int64_t now_ms, int64_t forget_before_ms);
/* The codes with that tag, newest first. hash lives for the call. */
typedef void link_code_fn(void *arg, const struct link_code *c, struct str hash);
enum rc link_code_each(struct store *st, struct str tag, link_code_fn *fn, void *arg);
/* The code that peer claimed last and has not answered for. RC_NOTFOUND: none. */
enum rc link_code_claimed(struct store *st, int64_t peer, struct link_code *out);
MUSTUSE enum rc link_code_set(struct store *st, int64_t id, int64_t claimed_by,
    bool used);

/* Counts a wrong code of peer. Tries before since_ms are forgotten. */
MUSTUSE enum rc link_try_add(struct store *st, int64_t peer, int64_t now_ms,
    int64_t since_ms);
/* Those since since_ms, of peer and of all. */
enum rc link_try_count(struct store *st, int64_t peer, int64_t since_ms, int64_t *own,
    int64_t *all);

/* What is kept of a person as a whole: subject.h. */

/* --- inbox: what students wrote */

enum inbox_status {
	INBOX_DONE,    /* answered, or settled otherwise */
	INBOX_WAITING, /* for what may follow, or for another try, until due_ms */
	INBOX_DEAD,    /* in dead_letter */
};

struct inbox_row {
	int64_t peer;
	int64_t seq;
	struct str id; /* the network's */
	int kind;      /* enum message_kind */
	struct str text;
	int64_t at_ms;
	enum inbox_status status;
	int tries;
	int64_t due_ms;
};

/* RC_EXISTS: the peer has a message of that id. Rows that are no line of the conversation
 * (an edit, the opening of the chat) have a seq below 0: inbox_hidden_seq(). */
MUSTUSE enum rc inbox_add(struct store *st, const struct inbox_row *row);
enum rc inbox_hidden_seq(struct store *st, int64_t peer, int64_t *seq);
enum rc inbox_find(struct store *st, int64_t peer, struct str id, int64_t *seq,
    enum inbox_status *status);
enum rc inbox_find_kind(struct store *st, int64_t peer, struct str id, int64_t *seq,
    int *kind);
MUSTUSE enum rc inbox_set(struct store *st, int64_t peer, int64_t seq,
    enum inbox_status status, int tries, int64_t due_ms);
MUSTUSE enum rc inbox_set_text(struct store *st, int64_t peer, int64_t seq,
    struct str text);
/* Waiting rows of that kind before seq are done. */
MUSTUSE enum rc inbox_settle_before(struct store *st, int64_t peer, int kind,
    int64_t seq);

/* RC_NOTFOUND: the peer has no hidden row of that kind and text. */
enum rc inbox_find_text(struct store *st, int64_t peer, int kind, struct str text);

/* Takes the text out of the messages of that id, of all peers of the channel whose account
 * begins with prefix; those that wait are settled, and ratings of that id are taken out. */
MUSTUSE enum rc inbox_erase_under(struct store *st, const char *channel,
    struct str prefix, struct str id);

/* Waiting rows of a channel, oldest first. row's strings live for the call. */
typedef void inbox_fn(void *arg, const struct inbox_row *row, struct str account);
enum rc inbox_waiting(struct store *st, const char *channel, inbox_fn *fn, void *arg);
/* The same of one peer, by seq. */
enum rc inbox_waiting_of(struct store *st, int64_t peer, inbox_fn *fn, void *arg);

/* --- outbox: what the bot said */

enum outbox_status {
	OUTBOX_SENT,
	OUTBOX_QUEUED, /* to be sent at due_ms */
	OUTBOX_DEAD,   /* the network refused it for good */
	/* On its way, or nobody knows whether it arrived; to be sent once more at due_ms. */
	OUTBOX_UNDERWAY,
	OUTBOX_UNSURE, /* given up like that */
	/* Said together with the row before it, whose fate it shares. */
	OUTBOX_JOINED,
};

struct outbox_row {
	int64_t peer;
	int64_t seq;
	int64_t reply_to;       /* seq of the message it answers; 0: none */
	struct str reply_to_id; /* the network's id of that; read only */
	/* seq of the line whose place it takes; 0: none. Its own: the apology for an answer that
	 * could not be sent in time. */
	int64_t replaces;
	struct str replaces_id; /* the network's id of that; read only */
	struct str text;
	struct str buttons; /* one a line */
	int64_t at_ms;
	enum outbox_status status;
	int tries;
	int64_t due_ms;
	int64_t n_documents; /* rows in document that go with it */
};

MUSTUSE enum rc outbox_add(struct store *st, const struct outbox_row *row);
MUSTUSE enum rc outbox_set(struct store *st, int64_t peer, int64_t seq,
    enum outbox_status status, int tries, int64_t due_ms);
/* The network's id of it. */
MUSTUSE enum rc outbox_set_id(struct store *st, int64_t peer, int64_t seq,
    struct str id);
/* Puts an apology, without buttons, in the place of an answer that was not sent in time. */
MUSTUSE enum rc outbox_set_unsent(struct store *st, int64_t peer, int64_t seq,
    struct str text, int64_t now_ms);
/* The one line that answered reply_to and has an id: its seq, and the id appended to it.
 * RC_NOTFOUND: there is none, or more than one. */
enum rc outbox_answer(struct store *st, int64_t peer, int64_t reply_to, int64_t *seq,
    struct buf *id);
/* RC_NOTFOUND: the peer was sent no message of that id. */
enum rc outbox_find(struct store *st, int64_t peer, struct str id, int64_t *seq);
/* The same for all peers of the channel whose account begins with prefix; which that is, is
 * added to account (NULL is fine). */
enum rc outbox_find_under(struct store *st, const char *channel, struct str prefix,
    struct str id, struct buf *account);
typedef void outbox_fn(void *arg, const struct outbox_row *row, struct str account);
/* Rows of a channel that are queued or under way, by peer and seq. */
enum rc outbox_queued(struct store *st, const char *channel, outbox_fn *fn, void *arg);
enum rc outbox_load(struct store *st, int64_t peer, int64_t seq, outbox_fn *fn,
    void *arg);
/* The rows that are joined to that one, by seq. */
enum rc outbox_joined(struct store *st, int64_t peer, int64_t seq, outbox_fn *fn,
    void *arg);

/* --- documents: files that go with a line of the outbox */

struct document_row {
	int64_t peer, seq, n; /* n: 0, 1 ... within the line */
	struct str name, type, token, remote;
	struct str bytes; /* empty: only asked what there is, or no longer kept */
	int64_t size;
};

MUSTUSE enum rc document_add(struct store *st, const struct document_row *row);
typedef void document_row_fn(void *arg, const struct document_row *row);
/* Those of a line, in order. */
enum rc document_each(struct store *st, int64_t peer, int64_t seq, bool with_bytes,
    document_row_fn *fn, void *arg);
/* RC_NOTFOUND: the peer has none of that token, or its bytes are no longer kept. */
enum rc document_find(struct store *st, int64_t peer, struct str token,
    document_row_fn *fn, void *arg);
MUSTUSE enum rc document_set_remote(struct store *st, int64_t peer, int64_t seq,
    int64_t n, struct str remote);
/* It has arrived, or never will: what it was called is still known. */
MUSTUSE enum rc document_empty(struct store *st, int64_t peer, int64_t seq);

/* --- both, as a conversation */

struct line_row {
	int64_t seq;
	bool mine; /* the student's */
	struct str id;
	struct str text;
	struct str buttons;
	int64_t at_ms;
	int64_t n_documents;
};

typedef void line_fn(void *arg, const struct line_row *row);
/* Lines behind seq after, oldest first, at most limit. */
enum rc lines_after(struct store *st, int64_t peer, int64_t after, int64_t limit,
    line_fn *fn, void *arg);
/* The seq behind which the last limit lines stand. */
enum rc lines_start(struct store *st, int64_t peer, int64_t limit, int64_t *after);

/* --- what went wrong */

/* Moves a message to the dead letters: kept for the operator, never tried again. */
MUSTUSE enum rc dead_add(struct store *st, const struct inbox_row *row,
    struct str reason, int64_t now_ms);
enum rc dead_count(struct store *st, int64_t *n);

/* A message during whose turn the process ended: counts one more try. */
MUSTUSE enum rc attempt_add(struct store *st, struct str channel, struct str account,
    struct str id);
enum rc attempt_get(struct store *st, const char *channel, struct str account,
    struct str id, int *tries);
MUSTUSE enum rc attempt_clear(struct store *st, const char *channel, struct str account,
    struct str id);
/* Whether any are on record: then, and only then, attempt_get() is worth its time. */
enum rc attempt_any(struct store *st, bool *any);

/* --- values: what a channel must find again at its next start */

/* value.p NULL: it is forgotten. */
MUSTUSE enum rc value_set(struct store *st, const char *channel, struct str key,
    struct str value);
/* By key. */
typedef void value_fn(void *arg, struct str key, struct str value);
enum rc value_each(struct store *st, const char *channel, value_fn *fn, void *arg);

/* --- notes: ratings, reports, complaints for people to read */

MUSTUSE enum rc note_add(struct store *st, int64_t peer, const char *kind,
    struct str topic, struct str text, struct str reference, int64_t now_ms);
typedef void note_fn(void *arg, int64_t peer, struct str kind, struct str topic,
    struct str text, struct str reference, int64_t at_ms);
enum rc note_each(struct store *st, note_fn *fn, void *arg);

#endif
