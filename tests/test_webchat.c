/*
 * test_webchat.c - the web chat as a browser meets it, on the real flow and a store in
 * memory, with a bot that repeats what it hears.
 */
#include <sodium.h>

#include "credbot/base/config.h"
#include "credbot/base/json.h"
#include "credbot/base/log.h"
#include "credbot/chan/webchat.h"
#include "credbot/flow/flow.h"
#include "web_client.h"

static struct loop *loop;
static struct store *store;
static struct flow *flow;
static struct channel *chat;
static struct config *config;
static int n_openings;
static bool silent; /* the bot says nothing */

static enum turn_result
on_turn(void *arg, const struct turn_in *in, struct arena *a, struct turn_out *out)
{
	struct turn_reply *r = &out->replies[0];
	struct str said = in->messages[in->n - 1].text;

	(void)arg;
	out->state = in->state;
	if (silent)
		return TURN_ANSWERED;
	out->n_replies = 1;
	if (in->messages[0].kind == MESSAGE_OPEN) {
		n_openings++;
		r->text = STR("Welcome.");
		r->buttons[0] = STR("Fees?");
		r->buttons[1] = STR("<b>&");
		r->n_buttons = 2;
	} else {
		r->text = str_of(arena_printf(a, "**%s** %.*s",
		    in->edited ? "Changed:" : "Heard:", STR_ARG(said)));
	}
	if (str_is(said, "file")) {
		r->documents[0] = (struct document){ .name = STR("my-data.json"),
			.type = STR("application/json"),
			.bytes = STR("{\"a\":1}"),
			.size = 7,
			.token = STR("0123456789ABCDEFGHJKMNPQRS") };
		r->n_documents = 1;
	}
	return TURN_ANSWERED;
}

static struct str
on_mask(void *arg, struct str text, bool all_numbers, struct arena *a)
{
	(void)arg;
	(void)all_numbers;
	(void)a;
	return text;
}

static struct str
on_sorry(void *arg)
{
	(void)arg;
	return STR("Sorry.");
}

static void
on_hook(void *arg, struct web_request *rq)
{
	struct web_reply rp = { .status = arg == &n_openings ? 204 : 503 };

	web_answer(rq, &rp);
}

/* Of another channel; the second row is in vain, the page keeps its address. */
static const struct web_route others[] = {
	{ .method = WEB_POST, .path = "/hook", .handler = on_hook, .arg = &n_openings },
	{ .method = WEB_GET, .path = "/", .handler = on_hook, .arg = &n_openings },
};

static void
start(void)
{
	static const struct flow_hooks hooks = { on_turn, on_sorry, on_sorry, on_sorry,
		on_mask, NULL };
	static const struct flow_options o = { .debounce_ms = 0,
		.flood_burst = 100000,
		.flood_refill_ms = 1 };
	struct err err = { "" };

	loop = loop_new(clock_system());
	T_INT(store_open(&store, "sqlite::memory:", &err), RC_OK, "%s", err.text);
	T_INT(flow_new(&flow, store, loop, &hooks, &o, NULL, &err), RC_OK, "%s",
	    err.text);
	chat = webchat_new();
	webchat_serve(chat, others, ARRAY_LEN(others));
	flow_add_channel(flow, chat);
	T_INT(flow_start(flow, &err), RC_OK, "%s", err.text);
	T_INT(chat->ops->start(chat, config, &err), RC_OK, "%s", err.text);
	silent = false;
}

static void
stop(void)
{
	chat->ops->stop(chat);
	flow_free(flow);
	webchat_free(chat);
	store_close(store);
	loop_free(loop);
}

/* --- plain HTTP */

static struct client
web(void)
{
	return dial(loop, webchat_port(chat));
}

/* Sends a request, gives the status; the reply, head and body, is in out. */
static int
ask(const char *method, const char *path, const char *headers, const char *body,
    struct buf *out)
{
	struct client c = web();
	struct buf rq = { 0 };
	int status;

