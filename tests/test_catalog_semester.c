/*
 * test_catalog_semester.c - week plans: hours week by week, the rule of one or two, what would
 * fit instead, and the calendar file.
 *
 * Checks bear the id of the requirement: MISSION-19, the fit-to-semester check.
 */
#include <math.h>
#include <stdlib.h>

#include "credbot/base/clock.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/semester.h"
#include "tests/catalog_lines.h"

static int32_t
day(const char *date)
{
	int32_t from = 0, to;

	T_CHECK(program_day(date, &from, &to), "%s", date);
	return from;
}

static const char *
date(int32_t d)
{
	int year, month, of_month;

	if (d == DAY_UNKNOWN)
		return "-";
	clock_date(d, &year, &month, &of_month);
	return arena_printf(turn, "%02d-%02d", month, of_month);
}

/* "a 02-01..02-28 | b no start": ~ own pace, ! early, > moved, ? only the month is known. */
static const char *
say_items(const struct semester_plan *p)
{
	const char *text = "";

	for (size_t k = 0; k < p->n; k++) {
		const struct semester_item *i = &p->items[k];

		text = arena_printf(turn, "%s%s%s ", text, k == 0 ? "" : " | ",
		    i->program->id);
		if (i->trouble != SEMESTER_FINE)
			text = arena_printf(turn, "%s%s", text,
			    semester_trouble_name(i->trouble));
		else
			text = arena_printf(turn, "%s%s..%s%s%s%s%s", text,
			    date(i->start), date(i->last), i->own_pace ? "~" : "",
			    i->early ? "!" : "", i->moved ? ">" : "",
			    i->about ? "?" : "");
	}
	return text;
}

/* "10 10 20!": hours of each week; ! overload, * too many, +1 of unknown hours. */
static const char *
say_weeks(const struct semester_plan *p)
{
	const char *text = "";

	for (size_t k = 0; k < p->n_weeks; k++) {
		const struct semester_week *w = &p->weeks[k];

		text = arena_printf(turn, "%s%s%g%s%s", text, k == 0 ? "" : " ",
		    round(w->hours * 100) / 100, w->overload ? "!" : "",
		    w->too_many ? "*" : "");
		if (w->unknown > 0)
			text = arena_printf(turn, "%s+%zu", text, w->unknown);
	}
	return text;
}

static size_t
wish_all(struct semester_wish *out)
{
	for (size_t i = 0; i < cat.n; i++)
		out[i] = (struct semester_wish){ &cat.at[i], DAY_UNKNOWN };
	return cat.n;
}

