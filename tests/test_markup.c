/*
 * test_markup.c - the Markdown of replies in all its dresses.
 */
#include <stdlib.h>

#include "credbot/base/json.h"
#include "credbot/base/utf8.h"
#include "credbot/chan/markup.h"
#include "t.h"

static const struct {
	const char *in, *html, *json, *text;
} rows[] = {
	{ "", "", "[]", "" },
	{ "One.", "<p>One.</p>", "[{\"k\":\"p\",\"c\":[\"One.\"]}]", "One." },
	{ "One\nline.\n\nTwo\\\nlines.", "<p>One line.</p><p>Two<br>lines.</p>",
	    "[{\"k\":\"p\",\"c\":[\"One "
	    "line.\"]},{\"k\":\"p\",\"c\":[\"Two\\nlines.\"]}]",
	    "One line.\n\nTwo\nlines." },
	{ "It's **30 *ECTS*** or `x<y`.",
	    "<p>It&#39;s <strong>30 <em>ECTS</em></strong> or <code>x&lt;y</code>.</p>",
	    "[{\"k\":\"p\",\"c\":[\"It's \",{\"b\":[\"30 \",{\"i\":[\"ECTS\"]}]},\" or "
	    "\","
	    "{\"code\":\"x<y\"},\".\"]}]",
	    "It's 30 ECTS or x<y." },
	{ "You need:\n\n- a passport\n- a *letter*\n\nThat is all.",
	    "<p>You need:</p><ul><li><p>a passport</p></li><li><p>a "
	    "<em>letter</em></p></li>"
	    "</ul><p>That is all.</p>",
	    "[{\"k\":\"p\",\"c\":[\"You "
	    "need:\"]},{\"k\":\"ul\",\"c\":[[{\"k\":\"p\",\"c\":"
	    "[\"a passport\"]}],[{\"k\":\"p\",\"c\":[\"a \",{\"i\":[\"letter\"]}]}]]},"
	    "{\"k\":\"p\",\"c\":[\"That is all.\"]}]",
	    "You need:\n\n- a passport\n- a letter\n\nThat is all." },
	{ "9. nine\n10. ten\n    - inner\n",
	    "<ol "
	    "start=\"9\"><li><p>nine</p></li><li><p>ten</p><ul><li><p>inner</p></li></"
	    "ul>"
	    "</li></ol>",
	    "[{\"k\":\"ol\",\"start\":9,\"c\":[[{\"k\":\"p\",\"c\":[\"nine\"]}],[{"
	    "\"k\":\"p\","
	    "\"c\":[\"ten\"]},{\"k\":\"ul\",\"c\":[[{\"k\":\"p\",\"c\":[\"inner\"]}]]}]"
	    "]}]",
	    "9. nine\n10. ten\n    - inner" },
	{ "- one\n\n  more of one\n\n- two",
	    "<ul><li><p>one</p><p>more of one</p></li><li><p>two</p></li></ul>",
	    "[{\"k\":\"ul\",\"c\":[[{\"k\":\"p\",\"c\":[\"one\"]},{\"k\":\"p\",\"c\":["
	    "\"more of "
	    "one\"]}],[{\"k\":\"p\",\"c\":[\"two\"]}]]}]",
	    "- one\n\n  more of one\n\n- two" },
	{ "Yes.\n\n> Please note: it\n> may change.\n>\n> - ask\n> - again",
	    "<p>Yes.</p><blockquote><p>Please note: it may "
	    "change.</p><ul><li><p>ask</p></li>"
	    "<li><p>again</p></li></ul></blockquote>",
	    "[{\"k\":\"p\",\"c\":[\"Yes.\"]},{\"k\":\"quote\",\"c\":[{\"k\":\"p\","
	    "\"c\":[\"Please"
	    " note: it may "
	    "change.\"]},{\"k\":\"ul\",\"c\":[[{\"k\":\"p\",\"c\":[\"ask\"]}],["
	    "{\"k\":\"p\",\"c\":[\"again\"]}]]}]}]",
	    "Yes.\n\n> Please note: it may change.\n>\n> - ask\n> - again" },
	{ "<b onclick=\"x()\">hi</b> <script>alert(1)</script>",
	    "<p>&lt;b onclick=&quot;x()&quot;&gt;hi&lt;/b&gt; "
	    "&lt;script&gt;alert(1)&lt;/"
	    "script&gt;</p>",
	    "[{\"k\":\"p\",\"c\":[\"<b onclick=\\\"x()\\\">hi</b> "
	    "<script>alert(1)</script>\"]}"
	    "]",
	    "<b onclick=\"x()\">hi</b> <script>alert(1)</script>" },
	{ "<div>\nblock\n</div>\n\nafter",
	    "<p>&lt;div&gt;<br>block<br>&lt;/div&gt;</p><p>after</p>",
	    "[{\"k\":\"p\",\"c\":[\"<div>\\nblock\\n</"
	    "div>\"]},{\"k\":\"p\",\"c\":[\"after\"]}]",
	    "<div>\nblock\n</div>\n\nafter" },
	{ "See [the *list*](https://x.eu/a) and <https://y.eu> or "
	  "[x](javascript:alert(1)).",
	    "<p>See the <em>list</em> (https://x.eu/a) and https://y.eu or x.</p>",
	    "[{\"k\":\"p\",\"c\":[\"See the \",{\"i\":[\"list\"]},\" (https://x.eu/a) "
	    "and "
	    "https://y.eu or x.\"]}]",
	    "See the list (https://x.eu/a) and https://y.eu or x." },
	{ "![map](https://x.eu/m.png) <me@x.eu>",
	    "<p>map (https://x.eu/m.png) me@x.eu</p>",
	    "[{\"k\":\"p\",\"c\":[\"map (https://x.eu/m.png) me@x.eu\"]}]",
	    "map (https://x.eu/m.png) me@x.eu" },
	{ "# Fees\n\nNone.\n\n---\n\n    code <x>\n\n```\na\n\nb\n```\n",
	    "<p><strong>Fees</strong></p><p>None.</p><pre><code>code "
	    "&lt;x&gt;</code></pre>"
	    "<pre><code>a\n\nb</code></pre>",
	    "[{\"k\":\"p\",\"c\":[{\"b\":[\"Fees\"]}]},{\"k\":\"p\",\"c\":[\"None.\"]},"
	    "{\"k\":"
	    "\"code\",\"text\":\"code <x>\"},{\"k\":\"code\",\"text\":\"a\\n\\nb\"}]",
	    "Fees\n\nNone.\n\ncode <x>\n\na\n\nb" },
	{ "5 * 3 \\* 2 &amp; &lt;i&gt;", "<p>5 * 3 * 2 &amp; &lt;i&gt;</p>",
	    "[{\"k\":\"p\",\"c\":[\"5 * 3 * 2 & <i>\"]}]", "5 * 3 * 2 & <i>" },
	{ "a\n\n- - x\n  - y",
	    "<p>a</p><ul><li><ul><li><p>x</p></li><li><p>y</p></li></ul></li></ul>",
	    "[{\"k\":\"p\",\"c\":[\"a\"]},{\"k\":\"ul\",\"c\":[[{\"k\":\"ul\",\"c\":[[{"
	    "\"k\":\"p\",\"c\":[\"x\"]}],[{\"k\":\"p\",\"c\":[\"y\"]}]]}]]}]",
	    "a\n\n- - x\n  - y" },
	{ "-\n- x", "<ul><li></li><li><p>x</p></li></ul>",
	    "[{\"k\":\"ul\",\"c\":[[],[{\"k\":\"p\",\"c\":[\"x\"]}]]}]", "-\n- x" },
};

