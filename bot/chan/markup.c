/*
 * markup.c - the Markdown of replies: one walk over cmark's tree, three of its renderers.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmark.h>

#include "bot/chan/markup_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/utf8.h"

struct markup {
	cmark_node *root;
};

struct walk {
	const struct markup_renderer *r;
	void *arg;
	int blocks, spans; /* how deep we are */
};

struct markup *
markup_parse(struct str text)
{
	struct markup *m = xcalloc(1, sizeof(*m));

	m->root = cmark_parse_document(text.p, text.len, CMARK_OPT_DEFAULT);
	if (m->root == NULL)
		abort(); /* cmark does so itself when memory is gone */
	return m;
}

void
markup_free(struct markup *m)
{
	if (m == NULL)
		return;
	cmark_node_free(m->root);
	free(m);
}

static void
container(struct walk *w, enum mark mark, const struct markup_list *list, bool enter)
{
	if (enter && ++w->blocks <= MARKUP_BLOCKS_MAX)
		w->r->begin(w->arg, mark, list);
	if (!enter && w->blocks-- <= MARKUP_BLOCKS_MAX)
		w->r->end(w->arg, mark);
}

static void
item(struct walk *w, bool enter)
{
	if (w->blocks > MARKUP_BLOCKS_MAX)
		return;
	if (enter)
		w->r->begin(w->arg, MARK_ITEM, NULL);
	else
		w->r->end(w->arg, MARK_ITEM);
}

static void
span(struct walk *w, enum mark mark, bool enter)
{
	if (enter && ++w->spans <= MARKUP_SPANS_MAX)
		w->r->begin(w->arg, mark, NULL);
	if (!enter && w->spans-- <= MARKUP_SPANS_MAX)
		w->r->end(w->arg, mark);
}

static void
list(struct walk *w, cmark_node *node, bool enter)
{
	struct markup_list l = {
		.start = cmark_node_get_list_start(node),
		.tight = cmark_node_get_list_tight(node) != 0,
	};
	bool numbers = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;

	container(w, numbers ? MARK_NUMBERS : MARK_BULLETS, &l, enter);
}

/* The address, unless it is what was just said. Articles link to each other by id, which
 * means nothing to a student. */
static void
link_end(struct walk *w, cmark_node *node)
{
	struct str url = str_of(cmark_node_get_url(node));
	cmark_node *child = cmark_node_first_child(node);

	if (!str_starts(url, "http://") && !str_starts(url, "https://"))
		return;
	if (child != NULL && child == cmark_node_last_child(node) &&
	    cmark_node_get_type(child) == CMARK_NODE_TEXT &&
	    str_ends(url, cmark_node_get_literal(child)))
		return;
	w->r->text(w->arg, STR(" ("));
	w->r->text(w->arg, url);
	w->r->text(w->arg, STR(")"));
}

static struct str
literal(cmark_node *node)
{
	struct str s = str_of(cmark_node_get_literal(node));

	while (s.len > 0 && s.p[s.len - 1] == '\n')
		s.len--;
	return s;
}

static void
html_block(struct walk *w, cmark_node *node)
{
	struct str rest = literal(node);

	w->r->begin(w->arg, MARK_PARAGRAPH, NULL);
	while (rest.p != NULL) {
		w->r->text(w->arg, str_cut(&rest, '\n'));
		if (rest.p != NULL)
			w->r->line_break(w->arg);
	}
	w->r->end(w->arg, MARK_PARAGRAPH);
}

static void
paragraph(struct walk *w, bool bold, bool enter)
{
	if (enter)
		w->r->begin(w->arg, MARK_PARAGRAPH, NULL);
	if (bold)
		span(w, MARK_STRONG, enter);
	if (!enter)
		w->r->end(w->arg, MARK_PARAGRAPH);
}

static void
visit(struct walk *w, cmark_node *node, bool enter)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_PARAGRAPH:
		paragraph(w, false, enter);
		break;
	case CMARK_NODE_HEADING:
		paragraph(w, true, enter);
		break;
	case CMARK_NODE_LIST:
		list(w, node, enter);
		break;
	case CMARK_NODE_ITEM:
		item(w, enter);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		container(w, MARK_QUOTE, NULL, enter);
		break;
	case CMARK_NODE_CODE_BLOCK:
		w->r->code(w->arg, literal(node), true);
		break;
	case CMARK_NODE_HTML_BLOCK:
		html_block(w, node);
		break;
	case CMARK_NODE_TEXT:
	case CMARK_NODE_HTML_INLINE:
		w->r->text(w->arg, str_of(cmark_node_get_literal(node)));
		break;
	case CMARK_NODE_SOFTBREAK:
		w->r->text(w->arg, STR(" "));
		break;
	case CMARK_NODE_LINEBREAK:
		w->r->line_break(w->arg);
		break;
	case CMARK_NODE_CODE:
		w->r->code(w->arg, str_of(cmark_node_get_literal(node)), false);
		break;
	case CMARK_NODE_STRONG:
		span(w, MARK_STRONG, enter);
		break;
	case CMARK_NODE_EMPH:
		span(w, MARK_EMPHASIS, enter);
		break;
	case CMARK_NODE_LINK:
	case CMARK_NODE_IMAGE:
		if (!enter)
			link_end(w, node);
		break;
	default: /* the document, a rule, what no reply has */
		break;
	}
}

