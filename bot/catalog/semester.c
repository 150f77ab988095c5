/*
 * semester.c - a plan as it was asked for: each program as soon as it begins.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "bot/catalog/semester_priv.h"
#include "credbot/catalog/program_facts.h"

/* Runs of one program that are looked at. */
#define STARTS_MAX 16

void
semester_query_init(struct semester_query *q, int32_t today)
{
	*q = (struct semester_query){ .start = today,
		.today = today,
		.weekly_hours = NUMBER_UNKNOWN,
		.at_once = LOAD_AT_ONCE_MAX,
		.term_from = DAY_UNKNOWN,
		.term_to = DAY_UNKNOWN,
		.hours_per_ects = NUMBER_UNKNOWN };
}

const char *
semester_trouble_name(enum semester_trouble t)
{
	static const char *const names[SEMESTER_TROUBLES] = { "fine", "no length",
		"no start", "too heavy", "no room", "waits" };

	return names[t];
}

int32_t
semester_earliest(const struct semester_query *q, const struct semester_wish *w)
{
	return w->start != DAY_UNKNOWN && w->start > q->start ? w->start : q->start;
}

/* --- when it can begin */

static double
run_days(const struct program_run *r, int32_t start)
{
	int32_t from, to;

	return program_day(r->end, &from, &to) && to >= start && to != DAY_ROLLING
	           ? (double)to - start + 1
	           : NUMBER_UNKNOWN;
}

static bool
can_enter(const struct program_run *r, const struct semester_query *q)
{
	int32_t from, to;

	return !program_day(r->deadline, &from, &to) || to >= q->today;
}

size_t
semester_starts(const struct program *p, const struct semester_query *q,
    int32_t earliest, struct semester_start *out, size_t max)
{
	bool dated = false;
	size_t n = 0;

	for (size_t i = 0; i < p->n_runs && n < max; i++) {
		const struct program_run *r = &p->runs[i];
		int32_t from, to;

		if (!program_day(r->start, &from, &to))
			continue;
		dated = true;
		if (!can_enter(r, q) || to < earliest)
			continue;
		if (from == DAY_ROLLING)
			out[n++] = (struct semester_start){ SEMESTER_ROLLING, earliest,
				false, NUMBER_UNKNOWN };
		else
			out[n++] = (struct semester_start){ SEMESTER_RUN,
				from < earliest ? earliest : from, from != to,
				run_days(r, from) };
	}
	if (!dated && max > 0)
		out[n++] = (struct semester_start){ SEMESTER_ANY_DAY, earliest, false,
			NUMBER_UNKNOWN };
	return n;
}

/* --- one item */

void
semester_item_init(const struct semester_query *q, const struct semester_wish *w,
    struct semester_item *out)
{
	*out = (struct semester_item){ .program = w->program,
		.start = DAY_UNKNOWN,
		.last = DAY_UNKNOWN };
	study_load(w->program, q->hours_per_ects, &out->load);
}

bool
semester_place(struct semester_item *i, const struct semester_start *s)
{
	if (s->days >= 0)
		i->load.min_days = i->load.days = s->days;
	if (i->load.days <= 0)
		return false;
	i->begin = s->begin;
	i->about = s->about;
	i->start = s->day;
	i->last = s->day + (int32_t)ceil(i->load.days - SEMESTER_HAIR) - 1;
	i->trouble = SEMESTER_FINE;
	return true;
}

/* Hours and no length: as many weeks as her hours take. */
static void
take_own_pace(const struct semester_query *q, struct semester_item *i, int32_t day)
{
	double room = semester_room(q, semester_monday(day));

	if (i->load.days >= 0 || i->load.hours <= 0 || room <= 0)
		return;
	i->load.min_days = i->load.days = i->load.hours / room * 7;
	i->load.weekly = room;
	i->own_pace = true;
}

static void
ask_one(const struct semester_query *q, const struct semester_wish *w,
    struct semester_item *i)
{
	struct semester_start starts[STARTS_MAX];
	size_t n;

	semester_item_init(q, w, i);
	n = semester_starts(w->program, q, semester_earliest(q, w), starts, STARTS_MAX);
	if (n == 0) {
		i->trouble = SEMESTER_NO_START;
		return;
	}
	if (starts[0].begin == SEMESTER_ANY_DAY && w->start != DAY_UNKNOWN)
		starts[0].begin = SEMESTER_HERS;
	if (starts[0].days < 0)
		take_own_pace(q, i, starts[0].day);
	if (!semester_place(i, &starts[0]))
		i->trouble = SEMESTER_NO_LENGTH;
}

size_t
semester_required(const struct semester_item *items, size_t n, size_t i,
    size_t out[SEMESTER_PROGRAMS_MAX])
{
	const struct names *ids = &items[i].program->requires;
	size_t found = 0;

	for (size_t k = 0; k < n; k++)
		for (size_t j = 0; k != i && j < ids->n; j++)
			if (strcmp(ids->at[j], items[k].program->id) == 0) {
				out[found++] = k;
				break;
			}
	return found;
}

static bool
is_early(const struct semester_item *items, size_t n, size_t i)
{
	size_t need[SEMESTER_PROGRAMS_MAX];
	size_t found = semester_required(items, n, i, need);

	for (size_t k = 0; k < found; k++)
		if (items[need[k]].last == DAY_UNKNOWN ||
		    items[need[k]].last >= items[i].start)
			return true;
	return false;
}

enum rc
semester_ask(struct arena *a, const struct semester_query *q,
    const struct semester_wish *wishes, size_t n, struct semester_plan *out)
{
	assert(q->at_once >= 1 && q->at_once <= LOAD_AT_ONCE_MAX);
	*out = (struct semester_plan){ 0 };
	if (n > SEMESTER_PROGRAMS_MAX || q->n_busy > SEMESTER_BUSY_MAX)
		return RC_INVALID;
	out->items = arena_zalloc(a, n + 1, sizeof(*out->items));
	out->n = n;
	for (size_t i = 0; i < n; i++)
		ask_one(q, &wishes[i], &out->items[i]);
	for (size_t i = 0; i < n; i++)
		if (out->items[i].trouble == SEMESTER_FINE)
			out->items[i].early = is_early(out->items, n, i);
	semester_add_up(a, q, out);
	return RC_OK;
}

bool
semester_is_easy(const struct semester_plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->items[i].early)
			return false;
	return p->placed == p->n && p->in_term && p->overloaded == 0 && p->crowded == 0;
}
