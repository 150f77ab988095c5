/*
 * web_guard.c - which requests are served at all: method, host, origin, length.
 *
 * Each check stands alone and says no in the words of HTTP. Hosts are checked against a list
 * because a stranger's page can give a name of its own our address (DNS rebinding) and then
 * talk to us as if it were ours.
 */
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "bot/io/web_priv.h"

/* "name" or "name:port": without a port that is the usual one. */
static struct str
without_usual_port(struct str host)
{
	if (str_ends(host, ":443"))
		host.len -= 4;
	else if (str_ends(host, ":80"))
		host.len -= 3;
	return host;
}

static bool
host_is(struct str host, const char *allowed)
{
	struct str a = without_usual_port(str_of(allowed));
	char text[256];

	if (a.len >= sizeof(text))
		return false;
	memcpy(text, a.p, a.len);
	text[a.len] = '\0';
	return str_is_nocase(without_usual_port(host), text);
}

static bool
is_numeric(const char *name)
{
	struct in6_addr a;

	return inet_pton(AF_INET, name, &a) == 1 || inet_pton(AF_INET6, name, &a) == 1;
}

/* Is name, without port and brackets, one of this machine's as far as we can know? */
static bool
is_own_name(const struct web *w, const char *name)
{
	char own[256] = "";

	if (strcasecmp(name, "localhost") == 0 || strcasecmp(name, w->host) == 0)
		return true;
	if (!w->any_address)
		return false;
	/* Rebinding needs a name: a number is what the student typed. */
	if (is_numeric(name))
		return true;
	return gethostname(own, sizeof(own) - 1) == 0 && strcasecmp(name, own) == 0;
}

/* Without a list: the address we listen on, with its port. */
static bool
host_is_own(const struct web *w, struct str host)
{
	char name[256], port[8];
	struct str h = without_usual_port(host);

	(void)snprintf(port, sizeof(port), ":%d", w->port);
	if (str_ends(h, port))
		h.len -= strlen(port);
	else if (w->port != 0 && w->port != 80 && w->port != 443)
		return false;
	if (h.len > 2 && h.p[0] == '[' && h.p[h.len - 1] == ']')
		h = str_n(h.p + 1, h.len - 2);
	if (h.len >= sizeof(name))
		return false;
	memcpy(name, h.p, h.len);
	name[h.len] = '\0';
	return is_own_name(w, name);
}

static bool
host_allowed(const struct web *w, struct str host)
{
	if (host.len == 0)
		return false;
	if (w->o->hosts == NULL || w->o->hosts[0] == NULL)
		return host_is_own(w, host);
	for (size_t i = 0; w->o->hosts[i] != NULL; i++)
		if (host_is(host, w->o->hosts[i]))
			return true;
	return false;
}

static bool
origin_allowed(const struct web *w, struct str origin)
{
	if (w->o->origins != NULL && w->o->origins[0] != NULL) {
		for (size_t i = 0; w->o->origins[i] != NULL; i++)
			if (str_is_nocase(origin, w->o->origins[i]))
				return true;
		return false;
	}
	if (str_starts(origin, "https://"))
		return host_allowed(w, str_n(origin.p + 8, origin.len - 8));
	if (str_starts(origin, "http://"))
		return host_allowed(w, str_n(origin.p + 7, origin.len - 7));
	return false;
}

bool
guard_is_ours(const struct web_request *rq)
{
	struct str origin = rq->header[WEB_H_ORIGIN];
	struct str site = rq->header[WEB_H_SEC_FETCH_SITE];

	if (origin.len == 0 && rq->method != WEB_GET)
		return false;
	if (origin.len != 0 && !origin_allowed(rq->web, origin))
		return false;
	return site.len == 0 || str_is(site, "same-origin") || str_is(site, "none");
}

static int
check_host(const struct web_request *rq, const char **why)
{
	struct str host = rq->header[WEB_H_HOST];

	if (host.len == 0) {
		*why = "The request names no host.";
		return 400;
	}
	if (rq->route != NULL && rq->route->any_host)
		return 0;
	if (!host_allowed(rq->web, host)) {
		*why =
		    "This server does not answer under this name. Its operator can add "
		    "the name to web.hosts.";
		return 421;
	}
	return 0;
}

