/*
 * turn_path.c - the ways to an award that the catalog states, said; and where it states none,
 * what its provider may be asked about.
 */
#include <math.h>

#include "bot/talk/seek_priv.h"
#include "bot/talk/tell_priv.h"
#include "credbot/catalog/path.h"
#include "credbot/catalog/program_facts.h"

#define DAY_MS INT64_C(86400000)

bool
turn_has_path(struct turn *t, const char *id)
{
	struct program_view v;

	if (t->e->paths != NULL && path_index_leads_to(t->e->paths, str_of(id)))
		return true;
	return program_view(t, id, true, &v) == RC_OK && v.program.parts.n > 0;
}

static void
bind_number(struct turn *t, const char *name, size_t n)
{
	turn_bind(t, name, str_of(arena_printf(t->arena, "%zu", n)));
}

static const char *
title_of(const struct turn *t, const struct program *p)
{
	const char *title = text_in(&p->title, t->e->lib->lang);

	return title == NULL ? p->id : title;
}

/* --- a route */

/* Of many weeks a tenth of one is nothing. */
static struct str
tell_weeks(struct turn *t, double days)
{
	double weeks = days / 7;

	return tell_counted(t, "unit.week", weeks < 10 ? weeks : round(weeks));
}

static struct str
step_facts(struct turn *t, const struct path_step *s)
{
	struct buf line = { 0 };
	struct str cost = s->price_known ? tell_money(t, s->price, s->currency)
	                                 : reply_text(t, "value.price_unknown");
	struct str out;

	if (s->load.days < 0)
		tell_join(&line, " · ", reply_text(t, "path.length_unknown"));
	tell_join(&line, " · ", tell_length(t, s->load.days));
	if (s->load.hours < 0)
		tell_join(&line, " · ", reply_text(t, "plan.hours_unknown"));
	else
		tell_join(&line, " · ", tell_counted(t, "unit.hour", s->load.hours));
	tell_join(&line, " · ", cost);
	if (s->closed)
		tell_join(&line, " · ", reply_text(t, "path.closed"));
	out = arena_str(t->arena, buf_str(&line));
	buf_fini(&line);
	return out;
}

static void
say_step(struct turn *t, const struct path_step *s, size_t place)
{
	const struct program *p = s->program;

	bind_number(t, "place", place);
	turn_bind(t, "title", str_of(p == NULL ? s->id : title_of(t, p)));
	turn_bind(t, "provider", str_of(p == NULL ? NULL : p->provider));
	reply_add(t, p == NULL || p->provider == NULL ? "seek.hit" : "seek.hit_by");
	if (p == NULL)
		reply_add_line(t, reply_text(t, "path.not_there"));
	else if (s->handed_out)
		reply_add_line(t, reply_text(t, "path.handed_out"));
	else
		reply_add_line(t, step_facts(t, s));
}

static struct str
costs_of(struct turn *t, const struct path_route *r)
{
	struct buf list = { 0 };
	struct str out;

	for (size_t i = 0; i < r->n_cost; i++)
		tell_join(&list, " + ",
		    tell_money(t, r->cost[i].minor, r->cost[i].currency));
	if (r->n_cost == 0 && r->cost_unknown < r->studied)
		tell_join(&list, "", reply_text(t, "value.free"));
	out = arena_str(t->arena, buf_str(&list));
	buf_fini(&list);
	return out;
}

/* "the cost of 2": how many of the programs do not state it. */
static void
add_unknown(struct turn *t, struct buf *list, size_t n, const char *message)
{
	bind_number(t, "n", n);
	if (n > 0)
		tell_join(list, ", ", reply_text(t, message));
}

static void
say_sums(struct turn *t, const struct path_route *r)
{
	struct buf sums = { 0 }, unknown = { 0 };

	if (r->days_unknown < r->studied)
		tell_join(&sums, ", ", tell_weeks(t, r->days));
	if (r->hours_unknown < r->studied)
		tell_join(&sums, ", ", tell_counted(t, "unit.hour", r->hours));
	tell_join(&sums, ", ", costs_of(t, r));
	if (sums.len > 0) {
		turn_bind_markdown(t, "value", arena_str(t->arena, buf_str(&sums)));
		reply_add(t, "path.sums");
	}
	if (r->days_side_by_side >= 0 && r->days_side_by_side < r->days) {
		turn_bind_markdown(t, "value", tell_weeks(t, r->days_side_by_side));
		reply_add_line(t, reply_text(t, "path.side_by_side"));
	}
	add_unknown(t, &unknown, r->days_unknown, "path.unknown_lengths");
	add_unknown(t, &unknown, r->hours_unknown, "path.unknown_hours");
	add_unknown(t, &unknown, r->cost_unknown, "path.unknown_costs");
	if (unknown.len > 0) {
		turn_bind_markdown(t, "list", arena_str(t->arena, buf_str(&unknown)));
		reply_add(t, "path.not_stated");
	}
	buf_fini(&sums);
	buf_fini(&unknown);
}

