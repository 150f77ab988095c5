/*
 * test_http.c - the HTTP client against a server that follows a script, on one loop.
 */
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>

#include <uv.h>

#include "credbot/base/alloc.h"
#include "credbot/base/buf.h"
#include "credbot/base/log.h"
#include "credbot/io/http.h"
#include "t.h"

/* Only what must not come waits it out. */
#define PATIENCE_MS 10000

/* What the server does with its n-th request, over all connections. */
struct step {
	const char *answer; /* NULL: none */
	bool then_close;
};

static struct loop *loop;
static struct http *http;
static uv_tcp_t listener;
static int port;

static const struct step *script;
static size_t n_steps, at_step, n_connections, n_requests;
static struct buf seen; /* all that clients sent */

struct conn {
	uv_tcp_t tcp;
	struct buf in;
};

static struct conn *conns[64];
static size_t n_conns;

/* --- the server */

static void
on_conn_closed(uv_handle_t *h)
{
	struct conn *c = h->data;

	buf_fini(&c->in);
	free(c);
}

static void
close_conn(struct conn *c)
{
	for (size_t i = 0; i < n_conns; i++)
		if (conns[i] == c)
			conns[i] = conns[--n_conns];
	uv_close((uv_handle_t *)&c->tcp, on_conn_closed);
}

static void
on_alloc(uv_handle_t *h, size_t size, uv_buf_t *b)
{
	static char room[65536];

	(void)h;
	(void)size;
	*b = uv_buf_init(room, sizeof(room));
}

static void
on_written(uv_write_t *w, int status)
{
	(void)status;
	free(w);
}

static void
write_text(struct conn *c, const char *text)
{
	uv_write_t *w = xcalloc(1, sizeof(*w));
	uv_buf_t b = uv_buf_init((char *)(uintptr_t)text, (unsigned)strlen(text));

	(void)uv_write(w, (uv_stream_t *)&c->tcp, &b, 1, on_written);
}

/* Whether a whole request has come. */
static bool
is_whole(const struct buf *in)
{
	const char *end = in->len == 0 ? NULL : strstr(in->data, "\r\n\r\n");
	const char *len = in->len == 0 ? NULL : strcasestr(in->data, "content-length:");

	if (end == NULL)
		return false;
	return in->len - (size_t)(end + 4 - in->data) >=
	       (len == NULL || len > end ? 0 : (size_t)atoi(len + 15));
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
	struct conn *c = s->data;
	const struct step *step;

	if (n < 0) {
		close_conn(c);
		return;
	}
	buf_add(&c->in, b->base, (size_t)n);
	buf_add(&seen, b->base, (size_t)n);
	(void)buf_cstr(&c->in);
	if (!is_whole(&c->in))
		return;
	buf_clear(&c->in);
	n_requests++;
	if (at_step == n_steps)
		return; /* it hangs */
	step = &script[at_step++];
	if (step->answer != NULL)
		write_text(c, step->answer);
	if (step->then_close)
		close_conn(c);
}

static void
on_connection(uv_stream_t *server, int status)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	(void)status;
	(void)uv_tcp_init(server->loop, &c->tcp);
	c->tcp.data = c;
	(void)uv_accept(server, (uv_stream_t *)&c->tcp);
	(void)uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
	n_connections++;
	conns[n_conns++] = c;
}

/* --- the client */

struct outcome {
	bool done;
	enum http_outcome outcome;
	int status;
	int64_t retry_after_ms;
	char body[256], error[256];
};

static void
on_done(void *arg, const struct http_answer *a)
{
	struct outcome *o = arg;

	T_CHECK(!o->done, "done once");
	*o = (struct outcome){ true, a->outcome, a->status, a->retry_after_ms, "", "" };
	(void)snprintf(o->body, sizeof(o->body), "%.*s", (int)a->body.len, a->body.p);
	if (a->error != NULL)
		(void)snprintf(o->error, sizeof(o->error), "%s", a->error);
	loop_stop(loop);
}

static void
on_patience(void *arg)
{
	T_CHECK(false, "%s", (const char *)arg);
	loop_stop(loop);
}

static void
wait_for(const struct outcome *o, const char *what)
{
	struct timer *t = loop_after(loop, PATIENCE_MS, on_patience,
	    (void *)(uintptr_t)what);

	while (!o->done && t_failed == 0)
		loop_run(loop);
	loop_cancel(t);
}

