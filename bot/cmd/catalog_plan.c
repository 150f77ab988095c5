/*
 * catalog_plan.c - credbot catalog plan: do these programs fit beside so many hours a week?
 */
#include <stdio.h>
#include <string.h>

#include "bot/cmd/catalog.h"
#include "bot/cmd/catalog_plan.h"
#include "credbot/base/file.h"
#include "credbot/base/log.h"
#include "credbot/base/zone.h"
#include "credbot/catalog/program_facts.h"

#define DAY_MS 86400000
/* Whose plan, for the UIDs of an export: all plans of this command are one person's. */
#define OWNER "catalog plan"

struct run {
	struct app app;
	struct arena *a;
	struct semester_query q;
	struct semester_busy busy[1];
	struct semester_wish wish[SEMESTER_PROGRAMS_MAX];
	size_t n;
	struct semester_plan asked, fits;
	enum rc fit; /* RC_EXISTS: what was asked for is easy */
	struct semester_block block[SEMESTER_BLOCKS_MAX];
	size_t n_blocks;
	struct zone *zone;
};

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	APP_FLAG_AT,
	APP_FLAG_JSON,
	{ "hours-per-week", 0, "N", "that one has for all of it" },
	{ "busy", 0, "N", "hours of these that a job or a degree takes" },
	{ "start", 0, "DATE", "nothing begins before (default: today)" },
	{ "until", 0, "DATE", "the last day of the semester" },
	{ "at-once", 0, "N", "programs at the same time, 1 or 2 (default 2)" },
	{ "ects-hours", 0, "N", "hours of an ECTS credit where no hours are stated" },
	{ "ics", 0, "FILE", "write the plan that fits as a calendar file" },
	{ "blocks", 0, "TIMES", "study times for it: \"mon 18:00-20:00, sat 10-12\"" },
	{ "tz", 0, "ZONE", "of these times: Europe/Berlin" },
	{ 0 },
};

/* --- the command line */

static bool
read_date(const struct args *a, const char *flag, int32_t *out)
{
	const char *text = args_get(a, flag);
	int64_t ms;

	if (text == NULL)
		return true;
	if (clock_parse(str_of(text), &ms) == RC_OK && strlen(text) == 10) {
		*out = (int32_t)(ms / DAY_MS);
		return true;
	}
	(void)args_usage(a, "--%s: a date as in 2027-02-01", flag);
	return false;
}

static int
read_blocks(const struct args *a, struct run *r)
{
	const char *blocks = args_get(a, "blocks"), *tz = args_get(a, "tz");
	struct err err = { "" };

	if (blocks == NULL)
		return CMD_DONE;
	if (tz == NULL)
		return args_usage(a, "--blocks needs --tz");
	if (!plan_read_blocks(str_of(blocks), r->block, &r->n_blocks))
		return args_usage(a, "--blocks: times as in \"mon 18:00-20:00, sat "
				     "10-12\"");
	if (zone_load(&r->zone, ZONE_DIR, str_of(tz), &err) == RC_OK)
		return CMD_DONE;
	return args_usage(a, "--tz: %s", err.text);
}

static int
read_flags(const struct args *a, struct run *r)
{
	int32_t today = (int32_t)(clock_now_ms(r->app.clock) / DAY_MS);
	int64_t weekly, busy, at_once, ects;

	semester_query_init(&r->q, today);
	if (!args_number(a, "hours-per-week", 1, 168, -1, &weekly) ||
	    !args_number(a, "busy", 0, 168, 0, &busy) ||
	    !args_number(a, "at-once", 1, LOAD_AT_ONCE_MAX, LOAD_AT_ONCE_MAX,
		&at_once) ||
	    !args_number(a, "ects-hours", 1, 60, -1, &ects) ||
	    !read_date(a, "start", &r->q.start) ||
	    !read_date(a, "until", &r->q.term_to))
		return CMD_USAGE;
	if (weekly < 0)
		return args_usage(a, "needs --hours-per-week");
	r->busy[0] = (struct semester_busy){ (double)busy, DAY_UNKNOWN, DAY_UNKNOWN };
	r->q.busy = r->busy;
	r->q.n_busy = 1;
	r->q.weekly_hours = (double)weekly;
	r->q.at_once = (size_t)at_once;
	r->q.hours_per_ects = (double)ects;
	return read_blocks(a, r);
}