static void
say_credits(struct turn *t, const struct path_route *r)
{
	if (r->credits_of >= 0 && r->credits > 0) {
		turn_bind(t, "value", str_of(arena_printf(t->arena, "%g", r->credits)));
		turn_bind(t, "total",
		    str_of(arena_printf(t->arena, "%g", r->credits_of)));
		turn_bind(t, "words", str_of(r->credit_system));
		reply_add(t,
		    r->credits_unknown > 0 ? "path.credits_some" : "path.credits");
	}
	if (r->chosen)
		reply_add(t, "path.chosen");
	if (r->too_heavy)
		reply_add(t, "path.too_heavy");
}

static void
say_routes(struct turn *t, const struct path_answer *r)
{
	bind_number(t, "n", r->n);
	bind_number(t, "total", r->found);
	reply_add(t, r->found == 1     ? "path.one"
		     : r->found > r->n ? "path.best"
				       : "path.some");
	for (size_t i = 0; i < r->n; i++) {
		bind_number(t, "n", i + 1);
		if (r->n > 1)
			reply_add(t, "path.route");
		for (size_t k = 0; k < r->routes[i].n; k++)
			say_step(t, &r->routes[i].steps[k], k + 1);
		say_sums(t, &r->routes[i]);
		say_credits(t, &r->routes[i]);
	}
}

/* --- where there is none */

static void
say_problems(struct turn *t, const struct path_answer *r)
{
	static const char *const messages[PATH_TROUBLES] = {
		[PATH_NOT_THERE] = "path.problem_not_there",
		[PATH_ENDED] = "path.problem_ended",
		[PATH_CYCLE] = "path.problem_cycle",
		[PATH_HELD_ODD] = "path.problem_not_there",
	};

	for (size_t i = 0; i < r->n_problems; i++) {
		struct program_view v;
		const char *id = r->problems[i].id;

		turn_bind(t, "title",
		    str_of(program_view(t, id, false, &v) == RC_OK ? v.hit.title : id));
		reply_add(t, messages[r->problems[i].kind]);
	}
	if (r->cut)
		reply_add(t, "path.cut");
}

static void
say_candidates(struct turn *t, const struct path_query *q)
{
	struct path_candidates *may = arena_zalloc(t->arena, 1, sizeof(*may));
	const char *ids[PATH_CANDIDATES_MAX];

	if (path_find_candidates(t->e->index, t->arena, q, may) != RC_OK) {
		reply_add(t, "path.no_candidates");
		return;
	}
	reply_add(t, "path.candidates");
	for (size_t i = 0; i < may->n; i++) {
		const struct catalog_hit *h = &may->at[i];

		bind_number(t, "place", i + 1);
		turn_bind(t, "title", str_of(h->title));
		turn_bind(t, "provider", str_of(h->provider));
		reply_add(t, h->provider[0] == '\0' ? "seek.hit" : "seek.hit_by");
		reply_add_line(t, program_facts_line(t, h));
		ids[i] = h->id;
	}
	seek_view(t, ids, may->n);
	seek_offer_page(t);
}

/* --- all */

enum turn_end
turn_say_path(struct turn *t, const char *id)
{
	struct path_answer *r = arena_zalloc(t->arena, 1, sizeof(*r));
	struct path_query q;
	struct err err = { "" };
	enum rc rc;

	if (t->e->paths == NULL)
		return turn_say(t, "seek.no_catalog");
	path_query_init(&q, str_of(id));
	q.today = (int32_t)(t->in->now_ms / DAY_MS);
	q.weekly_hours = plan_hours(t);
	/* It is only read. */
	rc = path_find(t->e->paths, path_catalog, (void *)(uintptr_t)t->e->programs,
	    t->arena, &q, r, &err);
	if (r->target == NULL)
		return turn_say(t,
		    rc == RC_NOTFOUND ? "program.gone" : "program.unreadable");
	turn_bind(t, "title", str_of(title_of(t, r->target)));
	if (rc == RC_OK) {
		say_routes(t, r);
		say_problems(t, r);
	} else {
		reply_add(t, "path.none");
		say_problems(t, r);
		turn_bind(t, "title", str_of(title_of(t, r->target)));
		say_candidates(t, &q);
	}
	t->conv.seek.focus = str_of(arena_strdup(t->arena, id));
	seek_touch(t);
	turn_offer_intent(t, "program-details", "button.details");
	return TURN_DONE;
}
