/*
 * test_utf8.c - what the border lets in, and in which form.
 */
#include "credbot/base/utf8.h"
#include "t.h"

static void
test_valid(void)
{
	static const struct {
		const char *in;
		bool want;
	} rows[] = {
		{ "", true },
		{ "plain", true },
		{ "é €🍕", true },
		{ "\xC3", false },             /* cut short */
		{ "\xC0\x80", false },         /* overlong */
		{ "\xED\xA0\x80", false },     /* surrogate */
		{ "\xF4\x90\x80\x80", false }, /* behind U+10FFFF */
		{ "\x80", false },
		{ "a\xFF", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_CHECK(utf8_valid(str_of(rows[i].in)) == rows[i].want, "row %zu", i);
}

static void
test_clean(void)
{
	static const struct {
		struct str in;
		const char *want;
	} rows[] = {
		{ { "two\nlines\tand tab", 18 }, "two\nlines\tand tab" },
		{ { "a\0b", 3 }, "ab" },
		{ { "bell\a esc\x1b[31m del\x7f", 19 }, "bell esc[31m del" },
		{ { "a\r\nb\rc", 6 }, "a\nb\nc" },
		{ { "bad \xFF byte", 10 }, "bad \xEF\xBF\xBD byte" },
		{ { "\xC3", 1 }, "\xEF\xBF\xBD" },
		{ { "evil\xE2\x80\xAEtxt", 10 }, "eviltxt" },    /* override */
		{ { "\xE2\x81\xA6iso\xE2\x81\xA9", 9 }, "iso" }, /* isolates */
		{ { "\xEF\xBB\xBF"
		    "bom",
		      6 },
		    "bom" },
		{ { "e\xCC\x81", 3 }, "é" },                    /* composed */
		{ { "👩‍🎓 ok", 14 }, "👩‍🎓 ok" }, /* the joiner stays */
		{ { "می‌خواهم", 17 },
		    "می‌خواهم" }, /* and the non-joiner */
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = { 0 };

		utf8_clean(rows[i].in, &out);
		T_STR(buf_cstr(&out), rows[i].want, "row %zu", i);
		buf_fini(&out);
	}
}

static void
test_fold(void)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "", "" },
		{ "Micro-Credential", "micro-credential" },
		{ "ÉCOLE Straße", "ecole strasse" },
		{ "don’t", "don't" },
		{ "ﬁne ①", "fine 1" },
		{ "ＡＢＣ", "abc" },
		{ "İstanbul", "istanbul" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = { 0 };

		utf8_fold(str_of(rows[i].in), &out);
		T_STR(buf_cstr(&out), rows[i].want, "row %zu", i);
		buf_fini(&out);
	}
}

static void
test_cut(void)
{
	static const struct {
		const char *in;
		size_t max, want;
	} rows[] = {
		{ "hello", 10, 5 },
		{ "hello", 3, 3 },
		{ "aé", 2, 1 },           /* never half a character */
		{ "ae\xCC\x81", 3, 1 },   /* never a letter without its accent */
		{ "x👩‍🎓", 6, 1 }, /* never half an emoji sequence */
		{ "🍕🍕", 4, 4 },
		{ "🍕", 3, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_INT(utf8_cut(str_of(rows[i].in), rows[i].max).len, rows[i].want,
		    "row %zu", i);
}

static void
test_counting(void)
{
	T_INT(utf8_graphemes(STR("")), 0, "empty");
	T_INT(utf8_graphemes(STR("e\xCC\x81🇩🇪👩‍🎓!")), 4, "clusters");
	T_INT(utf8_wordiness(STR("🍕🍕 ... !?")), 0, "no words");
	T_INT(utf8_wordiness(STR("a1 न")), 3, "letters and digits");
}

static void
test_next_grapheme(void)
{
	static const char *const want[] = { "a", "e\xCC\x81", "🇩🇪", "🇫🇷", "👩‍🎓",
		" \xCC\x81", "\r\n" };
	struct buf all = { 0 };
	struct str rest;

	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		buf_adds(&all, want[i]);
	rest = buf_str(&all);
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		T_CHECK(str_is(utf8_next_grapheme(&rest), want[i]), "cluster %zu", i);
	T_INT(rest.len, 0, "all taken");
	T_INT(utf8_next_grapheme(&rest).len, 0, "and no more");
	buf_fini(&all);
}

static void
test_trim(void)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "", "" },
		{ " \t\n", "" },
		{ "a", "a" },
		{ " a b\n", "a b" },
		{ "\u00a0\u3000\u2028\u2029a\u2003", "a" },       /* separators */
		{ "\u200b\u2060\u00ad\u3164a\ufe0f", "a\ufe0f" }, /* ignorable */
		{ "\u2800\ufffca\u2800", "a" },
		{ " \u0301a ", " \u0301a" }, /* an accent on a space */
		{ "a \u200d", "a" },         /* a joiner behind a space */
		{ "\u0600", "\u0600" },      /* a format character with a shape */
		{ "🍕 ", "🍕" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str got = utf8_trim(str_of(rows[i].in));

		T_CHECK(str_is(got, rows[i].want), "row %zu: \"%.*s\"", i,
		    STR_ARG(got));
		T_CHECK(utf8_blank(str_of(rows[i].in)) == (rows[i].want[0] == '\0'),
		    "row %zu", i);
	}
}

static void
test_units16(void)
{
	static const struct {
		const char *in;
		size_t want;
	} rows[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "é€", 2 },
		{ "\uffff", 1 },
		{ "\xf0\x90\x80\x80", 2 }, /* U+10000 */
		{ "🍕", 2 },
		{ "👩‍🎓", 5 },
		{ "x\u0301", 2 },
		{ "שלום", 4 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_INT(utf8_units16(str_of(rows[i].in)), rows[i].want, "row %zu", i);
}

static void
test_slice16(void)
{
	static const struct {
		int64_t offset, length;
		const char *want; /* NULL: refused */
	} rows[] = {
		{ 0, 0, "" },
		{ 0, 1, "a" },
		{ 0, 2, "aé" },
		{ 1, 3, "é🍕" },
		{ 2, 2, "🍕" },
		{ 4, 1, "b" },
		{ 0, 5, "aé🍕b" },
		{ 5, 0, "" },
		{ 2, 1, NULL }, /* half of a pair */
		{ 3, 1, NULL },
		{ 3, 2, NULL },
		{ 4, 2, NULL }, /* outside */
		{ 5, 1, NULL },
		{ 6, 0, NULL },
		{ -1, 2, NULL },
		{ 1, -1, NULL },
		{ INT64_MAX, 1, NULL },
		{ 1, INT64_MAX, NULL },
		{ INT64_MIN, INT64_MIN, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str got;
		enum rc rc = utf8_slice16(STR("aé🍕b"), rows[i].offset, rows[i].length,
		    &got);

		T_INT(rc, rows[i].want != NULL ? RC_OK : RC_INVALID, "row %zu", i);
		T_CHECK(str_is(got, rows[i].want != NULL ? rows[i].want : ""),
		    "row %zu: \"%.*s\"", i, STR_ARG(got));
	}
}

int
main(void)
{
	T_RUN(test_valid);
	T_RUN(test_clean);
	T_RUN(test_fold);
	T_RUN(test_cut);
	T_RUN(test_counting);
	T_RUN(test_next_grapheme);
	T_RUN(test_trim);
	T_RUN(test_units16);
	T_RUN(test_slice16);
	return t_end();
}
