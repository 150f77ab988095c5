/*
 * path_rank.c - which of two sets of programs is better.
 */
#include <math.h>
#include <string.h>

#include "bot/catalog/path_priv.h"

bool
path_set_has(const uint64_t *bits, size_t node)
{
	return (bits[node / 64] >> (node % 64) & 1) != 0;
}

void
path_set_add(uint64_t *bits, size_t node)
{
	bits[node / 64] |= UINT64_C(1) << (node % 64);
}

bool
path_set_equal(const struct path_set *a, const struct path_set *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

bool
path_set_join(const struct path_set *a, const struct path_set *b, struct path_set *out)
{
	for (size_t i = 0; i < PATH_SET_WORDS; i++) {
		out->study[i] = a->study[i] | b->study[i];
		out->award[i] = a->award[i] | b->award[i];
		if ((out->study[i] & out->award[i]) != 0)
			return false;
	}
	return true;
}

static void
count(const struct path_node *n, struct path_rank *r)
{
	r->days_unknown += n->load.days < 0;
	r->days += n->load.days < 0 ? 0 : n->load.days;
	r->hours += n->load.hours < 0 ? 0 : n->load.hours;
	r->cost_unknown += n->about < 0;
	r->cost += n->about < 0 ? 0 : n->about;
	r->n++;
}

/* To a thousandth: sums of the same numbers in another order are equal. */
static double
rounded(double sum)
{
	return nearbyint(sum * 1000);
}

static struct path_rank
rank_of(const struct path_search *s, const struct path_set *set)
{
	struct path_rank r = { 0 };

	for (size_t w = 0; w < PATH_SET_WORDS; w++)
		for (uint64_t bits = set->study[w]; bits != 0; bits &= bits - 1)
			count(&s->node[w * 64 + (size_t)__builtin_ctzll(bits)], &r);
	r.days = rounded(r.days);
	r.cost = rounded(r.cost);
	r.hours = rounded(r.hours);
	return r;
}

static int
order(double a, double b)
{
	return (a > b) - (a < b);
}

static int
by_length(const struct path_rank *a, const struct path_rank *b)
{
	int c = order((double)a->days_unknown, (double)b->days_unknown);

	return c != 0 ? c : order(a->days, b->days);
}

static int
by_cost(const struct path_rank *a, const struct path_rank *b)
{
	int c = order((double)a->cost_unknown, (double)b->cost_unknown);

	return c != 0 ? c : order(a->cost, b->cost);
}

/* The first id that only a has; NULL: none. */
static const char *
first_alone(const struct path_search *s, const uint64_t *a, const uint64_t *b)
{
	const char *first = NULL;

	for (size_t w = 0; w < PATH_SET_WORDS; w++)
		for (uint64_t bits = a[w] & ~b[w]; bits != 0; bits &= bits - 1) {
			const char *id =
			    s->node[w * 64 + (size_t)__builtin_ctzll(bits)].id;

			if (first == NULL || strcmp(id, first) < 0)
				first = id;
		}
	return first;
}

static int
by_ids(const struct path_search *s, const uint64_t *a, const uint64_t *b)
{
	const char *x = first_alone(s, a, b), *y = first_alone(s, b, a);

	if (x == NULL || y == NULL)
		return (x == NULL) - (y == NULL);
	return strcmp(x, y);
}

/* Below 0: a is better. 0: they are equal. */
static int
compare(const struct path_search *s, const struct path_way *a, const struct path_way *b)
{
	bool cheap = s->q->order == PATH_CHEAPEST;
	int c = cheap ? by_cost(&a->rank, &b->rank) : by_length(&a->rank, &b->rank);

	if (c == 0)
		c = cheap ? by_length(&a->rank, &b->rank) : by_cost(&a->rank, &b->rank);
	if (c == 0)
		c = order(a->rank.hours, b->rank.hours);
	if (c == 0)
		c = order((double)a->rank.n, (double)b->rank.n);
	if (c == 0)
		c = by_ids(s, a->set.study, b->set.study);
	return c != 0 ? c : by_ids(s, a->set.award, b->set.award);
}

void
path_ways_add(const struct path_search *s, struct path_ways *v,
    const struct path_set *set)
{
	const struct path_way way = { *set, rank_of(s, set) };
	size_t at = v->n;

	for (size_t i = 0; i < v->n; i++)
		if (path_set_equal(&v->at[i].set, set))
			return;
	while (at > 0 && compare(s, &way, &v->at[at - 1]) < 0)
		at--;
	if (v->n == PATH_KEPT) {
		s->out->cut = true;
		if (at == PATH_KEPT)
			return;
		v->n--;
	}
	memmove(&v->at[at + 1], &v->at[at], (v->n - at) * sizeof(v->at[0]));
	v->at[at] = way;
	v->n++;
}
