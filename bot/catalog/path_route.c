/*
 * path_route.c - a set of programs as a route: in order, with its sums.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/path_priv.h"
#include "bot/catalog/tables_priv.h"
#include "credbot/catalog/program_facts.h"

#define HAIR 1e-6

static bool
in_set(const struct path_set *set, size_t node)
{
	return path_set_has(set->study, node) || path_set_has(set->award, node);
}

/* An award that is had when all its parts are there, or as many as reach its credits. */
static bool
has_by_parts(const struct path_search *s, const struct path_node *n)
{
	return n->parts.n > 0 && !path_parts_exceed(s, n);
}

/* --- an order: each program behind those that must be there before */

struct spot {
	size_t node;
	enum path_why why;
	const char *of;
};

struct walk {
	struct path_search *s;
	const struct path_set *set;
	size_t target;
	/* As one would tell it: what leads to a program stands before it. */
	struct spot told[PATH_PROGRAMS_MAX];
	size_t n;
	bool seen[PATH_PROGRAMS_MAX];
	bool done[PATH_PROGRAMS_MAX]; /* hers are */
	/* The same as it can be done; where nothing is circular, that is the same. */
	struct spot order[PATH_PROGRAMS_MAX];
};

static void tell(struct walk *w, size_t node, enum path_why why, const char *of);

static void
tell_all(struct walk *w, const struct path_nodes *v, enum path_why why, const char *of)
{
	for (size_t i = 0; i < v->n; i++)
		if (in_set(w->set, v->at[i]) && !w->seen[v->at[i]])
			tell(w, v->at[i], why, of);
}

static void
tell(struct walk *w, size_t node, enum path_why why, const char *of)
{
	const struct path_node *n = &w->s->node[node];

	w->seen[node] = true;
	tell_all(w, &n->requires, PATH_REQUIRED, n->id);
	if (path_set_has(w->set->award, node))
		tell_all(w, &n->parts, PATH_PART, n->id);
	tell_all(w, &n->towards, PATH_TOWARDS, n->id);
	w->told[w->n++] = (struct spot){ node, why, of };
}

static bool
all_done(const struct walk *w, const struct path_nodes *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (in_set(w->set, v->at[i]) && !w->done[v->at[i]])
			return false;
	return true;
}

static double
credits_done(const struct walk *w, const struct path_nodes *v, const char *system)
{
	double sum = 0;

	for (size_t i = 0; i < v->n; i++) {
		const struct path_node *n = &w->s->node[v->at[i]];

		if (w->done[v->at[i]] && program_credits(n->p, system) > 0)
			sum += program_credits(n->p, system);
	}
	return sum;
}

/* Can it be begun, or handed out? gladly: is everything done that is told before it? */
static bool
is_ready(const struct walk *w, size_t node, bool gladly)
{
	const struct path_node *n = &w->s->node[node];
	const char *system;

	if (!all_done(w, &n->requires) || (gladly && !all_done(w, &n->towards)))
		return false;
	if (!path_set_has(w->set->award, node))
		return true;
	if (gladly || has_by_parts(w->s, n))
		return all_done(w, &n->parts);
	system = path_credit_system(n->p);
	return credits_done(w, &n->parts, system) +
	           credits_done(w, &n->towards, system) >=
	       program_credits(n->p, system) - HAIR;
}

static bool
place_next(struct walk *w, size_t at, bool gladly)
{
	for (size_t i = 0; i < w->n; i++) {
		size_t node = w->told[i].node;

		if (w->done[node] || (node == w->target && at + 1 < w->n) ||
		    !is_ready(w, node, gladly))
			continue;
		w->order[at] = w->told[i];
		w->done[node] = true;
		return true;
	}
	return false;
}

static bool
put_in_order(struct walk *w)
{
	for (size_t i = 0; i < w->s->n_nodes; i++)
		w->done[i] = w->s->node[i].held;
	tell(w, w->target, PATH_TARGET, "");
	for (size_t at = 0; at < w->n; at++)
		if (!place_next(w, at, true) && !place_next(w, at, false))
			return false;
	return true;
}

