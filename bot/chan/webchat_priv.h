/*
 * webchat_priv.h - what the parts of the web chat know of each other.
 *
 * webchat.c is the channel and its pages' addresses; webchat_session.c knows who is who;
 * webchat_socket.c speaks with the pages' scripts; webchat_page.c writes HTML;
 * webchat_document.c gives files of the conversation; webchat_files.c has those of web/.
 */
#ifndef CREDBOT_CHAN_WEBCHAT_PRIV_H
#define CREDBOT_CHAN_WEBCHAT_PRIV_H

#include "credbot/base/arena.h"
#include "credbot/base/bucket.h"
#include "credbot/base/map.h"
#include "credbot/chan/webchat.h"
#include "credbot/flow/flow.h"
#include "credbot/io/web.h"

#define TOKEN_CHARS ((size_t)26)
#define ACCOUNT_CHARS ((size_t)33) /* "w" and 16 bytes in hex */
#define CSRF_CHARS ((size_t)32)
#define EPOCH_CHARS ((size_t)16)
#define ID_CHARS ((size_t)64)
/* Lines that a page shows at first. */
#define PAGE_LINES ((size_t)100)

struct webchat {
	struct channel ch;
	struct arena *arena; /* strings of the configuration */
	struct web *web;     /* NULL: not started, off or stopped */
	struct web_options options;
	const struct web_route *others; /* routes of other channels */
	size_t n_others;
	const char *name, *operator_name, *privacy_url;
	bool draining;
	struct map *people; /* of struct person, by account */
	struct put *puts;
	struct bucket_rate socket_rate; /* messages of one socket */
	struct bucket lookups;          /* accounts that are asked of flow */
	struct bucket openings;
	uint64_t last_serial;
};

/* A student who is here: has a socket or waits for something. */
struct person {
	struct webchat *chat;
	char account[ACCOUNT_CHARS + 1];
	int64_t peer; /* flow's; 0: not asked yet */
	struct sock *socks;
	struct waiter *waiters;
	int n_puts;
};

/* A message on its way to the disk. */
struct put {
	struct put *next, **here; /* here points to it */
	struct person *person;
	enum message_kind kind;
	char id[ID_CHARS + 1], of[ID_CHARS + 1];
	uint64_t sock;          /* serial of the socket it came by; 0: by a form */
	struct web_request *rq; /* the form's */
};

/* A form that waits for the bot's answer. */
struct waiter {
	struct waiter *next;
	struct person *person;
	int64_t seq; /* of the student's message */
	struct web_request *rq;
	struct timer *timeout;
};

/* A session as its cookie makes it. */
struct session {
	char token[TOKEN_CHARS + 1];
	char account[ACCOUNT_CHARS + 1];
	char csrf[CSRF_CHARS + 1];
	char epoch[EPOCH_CHARS + 1];
};

/* webchat.c */
/* Gives text to flow; done comes to put_done(). */
void webchat_put(struct webchat *chat, struct put *put, struct str text);

/* webchat_session.c */
void session_new(struct session *s);
/* False: there is no cookie of ours. */
bool session_read(struct session *s, struct web_request *rq);
bool session_csrf_is(const struct session *s, struct str csrf);
/* The whole Set-Cookie value, in a. */
const char *session_cookie(const struct session *s, struct arena *a, bool secure);
bool session_good_id(struct str id);
struct person *person_get(struct webchat *chat, const char *account);
/* Forgets p if nothing of hers is left. */
void person_release(struct person *p);
/* Asks flow who she is; false: not now. */
bool person_identify(struct person *p);

/* webchat_socket.c */
extern const struct web_socket_ops webchat_socket_ops;
/* A new line of the bot's: to all her pages. */
void socks_push(struct person *p, const struct outmsg *m);
/* Her message has ended its way; what her pages must know. */
void socks_put_done(struct put *put, enum rc rc, int64_t seq);

/* webchat_page.c */
struct page {
	const struct webchat *chat;
	const struct session *session;
	struct buf *out;
	struct buf choices; /* buttons of the line written last */
};

void page_begin(struct page *p);
void page_line(void *arg, const struct history_line *line); /* history_fn */
void page_end(struct page *p);
/* A page that only leads to / again, from our own site. */
void page_bounce(struct buf *out);

/* webchat_document.c */
#define DOCUMENT_PATH "/document/"
void webchat_document(void *arg, struct web_request *rq); /* web_handler_fn */
/* Appends where the page finds it. */
void document_add_path(struct buf *b, const struct document *d);
/* Appends its size as people say it: "12 KB". */
void document_add_size(struct buf *b, const struct document *d);

/* webchat_files.c */
struct web_file {
	const char *path, *type;
	const unsigned char *data;
	size_t len;
	char etag[36];
};

/* NULL: there is no such file. */
const struct web_file *web_file_find(struct str path);

#endif
