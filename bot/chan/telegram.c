/*
 * telegram.c - the Telegram channel: how it begins and ends, and what an update leads to.
 *
 * It begins with getMe: before we know our own name nothing is read or answered. Then the
 * webhook is taken away, without its backlog, and the menu of commands is set if it differs.
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

/* json_parse() counts values, the splitter what holds them. */
#define UPDATE_DEPTH (TELEGRAM_UPDATE_DEPTH_MAX + 1)
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

/* --- what an update leads to */

struct put {
	struct telegram *telegram;
	struct put *next, **at;
	struct inmsg m;
	char account[TELEGRAM_ACCOUNT_MAX], id[TELEGRAM_ID_MAX];
};

static void
put_free(struct put *put)
{
	*put->at = put->next;
	if (put->next != NULL)
		put->next->at = put->at;
	free(put);
}

static void
on_put(void *arg, enum rc rc, int64_t seq)
{
	struct put *put = arg;
	struct poll *poll = put->telegram->poll;

	(void)seq;
	put_free(put);
	poll_release(poll, rc);
}

static struct put *
put_new(struct telegram *t, const struct update *u)
{
	struct put *put = xcalloc(1, sizeof(*put));

	put->telegram = t;
	put->next = t->puts;
	put->at = &t->puts;
	if (put->next != NULL)
		put->next->at = &put->next;
	t->puts = put;
	memcpy(put->account, u->account, sizeof(put->account));
	(void)snprintf(put->id, sizeof(put->id), "%s", u->ext_id);
	put->m = (struct inmsg){ .channel = t->ch.ops->name,
		.account = str_of(put->account),
		.id = str_of(put->id) };
	poll_hold(t->poll);
	return put;
}

static void
take_message(struct telegram *t, const struct update *u, struct str text)
{
	struct put *put = put_new(t, u);

	put->m.kind = u->message;
	put->m.sent_ms = u->sent_ms;
	put->m.edit_of = str_of(u->edit_of);
	put->m.text = text;
	flow_put(t->ch.flow, &put->m, on_put, put);
}

/* /start in a conversation that goes on is a greeting. */
static void
on_opened(void *arg, enum rc rc, int64_t seq)
{
	struct put *put = arg;

	if (rc != RC_EXISTS) {
		on_put(put, rc, seq);
		return;
	}
	put->m.kind = MESSAGE_TEXT;
	put->m.text = STR("hello");
	flow_put(put->telegram->ch.flow, &put->m, on_put, put);
}

static void
take_command(struct telegram *t, const struct update *u)
{
	struct put *put;

	for (size_t i = 0; i < t->words->n; i++)
		if (str_is(u->name, t->words->commands[i].name)) {
			take_message(t, u, str_of(t->words->commands[i].says));
			return;
		}
	if (!str_is(u->name, "start")) {
		take_message(t, u, u->text);
		return;
	}
	put = put_new(t, u);
	put->m.kind = MESSAGE_OPEN;
	flow_put(t->ch.flow, &put->m, on_opened, put);
}

struct choice {
	size_t i;
	struct str text;
	struct arena *arena;
};

static void
on_line(void *arg, const struct history_line *line)
{
	struct choice *c = arg;

	if (!line->mine && c->i < line->out.n_buttons)
		c->text = arena_str(c->arena, line->out.buttons[c->i]);
}

/* What the button said; empty if it is none that we gave this account. */
static struct str
read_choice(struct telegram *t, const struct update *u, struct arena *a)
{
	struct choice c = { .text = STR(""), .arena = a };
	int64_t peer, seq;

	if (!button_read(t, str_of(u->account), u->press_data, &seq, &c.i))
		return c.text;
	peer = flow_peer(t->ch.flow, t->ch.ops->name, str_of(u->account));
	if (peer != 0)
		(void)flow_history(t->ch.flow, peer, seq - 1, 1, on_line, &c);
	return c.text;
}

/* The button's clock is still turning: nothing depends on its answer. */
static void
on_toasted(void *arg, const struct api_reply *r)
{
	(void)arg;
	if (r->result == API_REFUSED)
		log_debug("telegram: answerCallbackQuery: %s", r->description);
}

static void
take_press(struct telegram *t, const struct update *u, struct arena *a)
{
	struct str text = read_choice(t, u, a);
	struct buf b = { 0 };

	buf_adds(&b, "{\"callback_query_id\":");
	buf_add_json(&b, u->press_id);
	if (text.len == 0) {
		buf_adds(&b, ",\"text\":");
		buf_add_json(&b, str_of(t->words->stale));
	}
	buf_adds(&b, "}");
	(void)api_send(t, HTTP_OTHER, "answerCallbackQuery", buf_str(&b), on_toasted,
	    NULL);
	buf_fini(&b);
	if (text.len > 0)
		take_message(t, u, text);
}

void
telegram_moved(struct telegram *t, int64_t from, int64_t to)
{
	char was[32], is[32];

	(void)snprintf(was, sizeof(was), "%lld/", (long long)from);
	(void)snprintf(is, sizeof(is), "%lld/", (long long)to);
	/* If it cannot be written now: what is sent there is refused with the new id. */
	if (flow_move(t->ch.flow, t->ch.ops->name, str_of(was), str_of(is)) != RC_OK)
		log_warn("telegram: a group that has another id cannot be moved now");
}

