/*
 * test_web.c - the web server against raw sockets, on a loop of this process.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <sodium.h>

#include "credbot/base/alloc.h"
#include "credbot/base/arena.h"
#include "credbot/base/buf.h"
#include "credbot/base/log.h"
#include "credbot/io/loop.h"
#include "credbot/io/web.h"
#include "web_client.h"

static struct loop *loop;
static struct web *web;
static struct buf big;
static struct web_request *waiting; /* not answered yet */
static int n_sockets, n_closed, n_drained;
static struct web_socket *last_socket;
static bool refuse_sockets;

static void
answer_text(struct web_request *rq, const char *text)
{
	struct web_reply rp = { .status = 200, .type = "text/plain; charset=utf-8" };

	rp.body = str_of(text);
	web_answer(rq, &rp);
}

static void
on_root(void *arg, struct web_request *rq)
{
	struct buf b = { 0 };
	struct web_reply rp = { .status = 200, .type = "text/plain", .etag = "\"v1\"" };

	(void)arg;
	buf_printf(&b, "hello cookie=%.*s address=%.*s ours=%d",
	    STR_ARG(web_request_cookie(rq, "credbot")),
	    STR_ARG(web_request_address(rq)), web_request_is_ours(rq));
	rp.body = buf_str(&b);
	web_answer(rq, &rp);
	buf_fini(&b);
}

static void
on_say(void *arg, struct web_request *rq)
{
	struct buf b = { 0 };

	(void)arg;
	buf_printf(&b, "text=%.*s id=%.*s ours=%d",
	    STR_ARG(web_request_field(rq, "text")),
	    STR_ARG(web_request_field(rq, "id")), web_request_is_ours(rq));
	answer_text(rq, buf_cstr(&b));
	buf_fini(&b);
}

static void
on_later(void *arg, struct web_request *rq)
{
	(void)arg;
	waiting = rq;
}

static void
on_big(void *arg, struct web_request *rq)
{
	struct web_reply rp = { .status = 200, .type = "text/plain" };

	(void)arg;
	rp.body = buf_str(&big);
	web_answer(rq, &rp);
}

/* Called by another server. */
static int hook;

static void
on_hook(void *arg, struct web_request *rq)
{
	struct buf b = { 0 };

	buf_printf(&b, "secret=%.*s bytes=%zu%s",
	    STR_ARG(web_request_header(rq, WEB_H_OWN)), web_request_body(rq).len,
	    arg == &hook ? "" : " not its own arg");
	answer_text(rq, buf_cstr(&b));
	buf_fini(&b);
}

struct own {
	struct web_socket *ws;
};

static void *
on_accept(void *arg, struct web_request *handshake, struct web_socket *ws)
{
	struct own *own;

	(void)arg;
	(void)handshake;
	if (refuse_sockets)
		return NULL;
	own = xcalloc(1, sizeof(*own));
	own->ws = ws;
	last_socket = ws;
	return own;
}

static void
on_opened(void *arg)
{
	(void)arg;
	n_sockets++;
}

static void
on_text(void *arg, struct str text)
{
	struct own *own = arg;

	if (str_is(text, "quit"))
		web_socket_close(own->ws, 1000, "bye");
	else
		(void)web_socket_send(own->ws, text);
}

static void
on_drained(void *arg)
{
	(void)arg;
	n_drained++;
}

static void
on_closed(void *arg)
{
	struct own *own = arg;

	if (last_socket == own->ws)
		last_socket = NULL;
	n_closed++;
	free(own);
}

static const struct web_route routes[] = {
	{ .method = WEB_GET, .path = "/", .handler = on_root },
	{ .method = WEB_POST, .path = "/say", .handler = on_say },
	{ .method = WEB_GET, .path = "/big", .handler = on_big },
	{ .method = WEB_GET, .path = "/later", .handler = on_later },
	{ .method = WEB_POST, .path = "/later", .handler = on_later },
	{ .method = WEB_POST,
	    .path = "/hook",
	    .handler = on_hook,
	    .arg = &hook,
	    .header = "x-hook-secret-token:",
	    .body_max = 100000,
	    .any_host = true },
};

static const struct web_socket_ops socket_ops = {
	.path = "/ws",
	.subprotocol = "credbot.v1",
	.accept = on_accept,
	.opened = on_opened,
	.text = on_text,
	.drained = on_drained,
	.closed = on_closed,
};

static const char *const test_hosts[] = { "localhost", NULL };
static struct web_options options;

static void
start(void)
{
	struct err err = { "" };

	loop = loop_new(clock_system());
	T_INT(web_start(&web, loop, &options, &err), RC_OK, "%s", err.text);
}

static void
stop(void)
{
	web_stop(web);
	web = NULL;
	loop_free(loop);
}

