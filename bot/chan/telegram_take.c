/*
 * telegram_take.c - what an update leads to: a message for flow, an answer to a button, or
 * nothing. Who brought the update is told when all that matters of it is on disk.
 *
 * Polling then confirms it, the webhook then answers: for both it is the moment in which
 * Telegram may forget it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/chan/telegram_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

/* json_parse() counts values, the splitter what holds them. */
#define UPDATE_DEPTH (TELEGRAM_UPDATE_DEPTH_MAX + 1)

/* A message on its way to the disk. */
struct put {
	struct telegram *telegram;
	struct put *next, **at;
	taken_fn *done; /* NULL: nobody waits any more */
	void *arg;
	struct inmsg m;
	char account[TELEGRAM_ACCOUNT_MAX], id[TELEGRAM_ID_MAX];
	char lang[MESSAGE_LANG_MAX + 1];
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
	taken_fn *done = put->done;

	(void)seq;
	arg = put->arg;
	put_free(put);
	/* What can never be stored is done with, too: it would come again for a day. */
	if (done != NULL)
		done(arg, rc == RC_AGAIN ? RC_AGAIN : RC_OK);
}

void
telegram_end_puts(struct telegram *t)
{
	for (struct put *put = t->puts; put != NULL; put = put->next) {
		taken_fn *done = put->done;

		put->done = NULL;
		if (done != NULL)
			done(put->arg, RC_AGAIN);
	}
}

void
telegram_free_puts(struct telegram *t)
{
	for (struct put *put = t->puts, *next; put != NULL; put = next) {
		next = put->next;
		free(put);
	}
	t->puts = NULL;
}

/* An update, and who waits for it. */
struct taking {
	struct telegram *telegram;
	const struct update *u;
	struct arena *arena;
	taken_fn *done;
	void *arg;
};

static struct put *
put_new(const struct taking *k)
{
	struct telegram *t = k->telegram;
	const struct update *u = k->u;
	struct put *put = xcalloc(1, sizeof(*put));

	put->telegram = t;
	put->done = k->done;
	put->arg = k->arg;
	put->next = t->puts;
	put->at = &t->puts;
	if (put->next != NULL)
		put->next->at = &put->next;
	t->puts = put;
	memcpy(put->account, u->account, sizeof(put->account));
	(void)snprintf(put->id, sizeof(put->id), "%s", u->ext_id);
	if (u->lang.len <= MESSAGE_LANG_MAX)
		(void)snprintf(put->lang, sizeof(put->lang), "%.*s", STR_ARG(u->lang));
	put->m = (struct inmsg){ .channel = t->ch.ops->name,
		.account = str_of(put->account),
		.id = str_of(put->id),
		.lang = str_of(put->lang) };
	return put;
}

static void
take_message(const struct taking *k, struct str text)
{
	struct put *put = put_new(k);

	put->m.kind = k->u->message;
	put->m.sent_ms = k->u->sent_ms;
	put->m.edit_of = str_of(k->u->edit_of);
	put->m.text = text;
	flow_put(k->telegram->ch.flow, &put->m, on_put, put);
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

/*
 * What a deep link brought: t.me/BOT?start=PAYLOAD comes as "/start PAYLOAD". Anybody can type
 * that, too: what Telegram would not carry is no payload ("Deep Linking": 1 to 64 characters of
 * A-Z a-z 0-9 _ -).
 */
static struct str
read_payload(struct str text)
{
	static const char good[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

	(void)str_cut(&text, ' ');
	text = text.p == NULL ? STR("") : str_trim(text);
	if (text.len > TELEGRAM_PAYLOAD_MAX)
		return STR("");
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] == '\0' || strchr(good, text.p[i]) == NULL)
			return STR("");
	return text;
}

static void
take_start(const struct taking *k)
{
	struct str payload = read_payload(k->u->text);
	struct put *put = put_new(k);

	put->m.kind = payload.len > 0 ? MESSAGE_START : MESSAGE_OPEN;
	put->m.sent_ms = payload.len > 0 ? k->u->sent_ms : 0;
	put->m.text = payload;
	flow_put(k->telegram->ch.flow, &put->m, payload.len > 0 ? on_put : on_opened,
	    put);
}

static void
take_command(const struct taking *k)
{
	const struct telegram_words *words = k->telegram->words;

	for (size_t i = 0; i < words->n; i++)
		if (str_is(k->u->name, words->commands[i].name)) {
			take_message(k, str_of(words->commands[i].says));
			return;
		}
	if (str_is(k->u->name, "start"))
		take_start(k);
	else
		take_message(k, k->u->text);
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
read_choice(const struct taking *k)
{
	struct telegram *t = k->telegram;
	const struct update *u = k->u;
	struct choice c = { .text = STR(""), .arena = k->arena };
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
take_press(const struct taking *k)
{
	struct str text = read_choice(k);
	struct buf b = { 0 };

	buf_adds(&b, "{\"callback_query_id\":");
	buf_add_json(&b, k->u->press_id);
	if (text.len == 0) {
		buf_adds(&b, ",\"text\":");
		buf_add_json(&b, str_of(k->telegram->words->stale));
	}
	buf_adds(&b, "}");
	(void)api_send(k->telegram, HTTP_OTHER, "answerCallbackQuery", buf_str(&b),
	    on_toasted, NULL);
	buf_fini(&b);
	if (text.len > 0)
		take_message(k, text);
	else
		k->done(k->arg, RC_OK);
}

static void
pass_over(const struct taking *k)
{
	struct telegram *t = k->telegram;

	t->n_passed_over++;
	log_debug("telegram: passed over update=%lld reason=\"%s\"",
	    (long long)k->u->id, k->u->why);
	k->done(k->arg, RC_OK);
}

int64_t
telegram_unreadable(struct telegram *t, struct str text)
{
	int64_t id = update_find_id(text);

	t->n_unreadable++;
	log_warn("telegram: passed over an update that cannot be read update=%lld "
		 "bytes=%zu",
	    (long long)id, text.len);
	return id;
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

static void
take_reach(const struct taking *k, const char *why)
{
	struct put *put = put_new(k);

	log_info("telegram: chat=%s %s", k->u->account,
	    why == NULL ? "can be written to again" : why);
	flow_reach(k->telegram->ch.flow, put->m.channel, put->m.account, why, on_put,
	    put);
}

static void
take(const struct taking *k)
{
	switch (k->u->kind) {
	case UPDATE_NOTHING:
		pass_over(k);
		break;
	case UPDATE_MESSAGE:
		take_message(k, k->u->text);
		break;
	case UPDATE_COMMAND:
		take_command(k);
		break;
	case UPDATE_PRESS:
		take_press(k);
		break;
	case UPDATE_MOVED:
		telegram_moved(k->telegram, k->u->moved_from, k->u->moved_to);
		k->done(k->arg, RC_OK);
		break;
	case UPDATE_GONE:
		take_reach(k, k->u->why);
		break;
	case UPDATE_BACK:
		take_reach(k, NULL);
		break;
	}
}

int64_t
telegram_take(struct telegram *t, struct str text, taken_fn *done, void *arg)
{
	struct json *json = text.len > TELEGRAM_UPDATE_MAX
	                        ? NULL
	                        : json_parse(text, UPDATE_DEPTH);
	struct update u;
	struct taking k = { t, &u, arena_new(), done, arg };

	if (json == NULL) {
		u.id = telegram_unreadable(t, text);
		done(arg, RC_OK);
	} else {
		update_read(json, &t->self, k.arena, &u);
		take(&k);
	}
	arena_free(k.arena);
	json_free(json);
	return u.id;
}
