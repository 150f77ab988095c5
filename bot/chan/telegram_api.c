/*
 * telegram_api.c - one call of a Bot API method, and what its answer means.
 *
 * "Making requests" of the Bot API: JSON in a POST; {"ok":true,"result":...} or
 * {"ok":false,"error_code":N,"description":"...","parameters":{...}} comes back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/chan/telegram_priv.h"
#include "credbot/base/alloc.h"

#define CALL_TIMEOUT_MS 20000
/* A file of 8 MB at 1 Mbit/s. */
#define FILE_TIMEOUT_MS 90000
/* Far more than any answer but that of getUpdates. */
#define ANSWER_MAX ((size_t)1024 * 1024)
#define ANSWER_DEPTH 32
#define DESCRIPTION_MAX 200

struct api_call {
	struct telegram *telegram;
	struct api_call *next, **at;
	struct http_call *http;
	api_done_fn *done;
	void *arg;
};

static void
unlink_call(struct api_call *c)
{
	*c->at = c->next;
	if (c->next != NULL)
		c->next->at = c->at;
	free(c);
}

/* What a proxy in between says, or a web server that is no Bot API. */
static void
read_foreign(int status, struct api_reply *out)
{
	/* A proxy that timed out may have passed the request on. */
	out->result = status >= 400 && status != 502 && status != 504 ? API_REFUSED
	                                                              : API_UNCERTAIN;
	out->code = status;
	out->description = "the answer is not the Bot API's";
}

static const char *
description_of(const struct json *root)
{
	static char text[DESCRIPTION_MAX + 1];
	struct str s = json_str(root, "description");

	(void)snprintf(text, sizeof(text), "%.*s",
	    (int)(s.len < DESCRIPTION_MAX ? s.len : DESCRIPTION_MAX), s.p);
	return text;
}

void
api_read(const struct http_answer *a, struct json **tree, struct api_reply *out)
{
	const struct json *parameters;
	int64_t wait_s;

	*tree = NULL;
	*out = (struct api_reply){ .description = a->error, .retry_after_ms = -1 };
	if (a->outcome != HTTP_ANSWERED) {
		out->result = a->outcome == HTTP_NOT_SENT ? API_NOT_SENT
		                                          : API_UNCERTAIN;
		return;
	}
	*tree = json_parse(a->body, ANSWER_DEPTH);
	if (json_at(*tree, "ok") == NULL) {
		read_foreign(a->status, out);
		out->retry_after_ms = a->retry_after_ms;
		return;
	}
	if (json_flag(*tree, "ok", false)) {
		out->result = API_OK;
		out->value = json_at(*tree, "result");
		return;
	}
	parameters = json_at(*tree, "parameters");
	out->result = API_REFUSED;
	out->code = (int)json_int(*tree, "error_code", a->status);
	out->description = description_of(*tree);
	out->migrate_to = json_int(parameters, "migrate_to_chat_id", 0);
	wait_s = json_int(parameters, "retry_after", -1);
	out->retry_after_ms = wait_s >= 0 && wait_s < INT32_MAX ? wait_s * 1000
	                                                        : a->retry_after_ms;
}

static void
on_answer(void *arg, const struct http_answer *a)
{
	struct api_call *c = arg;
	api_done_fn *done = c->done;
	struct api_reply r;
	struct json *tree;

	arg = c->arg;
	api_read(a, &tree, &r);
	if (r.result == API_REFUSED && (r.code == 401 || r.code == 404))
		telegram_refused(c->telegram, r.description);
	unlink_call(c);
	done(arg, &r);
	json_free(tree);
}

/* rq: what differs. */
static struct api_call *
send_request(struct telegram *t, const char *method, struct http_request rq,
    api_done_fn *done, void *arg)
{
	struct api_call *c = xcalloc(1, sizeof(*c));
	struct buf url = { 0 };

	buf_printf(&url, "%s%s", t->url, method);
	rq.method = "POST";
	rq.url = buf_cstr(&url);
	rq.answer_max = ANSWER_MAX;
	*c = (struct api_call){ .telegram = t,
		.next = t->calls,
		.done = done,
		.arg = arg };
	c->at = &t->calls;
	if (c->next != NULL)
		c->next->at = &c->next;
	t->calls = c;
	c->http = http_send(t->http, &rq, on_answer, c);
	buf_fini(&url);
	return c;
}

struct api_call *
api_send(struct telegram *t, enum http_lane lane, const char *method, struct str json,
    api_done_fn *done, void *arg)
{
	return send_request(t, method,
	    (struct http_request){ .lane = lane,
		.body = json,
		.content_type = "application/json",
		.timeout_ms = CALL_TIMEOUT_MS },
	    done, arg);
}

struct api_call *
api_send_form(struct telegram *t, const char *method, const struct http_part *parts,
    size_t n, api_done_fn *done, void *arg)
{
	/* Not in the lane of texts: it may take a while. */
	return send_request(t, method,
	    (struct http_request){ .lane = HTTP_OTHER,
		.parts = parts,
		.n_parts = n,
		.timeout_ms = FILE_TIMEOUT_MS },
	    done, arg);
}

void
api_cancel(struct api_call *c)
{
	http_cancel(c->http);
	unlink_call(c);
}

bool
api_has_left(const struct api_call *c)
{
	return http_has_left(c->http);
}

void
api_forget(struct telegram *t)
{
	for (struct api_call *c = t->calls, *next; c != NULL; c = next) {
		next = c->next;
		unlink_call(c);
	}
}
