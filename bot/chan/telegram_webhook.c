/*
 * telegram_webhook.c - updates that Telegram brings: a route of the web server, and the call
 * that tells Telegram of it.
 *
 * "setWebhook" of the Bot API. The path cannot be guessed, and each request must carry a secret
 * besides, since paths stand in the logs of proxies. Both come from the token, so that they are
 * the same after a restart and a webhook with our address has our secret, too.
 *
 * 200 says that an update is on disk: Telegram forgets it then. Whatever else is answered, it
 * comes again, for a day. The answer is empty: a method in it would be carried out, but nobody
 * would hear whether it was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bot/chan/telegram_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/clock.h"
#include "credbot/base/log.h"

#define UPDATE_BODY_MAX ((size_t)1024 * 1024)
/* Another program with our token may take the webhook away, and nothing else would tell. */
#define LOOK_MS 300000
#define REASON_MAX 200

struct webhook {
	struct telegram *telegram;
	struct webhook_keys keys;
	char *url; /* with the path in it: never to be logged */
	struct web_route route;
	struct timer *look;
	struct bucket strangers; /* requests without our secret */
	int64_t error_at;        /* of the last error that was logged, in seconds */
	bool begun;
	bool renew; /* Telegram may have another secret */
};

/* --- what is secret about it */

static void
derive(struct str token, struct str purpose, unsigned char *out, size_t n)
{
	(void)crypto_generichash(out, n, (const unsigned char *)token.p, token.len,
	    (const unsigned char *)purpose.p, purpose.len);
}

