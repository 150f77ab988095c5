/*
 * reply.c - messages with their variables filled in, and articles, as paragraphs of one
 * reply.
 */
#include <stdio.h>
#include <string.h>

#include "bot/talk/turn_priv.h"
#include "credbot/base/markdown.h"

struct str
reply_escape(struct arena *a, struct str value)
{
	struct buf b = { 0 };
	struct str text;

	buf_add_markdown(&b, value);
	text = arena_str(a, buf_str(&b));
	buf_fini(&b);
	return text;
}

static const struct bind *
find_bind(const struct turn *t, struct str name)
{
	for (size_t i = 0; i < t->n_binds; i++)
		if (str_is(name, t->binds[i].name))
			return &t->binds[i];
	return NULL;
}

static void
fill_in(struct turn *t, struct str text, struct buf *out)
{
	for (;;) {
		struct str name;
		const struct bind *b;

		buf_addstr(out, str_cut(&text, '{'));
		if (text.p == NULL)
			return;
		name = str_cut(&text, '}');
		b = find_bind(t, name);
		if (b != NULL)
			buf_addstr(out, b->value);
	}
}

static void
new_paragraph(struct turn *t)
{
	if (t->said.len > 0)
		buf_adds(&t->said, "\n\n");
}

void
reply_add(struct turn *t, const char *message)
{
	new_paragraph(t);
	fill_in(t, locale_text(t->e->lib->locale, message, t->conv.turns), &t->said);
}

void
reply_add_text(struct turn *t, struct str text)
{
	new_paragraph(t);
	buf_addstr(&t->said, text);
}

void
reply_add_line(struct turn *t, struct str line)
{
	buf_adds(&t->said, "\\\n");
	buf_addstr(&t->said, line);
}

struct str
reply_text(struct turn *t, const char *message)
{
	struct buf b = { 0 };
	struct str text;

	fill_in(t, locale_text(t->e->lib->locale, message, t->conv.turns), &b);
	text = arena_str(t->arena, buf_str(&b));
	buf_fini(&b);
	return text;
}

static void
add_part(struct turn *t, struct str part)
{
	struct buf text = { 0 };

	answer_render(part, &t->e->caps, &text);
	if (text.len > 0) {
		new_paragraph(t);
		buf_addstr(&t->said, buf_str(&text));
	}
	buf_fini(&text);
}

void
reply_add_article(struct turn *t, const struct article *a, enum depth depth)
{
	switch (depth) {
	case DEPTH_BRIEF:
		add_part(t, a->brief);
		break;
	case DEPTH_MORE:
		add_part(t, a->more);
		break;
	case DEPTH_SIMPLE:
		new_paragraph(t);
		buf_adds(&t->said, a->simple);
		break;
	}
	if (t->in->now_ms > a->review_by_ms) {
		turn_bind_date(t, "date", a->reviewed_ms);
		reply_add(t, "article.overdue");
	}
}
