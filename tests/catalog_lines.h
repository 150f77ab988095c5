/*
 * catalog_lines.h - small catalogs, a line a program, for the tests of routes and of week plans.
 *
 *	t parts=a,b ects=60
 *	a days=28 hours=40 weekly=10 eur=100 selfpaced
 *	b into=t needs=a usd=20 free ceased runs=2027-02-01/2027-03-14/2027-01-15,rolling
 *
 * A run is start, or start/end, or start/end/deadline.
 */
#ifndef CREDBOT_TESTS_CATALOG_LINES_H
#define CREDBOT_TESTS_CATALOG_LINES_H

#include "credbot/catalog/path.h"
#include "credbot/catalog/program_json.h"
#include "tests/t.h"

#define CATALOG_MAX 128

struct catalog {
	struct arena *a;
	struct program at[CATALOG_MAX];
	size_t n;
	size_t asked; /* lookups */
	bool broken;
};

static struct catalog cat;
static struct path_index *links;
static struct arena *turn;

static inline enum rc
look_up(void *arg, struct arena *a, struct str id, struct program *out, struct err *err)
{
	struct catalog *c = arg;

	(void)a;
	c->asked++;
	if (c->broken) {
		err_set(err, "the disk is gone");
		return RC_IO;
	}
	for (size_t i = 0; i < c->n; i++)
		if (str_is(id, c->at[i].id)) {
			*out = c->at[i];
			return RC_OK;
		}
	return RC_NOTFOUND;
}

static inline void
close_catalog(void)
{
	path_index_free(links);
	arena_free(cat.a);
	arena_free(turn);
}

static inline void
open_catalog(void)
{
	cat = (struct catalog){ .a = arena_new() };
	links = path_index_new();
	turn = arena_new();
}

static inline void
add_record(const char *json)
{
	struct program *p = &cat.at[cat.n++];
	struct remarks r = { .a = cat.a };
	enum rc rc = program_parse_json(cat.a, str_of(json), p, &r);

	T_INT(rc, RC_OK, "record %s: %s", json, r.n == 0 ? "" : r.v[0].reason);
	path_index_add(links, p);
}

/* Short records: each line is "id key=value ...", keys as below; values without spaces. */
static inline void
add_list(struct buf *b, const char *key, struct str ids)
{
	buf_printf(b, "%s[", key);
	for (bool first = true; ids.p != NULL; first = false) {
		buf_adds(b, first ? "" : ",");
		buf_add_json(b, str_cut(&ids, ','));
	}
	buf_adds(b, "]");
}

static inline void
add_runs(struct buf *b, struct str runs)
{
	static const char *const keys[] = { "start", "end", "deadline" };

	buf_adds(b, ",\"runs\":[");
	for (bool first = true; runs.p != NULL; first = false) {
		struct str run = str_cut(&runs, ',');

		buf_adds(b, first ? "{" : ",{");
		for (size_t i = 0; i < ARRAY_LEN(keys) && run.p != NULL; i++) {
			struct str date = str_cut(&run, '/');

			buf_printf(b, "%s\"%s\":\"%.*s\"", i == 0 ? "" : ",", keys[i],
			    STR_ARG(date));
		}
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static inline void
add_line(struct str line)
{
	struct buf b = { 0 }, stack = { 0 };
	struct str id = str_cut(&line, ' ');

	buf_printf(&b, "{\"title\":\"T\",\"id\":\"%.*s\"", STR_ARG(id));
	while (line.p != NULL) {
		struct str value = str_cut(&line, ' '), key = str_cut(&value, '=');

		if (str_is(key, "parts"))
			add_list(&stack,
			    stack.len > 0 ? ",\"parts\":" : "\"parts\":", value);
		else if (str_is(key, "into"))
			add_list(&stack,
			    stack.len > 0 ? ",\"into\":" : "\"into\":", value);
		else if (str_is(key, "needs")) {
			add_list(&b, ",\"entry\":{\"requires\":", value);
			buf_addc(&b, '}');
		} else if (str_is(key, "days"))
			buf_printf(&b,
			    ",\"duration\":{\"min\":\"P%.*sD\",\"max\":"
			    "\"P%.*sD\"}",
			    STR_ARG(value), STR_ARG(value));
		else if (str_is(key, "ects") || str_is(key, "hours"))
			buf_printf(&b, ",\"%.*s\":%.*s", STR_ARG(key), STR_ARG(value));
		else if (str_is(key, "weekly"))
			buf_printf(&b, ",\"weekly_hours\":%.*s", STR_ARG(value));
		else if (str_is(key, "eur") || str_is(key, "usd"))
			buf_printf(&b,
			    ",\"offers\":[{\"price\":%.*s00,\"currency\":\"%s\"}]",
			    STR_ARG(value), str_is(key, "eur") ? "EUR" : "USD");
		else if (str_is(key, "free"))
			buf_adds(&b, ",\"free\":true");
		else if (str_is(key, "runs"))
			add_runs(&b, value);
		else if (str_is(key, "selfpaced"))
			buf_adds(&b, ",\"pace\":\"self_paced\"");
		else if (str_is(key, "ceased"))
			buf_adds(&b, ",\"status\":\"ceased\"");
		else
			T_CHECK(key.len == 0, "key %.*s", STR_ARG(key));
	}
	if (stack.len > 0)
		buf_printf(&b, ",\"stack\":{%s}", buf_cstr(&stack));
	buf_addc(&b, '}');
	add_record(buf_cstr(&b));
	buf_fini(&b);
	buf_fini(&stack);
}

static inline void
add_lines(const char *text)
{
	struct str rest = str_of(text);

	while (rest.p != NULL)
		add_line(str_cut(&rest, '\n'));
}

/* "a<t! b<t t*": ! required by, + counts towards, < part of; * handed out, ? not there. */
static inline void
say_route(const struct path_route *r, struct buf *b)
{
	static const char signs[PATH_WHYS] = { ' ', '<', '+', '!' };

	for (size_t i = 0; i < r->n; i++) {
		const struct path_step *s = &r->steps[i];

		buf_printf(b, "%s%s%s%s", i == 0 ? "" : " ", s->id,
		    s->program == NULL ? "?" : "", s->handed_out ? "*" : "");
		if (s->why != PATH_TARGET)
			buf_printf(b, "%c%s", signs[s->why], s->of);
	}
	for (size_t i = 0; i < r->counted.n; i++)
		buf_printf(b, "%s%s", i == 0 ? " with " : ",", r->counted.at[i]);
}

static inline const char *
routes_of(const struct path_answer *r)
{
	struct buf b = { 0 };
	const char *text;

	for (size_t i = 0; i < r->n; i++) {
		buf_adds(&b, i == 0 ? "" : " | ");
		say_route(&r->routes[i], &b);
	}
	for (size_t i = 0; i < r->n_problems; i++)
		buf_printf(&b, "; %s %s", path_trouble_name(r->problems[i].kind),
		    r->problems[i].id);
	text = arena_cstr(turn, buf_str(&b));
	buf_fini(&b);
	return text;
}

static inline enum rc
find(const char *target, const char *held, struct path_query *q,
    struct path_answer *out)
{
	struct str ids[PATH_HELD_MAX + 2], rest = str_of(held);
	struct err err = { "" };

	q->target = str_of(target);
	q->held = ids;
	q->n_held = 0;
	while (rest.p != NULL && rest.len > 0)
		ids[q->n_held++] = str_cut(&rest, ',');
	return path_find(links, look_up, &cat, turn, q, out, &err);
}

#endif
