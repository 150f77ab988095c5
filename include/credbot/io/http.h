/*
 * http.h - requests to other servers: libcurl's multi interface on our loop.
 *
 * A client has lanes, each with connections of its own, so that a poll that hangs or a name
 * that is not found never keeps an answer waiting. In a lane, eight requests at a time are
 * under way to one host; the others wait for their turn, the first come first. All callbacks run on the loop thread, never
 * from inside http_send().
 *
 * The settings are those that libcurl 7.88 needs to be trusted with messages to people: it
 * would send a POST again by itself when a kept connection died, stop the loop while a name
 * is looked up, and fetch whatever protocol a redirect names.
 */
#ifndef CREDBOT_IO_HTTP_H
#define CREDBOT_IO_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"
#include "credbot/io/loop.h"

struct http;
struct http_call; /* a request under way */

enum http_lane {
	HTTP_POLL,  /* waits for news, for a minute if need be */
	HTTP_SEND,  /* messages to people */
	HTTP_OTHER, /* the rest: uploads, settings, checks */
	HTTP_LANES,
};

enum http_outcome {
	HTTP_ANSWERED, /* status and body are there */
	HTTP_NOT_SENT, /* no name, no connection, no TLS: the server has seen nothing */
	HTTP_UNCERTAIN, /* it left, and no whole answer came: it may have been carried out */
	HTTP_TOO_LONG, /* carried out; the answer was longer than allowed, and was cut off */
};

struct http_options {
	/* http://, https:// or socks5h://, NULL: none. The environment is not asked. */
	const char *proxy;
	/* PEM file of the authorities to be trusted beside the system's, NULL: none. */
	const char *ca_file;
	/* A connection is not used again after so many seconds without a request, and so many
	 * since it was made; 0: 50 and 600. */
	long idle_s, age_s;
};

struct http_header {
	const char *name, *value;
};

/* One field of a form (RFC 7578). */
struct http_part {
	const char *name;
	const char *file; /* the file's name; NULL: a text */
	const char *type; /* of a file */
	struct str data;
};

#define HTTP_PARTS_MAX 16

/* All of it is copied. */
struct http_request {
	enum http_lane lane;
	const char *method; /* "GET", "POST", "PUT", "DELETE" */
	const char *url;    /* see http_check_url() */
	const struct http_header *headers;
	size_t n_headers;
	struct str body; /* of POST and PUT, sent once or not at all */
	const char *content_type;
	/* Of POST, in the body's place: a form with files, multipart/form-data. */
	const struct http_part *parts;
	size_t n_parts;    /* at most HTTP_PARTS_MAX */
	int timeout_ms;    /* for all of it, from when it is its turn */
	size_t answer_max; /* bytes of the body, after decompression */
	int redirects;     /* followed at most, to https alone; 0: none */
	/* If set, gets the body piece by piece as it comes, and the answer has none. Returns
	 * false to break off: the outcome is then HTTP_TOO_LONG. Must not use the client. */
	bool (*on_data)(void *arg, struct str piece);
};

/* Borrowed for the call. */
struct http_answer {
	enum http_outcome outcome;
	int status;             /* of HTTP_ANSWERED */
	struct str body;        /* NUL-terminated */
	int64_t retry_after_ms; /* as the server asked for; -1: it did not */
	int64_t date_ms;        /* wall: what the server's clock says; -1: nothing */
	/* What went wrong, naming the host and never the URL, which may hold a token. */
	const char *error;
};

typedef void http_done_fn(void *arg, const struct http_answer *a);

/* Borrows l. RC_INVALID: an option cannot be right; err says which. */
enum rc http_new(struct http **out, struct loop *l, const struct http_options *o,
    struct err *err);
/* Ends what is under way without a word. Before loop_free(). NULL is fine. */
void http_free(struct http *h);

/*
 * RC_INVALID, with err, unless url is absolute, without user or password, and https; plain
 * http goes to this machine alone (localhost, 127.0.0.1, [::1]).
 */
enum rc http_check_url(const char *url, struct err *err);

/* Calls done exactly once, unless http_cancel() or http_free() comes first. */
struct http_call *http_send(struct http *h, const struct http_request *r,
    http_done_fn *done, void *arg);
/* Whether any of it may have left: false while it waits in its lane, or for a connection. */
bool http_has_left(const struct http_call *c);
/* done will not be called. Not for a call whose done has been. */
void http_cancel(struct http_call *c);

#endif
