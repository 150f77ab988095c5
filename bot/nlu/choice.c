/*
 * choice.c - which of the choices shown a student picks.
 */
#include <string.h>

#include "credbot/base/buf.h"
#include "credbot/base/utf8.h"
#include "credbot/nlu/choice.h"

/* A choice is said in a few words; what is longer is a message of its own. */
#define WORDS_MAX 8
/* No choice that is shown is longer. */
#define TEXT_MAX 200
/* Behind it nobody counts: 20 choices are shown at most. */
#define NUMBER_MAX 99

struct words {
	struct buf folded;
	struct str v[WORDS_MAX];
	size_t n;
	bool too_many;
};

static bool
is_word_rune(int32_t r)
{
	return utf8_is_letter(r) || utf8_is_digit(r);
}

/* Letters and digits, parted at all else; "#2" and "2)" are 2. */
static void
split(struct str text, struct words *w)
{
	struct str rest;

	*w = (struct words){ 0 };
	utf8_fold(text, &w->folded);
	rest = buf_str(&w->folded);
	while (rest.len > 0) {
		struct str at = rest;
		size_t len;

		if (!is_word_rune(utf8_next(&rest)))
			continue;
		for (len = at.len - rest.len; rest.len > 0;) {
			struct str ahead = rest;

			if (!is_word_rune(utf8_next(&ahead)))
				break;
			rest = ahead;
			len = at.len - rest.len;
		}
		if (w->n == WORDS_MAX) {
			w->too_many = true;
			return;
		}
		w->v[w->n++] = str_n(at.p, len);
	}
}

/* Words that may stand around a choice and add nothing to it. */
static const char *const fillers[] = { "a", "about", "an", "and", "are", "as", "at",
	"be", "by", "can", "choice", "choose", "d", "did", "do", "does", "else", "for",
	"from", "get", "give", "go", "has", "have", "hm", "hmm", "how", "i", "id", "if",
	"ill", "in", "into", "is", "it", "its", "just", "let", "lets", "like", "ll",
	"many", "maybe", "me", "mean", "meant", "much", "must", "my", "no", "nr", "num",
	"number", "nummer", "of", "ok", "okay", "on", "one", "ones", "option", "or",
	"other", "pick", "please", "pls", "plz", "point", "s", "shall", "should",
	"show", "so", "take", "tell", "than", "thanks", "that", "the", "them", "then",
	"there", "they", "thing", "things", "think", "this", "thx", "to", "topic",
	"topics", "uh", "um", "us", "want", "was", "what", "when", "where", "which",
	"who", "why", "will", "with", "would", "yes", "you", "your", NULL };

static bool
is_in(struct str word, const char *const list[])
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (str_is(word, list[i]))
			return true;
	return false;
}

static const struct {
	const char *word;
	int number; /* from 1; -1: the last, -2: the one before it */
} numerals[] = {
	{ "first", 1 },
	{ "1st", 1 },
	{ "frist", 1 },
	{ "second", 2 },
	{ "2nd", 2 },
	{ "secound", 2 },
	{ "third", 3 },
	{ "3rd", 3 },
	{ "fourth", 4 },
	{ "4th", 4 },
	{ "fifth", 5 },
	{ "5th", 5 },
	{ "sixth", 6 },
	{ "6th", 6 },
	{ "seventh", 7 },
	{ "7th", 7 },
	{ "eighth", 8 },
	{ "8th", 8 },
	{ "two", 2 },
	{ "three", 3 },
	{ "four", 4 },
	{ "five", 5 },
	{ "six", 6 },
	{ "seven", 7 },
	{ "eight", 8 },
	{ "last", -1 },
	{ "bottom", -1 },
	{ "top", 1 },
};

/* The number that a word says; 0: none. */
static int
number_of(struct str word)
{
	int64_t n;

	if (str_to_int(word, 1, NUMBER_MAX, &n) == RC_OK)
		return (int)n;
	for (size_t i = 0; i < ARRAY_LEN(numerals); i++)
		if (str_is(word, numerals[i].word))
			return numerals[i].number;
	return 0;
}

