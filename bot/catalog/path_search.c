/*
 * path_search.c - ways to a program: sets of what must be done for it.
 *
 * A program has what it is made of (all its parts, or as many as reach its credits, or one
 * that counts towards it and then itself) and what it requires: an "or" of "and"s. Each way
 * to it is a way to each of these, joined. A program that is met again on its own way is a
 * cycle, and no way. What was found for a program is kept for the next time it is met,
 * unless it depends on where the search came from.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/path_priv.h"
#include "credbot/catalog/program_facts.h"

#define HAIR 1e-6

const char *
path_credit_system(const struct program *p)
{
	if (program_credits(p, "ECTS") >= 0)
		return "ECTS";
	for (size_t i = 0; i < p->n_credits; i++)
		if (p->credits[i].system[0] != '\0')
			return p->credits[i].system;
	return NULL;
}

/* One of a and one of b, in all pairs. */
static void
join(const struct path_search *s, const struct path_ways *a, const struct path_ways *b,
    struct path_ways *out)
{
	struct path_set both;

	out->n = 0;
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (path_set_join(&a->at[i].set, &b->at[k].set, &both))
				path_ways_add(s, out, &both);
}

/* Ways to all of v, and those of *all joined into *all. Those of less are in it already. */
static void
join_all(struct path_search *s, const struct path_nodes *v,
    const struct path_nodes *less, size_t depth, bool *clean, struct path_ways *all)
{
	for (size_t i = 0; i < v->n && all->n > 0; i++) {
		struct path_ways one, joined;

		if (less != NULL && path_nodes_has(less, v->at[i]))
			continue;
		path_ways_to(s, v->at[i], depth + 1, clean, &one);
		join(s, all, &one, &joined);
		*all = joined;
	}
}

/* Adds the ways to out, each with the program itself as what it then is. */
static void
add_with_self(const struct path_search *s, const struct path_ways *v, size_t at,
    bool award, struct path_ways *out)
{
	for (size_t i = 0; i < v->n; i++) {
		struct path_set set = v->at[i].set;

		path_set_add(award ? set.award : set.study, at);
		if ((set.award[at / 64] & set.study[at / 64]) == 0)
			path_ways_add(s, out, &set);
	}
}

/* --- as many as reach its credits */

struct choice {
	size_t node;
	double credits;
	double price; /* in days or in money, for each credit */
	bool known;
	const char *id;
	const struct path_set *set;
};

struct pool {
	double need, held;
	struct choice *at;
	size_t n;
};