static void
test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct markup *m = markup_parse(str_of(rows[i].in));
		struct buf html = { 0 }, json = { 0 }, text = { 0 };
		struct json *v;

		markup_html(m, &html);
		markup_json(m, &json);
		markup_text(m, 0, &text);
		T_STR(buf_cstr(&html), rows[i].html, "html of row %zu", i);
		T_STR(buf_cstr(&json), rows[i].json, "json of row %zu", i);
		T_STR(buf_cstr(&text), rows[i].text, "text of row %zu", i);
		v = json_parse(buf_str(&json), 32);
		T_CHECK(v != NULL, "row %zu is JSON", i);
		json_free(v);
		buf_fini(&html);
		buf_fini(&json);
		buf_fini(&text);
		markup_free(m);
	}
	markup_free(NULL);
}

/* Messages are made of these in test_telegram_text.c, where most rows are. */
static void
test_spans(void)
{
	static const struct {
		const char *in, *text, *spans;
	} spans[] = {
		{ "", "", "" },
		{ "é **b *c* `d` e** f", "é b c d e f", "0:3-7 1:5-6 2:7-8 0:8-10 " },
		{ "- a\n- > b\n  > > c", "• a\n• b\n\n  c", "4:6-16 " },
		{ "#\n\nx", "x", "0:0-0 " },
		{ "x `a\ab` &#7;\n\n    c\a", "x ab \n\nc", "2:2-4 3:7-8 " },
	};

	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		struct markup *m = markup_parse(str_of(spans[i].in));
		struct markup_spans out = { 0 };
		struct buf got = { 0 };

		markup_spans(m, &out);
		for (size_t k = 0; k < out.n; k++)
			buf_printf(&got, "%d:%zu-%zu ", (int)out.v[k].kind,
			    out.v[k].start, out.v[k].end);
		T_STR(buf_cstr(&out.text), spans[i].text, "row %zu", i);
		T_STR(buf_cstr(&got), spans[i].spans, "row %zu", i);
		buf_fini(&got);
		markup_spans_fini(&out);
		markup_free(m);
	}
}

