/*
 * http_priv.h - what the request and its lane know of each other.
 */
#ifndef CREDBOT_IO_HTTP_PRIV_H
#define CREDBOT_IO_HTTP_PRIV_H

#include <curl/curl.h>

#include "credbot/base/buf.h"
#include "credbot/io/http.h"

/* A server that asks for more than a day is asked again after a day. */
#define RETRY_AFTER_MAX_S 86400LL

struct lane;

/* A request in its lane. It waits there, and libcurl knows nothing of it, while as many as
 * may be are under way to its host. */
struct ticket {
	struct ticket *next, **at; /* of those that wait for the host */
	struct host *host;
	CURL *easy; /* NULL: it waits */
};

struct http {
	struct loop *loop;
	char *proxy, *ca_file; /* NULL: none */
	long idle_s, age_s;    /* of connections that are used again */
	struct lane *lanes[HTTP_LANES];
	struct http_call *calls;
};

struct lane *lane_new(struct loop *l);
/* After its last request. Its handles close when the loop runs next. */
void lane_free(struct lane *lane);
void lane_add(struct lane *lane, struct ticket *t, const char *host);
void lane_remove(struct lane *lane, struct ticket *t);
/* The next request gets a connection of its own: the kept ones may be dead as well. */
void lane_distrust(struct lane *lane);

/* http.c: it is the request's turn; its handle with all settings. */
CURL *http_handle(struct ticket *t);
/* http.c: the request of easy has ended. */
void http_ended(CURL *easy, CURLcode code);

#endif