	buf_printf(&rq,
	    "%s %s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n%s", method,
	    path, webchat_port(chat), headers);
	if (body[0] != '\0')
		buf_printf(&rq,
		    "Content-Type: application/x-www-form-urlencoded\r\n"
		    "Content-Length: %zu\r\n",
		    strlen(body));
	buf_printf(&rq, "\r\n%s", body);
	puts_to(&c, buf_cstr(&rq));
	status = reply(&c);
	buf_clear(out);
	buf_adds(out, buf_cstr(&c.in));
	buf_fini(&rq);
	hang_up(&c);
	return status;
}

/* Copies what stands between two marks, the first time; "" if it is not there. */
static const char *
between(const struct buf *text, const char *before, const char *after, char *out,
    size_t size)
{
	const char *p = strstr(buf_cstr(text), before), *end;

	out[0] = '\0';
	if (p == NULL)
		return out;
	p += strlen(before);
	end = strstr(p, after);
	if (end != NULL && (size_t)(end - p) < size)
		(void)snprintf(out, size, "%.*s", (int)(end - p), p);
	return out;
}

static bool
has(const struct buf *text, const char *what)
{
	return strstr(buf_cstr(text), what) != NULL;
}

static int
count(const struct buf *text, const char *what)
{
	int n = 0;

	for (const char *p = buf_cstr(text); (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

struct visitor {
	char cookie[64]; /* the whole header line */
	char csrf[64], epoch[32];
};

static struct visitor
visit(void)
{
	struct visitor v;
	struct buf page = { 0 };
	char token[32];

	T_INT(ask("GET", "/", "", "", &page), 200, "page");
	between(&page, "Set-Cookie: credbot=", ";", token, sizeof(token));
	T_INT(strlen(token), 26, "token");
	(void)snprintf(v.cookie, sizeof(v.cookie), "Cookie: credbot=%s\r\n", token);
	between(&page, "name=\"csrf\" value=\"", "\"", v.csrf, sizeof(v.csrf));
	between(&page, "data-epoch=\"", "\"", v.epoch, sizeof(v.epoch));
	buf_fini(&page);
	return v;
}

static int
post(const struct visitor *v, const char *csrf, const char *id, const char *text,
    struct buf *out)
{
	char headers[256], body[512];

	(void)snprintf(headers, sizeof(headers), "%sOrigin: http://localhost:%d\r\n",
	    v->cookie, webchat_port(chat));
	(void)snprintf(body, sizeof(body), "csrf=%s&id=%s&text=%s", csrf, id, text);
	return ask("POST", "/say", headers, body, out);
}

/* --- the WebSocket */

static struct client
page_of(const struct visitor *v)
{
	struct client c = web();
	struct buf rq = { 0 };

	buf_printf(&rq,
	    "GET /ws HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	    "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost:%d\r\n"
	    "Sec-WebSocket-Protocol: credbot.v1\r\n%s\r\n",
	    webchat_port(chat), webchat_port(chat), v->cookie);
	puts_to(&c, buf_cstr(&rq));
	T_INT(reply(&c), 101, "handshake");
	buf_clear(&c.in);
	buf_fini(&rq);
	return c;
}

/* The next message; the caller frees it. NULL: the connection was closed with *code. */
static struct json *
next(struct client *c, int *code)
{
	struct buf p = { 0 };
	struct json *v = NULL;
	int opcode = heard(c, &p);

	*code = 0;
	if (opcode == TEXT)
		v = json_parse(buf_str(&p), 40);
	else if (opcode == CLOSE)
		*code = close_code(&p);
	buf_fini(&p);
	return v;
}

/* Waits for a message of this kind, passing over others; checks one text and one number in
 * it (NULL, < 0: any). */
static bool
expect(struct client *c, const char *t, const char *key, const char *text, int64_t seq)
{
	struct json *v;
	bool good = false;
	int code;

	while (!good && (v = next(c, &code)) != NULL) {
		good = str_is(json_str(v, "t"), t) &&
		       (key == NULL || str_is(json_str(v, key), text)) &&
		       (seq < 0 || json_int(v, "seq", -1) == seq);
		json_free(v);
	}
	return good;
}

static int
closed_with(struct client *c)
{
	struct json *v;
	int code;

	while ((v = next(c, &code)) != NULL)
		json_free(v);
	return code;
}

static void
hello(struct client *c, int seen)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "{\"t\":\"hello\",\"seen\":%d}", seen);
	say(c, text);
}

static void
tell(struct client *c, const char *id, const char *text)
{
	char msg[512];

	(void)snprintf(msg, sizeof(msg),
	    "{\"t\":\"say\",\"id\":\"%s\",\"text\":\"%s\"}", id, text);
	say(c, msg);
}

static void
test_page(void)
{
	struct visitor v = visit();
	struct buf page = { 0 };
	char headers[128];

	T_INT(ask("GET", "/", v.cookie, "", &page), 200, "again");
	T_CHECK(!has(&page, "Set-Cookie"), "the cookie stays");
	T_CHECK(has(&page, v.csrf) && has(&page, v.epoch), "so do what it leads to");
	T_CHECK(has(&page, "<title>the &lt;bot&gt;</title>"), "the name is escaped");
	T_CHECK(has(&page, "I work for the A&amp;B School."), "whose bot it is");
	T_CHECK(has(&page, "href=\"https://example.org/privacy\""), "privacy");
	T_INT(ask("GET", "/", "", "", &page), 200, "a stranger");
	T_CHECK(has(&page, "HttpOnly; SameSite=Strict") && !has(&page, "Secure"),
	    "cookie");
	T_CHECK(!has(&page, v.csrf), "has another session");
	T_INT(ask("GET", "/", "Cookie: credbot=short\r\n", "", &page), 200,
	    "bad cookie");
	T_CHECK(has(&page, "Set-Cookie"), "is replaced");
	T_INT(ask("GET", "/", "Sec-Fetch-Site: cross-site\r\n", "", &page), 200,
	    "by a link from elsewhere");
	T_CHECK(!has(&page, "Set-Cookie") && has(&page, "http-equiv=\"refresh\""),
	    "the cookie may be there, though the browser kept it back");
	(void)snprintf(headers, sizeof(headers), "%sSec-Fetch-Site: cross-site\r\n",
	    v.cookie);
	T_INT(ask("GET", "/", headers, "", &page), 200, "with cookie");
	T_CHECK(has(&page, v.csrf), "is served");
	T_INT(ask("HEAD", "/", "", "", &page), 200, "HEAD");
	T_CHECK(has(&page, "Set-Cookie") && !has(&page, "<html"), "brings a cookie");
	buf_fini(&page);
}

static void
test_files(void)
{
	static const char *const paths[] = { "/chat.js", "/style.css", "/favicon.svg" };
	struct buf out = { 0 };
	char etag[64], headers[128];

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		T_INT(ask("GET", paths[i], "", "", &out), 200, "%s", paths[i]);
		between(&out, "ETag: ", "\r\n", etag, sizeof(etag));
		T_INT(strlen(etag), 34, "%s", paths[i]);
		T_CHECK(has(&out, "Cache-Control: no-cache"), "%s", paths[i]);
		(void)snprintf(headers, sizeof(headers),
		    "If-None-Match: \"x\", W/%s\r\n", etag);
		T_INT(ask("GET", paths[i], headers, "", &out), 304, "%s", paths[i]);
		T_INT(ask("GET", paths[i], "If-None-Match: \"x\"\r\n", "", &out), 200,
		    "%s", paths[i]);
	}
	buf_fini(&out);
}

