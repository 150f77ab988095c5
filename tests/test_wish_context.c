/*
 * test_wish_context.c - what a message changes in the wishes of before, and which messages change
 * nothing: the dialogue takes a changed wish for a sign that a list of programs is refined.
 * Requirement: issue 4, point 5.
 */
#include "t.h"
#include "credbot/catalog/wish_read.h"
#include "credbot/catalog/wish_say.h"
#include "credbot/talk/locale.h"

static struct vocab *vocab;
static struct locale *locale;

static struct str
text_of(void *arg, const char *name)
{
	return locale_text(arg, name, 0);
}

static const char *
said(const struct wish *w, struct buf *out)
{
	buf_clear(out);
	wish_say(vocab, w, text_of, locale, out);
	return buf_cstr(out);
}

static const struct {
	const char *before, *message, *after;
} turns[] = {
	/* limits */
	{ "law, at most 800 EUR", "cheaper", "law, at most 600 EUR" },
	{ "law, at most 800 EUR", "the free ones", "law, free of charge" },
	{ "law, at most 800 EUR", "i dont care about the price", "law" },
	{ "law, at most 800 EUR", "forget the budget", "law" },
	{ "law, at most 800 EUR", "without the price limit", "law" },
	{ "law, at most 500 EUR", "actually 800", "law, at most 800 EUR" },
	{ "law, at most 500 EUR", "make it 600 max", "law, at most 600 EUR" },
	{ "law, at most 500 EUR", "sorry, i mean 5000 not 500 euros",
	    "law, at most 5000 EUR" },
	{ "law, at most 500 EUR", "dollars i mean", "law, at most 500 USD" },
	{ "law, at most 500 EUR", "can pay a bit more", "law, at most 750 EUR" },
	{ "law, at most 3 months", "shorter", "law, at most 2 months" },
	{ "law, at most 3 weeks", "no, 3 months, not 3 weeks",
	    "law, at most 3 months" },
	{ "law, at most 3 months", "longer is fine", "law" },
	{ "law", "i cannot go over 400 usd", "law, at most 400 USD" },
	{ "law", "max 500 euro... hmm actually 700 euro is ok too",
	    "law, at most 700 EUR" },
	/* by the month: no total */
	{ "law", "50 bucks a month", "law, at most 50 USD a month" },
	{ "law", "monthly fee below 30 eur", "law, at most 30 EUR a month" },
	{ "law", "1200 dollars altogether, 100 per month",
	    "law, at most 1200 USD, at most 100 USD a month" },
	{ "law, at most 40 EUR a month", "make it 60", "law, at most 60 EUR a month" },
	{ "law, at most 40 EUR a month", "cheaper", "law, at most 30 EUR a month" },
	{ "law, at most 40 EUR a month", "forget the budget", "law" },
	{ "law", "i earn 2000 dollars a month", "law" },
	{ "law", "2000 euros a year", "law" },
	/* starts counted from now */
	{ "law", "start in 2 months", "law, starting in 2 months" },
	{ "law", "want to start in about three weeks", "law, starting in 3 weeks" },
	{ "law", "in 6 weeks i am free", "law, starting in 6 weeks" },
	{ "law", "can i begin in half a year?", "law, starting in 6 months" },
	{ "law", "starting in a month and a half", "law, starting in 46 days" },
	{ "law", "in 5 years i want to be a lawyer", "law" },
	{ "law, starting in May", "or june", "law, starting in June" },
	/* places and languages */
	{ "law, in Germany", "but in canada", "law, in Canada" },
	{ "law, in Germany", "and in canada?", "law, in Canada" },
	{ "law, in Germany", "anywhere", "law" },
	{ "law, in Germany", "doesnt have to be germany", "law" },
	{ "law, in Germany", "somewhere in scandinavia",
	    "law, in the Nordic countries" },
	{ "law", "latin america, for example chile", "law, in Chile" },
	{ "law", "an english speaking country", "law, in an English-speaking country" },
	{ "law", "outside asia", "law; not in Asia" },
	{ "law, in Germany", "same but in spanish language",
	    "law, in Germany, taught in Spanish" },
	{ "law, taught in French", "english is better", "law, taught in English" },
	{ "", "intermediate spanish", "languages, with basic knowledge" },
	{ "", "canada, us", "in Canada or the United States" },
	/* kinds */
	{ "law, online", "no wait, in person", "law, in person" },
	{ "law, online", "doesnt have to be online", "law" },
	{ "law", "only those that count towards a degree", "law, stackable" },
	{ "law", "accredited ones", "law, accredited" },
	{ "law, accredited", "doesnt need to be accredited", "law" },
	{ "law", "with a deadline still open", "law, with an open deadline" },
	{ "law", "without price are not ok", "law, with a known price" },
	{ "law", "i dont want the ones without price", "law, with a known price" },
	{ "law", "only those with a price", "law, with a known price" },
	{ "law, with a known price", "without price is fine too", "law" },
	/* for somebody else */
	{ "", "a badge for my mum", "digital badge" },
	{ "", "python for my brother, he is a beginner",
	    "software development, for beginners" },
	{ "", "a badge for my mum; for me a bootcamp", "bootcamp" },
	{ "", "my mum has a badge", "" },
};

