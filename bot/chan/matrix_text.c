/*
 * matrix_text.c - a reply's Markdown as contents of m.room.message events.
 *
 * The Markdown itself is cut, between its paragraphs as far as possible, so that each part
 * is rendered by itself, as HTML and as text. A cut within a paragraph may part the signs of
 * bold text: they are then shown as they stand.
 */
#include <string.h>

#include "bot/chan/matrix_text.h"
#include "credbot/base/utf8.h"
#include "credbot/chan/markup.h"

#define ELLIPSIS "…"

enum cut { CUT_PARAGRAPH, CUT_LINE, CUT_SENTENCE, CUT_WORD, CUT_CHARACTER, CUTS };

/* Which kind of place lies behind last, when so many line feeds follow. */
static enum cut
kind_of(struct str last, size_t feeds)
{
	if (feeds > 1)
		return CUT_PARAGRAPH;
	if (feeds == 1)
		return CUT_LINE;
	if (last.len == 1 && strchr(".!?", last.p[0]) != NULL)
		return CUT_SENTENCE;
	return CUT_WORD;
}

/* When not even one cluster has room. Never 0. */
static size_t
cut_cluster(struct str md, size_t bytes)
{
	struct str rest = md;
	size_t to = 0;

	while (rest.len > 0 && (to == 0 || md.len - rest.len <= bytes)) {
		to = md.len - rest.len;
		(void)utf8_next(&rest);
	}
	return to > 0 ? to : md.len;
}

/* How much of md the next part takes. */
static size_t
find_cut(struct str md, const struct matrix_limits *l)
{
	size_t cuts[CUTS] = { 0 }, n = 0, feeds = 0, seen_end = 0;
	struct str rest = md, last = STR("");
	bool blank = false;

	while (rest.len > 0) {
		struct str c = utf8_next_grapheme(&rest);
		size_t end = md.len - rest.len;

		if (utf8_blank(c)) {
			blank = true;
			feeds += c.p[0] == '\n';
			n++;
			continue;
		}
		if (seen_end > 0)
			cuts[blank ? kind_of(last, feeds) : CUT_CHARACTER] = seen_end;
		if (++n > l->chars || end > l->bytes)
			break;
		blank = false;
		feeds = 0;
		last = c;
		seen_end = end;
	}
	if (rest.len == 0 && n <= l->chars && md.len <= l->bytes)
		return md.len;
	for (size_t i = 0; i < CUTS; i++)
		/* Not a few words alone because a paragraph ends there. */
		if (cuts[i] > 0 && (i >= CUT_SENTENCE || cuts[i] >= seen_end / 4))
			return cuts[i];
	if (seen_end > 0 && seen_end <= l->bytes)
		return seen_end;
	return cut_cluster(md, l->bytes);
}

static void
add_choices(const struct str *buttons, size_t n, struct buf *body, struct buf *html)
{
	if (n == 0)
		return;
	if (body->len > 0)
		buf_adds(body, "\n\n");
	buf_adds(html, "<ol>");
	for (size_t i = 0; i < n; i++) {
		buf_printf(body, "%s%zu. %.*s", i == 0 ? "" : "\n", i + 1,
		    STR_ARG(buttons[i]));
		buf_adds(html, "<li>");
		buf_add_html(html, buttons[i]);
		buf_adds(html, "</li>");
	}
	buf_adds(html, "</ol>");
}

/* One paragraph without anything in it says no more than the plain text. */
static bool
says_more(struct str html)
{
	struct str inside = str_trim(html);

	if (!str_starts(inside, "<p>") || !str_ends(inside, "</p>"))
		return true;
	inside = str_n(inside.p + 3, inside.len - 7);
	return memchr(inside.p, '<', inside.len) != NULL;
}

