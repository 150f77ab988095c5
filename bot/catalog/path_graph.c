/*
 * path_graph.c - programs and what they state of each other, read when they are met.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/path_priv.h"
#include "bot/catalog/tables_priv.h"
#include "credbot/catalog/program_facts.h"

void
path_trouble(struct path_search *s, enum path_trouble kind, const char *id,
    const char *of)
{
	struct path_answer *r = s->out;

	for (size_t i = 0; i < r->n_problems; i++)
		if (r->problems[i].kind == kind && strcmp(r->problems[i].id, id) == 0)
			return;
	if (r->n_problems < PATH_PROBLEMS_MAX)
		r->problems[r->n_problems++] = (struct path_problem){ kind, id, of };
}

/* The price in the currency that all are compared in; below 0: it cannot be brought there. */
static double
price_about(const struct path_search *s, int64_t minor, const char *currency)
{
	const struct path_query *q = s->q;
	size_t from, to;

	if (minor == 0 || strcmp(currency, q->currency) == 0)
		return (double)minor;
	if (q->tables == NULL)
		return -1;
	from = tables_currency(q->tables, currency);
	to = tables_currency(q->tables, q->currency);
	return from == 0 || to == 0
	           ? -1
	           : tables_convert(q->tables, (double)minor, from, to);
}

static void
take_facts(struct path_search *s, struct path_node *n)
{
	n->price = MONEY_UNKNOWN;
	n->about = -1;
	n->currency = "";
	study_load(n->p, s->q->hours_per_ects, &n->load);
	if (n->p == NULL) {
		path_trouble(s, n->of[0] == '\0' ? PATH_HELD_ODD : PATH_NOT_THERE,
		    n->id, n->of);
		return;
	}
	n->ended = n->p->status == STATUS_CEASED;
	if (program_price(n->p, &n->price, &n->currency))
		n->about = price_about(s, n->price, n->currency);
	else
		n->price = MONEY_UNKNOWN;
}

int
path_meet(struct path_search *s, struct str id, const char *of)
{
	struct path_node *n = map_get(s->by_id, id);
	struct program *p;
	enum rc rc;

	if (n != NULL)
		return (int)(n - s->node);
	if (s->rc != RC_OK)
		return -1;
	if (s->n_nodes == PATH_PROGRAMS_MAX) {
		s->out->cut = true;
		return -1;
	}
	p = arena_alloc(s->a, sizeof(*p));
	rc = s->lookup(s->arg, s->a, id, p, s->err);
	if (rc != RC_OK && rc != RC_NOTFOUND) {
		s->rc = rc;
		return -1;
	}
	n = &s->node[s->n_nodes++];
	*n = (struct path_node){ .id = arena_cstr(s->a, id), .of = of };
	n->p = rc == RC_OK ? p : NULL;
	take_facts(s, n);
	(void)map_put(s->by_id, id, n);
	return (int)(n - s->node);
}

bool
path_nodes_has(const struct path_nodes *v, size_t node)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->at[i] == node)
			return true;
	return false;
}

/* Each once, the program itself not. */
static struct path_nodes
meet_all(struct path_search *s, const struct names *ids, size_t self,
    const struct path_nodes *less)
{
	struct path_nodes v = { arena_alloc(s->a, (ids->n + 1) * sizeof(*v.at)), 0 };

	for (size_t i = 0; i < ids->n; i++) {
		int at = path_meet(s, str_of(ids->at[i]), s->node[self].id);

		if (at >= 0 && (size_t)at != self && !path_nodes_has(&v, (size_t)at) &&
		    (less == NULL || !path_nodes_has(less, (size_t)at)))
			v.at[v.n++] = (uint16_t)at;
		else if ((size_t)at == self)
			path_trouble(s, PATH_CYCLE, s->node[self].id, "");
	}
	return v;
}

void
path_expand(struct path_search *s, size_t at)
{
	struct path_node *n = &s->node[at];
	struct names towards = path_index_of(s->x, str_of(n->id));

	if (n->parts.at != NULL || n->p == NULL)
		return;
	n->parts = meet_all(s, &n->p->parts, at, NULL);
	n->requires = meet_all(s, &n->p->requires, at, NULL);
	n->towards = meet_all(s, &towards, at, &n->parts);
}

/* Who has an award has what it consists of, unless only some of it was needed. */
static void
hold_parts(struct path_search *s, size_t at, size_t depth)
{
	struct path_node *n = &s->node[at];

	n->held = true;
	path_expand(s, at);
	if (n->p == NULL || depth == PATH_DEPTH_MAX || path_parts_exceed(s, n))
		return;
	for (size_t i = 0; i < n->parts.n; i++)
		if (!s->node[n->parts.at[i]].held)
			hold_parts(s, n->parts.at[i], depth + 1);
}

void
path_hold(struct path_search *s)
{
	for (size_t i = 0; i < s->q->n_held; i++) {
		int at;

		if (i == PATH_HELD_MAX) {
			s->out->cut = true;
			return;
		}
		at = path_meet(s, s->q->held[i], "");
		if (at >= 0)
			hold_parts(s, (size_t)at, 0);
	}
}
