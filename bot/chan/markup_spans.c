/*
 * markup_spans.c - the Markdown of replies as plain text and what its parts are.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "bot/chan/markup_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/utf8.h"

#define BULLET "• "
#define BULLET_COLUMNS 2

/* A list, and the item that we are in. */
struct level {
	bool numbered;
	bool tight;
	int number;    /* of the next item */
	char sign[16]; /* "• " or "12. " */
	int columns;   /* its width */
	bool fresh;    /* it has not been written */
	bool first;    /* no item yet */
};

struct spans_out {
	struct markup_spans *out;
	struct level level[MARKUP_BLOCKS_MAX];
	size_t n_levels;
	size_t gap;                /* line feeds before the next block */
	int depth[MARKUP_KINDS];   /* how many of a kind we are in */
	size_t open[MARKUP_KINDS]; /* the span of the outermost, if there are any */
	bool quoting;              /* a quote's span is open, not only announced */
};

static void
open_span(struct spans_out *s, enum markup_kind kind)
{
	struct markup_spans *out = s->out;

	xgrow(&out->v, &out->cap, out->n + 1);
	s->open[kind] = out->n;
	out->v[out->n++] = (struct markup_span){ kind, out->text.len, out->text.len };
}

static void
close_span(struct spans_out *s, enum markup_kind kind)
{
	s->out->v[s->open[kind]].end = s->out->text.len;
}

/* Those that are there already count: a block before was perhaps empty. */
static void
add_gap(struct spans_out *s)
{
	struct buf *b = &s->out->text;
	size_t have = 0;

	if (b->len == 0)
		return;
	while (have < b->len && b->data[b->len - 1 - have] == '\n')
		have++;
	for (; have < s->gap; have++)
		buf_addc(b, '\n');
}

static void
add_prefix(struct spans_out *s)
{
	for (size_t i = 0; i < s->n_levels; i++) {
		struct level *l = &s->level[i];

		if (l->fresh)
			buf_adds(&s->out->text, l->sign);
		else
			buf_printf(&s->out->text, "%*s", l->columns, "");
		l->fresh = false;
	}
}

/* The quote begins before the sign: networks show it as lines of their own. */
static void
begin_block(struct spans_out *s)
{
	add_gap(s);
	s->gap = 2;
	if (s->depth[MARKUP_QUOTE] > 0 && !s->quoting) {
		open_span(s, MARKUP_QUOTE);
		s->quoting = true;
	}
}

static void
begin_list(struct spans_out *s, bool numbered, const struct markup_list *l)
{
	struct level *level = &s->level[s->n_levels];

	assert(s->n_levels < ARRAY_LEN(s->level));
	if (s->n_levels > 0 && level[-1].tight && !level[-1].fresh)
		s->gap = 1;
	*level = (struct level){
		.numbered = numbered,
		.tight = l->tight,
		.number = l->start,
		.first = true,
	};
	s->n_levels++;
}

static void
begin_item(struct spans_out *s)
{
	struct level *l = &s->level[s->n_levels - 1];

	if (!l->first && l->tight)
		s->gap = 1;
	l->first = false;
	l->fresh = true;
	l->columns = BULLET_COLUMNS;
	if (l->numbered)
		l->columns = snprintf(l->sign, sizeof(l->sign), "%d. ", l->number++);
	else
		(void)snprintf(l->sign, sizeof(l->sign), "%s", BULLET);
}

/* An empty item still has its sign. */
static void
end_item(struct spans_out *s)
{
	if (!s->level[s->n_levels - 1].fresh)
		return;
	begin_block(s);
	add_prefix(s);
}

static void
spans_begin(void *arg, enum mark mark, const struct markup_list *l)
{
	struct spans_out *s = arg;

	switch (mark) {
	case MARK_PARAGRAPH:
		begin_block(s);
		add_prefix(s);
		break;
	case MARK_BULLETS:
	case MARK_NUMBERS:
		begin_list(s, mark == MARK_NUMBERS, l);
		break;
	case MARK_ITEM:
		begin_item(s);
		break;
	case MARK_QUOTE:
		s->depth[MARKUP_QUOTE]++;
		break;
	case MARK_STRONG:
		if (s->depth[MARKUP_BOLD]++ == 0)
			open_span(s, MARKUP_BOLD);
		break;
	case MARK_EMPHASIS:
		if (s->depth[MARKUP_ITALIC]++ == 0)
			open_span(s, MARKUP_ITALIC);
		break;
	}
}

static void
end_quote(struct spans_out *s)
{
	if (--s->depth[MARKUP_QUOTE] > 0 || !s->quoting)
		return;
	close_span(s, MARKUP_QUOTE);
	s->quoting = false;
}

static void
spans_end(void *arg, enum mark mark)
{
	struct spans_out *s = arg;

	switch (mark) {
	case MARK_PARAGRAPH:
		break;
	case MARK_BULLETS:
	case MARK_NUMBERS:
		s->n_levels--;
		break;
	case MARK_ITEM:
		end_item(s);
		break;
	case MARK_QUOTE:
		end_quote(s);
		break;
	case MARK_STRONG:
		if (--s->depth[MARKUP_BOLD] == 0)
			close_span(s, MARKUP_BOLD);
		break;
	case MARK_EMPHASIS:
		if (--s->depth[MARKUP_ITALIC] == 0)
			close_span(s, MARKUP_ITALIC);
		break;
	}
}

static void
spans_text(void *arg, struct str text)
{
	struct spans_out *s = arg;

	utf8_clean(text, &s->out->text);
}

static void
spans_line_break(void *arg)
{
	struct spans_out *s = arg;

	buf_addc(&s->out->text, '\n');
	add_prefix(s);
}

static void
add_code(struct spans_out *s, enum markup_kind kind, struct str text)
{
	open_span(s, kind);
	utf8_clean(text, &s->out->text);
	close_span(s, kind);
}

static void
code_in_line(struct spans_out *s, struct str text)
{
	bool bold_is_outer = s->open[MARKUP_BOLD] < s->open[MARKUP_ITALIC];
	enum markup_kind kinds[] = {
		bold_is_outer ? MARKUP_BOLD : MARKUP_ITALIC,
		bold_is_outer ? MARKUP_ITALIC : MARKUP_BOLD,
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (s->depth[kinds[i]] > 0)
			close_span(s, kinds[i]);
	add_code(s, MARKUP_CODE, text);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (s->depth[kinds[i]] > 0)
			open_span(s, kinds[i]);
}

/* Lines of code stand in a frame of their own: they are not indented below an item, but an
 * item that begins with them has its sign. */
static void
code_block(struct spans_out *s, struct str text)
{
	begin_block(s);
	if (s->n_levels > 0 && s->level[s->n_levels - 1].fresh)
		add_prefix(s);
	add_code(s, MARKUP_PRE, text);
}

static void
spans_code(void *arg, struct str text, bool block)
{
	if (block)
		code_block(arg, text);
	else
		code_in_line(arg, text);
}

void
markup_spans(const struct markup *m, struct markup_spans *out)
{
	static const struct markup_renderer spans = { spans_begin, spans_end,
		spans_text, spans_line_break, spans_code };
	struct spans_out s = { .out = out };

	markup_walk(m, &spans, &s);
}

void
markup_spans_fini(struct markup_spans *s)
{
	buf_fini(&s->text);
	free(s->v);
	*s = (struct markup_spans){ 0 };
}
