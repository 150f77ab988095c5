/*
 * telegram_priv.h - what the parts of the Telegram channel share.
 *
 *   telegram.c          life cycle
 *   telegram_api.c      one call of a method, and what its answer means
 *   telegram_poll.c     getUpdates, again and again
 *   telegram_webhook.c  updates that Telegram brings
 *   telegram_take.c     what an update leads to
 *   telegram_update.c   reads one update
 *   telegram_send.c     one message of the outbox as calls
 *   telegram_document.c one file of a message
 *   telegram_gate.c     how often we may write to a chat
 *   telegram_profile.c  what people see of the bot before they write
 *   telegram_button.c   what a button carries
 *   telegram_text.c     Markdown as text and entities
 *   telegram_token.c    where the token comes from
 */
#ifndef CREDBOT_CHAN_TELEGRAM_PRIV_H
#define CREDBOT_CHAN_TELEGRAM_PRIV_H

#include <stdint.h>

#include <sodium.h>

#include "credbot/base/arena.h"
#include "credbot/base/bucket.h"
#include "credbot/base/buf.h"
#include "credbot/base/json.h"
#include "credbot/chan/telegram.h"
#include "credbot/flow/flow.h"
#include "credbot/io/http.h"

struct api_call;
struct gates;
struct poll;
struct profile;
struct job;
struct progress;
struct put;
struct webhook;

#define TELEGRAM_KEY_SIZE 32
/* "-1001234567890123/1234567890/1234567890123456" and room to spare. */
#define TELEGRAM_ACCOUNT_MAX 96
#define TELEGRAM_ID_MAX 64
/* What t.me/BOT?start= may carry ("Deep Linking"). */
#define TELEGRAM_PAYLOAD_MAX 64
/* Real ones nest half as deep. */
#define TELEGRAM_UPDATE_DEPTH_MAX 64
/* The largest hold the message that they reply to, too. */
#define TELEGRAM_UPDATE_MAX ((size_t)256 * 1024)

/* Who we are, as getMe says. */
struct telegram_self {
	int64_t id;
	char username[64];
};

struct telegram {
	struct channel ch;
	const struct telegram_words *words;
	struct http *http;
	char *url; /* of a method, with the token in it: never to be logged */
	unsigned char key[TELEGRAM_KEY_SIZE]; /* of buttons */
	struct telegram_self self;
	struct api_call *calls;
	struct poll *poll;    /* NULL: Telegram brings updates */
	struct webhook *hook; /* NULL: we fetch them */
	struct gates *gates;
	struct profile *profile;
	struct job *jobs;
	struct progress *progress; /* of messages whose rest must wait */
	struct put *puts;          /* of updates, on their way to the disk */
	struct timer *retry;       /* of the beginning */
	int tries;
	int64_t n_passed_over, n_unreadable; /* updates, since the start */
	bool draining;
	bool off; /* the token is refused: nothing is sent or asked any more */
};

/* --- telegram_api.c */

enum api_result {
	API_OK,
	API_REFUSED,   /* code and description say why */
	API_NOT_SENT,  /* Telegram has not seen it */
	API_UNCERTAIN, /* it may have been carried out */
};

struct api_reply {
	enum api_result result;
	int code;                 /* of API_REFUSED */
	const char *description;  /* for the log; without the token */
	int64_t retry_after_ms;   /* -1: unsaid */
	int64_t migrate_to;       /* the chat's new id; 0: none */
	const struct json *value; /* of API_OK; borrowed for the call */
};

typedef void api_done_fn(void *arg, const struct api_reply *r);

/* A call with a file in it: parameters are fields of a form. */
struct api_call *api_send_form(struct telegram *t, const char *method,
    const struct http_part *parts, size_t n, api_done_fn *done, void *arg);
/* json: the parameters as an object. */
struct api_call *api_send(struct telegram *t, enum http_lane lane, const char *method,
    struct str json, api_done_fn *done, void *arg);
void api_cancel(struct api_call *c);
/* false: Telegram has seen nothing of it yet. */
bool api_has_left(const struct api_call *c);
/* When t's client is gone: frees what was under way. */
void api_forget(struct telegram *t);
/* Makes a reply of an answer; *tree, to be freed, holds its value. */
void api_read(const struct http_answer *a, struct json **tree, struct api_reply *out);

/* --- telegram_poll.c */

struct poll *poll_new(struct telegram *t);
void poll_free(struct poll *p); /* NULL is fine */
void poll_begin(struct poll *p);
/* Asks for nothing more, and tells Telegram what is on disk. */
void poll_drain(struct poll *p);

/* --- telegram_webhook.c */

#define TELEGRAM_PATH_PREFIX "/telegram/"
#define TELEGRAM_PATH_BYTES 16
#define TELEGRAM_SECRET_BYTES 32
#define TELEGRAM_BASE64_SIZE(n)                                                        \
	sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING)

/* What nobody can know who does not know the token. */
struct webhook_keys {
	char path[sizeof(TELEGRAM_PATH_PREFIX) +
		  TELEGRAM_BASE64_SIZE(TELEGRAM_PATH_BYTES)];
	char secret[TELEGRAM_BASE64_SIZE(TELEGRAM_SECRET_BYTES)];
};

void webhook_derive(struct str token, struct webhook_keys *out);
/* In a time that does not tell how much of it is right. */
bool webhook_secret_is(const struct webhook_keys *keys, struct str given);

