/*
 * telegram.c - the Telegram channel: how it begins and ends.
 *
 * It begins with getMe: before we know our own name nothing is read or answered. Then the
 * webhook is taken away, or set if it differs, without its backlog either way, and the same
 * goes for what people see of the bot.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bot/chan/telegram_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/chance.h"
#include "credbot/base/log.h"

#define BEGIN_FIRST_MS 1000
#define BEGIN_LAST_MS 30000

static struct telegram *
telegram_of(struct channel *ch)
{
	return (struct telegram *)ch;
}

int64_t
telegram_backoff_ms(int tries, int64_t first_ms, int64_t last_ms)
{
	int64_t ms = first_ms;

	while (tries-- > 0 && ms < last_ms)
		ms += ms / 2;
	if (ms > last_ms)
		ms = last_ms;
	/* Bots that a restart of the server sent away do not all come back at once. */
	return ms - ms / 5 +
	       (int64_t)chance_below(chance_system(), (uint32_t)(ms * 2 / 5 + 1));
}

void
telegram_refused(struct telegram *t, const char *description)
{
	if (!t->off)
		log_error("telegram: the token is not accepted (%s); the channel is "
			  "off until "
			  "the next start. @BotFather shows the token in force",
		    description);
	t->off = true;
}

/* --- how it begins */

static void get_me(void *arg);

void
telegram_begin_again(struct telegram *t, const struct api_reply *r, const char *what)
{
	int64_t ms = r->retry_after_ms > 0
	                 ? r->retry_after_ms + 500
	                 : telegram_backoff_ms(t->tries, BEGIN_FIRST_MS, BEGIN_LAST_MS);

	if (t->off || t->draining)
		return;
	if (t->tries++ == 0)
		log_warn("telegram: %s: %s", what,
		    r->description == NULL ? "" : r->description);
	t->retry = loop_after(t->ch.loop, ms, get_me, t);
}

void
telegram_ready(struct telegram *t)
{
	t->tries = 0;
	log_info("telegram: ready bot=%s", t->self.username);
	profile_begin(t->profile);
}

static void
on_webhook_deleted(void *arg, const struct api_reply *r)
{
	struct telegram *t = arg;

	if (r->result != API_OK) {
		telegram_begin_again(t, r, "the webhook cannot be taken away yet");
		return;
	}
	telegram_ready(t);
	poll_begin(t->poll);
}

static void
on_me(void *arg, const struct api_reply *r)
{
	struct telegram *t = arg;
	struct str name;

	if (t->draining)
		return;
	name = json_str(r->value, "username");
	if (r->result != API_OK) {
		telegram_begin_again(t, r, "cannot be reached yet");
		return;
	}
	/* Servers of others leave is_bot out; a token is a bot's anyway. */
	if (!json_flag(r->value, "is_bot", true) || name.len == 0 ||
	    name.len >= sizeof(t->self.username)) {
		telegram_begin_again(t, r, "getMe names no bot");
		return;
	}
	t->self.id = json_int(r->value, "id", 0);
	(void)snprintf(t->self.username, sizeof(t->self.username), "%.*s",
	    STR_ARG(name));
	if (t->hook != NULL) {
		webhook_begin(t->hook);
		return;
	}
	/* Without drop_pending_updates: what students wrote meanwhile is answered. */
	(void)api_send(t, HTTP_OTHER, "deleteWebhook", STR("{}"), on_webhook_deleted,
	    t);
}

static void
get_me(void *arg)
{
	struct telegram *t = arg;

	t->retry = NULL;
	(void)api_send(t, HTTP_OTHER, "getMe", STR("{}"), on_me, t);
}

/* The key must outlive restarts, since buttons do; the token does, and is secret. */
static void
make_key(struct telegram *t, struct str token)
{
	static const unsigned char purpose[] = "credbot telegram buttons";

	(void)crypto_generichash(t->key, sizeof(t->key), (const unsigned char *)token.p,
	    token.len, purpose, sizeof(purpose) - 1);
}