static void
test_others(void)
{
	struct buf out = { 0 };

	T_INT(ask("POST", "/hook", "", "x", &out), 204, "of another channel");
	T_INT(ask("GET", "/", "", "", &out), 200, "ours stay ours");
	buf_fini(&out);
}

static void
test_talk(void)
{
	struct visitor v = visit();
	struct client c = page_of(&v);
	struct buf page = { 0 };

	n_openings = 0;
	hello(&c, 0);
	T_CHECK(expect(&c, "welcome", "epoch", v.epoch, -1), "welcome");
	T_CHECK(expect(&c, "ready", NULL, NULL, -1), "ready");
	T_CHECK(expect(&c, "line", "text", "Welcome.", 1), "greeted");
	tell(&c, "m1", "<i>caf\\u00e9</i>");
	T_CHECK(expect(&c, "took", "id", "m1", 2), "took");
	T_CHECK(expect(&c, "line", "text", "Heard: <i>café</i>", 3), "answered");
	tell(&c, "m1", "<i>caf\\u00e9</i>");
	T_CHECK(expect(&c, "took", "id", "m1", 2), "taken once");
	tell(&c, "m2", "two");
	T_CHECK(expect(&c, "took", "id", "m2", 4), "no number was used up");
	T_CHECK(expect(&c, "line", "text", "Heard: two", 5), "answered");
	hang_up(&c);

	c = page_of(&v);
	hello(&c, 3);
	T_CHECK(expect(&c, "line", "id", "m2", 4), "what it has not seen");
	T_CHECK(expect(&c, "line", "text", "Heard: two", 5), "what it has not seen");
	T_CHECK(expect(&c, "ready", NULL, NULL, -1), "ready");
	hello(&c, 0);
	for (int seq = 1; seq <= 5; seq++)
		T_CHECK(expect(&c, "line", NULL, NULL, seq), "all again: %d", seq);
	hello(&c, 99);
	T_CHECK(expect(&c, "line", NULL, NULL, 1), "it cannot have seen that");
	hang_up(&c);
	T_INT(n_openings, 1, "greeted once");

	T_INT(ask("GET", "/", v.cookie, "", &page), 200, "page");
	T_INT(count(&page, "<article"), 5, "all lines");
	T_CHECK(has(&page, "<strong>Heard:</strong> &lt;i&gt;café&lt;/i&gt;"),
	    "escaped");
	T_CHECK(has(&page, "data-seq=\"2\" data-id=\"m1\""), "with numbers and ids");
	T_CHECK(!has(&page, "value=\"Fees?\""), "old choices are gone");
	buf_fini(&page);
}