static struct client
connect_to_web(void)
{
	return dial(loop, web_port(web));
}

static int
ask(const char *request, struct buf *body)
{
	struct client c = connect_to_web();
	const char *end;
	int status;

	puts_to(&c, request);
	status = reply(&c);
	end = c.in.len == 0 ? NULL : strstr(c.in.data, "\r\n\r\n");
	if (body != NULL)
		buf_adds(body, end == NULL ? "" : end + 4);
	hang_up(&c);
	return status;
}

#define H "Host: localhost\r\n"

static void
test_requests(void)
{
	static const struct {
		const char *request;
		int status; /* 0: the connection ends without a reply */
	} rows[] = {
		{ "GET / HTTP/1.1\r\n" H "\r\n", 200 },
		{ "GET /?utm=1 HTTP/1.1\r\n" H "\r\n", 200 },
		{ "GET / HTTP/1.0\r\n" H "\r\n", 200 },
		{ "HEAD / HTTP/1.1\r\n" H "Connection: close\r\n\r\n", 200 },
		{ "GET /none HTTP/1.1\r\n" H "\r\n", 404 },
		{ "GET /../../etc/passwd HTTP/1.1\r\n" H "\r\n", 404 },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", 405 },
		{ "GET /say HTTP/1.1\r\n" H "\r\n", 405 },
		{ "PUT / HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\nx", 405 },
		{ "DELETE / HTTP/1.1\r\n" H "\r\n", 405 },
		{ "OPTIONS / HTTP/1.1\r\n" H "\r\n", 405 },
		{ "TRACE / HTTP/1.1\r\n" H "\r\n", 403 },
		{ "CONNECT x:1 HTTP/1.1\r\n" H "\r\n", 0 },
		{ "GET / HTTP/1.1\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421 },
		{ "GET / HTTP/1.1\r\nHost: localhost, localhost\r\n\r\n", 421 },
		{ "GET / HTTP/1.1\r\n" H H "\r\n", 421 },
		{ "POST /say HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc", 200 },
		{ "POST /say HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", 200 },
		{ "POST /say HTTP/1.1\r\n" H "\r\n", 411 },
		{ "POST /say HTTP/1.1\r\n" H "Content-Length: -1\r\n\r\n", 400 },
		{ "POST /say HTTP/1.1\r\n" H "Content-Length: 1x\r\n\r\n", 400 },
		{ "POST /say HTTP/1.1\r\n" H "Content-Length: +3\r\n\r\nabc", 400 },
		{ "POST /say HTTP/1.1\r\n" H "Content-Length: 3, 3\r\n\r\nabc", 400 },
		{ "POST /say HTTP/1.1\r\n" H
		  "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
		    400 },
		{ "POST /say HTTP/1.1\r\n" H
		  "Content-Length: 99999999999999999999999999999999999\r\n\r\n",
		    400 },
		{ "POST /say HTTP/1.1\r\n" H "Content-Length: 32769\r\n\r\n", 413 },
		{ "POST /say HTTP/1.1\r\n" H
		  "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		    411 },
		{ "POST /say HTTP/1.1\r\n" H
		  "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		    411 },
		{ "POST /say HTTP/1.1\r\n" H
		  "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n",
		    417 },
		{ "GET / HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello", 400 },
		{ "GET / HTTP/1.1\r\n" H "Upgrade: h2c\r\nConnection: Upgrade\r\n"
		  "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
		    0 },
		{ "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 403 },
		{ "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 403 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int status = ask(rows[i].request, NULL);

		/* What the library refuses by itself it may also just hang up on. */
		if (rows[i].status == 403)
			T_CHECK(status == 403 || status == 0, "row %zu: %d", i, status);
		else
			T_INT(status, rows[i].status, "row %zu: %s", i,
			    rows[i].request);
	}
}

/* CVE-2025-11677: an unknown upgrade on a connection that was kept alive, as none is now. */
static void
test_unknown_upgrade(void)
{
	struct client c = connect_to_web();

	puts_to(&c, "GET / HTTP/1.1\r\n" H "\r\n");
	T_INT(reply(&c), 200, "first");
	buf_clear(&c.in);
	puts_to(&c,
	    "GET / HTTP/1.1\r\n" H "Upgrade: foo\r\nConnection: Upgrade\r\n\r\n");
	await(&c, SIZE_MAX, PATIENCE_MS);
	T_CHECK(c.ended, "hung up");
	T_CHECK(c.in.len == 0 || strstr(c.in.data, " 101 ") == NULL, "no upgrade");
	hang_up(&c);
}

static void
test_hosts_and_origins(void)
{
	static const char *const hosts[] = { "chat.example.org", "[::1]:8080", NULL };
	static const char *const origins[] = { "https://page.example.org", NULL };
	char request[256];
	static const struct {
		const char *host, *origin;
		int status;
		const char *ours;
	} rows[] = {
		{ "chat.example.org", "https://page.example.org", 200, "ours=1" },
		{ "CHAT.example.ORG:443", "https://page.example.org", 200, "ours=1" },
		{ "chat.example.org:80", "https://chat.example.org", 200, "ours=0" },
		{ "[::1]:8080", "null", 200, "ours=0" },
		{ "chat.example.org", "https://page.example.org.evil.net", 200,
		    "ours=0" },
		{ "chat.example.org:8080", "https://page.example.org", 421, "" },
		{ "localhost", "https://page.example.org", 421, "" },
	};

	options.hosts = hosts;
	options.origins = origins;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf body = { 0 };

		(void)snprintf(request, sizeof(request),
		    "GET / HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\n\r\n", rows[i].host,
		    rows[i].origin);
		T_INT(ask(request, &body), rows[i].status, "row %zu", i);
		T_CHECK(strstr(buf_cstr(&body), rows[i].ours) != NULL, "row %zu: %s", i,
		    buf_cstr(&body));
		buf_fini(&body);
	}
	options.hosts = test_hosts;
	options.origins = NULL;
}

static void
test_own_host_has_its_port(void)
{
	char request[128];

	options.hosts = NULL;
	(void)snprintf(request, sizeof(request),
	    "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", web_port(web));
	T_INT(ask(request, NULL), 200, "own port");
	(void)snprintf(request, sizeof(request),
	    "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", web_port(web) + 1);
	T_INT(ask(request, NULL), 421, "another port");
	options.hosts = test_hosts;
}

static void
test_headers_of_replies(void)
{
	static const char *const want[] = {
		"Content-Security-Policy: default-src 'none'; ",
		"frame-ancestors 'none'", "X-Content-Type-Options: nosniff",
		"Date: ", "Cache-Control: no-store", "ETag: \"v1\"",
		"Permissions-Policy: "
	};
	struct client c = connect_to_web();

	puts_to(&c, "GET / HTTP/1.1\r\n" H "\r\n");
	T_INT(reply(&c), 200, "status");
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		T_CHECK(strstr(buf_cstr(&c.in), want[i]) != NULL, "%s", want[i]);
	T_CHECK(strstr(buf_cstr(&c.in), "Server:") == NULL, "no server");
	hang_up(&c);
}

static void
test_fields(void)
{
	struct buf body = { 0 };

	T_INT(ask("POST /say HTTP/1.1\r\n" H "Origin: http://localhost\r\n"
		  "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
		  "Content-Length: 35\r\n\r\nid=a%2Db&text=caf%C3%A9+%26+100%&x=1",
		  &body),
	    200, "posted");
	/* 35 bytes end in the middle of x=1 */
	T_STR(buf_cstr(&body), "text=café & 100% id=a-b ours=1", "decoded");
	buf_clear(&body);
	T_INT(ask("POST /say HTTP/1.1\r\n" H "Content-Type: text/plain\r\n"
		  "Content-Length: 6\r\n\r\ntext=x",
		  &body),
	    200, "another type");
	T_STR(buf_cstr(&body), "text= id= ours=0", "is no form");
	buf_clear(&body);
	T_INT(ask("GET / HTTP/1.1\r\n" H "Cookie: a=1; credbot=TOKEN; "
		  "credbotx=2\r\nX-Forwarded-For: 1.2.3.4\r\n"
		  "Sec-Fetch-Site: cross-site\r\n\r\n",
		  &body),
	    200, "cookie");
	T_STR(buf_cstr(&body), "hello cookie=TOKEN address=127.0.0.1 ours=0", "read");
	buf_clear(&body);
	options.proxy = true;
	(void)ask("GET / HTTP/1.1\r\n" H
		  "X-Forwarded-For: 9.9.9.9, 2001:db8::7\r\n\r\n",
	    &body);
	T_STR(buf_cstr(&body), "hello cookie= address=2001:db8::7 ours=1",
	    "behind a proxy");
	buf_clear(&body);
	(void)ask("GET / HTTP/1.1\r\n" H "X-Forwarded-For: <script>\r\n\r\n", &body);
	T_STR(buf_cstr(&body), "hello cookie= address= ours=1", "no address");
	options.proxy = false;
	buf_fini(&body);
}

#define PUBLIC "Host: bot.example.org:8443\r\n"

/* A route with limits of its own takes nothing from those of the others. */
static void
test_route_of_a_server(void)
{
	static const struct {
		const char *head;
		size_t bytes;
		int status;
		const char *want;
	} rows[] = {
		{ "POST /hook HTTP/1.1\r\n" PUBLIC "X-Hook-Secret-Token: a-B_9\r\n", 3,
		    200, "secret=a-B_9 bytes=3" },
		{ "POST /hook HTTP/1.1\r\n" PUBLIC "x-hook-secret-token:  x\r\n", 3,
		    200, "secret=x bytes=3" },
		{ "POST /hook HTTP/1.1\r\n" PUBLIC "X-Hook-Secret-Token2: x\r\n", 3,
		    200, "secret= bytes=3" },
		{ "POST /hook HTTP/1.1\r\n" H, 3, 200, "secret= bytes=3" },
		{ "POST /hook HTTP/1.1\r\n" PUBLIC, 100000, 200,
		    "secret= bytes=100000" },
		{ "POST /hook HTTP/1.1\r\n" PUBLIC, 100001, 413, "" },
		{ "POST /hook HTTP/1.1\r\n", 3, 400, "" },
		{ "GET /hook HTTP/1.1\r\n" PUBLIC, 0, 405, "" },
		{ "PUT /hook HTTP/1.1\r\n" PUBLIC, 3, 405, "" },
		{ "POST /hook/ HTTP/1.1\r\n" PUBLIC, 3, 421, "" },
		{ "POST /say HTTP/1.1\r\n" PUBLIC, 3, 421, "" },
		{ "GET / HTTP/1.1\r\n" PUBLIC, 0, 421, "" },
		{ "POST /say HTTP/1.1\r\n" H, 32769, 413, "" },
		/* The handshake of a WebSocket is none of its business. */
		{ "POST /hook HTTP/1.1\r\n" PUBLIC
		  "Upgrade: websocket\r\nConnection: Upgrade\r\n",
		    3, 421, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf rq = { 0 }, body = { 0 };

		buf_adds(&rq, rows[i].head);
		if (rows[i].bytes > 0)
			buf_printf(&rq, "Content-Length: %zu\r\n", rows[i].bytes);
		buf_adds(&rq, "\r\n");
		for (size_t k = 0; k < rows[i].bytes && rows[i].status != 413; k++)
			buf_addc(&rq, 'x');
		T_INT(ask(buf_cstr(&rq), &body), rows[i].status, "row %zu", i);
		if (rows[i].status == 200)
			T_STR(buf_cstr(&body), rows[i].want, "row %zu", i);
		buf_fini(&rq);
		buf_fini(&body);
	}
}

static void
test_allow(void)
{
	static const struct {
		const char *request, *want;
	} rows[] = {
		{ "GET /hook HTTP/1.1\r\n" H, "Allow: POST\r\n" },
		{ "POST / HTTP/1.1\r\n" H "Content-Length: 0\r\n",
		    "Allow: GET, HEAD\r\n" },
		{ "OPTIONS / HTTP/1.1\r\n" H, "Allow: GET, HEAD, POST\r\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct client c = connect_to_web();

		puts_to(&c, rows[i].request);
		puts_to(&c, "\r\n");
		(void)reply(&c);
		T_CHECK(strstr(buf_cstr(&c.in), rows[i].want) != NULL, "%s",
		    rows[i].request);
		hang_up(&c);
	}
}

/* A connection serves one request. What comes behind it, whenever, is neither served nor does it
 * keep the server busy. */
static void
test_one_request(void)
{
	static const char *const first[] = {
		"GET / HTTP/1.1\r\n" H "\r\n",
		"POST /say HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc",
		"POST /say HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n",
		"GET /later HTTP/1.1\r\n" H "\r\n",
		"POST /later HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc",
		"GET /big HTTP/1.1\r\n" H "\r\n",
	};
	static const char *const second[] = {
		"GET / HTTP/1.1\r\n" H "\r\n",
		"POST /hook HTTP/1.1\r\n" H "Content-Length: 11\r\n\r\nhello world",
		"POST /hook HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n",
		"x",
	};
	size_t n_first = ARRAY_LEN(first), n_second = ARRAY_LEN(second);

	/* pause: turns of the loop in between; none: one piece. */
	for (size_t i = 0; i < n_first * n_second * 4; i++) {
		const char *one = first[i % n_first];
		const char *two = second[i / n_first % n_second];
		int pause = (int)(i / n_first / n_second);
		struct client c = connect_to_web();
		struct buf both = { 0 };
		const char *again;

		waiting = NULL;
		buf_adds(&both, one);
		if (pause == 0)
			buf_adds(&both, two);
		puts_to(&c, buf_cstr(&both));
		turns(loop, pause);
		if (pause > 0)
			puts_to(&c, two);
		await(&c, 1, strstr(one, "/later") == NULL ? PATIENCE_MS : 20);
		if (waiting != NULL)
			answer_text(waiting, "at last");
		await(&c, SIZE_MAX, PATIENCE_MS);
		T_CHECK(c.ended, "row %zu: it ends", i);
		again = c.in.len < 4 ? "" : strstr(c.in.data + 4, "HTTP/1.1 ");
		T_CHECK(strncmp(buf_cstr(&c.in), "HTTP/1.1 200 ", 13) == 0 &&
			    again == NULL &&
			    strstr(c.in.data, "Connection: close\r\n") != NULL,
		    "row %zu: one reply: %.100s", i, buf_cstr(&c.in));
		hang_up(&c);
		buf_fini(&both);
	}
	turns(loop, 20);
	T_INT(web_connections(web), 0, "none is left");
}

static void
test_answer_later(void)
{
	struct client c = connect_to_web();

	waiting = NULL;
	puts_to(&c, "POST /later HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc");
	await(&c, 1, 100);
	T_INT(c.in.len, 0, "no answer yet");
	T_CHECK(waiting != NULL, "the handler has it");
	if (waiting != NULL)
		answer_text(waiting, "at last");
	T_INT(reply(&c), 200, "answered");
	hang_up(&c);

	c = connect_to_web();
	waiting = NULL;
	puts_to(&c, "GET /later HTTP/1.1\r\n" H "\r\n");
	await(&c, 1, 50);
	hang_up(&c);
	turns(loop, 20);
	if (waiting != NULL)
		answer_text(waiting, "nobody is there");
	turns(loop, 20);
}

static void
test_big_reply(void)
{
	struct client c = connect_to_web();

	for (int i = 0; i < 200000; i++)
		buf_printf(&big, "line %06d\n", i % 1000000);
	puts_to(&c, "GET /big HTTP/1.1\r\n" H "\r\n");
	turns(loop, 50); /* it fills what the kernel takes, and waits */
	T_INT(reply(&c), 200, "status");
	T_CHECK(c.in.len > big.len &&
		    memcmp(c.in.data + c.in.len - big.len, big.data, big.len) == 0,
	    "whole: %zu of %zu", c.in.len, big.len);
	hang_up(&c);
}

static void
test_huge_headers(void)
{
	struct buf rq = { 0 };
	int status;

	buf_adds(&rq, "GET / HTTP/1.1\r\n" H "X-Long: ");
	for (int i = 0; i < 6000; i++)
		buf_addc(&rq, 'x');
	buf_adds(&rq, "\r\n\r\n");
	T_INT(ask(buf_cstr(&rq), NULL), 200, "6,000 bytes pass");
	buf_clear(&rq);
	buf_adds(&rq, "GET / HTTP/1.1\r\n" H "Cookie: ");
	for (int i = 0; i < 20000; i++)
		buf_addc(&rq, 'x');
	buf_adds(&rq, "\r\n\r\n");
	status = ask(buf_cstr(&rq), NULL);
	T_CHECK(status != 200 && status != -1, "20,000 do not: %d", status);
	buf_fini(&rq);
}

#define WS_HEAD "GET /ws HTTP/1.1\r\n" H "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define WS_KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define WS_GOOD                                                                        \
	WS_HEAD WS_KEY "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost\r\n"     \
		       "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n"

static void
test_handshakes(void)
{
	static const struct {
		const char *request;
		int status;
	} rows[] = {
		{ WS_GOOD, 101 },
		{ "GET /ws HTTP/1.1\r\n" H "Upgrade: WebSocket\r\n"
		  "Connection: keep-alive, Upgrade\r\n" WS_KEY
		  "Sec-WebSocket-Version: 13\r\nOrigin: https://localhost\r\n"
		  "Sec-WebSocket-Protocol: other, credbot.v1\r\n\r\n",
		    101 },
		{ WS_HEAD WS_KEY "Sec-WebSocket-Version: 13\r\n"
				 "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n",
		    403 },
		{ WS_HEAD WS_KEY
		    "Sec-WebSocket-Version: 13\r\nOrigin: https://evil.example\r\n"
		    "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n",
		    403 },
		{ WS_HEAD WS_KEY
		    "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost\r\n"
		    "Sec-Fetch-Site: cross-site\r\n"
		    "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n",
		    403 },
		{ WS_HEAD WS_KEY
		    "Sec-WebSocket-Version: 99\r\nOrigin: http://localhost\r\n"
		    "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n",
		    400 },
		{ WS_HEAD WS_KEY
		    "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost\r\n\r\n",
		    400 },
		{ WS_HEAD WS_KEY
		    "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost\r\n"
		    "Sec-WebSocket-Protocol: plain\r\n\r\n",
		    400 },
		{ WS_HEAD "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost\r\n"
			  "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n",
		    400 },
		{ "GET /ws HTTP/1.1\r\n" H "Upgrade: websocket\r\n" WS_KEY
		  "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost\r\n"
		  "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n",
		    400 },
		{ "GET / HTTP/1.1\r\n" H
		  "Upgrade: websocket\r\nConnection: Upgrade\r\n" WS_KEY
		  "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost\r\n"
		  "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n",
		    404 },
		{ "POST /ws HTTP/1.1\r\n" H "Content-Length: 0\r\n"
		  "Upgrade: websocket\r\nConnection: Upgrade\r\n" WS_KEY
		  "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost\r\n"
		  "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n",
		    400 },
		{ "GET /ws HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\n"
		  "Connection: Upgrade\r\n" WS_KEY
		  "Sec-WebSocket-Version: 13\r\nOrigin: http://evil.example\r\n"
		  "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n",
		    421 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_INT(ask(rows[i].request, NULL), rows[i].status, "row %zu", i);
	refuse_sockets = true;
	T_INT(ask(WS_GOOD, NULL), 403, "refused by its owner");
	refuse_sockets = false;
}

static struct client
open_socket(void)
{
	struct client c = connect_to_web();

	puts_to(&c, WS_GOOD);
	T_INT(reply(&c), 101, "handshake");
	T_CHECK(strstr(buf_cstr(&c.in), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != NULL, "key");
	buf_clear(&c.in);
	return c;
}

static void
test_talk(void)
{
	struct client c = open_socket();
	struct buf p = { 0 };

	n_closed = n_drained = 0;
	say(&c, "hello");
	T_INT(heard(&c, &p), TEXT, "echo");
	T_STR(buf_cstr(&p), "hello", "echo");
	say(&c, "");
	T_INT(heard(&c, &p), TEXT, "empty");
	T_INT(p.len, 0, "empty");
	frame(&c, TEXT, "caf\xc3", 4, true);
	frame(&c, FIN | PING, "?", 1, true);
	frame(&c, CONTINUED, "\xa9 ", 2, true);
	frame(&c, FIN | CONTINUED, "noir", 4, true);
	T_INT(heard(&c, &p), PONG, "pong in between");
	T_STR(buf_cstr(&p), "?", "with its payload");
	T_INT(heard(&c, &p), TEXT, "in three parts");
	T_STR(buf_cstr(&p), "café noir", "in three parts");
	turns(loop, 10);
	T_CHECK(n_drained >= 3, "drained %d times", n_drained);
	say(&c, "quit");
	T_INT(heard(&c, &p), CLOSE, "closed by us");
	T_INT(close_code(&p), 1000, "code");
	T_STR(p.len < 2 ? "" : p.data + 2, "bye", "reason");
	frame(&c, FIN | CLOSE, p.data, p.len, true);
	await(&c, SIZE_MAX, PATIENCE_MS);
	T_CHECK(c.ended, "the connection ends");
	T_INT(n_closed, 1, "closed() was called");
	hang_up(&c);

	c = open_socket();
	frame(&c, FIN | CLOSE, "\x03\xe8", 2, true);
	T_INT(heard(&c, &p), CLOSE, "closed by the client");
	T_INT(close_code(&p), 1000, "code comes back");
	await(&c, SIZE_MAX, PATIENCE_MS);
	T_CHECK(c.ended, "the connection ends");
	hang_up(&c);
	turns(loop, 10);
	T_INT(n_closed, 2, "closed() was called");
	buf_fini(&p);
}

static void
test_bad_frames(void)
{
	struct client c = open_socket();
	struct buf p = { 0 }, text = { 0 };
	int got;

	frame(&c, FIN | BINARY, "x", 1, true);
	T_INT(heard(&c, &p), CLOSE, "binary");
	T_INT(close_code(&p), 1003, "binary");
	hang_up(&c);

	for (size_t i = 0; i < WEB_SOCKET_TEXT_MAX; i++)
		buf_addc(&text, 'x');
	c = open_socket();
	frame(&c, FIN | TEXT, text.data, text.len, true);
	T_INT(heard(&c, &p), TEXT, "longest");
	T_INT(p.len, WEB_SOCKET_TEXT_MAX, "longest");
	buf_addc(&text, 'x');
	frame(&c, FIN | TEXT, text.data, text.len, true);
	T_INT(heard(&c, &p), CLOSE, "too long");
	T_INT(close_code(&p), 1009, "too long");
	hang_up(&c);

	c = open_socket();
	frame(&c, TEXT, text.data, text.len - 1, true);
	frame(&c, FIN | CONTINUED, "xx", 2, true);
	T_INT(heard(&c, &p), CLOSE, "too long in parts");
	T_INT(close_code(&p), 1009, "too long in parts");
	hang_up(&c);

	/* The library ends these itself; a close frame is not promised (W-10). */
	c = open_socket();
	frame(&c, FIN | TEXT, "\xff\xfe", 2, true);
	got = heard(&c, &p);
	T_CHECK(got == CLOSE || got == -1, "no UTF-8: %d", got);
	hang_up(&c);
	c = open_socket();
	frame(&c, FIN | TEXT, "\xc3", 1, true);
	got = heard(&c, &p);
	T_CHECK(got == CLOSE || got == -1, "half a character: %d", got);
	hang_up(&c);
	c = open_socket();
	frame(&c, FIN | TEXT | 0x40, "x", 1, true);
	got = heard(&c, &p);
	T_CHECK(got == CLOSE || got == -1, "reserved bit: %d", got);
	hang_up(&c);
	c = open_socket();
	frame(&c, FIN | 3, "x", 1, true);
	got = heard(&c, &p);
	T_CHECK(got == CLOSE || got == -1, "reserved opcode: %d", got);
	hang_up(&c);
	c = open_socket();
	frame(&c, FIN | CONTINUED, "x", 1, true);
	got = heard(&c, &p);
	T_CHECK(got == CLOSE || got == -1, "continues nothing: %d", got);
	hang_up(&c);

	/* Known limit, see web.c: a frame without mask is taken. It does no harm. */
	c = open_socket();
	frame(&c, FIN | TEXT, "bare", 4, false);
	got = heard(&c, &p);
	T_CHECK(got == TEXT || got == CLOSE || got == -1, "no mask: %d", got);
	hang_up(&c);
	turns(loop, 20);
	buf_fini(&text);
	buf_fini(&p);
}

static void
test_slow_reader(void)
{
	struct client c = open_socket();
	struct buf p = { 0 }, text = { 0 };
	int sent = 0, frames = 0, got;

	for (int i = 0; i < 1000; i++)
		buf_adds(&text, "0123456789");
	turns(loop, 5);
	while (last_socket != NULL && web_socket_send(last_socket, buf_str(&text)) &&
	       sent < 10000) {
		sent++;
		turns(loop, 1);
	}
	T_CHECK(sent > 25 && sent < 10000, "the queue has an end: %d", sent);
	T_CHECK(last_socket == NULL || !web_socket_send(last_socket, STR("x")),
	    "nothing is taken any more");
	while ((got = heard(&c, &p)) == TEXT)
		frames++;
	T_CHECK(frames > 0 && frames <= sent, "what was on its way arrived: %d",
	    frames);
	T_INT(got, CLOSE, "then it is closed");
	T_INT(close_code(&p), 1013, "code");
	hang_up(&c);
	turns(loop, 20);
	buf_fini(&text);
	buf_fini(&p);
}

static void
test_reading_can_wait(void)
{
	struct client c = open_socket();
	struct buf p = { 0 };

	turns(loop, 5);
	web_socket_read(last_socket, false);
	say(&c, "one");
	await(&c, 1, 100);
	T_INT(c.in.len, 0, "nothing is read");
	web_socket_read(last_socket, true);
	T_INT(heard(&c, &p), TEXT, "now it is");
	T_STR(buf_cstr(&p), "one", "now it is");
	hang_up(&c);
	buf_fini(&p);
	turns(loop, 20);
}

static void
test_limits(void)
{
	struct client c[12];
	int refused = 0, n = (int)ARRAY_LEN(c);

	turns(loop, 50);
	T_INT(web_connections(web), 0, "all are gone");
	options.max_per_address = 10;
	for (int i = 0; i < n; i++) {
		c[i] = connect_to_web();
		turns(loop, 3);
	}
	for (int i = 0; i < n; i++) {
		await(&c[i], 1, 10);
		refused += c[i].in.len > 0 && strstr(c[i].in.data, " 503 ") != NULL;
	}
	T_INT(refused, 2, "two of twelve");
	T_INT(web_connections(web), 10, "ten are held");
	hang_up(&c[0]);
	turns(loop, 20);
	c[0] = connect_to_web();
	puts_to(&c[0], "GET / HTTP/1.1\r\n" H "\r\n");
	T_INT(reply(&c[0]), 200, "one left, one may come");
	for (int i = 0; i < n; i++)
		hang_up(&c[i]);
	options.max_per_address = 1000;
	turns(loop, 50);
	T_INT(web_connections(web), 0, "all are gone");
}

static void
test_many(void)
{
	enum { N = 300 };
	static struct client c[N];
	struct buf p = { 0 };
	int good = 0;

	n_closed = 0;
	for (int i = 0; i < N; i++)
		c[i] = open_socket();
	T_INT(web_connections(web), N, "all are open");
	for (int i = 0; i < N; i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "I am %d", i);
		say(&c[i], text);
		good += heard(&c[i], &p) == TEXT && strcmp(buf_cstr(&p), text) == 0;
	}
	T_INT(good, N, "each has its own echo");
	for (int i = 0; i < N; i++)
		hang_up(&c[i]);
	for (int i = 0; i < 200 && n_closed < N; i++)
		turns(loop, 1);
	T_INT(n_closed, N, "all were closed");
	buf_fini(&p);
}

static void
test_stop_with_clients(void)
{
	struct client a, b, idle, half;
	struct buf p = { 0 };

	start();
	a = open_socket();
	b = open_socket();
	idle = connect_to_web();
	half = connect_to_web();
	puts_to(&half, "GET / HT");
	turns(loop, 5);
	n_closed = 0;
	waiting = NULL;
	puts_to(&idle, "GET /later HTTP/1.1\r\n" H "\r\n");
	turns(loop, 5);
	web_close_all(web);
	T_INT(heard(&a, &p), CLOSE, "told");
	T_INT(close_code(&p), 1001, "going away");
	frame(&a, FIN | CLOSE, p.data, p.len, true); /* b does not answer */
	web_stop(web);
	T_INT(n_closed, 2, "both were closed");
	if (waiting != NULL)
		answer_text(waiting, "too late");
	loop_free(loop);
	hang_up(&a);
	hang_up(&b);
	hang_up(&idle);
	hang_up(&half);
	buf_fini(&p);
}

static void
test_listen(void)
{
	static const char *const bad[] = { "", "8080", "127.0.0.1", "127.0.0.1:", ":80",
		"127.0.0.1:65536", "::1:80", "unix:", "no.such.host.invalid:1" };
	struct web_options o = options;
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct web *first, *second;
	struct err err;
	struct stat st;
	char listen_at[96], path[64];
	int fd;

	loop = loop_new(clock_system());
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		o.listen = bad[i];
		T_INT(web_start(&first, loop, &o, &err), RC_INVALID, "%s", bad[i]);
		T_CHECK(strstr(err.text, "web.listen") != NULL, "%s", err.text);
	}
	o.listen = "[::1]:0";
	T_INT(web_start(&first, loop, &o, &err), RC_OK, "IPv6: %s", err.text);
	(void)snprintf(listen_at, sizeof(listen_at), "[::1]:%d", web_port(first));
	o.listen = listen_at;
	T_INT(web_start(&second, loop, &o, &err), RC_IO, "taken");
	T_CHECK(strstr(err.text, "in use") != NULL, "%s", err.text);
	web_stop(first);

	(void)snprintf(path, sizeof(path), "/tmp/credbot-test-%d.sock", (int)getpid());
	(void)snprintf(listen_at, sizeof(listen_at), "unix:%s", path);
	T_INT(web_start(&first, loop, &o, &err), RC_OK, "UNIX socket: %s", err.text);
	T_CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0660, "0660");
	T_INT(web_start(&second, loop, &o, &err), RC_IO, "taken");
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	T_INT(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0, "connects");
	web = first;
	{
		struct client c = { .loop = loop, .fd = fd };

		puts_to(&c, "GET / HTTP/1.1\r\n" H "\r\n");
		T_INT(reply(&c), 200, "answers");
		T_CHECK(strstr(buf_cstr(&c.in), "address= ") != NULL, "no address");
		hang_up(&c);
	}
	web_stop(first);
	T_CHECK(stat(path, &st) != 0, "removed at the end");
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	T_INT(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0, "left behind");
	close(fd);
	T_INT(web_start(&first, loop, &o, &err), RC_OK, "replaces it: %s", err.text);
	web_stop(first);
	loop_free(loop);
}

static void
to_nowhere(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	log_set_sink(to_nowhere, NULL); /* the library's view of bad clients */
	options = (struct web_options){
		.listen = "127.0.0.1:0",
		.hosts = test_hosts,
		.max_connections = 600,
		.max_per_address = 1000,
		.routes = routes,
		.n_routes = ARRAY_LEN(routes),
		.socket = &socket_ops,
	};
	start();
	T_RUN(test_requests);
	T_RUN(test_unknown_upgrade);
	T_RUN(test_hosts_and_origins);
	T_RUN(test_own_host_has_its_port);
	T_RUN(test_headers_of_replies);
	T_RUN(test_fields);
	T_RUN(test_route_of_a_server);
	T_RUN(test_allow);
	T_RUN(test_answer_later);
	T_RUN(test_big_reply);
	T_RUN(test_one_request);
	T_RUN(test_huge_headers);
	T_RUN(test_handshakes);
	T_RUN(test_talk);
	T_RUN(test_bad_frames);
	T_RUN(test_slow_reader);
	T_RUN(test_reading_can_wait);
	T_RUN(test_limits);
	T_RUN(test_many);
	stop();
	T_RUN(test_stop_with_clients);
	T_RUN(test_listen);
	buf_fini(&big);
	return t_end();
}