const char *
telegram_option(const struct config *cf, const char *name)
{
	const char *s = config_str(cf, name);

	return s[0] == '\0' ? NULL : s;
}

static enum rc
start(struct channel *ch, const struct config *cf, struct err *err)
{
	struct http_options options = { .proxy = telegram_option(cf, "http.proxy"),
		.ca_file = telegram_option(cf, "http.ca_file") };
	struct telegram *t = telegram_of(ch);
	struct buf token = { 0 }, url = { 0 };
	enum rc rc = telegram_token(cf, &token, err);

	assert(t->http == NULL);
	if (rc == RC_OK && sodium_init() < 0) {
		err_set(err, "libsodium cannot start: there is no source of chance");
		rc = RC_IO;
	}
	if (rc == RC_OK)
		rc = http_check_url(config_str(cf, "telegram.api_url"), err);
	if (rc == RC_OK)
		rc = http_new(&t->http, ch->loop, &options, err);
	if (rc == RC_OK) {
		buf_printf(&url, "%s/bot%s/", config_str(cf, "telegram.api_url"),
		    buf_cstr(&token));
		t->url = xstrdup(buf_cstr(&url));
		make_key(t, buf_str(&token));
		if (str_is(str_of(config_str(cf, "telegram.mode")), "webhook"))
			t->hook = webhook_new(t,
			    str_of(config_str(cf, "telegram.webhook_url")),
			    buf_str(&token));
		else
			t->poll = poll_new(t);
		t->gates = gates_new();
		t->profile = profile_new(t, cf);
		get_me(t);
	}
	buf_fini(&token);
	buf_fini(&url);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* --- how it ends */

static void
drain(struct channel *ch)
{
	struct telegram *t = telegram_of(ch);

	t->draining = true;
	loop_cancel(t->retry);
	t->retry = NULL;
	if (t->poll != NULL)
		poll_drain(t->poll);
	if (t->hook != NULL)
		webhook_drain(t->hook);
}

static void
stop(struct channel *ch)
{
	struct telegram *t = telegram_of(ch);

	if (t->http == NULL)
		return;
	loop_cancel(t->retry);
	t->retry = NULL;
	telegram_note_left(t);
	http_free(t->http);
	t->http = NULL;
	api_forget(t);
	telegram_end_jobs(t);
	telegram_end_puts(t);
	poll_free(t->poll);
	t->poll = NULL;
	webhook_free(t->hook);
	t->hook = NULL;
	profile_free(t->profile);
	t->profile = NULL;
	gates_free(t->gates);
	t->gates = NULL;
	free(t->url);
	t->url = NULL;
	log_info("telegram: stopped passed_over=%lld unreadable=%lld",
	    (long long)t->n_passed_over, (long long)t->n_unreadable);
}

const struct web_route *
telegram_route(const struct channel *ch)
{
	const struct telegram *t = (const struct telegram *)ch;

	return t->hook == NULL ? NULL : webhook_route(t->hook);
}

static bool
is_shared(struct channel *ch, struct str account)
{
	struct address to;

	(void)ch;
	return !address_read(account, &to) || to.group;
}

static const char *
own_name(struct channel *ch)
{
	return ((struct telegram *)ch)->self.username;
}

static const struct channel_ops ops = {
	.name = "telegram",
	.caps = CHANNEL_BLIND,
	.start = start,
	.send = telegram_send,
	.is_shared = is_shared,
	.drain = drain,
	.stop = stop,
	.own_name = own_name,
};

struct channel *
telegram_new(const struct telegram_words *words)
{
	struct telegram *t = xcalloc(1, sizeof(*t));

	t->ch.ops = &ops;
	t->words = words;
	return &t->ch;
}

void
telegram_free(struct channel *ch)
{
	struct telegram *t = ch == NULL ? NULL : telegram_of(ch);

	if (t == NULL)
		return;
	telegram_free_puts(t);
	free(t);
}