void
markup_walk(const struct markup *m, const struct markup_renderer *r, void *arg)
{
	struct walk w = { .r = r, .arg = arg };
	cmark_iter *it = cmark_iter_new(m->root);
	cmark_event_type ev;

	while ((ev = cmark_iter_next(it)) != CMARK_EVENT_DONE)
		visit(&w, cmark_iter_get_node(it), ev == CMARK_EVENT_ENTER);
	cmark_iter_free(it);
}

/* HTML */

static const char *const tags[] = {
	[MARK_PARAGRAPH] = "p",
	[MARK_BULLETS] = "ul",
	[MARK_NUMBERS] = "ol",
	[MARK_ITEM] = "li",
	[MARK_QUOTE] = "blockquote",
	[MARK_STRONG] = "strong",
	[MARK_EMPHASIS] = "em",
};

static void
html_begin(void *arg, enum mark mark, const struct markup_list *l)
{
	if (mark == MARK_NUMBERS && l->start != 1)
		buf_printf(arg, "<ol start=\"%d\">", l->start);
	else
		buf_printf(arg, "<%s>", tags[mark]);
}

static void
html_end(void *arg, enum mark mark)
{
	buf_printf(arg, "</%s>", tags[mark]);
}

static void
html_text(void *arg, struct str text)
{
	buf_add_html(arg, text);
}

static void
html_line_break(void *arg)
{
	buf_adds(arg, "<br>");
}

static void
html_code(void *arg, struct str text, bool block)
{
	buf_adds(arg, block ? "<pre><code>" : "<code>");
	buf_add_html(arg, text);
	buf_adds(arg, block ? "</code></pre>" : "</code>");
}

void
markup_html(const struct markup *m, struct buf *out)
{
	static const struct markup_renderer html = { html_begin, html_end, html_text,
		html_line_break, html_code };

	markup_walk(m, &html, out);
}

/* JSON */

struct json_out {
	struct buf *out;
	struct buf run; /* text that is not written yet: cmark cuts it at every sign */
	bool comma;     /* something stands before in the array */
};

static void
json_next(struct json_out *j)
{
	if (j->comma)
		buf_addc(j->out, ',');
	j->comma = true;
}

static void
json_flush(struct json_out *j)
{
	if (j->run.len == 0)
		return;
	json_next(j);
	buf_add_json(j->out, buf_str(&j->run));
	buf_clear(&j->run);
}

static void
json_begin(void *arg, enum mark mark, const struct markup_list *l)
{
	static const char *const open[] = {
		[MARK_PARAGRAPH] = "{\"k\":\"p\",\"c\":[",
		[MARK_BULLETS] = "{\"k\":\"ul\",\"c\":[",
		[MARK_ITEM] = "[",
		[MARK_QUOTE] = "{\"k\":\"quote\",\"c\":[",
		[MARK_STRONG] = "{\"b\":[",
		[MARK_EMPHASIS] = "{\"i\":[",
	};
	struct json_out *j = arg;

	json_flush(j);
	json_next(j);
	if (mark == MARK_NUMBERS)
		buf_printf(j->out, "{\"k\":\"ol\",\"start\":%d,\"c\":[", l->start);
	else
		buf_adds(j->out, open[mark]);
	j->comma = false;
}

static void
json_end(void *arg, enum mark mark)
{
	struct json_out *j = arg;

	json_flush(j);
	buf_adds(j->out, mark == MARK_ITEM ? "]" : "]}");
	j->comma = true;
}

static void
json_text_run(void *arg, struct str text)
{
	struct json_out *j = arg;

	buf_addstr(&j->run, text);
}

static void
json_line_break(void *arg)
{
	json_text_run(arg, STR("\n"));
}

static void
json_code(void *arg, struct str text, bool block)
{
	struct json_out *j = arg;

	json_flush(j);
	json_next(j);
	buf_adds(j->out, block ? "{\"k\":\"code\",\"text\":" : "{\"code\":");
	buf_add_json(j->out, text);
	buf_addc(j->out, '}');
}

void
markup_json(const struct markup *m, struct buf *out)
{
	static const struct markup_renderer json = { json_begin, json_end,
		json_text_run, json_line_break, json_code };
	struct json_out j = { .out = out };

	buf_addc(out, '[');
	markup_walk(m, &json, &j);
	buf_addc(out, ']');
	buf_fini(&j.run);
}

/* Plain text */

struct level {
	enum mark mark; /* MARK_BULLETS, MARK_NUMBERS, MARK_ITEM, MARK_QUOTE */
	bool tight;
	int number;    /* lists: of the next item */
	char sign[16]; /* items: "- " or "12. " */
	bool fresh;    /* items: the sign has not been written; lists: no item yet */
};

