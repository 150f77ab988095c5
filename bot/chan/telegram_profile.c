/*
 * telegram_profile.c - what people see of the bot before they write: its menu of commands in
 * private chats and in groups, its name and its descriptions.
 *
 * "setMyCommands", "setMyName", "setMyDescription", "setMyShortDescription" of the Bot API. All
 * of it is asked for first, and set only when it differs: changes are few a day that Telegram
 * takes. Nothing else depends on them.
 */
#include <stdlib.h>

#include "bot/chan/telegram_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

struct row {
	const char *get, *set, *field;
	const char *scope;  /* of commands; NULL: a text */
	const char *option; /* of a text */
	bool groups;        /* the commands that groups see */
};

static const struct row rows[] = {
	{ "getMyCommands", "setMyCommands", "commands", "default", NULL, false },
	{ "getMyCommands", "setMyCommands", "commands", "all_private_chats", NULL,
	    false },
	{ "getMyCommands", "setMyCommands", "commands", "all_group_chats", NULL, true },
	{ "getMyName", "setMyName", "name", NULL, "telegram.name", false },
	{ "getMyDescription", "setMyDescription", "description", NULL,
	    "telegram.description", false },
	{ "getMyShortDescription", "setMyShortDescription", "short_description", NULL,
	    "telegram.about", false },
};

struct step {
	struct telegram *telegram;
	const struct row *row;
	char *text; /* of a text */
};

struct profile {
	struct step steps[ARRAY_LEN(rows)];
	size_t n;
};

static void
on_set(void *arg, const struct api_reply *r)
{
	const struct step *s = arg;

	if (r->result != API_OK)
		log_warn("telegram: %s: it is as it was: %s", s->row->set,
		    r->description == NULL ? "" : r->description);
}

/* The next command that is shown there from i on; n: none. */
static size_t
next_shown(const struct step *s, size_t i)
{
	const struct telegram_words *words = s->telegram->words;

	while (i < words->n && s->row->groups && !words->commands[i].in_groups)
		i++;
	return i;
}

static void
add_commands(const struct step *s, struct buf *b)
{
	const struct telegram_words *words = s->telegram->words;
	bool first = true;

	buf_adds(b, "[");
	for (size_t i = next_shown(s, 0); i < words->n; i = next_shown(s, i + 1)) {
		buf_adds(b, first ? "{\"command\":" : ",{\"command\":");
		buf_add_json(b, str_of(words->commands[i].name));
		buf_adds(b, ",\"description\":");
		buf_add_json(b, str_of(words->commands[i].help));
		buf_adds(b, "}");
		first = false;
	}
	buf_adds(b, "]");
}

static bool
are_ours(const struct step *s, const struct json *commands)
{
	const struct telegram_words *words = s->telegram->words;
	size_t n = 0;

	for (size_t i = next_shown(s, 0); i < words->n; i = next_shown(s, i + 1)) {
		const struct json *c = json_item(commands, n++);

		if (!str_is(json_str(c, "command"), words->commands[i].name) ||
		    !str_is(json_str(c, "description"), words->commands[i].help))
			return false;
	}
	return json_item(commands, n) == NULL;
}

static void
add_scope(const struct row *row, struct buf *b)
{
	buf_printf(b, "\"scope\":{\"type\":\"%s\"}", row->scope);
}

static void
on_got(void *arg, const struct api_reply *r)
{
	struct step *s = arg;
	bool commands = s->row->scope != NULL;
	struct buf b = { 0 };

	if (r->result != API_OK ||
	    (commands ? are_ours(s, r->value)
		      : str_is(json_str(r->value, s->row->field), s->text)))
		return;
	buf_printf(&b, "{\"%s\":", s->row->field);
	if (commands) {
		add_commands(s, &b);
		buf_adds(&b, ",");
		add_scope(s->row, &b);
	} else {
		buf_add_json(&b, str_of(s->text));
	}
	buf_adds(&b, "}");
	(void)api_send(s->telegram, HTTP_OTHER, s->row->set, buf_str(&b), on_set, s);
	buf_fini(&b);
}

void
profile_begin(struct profile *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct row *row = p->steps[i].row;
		struct buf b = { 0 };

		buf_adds(&b, "{");
		if (row->scope != NULL)
			add_scope(row, &b);
		buf_adds(&b, "}");
		(void)api_send(p->steps[i].telegram, HTTP_OTHER, row->get, buf_str(&b),
		    on_got, &p->steps[i]);
		buf_fini(&b);
	}
}

struct profile *
profile_new(struct telegram *t, const struct config *cf)
{
	struct profile *p = xcalloc(1, sizeof(*p));

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct step *s = &p->steps[p->n];
		const char *text = rows[i].option == NULL
		                       ? ""
		                       : telegram_option(cf, rows[i].option);

		if (text == NULL)
			continue; /* what @BotFather was told */
		*s = (struct step){ t, &rows[i], xstrdup(text) };
		p->n++;
	}
	return p;
}

void
profile_free(struct profile *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n; i++)
		free(p->steps[i].text);
	free(p);
}
