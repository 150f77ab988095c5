/*
 * matrix_api.c - one request of the Client-Server API, and what its answer means.
 *
 * "API Standards" of the specification: JSON comes back, and with an error an object with
 * errcode and error. What a proxy in between says is no JSON: then the status decides. The
 * token goes into the header alone, and http.c follows no redirect here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

#define TIMEOUT_MS 30000
#define ANSWER_MAX ((size_t)1024 * 1024)
#define ANSWER_DEPTH 64
/* Of an answer that is streamed: enough to read an error out of it. */
#define START_MAX ((size_t)4096)

struct matrix_call {
	struct matrix *matrix;
	struct matrix_call *next, **at;
	struct http_call *http;
	bool anonymous;
	unsigned generation;
	bool (*on_data)(void *arg, struct str piece);
	struct buf start;
	matrix_done_fn *done;
	void *arg;
};

static void
unlink_call(struct matrix_call *c)
{
	*c->at = c->next;
	if (c->next != NULL)
		c->next->at = c->at;
	buf_fini(&c->start);
	free(c);
}

static void
copy_text(char *out, size_t size, struct str s)
{
	size_t n = 0;

	/* It goes into the log: one line, whatever the server says. */
	for (size_t i = 0; i < s.len && n + 1 < size; i++)
		out[n++] = (unsigned char)s.p[i] < 0x20 ? ' ' : s.p[i];
	out[n] = '\0';
}

static void
read_error(const struct json *root, struct matrix_reply *out)
{
	int64_t wait = json_int(root, "retry_after_ms", -1);

	copy_text(out->errcode, sizeof(out->errcode), json_str(root, "errcode"));
	copy_text(out->description, sizeof(out->description), json_str(root, "error"));
	if (out->description[0] == '\0')
		(void)snprintf(out->description, sizeof(out->description), "status %d",
		    out->status);
	if (out->retry_after_ms < 0 && wait >= 0)
		out->retry_after_ms = wait;
	out->soft_logout = json_flag(root, "soft_logout", false);
}

void
matrix_read(const struct http_answer *a, struct json **tree, struct matrix_reply *out)
{
	*tree = NULL;
	*out = (struct matrix_reply){ .retry_after_ms = a->retry_after_ms };
	if (a->outcome != HTTP_ANSWERED) {
		out->result = a->outcome == HTTP_NOT_SENT ? MATRIX_NOT_SENT
		                                          : MATRIX_UNCERTAIN;
		copy_text(out->description, sizeof(out->description), str_of(a->error));
		return;
	}
	out->status = a->status;
	*tree = json_parse(a->body, ANSWER_DEPTH);
	if (a->status >= 200 && a->status < 300) {
		/* Without JSON it is somebody else's answer, and nobody knows more. */
		out->result = *tree == NULL ? MATRIX_UNCERTAIN : MATRIX_OK;
		out->value = *tree;
		if (*tree == NULL)
			copy_text(out->description, sizeof(out->description),
			    STR("the answer is not JSON"));
		return;
	}
	out->result = a->status == 502 || a->status == 504 ? MATRIX_UNCERTAIN
	                                                   : MATRIX_REFUSED;
	read_error(*tree, out);
}

static bool
on_data(void *arg, struct str piece)
{
	struct matrix_call *c = arg;
	size_t room = START_MAX - c->start.len;

	buf_add(&c->start, piece.p, piece.len < room ? piece.len : room);
	return c->on_data(c->arg, piece);
}

/* What was streamed was taken piece by piece: of it, the status is what counts. */
static void
read_streamed(const struct matrix_call *c, const struct http_answer *a,
    struct json **tree, struct matrix_reply *out)
{
	struct http_answer seen = *a;

	seen.body = buf_str(&c->start);
	if (a->outcome == HTTP_ANSWERED && a->status == 200)
		seen.body = STR("{}");
	matrix_read(&seen, tree, out);
}

static void
on_answer(void *arg, const struct http_answer *a)
{
	struct matrix_call *c = arg;
	struct matrix *m = c->matrix;
	matrix_done_fn *done = c->done;
	unsigned generation = c->generation;
	bool anonymous = c->anonymous;
	struct matrix_reply r;
	struct json *tree;

	arg = c->arg;
	if (c->on_data != NULL)
		read_streamed(c, a, &tree, &r);
	else
		matrix_read(a, &tree, &r);
	unlink_call(c);
	if (!anonymous && r.result == MATRIX_REFUSED &&
	    (r.status == 401 || strcmp(r.errcode, "M_USER_DEACTIVATED") == 0))
		session_refused(m, generation, &r);
	done(arg, &r);
	json_free(tree);
}

static void
link_call(struct matrix *m, struct matrix_call *c)
{
	c->next = m->calls;
	c->at = &m->calls;
	if (c->next != NULL)
		c->next->at = &c->next;
	m->calls = c;
}

struct matrix_call *
matrix_send(struct matrix *m, const struct matrix_request *rq, matrix_done_fn *done,
    void *arg)
{
	struct matrix_call *c = xcalloc(1, sizeof(*c));
	struct buf url = { 0 }, bearer = { 0 };
	struct http_header header = { "Authorization", NULL };
	struct http_request h = {
		.lane = rq->lane,
		.method = rq->method,
		.headers = &header,
		.n_headers = rq->anonymous ? 0 : 1,
		.body = rq->body,
		.content_type = rq->body.p == NULL ? NULL
		                : rq->type == NULL ? "application/json"
		                                   : rq->type,
		.timeout_ms = rq->timeout_ms > 0 ? rq->timeout_ms : TIMEOUT_MS,
		.answer_max = rq->answer_max > 0 ? rq->answer_max : ANSWER_MAX,
		.on_data = rq->on_data == NULL ? NULL : on_data,
	};

	buf_printf(&url, "%s%s", m->session.homeserver, rq->path);
	buf_printf(&bearer, "Bearer %s",
	    m->session.token == NULL ? "" : m->session.token);
	h.url = buf_cstr(&url);
	header.value = buf_cstr(&bearer);
	*c = (struct matrix_call){ .matrix = m,
		.anonymous = rq->anonymous,
		.generation = m->session.generation,
		.on_data = rq->on_data,
		.done = done,
		.arg = arg };
	link_call(m, c);
	c->http = http_send(m->http, &h, on_answer, c);
	buf_fini(&url);
	buf_fini(&bearer);
	return c;
}

void
matrix_cancel(struct matrix_call *c)
{
	if (c == NULL)
		return;
	http_cancel(c->http);
	unlink_call(c);
}

void
matrix_forget_calls(struct matrix *m)
{
	for (struct matrix_call *c = m->calls, *next; c != NULL; c = next) {
		next = c->next;
		unlink_call(c);
	}
}