void
webhook_derive(struct str token, struct webhook_keys *out)
{
	unsigned char path[TELEGRAM_PATH_BYTES], secret[TELEGRAM_SECRET_BYTES];
	char text[TELEGRAM_BASE64_SIZE(TELEGRAM_PATH_BYTES)];

	derive(token, STR("credbot telegram webhook path"), path, sizeof(path));
	derive(token, STR("credbot telegram webhook secret"), secret, sizeof(secret));
	(void)sodium_bin2base64(text, sizeof(text), path, sizeof(path),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	(void)snprintf(out->path, sizeof(out->path), TELEGRAM_PATH_PREFIX "%s", text);
	(void)sodium_bin2base64(out->secret, sizeof(out->secret), secret,
	    sizeof(secret), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool
webhook_secret_is(const struct webhook_keys *keys, struct str given)
{
	return given.len == strlen(keys->secret) &&
	       sodium_memcmp(given.p, keys->secret, given.len) == 0;
}

/* --- what Telegram brings */

static void
answer(struct web_request *rq, int status)
{
	struct web_reply rp = { .status = status, .body = STR("") };

	web_answer(rq, &rp);
}

static void
on_taken(void *arg, enum rc rc)
{
	/* 503 goes out with Retry-After. */
	answer(arg, rc == RC_AGAIN ? 503 : 200);
}

static bool
is_json(struct web_request *rq)
{
	struct str type = web_request_header(rq, WEB_H_CONTENT_TYPE);

	return str_is_nocase(str_trim(str_cut(&type, ';')), "application/json");
}

static void look(void *arg);

/*
 * Who knows the path is Telegram, or has seen a log. Telegram has another secret if somebody
 * gave it our address by hand, and would come without ours for ever.
 */
static void
on_stranger(struct webhook *hook)
{
	static const struct bucket_rate rate = { .burst = 1, .refill_ms = LOOK_MS };

	if (!bucket_take(&hook->strangers, rate,
		clock_mono_ms(loop_clock(hook->telegram->ch.loop))))
		return;
	log_warn(
	    "telegram: a request to the webhook has not our secret; it is refused, "
	    "and the webhook is set again");
	hook->renew = true;
	if (hook->look == NULL)
		return;
	loop_cancel(hook->look);
	look(hook);
}

/* Whether updates can be read and stored. Before getMe we do not know our name. */
static bool
is_open(const struct telegram *t)
{
	return t->http != NULL && !t->draining && !t->off && t->self.id != 0;
}

static void
on_update(void *arg, struct web_request *rq)
{
	struct webhook *hook = arg;

	if (!webhook_secret_is(&hook->keys, web_request_header(rq, WEB_H_OWN))) {
		on_stranger(hook);
		answer(rq, 403);
	} else if (!is_json(rq)) {
		answer(rq, 415);
	} else if (!is_open(hook->telegram)) {
		answer(rq, 503);
	} else {
		(void)telegram_take(hook->telegram, web_request_body(rq), on_taken, rq);
	}
}

/* --- what Telegram knows of it */

static void
look_later(struct webhook *hook, int64_t ms)
{
	struct telegram *t = hook->telegram;

	if (!t->draining && !t->off)
		hook->look = loop_after(t->ch.loop, ms, look, hook);
}

static void
failed(struct webhook *hook, const struct api_reply *r, const char *what)
{
	if (!hook->begun) {
		telegram_begin_again(hook->telegram, r, what);
		return;
	}
	log_warn("telegram: %s: %s", what,
	    r->description == NULL ? "" : r->description);
	look_later(hook, r->retry_after_ms > 0 ? r->retry_after_ms + 500 : LOOK_MS);
}

static void
is_set(struct webhook *hook)
{
	if (!hook->begun)
		telegram_ready(hook->telegram);
	hook->begun = true;
	look_later(hook, LOOK_MS);
}

static void
on_set(void *arg, const struct api_reply *r)
{
	struct webhook *hook = arg;

	if (hook->telegram->draining)
		return;
	if (r->result != API_OK) {
		failed(hook, r, "the webhook is not accepted");
		return;
	}
	log_info("telegram: the webhook is set");
	hook->renew = false;
	is_set(hook);
}

/* Without drop_pending_updates: what students wrote meanwhile is answered. */
static void
set(struct webhook *hook)
{
	struct buf b = { 0 };

	buf_adds(&b, "{\"url\":");
	buf_add_json(&b, str_of(hook->url));
	buf_printf(&b, ",\"secret_token\":\"%s\",\"max_connections\":%d",
	    hook->keys.secret, TELEGRAM_WEBHOOK_CONNECTIONS);
	buf_adds(&b, ",\"allowed_updates\":");
	update_add_wanted(&b);
	buf_adds(&b, "}");
	(void)api_send(hook->telegram, HTTP_OTHER, "setWebhook", buf_str(&b), on_set,
	    hook);
	buf_fini(&b);
}

/* A message of one line. */
static struct str
first_line(struct str s)
{
	size_t n = 0;

	while (n < s.len && n < REASON_MAX && (unsigned char)s.p[n] >= ' ')
		n++;
	return str_n(s.p, n);
}

/* What went wrong between Telegram and us shows there alone. */
static void
log_error_of(struct webhook *hook, const struct json *info)
{
	int64_t at = json_int(info, "last_error_date", 0);
	struct str reason = first_line(json_str(info, "last_error_message"));
	char iso[CLOCK_ISO_MAX];

	if (reason.len == 0 || at == hook->error_at)
		return;
	hook->error_at = at;
	clock_format(at * 1000, iso, sizeof(iso));
	log_warn("telegram: the webhook failed at=%s waiting=%lld reason=\"%.*s\"", iso,
	    (long long)json_int(info, "pending_update_count", 0), STR_ARG(reason));
}

static void
on_info(void *arg, const struct api_reply *r)
{
	struct webhook *hook = arg;
	bool good;

	if (hook->telegram->draining)
		return;
	if (r->result != API_OK) {
		failed(hook, r, "the webhook cannot be looked at");
		return;
	}
	log_error_of(hook, r->value);
	good = str_is(json_str(r->value, "url"), hook->url) &&
	       update_are_wanted(json_at(r->value, "allowed_updates"));
	if (good && !hook->renew) {
		is_set(hook);
		return;
	}
	if (hook->begun && !good)
		log_warn("telegram: the webhook is not as we left it: another program "
			 "may use this bot's token; it is set again");
	set(hook);
}

static void
look(void *arg)
{
	struct webhook *hook = arg;

	hook->look = NULL;
	(void)api_send(hook->telegram, HTTP_OTHER, "getWebhookInfo", STR("{}"), on_info,
	    hook);
}

/* --- its life */

void
webhook_begin(struct webhook *hook)
{
	look(hook);
}

void
webhook_drain(struct webhook *hook)
{
	loop_cancel(hook->look);
	hook->look = NULL;
}

const struct web_route *
webhook_route(const struct webhook *hook)
{
	return &hook->route;
}

struct webhook *
webhook_new(struct telegram *t, struct str base, struct str token)
{
	struct webhook *hook = xcalloc(1, sizeof(*hook));
	struct buf url = { 0 };

	while (str_ends(base, "/"))
		base.len--;
	hook->telegram = t;
	webhook_derive(token, &hook->keys);
	buf_addstr(&url, base);
	buf_adds(&url, hook->keys.path);
	hook->url = xstrdup(buf_cstr(&url));
	buf_fini(&url);
	hook->route = (struct web_route){
		.method = WEB_POST,
		.path = hook->keys.path,
		.handler = on_update,
		.arg = hook,
		.header = "x-telegram-bot-api-secret-token:",
		.body_max = UPDATE_BODY_MAX,
		/* The name that Telegram calls, which the proxy may pass on or not. */
		.any_host = true,
	};
	return hook;
}

void
webhook_free(struct webhook *hook)
{
	if (hook == NULL)
		return;
	loop_cancel(hook->look);
	free(hook->url);
	free(hook);
}
