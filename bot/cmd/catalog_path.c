/*
 * catalog_path.c - credbot catalog path: routes to an award, as the catalog states them.
 */
#include <stdio.h>
#include <string.h>

#include "bot/cmd/catalog.h"
#include "credbot/base/log.h"
#include "credbot/catalog/path.h"
#include "credbot/catalog/program_facts.h"

#define DAY_MS 86400000

struct run {
	struct app app;
	struct arena *a;
	struct catalog_tables *tables;
	struct path_query q;
	struct path_answer r;
	struct path_candidates may;
};

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	APP_FLAG_AT,
	APP_FLAG_JSON,
	{ "from", 0, "ID...", "what one has already" },
	{ "cheapest", 0, NULL, "the cheapest first, not the shortest" },
	{ "currency", 0, "CUR", "of costs that are compared (default EUR)" },
	{ "hours-per-week", 0, "N", "for all that goes side by side" },
	{ "at-once", 0, "N", "programs side by side, 1 or 2 (default 2)" },
	{ "ects-hours", 0, "N", "hours of an ECTS credit where no hours are stated" },
	{ 0 },
};

/* --- for people */

static void
print_step(struct run *r, size_t at, const struct path_step *s)
{
	static const char *const why[PATH_WHYS] = { "", "part of ", "counts towards ",
		"required by " };
	struct buf b = { 0 };

	printf("  %zu. %s  %s\n", at + 1, s->id,
	    s->program == NULL ? "(named by the catalog, but not in it)"
			       : say_title(s->program));
	buf_printf(&b, "%s%s", why[s->why], s->of);
	if (s->handed_out)
		buf_printf(&b, "%shanded out when the programs above are done",
		    b.len > 0 ? "; " : "");
	if (s->load.days >= 0)
		buf_printf(&b, "%s%s", b.len > 0 ? "; " : "",
		    say_length(r->a, s->load.min_days, s->load.days));
	if (s->load.hours >= 0)
		buf_printf(&b, "%s%.10g hours", b.len > 0 ? "; " : "", s->load.hours);
	if (s->price_known)
		buf_printf(&b, "%s%s", b.len > 0 ? "; " : "",
		    program_money(r->a, s->price, s->currency));
	if (s->closed)
		buf_printf(&b, "%sits last stated date is past", b.len > 0 ? "; " : "");
	if (b.len > 0)
		printf("     %s\n", buf_cstr(&b));
	buf_fini(&b);
}

static void
print_unknown(struct run *r, size_t n, const char *what, bool *first)
{
	if (n == 0)
		return;
	printf("%s%s of %s", *first ? "  not stated: " : ", ", what,
	    say_count(r->a, n, "program"));
	*first = false;
}

static void
print_sums(struct run *r, const struct path_route *x)
{
	struct buf b = { 0 };
	bool first = true;

	if (x->days_unknown < x->studied)
		buf_printf(&b, ", %s", say_length(r->a, x->min_days, x->days));
	if (x->days_side_by_side >= 0 && x->days_side_by_side < x->days)
		buf_printf(&b, " (%s side by side)",
		    say_length(r->a, x->days_side_by_side, x->days_side_by_side));
	if (x->hours_unknown < x->studied)
		buf_printf(&b, ", %.10g hours", x->hours);
	if (x->n_cost == 0 && x->cost_unknown == 0 && x->studied > 0)
		buf_adds(&b, ", free");
	for (size_t i = 0; i < x->n_cost; i++)
		buf_printf(&b, ", %s",
		    program_money(r->a, x->cost[i].minor, x->cost[i].currency));
	if (b.len > 0)
		printf("  together: %s\n", buf_cstr(&b) + 2);
	buf_fini(&b);
	print_unknown(r, x->days_unknown, "length", &first);
	print_unknown(r, x->hours_unknown, "hours", &first);
	print_unknown(r, x->cost_unknown, "cost", &first);
	if (!first)
		putchar('\n');
	if (x->too_heavy)
		printf("  one program alone takes more hours a week than there are\n");
	if (x->credits_of > 0)
		printf("  credits: %.10g of %.10g %s%s\n", x->credits, x->credits_of,
		    x->credit_system,
		    x->credits_unknown > 0 ? ", and those that are not stated" : "");
	if (x->chosen)
		printf("  chosen by their credits: which are compulsory is not "
		       "stated\n");
}

static void
print_route(struct run *r, size_t at)
{
	const struct path_route *x = &r->r.routes[at];

	printf("%sroute %zu of %zu: %s", at == 0 ? "" : "\n", at + 1, r->r.found,
	    say_count(r->a, x->studied, "program"));
	for (size_t i = 0; i < x->counted.n; i++)
		printf("%s%s", i == 0 ? ", beside " : ", ", x->counted.at[i]);
	putchar('\n');
	for (size_t i = 0; i < x->n; i++)
		print_step(r, i, &x->steps[i]);
	print_sums(r, x);
}

