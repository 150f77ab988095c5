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

int
main(void)
{
	T_RUN(test_valid);
	T_RUN(test_clean);
	T_RUN(test_fold);
	T_RUN(test_cut);
	T_RUN(test_counting);
	return t_end();
}