void
telegram_take(struct telegram *t, struct str text, int64_t *id)
{
	struct json *json = json_parse(text, UPDATE_DEPTH);
	struct arena *a = arena_new();
	struct update u;

	update_read(json, &t->self, a, &u);
	*id = u.id;
	switch (u.kind) {
	case UPDATE_NOTHING:
		log_debug("telegram: passed over: %s", u.why);
		break;
	case UPDATE_MESSAGE:
		take_message(t, &u, u.text);
		break;
	case UPDATE_COMMAND:
		take_command(t, &u);
		break;
	case UPDATE_PRESS:
		take_press(t, &u, a);
		break;
	case UPDATE_MOVED:
		telegram_moved(t, u.moved_from, u.moved_to);
		break;
	}
	arena_free(a);
	json_free(json);
}

/* --- how it begins */

static void get_me(void *arg);

static void
begin_again(struct telegram *t, const struct api_reply *r)
{
	int64_t ms = r->retry_after_ms > 0
	                 ? r->retry_after_ms + 500
	                 : telegram_backoff_ms(t->tries, BEGIN_FIRST_MS, BEGIN_LAST_MS);

	if (t->off || t->draining)
		return;
	if (t->tries++ == 0)
		log_warn("telegram: cannot be reached yet: %s",
		    r->description == NULL ? "" : r->description);
	t->retry = loop_after(t->ch.loop, ms, get_me, t);
}

static void
add_commands(const struct telegram *t, struct buf *b)
{
	buf_adds(b, "[");
	for (size_t i = 0; i < t->words->n; i++) {
		buf_adds(b, i == 0 ? "{\"command\":" : ",{\"command\":");
		buf_add_json(b, str_of(t->words->commands[i].name));
		buf_adds(b, ",\"description\":");
		buf_add_json(b, str_of(t->words->commands[i].help));
		buf_adds(b, "}");
	}
	buf_adds(b, "]");
}

static void
on_commands_set(void *arg, const struct api_reply *r)
{
	(void)arg;
	if (r->result != API_OK)
		log_warn("telegram: the menu of commands is as it was: %s",
		    r->description == NULL ? "" : r->description);
}

static bool
are_ours(const struct telegram *t, const struct json *commands)
{
	for (size_t i = 0; i < t->words->n; i++) {
		const struct json *c = json_item(commands, i);

		if (!str_is(json_str(c, "command"), t->words->commands[i].name) ||
		    !str_is(json_str(c, "description"), t->words->commands[i].help))
			return false;
	}
	return json_item(commands, t->words->n) == NULL;
}

static void
on_commands(void *arg, const struct api_reply *r)
{
	struct telegram *t = arg;
	struct buf b = { 0 };

	if (r->result != API_OK || are_ours(t, r->value))
		return;
	buf_adds(&b, "{\"commands\":");
	add_commands(t, &b);
	buf_adds(&b, "}");
	(void)api_send(t, HTTP_OTHER, "setMyCommands", buf_str(&b), on_commands_set, t);
	buf_fini(&b);
}

static void
on_webhook_deleted(void *arg, const struct api_reply *r)
{
	struct telegram *t = arg;

	if (r->result != API_OK) {
		begin_again(t, r);
		return;
	}
	t->tries = 0;
	log_info("telegram: ready bot=%s", t->self.username);
	(void)api_send(t, HTTP_OTHER, "getMyCommands", STR("{}"), on_commands, t);
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
	if (r->result != API_OK || !json_flag(r->value, "is_bot", false) ||
	    name.len == 0 || name.len >= sizeof(t->self.username)) {
		begin_again(t, r);
		return;
	}
	t->self.id = json_int(r->value, "id", 0);
	(void)snprintf(t->self.username, sizeof(t->self.username), "%.*s",
	    STR_ARG(name));
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
	struct http_options options = { telegram_option(cf, "http.proxy"),
		telegram_option(cf, "http.ca_file") };
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
		t->poll = poll_new(t);
		t->gates = gates_new();
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
}

static void
stop(struct channel *ch)
{
	struct telegram *t = telegram_of(ch);

	if (t->http == NULL)
		return;
	loop_cancel(t->retry);
	t->retry = NULL;
	http_free(t->http);
	t->http = NULL;
	api_forget(t);
	telegram_end_jobs(t);
	poll_free(t->poll);
	t->poll = NULL;
	gates_free(t->gates);
	t->gates = NULL;
	free(t->url);
	t->url = NULL;
}

static const struct channel_ops ops = {
	.name = "telegram",
	.caps = CHANNEL_BLIND,
	.start = start,
	.send = telegram_send,
	.drain = drain,
	.stop = stop,
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
	/* flow is gone, and with it whoever would say that they are done. */
	for (struct put *put = t->puts, *next; put != NULL; put = next) {
		next = put->next;
		free(put);
	}
	free(t);
}
