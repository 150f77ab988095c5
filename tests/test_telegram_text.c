/*
 * test_telegram_text.c - what of a reply Telegram is told, and where it is cut.
 */
#include <stdint.h>
#include <stdlib.h>

#include "bot/chan/telegram_text.h"
#include "credbot/base/alloc.h"
#include "credbot/base/chance.h"
#include "credbot/base/json.h"
#include "credbot/base/utf8.h"
#include "t.h"

#define WIDE ((size_t)1 << 30)

static const char *const kinds[] = { "bold", "italic", "code", "pre", "blockquote" };

/* The texts of all chunks with a bar between them, and the entities likewise: each as kind,
 * offset + length. */
static void
show(const struct telegram_chunk *c, size_t n, struct buf *text, struct buf *entities)
{
	for (size_t i = 0; i < n; i++) {
		buf_adds(text, i > 0 ? "|" : "");
		buf_addstr(text, c[i].text);
		buf_adds(entities, i > 0 ? "| " : "");
		for (size_t k = 0; k < c[i].n; k++)
			buf_printf(entities, "%s %zu+%zu ",
			    kinds[c[i].entities[k].kind], c[i].entities[k].offset,
			    c[i].entities[k].length);
	}
}

static void
check(struct str in, const struct telegram_limits *l, const char *text,
    const char *entities, const char *table, size_t row)
{
	struct arena *a = arena_new();
	struct buf got_text = { 0 }, got_entities = { 0 };
	struct telegram_chunk *c;
	size_t n = telegram_text(a, in, l, &c);

	show(c, n, &got_text, &got_entities);
	T_STR(buf_cstr(&got_text), text, "text of %s %zu", table, row);
	T_STR(buf_cstr(&got_entities), entities, "entities of %s %zu", table, row);
	buf_fini(&got_text);
	buf_fini(&got_entities);
	arena_free(a);
}

