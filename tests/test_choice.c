/*
 * test_choice.c - which choice a student picks, and which rating she gives.
 */
#include "credbot/nlu/choice.h"
#include "t.h"

static const struct str options[] = {
	{ "Tell me more", 12 },
	{ "What is a digital badge?", 24 },
	{ "How much does a micro-credential cost?", 38 },
	{ "Show all topics", 15 },
};

static void
test_choices(void)
{
	static const struct {
		const char *text;
		int want; /* index, -1: none */
	} rows[] = {
		{ "2", 1 },
		{ "nr 2 pls", 1 },
		{ "#3", 2 },
		{ "the second one", 1 },
		{ "the 2nd please", 1 },
		{ "1)", 0 },
		{ "one", 0 },
		{ "first", 0 },
		{ "the last one", 3 },
		{ "ok show me number four", 3 },
		{ "TELL ME MORE", 0 },
		{ "what is a digital badge?", 1 },
		{ "the badge", 1 },
		{ "cost", 2 },
		{ "badge thing", 1 },
		{ "2 months is too long", -1 },
		{ "2 or 3", -1 },
		{ "digital marketing", -1 },
		{ "which", -1 },
		{ "what", -1 },
		{ "what is it", -1 },
		{ "badges", 1 },
		{ "yes", -1 },
		{ "ok", -1 },
		{ "", -1 },
		{ "what does it cost to live in berlin for two months", -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct choice c = choice_read(str_of(rows[i].text), options,
		    ARRAY_LEN(options));

		T_INT(c.kind == CHOICE_NONE ? -1 : (int)c.index, rows[i].want,
		    "row %zu: %s", i, rows[i].text);
	}
	T_INT(choice_read(STR("7"), options, 4).index, 6, "behind the end is told");
	T_INT(choice_read(STR("last"), options, 0).kind, CHOICE_NONE, "of nothing");
}

static void
test_ratings(void)
{
	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{ "5", 5 },
		{ "4/5", 4 },
		{ "5 stars", 5 },
		{ "3 out of 5", 3 },
		{ "⭐⭐⭐⭐", 4 },
		{ "★★", 2 },
		{ "one", 1 },
		{ "i give it 2", 2 },
		{ "6", 0 },
		{ "0", 0 },
		{ "5 euros", 0 },
		{ "great", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_INT(rating_read(str_of(rows[i].text)), rows[i].want, "row %zu: %s", i,
		    rows[i].text);
}

int
main(void)
{
	T_RUN(test_choices);
	T_RUN(test_ratings);
	return t_end();
}
