/*
 * web_http.c - reads requests, finds their route, sends replies.
 *
 * A request is copied out of the library when its head is there, so a handler may keep it as
 * long as it needs to answer, also beyond the life of the connection. A reply goes out in
 * parts, each when the network has room; who does not read is dropped.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <arpa/inet.h>

#include "bot/io/web_priv.h"
#include "credbot/base/alloc.h"

static const struct {
	int status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 204, "No Content" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 411, "Length Required" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 421, "Misdirected Request" },
	{ 429, "Too Many Requests" },
	{ 503, "Service Unavailable" },
};

/*
 * The referrer stays within our own pages: with "no-referrer" browsers send "Origin: null"
 * with a form, and the form without JavaScript would look like another site's.
 */
static const char always[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), "
    "usb=()\r\n"
    "Referrer-Policy: same-origin\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n";

static const char *
phrase_of(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "Unknown";
}

/* strftime() would speak the operator's language. */
static void
add_date(struct buf *b, int64_t now_ms)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)(now_ms / 1000);
	struct tm tm;

	gmtime_r(&t, &tm);
	buf_printf(b, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n",
	    days + 3 * (size_t)tm.tm_wday, tm.tm_mday, months + 3 * (size_t)tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void
add_header(struct buf *b, const char *name, const char *value)
{
	if (value == NULL)
		return;
	assert(strpbrk(value, "\r\n") == NULL);
	buf_printf(b, "%s: %s\r\n", name, value);
}

static const char *
methods_of(const struct web_route *route)
{
	if (route == NULL)
		return "GET, HEAD, POST";
	return route->method == WEB_POST ? "POST" : "GET, HEAD";
}

static void
add_reply(struct buf *b, const struct web *w, const struct web_reply *rp, bool head)
{
	buf_printf(b, "HTTP/1.1 %d %s\r\n", rp->status, phrase_of(rp->status));
	add_date(b, clock_now_ms(loop_clock(w->loop)));
	buf_adds(b, always);
	add_header(b, "Cache-Control",
	    rp->cache_control == NULL ? "no-store" : rp->cache_control);
	add_header(b, "Content-Type", rp->type);
	add_header(b, "Content-Disposition", rp->disposition);
	add_header(b, "ETag", rp->etag);
	add_header(b, "Location", rp->location);
	add_header(b, "Set-Cookie", rp->set_cookie);
	add_header(b, "Allow", rp->allow);
	if (rp->status == 429 || rp->status == 503)
		add_header(b, "Retry-After", "5");
	if (rp->status != 204 && rp->status != 304)
		buf_printf(b, "Content-Length: %zu\r\n", rp->body.len);
	add_header(b, "Connection", "close");
	buf_adds(b, "\r\n");
	if (!head && rp->status != 204 && rp->status != 304)
		buf_addstr(b, rp->body);
}

/* lws may write into the bytes before what it is given. */
static void
begin_out(struct conn *c)
{
	memset(buf_reserve(&c->out, LWS_PRE), 0, LWS_PRE);
	c->out.len = LWS_PRE;
	c->sent = LWS_PRE;
}

int
http_refuse(struct conn *c, int status, const char *why)
{
	struct buf body = { 0 };
	struct web_reply rp = { .status = status, .type = "text/plain; charset=utf-8" };

	buf_printf(&body, "%s\n", why);
	rp.body = buf_str(&body);
	if (status == 405)
		rp.allow = methods_of(c->rq == NULL ? NULL : c->rq->route);
	begin_out(c);
	add_reply(&c->out, c->web, &rp, c->rq != NULL && c->rq->head);
	(void)lws_write(c->wsi, (unsigned char *)c->out.data + LWS_PRE,
	    c->out.len - LWS_PRE, LWS_WRITE_HTTP_FINAL);
	buf_fini(&c->out);
	buf_fini(&body);
	return -1;
}

struct str
header_copy(struct lws *wsi, struct arena *a, enum lws_token_indexes token)
{
	int n = lws_hdr_total_length(wsi, token);
	char *text;

	if (n <= 0)
		return str_n("", 0);
	text = arena_alloc(a, (size_t)n + 1);
	n = lws_hdr_copy(wsi, text, n + 1, token);
	return n <= 0 ? str_n("", 0) : str_n(text, strlen(text));
}

static struct str
unknown_header_copy(struct lws *wsi, struct arena *a, const char *name)
{
	int len = (int)strlen(name);
	int n = lws_hdr_custom_length(wsi, name, len);
	char *text;

	if (n <= 0)
		return str_n("", 0);
	text = arena_alloc(a, (size_t)n + 1);
	n = lws_hdr_custom_copy(wsi, text, n + 1, name, len);
	return n <= 0 ? str_n("", 0) : str_n(text, (size_t)n);
}

/* The proxy appends the address that it saw: the last one is true. */
static void
read_address(struct conn *c, struct web_request *rq)
{
	struct str rest, last = str_n("", 0);
	struct in6_addr unused;

	(void)snprintf(rq->address, sizeof(rq->address), "%s", c->peer);
	if (!c->web->o->proxy)
		return;
	rest = header_copy(c->wsi, rq->arena, WSI_TOKEN_X_FORWARDED_FOR);
	if (rest.len == 0)
		return;
	while (rest.p != NULL)
		last = str_trim(str_cut(&rest, ','));
	rq->address[0] = '\0';
	if (last.len < sizeof(rq->address)) {
		memcpy(rq->address, last.p, last.len);
		rq->address[last.len] = '\0';
	}
	if (inet_pton(AF_INET, rq->address, &unused) != 1 &&
	    inet_pton(AF_INET6, rq->address, &unused) != 1)
		rq->address[0] = '\0';
}

static struct str
read_path(struct lws *wsi, struct arena *a)
{
	static const enum lws_token_indexes uris[] = { WSI_TOKEN_GET_URI,
		WSI_TOKEN_POST_URI, WSI_TOKEN_HEAD_URI };

	for (size_t i = 0; i < ARRAY_LEN(uris); i++)
		if (lws_hdr_total_length(wsi, uris[i]) > 0)
			return header_copy(wsi, a, uris[i]);
	return str_n("", 0);
}

struct web_request *
request_new(struct conn *c)
{
	static const enum lws_token_indexes tokens[] = {
		[WEB_H_COOKIE] = WSI_TOKEN_HTTP_COOKIE,
		[WEB_H_ORIGIN] = WSI_TOKEN_ORIGIN,
		[WEB_H_HOST] = WSI_TOKEN_HOST,
		[WEB_H_CONTENT_TYPE] = WSI_TOKEN_HTTP_CONTENT_TYPE,
		[WEB_H_IF_NONE_MATCH] = WSI_TOKEN_HTTP_IF_NONE_MATCH,
		[WEB_H_ACCEPT_LANGUAGE] = WSI_TOKEN_HTTP_ACCEPT_LANGUAGE,
	};
	struct web_request *rq = xcalloc(1, sizeof(*rq));

	rq->web = c->web;
	rq->conn = c;
	rq->arena = arena_new();
	rq->path = read_path(c->wsi, rq->arena);
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
		rq->header[i] = header_copy(c->wsi, rq->arena, tokens[i]);
	rq->header[WEB_H_SEC_FETCH_SITE] = unknown_header_copy(c->wsi, rq->arena,
	    "sec-fetch-site:");
	read_address(c, rq);
	return rq;
}

void
request_free(struct web_request *rq)
{
	if (rq == NULL)
		return;
	if (rq->conn != NULL && rq->conn->rq == rq)
		rq->conn->rq = NULL;
	arena_free(rq->arena);
	buf_fini(&rq->body);
	free(rq);
}

/* "/" is the page alone, and not what is below it. */
static bool
leads_to(const struct web_route *route, struct str path)
{
	size_t len = strlen(route->path);

	if (len > 1 && route->path[len - 1] == '/')
		return str_starts(path, route->path);
	return str_is(path, route->path);
}

/* That of the path and the method, else that of the path alone. */
static const struct web_route *
find_route(const struct web_request *rq)
{
	const struct web_options *o = rq->web->o;
	const struct web_route *found = NULL;

	for (size_t i = 0; i < o->n_routes; i++) {
		if (!leads_to(&o->routes[i], rq->path))
			continue;
		if (o->routes[i].method == rq->method)
			return &o->routes[i];
		found = &o->routes[i];
	}
	return found;
}

static void
set_route(struct conn *c)
{
	struct web_request *rq = c->rq;

	rq->route = find_route(rq);
	if (rq->route != NULL && rq->route->header != NULL)
		rq->header[WEB_H_OWN] = unknown_header_copy(c->wsi, rq->arena,
		    rq->route->header);
}

/*
 * Gives the request to its handler. While that has not answered nothing is read: bytes that
 * follow the body would end it a second time.
 */
static void
hand_over(struct conn *c)
{
	struct web_request *rq = c->rq;

	rq->taken = true;
	rq->route->handler(rq->route->arg == NULL ? c->web->o->arg : rq->route->arg,
	    rq);
	if (c->rq == NULL)
		return;
	lws_rx_flow_control(c->wsi, 0);
	c->unread = true;
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_HTTP_CONTENT, ANSWER_S);
}

