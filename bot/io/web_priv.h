/*
 * web_priv.h - what the parts of the web server know of each other.
 *
 * web.c starts and stops libwebsockets and hands its callbacks on; web_listen.c accepts;
 * web_guard.c says which requests we serve at all; web_http.c reads requests and sends
 * replies; web_socket.c is the WebSockets.
 */
#ifndef CREDBOT_IO_WEB_PRIV_H
#define CREDBOT_IO_WEB_PRIV_H

#include <libwebsockets.h>

#include "credbot/base/arena.h"
#include "credbot/base/bucket.h"
#include "credbot/base/buf.h"
#include "credbot/base/map.h"
#include "credbot/io/web.h"

/* All headers of one request (W-7). */
#define HEADERS_MAX 8192
/* One write; lws copies what the network does not take at once. */
#define WRITE_MAX ((size_t)16 * 1024)
/* For a request to arrive, for a reader to take the next part of a reply, for a handler to
 * answer. */
#define ARRIVE_S 5
#define SLOW_READER_S 20
#define ANSWER_S 30
/* After this silence a socket is pinged, after that it is dropped (W-8). */
#define PING_S 30
#define HANGUP_S 60
/* The longest textual address, "[...]" and scope included. */
#define ADDRESS_MAX 64
/* A host name (RFC 1035: 255 bytes), or an address. */
#define HOST_MAX 256

struct listener;

struct web {
	struct loop *loop;
	const struct web_options *o;
	struct lws_context *lws; /* lws sets it to NULL when it has gone */
	struct lws_vhost *vhost;
	struct lws_protocols protocols[3];
	struct listener *listener; /* NULL: closed */
	struct conn *conns;
	size_t n_conns, n_fresh;
	int max_connections; /* o's, or what the limit of open files allows */
	int max_fd; /* lws indexes a table by descriptor: one less than its size */
	struct map *addresses; /* of struct address, by its key */
	int port;
	bool any_address;    /* it listens on all: any numeric Host is ours */
	char host[HOST_MAX]; /* of listen, without the port */
	struct timer *closer;
	struct web_socket *closing; /* waiting for closer */
};

/* Connections of one network address. */
struct address {
	int n;
	char key[ADDRESS_MAX];
};

/* One TCP connection; lws keeps it as the opaque pointer of its wsi. */
struct conn {
	struct web *web;
	struct conn *prev, *next;
	struct lws *wsi;
	char
	    peer[ADDRESS_MAX]; /* the network address as text; empty on a UNIX socket */
	struct address *counted;
	bool fresh;  /* no whole request yet */
	bool unread; /* reading is off while a handler thinks */
	struct web_request *rq;
	struct web_socket *ws;
	struct buf out; /* LWS_PRE bytes, then the reply that is being sent */
	size_t sent;    /* how far; counts the LWS_PRE bytes */
};

struct web_request {
	struct web *web;
	struct conn *conn; /* NULL: the client has left */
	struct arena *arena;
	enum web_method method;
	bool head;  /* the reply goes without its body */
	bool taken; /* a handler has it and will answer */
	struct str path;
	struct str header[WEB_HEADERS];
	char address[ADDRESS_MAX];
	const struct web_route *route; /* of the path; NULL: none, or a WebSocket's */
	struct buf body;
	size_t length; /* Content-Length */
};

struct frame {
	struct frame *next;
	size_t len;
	unsigned char data[]; /* LWS_PRE bytes, then the text */
};

struct web_socket {
	struct conn *conn;
	struct web_socket *next_closing;
	void *own;
	bool opened;
	bool sending;  /* something was written since drained() was called */
	bool on_list;  /* of those that wait for closer */
	struct buf in; /* the message that is arriving */
	struct frame *first, **last;
	size_t queued; /* bytes */
	int code;      /* not 0: is being closed with this code */
	char reason[64];
};

/* web_listen.c */
enum rc listener_start(struct web *w, struct err *err);
void listener_stop(struct web *w); /* runs no loop; twice is fine */
/* Counts conn to its address (key); false: too many. */
bool address_take(struct web *w, struct conn *c, const char *text);
void conn_free(struct conn *c);

/* web_guard.c */
/* 0: serve it; else the status to refuse it with. why is a short sentence for the client.
 * The method first: with it the route is found, which has limits of its own. */
int guard_method(struct lws *wsi, struct web_request *rq, const char **why);
int guard_request(struct lws *wsi, struct web_request *rq, const char **why);
int guard_handshake(struct lws *wsi, struct web_request *rq, const char **why);
/* Is it, in the words of a browser, from one of our own pages? */
bool guard_is_ours(const struct web_request *rq);

/* web_http.c: callbacks of lws; what they return goes back to it. */
int http_begin(struct conn *c);
int http_body(struct conn *c, const void *p, size_t n);
int http_body_done(struct conn *c);
int http_writable(struct conn *c);
void http_closed(struct conn *c);
struct web_request *request_new(struct conn *c);
void request_free(struct web_request *rq); /* NULL is fine */
/* Sends a short refusal at once; returns what a callback must return to end the connection. */
int http_refuse(struct conn *c, int status, const char *why);
/* The value of one of lws's own headers, in a; empty if it is not there. */
struct str header_copy(struct lws *wsi, struct arena *a, enum lws_token_indexes token);

/* web_socket.c */
int socket_upgrade(struct conn *c); /* the request wants to become a WebSocket */
int socket_established(struct conn *c);
int socket_received(struct conn *c, const void *p, size_t n);
int socket_writable(struct conn *c);
void socket_closed(struct conn *c);
void socket_close_now(struct web *w); /* those that wait for closer */

#endif