struct text_out {
	struct buf *out;
	size_t width;
	struct buf para; /* the paragraph; line feeds are breaks */
	struct level level[2 * MARKUP_BLOCKS_MAX];
	size_t n_levels;
	int gap;           /* line feeds before the next line */
	size_t gap_levels; /* the levels that the last line and the next one share */
};

/* The start of a line within the outermost levels: quotes, and the signs of items or the
 * room below them. */
static size_t
add_prefix(struct text_out *t, size_t levels, bool signs)
{
	size_t start = t->out->len;

	for (size_t i = 0; i < levels; i++) {
		struct level *l = &t->level[i];

		if (l->mark == MARK_QUOTE)
			buf_adds(t->out, "> ");
		if (l->mark != MARK_ITEM)
			continue;
		if (signs && l->fresh)
			buf_adds(t->out, l->sign);
		else
			buf_printf(t->out, "%*s", (int)strlen(l->sign), "");
		if (signs)
			l->fresh = false;
	}
	return t->out->len - start;
}

static void
trim_line(struct buf *b)
{
	while (b->len > 0 && b->data[b->len - 1] == ' ')
		b->data[--b->len] = '\0';
}

static void
add_gap(struct text_out *t)
{
	for (int i = 0; i < t->gap; i++) {
		if (i > 0) {
			(void)add_prefix(t, t->gap_levels, false);
			trim_line(t->out);
		}
		buf_addc(t->out, '\n');
	}
	t->gap = 0;
}

/* Writes one line of the source, broken at the width. */
static void
add_wrapped(struct text_out *t, struct str line)
{
	size_t prefix = add_prefix(t, t->n_levels, true), column = prefix;
	struct str rest = line;

	while (rest.p != NULL) {
		struct str word = str_cut(&rest, ' ');
		size_t n = utf8_graphemes(word);

		if (column > prefix && t->width > 0 && column + 1 + n > t->width) {
			buf_addc(t->out, '\n');
			column = add_prefix(t, t->n_levels, true);
		} else if (column > prefix) {
			buf_addc(t->out, ' ');
			column++;
		}
		buf_addstr(t->out, word);
		column += n;
	}
	trim_line(t->out);
}

/* Line feeds of text stay; t->gap afterwards is that between blocks. */
static void
add_lines(struct text_out *t, struct str text)
{
	struct str rest = text;

	while (rest.p != NULL) {
		add_gap(t);
		add_wrapped(t, str_cut(&rest, '\n'));
		t->gap = 1;
	}
	t->gap = 2;
	t->gap_levels = t->n_levels;
}

static void
begin_item(struct text_out *t, struct level *l, struct level *of)
{
	if (!of->fresh && of->tight)
		t->gap = 1;
	of->fresh = false;
	l->fresh = true;
	l->tight = of->tight;
	if (of->mark == MARK_NUMBERS)
		(void)snprintf(l->sign, sizeof(l->sign), "%d. ", of->number++);
	else
		(void)snprintf(l->sign, sizeof(l->sign), "- ");
}

static void
text_begin(void *arg, enum mark mark, const struct markup_list *l)
{
	struct text_out *t = arg;
	struct level *level = &t->level[t->n_levels];
	struct level *above = t->n_levels > 0 ? level - 1 : NULL;

	if (mark == MARK_PARAGRAPH || mark == MARK_STRONG || mark == MARK_EMPHASIS)
		return;
	assert(t->n_levels < ARRAY_LEN(t->level));
	*level = (struct level){ .mark = mark };
	if (mark == MARK_ITEM)
		begin_item(t, level, above);
	if (mark == MARK_BULLETS || mark == MARK_NUMBERS) {
		level->tight = l->tight;
		level->number = l->start;
		level->fresh = true;
		if (above != NULL && above->mark == MARK_ITEM && above->tight &&
		    !above->fresh)
			t->gap = 1;
	}
	t->n_levels++;
}

static void
text_end(void *arg, enum mark mark)
{
	struct text_out *t = arg;

	if (mark == MARK_STRONG || mark == MARK_EMPHASIS)
		return;
	if (mark == MARK_PARAGRAPH) {
		add_lines(t, buf_str(&t->para));
		buf_clear(&t->para);
		return;
	}
	if (mark == MARK_ITEM && t->level[t->n_levels - 1].fresh)
		add_lines(t, STR("")); /* an empty item still has its sign */
	t->n_levels--;
	if (t->gap_levels > t->n_levels)
		t->gap_levels = t->n_levels;
}

static void
text_text(void *arg, struct str text)
{
	struct text_out *t = arg;

	buf_addstr(&t->para, text);
}

static void
text_line_break(void *arg)
{
	text_text(arg, STR("\n"));
}

static void
text_code(void *arg, struct str text, bool block)
{
	struct text_out *t = arg;

	if (!block)
		text_text(arg, text);
	else
		add_lines(t, text);
}

void
markup_text(const struct markup *m, size_t width, struct buf *out)
{
	static const struct markup_renderer plain = { text_begin, text_end, text_text,
		text_line_break, text_code };
	struct text_out t = { .out = out, .width = width };

	markup_walk(m, &plain, &t);
	buf_fini(&t.para);
}