static char *
url_of(const char *path)
{
	static char url[256];

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", port, path);
	return url;
}

static struct http_request
request(const char *method)
{
	return (struct http_request){ .lane = HTTP_SEND,
		.method = method,
		.url = url_of("/secret/path"),
		.timeout_ms = 2000,
		.answer_max = 1000 };
}

static struct outcome
ask(const struct http_request *r, const char *what)
{
	struct outcome o = { 0 };

	(void)http_send(http, r, on_done, &o);
	T_CHECK(!o.done, "not from inside");
	wait_for(&o, what);
	return o;
}

static void
begin(const struct step *steps, size_t n)
{
	struct err err;

	script = steps;
	n_steps = n;
	at_step = n_connections = n_requests = 0;
	buf_clear(&seen);
	T_INT(http_new(&http, loop, &(struct http_options){ 0 }, &err), RC_OK, "new");
}

static void
end(void)
{
	http_free(http);
	while (n_conns > 0)
		close_conn(conns[0]);
	loop_turn(loop);
}

#define OK_BODY "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

static void
test_answers(void)
{
	static const struct step steps[] = {
		{ OK_BODY, false },
		{ "HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: "
		  "0\r\n\r\n",
		    false },
		{ "HTTP/1.1 503 No\r\nretry-after:  99999999\r\nContent-Length: "
		  "0\r\n\r\n",
		    false },
		{ "HTTP/1.1 429 No\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n",
		    false },
		{ "HTTP/1.1 429 No\r\nRetry-After: Wed, 21 Oct 2015 07:28:00 "
		  "GMT\r\nContent-Length: 0\r\n\r\n",
		    false },
		{ "HTTP/1.1 302 There\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n",
		    false },
	};
	static const struct {
		int status;
		int64_t retry_after_ms;
	} want[] = { { 200, -1 }, { 429, 7000 }, { 503, 86400000 }, { 429, -1 },
		{ 429, 0 }, { 302, -1 } };
	struct http_request r = request("POST");

	begin(steps, 6);
	r.body = STR("{\"a\":1}");
	r.content_type = "application/json";
	r.headers = &(struct http_header){ "X-One", "1" };
	r.n_headers = 1;
	for (size_t i = 0; i < 6; i++) {
		struct outcome o = ask(&r, "an answer");

		T_INT(o.outcome, HTTP_ANSWERED, "%zu", i);
		T_INT(o.status, want[i].status, "%zu", i);
		T_INT(o.retry_after_ms, want[i].retry_after_ms, "%zu", i);
	}
	T_INT(n_connections, 1, "a connection is kept");
	(void)buf_cstr(&seen);
	T_CHECK(strstr(seen.data, "POST /secret/path HTTP/1.1\r\n") != NULL, "request");
	T_CHECK(strstr(seen.data, "X-One: 1\r\n") != NULL, "header");
	T_CHECK(strstr(seen.data, "Content-Type: application/json\r\n") != NULL,
	    "type");
	T_CHECK(strstr(seen.data, "\r\n\r\n{\"a\":1}") != NULL, "body");
	T_CHECK(strcasestr(seen.data, "expect:") == NULL, "no waiting for a 100");
	end();
}

static void
test_methods(void)
{
	static const struct step steps[] = { { OK_BODY, false }, { OK_BODY, false },
		{ OK_BODY, false } };
	static const char *const methods[] = { "GET", "PUT", "DELETE" };

	begin(steps, 3);
	for (size_t i = 0; i < 3; i++) {
		struct http_request r = request(methods[i]);
		struct buf line = { 0 };

		buf_clear(&seen);
		if (i == 1)
			r.body = STR("xyz");
		T_STR(ask(&r, methods[i]).body, "ok", "%s", methods[i]);
		buf_printf(&line, "%s /secret/path HTTP/1.1\r\n", methods[i]);
		T_CHECK(strncmp(buf_cstr(&seen), buf_cstr(&line), line.len) == 0, "%s",
		    buf_cstr(&seen));
		T_INT(strstr(seen.data, "\r\n\r\nxyz") != NULL, i == 1, "body");
		buf_fini(&line);
	}
	end();
}