/* P-3: a file is a link in the page, and opens for the session that was given it alone. */
static void
test_document(void)
{
	static const char where[] = "/document/0123456789ABCDEFGHJKMNPQRS";
	struct visitor v = visit(), other = visit();
	struct client c = page_of(&v);
	struct buf b = { 0 };
	struct json *line;
	const struct json *file;
	char headers[160];
	int code;

	hello(&c, 0);
	T_CHECK(expect(&c, "ready", NULL, NULL, -1), "ready");
	tell(&c, "f1", "file");
	T_CHECK(expect(&c, "took", "id", "f1", -1), "taken");
	line = next(&c, &code);
	if (!str_is(json_str(line, "t"), "line") || json_flag(line, "mine", false)) {
		json_free(line);
		line = next(&c, &code);
	}
	file = json_item(json_at(line, "files"), 0);
	T_CHECK(str_is(json_str(file, "href"), where), "where it is");
	T_CHECK(str_is(json_str(file, "name"), "my-data.json"), "its name");
	T_CHECK(str_is(json_str(file, "size"), "7 bytes"), "its size");
	json_free(line);

	T_INT(ask("GET", "/", v.cookie, "", &b), 200, "the page");
	T_CHECK(has(&b,
		    "<a class=\"file\" href=\"/document/0123456789ABCDEFGHJKMNPQRS\" "
		    "download=\"my-data.json\">"),
	    "has it, too");
	T_INT(ask("GET", where, v.cookie, "", &b), 200, "fetched");
	T_CHECK(has(&b, "\r\n\r\n{\"a\":1}"), "whole");
	T_CHECK(has(&b, "Content-Type: application/json\r\n") &&
		    has(&b, "Content-Disposition: attachment; "
			    "filename=\"my-data.json\"\r\n") &&
		    has(&b, "X-Content-Type-Options: nosniff\r\n") &&
		    has(&b, "Cache-Control: no-store\r\n"),
	    "to be saved, not shown, not kept: %s", buf_cstr(&b));
	T_INT(ask("HEAD", where, v.cookie, "", &b), 200, "HEAD");
	T_CHECK(!has(&b, "{\"a\""), "has no body");
	T_INT(ask("GET", where, "", "", &b), 403, "without a session");
	T_INT(ask("GET", where, other.cookie, "", &b), 404, "another session");
	T_CHECK(!has(&b, "{\"a\""), "gets nothing");
	(void)snprintf(headers, sizeof(headers), "%sSec-Fetch-Site: cross-site\r\n",
	    v.cookie);
	T_INT(ask("GET", where, headers, "", &b), 403, "from another site");
	T_INT(ask("GET", "/document/", v.cookie, "", &b), 404, "no token");
	T_INT(ask("GET", "/document", v.cookie, "", &b), 404, "not below it");
	T_INT(ask("GET", "/document/0123456789ABCDEFGHJKMNPQRS/x", v.cookie, "", &b),
	    404, "nothing below");
	T_INT(ask("POST", where, v.cookie, "a=b", &b), 405, "not to be posted to");
	hang_up(&c);
	buf_fini(&b);
}