/* Her hours: 0 for not said. Monday 2027-02-01 is the first day. */
static const struct {
	const char *name, *programs;
	double hours;
	const char *asked, *weeks, *fitted;
} rows[] = {
	{ "one program, four weeks", "a days=28 hours=40", 10, "a 02-01..02-28",
	    "10 10 10 10", "a 02-01..02-28" },
	{ "too much together: one after the other",
	    "a days=14 hours=20\nb days=14 hours=20", 12,
	    "a 02-01..02-14 | b 02-01..02-14", "20! 20!",
	    "a 02-01..02-14 | b 02-15..02-28>" },
	{ "two fit side by side", "a days=14 hours=20\nb days=14 hours=20", 20,
	    "a 02-01..02-14 | b 02-01..02-14", "20 20",
	    "a 02-01..02-14 | b 02-01..02-14" },
	{ "never three at once, however many hours",
	    "a days=7 hours=2\nb days=7 hours=2\nc days=7 hours=2", 40,
	    "a 02-01..02-07 | b 02-01..02-07 | c 02-01..02-07", "6*",
	    "a 02-01..02-07 | b 02-01..02-07 | c 02-08..02-14>" },
	{ "a run that cannot wait goes first",
	    "a days=14 hours=20\nb days=14 hours=20 runs=2027-02-03", 12,
	    "a 02-01..02-14 | b 02-03..02-16", "17.14! 20! 2.86",
	    "a 02-22..03-07> | b 02-03..02-16" },
	{ "the next run",
	    "a days=14 hours=20\nb days=14 hours=20 "
	    "runs=2027-02-01,2027-03-01",
	    12, "a 02-01..02-14 | b 02-01..02-14", "20! 20!",
	    "a 02-15..02-28> | b 02-01..02-14" },
	{ "runs that collide, one of which is given again",
	    "a days=14 hours=20 runs=2027-02-01\nb days=14 hours=20 "
	    "runs=2027-02-01,2027-03-01",
	    12, "a 02-01..02-14 | b 02-01..02-14", "20! 20!",
	    "a 02-01..02-14 | b 03-01..03-14>" },
	{ "runs that collide",
	    "a days=14 hours=20 runs=2027-02-01\n"
	    "b days=14 hours=20 runs=2027-02-01",
	    12, "a 02-01..02-14 | b 02-01..02-14", "20! 20!",
	    "a 02-01..02-14 | b no room" },
	{ "the length of a run is its own",
	    "a days=28 hours=40 "
	    "runs=2027-02-01/2027-02-14",
	    40, "a 02-01..02-14", "20 20", "a 02-01..02-14" },
	{ "what has begun, and what can no longer be entered",
	    "a days=7 hours=5 runs=2026-10-01\n"
	    "b days=7 hours=5 runs=2027-03-01/2027-03-07/2027-01-15",
	    10, "a no start | b no start", "", "a no start | b no start" },
	{ "rolling", "a days=7 hours=5 runs=2026-10-01,rolling", 10, "a 02-01..02-07",
	    "5", "a 02-01..02-07" },
	{ "only a month", "a days=7 hours=5 runs=2027-03", 10, "a 03-01..03-07?", "5",
	    "a 03-01..03-07?" },
	{ "hours and no length: her own pace", "a hours=40", 10, "a 02-01..02-28~",
	    "10 10 10 10", "a 02-01..02-28~" },
	{ "the same without her hours", "a hours=40", 0, "a no length", "",
	    "a no length" },
	{ "no length at all", "a\nb days=7 hours=5", 10, "a no length | b 02-01..02-07",
	    "5", "a no length | b 02-01..02-07" },
	{ "hours that are unknown stay so, and alone", "a days=14\nb days=7 hours=5",
	    10, "a 02-01..02-14 | b 02-01..02-07", "5+1 0+1",
	    "a 02-01..02-14 | b 02-15..02-21>" },
	{ "more than she has", "a days=7 hours=30", 10, "a 02-01..02-07", "30!",
	    "a too heavy" },
	{ "unless it goes slower", "a days=7 hours=30 selfpaced", 10, "a 02-01..02-07",
	    "30!", "a 02-01..02-21~>" },
	{ "what it requires comes before",
	    "a days=7 hours=5 needs=b\nb days=14 hours=10", 20,
	    "a 02-01..02-07! | b 02-01..02-14", "10 5",
	    "a 02-15..02-21> | b 02-01..02-14" },
	{ "and if that has no place, it waits",
	    "a days=7 hours=5 needs=b\nb hours=5 days=7 runs=2026-01-01", 20,
	    "a 02-01..02-07! | b no start", "5", "a waits | b no start" },
	{ "its only run is before what it requires has ended",
	    "a days=7 hours=5 needs=b runs=2027-02-08\nb days=14 hours=10", 20,
	    "a 02-08..02-14! | b 02-01..02-14", "5 10", "a no room | b 02-01..02-14" },
	{ "each waits for the other",
	    "a days=7 hours=5 needs=b\nb hours=5 days=7 needs=a", 20,
	    "a 02-01..02-07! | b 02-01..02-07!", "10", "a waits | b waits" },
	{ "hours a week and weeks", "a days=14 weekly=6", 10, "a 02-01..02-14", "6 6",
	    "a 02-01..02-14" },
	{ "a weekend", "a days=2 hours=12", 12, "a 02-01..02-02", "12",
	    "a 02-01..02-02" },
};

static void
test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct semester_wish wishes[CATALOG_MAX];
		struct semester_query q;
		struct semester_plan p;
		size_t n;

		open_catalog();
		add_lines(rows[i].programs);
		semester_query_init(&q, day("2027-01-20"));
		q.start = day("2027-02-01");
		q.weekly_hours = rows[i].hours > 0 ? rows[i].hours : NUMBER_UNKNOWN;
		n = wish_all(wishes);
		T_INT(semester_ask(turn, &q, wishes, n, &p), RC_OK, "%s", rows[i].name);
		T_STR(say_items(&p), rows[i].asked, "MISSION-19 %s", rows[i].name);
		T_STR(say_weeks(&p), rows[i].weeks, "MISSION-19 %s", rows[i].name);
		T_INT(semester_fit(turn, &q, wishes, n, &p),
		    p.placed == p.n ? RC_OK : RC_NOTFOUND, "%s", rows[i].name);
		T_STR(say_items(&p), rows[i].fitted, "MISSION-19 %s, fitted",
		    rows[i].name);
		T_INT(p.overloaded + p.crowded, 0, "MISSION-19 %s, fitted",
		    rows[i].name);
		close_catalog();
	}
}