static int
by_worth(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;

	if (x->known != y->known)
		return y->known - x->known;
	if (x->price != y->price)
		return x->price < y->price ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int
by_credits(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;

	if (x->credits != y->credits)
		return x->credits > y->credits ? -1 : 1;
	return strcmp(x->id, y->id);
}

static void
pool_add(struct path_search *s, struct pool *pool, size_t node, const char *system,
    size_t depth, bool *clean)
{
	const struct path_node *n = &s->node[node];
	double credits = n->p == NULL ? -1 : program_credits(n->p, system);
	struct path_ways ways;
	struct path_set *set;
	bool cheap = s->q->order == PATH_CHEAPEST;
	const struct path_rank *r = &ways.at[0].rank;

	if (credits <= 0)
		return;
	if (n->held) {
		pool->held += credits;
		return;
	}
	path_ways_to(s, node, depth + 1, clean, &ways);
	if (ways.n == 0)
		return;
	set = arena_alloc(s->a, sizeof(*set));
	*set = ways.at[0].set;
	pool->at[pool->n++] = (struct choice){ .node = node,
		.credits = credits,
		.price = (cheap ? r->cost : r->days) / credits,
		.known = (cheap ? r->cost_unknown : r->days_unknown) == 0,
		.id = n->id,
		.set = set };
}

static double
pool_credits(const struct pool *pool, size_t n)
{
	double sum = pool->held;

	for (size_t i = 0; i < n && i < pool->n; i++)
		sum += pool->at[i].credits;
	return sum;
}

/* Cuts the pool to what can be tried in all combinations: what gives most for its length or
 * its cost, unless that is not enough. */
static void
pool_trim(struct path_search *s, struct pool *pool)
{
	qsort(pool->at, pool->n, sizeof(*pool->at), by_worth);
	if (pool->n <= PATH_CHOICE_MAX)
		return;
	s->out->cut = true;
	if (pool_credits(pool, PATH_CHOICE_MAX) < pool->need - HAIR)
		qsort(pool->at, pool->n, sizeof(*pool->at), by_credits);
	pool->n = PATH_CHOICE_MAX;
}

/* Is it enough, and would it not be without any one of them? */
static bool
just_enough(const struct pool *pool, unsigned mask)
{
	double sum = pool->held, least = 0;

	for (size_t i = 0; i < pool->n; i++)
		if ((mask >> i & 1) != 0) {
			double c = pool->at[i].credits;

			sum += c;
			least = least == 0 || c < least ? c : least;
		}
	return sum >= pool->need - HAIR && sum - least < pool->need - HAIR;
}

static void
add_choice(const struct path_search *s, const struct pool *pool, unsigned mask,
    struct path_ways *out)
{
	struct path_set all = { 0 };

	for (size_t i = 0; i < pool->n; i++)
		if ((mask >> i & 1) != 0 && !path_set_join(&all, pool->at[i].set, &all))
			return;
	path_ways_add(s, out, &all);
}

/* False: they do not reach its credits, or it states none. */
static bool
ways_by_credits(struct path_search *s, size_t at, size_t depth, bool *clean,
    struct path_ways *out)
{
	const struct path_node *n = &s->node[at];
	const char *system = path_credit_system(n->p);
	struct pool pool = { 0 };

	out->n = 0;
	if (system == NULL)
		return false;
	pool.need = program_credits(n->p, system);
	pool.at = arena_alloc(s->a, (n->parts.n + n->towards.n + 1) * sizeof(*pool.at));
	for (size_t i = 0; i < n->parts.n; i++)
		pool_add(s, &pool, n->parts.at[i], system, depth, clean);
	for (size_t i = 0; i < n->towards.n; i++)
		pool_add(s, &pool, n->towards.at[i], system, depth, clean);
	pool_trim(s, &pool);
	if (pool.need <= 0 || pool_credits(&pool, pool.n) < pool.need - HAIR)
		return false;
	if (pool.held >= pool.need - HAIR) {
		path_ways_add(s, out, &(struct path_set){ 0 });
		return true;
	}
	for (unsigned mask = 1; mask < 1U << pool.n; mask++)
		if (just_enough(&pool, mask))
			add_choice(s, &pool, mask, out);
	return true;
}

bool
path_parts_exceed(const struct path_search *s, const struct path_node *n)
{
	const char *system = path_credit_system(n->p);
	double sum = 0;

	if (system == NULL)
		return false;
	for (size_t i = 0; i < n->parts.n; i++) {
		const struct program *part = s->node[n->parts.at[i]].p;
		double credits = part == NULL ? -1 : program_credits(part, system);

		if (credits < 0)
			return false;
		sum += credits;
	}
	return sum > program_credits(n->p, system) + HAIR;
}

/* --- what counts towards it, and then itself */

static void
ways_by_step(struct path_search *s, size_t at, size_t depth, bool *clean,
    const struct path_ways *before, struct path_ways *out)
{
	const struct path_node *n = &s->node[at];
	bool something = depth > 0 || n->requires.n > 0;

	for (size_t i = 0; i < n->towards.n; i++) {
		struct path_ways one, joined;

		if (s->node[n->towards.at[i]].held) {
			something = true;
			continue;
		}
		if (path_nodes_has(&n->requires, n->towards.at[i]))
			continue;
		path_ways_to(s, n->towards.at[i], depth + 1, clean, &one);
		join(s, before, &one, &joined);
		add_with_self(s, &joined, at, false, out);
	}
	/* That the target can be studied by itself is no route to it. */
	if (something)
		add_with_self(s, before, at, false, out);
}

static void
ways_of(struct path_search *s, size_t at, size_t depth, bool *clean,
    struct path_ways *out)
{
	const struct path_node *n = &s->node[at];
	struct path_ways before = { .n = 0 }, chosen, joined;

	path_ways_add(s, &before, &(struct path_set){ 0 });
	join_all(s, &n->requires, NULL, depth, clean, &before);
	if (n->parts.n > 0 && !path_parts_exceed(s, n)) {
		joined = before;
		join_all(s, &n->parts, &n->requires, depth, clean, &joined);
		add_with_self(s, &joined, at, true, out);
	} else if (ways_by_credits(s, at, depth, clean, &chosen)) {
		join(s, &before, &chosen, &joined);
		add_with_self(s, &joined, at, true, out);
	} else if (n->parts.n == 0) {
		ways_by_step(s, at, depth, clean, &before, out);
		return;
	}
	/* A part may be taken as the one program that it also is. */
	if (depth > 0)
		add_with_self(s, &before, at, false, out);
}

/* Whether there is nothing to search: then out is complete. */
static bool
is_plain(struct path_search *s, size_t at, size_t depth, bool *clean,
    struct path_ways *out)
{
	struct path_node *n = &s->node[at];
	struct path_set set = { 0 };

	if (n->held || n->p == NULL) {
		if (!n->held)
			path_set_add(set.study, at);
		path_ways_add(s, out, &set);
		return true;
	}
	if (n->ended) {
		path_trouble(s, PATH_ENDED, n->id, n->of);
		return true;
	}
	if (n->open) {
		path_trouble(s, PATH_CYCLE, n->id, "");
		*clean = false;
		return true;
	}
	if (n->ways != NULL) {
		*out = *n->ways;
		return true;
	}
	if (++s->work > PATH_WORK_MAX || depth > PATH_DEPTH_MAX) {
		s->out->cut = true;
		*clean = false;
		return true;
	}
	return false;
}

void
path_ways_to(struct path_search *s, size_t at, size_t depth, bool *clean,
    struct path_ways *out)
{
	struct path_node *n = &s->node[at];
	struct path_ways *kept;
	bool own = true;

	out->n = 0;
	if (is_plain(s, at, depth, clean, out))
		return;
	path_expand(s, at);
	if (s->rc != RC_OK)
		return;
	n->open = true;
	ways_of(s, at, depth, &own, out);
	n->open = false;
	if (!own) {
		*clean = false;
		return;
	}
	/* The target leaves out what others have: the way by itself alone. */
	if (depth == 0)
		return;
	kept = arena_alloc(s->a, sizeof(*kept));
	*kept = *out;
	n->ways = kept;
}