/* base: the address under which the web server is reached from outside. */
struct webhook *webhook_new(struct telegram *t, struct str base, struct str token);
void webhook_free(struct webhook *hook); /* NULL is fine */
/* Lives as long as hook. */
const struct web_route *webhook_route(const struct webhook *hook);
/* Tells Telegram of it, unless it knows; then telegram_ready(). */
void webhook_begin(struct webhook *hook);
void webhook_drain(struct webhook *hook);

/* --- telegram_take.c */

/* Of an update, once: RC_OK: what it leads to is on disk, or it leads to nothing. RC_AGAIN: it
 * cannot be stored now, Telegram must keep it. */
typedef void taken_fn(void *arg, enum rc rc);

/*
 * Takes an update as text, which may be anything; its id, -1: it has none. done may be called
 * from inside, and text is not looked at afterwards.
 */
int64_t telegram_take(struct telegram *t, struct str text, taken_fn *done, void *arg);
/* For an update whose text, or its beginning, is no use; its id, -1: unknown. */
int64_t telegram_unreadable(struct telegram *t, struct str text);
/* Nobody waits for flow any longer: all who do hear RC_AGAIN. */
void telegram_end_puts(struct telegram *t);
/* When flow is gone, which would have ended them. */
void telegram_free_puts(struct telegram *t);

/* A group has another id now. */
void telegram_moved(struct telegram *t, int64_t from, int64_t to);

/* --- telegram_update.c */

enum update_kind {
	UPDATE_NOTHING, /* why says what it was */
	UPDATE_MESSAGE,
	UPDATE_COMMAND, /* as a message, whose command is name */
	UPDATE_PRESS,   /* of a button */
	UPDATE_MOVED,   /* a group became a supergroup, of another id */
	UPDATE_GONE,    /* we may not write to account any more: why */
	UPDATE_BACK,    /* we may again */
};

struct update {
	int64_t id; /* -1: it has none */
	enum update_kind kind;
	const char *why;
	char account[TELEGRAM_ACCOUNT_MAX];
	char ext_id[TELEGRAM_ID_MAX];
	char edit_of[TELEGRAM_ID_MAX];
	enum message_kind message;
	int64_t sent_ms; /* wall */
	struct str text;
	struct str lang;       /* that she has set; empty: unsaid */
	struct str name;       /* of the command, lower case */
	struct str press_id;   /* to be answered */
	struct str press_data; /* what the button carries */
	int64_t moved_from, moved_to;
};

/* Whom a refusal to write to a chat is about, for flow_reach(): the person, or all of a group. */
void account_of_chat(int64_t chat, bool group, char out[TELEGRAM_ACCOUNT_MAX]);

/* Texts live in u or in a. */
void update_read(const struct json *json, const struct telegram_self *self,
    struct arena *a, struct update *u);

/* The id in a text that cannot be parsed, -1: none. */
int64_t update_find_id(struct str text);
/* The kinds that we ask for, as a JSON array. */
void update_add_wanted(struct buf *out);
/* Whether it holds these and no other, in any order. */
bool update_are_wanted(const struct json *kinds);

/* Where an account is written to. false: it is none of ours. */
struct address {
	int64_t chat, thread;
	bool group;
};
bool address_read(struct str account, struct address *out);

/* --- telegram.c */

/* NULL for an option that is empty. */
const char *telegram_option(const struct config *cf, const char *name);

/* We know each other, and updates may come. */
void telegram_ready(struct telegram *t);
/* No: once more from getMe, a little later. what names what went wrong. */
void telegram_begin_again(struct telegram *t, const struct api_reply *r,
    const char *what);
/* Telegram refuses the token. */
void telegram_refused(struct telegram *t, const char *description);
/* Milliseconds to wait after so many failures: first, then half as much again up to last,
 * give or take a fifth. */
int64_t telegram_backoff_ms(int tries, int64_t first_ms, int64_t last_ms);

/* --- telegram_send.c */

void telegram_send(struct channel *ch, const struct outmsg *m, send_done_fn *done,
    void *arg);
/* Before t's client goes: what has not left is for the next start, like new. */
void telegram_note_left(struct telegram *t);
/* When it is gone: nobody knows what became of that which had left. */
void telegram_end_jobs(struct telegram *t);

/* --- telegram_profile.c */

struct profile *profile_new(struct telegram *t, const struct config *cf);
void profile_free(struct profile *p); /* NULL is fine */
/* Asks how it is, and sets what differs. */
void profile_begin(struct profile *p);
/* --- telegram_document.c */

struct telegram_chunk;

/* A file, with all that stands below it. */
struct document_call {
	const struct address *to;
	const struct document *document;
	const struct telegram_chunk *caption; /* NULL: none */
	struct str reply, markup;             /* JSON; empty: none */
};
struct api_call *document_send(struct telegram *t, const struct document_call *call,
    api_done_fn *done, void *arg);

/* --- telegram_gate.c */

struct gates *gates_new(void);
void gates_free(struct gates *g);
/* 0: one message may go to the chat now, and is counted. Else when to ask again. */
int64_t gates_pass(struct gates *g, int64_t chat, bool group, int64_t mono_ms);
/* Telegram wants to be left alone there. */
void gates_close(struct gates *g, int64_t chat, int64_t mono_ms, int64_t until_ms);

/* --- telegram_button.c */

/* Appends what the i-th button of message seq carries. */
void button_sign(const struct telegram *t, struct str account, int64_t seq, size_t i,
    struct buf *out);
/* false: it was not made for this account, or not by us. */
bool button_read(const struct telegram *t, struct str account, struct str data,
    int64_t *seq, size_t *i);

#endif