static void
test_two_tabs(void)
{
	struct visitor v = visit();
	struct client a = page_of(&v), b = page_of(&v);

	hello(&a, 0);
	T_CHECK(expect(&a, "line", "text", "Welcome.", 1), "a");
	hello(&b, 0);
	T_CHECK(expect(&b, "line", "text", "Welcome.", 1), "b");
	T_CHECK(expect(&b, "ready", NULL, NULL, -1), "b");
	tell(&a, "a1", "from a");
	T_CHECK(expect(&a, "took", "id", "a1", 2), "a has it");
	T_CHECK(expect(&b, "line", "id", "a1", 2), "b sees it");
	T_CHECK(expect(&a, "line", NULL, NULL, 3), "a sees the answer");
	T_CHECK(expect(&b, "line", NULL, NULL, 3), "b sees the answer");
	hang_up(&a);
	tell(&b, "b1", "from b");
	T_CHECK(expect(&b, "line", "text", "Heard: from b", 5), "a is not missed");
	hang_up(&b);
}

static void
test_edit(void)
{
	struct visitor v = visit();
	struct client c = page_of(&v);

	hello(&c, 0);
	tell(&c, "e1", "how log");
	T_CHECK(expect(&c, "line", "text", "Heard: how log", -1), "answered");
	say(&c, "{\"t\":\"edit\",\"id\":\"e2\",\"of\":\"e1\",\"text\":\"how long\"}");
	T_CHECK(expect(&c, "took", "id", "e2", 4), "the edit is a line of its own");
	T_CHECK(expect(&c, "line", "text", "Changed: how long", 5), "and answered");
	hang_up(&c);
}

