/*
 * telegram_document.c - one file of a message: sendDocument, as a form from memory, or by the
 * name that Telegram gave it when it was sent before.
 */
#include <stdio.h>

#include "bot/chan/telegram_priv.h"
#include "bot/chan/telegram_text.h"

struct form {
	struct http_part parts[HTTP_PARTS_MAX];
	size_t n;
};

static void
add(struct form *f, const char *name, struct str text)
{
	if (text.len > 0)
		f->parts[f->n++] = (struct http_part){ .name = name, .data = text };
}

static void
add_number(struct form *f, const char *name, int64_t n, char text[32])
{
	(void)snprintf(text, 32, "%lld", (long long)n);
	add(f, name, str_of(text));
}

static void
add_file(struct form *f, const struct document *d, struct arena *a)
{
	if (d->remote.len > 0) {
		add(f, "document", d->remote);
		return;
	}
	f->parts[f->n++] = (struct http_part){ .name = "document",
		.file = arena_cstr(a, d->name),
		.type = arena_cstr(a, d->type),
		.data = d->bytes };
}

struct api_call *
document_send(struct telegram *t, const struct document_call *call, api_done_fn *done,
    void *arg)
{
	char chat[32], thread[32];
	struct arena *a = arena_new();
	struct buf entities = { 0 };
	struct form f = { .n = 0 };
	struct api_call *c;

	add_number(&f, "chat_id", call->to->chat, chat);
	if (call->to->thread != 0)
		add_number(&f, "message_thread_id", call->to->thread, thread);
	if (call->caption != NULL) {
		telegram_entities_json(call->caption, &entities);
		add(&f, "caption", call->caption->text);
		if (call->caption->n > 0)
			add(&f, "caption_entities", buf_str(&entities));
	}
	/* Else a calendar might arrive as something else than the file that it is. */
	add(&f, "disable_content_type_detection", STR("true"));
	add(&f, "reply_parameters", call->reply);
	add(&f, "reply_markup", call->markup);
	add_file(&f, call->document, a);
	c = api_send_form(t, "sendDocument", f.parts, f.n, done, arg);
	buf_fini(&entities);
	arena_free(a);
	return c;
}