static struct choice
by_number(const struct words *w, size_t n_options)
{
	int found = 0;

	for (size_t i = 0; i < w->n; i++) {
		int n = number_of(w->v[i]);

		if (n != 0 && found == 0)
			found = n;
		else if (n != 0 || !is_in(w->v[i], fillers))
			return (struct choice){ CHOICE_NONE, 0 };
	}
	/* "one" is a filler ("the second one") unless it is all there is. */
	if (found == 0 && w->n == 1 && str_is(w->v[0], "one"))
		found = 1;
	if (found == 0 || (found < 0 && n_options == 0))
		return (struct choice){ CHOICE_NONE, 0 };
	return (struct choice){ CHOICE_NUMBER,
		found > 0 ? (size_t)found - 1 : n_options - 1 };
}

/* "cost" and "costs" are one word here. */
static struct str
singular(struct str word)
{
	if (word.len > 3 && word.p[word.len - 1] == 's')
		word.len--;
	return word;
}

static bool
has_word(const struct words *w, struct str word)
{
	for (size_t i = 0; i < w->n; i++)
		if (str_eq(singular(w->v[i]), singular(word)))
			return true;
	return false;
}

/* How many words that say something are in text and in option; -1: one is in text alone. */
static int
shared(const struct words *text, const struct words *option)
{
	int n = 0;

	for (size_t i = 0; i < text->n; i++) {
		if (is_in(text->v[i], fillers))
			continue;
		if (!has_word(option, text->v[i]))
			return -1;
		n++;
	}
	return n;
}

/* All words of the message are words of exactly one choice. */
static struct choice
by_words(const struct words *w, const struct str *options, size_t n)
{
	struct choice c = { CHOICE_NONE, 0 };
	int best = 0;
	bool tie = false;

	for (size_t i = 0; i < n; i++) {
		struct words option;
		int score;

		split(options[i], &option);
		score = shared(w, &option);
		if (score > best) {
			best = score;
			tie = false;
			c = (struct choice){ CHOICE_WORDS, i };
		} else if (score == best && score > 0) {
			tie = true;
		}
		buf_fini(&option.folded);
	}
	return tie ? (struct choice){ CHOICE_NONE, 0 } : c;
}

/* The text of a choice as it stands, but for capitals, marks and blanks around it. */
static struct choice
by_text(struct str text, const struct str *options, size_t n)
{
	struct choice c = { CHOICE_NONE, 0 };
	struct buf said = { 0 }, option = { 0 };

	utf8_fold(str_trim(text), &said);
	for (size_t i = 0; i < n && c.kind == CHOICE_NONE; i++) {
		buf_clear(&option);
		utf8_fold(options[i], &option);
		if (str_eq(buf_str(&said), str_trim(buf_str(&option))))
			c = (struct choice){ CHOICE_TEXT, i };
	}
	buf_fini(&said);
	buf_fini(&option);
	return c;
}

struct choice
choice_read(struct str text, const struct str *options, size_t n)
{
	struct choice c = { CHOICE_NONE, 0 };
	struct words w;

	if (text.len > TEXT_MAX)
		return c;
	c = by_text(text, options, n);
	if (c.kind != CHOICE_NONE)
		return c;
	split(text, &w);
	if (!w.too_many && w.n > 0) {
		c = by_number(&w, n);
		if (c.kind == CHOICE_NONE)
			c = by_words(&w, options, n);
	}
	buf_fini(&w.folded);
	return c;
}

static int
count_stars(struct str text)
{
	int n = 0;
	int32_t r;

	while ((r = utf8_next(&text)) >= 0)
		n += r == 0x2B50 || r == 0x2605; /* white medium star, black star */
	return n;
}

int
rating_read(struct str text)
{
	static const char *const allowed[] = { "star", "stars", "out", "of", "5",
		"points", "rating", "from", NULL };
	int stars, found = 0;
	struct words w;

	if (text.len > TEXT_MAX)
		return 0;
	stars = count_stars(text);
	if (stars >= 1 && stars <= 5 && utf8_wordiness(text) == 0)
		return stars;
	split(text, &w);
	for (size_t i = 0; i < w.n && !w.too_many; i++) {
		int n = number_of(w.v[i]);

		if (n >= 1 && n <= 5 && found == 0)
			found = n;
		else if (!is_in(w.v[i], fillers) && !is_in(w.v[i], allowed))
			found = -1;
		if (found < 0)
			break;
	}
	if (found == 0 && w.n == 1 && str_is(w.v[0], "one"))
		found = 1;
	buf_fini(&w.folded);
	return found > 0 && !w.too_many ? found : 0;
}