static void
test_what_is_not_taken(void)
{
	static const struct {
		const char *text;
		const char *why; /* NULL: the connection is ended */
	} rows[] = {
		{ "{\"t\":\"say\",\"id\":\"x\",\"text\":\"  \\n \"}", "empty" },
		{ "{\"t\":\"say\",\"id\":\"x\"}", "empty" },
		{ "{\"t\":\"edit\",\"id\":\"x\",\"text\":\"a\"}", "bad" },
		{ "{\"t\":\"edit\",\"id\":\"x\",\"of\":\"a b\",\"text\":\"a\"}",
		    "bad" },
		{ "{\"t\":\"say\",\"text\":\"a\"}", NULL },
		{ "{\"t\":\"say\",\"id\":\"a\\u0000b\",\"text\":\"a\"}", NULL },
		{ "{\"t\":\"say\",\"id\":\"\\\"\",\"text\":\"a\"}", NULL },
		{ "{\"t\":\"say\",\"id\":5,\"text\":\"a\"}", NULL },
		{ "{\"t\":\"shout\"}", NULL },
		{ "{}", NULL },
		{ "[]", NULL },
		{ "hello", NULL },
		{ "", NULL },
		{ "{\"t\":{\"t\":{\"t\":{\"t\":{\"t\":1}}}}}", NULL },
	};
	struct visitor v = visit();
	struct buf text = { 0 };
	struct client c;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		c = page_of(&v);
		hello(&c, 0);
		T_CHECK(expect(&c, "ready", NULL, NULL, -1), "row %zu", i);
		say(&c, rows[i].text);
		if (rows[i].why != NULL)
			T_CHECK(expect(&c, "no", "why", rows[i].why, -1), "row %zu", i);
		else
			T_INT(closed_with(&c), 1008, "row %zu", i);
		hang_up(&c);
	}
	c = page_of(&v);
	tell(&c, "x", "too early");
	T_INT(closed_with(&c), 1008, "hello comes first");
	hang_up(&c);

	buf_adds(&text, "{\"t\":\"say\",\"id\":\"long\",\"text\":\"");
	for (size_t i = 0; i <= MESSAGE_TEXT_MAX; i++)
		buf_addc(&text, 'x');
	buf_adds(&text, "\"}");
	c = page_of(&v);
	hello(&c, 0);
	say(&c, buf_cstr(&text));
	T_CHECK(expect(&c, "no", "why", "long", -1), "too long");
	hang_up(&c);
	buf_fini(&text);
}

static void
test_handshake_needs_cookie(void)
{
	struct client c = web();
	char rq[512];

	(void)snprintf(rq, sizeof(rq),
	    "GET /ws HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	    "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost:%d\r\n"
	    "Sec-WebSocket-Protocol: credbot.v1\r\n\r\n",
	    webchat_port(chat), webchat_port(chat));
	puts_to(&c, rq);
	T_INT(reply(&c), 403, "no session");
	hang_up(&c);
}

static void
test_long_history(void)
{
	enum { N = 400 };
	struct visitor v = visit();
	struct client c = page_of(&v);
	struct buf page = { 0 };
	char id[16], text[400];
	int code, n = 0, wrong = 0, ready_at = -1;
	struct json *msg;

	hello(&c, 0);
	T_CHECK(expect(&c, "ready", NULL, NULL, -1), "ready");
	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < N; i++) {
		(void)snprintf(id, sizeof(id), "h%d", i);
		tell(&c, id, text);
		if (!expect(&c, "took", "id", id, -1))
			T_CHECK(false, "took %d", i);
		/* The rate of one socket is bounded; a new one starts afresh. */
		if (i % 15 == 14) {
			hang_up(&c);
			c = page_of(&v);
			hello(&c, 2 * i);
		}
	}
	hang_up(&c);

	c = page_of(&v);
	hello(&c, 0);
	turns(loop, 300); /* the queue of a page that does not read has an end */
	while (ready_at < 0 && (msg = next(&c, &code)) != NULL) {
		if (str_is(json_str(msg, "t"), "line"))
			wrong += json_int(msg, "seq", -1) != ++n;
		if (str_is(json_str(msg, "t"), "ready"))
			ready_at = n;
		json_free(msg);
	}
	T_INT(n, 2 * N + 1, "every line");
	T_INT(wrong, 0, "in order");
	T_INT(ready_at, n, "then ready");
	hang_up(&c);

	T_INT(ask("GET", "/", v.cookie, "", &page), 200, "page");
	T_INT(count(&page, "<article"), 100, "the page shows the last 100");
	T_CHECK(has(&page, "data-seq=\"801\"") && !has(&page, "data-seq=\"701\""),
	    "the last");
	buf_fini(&page);
}