static int
read_programs(const struct args *a, struct run *r)
{
	const struct catalog_place where = app_catalog(&r->app);

	if (a->n_rest == 0 || a->n_rest > SEMESTER_PROGRAMS_MAX)
		return args_usage(a, "needs the ids of 1 to %d programs",
		    SEMESTER_PROGRAMS_MAX);
	for (int i = 0; i < a->n_rest; i++) {
		struct program *p = arena_alloc(r->a, sizeof(*p));
		struct err err = { "" };
		enum rc rc = catalog_find(&where, r->a, str_of(a->rest[i]), p, &err);

		if (rc == RC_NOTFOUND)
			err_set(&err, "no program has the id \"%s\"", a->rest[i]);
		if (rc != RC_OK) {
			fprintf(stderr, "credbot: %s\n", err.text);
			return CMD_FAILED;
		}
		r->wish[r->n++] = (struct semester_wish){ p, DAY_UNKNOWN };
	}
	return CMD_DONE;
}

/* --- for people */

static void
print_item(const struct run *r, const struct semester_item *i)
{
	static const char *const troubles[SEMESTER_TROUBLES] = { "",
		"its length is not stated", "no start that it states is still to come",
		"takes more hours a week than there are",
		"fits beside the others at no start that it has",
		"requires one that has no place" };

	printf("  %s  %s\n     ", i->program->id, say_title(i->program));
	if (i->trouble != SEMESTER_FINE) {
		printf("no place: %s\n", troubles[i->trouble]);
		return;
	}
	printf("%s to %s", say_date(r->a, i->start), say_date(r->a, i->last));
	if (i->load.hours >= 0)
		printf(", %.10g hours", i->load.hours);
	else
		printf(", hours not stated");
	if (i->begin == SEMESTER_ANY_DAY)
		printf("; its start is not stated");
	if (i->about)
		printf("; only the month of its start is stated");
	if (i->own_pace)
		printf("; as long as these hours make it");
	if (i->early)
		printf("; BEGINS BEFORE WHAT IT REQUIRES HAS ENDED");
	if (i->moved)
		printf("; moved");
	putchar('\n');
}

static void
print_week(const struct run *r, const struct semester_week *w)
{
	printf("  week of %s: %.1f hours", say_date(r->a, w->monday), w->hours);
	if (w->unknown > 0)
		printf(" and those of %s whose hours are not stated",
		    say_count(r->a, w->unknown, "program"));
	if (w->overload)
		printf("  OVERLOAD: there are %.1f", w->room);
	if (w->too_many)
		printf("  TOO MANY: %zu programs at once", w->at_once);
	putchar('\n');
}

static void
print_plan(const struct run *r, const char *title, const struct semester_plan *p)
{
	printf("%s\n", title);
	for (size_t i = 0; i < p->n; i++)
		print_item(r, &p->items[i]);
	for (size_t i = 0; i < p->n_weeks; i++)
		print_week(r, &p->weeks[i]);
	if (p->last != DAY_UNKNOWN)
		printf("  ends %s, %.10g hours in all%s\n", say_date(r->a, p->last),
		    p->hours, p->hours_unknown > 0 ? ", besides those not stated" : "");
	if (!p->in_term && p->placed == p->n)
		printf("  NOT within the semester\n");
}

static void
print_text(const struct run *r)
{
	print_plan(r, "as soon as they begin:", &r->asked);
	if (r->fit == RC_EXISTS) {
		printf("fits%s\n",
		    r->asked.hours_unknown > 0 ? ", as far as hours are stated" : "");
		return;
	}
	print_plan(r, "what would fit instead:", &r->fits);
	if (r->fit != RC_OK)
		printf("not all of it has a place\n");
}

/* --- for programs */

static void
add_items(struct buf *b, const struct semester_plan *p)
{
	for (size_t k = 0; k < p->n; k++) {
		const struct semester_item *i = &p->items[k];

		say_text(b, k == 0 ? "{" : ",{", "id", i->program->id);
		say_text(b, ",", "trouble",
		    i->trouble == SEMESTER_FINE ? NULL
						: semester_trouble_name(i->trouble));
		say_day(b, ",", "start", i->start);
		say_day(b, ",", "last", i->last);
		say_number(b, ",", "hours", i->load.hours);
		buf_printf(b,
		    ",\"start_stated\":%s,\"own_pace\":%s,\"early\":%s,"
		    "\"moved\":%s}",
		    i->begin == SEMESTER_RUN || i->begin == SEMESTER_ROLLING ? "true"
									     : "false",
		    i->own_pace ? "true" : "false", i->early ? "true" : "false",
		    i->moved ? "true" : "false");
	}
}

static void
add_weeks(struct buf *b, const struct semester_plan *p)
{
	for (size_t k = 0; k < p->n_weeks; k++) {
		const struct semester_week *w = &p->weeks[k];

		say_day(b, k == 0 ? "{" : ",{", "monday", w->monday);
		say_number(b, ",", "hours", w->hours);
		say_number(b, ",", "room", w->room);
		buf_printf(b,
		    ",\"unknown\":%zu,\"at_once\":%zu,\"overload\":%s,"
		    "\"too_many\":%s}",
		    w->unknown, w->at_once, w->overload ? "true" : "false",
		    w->too_many ? "true" : "false");
	}
}

