/*
 * web.h - the web server behind a small seam: routes and WebSockets, nothing of the library
 * behind it.
 *
 * Built on libwebsockets 4.1.6 as Debian ships it, with the guards that it needs (named in
 * bot/io/web.c). HTTP/1.1 only, no TLS: it listens on loopback or a UNIX socket behind the
 * operator's proxy. Loop thread only. Strings of a request live until its reply was given.
 */
#ifndef CREDBOT_IO_WEB_H
#define CREDBOT_IO_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"
#include "credbot/io/loop.h"

/* A form post of one message of 8 kB, percent-encoded, with its token. */
#define WEB_BODY_MAX ((size_t)32 * 1024)
/* One WebSocket message; longer ones end the connection (1009). */
#define WEB_SOCKET_TEXT_MAX ((size_t)16 * 1024)
/* What may wait for one slow reader; then the connection is closed (1013). */
#define WEB_SOCKET_QUEUE_MAX ((size_t)256 * 1024)

struct web;
struct web_request;
struct web_socket;

/* HEAD is served as a GET whose reply goes without its body. */
enum web_method { WEB_GET, WEB_POST };

enum web_header {
	WEB_H_COOKIE,
	WEB_H_ORIGIN,
	WEB_H_HOST,
	WEB_H_CONTENT_TYPE,
	WEB_H_IF_NONE_MATCH,
	WEB_H_ACCEPT_LANGUAGE,
	WEB_H_SEC_FETCH_SITE,
	WEB_H_OWN, /* the one that the route names */
	WEB_HEADERS,
};

struct web_reply {
	int status;
	const char *type;       /* Content-Type; NULL: none */
	struct str body;        /* copied */
	const char *set_cookie; /* whole header values; NULL: none */
	const char *location;
	const char *etag;
	const char *cache_control; /* NULL: no-store */
	const char *disposition;   /* Content-Disposition; NULL: none */
	const char *allow;         /* of 405: what can be done instead */
};

/* Answers rq by web_answer(), now or later, exactly once. */
typedef void web_handler_fn(void *arg, struct web_request *rq);

struct web_route {
	enum web_method method;
	const char *path; /* exact; "/x/": also what is below it */
	web_handler_fn *handler;
	void *arg; /* for handler; NULL: that of the options */
	/* One more header that the handler reads, as WEB_H_OWN: its name in lower case, with
	 * the colon. NULL: none. */
	const char *header;
	size_t body_max; /* 0: WEB_BODY_MAX */
	/* Called by another server, which proves itself by a secret that no page has: then
	 * nothing is gained by DNS rebinding, and any Host will do. */
	bool any_host;
};

/* What a WebSocket endpoint does. */
struct web_socket_ops {
	const char *path;
	const char *subprotocol; /* required of the client */
	/* The handshake is good so far; returns the socket's own pointer, or NULL to refuse
	 * it with 403. Nothing may be sent yet. */
	void *(
	    *accept)(void *arg, struct web_request *handshake, struct web_socket *ws);
	void (*opened)(void *own);
	void (*text)(void *own, struct str text); /* whole, valid UTF-8 */
	/* All that was queued has gone to the network. NULL: nobody wants to know. */
	void (*drained)(void *own);
	/* Last call for own, after opened or a failed handshake. */
	void (*closed)(void *own);
};

struct web_options {
	const char *listen; /* "ADDRESS:PORT", "[IPV6]:PORT" or "unix:PATH" */
	const char *const
	    *hosts; /* allowed Host headers, ends with NULL; empty: derived
	                              * from listen, and localhost */
	const char *const
	    *origins; /* allowed Origin headers; empty: http(s):// the hosts */
	bool proxy;   /* X-Forwarded-For counts */
	int max_connections;
	int max_per_address;
	const struct web_route *routes; /* sorted by nothing; few */
	size_t n_routes;
	const struct web_socket_ops *socket; /* NULL: none */
	void *arg;                           /* for handlers and accept */
};

/* Listens. RC_INVALID: listen cannot be read; RC_IO: the address is taken, or the plug-in
 * libwebsockets-evlib-uv is missing. err says what to do. Borrows all of o. */
enum rc web_start(struct web **out, struct loop *l, const struct web_options *o,
    struct err *err);
/* Whether listen can be read, so that a configuration can be checked without the network;
 * err says what is wrong. */
enum rc web_check_listen(const char *listen, struct err *err);
/* The port that was bound (for "127.0.0.1:0"); 0 on a UNIX socket. */
int web_port(const struct web *w);
/* Stops listening and closes WebSockets with 1001, after what is queued. */
void web_close_all(struct web *w);
/*
 * Destroys it; no callback comes afterwards, and loop_free() is clean. Does web_close_all()
 * first, and runs the loop until the clients have gone, at most for half a second: not from
 * inside a callback of the loop. Requests that were not answered yet must be, later, as if
 * their client had left. NULL is fine.
 */
void web_stop(struct web *w);

size_t web_connections(const struct web *w);

enum web_method web_request_method(const struct web_request *rq);
struct str web_request_path(const struct web_request *rq);
struct str web_request_header(const struct web_request *rq, enum web_header h);
struct str web_request_body(const struct web_request *rq);
/* The student's network address as text: the connection's, or what the proxy says; empty on
 * a UNIX socket without proxy header. */
struct str web_request_address(const struct web_request *rq);
/* The value of a cookie, or of a field of an urlencoded form (decoded, in the request's
 * memory); empty if it is not there. */
struct str web_request_cookie(struct web_request *rq, const char *name);
struct str web_request_field(struct web_request *rq, const char *name);
/* True unless the request says that another site's page made it: Origin is allowed (or
 * absent on GET), Sec-Fetch-Site is absent, same-origin or none. Handshakes of WebSockets
 * are checked already. */
bool web_request_is_ours(const struct web_request *rq);

/* Ends rq; it is gone afterwards. If the client has left meanwhile nothing is sent. */
void web_answer(struct web_request *rq, const struct web_reply *rp);

/* Queues a text message. False: too much is waiting, and the socket is being closed. */
bool web_socket_send(struct web_socket *ws, struct str text);
/* Bytes that wait to be sent. */
size_t web_socket_queued(const struct web_socket *ws);
/* Closes after what is queued; closed() follows later. reason may be NULL. */
void web_socket_close(struct web_socket *ws, int code, const char *reason);
/* While off, nothing more is read from the client (back-pressure). */
void web_socket_read(struct web_socket *ws, bool on);

#endif