static void
test_busy_and_term(void)
{
	const struct semester_busy busy[] = { { 20, DAY_UNKNOWN, DAY_UNKNOWN },
		{ 15, day("2027-02-08"), day("2027-02-21") } };
	struct semester_wish wishes[CATALOG_MAX];
	struct semester_query q;
	struct semester_plan p;

	open_catalog();
	add_lines("a days=28 hours=40");
	semester_query_init(&q, day("2027-02-01"));
	q.weekly_hours = 32;
	q.busy = busy;
	q.n_busy = 2;
	q.term_from = day("2027-02-01");
	q.term_to = day("2027-03-10");
	(void)wish_all(wishes);
	(void)semester_ask(turn, &q, wishes, 1, &p);
	T_STR(say_weeks(&p), "10 10! 10! 10",
	    "MISSION-19 a job, and two weeks of exams");
	T_INT(p.weeks[0].room, 12, "MISSION-19 what the job leaves");
	T_INT(p.weeks[1].room, 0, "MISSION-19 never below nothing");
	T_INT(p.overloaded, 2, "MISSION-19 counted");
	T_CHECK(p.in_term && !semester_is_easy(&p), "in term, and too much");
	T_INT(semester_fit(turn, &q, wishes, 1, &p), RC_OK, "found");
	T_STR(say_items(&p), "a 02-22..03-21>", "MISSION-19 after the exams");
	T_CHECK(!p.in_term && !semester_is_easy(&p), "MISSION-19 but not in the term");
	q.n_busy = 1;
	(void)semester_ask(turn, &q, wishes, 1, &p);
	T_CHECK(semester_is_easy(&p), "MISSION-19 without exams it fits");
	wishes[0].start = day("2027-02-10");
	(void)semester_ask(turn, &q, wishes, 1, &p);
	T_STR(say_items(&p), "a 02-10..03-09", "MISSION-19 the day that she named");
	T_INT(p.items[0].begin, SEMESTER_HERS, "and that is said");
	T_STR(say_weeks(&p), "7.14 10 10 10 2.86", "MISSION-19 a week in part");
	q.n_busy = SEMESTER_BUSY_MAX + 1;
	T_INT(semester_ask(turn, &q, wishes, 1, &p), RC_INVALID, "too many");
	close_catalog();
}

static void
test_ects(void)
{
	struct semester_wish wishes[CATALOG_MAX];
	struct semester_query q;
	struct semester_plan p;

	open_catalog();
	add_lines("a days=70 ects=5");
	semester_query_init(&q, day("2027-02-01"));
	(void)wish_all(wishes);
	(void)semester_ask(turn, &q, wishes, 1, &p);
	T_INT(p.hours_unknown, 1, "MISSION-19 credits are not hours");
	q.hours_per_ects = 30;
	(void)semester_ask(turn, &q, wishes, 1, &p);
	T_INT(p.hours, 150, "MISSION-19 unless the caller says how many");
	T_CHECK((p.items[0].load.worked_out & LOAD_HOURS_CREDITS) != 0,
	    "and it is said");
	close_catalog();
}

/* --- random plans */

static uint64_t seed = 20270201;

static unsigned
dice(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % n;
}

static void
random_programs(struct buf *b)
{
	size_t n = 1 + dice(6);

	for (size_t i = 0; i < n; i++) {
		buf_printf(b, "%s%c", i == 0 ? "" : "\n", (char)('a' + i));
		if (dice(8) != 0)
			buf_printf(b, " days=%u", 1 + dice(120));
		if (dice(5) != 0)
			buf_printf(b, " hours=%u", 1 + dice(150));
		if (dice(3) == 0)
			buf_printf(b, " runs=2027-%02u-%02u,2027-%02u-%02u",
			    1 + dice(6), 1 + dice(28), 7 + dice(6), 1 + dice(28));
		if (dice(4) == 0)
			buf_adds(b, " selfpaced");
		if (i > 0 && dice(4) == 0)
			buf_printf(b, " needs=%c", (char)('a' + dice((unsigned)i)));
	}
}