static void
test_constructs(void)
{
	static const struct {
		const char *in, *text, *entities;
	} rows[] = {
		{ "One.", "One.", "" },
		{ "One\nline.\n\nTwo\\\nlines.", "One line.\n\nTwo\nlines.", "" },
		{ "a **b** *c* `d`", "a b c d", "bold 2+1 italic 4+1 code 6+1 " },
		{ "🍕 **x🍕** 👩‍🎓 *y*", "🍕 x🍕 👩‍🎓 y",
		    "bold 3+3 italic 13+1 " },
		{ "**30 *ECTS***", "30 ECTS", "bold 0+7 italic 3+4 " },
		{ "***x***", "x", "italic 0+1 bold 0+1 " },
		/* not within their own kind */
		{ "**a **b** c**", "a b c", "bold 0+5 " },
		{ "*a *b* c*", "a b c", "italic 0+5 " },
		/* nothing within code, and code within nothing */
		{ "`**a**`", "**a**", "code 0+5 " },
		{ "**a `b` c**", "a b c", "bold 0+1 code 2+1 bold 4+1 " },
		{ "*a **b `c` d** e*", "a b c d e",
		    "italic 0+3 bold 2+1 code 4+1 italic 6+3 bold 6+1 " },
		{ "**a *b `c` d* e**", "a b c d e",
		    "bold 0+3 italic 2+1 code 4+1 bold 6+3 italic 6+1 " },
		{ "**`x`**", "x", "code 0+1 " },
		{ "```\n**a**\n\nb\n```\n\nc", "**a**\n\nb\n\nc", "pre 0+8 " },
		{ "```\n```\n\nc", "c", "" },
		/* trimmed, and dropped when nothing is left */
		{ "x ` y ` z", "x y z", "code 2+1 " },
		{ "x `  ` z", "x    z", "" },
		{ "x *&#x200d;* z", "x \u200d z", "" },
		{ "x\n\n```\n  y\n```", "x\n\n  y", "pre 5+1 " },
		/* lists */
		{ "You need:\n\n- a passport\n- a *letter*\n\nThat is all.",
		    "You need:\n\n• a passport\n• a letter\n\nThat is all.",
		    "italic 28+6 " },
		{ "9. nine\n10. ten\n    - in\n    - side\n11. eleven",
		    "9. nine\n10. ten\n    • in\n    • side\n11. eleven", "" },
		{ "- one\n\n  more\\\n  of one\n\n- two",
		    "• one\n\n  more\n  of one\n\n• two", "" },
		{ "a\n\n- - x\n  - y", "a\n\n• • x\n  • y", "" },
		{ "-\n- x", "• \n• x", "" },
		{ "- a\n\n      b\n        c\n- ```\n  d\n  ```",
		    "• a\n\nb\n  c\n\n• d", "pre 5+5 pre 14+1 " },
		{ "- # Fees\n  none", "• Fees\n\n  none", "bold 2+4 " },
		/* quotes: no sign, no nesting, all the rest may be in them */
		{ "Yes.\n\n> it\n> *may*\n>\n> - ask\n> - `x`\n\nEnd",
		    "Yes.\n\nit may\n\n• ask\n• x\n\nEnd",
		    "blockquote 6+17 italic 9+3 code 22+1 " },
		{ "> a\n>\n> > b\n>\n> c", "a\n\nb\n\nc", "blockquote 0+7 " },
		{ "> > a\n\nb", "a\n\nb", "blockquote 0+1 " },
		{ "> a\n\n<!-- -->\n\n> b", "a\n\n<!-- -->\n\nb",
		    "blockquote 0+1 blockquote 13+1 " },
		{ "- > a\n- b", "• a\n• b", "blockquote 0+3 " },
		{ ">\n\nx", "x", "" },
		{ "> ```\n> x\n> ```", "x", "blockquote 0+1 pre 0+1 " },
		/* the rest */
		{ "# Fees\n\nNone.", "Fees\n\nNone.", "bold 0+4 " },
		{ "a\n\n#\n\nb", "a\n\nb", "" },
		{ "See [the *list*](https://x.eu/a) and <https://y.eu>.",
		    "See the list (https://x.eu/a) and https://y.eu.", "italic 8+4 " },
		{ "_*[ ] ( )~`>#+-=|{}.! <b>x</b> &amp;",
		    "_*[ ] ( )~`>#+-=|{}.! <b>x</b> &", "" },
		{ "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d **\xd7\xa2**",
		    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd7\xa2", "bold 5+1 " },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(str_of(rows[i].in), NULL, rows[i].text, rows[i].entities,
		    "constructs", i);
}

/* Clean, and nothing rather than nothing to see. */
static void
test_clean(void)
{
	static const struct {
		struct str in;
		const char *text;
	} rows[] = {
		{ { "", 0 }, "" },
		{ { " \n\t\n", 4 }, "" },
		{ { "**", 2 }, "**" },
		{ { "```\n \n```", 9 }, "" },
		{ { "&nbsp;&#x200b;&#x2060;&#x3164;&#x2800;", 38 }, "" },
		{ { "&nbsp;a&#x200b;", 15 }, "a" },
		{ { "a\0b", 3 }, "ab" },
		{ { "a\ab\x7f", 4 }, "ab" },
		{ { "a&#7;b&#x202e;c", 15 }, "abc" },
		{ { "a\tb", 3 }, "a\tb" },
		{ { "a&#0;b", 6 }, "a\uFFFDb" },
		{ { "a\xff", 2 }, "a\uFFFD" },
		/* the space bears an accent */
		{ { "&#32;&#x301;x", 13 }, " \u0301x" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(rows[i].in, NULL, rows[i].text, "", "clean", i);
}

static void
test_cuts(void)
{
	static const struct {
		size_t units, bytes;
		const char *in, *text, *entities;
	} rows[] = {
		/* the best place, and of its kind the last */
		{ 20, 99, "A b.\n\nC d.\n\nE f.\\\nG h. I j",
		    "A b.\n\nC d.|E f.\nG h. I j", "| " },
		{ 20, 99, "A b.\\\nC d.\\\nE f. G h. I j", "A b.\nC d.|E f. G h. I j",
		    "| " },
		{ 10, 99, "A b. C d. E f", "A b. C d.|E f", "| " },
		{ 12, 99, "A b! C d? E f g h", "A b! C d?|E f g h", "| " },
		{ 12, 99, "“A b.” C d e f", "“A b.”|C d e f", "| " },
		{ 10, 99, "Ab cd ef gh", "Ab cd ef|gh", "| " },
		{ 4, 99, "abcdefghij", "abcd|efgh|ij", "| | " },
		/* neither in a number nor behind that of an item */
		{ 10, 99, "1. ab cd ef gh", "1. ab cd|ef gh", "| " },
		{ 10, 99, "ab 1.5 cd 2.5", "ab 1.5 cd|2.5", "| " },
		{ 8, 99, "ab cd.efgh", "ab|cd.efgh", "| " },
		/* without spaces between sentences; not at a space that binds */
		{ 6, 99, "你好。你好吗", "你好。你好吗", "" },
		{ 5, 99, "你好。你好吗", "你好。|你好吗", "| " },
		{ 6, 99, "ab cd\u00a0ef", "ab|cd\u00a0ef", "| " },
		/* just so, and one more; what is dropped does not count */
		{ 5, 99, "abcde", "abcde", "" },
		{ 5, 99, "abcdef", "abcde|f", "| " },
		{ 5, 99, "abcde\n\nf", "abcde|f", "| " },
		{ 5, 99, "abcd f", "abcd|f", "| " },
		{ 5, 99, "abcd  &nbsp;  f", "abcd|f", "| " },
		/* UTF-16 units */
		{ 4, 99, "🍕🍕", "🍕🍕", "" },
		{ 4, 99, "a🍕🍕", "a🍕|🍕", "| " },
		{ 3, 99, "🍕🍕", "🍕|🍕", "| " },
		/* clusters: marks, joiners, flags, a whole that is too long */
		{ 3, 99, "abx\u0301", "ab|x\u0301", "| " },
		{ 6, 99, "ab👩‍🎓c", "ab|👩‍🎓c", "| " },
		{ 6, 99, "a🇩🇪🇫🇷", "a🇩🇪|🇫🇷", "| " },
		{ 4, 99, "x\u0301\u0302\u0303\u0304\u0307",
		    "x\u0301\u0302\u0303|\u0304\u0307", "| " },
		{ 4, 99, "a👩‍🎓", "a|👩‍|🎓", "| | " },
		/* bytes */
		{ 99, 17, "שלום שלום", "שלום שלום", "" },
		{ 99, 16, "שלום שלום", "שלום|שלום", "| " },
		{ 99, 8, "🍕🍕🍕", "🍕🍕|🍕", "| " },
		{ 99, 7, "🍕\u0301\u0302\u0303", "🍕\u0301|\u0302\u0303", "| " },
		/* entities go on behind the cut, but never on white space */
		{ 6, 99, "a **bc de fg** h", "a bc|de fg|h", "bold 2+2 | bold 0+5 | " },
		{ 6, 99, "🍕 **🍕 *🍕x* y**", "🍕 🍕|🍕x y",
		    "bold 3+2 | bold 0+5 italic 0+3 " },
		{ 4, 99, "**ab** cd", "ab|cd", "bold 0+2 | " },
		{ 5, 99, "```\nab\n\n  cd\n```", "ab|cd", "pre 0+2 | pre 0+2 " },
		{ 8, 99, "> ab **cd**\n>\n> ef", "ab cd|ef",
		    "blockquote 0+5 bold 3+2 | blockquote 0+2 " },
		/* the third is the last */
		{ 4, 99, "ab cd ef", "ab|cd|ef", "| | " },
		{ 4, 99, "ab cd ef gh", "ab|cd|ef…", "| | " },
		{ 4, 99, "ab cd efgh", "ab|cd|efgh", "| | " },
		{ 4, 99, "ab cd efghi", "ab|cd|efg…", "| | " },
		{ 4, 99, "ab cd **efgh ij**", "ab|cd|efg…", "| | bold 0+3 " },
		{ 99, 7, "abcdefgabcdefgabcdefg", "abcdefg|abcdefg|abcdefg", "| | " },
		{ 99, 7, "abcdefgabcdefgabcdefgh", "abcdefg|abcdefg|abcd…", "| | " },
		{ 10, 99, "abcdefghij abcdefghij a.\n\nb c d e f g",
		    "abcdefghij|abcdefghij|a.\n\nb c d…", "| | " },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct telegram_limits l = { rows[i].units, rows[i].bytes, 9, 3 };

		check(str_of(rows[i].in), &l, rows[i].text, rows[i].entities, "cuts",
		    i);
	}
}

/* Marks without end that are blank themselves: no chunk is, and nothing hangs. */
static void
test_endless_cluster(void)
{
	static const struct telegram_limits l = { 4, 99, 9, 3 };

	check(STR("a&#32;&#x34f;&#x34f;&#x34f;&#x34f;&#x34f;&#x301;"), &l,
	    "a|\u034f\u034f\u0301", "| ", "endless", 0);
}

static void
test_network_limits(void)
{
	static const struct {
		const char *first, *piece;
		size_t n, first_units, second_units; /* 0: one chunk */
	} rows[] = {
		{ "", "a", 4095, 4095, 0 },
		{ "", "a", 4096, 4096, 0 },
		{ "", "a", 4097, 4096, 1 },
		{ "", "🍕", 2048, 4096, 0 },
		{ "a", "🍕", 2047, 4095, 0 },
		{ "a", "🍕", 2048, 4095, 2 },
		{ "a", "👩‍🎓", 819, 4096, 0 },
		{ "", "👩‍🎓", 820, 4095, 5 },
		{ "aa", "👩‍🎓", 819, 4092, 5 },
		{ "", "x\u0301", 2048, 4096, 0 },
		{ "a", "x\u0301", 2048, 4095, 2 },
		{ "", "ש", 4096, 4096, 0 },
		{ "", "ש", 4097, 4096, 1 },
		{ "a", "שָ", 2048, 4095, 2 },
		{ "", "€", 4096, 4096, 0 }, /* 12,288 bytes */
		{ "", "🇩🇪", 1024, 4096, 0 },
		{ "a", "🇩🇪", 1024, 4093, 4 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct buf in = { 0 };
		struct telegram_chunk *c;
		size_t n;

		buf_adds(&in, rows[i].first);
		for (size_t k = 0; k < rows[i].n; k++)
			buf_adds(&in, rows[i].piece);
		n = telegram_text(a, buf_str(&in), NULL, &c);
		T_INT(n, rows[i].second_units > 0 ? 2 : 1, "chunks of row %zu", i);
		T_INT(utf8_units16(c[0].text), rows[i].first_units, "row %zu", i);
		if (n == 2)
			T_INT(utf8_units16(c[1].text), rows[i].second_units, "row %zu",
			    i);
		buf_fini(&in);
		arena_free(a);
	}
}

/* With as many entities as fit, and one more; a chunk ends before that one. */
static void
test_entity_limit(void)
{
	for (size_t n = 99; n <= 101; n++) {
		struct arena *a = arena_new();
		struct buf in = { 0 };
		struct telegram_chunk *c;
		size_t chunks;

		for (size_t k = 0; k < n; k++)
			buf_adds(&in, "**a** b ");
		chunks = telegram_text(a, buf_str(&in), NULL, &c);
		T_INT(chunks, n > 100 ? 2 : 1, "%zu entities", n);
		T_INT(c[0].n, n > 100 ? 100 : n, "%zu entities", n);
		T_INT(c[0].text.len, (n > 100 ? 100 : n) * 4 - 1, "%zu entities", n);
		buf_fini(&in);
		arena_free(a);
	}
	/* one that goes on counts in the next chunk, too; blank ones never do */
	check(STR("**a *b* *c* *d*** *e*"), &(struct telegram_limits){ 99, 99, 3, 3 },
	    "a b c|d e",
	    "bold 0+5 italic 2+1 italic 4+1 | bold 0+1 italic 0+1 italic 2+1 ",
	    "entities", 0);
	check(STR("*a* `  ` `  ` *b* *c*"), &(struct telegram_limits){ 99, 99, 3, 3 },
	    "a       b c", "italic 0+1 italic 8+1 italic 10+1 ", "entities", 1);
}

static void
test_json(void)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "say \"hi\"\n\n*a\\\\*",
		    "\"text\":\"say \\\"hi\\\"\\n\\na\\\\\",\"entities\":[{\"type\":"
		    "\"italic\",\"offset\":10,\"length\":2}]" },
		{ "plain", "\"text\":\"plain\"" },
		{ "> **a** `b`\n\n    c",
		    "\"text\":\"a b\\n\\nc\",\"entities\":[{\"type\":\"blockquote\","
		    "\"offset\":0,\"length\":3},{\"type\":\"bold\",\"offset\":0,"
		    "\"length\":1},{\"type\":\"code\",\"offset\":2,\"length\":1},"
		    "{\"type\":\"pre\",\"offset\":5,\"length\":1}]" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct buf out = { 0 };
		struct telegram_chunk *c;

		T_INT(telegram_text(a, str_of(rows[i].in), NULL, &c), 1, "row %zu", i);
		telegram_chunk_json(&c[0], &out);
		T_STR(buf_cstr(&out), rows[i].want, "row %zu", i);
		buf_fini(&out);
		arena_free(a);
	}
}

/* Random replies */

/* A reply that was not split, and of what kinds each of its bytes is. */
struct whole {
	struct str text;
	unsigned *kinds;
};

static bool
entity_at(const struct telegram_chunk *c, size_t i, struct str *out)
{
	const struct telegram_entity *e = &c->entities[i];

	return e->length > 0 && utf8_slice16(c->text, (int64_t)e->offset,
				    (int64_t)e->length, out) == RC_OK;
}

/* In range, trimmed, sorted, never crossing; code alone but for quotes. */
static bool
entities_good(const struct telegram_chunk *c)
{
	struct str s, outer;

	for (size_t i = 0; i < c->n; i++) {
		enum markup_kind kind = c->entities[i].kind;

		if (!entity_at(c, i, &s) || utf8_blank(s) || utf8_trim(s).len != s.len)
			return false;
		for (size_t k = 0; k < i; k++) {
			enum markup_kind other = c->entities[k].kind;

			if (!entity_at(c, k, &outer) || s.p < outer.p)
				return false;
			if (s.p >= outer.p + outer.len)
				continue;
			if (s.p + s.len > outer.p + outer.len || kind == other ||
			    kind == MARKUP_QUOTE || other == MARKUP_CODE ||
			    other == MARKUP_PRE)
				return false;
			if ((kind == MARKUP_CODE || kind == MARKUP_PRE) &&
			    other != MARKUP_QUOTE)
				return false;
		}
	}
	return true;
}

static unsigned *
kinds_of(const struct telegram_chunk *c)
{
	unsigned *v = xcalloc(c->text.len + 1, sizeof(*v));
	struct str s;

	for (size_t i = 0; i < c->n; i++) {
		if (!entity_at(c, i, &s))
			continue;
		for (size_t k = 0; k < s.len; k++)
			v[(size_t)(s.p - c->text.p) + k] |= 1U << c->entities[i].kind;
	}
	return v;
}

/* What can be seen is of the same kinds as before it was split. */
static bool
same_kinds(const struct telegram_chunk *c, struct str text, const unsigned *want)
{
	unsigned *got = kinds_of(c);
	struct str rest = text;
	bool same = true;

	while (rest.len > 0) {
		size_t at = text.len - rest.len;

		if (!utf8_is_blank(utf8_next(&rest)))
			same = same && got[at] == want[at];
	}
	free(got);
	return same;
}

/* Moves *at behind text, and behind white space before it; false if it is not there. */
static bool
goes_on(const struct whole *w, struct str text, size_t *at)
{
	struct str rest = str_n(w->text.p + *at, w->text.len - *at);

	while (rest.len < text.len || memcmp(rest.p, text.p, text.len) != 0)
		if (rest.len == 0 || !utf8_is_blank(utf8_next(&rest)))
			return false;
	*at = w->text.len - rest.len + text.len;
	return true;
}

/* Between grapheme clusters, unless one is too long for a chunk. */
static bool
cut_is_clean(const struct whole *w, size_t at, const struct telegram_limits *l)
{
	struct str rest = w->text;

	while (rest.len > 0) {
		struct str cluster = utf8_next_grapheme(&rest);
		size_t end = w->text.len - rest.len;

		if (end == at)
			return true;
		if (end > at)
			return utf8_units16(cluster) > l->units - 1 ||
			       cluster.len > l->bytes - 3;
	}
	return true;
}

static bool
chunks_good(const struct whole *w, const struct telegram_chunk *c, size_t n,
    const struct telegram_limits *l)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		struct str text = c[i].text;
		bool whole_again = goes_on(w, text, &at);

		if (!utf8_valid(text) || utf8_units16(text) > l->units ||
		    text.len > l->bytes || c[i].n > l->entities || utf8_blank(text) ||
		    utf8_trim(text).len != text.len || !entities_good(&c[i]))
			return false;
		if (!whole_again) {
			if (i + 1 != l->chunks || !str_ends(text, "…"))
				return false;
			text.len -= strlen("…");
			if (!goes_on(w, text, &at))
				return false;
		}
		if (!same_kinds(&c[i], text, w->kinds + (at - text.len)))
			return false;
		if (l->entities > 30 && !cut_is_clean(w, at, l))
			return false;
		if (i + 1 == n && whole_again)
			return utf8_blank(str_n(w->text.p + at, w->text.len - at));
	}
	return true;
}

