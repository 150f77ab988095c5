/*
 * search_relax.c - nothing fits: which wish is in the way, and what is there without it.
 *
 * The order is C6's: rating, start, a price higher by a quarter, mode, country. Everything
 * else, language and level first of all, is only counted and offered.
 */
#include <string.h>

#include "bot/catalog/search_priv.h"

static const enum catalog_part order[] = { CATALOG_RATING, CATALOG_START, CATALOG_PRICE,
	CATALOG_MODE, CATALOG_COUNTRY };

struct relaxing {
	struct search *s;
	/* By filter: the programs of s->words that it lets through, sure or not; and what of a
	 * price that is a quarter higher. */
	uint64_t *pass[SEARCH_FILTERS_MAX];
	uint64_t *dearer[SEARCH_FILTERS_MAX];
	bool given_up[SEARCH_FILTERS_MAX];
};

static uint64_t *
passing(const struct search *s, const struct filter *f)
{
	uint64_t *sure = set_copy(s, s->words), *unsure = set_new(s);

	filter_apply(s, f, sure, unsure);
	for (size_t w = 0; w < s->x->words; w++)
		sure[w] |= unsure[w];
	return sure;
}

/* How many are left when the filters marked in r->given_up are given up: a price by a
 * quarter, others wholly. */
static size_t
count_left(const struct relaxing *r)
{
	const struct search *s = r->s;
	size_t n = 0;

	for (size_t w = 0; w < s->x->words; w++) {
		uint64_t left = s->words[w];

		for (size_t i = 0; i < s->n_filters && left != 0; i++) {
			if (!r->given_up[i])
				left &= r->pass[i][w];
			else if (r->dearer[i] != NULL)
				left &= r->dearer[i][w];
		}
		n += index_ones(left);
	}
	return n;
}

static bool
may_relax(const struct search *s, size_t i, enum catalog_part part)
{
	const struct filter *f = &s->filters[i];

	/* What is ruled out stays ruled out. */
	return f->part == part && strncmp(f->want, "not ", 4) != 0 &&
	       !(f->kind == FILTER_PRICE && f->amount == 0);
}

static void
note_way(struct search *s, struct catalog_way **v, size_t *n, size_t i, size_t count,
    const char *instead)
{
	if (*v == NULL)
		*v = arena_alloc(s->a, (size_t)2 * SEARCH_FILTERS_MAX * sizeof(**v));
	(*v)[(*n)++] = (struct catalog_way){ s->filters[i].part, s->filters[i].want,
		instead, count };
}

static const char *
instead_of(const struct relaxing *r, size_t i)
{
	struct filter f;

	if (r->dearer[i] == NULL)
		return NULL;
	f = filter_dearer(r->s, &r->s->filters[i]);
	return f.want;
}

/* Every wish alone. */
static void
list_ways(struct relaxing *r)
{
	struct search *s = r->s;
	struct catalog_answer *out = s->out;
	enum catalog_part blocker = CATALOG_PARTS;

	for (size_t i = 0; i < s->n_filters; i++) {
		uint64_t *dearer = r->dearer[i];
		size_t n;

		r->given_up[i] = true;
		n = count_left(r);
		if (n > 0 && dearer != NULL)
			note_way(s, &out->ways, &out->n_ways, i, n, instead_of(r, i));
		/* A price can be given up wholly, too. */
		r->dearer[i] = NULL;
		if (dearer != NULL)
			n = count_left(r);
		if (n > 0)
			note_way(s, &out->ways, &out->n_ways, i, n, NULL);
		r->dearer[i] = dearer;
		r->given_up[i] = false;
		if (n > 0 && blocker == CATALOG_PARTS)
			blocker = s->filters[i].part;
		if (set_count(s, r->pass[i]) == 0)
			out->blocker = s->filters[i].part;
	}
	if (out->blocker == CATALOG_PARTS)
		out->blocker = blocker;
}

static size_t
give_up(struct relaxing *r, enum catalog_part part, bool yes)
{
	size_t n = 0;

	for (size_t i = 0; i < r->s->n_filters; i++)
		if (may_relax(r->s, i, part)) {
			r->given_up[i] = yes;
			n++;
		}
	return n;
}

/* One wish, or as few as it takes. */
static bool
find_least(struct relaxing *r)
{
	size_t upto = 0;

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		bool helps = give_up(r, order[i], true) > 0 && count_left(r) > 0;

		if (helps)
			return true;
		(void)give_up(r, order[i], false);
	}
	while (upto < ARRAY_LEN(order)) {
		(void)give_up(r, order[upto++], true);
		if (count_left(r) > 0)
			break;
	}
	if (count_left(r) == 0)
		return false;
	/* Those that were given up for nothing are kept. */
	for (size_t i = 0; i < upto; i++)
		if (give_up(r, order[i], false) > 0 && count_left(r) == 0)
			(void)give_up(r, order[i], true);
	return true;
}

bool
search_relax(struct search *s, uint64_t *sure, uint64_t *unsure)
{
	struct relaxing r = { .s = s };
	size_t left;

	for (size_t i = 0; i < s->n_filters; i++) {
		struct filter f;

		r.pass[i] = passing(s, &s->filters[i]);
		if (!may_relax(s, i, CATALOG_PRICE) ||
		    s->filters[i].kind != FILTER_PRICE)
			continue;
		f = filter_dearer(s, &s->filters[i]);
		r.dearer[i] = passing(s, &f);
	}
	list_ways(&r);
	if (s->q->keep_wishes || !find_least(&r))
		return false;
	left = count_left(&r);
	memcpy(sure, s->words, s->x->words * sizeof(*sure));
	memset(unsure, 0, s->x->words * sizeof(*unsure));
	for (size_t i = 0; i < s->n_filters; i++) {
		struct filter f = s->filters[i];

		if (r.given_up[i]) {
			note_way(s, &s->out->relaxed, &s->out->n_relaxed, i, left,
			    instead_of(&r, i));
			if (r.dearer[i] == NULL)
				continue;
			f = filter_dearer(s, &f);
		}
		filter_apply(s, &f, sure, unsure);
	}
	return true;
}