static void
make_step(const struct walk *w, const struct spot *at, struct path_step *out)
{
	const struct path_node *n = &w->s->node[at->node];
	int32_t today = w->s->q->today;

	*out = (struct path_step){ .id = n->id,
		.program = n->p,
		.why = at->why,
		.of = at->of,
		.handed_out = path_set_has(w->set->award, at->node),
		.currency = "",
		.price = MONEY_UNKNOWN,
		.start_day = NUMBER_UNKNOWN };
	study_load(NULL, NUMBER_UNKNOWN, &out->load);
	if (out->handed_out)
		return;
	out->closed = today != DAY_UNKNOWN && n->p != NULL &&
	              program_closes(n->p) < today;
	out->load = n->load;
	out->price = n->price;
	out->price_known = n->price != MONEY_UNKNOWN;
	out->currency = n->currency;
}

/* --- sums */

static void
add_cost(struct path_route *r, const struct path_step *step)
{
	size_t at = 0;

	if (!step->price_known) {
		r->cost_unknown++;
		return;
	}
	if (step->price == 0)
		return;
	while (at < r->n_cost && strcmp(r->cost[at].currency, step->currency) < 0)
		at++;
	if (at == r->n_cost || strcmp(r->cost[at].currency, step->currency) != 0) {
		memmove(&r->cost[at + 1], &r->cost[at],
		    (r->n_cost - at) * sizeof(*r->cost));
		r->cost[at] = (struct path_cost){ step->currency, 0 };
		r->n_cost++;
	}
	/* Nobody's prices; and a sum that cannot be told is not known. */
	if (__builtin_add_overflow(r->cost[at].minor, step->price,
		&r->cost[at].minor)) {
		r->cost[at].minor = INT64_MAX;
		r->cost_unknown++;
	}
}

static void
add_up(struct path_route *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct path_step *step = &r->steps[i];

		if (step->handed_out)
			continue;
		if (step->load.days < 0) {
			r->days_unknown++;
		} else {
			r->days += step->load.days;
			r->min_days += step->load.min_days;
		}
		if (step->load.hours < 0)
			r->hours_unknown++;
		else
			r->hours += step->load.hours;
		add_cost(r, step);
	}
}

static void
bring_to_one_currency(const struct path_search *s, const struct path_set *set,
    struct path_route *r)
{
	double sum = 0;

	r->cost_about = MONEY_UNKNOWN;
	for (size_t i = 0; i < s->n_nodes; i++)
		if (path_set_has(set->study, i)) {
			if (s->node[i].about < 0)
				return;
			sum += s->node[i].about;
		}
	if (sum < (double)INT64_MAX / 2)
		r->cost_about = (int64_t)(sum + 0.5);
}

static void
count_credits(const struct path_search *s, const struct path_set *set,
    const struct path_nodes *v, struct path_route *r)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct path_node *n = &s->node[v->at[i]];
		double c = n->p == NULL ? NUMBER_UNKNOWN
		                        : program_credits(n->p, r->credit_system);

		if (!n->held && !in_set(set, v->at[i]))
			continue;
		if (c < 0)
			r->credits_unknown++;
		else
			r->credits += c;
	}
}

static void
add_credits(const struct path_search *s, size_t target, const struct path_set *set,
    struct path_route *r)
{
	const struct path_node *n = &s->node[target];
	const char *system = path_credit_system(n->p);

	r->credit_system = system == NULL ? "" : system;
	r->credits_of = r->credits_left = NUMBER_UNKNOWN;
	if (system == NULL)
		return;
	r->credits_of = program_credits(n->p, system);
	count_credits(s, set, &n->parts, r);
	count_credits(s, set, &n->towards, r);
	r->credits_left = r->credits < r->credits_of ? r->credits_of - r->credits : 0;
}

/* --- what it builds on */

static void
note_held(const struct path_search *s, const struct path_nodes *v, uint8_t *counts)
{
	for (size_t i = 0; i < v->n; i++)
		if (s->node[v->at[i]].held)
			counts[v->at[i]] = 1;
}