static void
test_rate(void)
{
	struct visitor v = visit();
	struct client c = page_of(&v);
	struct json *msg;
	char id[16];
	int code, taken = 0, put_off = 0;

	hello(&c, 0);
	T_CHECK(expect(&c, "ready", NULL, NULL, -1), "ready");
	for (int i = 0; i < 60; i++) {
		(void)snprintf(id, sizeof(id), "r%d", i);
		tell(&c, id, "again");
	}
	while (taken + put_off < 60 && (msg = next(&c, &code)) != NULL) {
		taken += str_is(json_str(msg, "t"), "took");
		put_off += str_is(json_str(msg, "t"), "later");
		json_free(msg);
	}
	T_CHECK(taken >= 19 && taken < 60, "twenty at once, with the hello: %d", taken);
	T_INT(taken + put_off, 60, "the others later");
	for (int i = 0; i < 300; i++)
		tell(&c, "same", "again");
	T_INT(closed_with(&c), 1008, "who does not wait is hung up on");
	hang_up(&c);

	c = page_of(&v);
	for (int i = 0; i < 200; i++)
		hello(&c, 99);
	T_INT(closed_with(&c), 1008, "nor may the history be asked for without end");
	hang_up(&c);
}

static void
test_form(void)
{
	struct visitor v = visit(), other = visit();
	struct buf out = { 0 };

	T_INT(post(&v, v.csrf, "f1", "hello+there", &out), 303, "said");
	T_CHECK(has(&out, "Location: /#end"), "back to the page");
	T_INT(post(&v, v.csrf, "f1", "hello+there", &out), 303, "sent twice");
	T_INT(ask("GET", "/", v.cookie, "", &out), 200, "page");
	T_INT(count(&out, "<article"), 2, "taken once, answered once");
	T_CHECK(has(&out, "<strong>Heard:</strong> hello there"), "with the answer");
	T_INT(post(&v, other.csrf, "f2", "x", &out), 403, "another's token");
	T_INT(post(&v, "", "f2", "x", &out), 403, "no token");
	T_INT(post(&v, v.csrf, "f%202", "x", &out), 400, "bad id");
	T_INT(post(&v, v.csrf, "f2", "+%0A", &out), 303, "nothing said");
	T_INT(ask("POST", "/say", v.cookie, "text=x", &out), 403, "no origin");
	v.cookie[0] = '\0';
	T_INT(post(&v, v.csrf, "f2", "x", &out), 403, "no cookie");
	silent = true;
	T_INT(post(&other, other.csrf, "f3", "anybody?", &out), 303,
	    "without an answer it comes back all the same");
	silent = false;
	buf_fini(&out);
}

static void
test_choices_in_the_page(void)
{
	struct visitor v = visit();
	struct client c = page_of(&v);
	struct buf out = { 0 };

	hello(&c, 0);
	T_CHECK(expect(&c, "line", "text", "Welcome.", 1), "greeted");
	hang_up(&c);
	T_INT(ask("GET", "/", v.cookie, "", &out), 200, "page");
	T_CHECK(has(&out, "<button name=\"text\" value=\"Fees?\">Fees?</button>"),
	    "button");
	T_CHECK(has(&out, "value=\"&lt;b&gt;&amp;\""), "escaped");
	T_INT(count(&out, "name=\"csrf\""), 2, "each form has its token");
	T_INT(post(&v, v.csrf, "c1", "Fees%3F", &out), 303, "chosen");
	T_INT(ask("GET", "/", v.cookie, "", &out), 200, "page");
	T_CHECK(!has(&out, "value=\"Fees?\""), "no longer offered");
	buf_fini(&out);
}

static void
test_form_and_page_together(void)
{
	struct visitor v = visit();
	struct client c = page_of(&v);
	struct buf out = { 0 };

	hello(&c, 0);
	T_CHECK(expect(&c, "ready", NULL, NULL, -1), "ready");
	T_INT(post(&v, v.csrf, "p1", "by+form", &out), 303, "said");
	T_CHECK(expect(&c, "line", "id", "p1", -1), "the open page sees it");
	T_CHECK(expect(&c, "line", "text", "Heard: by form", -1), "and the answer");
	hang_up(&c);
	buf_fini(&out);
}