static bool
round_good(struct arena *a, struct str in, const struct telegram_limits *l)
{
	static const struct telegram_limits wide = { WIDE, WIDE, WIDE, 1 };
	struct telegram_chunk *all, *c;
	size_t n = telegram_text(a, in, l, &c);
	struct whole w;
	bool good;

	if (telegram_text(a, in, &wide, &all) == 0)
		return n == 0;
	w.text = all->text;
	w.kinds = kinds_of(all);
	good = n > 0 && n <= l->chunks && utf8_valid(w.text) && entities_good(all) &&
	       chunks_good(&w, c, n, l);
	free(w.kinds);
	return good;
}

static void
test_random(void)
{
	static const char *const pieces[] = { "**", "**", "*", "*", "_", "`", "`",
		"\n```\n", "\n> ", "\n- ", "\n  - ", "\n12. ", "\n", "\n\n", " ", " ",
		"\n    ", "\n# ", "word", "two words", "a", ". ", "! ", "...", "。",
		"3.5", "x\u0301", "\u0301", "\u034f", "🍕", "👩‍🎓", "🇩🇪", "مرحبا",
		"שָׁלוֹם", "\u200d", "\u00a0", "\u200b", "\u3000", "&#x301;", "&#7;",
		"&#10;", "&#x202e;", "\\\n", "[x](https://y.eu)", "<b>", "&amp;", "\a",
		"\xff", "\xf0\x9f", "\t" };
	struct chance chance = chance_seeded(17);
	struct arena *a = arena_new();

	for (int round = 0; round < 20000; round++) {
		struct buf in = { 0 };
		struct telegram_limits l = {
			.units = 3 + chance_below(&chance, 30),
			.bytes = 7 + chance_below(&chance, 60),
			.entities = 3 + chance_below(&chance, 60),
			.chunks = 1 + chance_below(&chance, 60),
		};

		for (uint32_t n = chance_below(&chance, 40); n > 0; n--)
			buf_adds(&in, pieces[chance_below(&chance, ARRAY_LEN(pieces))]);
		if (!round_good(a, buf_str(&in), &l)) {
			struct buf shown = { 0 };

			buf_add_json(&shown, buf_str(&in));
			T_CHECK(false, "round %d: %zu %zu %zu %zu %s", round, l.units,
			    l.bytes, l.entities, l.chunks, buf_cstr(&shown));
			buf_fini(&shown);
		}
		buf_fini(&in);
		arena_reset(a);
	}
	arena_free(a);
	T_CHECK(true, "20,000 rounds");
}

int
main(void)
{
	T_RUN(test_constructs);
	T_RUN(test_clean);
	T_RUN(test_cuts);
	T_RUN(test_endless_cluster);
	T_RUN(test_network_limits);
	T_RUN(test_entity_limit);
	T_RUN(test_json);
	T_RUN(test_random);
	return t_end();
}
