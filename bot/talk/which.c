/*
 * which.c - which of the programs in view a message speaks of, and what it asks of them.
 *
 * From left to right; at each word the longest phrase of any list counts, and is passed over
 * as a whole: "the last one" is no "one", "how long is that" no "long".
 */
#include "bot/talk/which_words_priv.h"
#include "credbot/base/rc.h"

/* What stands at a word. */
struct found {
	size_t n; /* words; 0: nothing */
	enum found_what { FOUND_LIST, FOUND_ORDINAL, FOUND_POINT } what;
	unsigned at; /* of which list, ordinal or point */
};

static void
try_lists(const struct said_words *t, size_t i, const struct phrase_list *lists,
    size_t n, enum found_what what, struct found *best)
{
	for (size_t k = 0; k < n; k++) {
		size_t len = phrases_at(t, i, t->n, &lists[k]);

		if (len > best->n) {
			best->n = len;
			best->what = what;
			best->at = (unsigned)k;
		}
	}
}

static struct found
find_at(const struct which_words *w, const struct said_words *t, size_t i)
{
	struct found f = { 0 };

	try_lists(t, i, w->ordinals, ORDINALS_MAX, FOUND_ORDINAL, &f);
	try_lists(t, i, w->points, POINTS, FOUND_POINT, &f);
	try_lists(t, i, w->lists, WHICH_LISTS, FOUND_LIST, &f);
	return f;
}

/* "2", "#2", "2." as a place; 0: it is none. */
static size_t
bare_number(struct str word, size_t listed)
{
	int64_t n;

	if (str_starts(word, "#"))
		word = str_n(word.p + 1, word.len - 1);
	return str_to_int(word, 1, (int64_t)listed, &n) == RC_OK ? (size_t)n : 0;
}

static bool
is_place(const struct which_words *w, const struct said_words *t, size_t i)
{
	return phrases_at(t, i + 1, t->n, &w->lists[WHICH_UNITS]) == 0;
}

static void
take_list(enum which_list list, struct which *out)
{
	switch (list) {
	case WHICH_LAST:
		out->last = true;
		break;
	case WHICH_ALL:
		out->all = true;
		break;
	case WHICH_IT:
		out->it = true;
		break;
	case WHICH_MINE:
		out->mine = true;
		break;
	case WHICH_CHEAPEST:
		out->most = MOST_CHEAPEST;
		break;
	case WHICH_SHORTEST:
		out->most = MOST_SHORTEST;
		break;
	case WHICH_SOONEST:
		out->most = MOST_SOONEST;
		break;
	case WHICH_OTHER:
		out->other = true;
		break;
	case WHICH_ANY:
		out->any = true;
		break;
	case WHICH_UNITS:
	case WHICH_LISTS:
		break;
	}
}

void
which_read(const struct which_words *w, struct str text, size_t listed,
    struct which *out)
{
	struct said_words t;
	size_t any_words = 0;

	*out = (struct which){ 0 };
	words_split(text, &t);
	out->words = t.n;
	for (size_t i = 0; i < t.n;) {
		struct found f = find_at(w, &t, i);
		size_t n = f.n > 0 ? 0 : bare_number(t.v[i].text, listed);

		if (n > 0 && is_place(w, &t, i))
			out->places |= 1U << (n - 1);
		if (f.n > 0 && f.what == FOUND_ORDINAL)
			out->places |= 1U << f.at;
		else if (f.n > 0 && f.what == FOUND_POINT)
			out->points |= 1U << f.at;
		else if (f.n > 0)
			take_list((enum which_list)f.at, out);
		if (f.n > 0 && f.what == FOUND_LIST && f.at == WHICH_ANY)
			any_words += f.n;
		i += f.n > 0 ? f.n : 1;
	}
	/* "hmm, no idea" */
	out->only_any = any_words > 0 && t.n - any_words <= 1;
}

bool
which_names(const struct which *w)
{
	return w->places != 0 || w->last || w->it || w->other || w->all ||
	       w->most != MOST_NOTHING;
}