/* S-13: a form with a file, from memory, sent once or not at all. */
static void
test_form(void)
{
	static const struct step steps[] = { { OK_BODY, false }, { NULL, true } };
	static const struct http_part parts[] = {
		{ .name = "chat_id", .data = STR("7") },
		{ .name = "document",
		    .file = "a \"b\".ics",
		    .type = "text/calendar",
		    .data = STR("BEGIN\r\n\0END") },
	};
	static const char want[] = "\r\n\r\nBEGIN\r\n\0END\r\n--";
	struct http_request r = request("POST");

	begin(steps, 2);
	r.parts = parts;
	r.n_parts = 2;
	T_STR(ask(&r, "a form").body, "ok", "answered");
	T_CHECK(memmem(seen.data, seen.len, want, sizeof(want) - 1) != NULL,
	    "its bytes, NUL and all");
	(void)buf_cstr(&seen);
	T_CHECK(strstr(seen.data, "Content-Type: multipart/form-data; boundary=") !=
		    NULL,
	    "a form");
	T_CHECK(strstr(seen.data, "name=\"chat_id\"\r\n\r\n7\r\n") != NULL,
	    "a field: %s", seen.data);
	T_CHECK(strstr(seen.data, "filename=\"a \\\"b\\\".ics\"\r\n") != NULL ||
		    strstr(seen.data, "filename=\"a %22b%22.ics\"\r\n") != NULL,
	    "its name is quoted");
	T_CHECK(strstr(seen.data, "\r\nContent-Type: text/calendar\r\n") != NULL,
	    "its type");
	T_CHECK(strcasestr(seen.data, "expect:") == NULL, "no waiting for a 100");
	T_INT(ask(&r, "the connection dies").outcome, HTTP_UNCERTAIN, "nobody knows");
	T_INT(n_requests, 2, "and it is not sent again");
	end();
}

/* A kept connection that dies as the next request goes out: libcurl alone would send it
 * again, and the server may carry it out twice. */
static void
test_not_sent_again(void)
{
	static const struct step steps[] = { { OK_BODY, false }, { NULL, true },
		{ OK_BODY, false } };
	struct http_request r = request("POST");
	struct outcome o;

	begin(steps, 3);
	r.body = STR("once");
	T_INT(ask(&r, "first").outcome, HTTP_ANSWERED, "first");
	o = ask(&r, "second");
	T_INT(o.outcome, HTTP_UNCERTAIN, "nobody knows");
	T_INT(n_requests, 2, "sent once");
	T_CHECK(strstr(o.error, "secret") == NULL &&
		    strstr(o.error, "127.0.0.1") != NULL,
	    "names the host alone: %s", o.error);
	T_INT(ask(&r, "third").outcome, HTTP_ANSWERED, "goes on");
	T_INT(n_requests, 3, "three in all");
	end();
}