static void
add_plan(struct buf *b, const char *key, const struct semester_plan *p)
{
	buf_printf(b, ",\"%s\":{\"programs\":[", key);
	add_items(b, p);
	buf_adds(b, "],\"weeks\":[");
	add_weeks(b, p);
	say_number(b, "],", "hours", p->hours);
	buf_printf(b, ",\"hours_unknown\":%zu,\"overloaded\":%zu,\"crowded\":%zu",
	    p->hours_unknown, p->overloaded, p->crowded);
	say_day(b, ",", "first", p->first);
	say_day(b, ",", "last", p->last);
	buf_printf(b, ",\"in_term\":%s}", p->in_term ? "true" : "false");
}

static void
print_json(const struct run *r)
{
	struct buf b = { 0 };

	buf_printf(&b, "{\"easy\":%s,\"fits\":%s",
	    r->fit == RC_EXISTS ? "true" : "false",
	    r->fit == RC_NOTFOUND ? "false" : "true");
	add_plan(&b, "asked", &r->asked);
	if (r->fit != RC_EXISTS)
		add_plan(&b, "instead", &r->fits);
	buf_addc(&b, '}');
	puts(buf_cstr(&b));
	buf_fini(&b);
}

/* --- the calendar file */

static const char *
describe(const struct run *r, const struct semester_item *i)
{
	const char *title = say_title(i->program);
	const char *provider = i->program->provider == NULL ? "" : i->program->provider;

	if (i->load.hours < 0)
		return arena_printf(r->a, "%s\n%s\nIts hours are not stated.", title,
		    provider);
	return arena_printf(r->a, "%s\n%s\n%.10g hours in all, %.1f a week.", title,
	    provider, i->load.hours,
	    i->last - i->start < 7 ? i->load.hours
				   : i->load.hours / (i->last - i->start + 1) * 7);
}

static int
write_ics(const struct run *r, const char *path)
{
	const struct semester_plan *p = r->fit == RC_EXISTS ? &r->asked : &r->fits;
	const char *title[SEMESTER_PROGRAMS_MAX], *text[SEMESTER_PROGRAMS_MAX];
	struct semester_calendar c = { .owner = OWNER,
		.now_ms = clock_now_ms(r->app.clock),
		.zone = r->zone,
		.blocks = r->block,
		.n_blocks = r->n_blocks,
		.summaries = title,
		.descriptions = text };
	struct buf out = { 0 };
	struct err err = { "" };
	unsigned missing;
	enum rc rc;

	for (size_t i = 0; i < p->n; i++) {
		title[i] = say_title(p->items[i].program);
		text[i] = describe(r, &p->items[i]);
	}
	missing = semester_ics(p, &c, &out);
	rc = file_write_atomic(path, buf_str(&out), &err);
	buf_fini(&out);
	if (rc != RC_OK)
		fprintf(stderr, "credbot: %s\n", err.text);
	else if (missing > 0)
		fprintf(stderr,
		    "credbot: %s: the study times have no room for %.1f hours\n", path,
		    missing / 60.0);
	return rc == RC_OK ? CMD_DONE : CMD_FAILED;
}

static int
plan(struct run *r, const struct args *a)
{
	int code = CMD_DONE;

	(void)semester_ask(r->a, &r->q, r->wish, r->n, &r->asked);
	r->fit = RC_EXISTS;
	if (!semester_is_easy(&r->asked))
		r->fit = semester_fit(r->a, &r->q, r->wish, r->n, &r->fits);
	if (args_has(a, "json"))
		print_json(r);
	else
		print_text(r);
	if (r->fit == RC_NOTFOUND)
		return CMD_FAILED;
	if (args_has(a, "ics"))
		code = write_ics(r, args_get(a, "ics"));
	return code;
}

static int
run(struct args *a)
{
	struct run r = { .a = arena_new() };
	int code = app_init(&r.app, a);

	if (code == CMD_DONE) {
		log_set_level(LOG_WARN);
		code = read_flags(a, &r);
	}
	if (code == CMD_DONE)
		code = read_programs(a, &r);
	if (code == CMD_DONE)
		code = plan(&r, a);
	zone_free(r.zone);
	app_fini(&r.app);
	arena_free(r.a);
	return code;
}

const struct command catalog_plan_command = {
	.name = "catalog plan",
	.summary = "Lay programs over the weeks, and say whether the hours are enough.",
	.synopsis = "--hours-per-week N [--start DATE] [--ics FILE] [--json] ID...",
	.example = "credbot catalog plan --hours-per-week 10 --start 2027-02-01 "
		   "--ics plan.ics bk-1 wq-1",
	.flags = flags,
	.takes_rest = true,
	.run = run,
};
