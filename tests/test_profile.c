/*
 * test_profile.c - what a message says about the entries of a profile, with the vocabulary that
 * ships.
 */
#include <stdlib.h>

#include "bot/talk/profile_priv.h"
#include "credbot/base/faults.h"
#include "t.h"

static struct profile_words *words;

/* "key=value key- key" of all entries that the message speaks of; "-": to be removed. */
static const char *
read_all(const char *text)
{
	static char out[512];
	struct profile_said said[PROFILE_ENTRIES];
	size_t len = 0;

	(void)profile_read(words, str_of(text), said);
	out[0] = '\0';
	for (size_t e = 0; e < PROFILE_ENTRIES; e++)
		if (said[e].named)
			len += (size_t)snprintf(out + len, sizeof(out) - len,
			    "%s%s%s%.*s", len > 0 ? "|" : "", profile_keys[e],
			    said[e].remove           ? "-"
			    : said[e].value.len == 0 ? ""
						     : "=",
			    STR_ARG(said[e].value));
	return out;
}

static void
test_read(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "hello there", "" },
		{ "actually my budget is 800 euro", "budget=800 euro" },
		{ "my budget is now 1,500.50 EUR please.", "budget=1,500.50 EUR" },
		{ "my budget in the profile is 500 euro", "budget=500 euro" },
		{ "change the budget in my profile, it is 500 euro",
		    "budget=500 euro" },
		{ "Budget: 300", "budget=300" },
		{ "profile: field = nursing", "field=nursing" },
		{ "set budget 0", "budget=0" },
		{ "put marketing as my field", "field=marketing" },
		{ "im not into law anymore, put marketing as my field",
		    "field=marketing" },
		{ "my field is not law anymore, its marketing", "field=marketing" },
		{ "my country is wrong its ghana not guyana", "home=ghana" },
		{ "call me Sam instead of Samantha", "name=Sam" },
		{ "name tomas, field logistics, country chile",
		    "name=tomas|home=chile|field=logistics" },
		{ "my name is Ana and i live in Peru", "name=Ana|home=Peru" },
		{ "I moved to Vienna, change that in my profile", "home=Vienna" },
		{ "i speak German, French and a little Thai",
		    "language=German, French and a little Thai" },
		{ "I have 500 dollars to spend", "budget=500 dollars" },
		{ "my level should be advanced. Which courses are there",
		    "level=advanced" },
		{ "i am in the Nairobi time zone", "timezone=Nairobi" },
		{ "my time zone is UTC+3", "timezone=UTC+3" },
		{ "my start date is 1.9.2027", "start=1.9.2027" },
		{ "remove my name from the profile", "name-" },
		{ "delete the budget in my profile, i dont want it there", "budget-" },
		{ "take out my goal and my level", "goal-|level-" },
		{ "change my goal", "goal" },
		{ "change the name in my profile", "name" },
		{ "my name please", "name" },
		{ "my budget is", "budget" },
		{ "my field is not law", "field" },
		{ "my goal is \xC3\xA9tudes \xC3\xA0 Gen\xC3\xA8ve",
		    "goal=\xC3\xA9tudes \xC3\xA0 Gen\xC3\xA8ve" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_STR(read_all(rows[i].text), rows[i].want, "%s", rows[i].text);
}

static void
test_answer(void)
{
	static const struct {
		const char *text;
		enum profile_entry e;
		enum profile_answer answer;
		const char *value;
	} rows[] = {
		{ "Mia", PROFILE_NAME, PROFILE_VALUE, "Mia" },
		{ "my name is Mia", PROFILE_NAME, PROFILE_VALUE, "Mia" },
		{ "Mia, i live in Kenya", PROFILE_NAME, PROFILE_VALUE, "Mia" },
		{ "it is Mia, thanks", PROFILE_NAME, PROFILE_VALUE, "Mia" },
		{ "800 euro please", PROFILE_BUDGET, PROFILE_VALUE, "800 euro" },
		{ "I want to learn coding", PROFILE_GOAL, PROFILE_VALUE,
		    "I want to learn coding" },
		{ "skip", PROFILE_GOAL, PROFILE_SKIP, "" },
		{ "Skip it.", PROFILE_GOAL, PROFILE_SKIP, "" },
		{ "I'd rather not say", PROFILE_NAME, PROFILE_SKIP, "" },
		{ "no", PROFILE_BUDGET, PROFILE_SKIP, "" },
		{ "...", PROFILE_BUDGET, PROFILE_SKIP, "" },
		{ "no more than 500", PROFILE_BUDGET, PROFILE_VALUE,
		    "no more than 500" },
		{ "that's all", PROFILE_LEVEL, PROFILE_ENOUGH, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct profile_said others[PROFILE_ENTRIES];
		struct str value;
		char text[256];

		T_INT(profile_read_answer(words, str_of(rows[i].text), rows[i].e,
			  others, &value),
		    rows[i].answer, "%s", rows[i].text);
		(void)snprintf(text, sizeof(text), "%.*s", STR_ARG(value));
		T_STR(text, rows[i].value, "%s", rows[i].text);
	}
}

/* Long ones are cut between words, and nothing is read beyond the message. */
static void
test_long(void)
{
	struct profile_said said[PROFILE_ENTRIES];
	size_t len = 60000;
	char *text = malloc(len + 1);

	for (size_t i = 0; i < len; i++)
		text[i] = i % 41 == 40 ? ' ' : "\xC3\xA9"[i % 41 % 2];
	text[len] = '\0';
	memcpy(text, "my goal is ", 11);
	(void)profile_read(words, str_n(text, len), said);
	T_CHECK(said[PROFILE_GOAL].value.len <= PROFILE_VALUE_MAX, "cut: %zu",
	    said[PROFILE_GOAL].value.len);
	for (size_t n = 0; n < 200; n++)
		(void)profile_read(words, str_n(text, n), said);
	memset(text, 'x', len);
	memcpy(text, "my goal is ", 11);
	(void)profile_read(words, str_n(text, len), said);
	T_INT(said[PROFILE_GOAL].value.len, 0, "one word too long is none");
	free(text);
}

int
main(void)
{
	struct faults faults = { 0 };

	words = profile_words_load("data", "en", &faults);
	T_CHECK(words != NULL && faults.n == 0, "the vocabulary is read");
	if (words != NULL) {
		T_RUN(test_read);
		T_RUN(test_answer);
		T_RUN(test_long);
	}
	profile_words_free(words);
	faults_fini(&faults);
	return t_end();
}