static void
test_broken_answers(void)
{
	static const struct {
		struct step step;
		enum http_outcome want;
	} rows[] = {
		{ { NULL, true }, HTTP_UNCERTAIN },
		{ { NULL, false }, HTTP_UNCERTAIN }, /* it hangs: timeout */
		{ { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", true },
		    HTTP_UNCERTAIN },
		{ { "this is no HTTP\r\n\r\n", true }, HTTP_UNCERTAIN },
		{ { "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", false },
		    HTTP_UNCERTAIN },
		{ { "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
		    "4\r\n\r\nabcd",
		      false },
		    HTTP_UNCERTAIN },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_request r = request("POST");

		begin(&rows[i].step, 1);
		r.timeout_ms = 300;
		T_INT(ask(&r, "its end").outcome, rows[i].want, "row %zu", i);
		T_INT(n_requests, 1, "row %zu", i);
		end();
	}
}

static void
test_too_long(void)
{
	static char answer[3000];
	struct step step = { answer, false };
	struct http_request r = request("GET");

	(void)snprintf(answer, sizeof(answer),
	    "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n%2000d", 1);
	begin(&step, 1);
	T_INT(ask(&r, "cut").outcome, HTTP_TOO_LONG, "1000 are allowed");
	end();
	begin(&step, 1);
	r.answer_max = 2000;
	T_INT(ask(&r, "whole").outcome, HTTP_ANSWERED, "2000 are");
	end();
}

static void
test_not_sent(void)
{
	struct http_request r = request("POST");

	begin(NULL, 0);
	r.url = "http://127.0.0.1:1/";
	T_INT(ask(&r, "refused").outcome, HTTP_NOT_SENT, "nobody listens there");
	r.url = "https://name.invalid/";
	T_INT(ask(&r, "no such name").outcome, HTTP_NOT_SENT, "no such name");
	r.url = url_of("/");
	{
		char https[64];

		(void)snprintf(https, sizeof(https), "https://127.0.0.1:%d/", port);
		r.url = https;
		r.timeout_ms = 300;
		T_INT(ask(&r, "no TLS").outcome, HTTP_NOT_SENT, "no TLS");
	}
	end();
}

static bool
count_data(void *arg, struct str piece)
{
	struct outcome *o = arg;

	(void)snprintf(o->error, sizeof(o->error), "%.*s", (int)piece.len, piece.p);
	return piece.len != 3;
}

static void
test_pieces(void)
{
	static const struct step steps[] = { { OK_BODY, false },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad", false } };
	struct http_request r = request("GET");
	struct outcome o = { 0 };

	begin(steps, 2);
	r.on_data = count_data;
	(void)http_send(http, &r, on_done, &o);
	wait_for(&o, "pieces");
	T_INT(o.outcome, HTTP_ANSWERED, "all of them");
	T_STR(o.body, "", "the answer has none");
	o = (struct outcome){ 0 };
	(void)http_send(http, &r, on_done, &o);
	wait_for(&o, "broken off");
	T_INT(o.outcome, HTTP_TOO_LONG, "broken off");
	end();
}

static void
test_cancel(void)
{
	static const struct step steps[] = { { OK_BODY, false } };
	struct http_request r = request("GET");
	struct outcome never = { 0 }, o;
	struct http_call *c;

	begin(steps, 1);
	r.url = "http://127.0.0.1:1/";
	c = http_send(http, &r, on_done, &never);
	http_cancel(c);
	r.url = url_of("/");
	o = ask(&r, "another");
	T_INT(o.outcome, HTTP_ANSWERED, "another is not disturbed");
	T_CHECK(!never.done, "no word of it");
	(void)http_send(http, &r, on_done, &never); /* hangs; http_free() ends it */
	loop_turn(loop);
	end();
	T_CHECK(!never.done, "nor of this one");
}

/* A poll that hangs does not keep a message waiting, and many go at a time. */
static void
test_lanes(void)
{
	static const struct step steps[] = { { NULL, false }, { OK_BODY, false } };
	struct http_request poll = request("GET"), r = request("POST");
	struct outcome polled = { 0 };

	begin(steps, 2);
	poll.lane = HTTP_POLL;
	(void)http_send(http, &poll, on_done, &polled);
	while (n_requests == 0)
		loop_turn(loop);
	T_INT(ask(&r, "beside it").outcome, HTTP_ANSWERED, "beside it");
	T_CHECK(!polled.done, "it still waits");
	end();
}

/* Eight at a time; who waits can be cancelled, and goes when one before it has ended. */
static void
test_queue(void)
{
	static const struct step hang[8] = { { NULL, false } };
	struct step answers[30];
	struct http_request r = request("POST");
	struct outcome o[30] = { { 0 } };
	struct http_call *calls[10];

	begin(hang, 8);
	for (size_t i = 0; i < 10; i++) {
		r.url = url_of(i < 8 ? "/early" : i == 8 ? "/never" : "/late");
		calls[i] = http_send(http, &r, on_done, &o[i]);
	}
	while (n_requests < 8)
		loop_turn(loop);
	for (size_t i = 0; i < 10; i++)
		T_INT(http_has_left(calls[i]), i < 8,
		    "%zu: those that wait have not left", i);
	http_cancel(calls[8]);
	http_cancel(calls[3]);
	while (n_requests < 9)
		loop_turn(loop);
	(void)buf_cstr(&seen);
	T_CHECK(strstr(seen.data, "/late") != NULL, "the next one");
	T_CHECK(strstr(seen.data, "/never") == NULL, "not the one that was cancelled");
	end();
	for (size_t i = 0; i < 10; i++)
		T_CHECK(!o[i].done, "no word of %zu", i);

	for (size_t i = 0; i < 30; i++)
		answers[i] = (struct step){ OK_BODY, i % 7 == 6 };
	begin(answers, 30);
	r.url = url_of("/");
	for (size_t i = 0; i < 30; i++)
		(void)http_send(http, &r, on_done, &o[i]);
	T_INT(n_requests, 0, "not from inside");
	for (size_t i = 0; i < 30; i++) {
		wait_for(&o[i], "each has its turn");
		T_INT(o[i].outcome, HTTP_ANSWERED, "%zu", i);
	}
	/* four of them for those that closed */
	T_CHECK(n_connections >= 8 && n_connections <= 12, "%zu connections",
	    n_connections);
	end();
}

static void
on_pause(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

/* C-5: what a firewall may have forgotten is not used again. */
static void
test_ages(void)
{
	static const struct {
		struct http_options options;
		size_t connections;
	} rows[] = {
		{ { .idle_s = 100, .age_s = 100 }, 1 },
		{ { .idle_s = 1, .age_s = 100 }, 2 },
		{ { .idle_s = 100, .age_s = 1 }, 2 },
	};
	static const struct step steps[] = { { OK_BODY, false }, { OK_BODY, false },
		{ OK_BODY, false } };
	struct http_request r = request("POST");
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		begin(steps, 3);
		http_free(http);
		T_INT(http_new(&http, loop, &rows[i].options, &err), RC_OK, "new");
		(void)ask(&r, "first");
		(void)ask(&r, "at once");
		T_INT(n_connections, 1, "C-5: row %zu: the same at once", i);
		/* libcurl counts whole seconds. */
		(void)loop_after(loop, 2100, on_pause, NULL);
		loop_run(loop);
		T_INT(ask(&r, "later").outcome, HTTP_ANSWERED, "later");
		T_INT(n_connections, rows[i].connections, "C-5: row %zu: later", i);
		end();
	}
}

/* --- a name server that hangs */

static uv_sem_t name_asked, name_answered;

typedef int getaddrinfo_fn(const char *, const char *, const struct addrinfo *,
    struct addrinfo **);

/* In front of the C library's, for libcurl's threads. Its header names parameters as only it may. */
int /* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
    struct addrinfo **out)
{
	union {
		void *object;
		getaddrinfo_fn *function;
	} real = { .object = dlsym(RTLD_NEXT, "getaddrinfo") };

	if (name == NULL || strcmp(name, "hangs.example") != 0)
		return real.function(name, service, hints, out);
	uv_sem_post(&name_asked);
	uv_sem_wait(&name_answered);
	return EAI_AGAIN;
}

/* C-1: the request ends in its time, others go on beside it, and the end waits for nothing. */
static void
test_hanging_name(void)
{
	static const struct step steps[] = { { OK_BODY, false }, { OK_BODY, false } };
	struct http_request r = request("POST"), other = request("POST");
	struct outcome o = { 0 }, never = { 0 };

	(void)uv_sem_init(&name_asked, 0);
	(void)uv_sem_init(&name_answered, 0);
	begin(steps, 2);
	r.url = "https://hangs.example/";
	r.timeout_ms = 300;
	other.url = url_of("/");
	(void)http_send(http, &r, on_done, &o);
	loop_turn(loop);
	uv_sem_wait(&name_asked);
	T_INT(ask(&other, "beside it").outcome, HTTP_ANSWERED, "C-1: beside it");
	wait_for(&o, "its end");
	T_INT(o.outcome, HTTP_NOT_SENT, "C-1: ends in its time, and was not sent");
	T_INT(ask(&other, "after it").outcome, HTTP_ANSWERED, "C-1: after it");
	(void)http_send(http, &r, on_done, &never);
	loop_turn(loop);
	uv_sem_wait(&name_asked);
	end(); /* while the name server still hangs */
	T_CHECK(!never.done, "C-1: no word of it");
	uv_sem_post(&name_answered);
	uv_sem_post(&name_answered);
}

/* --- an answer without end */

#define ENDLESS_BYTES (10LL * 1000 * 1000 * 1000)
#define ENDLESS_CHUNK (1 << 20)

static int64_t n_given, n_taken;

static void
give_more(uv_write_t *w, int status)
{
	static char chunk[ENDLESS_CHUNK];
	uv_buf_t b = uv_buf_init(chunk, sizeof(chunk));
	uv_stream_t *to = w->handle;

	free(w);
	if (status != 0 || n_given > ENDLESS_BYTES + ENDLESS_CHUNK)
		return;
	n_given += (int64_t)sizeof(chunk);
	w = xcalloc(1, sizeof(*w));
	(void)uv_write(w, to, &b, 1, give_more);
}

static bool
take_more(void *arg, struct str piece)
{
	(void)arg;
	n_taken += (int64_t)piece.len;
	return true;
}

static long
rss_kb(void)
{
	char line[256];
	long kb = 0;
	FILE *f = fopen("/proc/self/status", "re");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			kb = strtol(line + 6, NULL, 10);
	if (f != NULL)
		(void)fclose(f);
	return kb;
}

/* SYNC-18: 10 GB go through in pieces, or are cut off; nothing of them is kept. */
static void
test_endless(void)
{
	static const struct step steps[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", false }
	};
	struct http_request r = request("GET");
	long before;

	for (int streamed = 0; streamed <= 1; streamed++) {
		struct outcome o = { 0 };

		begin(steps, 1);
		n_given = n_taken = 0;
		r.timeout_ms = 120000;
		r.answer_max = streamed != 0 ? (size_t)ENDLESS_BYTES : 1000000;
		r.on_data = streamed != 0 ? take_more : NULL;
		before = rss_kb();
		(void)http_send(http, &r, on_done, &o);
		while (n_requests == 0)
			loop_turn(loop);
		{
			uv_write_t *w = xcalloc(1, sizeof(*w));

			w->handle = (uv_stream_t *)&conns[0]->tcp;
			give_more(w, 0);
		}
		while (!o.done)
			loop_run(loop);
		T_INT(o.outcome, HTTP_TOO_LONG, "SYNC-18: cut off");
		T_CHECK(streamed == 0 || n_taken > ENDLESS_BYTES - ENDLESS_CHUNK,
		    "SYNC-18: %lld bytes", (long long)n_taken);
		T_CHECK(rss_kb() - before < 16384, "SYNC-18: %ld KB more",
		    rss_kb() - before);
		end();
	}
}

static void
test_urls(void)
{
	static const struct {
		const char *url;
		enum rc want;
	} rows[] = {
		{ "https://api.telegram.org/bot1:A/getMe", RC_OK },
		{ "https://[2001:db8::1]:8448/", RC_OK },
		{ "http://127.0.0.1:8081/", RC_OK },
		{ "http://localhost/", RC_OK },
		{ "http://[::1]:80/", RC_OK },
		{ "http://example.org/", RC_INVALID },
		{ "http://127.0.0.1.example.org/", RC_INVALID },
		{ "https://user:pass@example.org/", RC_INVALID },
		{ "http://127.0.0.1\\@example.org/", RC_INVALID },
		{ "ftp://example.org/", RC_INVALID },
		{ "file:///etc/passwd", RC_INVALID },
		{ "example.org", RC_INVALID },
		{ "https://", RC_INVALID },
		{ "", RC_INVALID },
		{ "https://exa mple.org/", RC_INVALID },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = { "" };

		T_INT(http_check_url(rows[i].url, &err), rows[i].want, "%s",
		    rows[i].url);
		T_INT(err.text[0] != '\0', rows[i].want != RC_OK, "%s", rows[i].url);
	}
}

static void
test_options(void)
{
	struct http_options o = { .ca_file = "/nowhere/ca.pem" };
	struct http *h = NULL;
	struct err err = { "" };

	T_INT(http_new(&h, loop, &o, &err), RC_INVALID, "no such file");
	T_CHECK(strstr(err.text, "/nowhere/ca.pem") != NULL, "%s", err.text);
}

static void
start_server(void)
{
	struct sockaddr_in a;
	int len = sizeof(a);

	(void)uv_tcp_init(loop_uv(loop), &listener);
	(void)uv_ip4_addr("127.0.0.1", 0, &a);
	T_INT(uv_tcp_bind(&listener, (struct sockaddr *)&a, 0), 0, "bind");
	T_INT(uv_listen((uv_stream_t *)&listener, 64, on_connection), 0, "listen");
	(void)uv_tcp_getsockname(&listener, (struct sockaddr *)&a, &len);
	port = ntohs(a.sin_port);
}

int
main(void)
{
	loop = loop_new(clock_system());
	start_server();
	T_RUN(test_answers);
	T_RUN(test_methods);
	T_RUN(test_form);
	T_RUN(test_not_sent_again);
	T_RUN(test_broken_answers);
	T_RUN(test_too_long);
	T_RUN(test_not_sent);
	T_RUN(test_pieces);
	T_RUN(test_cancel);
	T_RUN(test_lanes);
	T_RUN(test_queue);
	T_RUN(test_ages);
	T_RUN(test_hanging_name);
	T_RUN(test_endless);
	T_RUN(test_urls);
	T_RUN(test_options);
	uv_close((uv_handle_t *)&listener, NULL);
	loop_free(loop);
	buf_fini(&seen);
	return t_end();
}