/* Reads Content-Length; RC_NOTFOUND: none; RC_INVALID: not digits alone. */
static enum rc
read_length(struct lws *wsi, struct web_request *rq)
{
	int64_t n;

	if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) == 0)
		return RC_NOTFOUND;
	/* lws itself reads at most 31 digits, and of two headers the first number */
	if (str_to_int(header_copy(wsi, rq->arena, WSI_TOKEN_HTTP_CONTENT_LENGTH), 0,
		INT32_MAX, &n) != RC_OK)
		return RC_INVALID;
	rq->length = (size_t)n;
	return RC_OK;
}

static size_t
body_max(const struct web_request *rq)
{
	return rq->route == NULL || rq->route->body_max == 0 ? WEB_BODY_MAX
	                                                     : rq->route->body_max;
}

static int
check_length(struct lws *wsi, struct web_request *rq, const char **why)
{
	if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) != 0) {
		*why = "Send the body in one piece, with its Content-Length.";
		return 411;
	}
	if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_EXPECT) != 0) {
		*why = "Send the body without waiting for permission.";
		return 417;
	}
	switch (read_length(wsi, rq)) {
	case RC_NOTFOUND:
		if (rq->method == WEB_GET)
			return 0;
		*why = "A Content-Length is missing.";
		return 411;
	case RC_OK:
		break;
	default:
		*why = "Content-Length is no number.";
		return 400;
	}
	if (rq->method == WEB_GET && rq->length > 0) {
		*why = "A GET request has no body.";
		return 400;
	}
	if (rq->length > body_max(rq)) {
		*why = "That is too long.";
		return 413;
	}
	return 0;
}

/* In lws's reading of the request line the method is the token that holds the path. */
int
guard_method(struct lws *wsi, struct web_request *rq, const char **why)
{
	if (lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) != 0) {
		rq->method = WEB_GET;
	} else if (lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) != 0) {
		rq->method = WEB_GET;
		rq->head = true;
	} else if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) != 0) {
		rq->method = WEB_POST;
	} else {
		*why = "Only GET, HEAD and POST are served here.";
		return 405;
	}
	return 0;
}

int
guard_request(struct lws *wsi, struct web_request *rq, const char **why)
{
	int status = check_host(rq, why);

	return status == 0 ? check_length(wsi, rq, why) : status;
}

/* Is word an element of a comma-separated header? */
static bool
lists(struct str header, const char *word)
{
	struct str rest = header;

	while (rest.p != NULL)
		if (str_is_nocase(str_trim(str_cut(&rest, ',')), word))
			return true;
	return false;
}

/* The library stops, with a line in the log, at what is longer than these. */
#define CONNECTION_MAX 100
#define KEY_MAX 100
#define SUBPROTOCOLS_MAX 100

int
guard_handshake(struct lws *wsi, struct web_request *rq, const char **why)
{
	const struct web_socket_ops *ops = rq->web->o->socket;
	struct str connection = header_copy(wsi, rq->arena, WSI_TOKEN_CONNECTION);
	struct str protocols = header_copy(wsi, rq->arena, WSI_TOKEN_PROTOCOL);
	int key = lws_hdr_total_length(wsi, WSI_TOKEN_KEY);
	int status = guard_method(wsi, rq, why);

	if (status == 0)
		status = guard_request(wsi, rq, why);
	if (status != 0)
		return status;
	*why = "This is not the address of a WebSocket.";
	if (ops == NULL || !str_is(rq->path, ops->path))
		return 404;
	*why = "The WebSocket handshake is not complete.";
	if (rq->method != WEB_GET || rq->head || key == 0 || key > KEY_MAX ||
	    connection.len > CONNECTION_MAX || !lists(connection, "upgrade"))
		return 400;
	*why = "Only version 13 of WebSocket is served here.";
	if (!str_is(header_copy(wsi, rq->arena, WSI_TOKEN_VERSION), "13"))
		return 400;
	*why = "The subprotocol is missing.";
	if (protocols.len > SUBPROTOCOLS_MAX || !lists(protocols, ops->subprotocol))
		return 400;
	*why = "This page may not talk to this server. Its operator can add the page's "
	       "origin to web.origins.";
	if (rq->header[WEB_H_ORIGIN].len == 0 || !guard_is_ours(rq))
		return 403;
	return 0;
}