int
http_begin(struct conn *c)
{
	const char *why = "";
	int status;

	assert(c->rq == NULL);
	c->web->n_fresh -= c->fresh;
	c->fresh = false;
	c->rq = request_new(c);
	status = guard_method(c->wsi, c->rq, &why);
	if (status == 0) {
		set_route(c);
		status = guard_request(c->wsi, c->rq, &why);
	}
	if (status != 0)
		return http_refuse(c, status, why);
	if (c->rq->route == NULL)
		return http_refuse(c, 404, "There is no such page.");
	if (c->rq->route->method != c->rq->method)
		return http_refuse(c, 405, "That cannot be done with this address.");
	if (c->rq->method == WEB_GET)
		hand_over(c);
	return 0;
}

int
http_body(struct conn *c, const void *p, size_t n)
{
	if (c->rq == NULL || c->rq->taken)
		return 0;
	if (c->rq->body.len + n > c->rq->length)
		return -1;
	buf_add(&c->rq->body, p, n);
	return 0;
}

/*
 * What follows the body is offered as its end again and again, as fast as the loop turns, until
 * the reply has gone: it goes now.
 */
static int
end_at_once(struct conn *c)
{
	if (c->out.data != NULL)
		(void)lws_write(c->wsi, (unsigned char *)c->out.data + c->sent,
		    c->out.len - c->sent, LWS_WRITE_HTTP_FINAL);
	buf_fini(&c->out);
	return -1;
}