static bool
make_part(struct arena *a, struct str md, bool more, const struct str *buttons,
    size_t n_buttons, struct matrix_part *out)
{
	struct buf text = { 0 }, body = { 0 }, html = { 0 };
	struct markup *m;
	bool good;

	buf_addstr(&text, md);
	if (more)
		buf_adds(&text, ELLIPSIS);
	m = markup_parse(buf_str(&text));
	markup_text(m, 0, &body);
	markup_html(m, &html);
	add_choices(buttons, n_buttons, &body, &html);
	out->body = arena_str(a, str_trim(buf_str(&body)));
	out->html = says_more(buf_str(&html)) ? arena_str(a, str_trim(buf_str(&html)))
	                                      : STR("");
	good = !utf8_blank(out->body);
	markup_free(m);
	buf_fini(&text);
	buf_fini(&body);
	buf_fini(&html);
	return good;
}

size_t
matrix_text(struct arena *a, struct str markdown, const struct str *buttons,
    size_t n_buttons, const struct matrix_limits *limits, struct matrix_part **out)
{
	static const struct matrix_limits all = { MATRIX_CHARS_MAX, MATRIX_BYTES_MAX,
		MATRIX_PARTS_MAX };
	const struct matrix_limits *l = limits != NULL ? limits : &all;
	struct buf clean = { 0 };
	struct str rest;
	size_t n = 0;

	utf8_clean(markdown, &clean);
	rest = utf8_trim(buf_str(&clean));
	*out = arena_zalloc(a, l->parts, sizeof(**out));
	do {
		size_t len = find_cut(rest, l);
		struct str md = str_n(rest.p, len);
		bool last, more;

		rest = utf8_trim(str_n(rest.p + len, rest.len - len));
		more = rest.len > 0 && n + 1 == l->parts;
		last = rest.len == 0 || more;
		if (make_part(a, md, more, buttons, last ? n_buttons : 0, &(*out)[n]))
			n++;
		if (last)
			break;
	} while (n < l->parts);
	buf_fini(&clean);
	return n;
}

static size_t
json_size(struct str s)
{
	struct buf b = { 0 };
	size_t n;

	buf_add_json(&b, s);
	n = b.len;
	buf_fini(&b);
	return n;
}

/* before stands in front of what is read. */
static void
add_message(const struct matrix_part *p, const char *before, bool notice, bool html,
    struct buf *out)
{
	struct buf text = { 0 };

	/* A text rings a phone, so it cannot be a notice; other bots are told all the same. */
	buf_printf(out,
	    "{\"msgtype\":\"%s\",\"" MATRIX_AUTOMATED
	    "\":true,\"m.mentions\":{},\"body\":",
	    notice ? "m.notice" : "m.text");
	buf_printf(&text, "%s%.*s", before, STR_ARG(p->body));
	buf_add_json(out, buf_str(&text));
	if (html) {
		buf_clear(&text);
		buf_printf(&text, "%s%.*s", before, STR_ARG(p->html));
		buf_adds(out, ",\"format\":\"org.matrix.custom.html\","
			      "\"formatted_body\":");
		buf_add_json(out, buf_str(&text));
	}
	buf_fini(&text);
}

static bool
has_room_for_html(const struct matrix_part *p, bool plain, size_t max)
{
	return p->html.len > 0 && !plain &&
	       json_size(p->body) + json_size(p->html) <= max;
}

void
matrix_part_json(const struct matrix_part *p, bool notice, bool plain, struct buf *out)
{
	add_message(p, "", notice, has_room_for_html(p, plain, MATRIX_CONTENT_MAX),
	    out);
}

void
matrix_edit_json(const struct matrix_part *p, bool notice, bool plain,
    struct str replaces, struct buf *out)
{
	/* All of it stands there twice. */
	bool html = has_room_for_html(p, plain, MATRIX_CONTENT_MAX / 2);

	add_message(p, "* ", notice, html, out);
	buf_adds(out, ",\"m.new_content\":");
	add_message(p, "", notice, html, out);
	buf_adds(out, "},\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":");
	buf_add_json(out, replaces);
	buf_adds(out, "}}");
}