static void
check_sums(const struct semester_plan *p)
{
	double weeks = 0, items = 0;
	size_t placed = 0;

	for (size_t k = 0; k < p->n; k++) {
		const struct semester_item *i = &p->items[k];

		if (i->trouble != SEMESTER_FINE)
			continue;
		placed++;
		if (i->program->hours >= 0)
			items += i->program->hours;
	}
	for (size_t w = 0; w < p->n_weeks; w++)
		weeks += p->weeks[w].hours;
	T_CHECK(p->cut || fabs(weeks - items) < 1e-3,
	    "MISSION-19 all weeks have %g hours, all programs %g", weeks, items);
	T_CHECK(fabs(p->hours - items) < 1e-6, "MISSION-19 the sum of hours");
	T_INT(p->placed, placed, "MISSION-19 how many have a place");
}

/* Day by day, from the records: no week table, no bench. */
static void
check_fitted(const struct semester_plan *p, const struct semester_query *q)
{
	double hours = 0;

	for (int32_t d = p->first; p->first != DAY_UNKNOWN && d <= p->last; d++) {
		size_t n = 0, unknown = 0;

		hours = (d + 3) % 7 == 0 ? 0 : hours;
		for (size_t k = 0; k < p->n; k++) {
			const struct semester_item *i = &p->items[k];

			if (i->trouble != SEMESTER_FINE || d < i->start || d > i->last)
				continue;
			n++;
			if (i->program->hours < 0)
				unknown++;
			else
				hours += i->program->hours / (i->last - i->start + 1);
		}
		if (n > q->at_once || (unknown > 0 && n > 1) ||
		    hours > q->weekly_hours + 1e-3) {
			T_CHECK(false, "MISSION-19 %s: %zu at once, %g hours", date(d),
			    n, hours);
			return;
		}
	}
	T_CHECK(true, "never too many, never too much");
	for (size_t k = 0; k < p->n; k++) {
		const struct semester_item *i = &p->items[k];
		const struct names *needs = &i->program->requires;

		if (i->trouble != SEMESTER_FINE)
			continue;
		T_CHECK(i->start >= q->start, "MISSION-19 not before she can");
		if (needs->n > 0)
			T_CHECK(p->items[needs->at[0][0] - 'a'].trouble ==
					SEMESTER_FINE &&
				    p->items[needs->at[0][0] - 'a'].last < i->start,
			    "MISSION-19 after what it requires");
		if (i->begin == SEMESTER_RUN)
			T_CHECK(i->start == day(i->program->runs[0].start) ||
				    i->start == day(i->program->runs[1].start),
			    "MISSION-19 on the day of a run");
	}
}

static void
test_random(void)
{
	size_t easy = 0, fitted = 0, hard = 0;

	for (int round = 0; round < 2000; round++) {
		struct semester_wish wishes[CATALOG_MAX];
		struct semester_query q;
		struct semester_plan asked, fits;
		struct buf b = { 0 };
		size_t n;

		open_catalog();
		random_programs(&b);
		add_lines(buf_cstr(&b));
		buf_fini(&b);
		semester_query_init(&q, day("2027-01-01") + (int32_t)dice(200));
		q.weekly_hours = 2 + dice(25);
		q.at_once = 1 + dice(2);
		n = wish_all(wishes);
		(void)semester_ask(turn, &q, wishes, n, &asked);
		check_sums(&asked);
		(void)semester_fit(turn, &q, wishes, n, &fits);
		check_sums(&fits);
		check_fitted(&fits, &q);
		if (semester_is_easy(&asked) && asked.hours_unknown == 0)
			T_CHECK(fits.placed == n && fits.last == asked.last,
			    "MISSION-19 what is easy stays as it is");
		easy += semester_is_easy(&asked);
		fitted += fits.placed == n;
		hard += fits.placed < n;
		close_catalog();
	}
	T_CHECK(easy > 50 && fitted > 300 && hard > 300,
	    "%zu easy, %zu fitted, %zu hard", easy, fitted, hard);
}

/* --- the calendar file */

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