int
http_body_done(struct conn *c)
{
	if (c->rq == NULL)
		return end_at_once(c);
	if (c->rq->taken)
		return 0;
	if (c->rq->body.len != c->rq->length)
		return -1;
	hand_over(c);
	return 0;
}

int
http_writable(struct conn *c)
{
	size_t n = c->out.len - c->sent;

	if (c->out.data == NULL)
		return 0;
	if (n == 0) {
		/* lws calls only when it has passed on what it kept. */
		buf_fini(&c->out);
		return -1;
	}
	if (n > WRITE_MAX)
		n = WRITE_MAX;
	if (lws_write(c->wsi, (unsigned char *)c->out.data + c->sent, n,
		LWS_WRITE_HTTP) < 0)
		return -1;
	c->sent += n;
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_HTTP_CONTENT, SLOW_READER_S);
	lws_callback_on_writable(c->wsi);
	return 0;
}

void
http_closed(struct conn *c)
{
	struct web_request *rq = c->rq;

	buf_fini(&c->out);
	c->rq = NULL;
	if (rq == NULL)
		return;
	rq->conn = NULL;
	if (!rq->taken)
		request_free(rq);
}

void
web_answer(struct web_request *rq, const struct web_reply *rp)
{
	struct conn *c = rq->conn;

	assert(rq->taken);
	if (c != NULL) {
		begin_out(c);
		add_reply(&c->out, c->web, rp, rq->head);
	}
	request_free(rq);
	if (c == NULL)
		return;
	if (c->unread)
		lws_rx_flow_control(c->wsi, 1);
	c->unread = false;
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_HTTP_CONTENT, SLOW_READER_S);
	lws_callback_on_writable(c->wsi);
}

enum web_method
web_request_method(const struct web_request *rq)
{
	return rq->method;
}

struct str
web_request_path(const struct web_request *rq)
{
	return rq->path;
}

struct str
web_request_header(const struct web_request *rq, enum web_header h)
{
	return rq->header[h];
}

struct str
web_request_body(const struct web_request *rq)
{
	return buf_str(&rq->body);
}

struct str
web_request_address(const struct web_request *rq)
{
	return str_of(rq->address);
}

struct str
web_request_cookie(struct web_request *rq, const char *name)
{
	struct str rest = rq->header[WEB_H_COOKIE];

	while (rest.p != NULL) {
		struct str value = str_trim(str_cut(&rest, ';'));
		struct str key = str_cut(&value, '=');

		if (str_is(key, name) && value.p != NULL)
			return value;
	}
	return str_n("", 0);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* "+" and %XX of a form; a percent sign that starts nothing stays. */
static struct str
decode(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		int high = -1, low = -1;

		if (s.p[i] == '%' && i + 2 < s.len) {
			high = hex_digit(s.p[i + 1]);
			low = hex_digit(s.p[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			out[n++] = (char)(high << 4 | low);
			i += 2;
		} else {
			out[n++] = s.p[i] == '+' ? ' ' : s.p[i];
		}
	}
	return str_n(out, n);
}

struct str
web_request_field(struct web_request *rq, const char *name)
{
	struct str rest = buf_str(&rq->body);
	struct str type = rq->header[WEB_H_CONTENT_TYPE];

	type = str_trim(str_cut(&type, ';'));
	if (!str_is_nocase(type, "application/x-www-form-urlencoded"))
		return str_n("", 0);
	while (rest.p != NULL) {
		struct str value = str_cut(&rest, '&');
		struct str key = str_cut(&value, '=');

		if (value.p != NULL && str_is(decode(rq->arena, key), name))
			return decode(rq->arena, value);
	}
	return str_n("", 0);
}

bool
web_request_is_ours(const struct web_request *rq)
{
	return guard_is_ours(rq);
}
