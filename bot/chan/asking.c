/*
 * asking.c - requests made one after the other by a command.
 */
#include "bot/chan/asking.h"

#include <sodium.h>

#define TIMEOUT_MS 20000
#define ANSWER_MAX ((size_t)1024 * 1024)

static const char *
option(const struct config *cf, const char *name)
{
	const char *s = config_str(cf, name);

	return s[0] == '\0' ? NULL : s;
}

enum rc
asking_init(struct asking *a, struct loop *l, const struct config *cf, struct err *err)
{
	struct http_options options = { .proxy = option(cf, "http.proxy"),
		.ca_file = option(cf, "http.ca_file") };

	*a = (struct asking){ .loop = l };
	return http_new(&a->http, l, &options, err);
}

void
asking_fini(struct asking *a)
{
	http_free(a->http);
	a->http = NULL;
	if (a->body.data != NULL) /* it may have held a token */
		sodium_memzero(a->body.data, a->body.len);
	buf_fini(&a->body);
	buf_fini(&a->error);
}

static void
on_answer(void *arg, const struct http_answer *from)
{
	struct asking *a = arg;

	a->answer = *from;
	buf_clear(&a->body);
	buf_addstr(&a->body, from->body);
	a->answer.body = str_of(buf_cstr(&a->body));
	a->answer.body.len = a->body.len;
	buf_clear(&a->error);
	buf_adds(&a->error, from->error == NULL ? "" : from->error);
	a->answer.error = buf_cstr(&a->error);
	loop_stop(a->loop);
}

const struct http_answer *
asking_send(struct asking *a, struct http_request rq)
{
	int64_t asked_ms = clock_mono_ms(loop_clock(a->loop));

	rq.lane = HTTP_OTHER;
	if (rq.timeout_ms == 0)
		rq.timeout_ms = TIMEOUT_MS;
	if (rq.answer_max == 0)
		rq.answer_max = ANSWER_MAX;
	(void)http_send(a->http, &rq, on_answer, a);
	loop_run(a->loop);
	a->took_ms = clock_mono_ms(loop_clock(a->loop)) - asked_ms;
	return &a->answer;
}

static const struct http_answer *
send_with(struct asking *a, struct http_request rq, const char *token)
{
	struct buf bearer = { 0 };
	struct http_header header = { "Authorization", NULL };
	const struct http_answer *answer;

	if (token != NULL) {
		buf_printf(&bearer, "Bearer %s", token);
		header.value = buf_cstr(&bearer);
		rq.headers = &header;
		rq.n_headers = 1;
	}
	answer = asking_send(a, rq);
	if (token != NULL)
		sodium_memzero(bearer.data, bearer.len);
	buf_fini(&bearer);
	return answer;
}

const struct http_answer *
asking_get(struct asking *a, const char *url, const char *token)
{
	return send_with(a, (struct http_request){ .method = "GET", .url = url },
	    token);
}

const struct http_answer *
asking_post(struct asking *a, const char *url, const char *token, struct str json)
{
	return send_with(a,
	    (struct http_request){ .method = "POST",
		.url = url,
		.body = json,
		.content_type = "application/json" },
	    token);
}

static void
on_time(void *arg)
{
	struct asking *a = arg;

	loop_stop(a->loop);
}

void
asking_pause(struct asking *a, int64_t ms)
{
	(void)loop_after(a->loop, ms, on_time, a);
	loop_run(a->loop);
}