static const char *export(const struct semester_plan *p, struct semester_calendar *c,
    unsigned *missing)
{
	static const char *const names[] = { "First", "Second", "Third" };
	struct buf out = { 0 };
	const char *text;

	c->owner = "mia";
	c->now_ms = INT64_C(1800000000000);
	c->summaries = names;
	*missing = semester_ics(p, c, &out);
	text = arena_cstr(turn, buf_str(&out));
	buf_fini(&out);
	return text;
}

static const char *
uids(const char *file)
{
	const char *all = "";

	while ((file = strstr(file, "UID:")) != NULL) {
		file += strlen("UID:");
		all = arena_printf(turn, "%s%.*s ", all, (int)strcspn(file, "\r"),
		    file);
	}
	return all;
}

static void
test_calendar(void)
{
	/* Monday and Thursday evening, and Saturday. */
	static const struct semester_block blocks[] = { { 0, 18 * 60, 120 },
		{ 3, 18 * 60, 120 }, { 5, 10 * 60, 240 } };
	struct semester_wish wishes[CATALOG_MAX];
	struct semester_calendar c = { .blocks = blocks };
	struct semester_query q;
	struct semester_plan p;
	struct zone *berlin;
	struct err err = { "" };
	const char *spans, *file, *later;
	unsigned missing;

	open_catalog();
	add_lines("a days=28 hours=20\nb days=14 hours=6\nc days=7");
	semester_query_init(&q, day("2027-02-01"));
	(void)wish_all(wishes);
	(void)semester_ask(turn, &q, wishes, 3, &p);
	spans = export(&p, &c, &missing);
	T_INT(count(spans, "BEGIN:VEVENT"), 3, "MISSION-19 one event a program");
	T_INT(count(spans, "DTSTART;VALUE=DATE:20270201"), 3, "MISSION-19 whole days");
	T_INT(count(spans, "DTEND;VALUE=DATE:20270301"), 1,
	    "MISSION-19 to the day after");
	T_INT(count(spans, "BEGIN:VTIMEZONE"), 0, "no zone, none needed");

	if (!T_CHECK(zone_load(&berlin, ZONE_DIR, STR("Europe/Berlin"), &err) == RC_OK,
		"%s", err.text))
		return;
	c.zone = berlin;
	c.n_blocks = 3;
	file = export(&p, &c, &missing);
	/* a: 5 hours a week, Monday, Thursday, an hour on Saturday. b: 3 on Saturday. */
	T_INT(missing, 0, "MISSION-19 all hours have a place");
	T_INT(count(file, "BEGIN:VEVENT"), 5, "MISSION-19 three blocks, one, a span");
	T_INT(count(file, "DTSTART;TZID=Europe/Berlin:20270206T100000"), 1, "Saturday");
	T_INT(count(file, "DTEND;TZID=Europe/Berlin:20270206T110000"), 1, "an hour");
	T_INT(count(file, "DTSTART;TZID=Europe/Berlin:20270206T110000"), 1,
	    "MISSION-19 the other goes behind it");
	T_INT(count(file, "RRULE:FREQ=WEEKLY;COUNT=4"), 3, "MISSION-19 four weeks");
	T_INT(count(file, "RRULE:FREQ=WEEKLY;COUNT=2"), 1, "MISSION-19 two weeks");
	T_INT(count(file, "BEGIN:VTIMEZONE"), 1, "S25 its zone");
	T_INT(count(file, "TRANSP:TRANSPARENT"), 1, "MISSION-19 a span is not busy");

	/* Again, and a week later. */
	T_STR(uids(export(&p, &c, &missing)), uids(file), "S23 the same UIDs again");
	q.start += 7;
	(void)semester_ask(turn, &q, wishes, 3, &p);
	later = export(&p, &c, &missing);
	T_CHECK(strcmp(later, file) != 0, "other days");
	T_STR(uids(later), uids(file), "S23 MISSION-19 what moved keeps its UIDs");

	/* Two hours less. */
	c.n_blocks = 2;
	(void)export(&p, &c, &missing);
	T_INT(missing, 4 * 60 + 2 * 180, "MISSION-19 hours without a place are said");
	zone_free(berlin);
	close_catalog();
}

int
main(void)
{
	T_RUN(test_rows);
	T_RUN(test_busy_and_term);
	T_RUN(test_ects);
	T_RUN(test_random);
	T_RUN(test_calendar);
	return t_end();
}
