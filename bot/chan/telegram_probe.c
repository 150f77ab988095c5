/*
 * telegram_probe.c - what an operator can be told about Telegram: does the token work, who
 * else uses it, do the clocks agree.
 *
 * getUpdates is not called: it would take the messages from a program that runs.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bot/chan/telegram_priv.h"
#include "credbot/chan/probe.h"

#define TIMEOUT_MS 20000
#define ANSWER_MAX ((size_t)1024 * 1024)
/* Dates of messages are compared with our clock in minutes. */
#define CLOCK_OFF_S 60
/* So many in a day are no backlog of a night. */
#define PENDING_MANY 1000

struct probe {
	struct loop *loop;
	struct http *http;
	struct buf base; /* with the token in it */
	int64_t asked_ms, took_ms;
	probe_fn *say;
	void *arg;
};

__attribute__((format(printf, 3, 4))) static void
tell(struct probe *p, enum probe_verdict v, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	p->say(p->arg, v, buf_cstr(&b));
	buf_fini(&b);
}

static void
ask(struct probe *p, const char *method, http_done_fn *done)
{
	struct buf url = { 0 };
	struct http_request rq = { .lane = HTTP_OTHER,
		.method = "POST",
		.body = STR("{}"),
		.content_type = "application/json",
		.timeout_ms = TIMEOUT_MS,
		.answer_max = ANSWER_MAX };

	buf_printf(&url, "%s%s", buf_cstr(&p->base), method);
	rq.url = buf_cstr(&url);
	p->asked_ms = clock_mono_ms(loop_clock(p->loop));
	(void)http_send(p->http, &rq, done, p);
	buf_fini(&url);
}

/* NULL, after a line, unless the method's result is there. */
static const struct json *
result(struct probe *p, const struct http_answer *a, const char *method,
    struct json **tree)
{
	struct api_reply r;

	p->took_ms = clock_mono_ms(loop_clock(p->loop)) - p->asked_ms;
	api_read(a, tree, &r);
	if (r.result == API_OK)
		return r.value;
	if (r.result == API_REFUSED && (r.code == 401 || r.code == 404))
		tell(p, PROBE_FAIL,
		    "the token is not accepted (%s); @BotFather shows the one in "
		    "force",
		    r.description);
	else
		tell(p, PROBE_FAIL, "%s: %s", method,
		    r.description == NULL ? "no answer" : r.description);
	return NULL;
}

static void
compare_clocks(struct probe *p, const struct http_answer *a)
{
	int64_t off;

	if (a->date_ms < 0)
		return;
	off = (clock_now_ms(loop_clock(p->loop)) - a->date_ms) / 1000;
	if (off >= -CLOCK_OFF_S && off <= CLOCK_OFF_S)
		tell(p, PROBE_OK, "the clocks agree");
	else
		tell(p, PROBE_WARN,
		    "this machine's clock is %lld s %s Telegram's; set it, or messages "
		    "count as "
		    "too old or as not written yet",
		    (long long)(off < 0 ? -off : off), off < 0 ? "behind" : "ahead of");
}

static void
on_webhook(void *arg, const struct http_answer *a)
{
	struct probe *p = arg;
	struct json *tree;
	const struct json *info = result(p, a, "getWebhookInfo", &tree);
	int64_t pending = json_int(info, "pending_update_count", 0);
	struct str url = json_str(info, "url"),
		   error = json_str(info, "last_error_message");

	if (info != NULL && url.len > 0)
		tell(p, PROBE_WARN,
		    "a webhook is set: another program may use this token. credbot "
		    "takes it "
		    "away when it starts");
	if (error.len > 0)
		tell(p, PROBE_WARN, "Telegram's last delivery failed: %.*s",
		    STR_ARG(error));
	if (info != NULL)
		tell(p, pending < PENDING_MANY ? PROBE_OK : PROBE_WARN,
		    "%lld messages wait to be answered", (long long)pending);
	json_free(tree);
	loop_stop(p->loop);
}

static void
on_me(void *arg, const struct http_answer *a)
{
	struct probe *p = arg;
	struct json *tree;
	const struct json *me = result(p, a, "getMe", &tree);

	if (me == NULL) {
		loop_stop(p->loop);
	} else {
		tell(p, PROBE_OK, "@%.*s answers after %lld ms",
		    STR_ARG(json_str(me, "username")), (long long)p->took_ms);
		tell(p, PROBE_OK,
		    json_flag(me, "can_read_all_group_messages", false)
			? "in groups it sees all messages, and answers those that are "
			  "said to it"
			: "in groups it sees commands, replies and mentions (privacy "
			  "mode)");
		compare_clocks(p, a);
		ask(p, "getWebhookInfo", on_webhook);
	}
	json_free(tree);
}

void
telegram_probe(struct loop *l, const struct config *cf, probe_fn *say, void *arg)
{
	struct probe p = { .loop = l, .say = say, .arg = arg };
	struct buf token = { 0 };
	struct err err = { "" };
	enum rc rc = telegram_token(cf, &token, &err);

	if (rc == RC_OK)
		rc = http_new(&p.http, l,
		    &(struct http_options){ .proxy = telegram_option(cf, "http.proxy"),
			.ca_file = telegram_option(cf, "http.ca_file") },
		    &err);
	if (rc == RC_NOTFOUND) {
		tell(&p, PROBE_OK, "off: no token is configured");
	} else if (rc != RC_OK) {
		tell(&p, PROBE_FAIL, "%s", err.text);
	} else {
		buf_printf(&p.base, "%s/bot%s/", config_str(cf, "telegram.api_url"),
		    buf_cstr(&token));
		ask(&p, "getMe", on_me);
		loop_run(l);
	}
	http_free(p.http);
	buf_fini(&p.base);
	buf_fini(&token);
}