static void
test_wrapping(void)
{
	static const struct {
		size_t width;
		const char *in, *want;
	} wraps[] = {
		{ 20, "The quick brown fox jumps over the lazy dog.",
		    "The quick brown fox\njumps over the lazy\ndog." },
		{ 20, "- The quick brown fox jumps\n- dog",
		    "- The quick brown\n  fox jumps\n- dog" },
		{ 20, "> The quick brown fox jumps\n\nover",
		    "> The quick brown\n> fox jumps\n\nover" },
		{ 20, "> 1. The quick brown fox jumps",
		    "> 1. The quick brown\n>    fox jumps" },
		{ 8, "https://example.org/long and", "https://example.org/long\nand" },
		{ 8, "ééé ééé ééé", "ééé ééé\nééé" },
	};

	for (size_t i = 0; i < ARRAY_LEN(wraps); i++) {
		struct markup *m = markup_parse(str_of(wraps[i].in));
		struct buf text = { 0 };

		markup_text(m, wraps[i].width, &text);
		T_STR(buf_cstr(&text), wraps[i].want, "row %zu", i);
		buf_fini(&text);
		markup_free(m);
	}
}

/* However deep it is nested, no renderer follows without end. */
static void
test_depth(void)
{
	struct buf in = { 0 }, out = { 0 };
	struct markup *m;
	struct json *v;

	for (int i = 0; i < 500; i++)
		buf_adds(&in, i % 2 == 0 ? "> " : "- ");
	buf_adds(&in, "deep\n\n");
	for (int i = 0; i < 500; i++)
		buf_adds(&in, "*a **b ");
	for (int i = 0; i < 500; i++)
		buf_adds(&in, " b** a*");
	m = markup_parse(buf_str(&in));
	markup_json(m, &out);
	v = json_parse(buf_str(&out), 4 + 4 * MARKUP_BLOCKS_MAX + 2 * MARKUP_SPANS_MAX);
	T_CHECK(v != NULL, "not too deep");
	json_free(v);
	buf_clear(&out);
	markup_html(m, &out);
	T_CHECK(strstr(buf_cstr(&out), "deep") != NULL, "nothing is lost");
	buf_clear(&out);
	markup_text(m, 40, &out);
	T_CHECK(strstr(buf_cstr(&out), "deep") != NULL, "nothing is lost");
	buf_fini(&in);
	buf_fini(&out);
	markup_free(m);
}

/* Whatever bytes come, the output is UTF-8 and holds no tag of theirs. */
static void
test_noise(void)
{
	static const char signs[] = "*_`[]()<>!#-+.0123 \n\t\\&;\"'/:ab\xc3\xa9";
	unsigned seed = 1;

	for (int round = 0; round < 2000; round++) {
		struct buf in = { 0 }, clean = { 0 }, html = { 0 }, json = { 0 };
		struct markup *m;
		struct json *v;

		for (int i = 0; i < 80; i++) {
			seed = seed * 1664525 + 1013904223;
			buf_addc(&in, signs[(seed >> 16) % (sizeof(signs) - 1)]);
		}
		utf8_clean(buf_str(&in), &clean);
		m = markup_parse(buf_str(&clean));
		markup_html(m, &html);
		markup_json(m, &json);
		v = json_parse(buf_str(&json), 64);
		if (v == NULL || !utf8_valid(buf_str(&html)) ||
		    strstr(buf_cstr(&html), "<a") != NULL ||
		    strstr(buf_cstr(&html), "<b>") != NULL)
			T_CHECK(false, "round %d: %s", round, buf_cstr(&clean));
		json_free(v);
		markup_free(m);
		buf_fini(&in);
		buf_fini(&clean);
		buf_fini(&html);
		buf_fini(&json);
	}
	T_CHECK(true, "2,000 rounds");
}

int
main(void)
{
	T_RUN(test_rows);
	T_RUN(test_spans);
	T_RUN(test_wrapping);
	T_RUN(test_depth);
	T_RUN(test_noise);
	return t_end();
}