static void
test_drain_and_stop(void)
{
	struct visitor v = visit();
	struct client c = page_of(&v), f = web();
	struct buf out = { 0 };
	char rq[512];

	hello(&c, 0);
	T_CHECK(expect(&c, "line", "text", "Welcome.", 1), "greeted");
	silent = true;
	(void)snprintf(rq, sizeof(rq),
	    "POST /say HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: "
	    "http://localhost:%d\r\n%s"
	    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
	    "%zu\r\n\r\n"
	    "csrf=%s&id=w&text=x",
	    webchat_port(chat), webchat_port(chat), v.cookie,
	    strlen("csrf=&id=w&text=x") + strlen(v.csrf), v.csrf);
	puts_to(&f, rq);
	T_CHECK(expect(&c, "line", "id", "w", -1), "a form waits for its answer");
	silent = false;
	chat->ops->drain(chat);
	tell(&c, "d1", "too late");
	T_CHECK(expect(&c, "later", "id", "d1", -1), "nothing is taken in");
	T_INT(post(&v, v.csrf, "d2", "x", &out), 503, "by form neither");
	tell(&c, "d1", "and this one is under way");
	chat->ops->stop(chat);
	T_INT(closed_with(&c), 1001, "told");
	T_CHECK(reply(&f) == 303 || f.ended, "the form was not forgotten");
	chat->ops->stop(chat); /* twice is fine */
	hang_up(&c);
	hang_up(&f);
	buf_fini(&out);
}

static void
test_off(void)
{
	struct channel *ch = webchat_new();
	struct faults faults = { 0 };
	struct config *off;
	char path[] = "/tmp/credbot-test-XXXXXX";
	struct err err;
	int fd = mkstemp(path);

	T_CHECK(fd >= 0 && write(fd, "web:\n  listen: \"off\"\n", 21) == 21, "file");
	close(fd);
	off = config_load(path, &faults);
	T_CHECK(off != NULL, "loaded");
	ch->loop = loop_new(clock_system());
	T_INT(ch->ops->start(ch, off, &err), RC_OK, "off is fine");
	T_INT(webchat_port(ch), 0, "and listens nowhere");
	ch->ops->stop(ch);
	loop_free(ch->loop);
	webchat_free(ch);
	webchat_free(NULL);
	config_free(off);
	faults_fini(&faults);
	(void)unlink(path);
}

static const char yaml[] = "bot:\n"
			   "  name: \"the <bot>\"\n"
			   "  operator: \"the A&B School\"\n"
			   "  privacy_url: \"https://example.org/privacy\"\n"
			   "web:\n"
			   "  listen: \"127.0.0.1:0\"\n"
			   "  max_per_address: 1000\n";

static bool
load_config(void)
{
	struct faults faults = { 0 };
	char path[] = "/tmp/credbot-test-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, yaml, sizeof(yaml) - 1) != (ssize_t)sizeof(yaml) - 1)
		return false;
	close(fd);
	config = config_load(path, &faults);
	faults_fini(&faults);
	(void)unlink(path);
	return config != NULL;
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	log_set_level(LOG_ERROR);
	T_CHECK(load_config(), "configuration");
	start();
	T_RUN(test_page);
	T_RUN(test_files);
	T_RUN(test_others);
	T_RUN(test_talk);
	T_RUN(test_document);
	T_RUN(test_two_tabs);
	T_RUN(test_edit);
	T_RUN(test_what_is_not_taken);
	T_RUN(test_handshake_needs_cookie);
	T_RUN(test_long_history);
	T_RUN(test_rate);
	T_RUN(test_form);
	T_RUN(test_choices_in_the_page);
	T_RUN(test_form_and_page_together);
	T_RUN(test_drain_and_stop);
	stop();
	T_RUN(test_off);
	config_free(config);
	return t_end();
}