static void
add_held(const struct path_search *s, const struct path_set *set, struct path_route *r)
{
	uint8_t counts[PATH_PROGRAMS_MAX] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < s->n_nodes; i++) {
		const struct path_node *node = &s->node[i];

		if (!in_set(set, i))
			continue;
		note_held(s, &node->requires, counts);
		note_held(s, &node->towards, counts);
		if (!path_set_has(set->award, i))
			continue;
		note_held(s, &node->parts, counts);
		r->chosen = r->chosen || !has_by_parts(s, node);
	}
	r->counted.at = arena_alloc(s->a, (s->n_nodes + 1) * sizeof(*r->counted.at));
	for (size_t i = 0; i < s->n_nodes; i++)
		if (counts[i] != 0)
			r->counted.at[n++] = s->node[i].id;
	r->counted.n = n;
}

/* --- side by side */

struct timetable {
	struct study_item item[LOAD_ITEMS_MAX];
	size_t step_of[PATH_PROGRAMS_MAX];
	size_t *after;
	size_t n_after;
};

/* Only what stands before it: the other edges were given up when it was put in order. */
static void
add_after(struct timetable *t, const struct path_nodes *v, size_t step,
    const struct path_set *set)
{
	for (size_t i = 0; i < v->n; i++)
		if (in_set(set, v->at[i]) && t->step_of[v->at[i]] < step)
			t->after[t->n_after++] = t->step_of[v->at[i]];
}

static void
add_item(const struct path_search *s, const struct path_set *set, struct timetable *t,
    size_t node)
{
	const struct path_node *n = &s->node[node];
	size_t step = t->step_of[node], from = t->n_after;
	bool award = path_set_has(set->award, node);

	add_after(t, &n->requires, step, set);
	add_after(t, &n->towards, step, set);
	if (award)
		add_after(t, &n->parts, step, set);
	t->item[step] = (struct study_item){ .days = award ? 0 : n->load.days,
		.weekly = n->load.weekly,
		.after = t->after + from,
		.n_after = t->n_after - from };
}

static void
side_by_side(const struct path_search *s, const struct path_set *set,
    struct path_route *r)
{
	struct timetable *t = arena_zalloc(s->a, 1, sizeof(*t));
	size_t room = 1;
	double days;

	static_assert(PATH_PROGRAMS_MAX <= LOAD_ITEMS_MAX, "a route is one timetable");
	r->days_side_by_side = NUMBER_UNKNOWN;
	for (size_t i = 0; i < s->n_nodes; i++)
		if (in_set(set, i)) {
			room += s->node[i].requires.n + s->node[i].towards.n +
			        s->node[i].parts.n;
			for (size_t k = 0; k < r->n; k++)
				if (r->steps[k].id == s->node[i].id)
					t->step_of[i] = k;
		}
	t->after = arena_alloc(s->a, room * sizeof(*t->after));
	for (size_t i = 0; i < s->n_nodes; i++)
		if (in_set(set, i))
			add_item(s, set, t, i);
	if (study_side_by_side(t->item, r->n, s->q->weekly_hours, s->q->at_once,
		&days) != RC_OK)
		return;
	r->days_side_by_side = days;
	for (size_t k = 0; k < r->n; k++) {
		r->steps[k].start_day = t->item[k].start;
		r->too_heavy = r->too_heavy || t->item[k].too_heavy;
	}
}

enum rc
path_route_make(struct path_search *s, size_t target, const struct path_set *set,
    struct path_route *out)
{
	struct walk *w = arena_zalloc(s->a, 1, sizeof(*w));

	w->s = s;
	w->set = set;
	w->target = target;
	if (!put_in_order(w))
		return RC_NOTFOUND;
	*out = (struct path_route){ .n = w->n };
	out->steps = arena_alloc(s->a, w->n * sizeof(*out->steps));
	out->cost = arena_alloc(s->a, w->n * sizeof(*out->cost));
	for (size_t i = 0; i < w->n; i++) {
		make_step(w, &w->order[i], &out->steps[i]);
		out->studied += !out->steps[i].handed_out;
	}
	out->in_parts = path_set_has(set->award, target);
	add_up(out);
	bring_to_one_currency(s, set, out);
	add_credits(s, target, set, out);
	add_held(s, set, out);
	side_by_side(s, set, out);
	return RC_OK;
}
