/*
 * ask.c - credbot ask: one question, answered and forgotten.
 */
#include <stdio.h>
#include <string.h>

#include "bot/cmd/commands.h"
#include "bot/cmd/slots.h"
#include "bot/cmd/talker.h"
#include "credbot/base/utf8.h"
#include "credbot/catalog/wish_read.h"
#include "credbot/chan/markup.h"

/* What a terminal shows without breaking words; nobody reads longer lines well. */
#define WIDTH 80

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_JSON,
	{ "lang", 0, "L", "language of the question (this version has: en)" },
	APP_FLAG_AT,
	APP_FLAG_STATE,
	{ NULL, 0, NULL, NULL },
};

/* Markdown as plain text. */
static void
add_plain(struct buf *out, struct str text, size_t width)
{
	struct markup *m = markup_parse(text);

	markup_text(m, width, out);
	markup_free(m);
}

static void
print_plain(const struct talker *t)
{
	for (size_t i = 0; i < t->out.n_replies; i++) {
		const struct turn_reply *r = &t->out.replies[i];
		struct buf text = { 0 };

		add_plain(&text, r->text, WIDTH);
		puts(buf_cstr(&text));
		for (size_t k = 0; k < r->n_buttons; k++)
			printf("%s[%zu] %.*s\n", k == 0 ? "\n" : "", k + 1,
			    STR_ARG(r->buttons[k]));
		for (size_t k = 0; k < r->n_documents; k++)
			printf("%s(a file: %.*s, %zu bytes)\n", k == 0 ? "\n" : "",
			    STR_ARG(r->documents[k].name), r->documents[k].size);
		buf_fini(&text);
	}
}

static void
add_key(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, "\"%s\":", key);
	if (value == NULL)
		buf_adds(b, "null");
	else
		buf_add_json(b, str_of(value));
}

/* What the message wishes of a program. */
static void
add_slots(struct buf *b, const struct talker *t, struct str text)
{
	struct wish w;

	wish_init(&w);
	(void)wish_read(t->app->library->vocab, text, &w, NULL);
	slots_add_json(b, &w);
}

static void
add_part(struct buf *b, const struct talker *t, struct str text)
{
	const struct engine_trace *tr = engine_trace(t->app->engine);

	buf_adds(b, "{\"text\":");
	buf_add_json(b, text);
	buf_addc(b, ',');
	add_key(b, "intent", tr->intent);
	buf_addc(b, ',');
	add_key(b, "topic", tr->topic);
	buf_printf(b, ",\"score\":%.3f,\"slots\":", (double)tr->score);
	add_slots(b, t, text);
	buf_adds(b, ",\"also\":[");
	for (size_t i = 0; i < tr->n_also; i++) {
		if (i > 0)
			buf_addc(b, ',');
		buf_add_json(b, str_of(tr->also[i]));
	}
	buf_adds(b, "]}");
}

/* Most replies have none, and then no key. */
static void
add_documents(struct buf *b, const struct turn_reply *r)
{
	for (size_t i = 0; i < r->n_documents; i++) {
		const struct document *d = &r->documents[i];

		buf_adds(b, i == 0 ? ",\"documents\":[" : ",");
		buf_adds(b, "{\"name\":");
		buf_add_json(b, d->name);
		buf_adds(b, ",\"type\":");
		buf_add_json(b, d->type);
		buf_printf(b, ",\"size\":%zu}", d->size);
	}
	if (r->n_documents > 0)
		buf_addc(b, ']');
}

static void
add_reply(struct buf *b, const struct turn_reply *r)
{
	struct buf text = { 0 };

	add_plain(&text, r->text, 0);
	buf_adds(b, "{\"text\":");
	buf_add_json(b, buf_str(&text));
	buf_adds(b, ",\"buttons\":[");
	for (size_t i = 0; i < r->n_buttons; i++) {
		if (i > 0)
			buf_addc(b, ',');
		buf_add_json(b, r->buttons[i]);
	}
	buf_addc(b, ']');
	add_documents(b, r);
	buf_addc(b, '}');
	buf_fini(&text);
}

static void
print_json(const struct talker *t, struct str text)
{
	struct buf b = { 0 };

	buf_adds(&b, "{\"text\":");
	buf_add_json(&b, text);
	buf_adds(&b, ",\"lang\":\"" APP_LANG "\",\"parts\":[");
	add_part(&b, t, text);
	buf_adds(&b, "],\"replies\":[");
	for (size_t i = 0; i < t->out.n_replies; i++) {
		if (i > 0)
			buf_addc(&b, ',');
		add_reply(&b, &t->out.replies[i]);
	}
	buf_printf(&b, "],\"us\":%lld}\n", (long long)t->us);
	fputs(buf_cstr(&b), stdout);
	buf_fini(&b);
}

/* The arguments as one text, as the shell parted them. */
static void
join(const struct args *a, struct buf *out)
{
	for (int i = 0; i < a->n_rest; i++) {
		if (i > 0)
			buf_addc(out, ' ');
		buf_adds(out, a->rest[i]);
	}
}

static int
ask(const struct args *a, struct app *app)
{
	struct buf text = { 0 }, clean = { 0 };
	struct talker t;

	join(a, &text);
	utf8_clean(buf_str(&text), &clean);
	talker_init(&t, app);
	talker_say(&t, buf_str(&clean), MESSAGE_TEXT);
	if (args_has(a, "json"))
		print_json(&t, buf_str(&clean));
	else
		print_plain(&t);
	talker_fini(&t);
	buf_fini(&text);
	buf_fini(&clean);
	return CMD_DONE;
}

static int
run(struct args *a)
{
	struct app app;
	int code;

	if (a->n_rest == 0)
		return args_usage(a, "what is the question?");
	if (args_has(a, "lang") && strcmp(args_get(a, "lang"), APP_LANG) != 0)
		return args_usage(a, "--lang: this version speaks " APP_LANG " only");
	code = app_init(&app, a);
	if (code == CMD_DONE)
		code = app_open_library(&app);
	if (code == CMD_DONE) {
		app_open_catalog(&app);
		code = ask(a, &app);
	}
	app_fini(&app);
	return code;
}

const struct command command_ask = {
	.name = "ask",
	.summary = "Answer one question; nothing is stored.",
	.synopsis = "[--json] [--lang L] [--at TIME] TEXT...",
	.example = "credbot ask \"how long does a short course take?\"",
	.flags = flags,
	.takes_rest = true,
	.run = run,
};