static void
print_problems(const struct run *r)
{
	static const char *const words[PATH_TROUBLES] = {
		"is named, but not in the catalog", "has ended", "leads back to itself",
		"is not in the catalog"
	};

	for (size_t i = 0; i < r->r.n_problems; i++)
		printf("note: %s %s\n", r->r.problems[i].id,
		    words[r->r.problems[i].kind]);
	if (r->r.cut)
		printf("note: there may be more than were looked at\n");
}

static void
print_candidates(const struct run *r)
{
	if (r->may.n == 0)
		return;
	printf("Not stated to lead there, but of its field, and stackable:\n");
	for (size_t i = 0; i < r->may.n; i++)
		printf("  %s  %s (%s), EQF %d\n", r->may.at[i].id, r->may.at[i].title,
		    r->may.at[i].provider, r->may.at[i].eqf);
	printf("Whether it accepts them, its provider must say.\n");
}

static void
print_text(struct run *r)
{
	if (r->r.target == NULL)
		fprintf(stderr, "credbot: no program has the id \"%.*s\"\n",
		    STR_ARG(r->q.target));
	else if (r->r.held)
		printf("%s is among what one has\n", r->r.target->id);
	else if (r->r.n == 0)
		printf("the catalog states no route to %s\n", r->r.target->id);
	for (size_t i = 0; i < r->r.n; i++)
		print_route(r, i);
	if (r->r.target != NULL) {
		print_problems(r);
		print_candidates(r);
	}
}

/* --- for programs */

static void
add_step(struct buf *b, const struct path_step *s)
{
	say_text(b, "{", "id", s->id);
	say_text(b, ",", "title", s->program == NULL ? NULL : say_title(s->program));
	say_text(b, ",", "why", path_why_name(s->why));
	say_text(b, ",", "of", s->of[0] == '\0' ? NULL : s->of);
	buf_printf(b, ",\"handed_out\":%s,\"closed\":%s",
	    s->handed_out ? "true" : "false", s->closed ? "true" : "false");
	say_number(b, ",", "days", s->load.days);
	say_number(b, ",", "hours", s->load.hours);
	say_number(b, ",", "weekly_hours", s->load.weekly);
	say_number(b, ",", "price", s->price_known ? (double)s->price : -1);
	say_text(b, ",", "currency", s->price_known ? s->currency : NULL);
	say_number(b, ",", "start_day", s->start_day);
	buf_addc(b, '}');
}

static void
add_route(struct buf *b, const struct path_route *x)
{
	buf_adds(b, "{\"steps\":[");
	for (size_t i = 0; i < x->n; i++) {
		buf_adds(b, i == 0 ? "" : ",");
		add_step(b, &x->steps[i]);
	}
	buf_adds(b, "],\"counted\":[");
	for (size_t i = 0; i < x->counted.n; i++) {
		buf_adds(b, i == 0 ? "" : ",");
		buf_add_json(b, str_of(x->counted.at[i]));
	}
	buf_printf(b, "],\"programs\":%zu", x->studied);
	say_number(b, ",", "min_days", x->min_days);
	say_number(b, ",", "days", x->days);
	buf_printf(b, ",\"days_unknown\":%zu", x->days_unknown);
	say_number(b, ",", "days_side_by_side", x->days_side_by_side);
	say_number(b, ",", "hours", x->hours);
	buf_printf(b, ",\"hours_unknown\":%zu,\"cost\":{", x->hours_unknown);
	for (size_t i = 0; i < x->n_cost; i++)
		buf_printf(b, "%s\"%s\":%lld", i == 0 ? "" : ",", x->cost[i].currency,
		    (long long)x->cost[i].minor);
	buf_printf(b, "},\"cost_unknown\":%zu", x->cost_unknown);
	say_number(b, ",", "cost_about",
	    x->cost_about == MONEY_UNKNOWN ? -1 : (double)x->cost_about);
	say_text(b, ",", "credit_system", x->credit_system);
	say_number(b, ",", "credits", x->credits);
	say_number(b, ",", "credits_of", x->credits_of);
	say_number(b, ",", "credits_left", x->credits_left);
	buf_printf(b, ",\"credits_unknown\":%zu,\"chosen\":%s,\"too_heavy\":%s}",
	    x->credits_unknown, x->chosen ? "true" : "false",
	    x->too_heavy ? "true" : "false");
}

