/*
 * path.c - routes to an award through programs that count towards it.
 */
#include <assert.h>

#include "bot/catalog/path_priv.h"

void
path_query_init(struct path_query *q, struct str target)
{
	*q = (struct path_query){ .target = target,
		.today = DAY_UNKNOWN,
		.weekly_hours = NUMBER_UNKNOWN,
		.at_once = LOAD_AT_ONCE_MAX,
		.hours_per_ects = NUMBER_UNKNOWN,
		.currency = "EUR" };
}

const char *
path_why_name(enum path_why why)
{
	static const char *const names[PATH_WHYS] = { "target", "part", "towards",
		"required" };

	return names[why];
}

const char *
path_trouble_name(enum path_trouble t)
{
	static const char *const names[PATH_TROUBLES] = { "not there", "ended", "cycle",
		"held unknown" };

	return names[t];
}

enum rc
path_catalog(void *arg, struct arena *a, struct str id, struct program *out,
    struct err *err)
{
	return catalog_find(arg, a, id, out, err);
}

static void
make_routes(struct path_search *s, size_t target)
{
	struct path_answer *out = s->out;
	struct path_ways ways;
	bool clean = true;

	path_ways_to(s, target, 0, &clean, &ways);
	if (s->rc != RC_OK)
		return;
	out->found = ways.n;
	for (size_t i = 0; i < ways.n && out->n < PATH_ROUTES_MAX; i++)
		if (path_route_make(s, target, &ways.at[i].set, &out->routes[out->n]) ==
		    RC_OK)
			out->n++;
		else
			out->found--;
}

enum rc
path_find(const struct path_index *x, path_lookup_fn *lookup, void *arg,
    struct arena *a, const struct path_query *q, struct path_answer *out,
    struct err *err)
{
	struct path_query own = *q;
	struct path_search s = { .x = x,
		.lookup = lookup,
		.arg = arg,
		.a = a,
		.q = &own,
		.out = out,
		.err = err,
		.rc = RC_OK };
	int target;

	assert(q->at_once >= 1 && q->at_once <= LOAD_AT_ONCE_MAX);
	*out = (struct path_answer){ 0 };
	if (own.currency == NULL || own.currency[0] == '\0')
		own.currency = "EUR";
	s.by_id = map_new();
	s.node = arena_zalloc(a, PATH_PROGRAMS_MAX, sizeof(*s.node));
	target = path_meet(&s, q->target, arena_cstr(a, q->target));
	path_hold(&s);
	if (target >= 0 && s.rc == RC_OK) {
		out->target = s.node[target].p;
		out->held = s.node[target].held;
		if (out->target != NULL && !out->held)
			make_routes(&s, (size_t)target);
	}
	map_free(s.by_id);
	if (s.rc != RC_OK) {
		*out = (struct path_answer){ 0 };
		return s.rc;
	}
	return out->n > 0 ? RC_OK : RC_NOTFOUND;
}
