/*
 * test_which.c - which of the programs in view a message speaks of, and what it asks of them,
 * with the phrases that ship; and wishes as lines of text.
 */
#include <string.h>

#include "bot/talk/which_priv.h"
#include "credbot/base/arena.h"
#include "credbot/catalog/vocab.h"
#include "credbot/catalog/wish_read.h"
#include "credbot/catalog/wish_text.h"
#include "t.h"

static struct which_words *words;
static struct vocab *vocab;

/* "1 3 it price length": places, then the rest, then points. */
static const char *
read_all(const char *text, size_t listed)
{
	static char out[256];
	struct which w;
	size_t len = 0;
	const struct {
		bool on;
		const char *name;
	} said[] = {
		{ false, "" },
		{ false, "last" },
		{ false, "it" },
		{ false, "other" },
		{ false, "all" },
		{ false, "mine" },
		{ false, "cheapest" },
		{ false, "shortest" },
		{ false, "soonest" },
		{ false, "any" },
	};
	bool on[sizeof(said) / sizeof(said[0])] = { false };

	which_read(words, str_of(text), listed, &w);
	on[1] = w.last;
	on[2] = w.it;
	on[3] = w.other;
	on[4] = w.all;
	on[5] = w.mine;
	on[6] = w.most == MOST_CHEAPEST;
	on[7] = w.most == MOST_SHORTEST;
	on[8] = w.most == MOST_SOONEST;
	on[9] = w.only_any;
	out[0] = '\0';
	for (int i = 0; i < ORDINALS_MAX; i++)
		if (w.places >> i & 1)
			len += (size_t)snprintf(out + len, sizeof(out) - len, "%d ",
			    i + 1);
	for (size_t i = 1; i < sizeof(on) / sizeof(on[0]); i++)
		if (on[i])
			len += (size_t)snprintf(out + len, sizeof(out) - len, "%s ",
			    said[i].name);
	for (int p = 0; p < POINTS; p++)
		if (w.points >> p & 1)
			len += (size_t)snprintf(out + len, sizeof(out) - len, "%s ",
			    point_names[p]);
	if (len > 0)
		out[len - 1] = '\0';
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
		{ "nr 2 looks ok. how long is that", "2 it length" },
		{ "compare it with the first one", "1 it" },
		{ "compare 1 and 3", "1 3" },
		{ "#2 pls", "2" },
		{ "the last one", "last" },
		{ "first, second and third", "1 2 3" },
		{ "does it take 3 weeks", "it length" },
		{ "i have 2 kids", "" },
		{ "is it 3 hours", "it" },
		{ "number 7", "" },
		{ "the seventh", "7" },
		{ "both of them", "all" },
		{ "the other one", "other" },
		{ "how much is it", "it price" },
		{ "when does the second start", "2 start" },
		{ "tell me everything about the cheapest", "all cheapest" },
		{ "the shortest one", "shortest" },
		{ "which one starts first", "soonest" },
		{ "compare my saved ones", "mine" },
		{ "whatever", "any" },
		{ "hmm, no idea", "any" },
		{ "any country in asia", "place" },
		{ "DOESN'T MATTER", "any" },
		{ "is it accredited?", "it recognition" },
		{ "do i need an exam", "entry assessment" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_STR(read_all(rows[i].text, 3), rows[i].want, "\"%s\"", rows[i].text);
}

/* What is written reads as the same wish. */
static void
test_text(void)
{
	static const char *const rows[] = { "", "data analytics online",
		"nursing in canada or germany, not in the uk, no bootcamps",
		"at most 400 usd, 10 hours a week, less than 3 months",
		"ux design, 1.5 lakh INR, starting in september, with a known price",
		"free courses on python in spanish for beginners",
		"accredited, stackable, with an open deadline",
		"50 euro a month, start in 2 months", "something near the beach",
		"courses by university of helsinki", "\"deep sea diving\" in europe" };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct wish w, again;
		struct buf line = { 0 };

		wish_init(&w);
		wish_init(&again);
		(void)wish_read(vocab, str_of(rows[i]), &w, NULL);
		wish_write(&w, &line);
		T_CHECK(memchr(buf_cstr(&line), '\n', line.len) == NULL, "one line");
		wish_parse(buf_str(&line), &again);
		T_CHECK(wish_equal(&w, &again), "\"%s\": %s", rows[i], buf_cstr(&line));
		buf_fini(&line);
	}
}

/* Lines of other versions, and of nobody, change nothing that they do not name. */
static void
test_text_broken(void)
{
	static const char *const rows[] = { "colour=blue", "field=no-such-field", "=",
		"||||", "cost=", "cost=-5", "cost=1e99", "cost=12,EURO", "months=nan",
		"weeks=-1", "mode=online=x", "!", "!cost=5", "destination=Germany" };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct wish w;

		wish_init(&w);
		wish_parse(str_of(rows[i]), &w);
		T_CHECK(wish_is_empty(&w), "\"%s\" is passed over", rows[i]);
	}
}

/* Words that no wish holds, and what fields were called. */
static void
test_topic(void)
{
	static const struct {
		const char *text, *words, *hints;
	} rows[] = {
		{ "do u have phlebotomy in newark under 2000", "phlebotomy newark",
		    "" },
		{ "something with data, i was cashier till now", "", "with data" },
		{ "find phlebotomy", "phlebotomy", "" },
		{ "cheaper please", "", "" },
		{ "courses on \"deep sea\" diving", "\"deep sea\" diving", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf w = { 0 }, h = { 0 };

		wish_topic(vocab, str_of(rows[i].text), &w, &h);
		T_STR(buf_cstr(&w), rows[i].words, "words of \"%s\"", rows[i].text);
		T_STR(buf_cstr(&h), rows[i].hints, "hints of \"%s\"", rows[i].text);
		buf_fini(&w);
		buf_fini(&h);
	}
}

int
main(void)
{
	struct faults faults = { 0 };

	words = which_words_load("data", "en", &faults);
	vocab = vocab_load("data", "en", &faults);
	if (words == NULL || vocab == NULL) {
		T_CHECK(false, "the phrases that ship");
		return t_end();
	}
	T_RUN(test_read);
	T_RUN(test_text);
	T_RUN(test_text_broken);
	T_RUN(test_topic);
	which_words_free(words);
	vocab_free(vocab);
	faults_fini(&faults);
	return t_end();
}