static void
print_json(const struct run *r)
{
	struct buf b = { 0 };

	say_text(&b, "{", "target", r->r.target == NULL ? NULL : r->r.target->id);
	buf_printf(&b, ",\"held\":%s,\"found\":%zu,\"cut\":%s,\"routes\":[",
	    r->r.held ? "true" : "false", r->r.found, r->r.cut ? "true" : "false");
	for (size_t i = 0; i < r->r.n; i++) {
		buf_adds(&b, i == 0 ? "" : ",");
		add_route(&b, &r->r.routes[i]);
	}
	buf_adds(&b, "],\"problems\":[");
	for (size_t i = 0; i < r->r.n_problems; i++) {
		say_text(&b, i == 0 ? "{" : ",{", "kind",
		    path_trouble_name(r->r.problems[i].kind));
		say_text(&b, ",", "id", r->r.problems[i].id);
		buf_addc(&b, '}');
	}
	buf_adds(&b, "],\"not_stated_candidates\":[");
	for (size_t i = 0; i < r->may.n; i++) {
		say_text(&b, i == 0 ? "{" : ",{", "id", r->may.at[i].id);
		say_text(&b, ",", "title", r->may.at[i].title);
		buf_printf(&b, ",\"eqf\":%d}", r->may.at[i].eqf);
	}
	buf_adds(&b, "]}");
	puts(buf_cstr(&b));
	buf_fini(&b);
}

/* --- all */

/* The index of the search is only made when it is needed. */
static enum rc
find_candidates(struct run *r, const struct catalog_place *where,
    struct catalog_index **index, struct err *err)
{
	enum rc rc = catalog_index_load(index, where, r->tables, r->q.today, err);

	if (rc == RC_OK)
		(void)path_find_candidates(*index, r->a, &r->q, &r->may);
	return rc;
}

static int
find(struct run *r, bool json)
{
	struct catalog_place where = app_catalog(&r->app);
	struct path_index *links;
	struct catalog_index *index = NULL;
	struct err err = { "" };
	enum rc rc = path_index_load(&links, &where, &err);
	bool found;

	if (rc == RC_OK)
		rc = path_find(links, path_catalog, &where, r->a, &r->q, &r->r, &err);
	if (rc == RC_NOTFOUND && r->r.target != NULL && !r->r.held)
		rc = find_candidates(r, &where, &index, &err);
	found = r->r.n > 0 || r->r.held;
	if (rc != RC_OK && rc != RC_NOTFOUND)
		fprintf(stderr, "credbot: %s\n", err.text);
	else if (json)
		print_json(r);
	else
		print_text(r);
	catalog_index_free(index);
	path_index_free(links);
	return found ? CMD_DONE : CMD_FAILED;
}

/* The target comes first; --from takes all that follows, and its own value. */
static void
read_ids(const struct args *a, struct run *r)
{
	const char *from = args_get(a, "from");
	struct str *held = arena_alloc(r->a, ((size_t)a->n_rest + 1) * sizeof(*held));

	r->q.held = held;
	if (from != NULL)
		held[r->q.n_held++] = str_of(from);
	for (int i = 1; i < a->n_rest; i++)
		held[r->q.n_held++] = str_of(a->rest[i]);
}

static int
read_flags(const struct args *a, struct run *r)
{
	const char *currency = args_get(a, "currency");
	int64_t weekly, at_once, ects;

	path_query_init(&r->q, str_of(a->rest[0]));
	r->q.today = (int32_t)(clock_now_ms(r->app.clock) / DAY_MS);
	r->q.tables = r->tables;
	read_ids(a, r);
	if (currency != NULL && strlen(currency) != 3)
		return args_usage(a, "--currency: three letters, as in EUR");
	if (!args_number(a, "hours-per-week", 1, 168, -1, &weekly) ||
	    !args_number(a, "at-once", 1, LOAD_AT_ONCE_MAX, LOAD_AT_ONCE_MAX,
		&at_once) ||
	    !args_number(a, "ects-hours", 1, 60, -1, &ects))
		return CMD_USAGE;
	if (currency != NULL)
		r->q.currency = currency;
	if (args_has(a, "cheapest"))
		r->q.order = PATH_CHEAPEST;
	r->q.weekly_hours = (double)weekly;
	r->q.at_once = (size_t)at_once;
	r->q.hours_per_ects = (double)ects;
	return CMD_DONE;
}

static int
run(struct args *a)
{
	struct run r = { .a = arena_new() };
	struct faults faults = { 0 };
	int code = CMD_USAGE;

	if (a->n_rest == 0)
		code = args_usage(a, "needs the id of an award");
	else if (a->n_rest > 1 && !args_has(a, "from"))
		code = args_usage(a, "what one has comes behind --from");
	else
		code = app_init(&r.app, a);
	if (code == CMD_DONE) {
		log_set_level(LOG_WARN);
		r.tables = catalog_tables_load(r.app.data_dir, &faults);
		app_print_faults(&faults);
		code = r.tables == NULL ? CMD_CONFIG : read_flags(a, &r);
	}
	if (code == CMD_DONE)
		code = find(&r, args_has(a, "json"));
	faults_fini(&faults);
	catalog_tables_free(r.tables);
	app_fini(&r.app);
	arena_free(r.a);
	return code;
}

const struct command catalog_path_command = {
	.name = "catalog path",
	.summary =
	    "Find the programs that lead to an award, with weeks, hours and cost.",
	.synopsis = "[--json] [--cheapest] ID [--from ID...]",
	.example = "credbot catalog path ie-example/dip-7 --from ie-example/bkp-101",
	.flags = flags,
	.takes_rest = true,
	.run = run,
};