static void
test_turns(void)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(turns); i++) {
		struct wish w;

		wish_init(&w);
		(void)wish_read(vocab, str_of(turns[i].before), &w, NULL);
		T_STR(said(&w, &out), turns[i].before, "before: %s", turns[i].message);
		(void)wish_read(vocab, str_of(turns[i].message), &w, NULL);
		T_STR(said(&w, &out), turns[i].after, "after: %s", turns[i].message);
	}
	buf_fini(&out);
}

/* While a list is open: what is no wish, or needs to know what was asked. */
static const char *const nothing[] = {
	"something else",
	"doesn't matter",
	"any",
	"not that one",
	"the first one",
	"show me more",
	"thanks a lot!",
	"2",
	"no",
	/* questions about things in general, and about a program */
	"is coursera any good",
	"is a bootcamp better than a degree?",
	"what is a nanodegree",
	"what does a bootcamp cost",
	"a micromasters, what is that",
	"difference between a badge and a diploma?",
	"are online courses recognised in india?",
	"do badges expire",
	"is it recognised in canada?",
	"does it cost less than 500 euros?",
	"how long does a nanodegree take",
	"what documents do i need for germany",
	"do i need a visa for canada if i study 3 weeks",
	"can i work in australia for 20 dollars an hour",
	"will it help me in germany",
	"when does it start",
	"is this chat free?",
	/* other matters */
	"my name is Amara",
	"add the london one to my favourites",
	"how do i find a flat in melbourne",
	"a recipe for bread",
};

static void
test_nothing(void)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(nothing); i++) {
		const char *before = "law, in Germany, at most 500 EUR";
		struct wish_changes c;
		struct wish w;

		wish_init(&w);
		(void)wish_read(vocab, str_of(before), &w, NULL);
		(void)wish_read(vocab, str_of(nothing[i]), &w, &c);
		T_CHECK(c.said == 0 && c.than == 0 && !c.extras, "%s", nothing[i]);
		w.words[0] = '\0'; /* words alone are a weak sign: see wish_read.h */
		T_STR(said(&w, &out), before, "%s", nothing[i]);
	}
	buf_fini(&out);
}

/* Questions that are wishes all the same. */
static const struct {
	const char *text, *want;
} questions[] = {
	{ "is there a bootcamp in berlin that is recognised by employers?",
	    "in Germany, bootcamp" },
	{ "are there accredited nursing courses in ireland",
	    "clinical skills and nursing, in Ireland, accredited" },
	{ "do you know a good law course that is worth the money, max 500 usd",
	    "law, at most 500 USD" },
	{ "what are good online courses in law", "law, online" },
	{ "is it possible to study design in italy", "design, in Italy" },
	{ "how much does a law course in canada cost", "law, in Canada" },
	{ "can it be in german", "taught in German" },
	{ "is 20 euros enough for a badge?", "digital badge, at most 20 EUR" },
};

static void
test_questions(void)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		struct wish w;

		wish_init(&w);
		(void)wish_read(vocab, str_of(questions[i].text), &w, NULL);
		T_STR(said(&w, &out), questions[i].want, "%s", questions[i].text);
	}
	buf_fini(&out);
}

static void
test_weak_words(void)
{
	struct wish_changes c;
	struct wish w;

	wish_init(&w);
	T_CHECK(wish_read(vocab, str_of("a course in falconry"), &w, &c), "a wish");
	T_CHECK(c.words && c.said == 0 && c.than == 0 && !c.extras, "of words alone");
	T_CHECK(wish_read(vocab, str_of("law, near the beach"), &w, &c), "a wish");
	T_CHECK(!c.words && c.said != 0 && c.extras, "of more");
}

int
main(void)
{
	struct faults faults = { 0 };
	struct buf text = { 0 };

	vocab = vocab_load("data", "en", &faults);
	locale = locale_load("data", "en", &faults);
	faults_print(&faults, &text);
	if (!T_CHECK(vocab != NULL && locale != NULL, "%s", buf_cstr(&text)))
		return t_end();
	T_RUN(test_turns);
	T_RUN(test_nothing);
	T_RUN(test_questions);
	T_RUN(test_weak_words);
	vocab_free(vocab);
	locale_free(locale);
	faults_fini(&faults);
	buf_fini(&text);
	return t_end();
}
