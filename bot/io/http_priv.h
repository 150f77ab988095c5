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

struct http {
	struct loop *loop;
	char *proxy, *ca_file; /* NULL: none */
	struct lane *lanes[HTTP_LANES];
	struct http_call *calls;
};

struct lane *lane_new(struct loop *l);
/* After its last request. Its handles close when the loop runs next. */
void lane_free(struct lane *lane);
void lane_add(struct lane *lane, CURL *easy);
void lane_remove(struct lane *lane, CURL *easy);
/* The next request gets a connection of its own: the kept ones may be dead as well. */
void lane_distrust(struct lane *lane);

/* http.c: the request of easy has ended. */
void http_ended(CURL *easy, CURLcode code);

#endif
