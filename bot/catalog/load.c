/*
 * load.c - how much study a program is, and how several of them go side by side.
 */
#include <assert.h>

#include "credbot/catalog/load.h"
#include "credbot/catalog/program_facts.h"

#define WEEK 7.0
/* Hours and days are decimals that were read from text: equal is not more. */
#define HAIR 1e-6

static void
lengths(const struct program *p, struct study_load *l)
{
	l->min_days = p->min_days >= 0 ? p->min_days : p->max_days;
	l->days = p->max_days >= 0 ? p->max_days : p->min_days;
}

void
study_load(const struct program *p, double hours_per_ects, struct study_load *out)
{
	double ects;

	*out = (struct study_load){ NUMBER_UNKNOWN, NUMBER_UNKNOWN, NUMBER_UNKNOWN,
		NUMBER_UNKNOWN, 0 };
	if (p == NULL)
		return;
	lengths(p, out);
	out->hours = p->hours;
	out->weekly = p->weekly_hours;
	ects = program_credits(p, "ECTS");
	if (out->hours < 0 && out->weekly >= 0 && out->days >= 0) {
		out->hours = out->weekly * out->days / WEEK;
		out->worked_out |= LOAD_HOURS;
	} else if (out->hours < 0 && hours_per_ects >= 0 && ects >= 0) {
		out->hours = ects * hours_per_ects;
		out->worked_out |= LOAD_HOURS_CREDITS;
	}
	if (out->days < 0 && out->hours >= 0 && out->weekly > 0) {
		out->min_days = out->days = out->hours / out->weekly * WEEK;
		out->worked_out |= LOAD_LENGTH;
	} else if (out->weekly < 0 && out->hours >= 0 && out->days > 0) {
		/* What takes less than a week takes its hours in that week. */
		out->weekly = out->hours / (out->days < WEEK ? 1 : out->days / WEEK);
		out->worked_out |= LOAD_WEEKLY;
	}
}

/* --- side by side */

enum phase { WAITS, RUNS, ENDED };

struct bench {
	struct study_item *at;
	size_t n;
	double weekly;
	size_t at_once;
	double now;
	enum phase phase[LOAD_ITEMS_MAX];
	size_t left;    /* that have not ended */
	size_t running; /* what is only handed out not counted */
	double taken;   /* hours a week of these */
	bool alone;     /* the one that runs takes nothing beside it */
};

static bool
is_due(const struct bench *b, const struct study_item *i)
{
	if (i->earliest > b->now + HAIR)
		return false;
	for (size_t k = 0; k < i->n_after; k++)
		if (b->phase[i->after[k]] != ENDED)
			return false;
	return true;
}

static bool
has_room(const struct bench *b, const struct study_item *i)
{
	if (b->running == 0)
		return true;
	if (b->running == b->at_once || b->alone || i->weekly < 0)
		return false;
	return b->weekly < 0 || b->taken + i->weekly <= b->weekly + HAIR;
}

static void
begin(struct bench *b, size_t at)
{
	struct study_item *i = &b->at[at];

	i->start = b->now;
	i->too_heavy = b->weekly >= 0 && i->weekly > b->weekly + HAIR;
	if (i->days <= HAIR) {
		b->phase[at] = ENDED;
		b->left--;
		return;
	}
	b->phase[at] = RUNS;
	b->running++;
	b->alone = i->weekly < 0 || i->too_heavy;
	b->taken += i->weekly < 0 ? 0 : i->weekly;
}

/* All that can start now; what is handed out may let others start. */
static void
begin_all(struct bench *b)
{
	for (bool again = true; again;) {
		again = false;
		for (size_t k = 0; k < b->n; k++) {
			const struct study_item *i = &b->at[k];

			if (b->phase[k] != WAITS || !is_due(b, i))
				continue;
			if (i->days > HAIR && !has_room(b, i))
				continue;
			begin(b, k);
			again = again || b->phase[k] == ENDED;
		}
	}
}

/* The next day on which something ends, or may begin; below now: there is none. */
static double
next_day(const struct bench *b)
{
	double next = -1;

	for (size_t k = 0; k < b->n; k++) {
		const struct study_item *i = &b->at[k];
		double day = b->phase[k] == RUNS ? i->start + i->days : i->earliest;

		if (b->phase[k] == ENDED ||
		    (b->phase[k] == WAITS && day <= b->now + HAIR))
			continue;
		if (next < 0 || day < next)
			next = day;
	}
	return next;
}

static void
end_some(struct bench *b)
{
	b->taken = 0;
	b->running = 0;
	b->alone = false;
	for (size_t k = 0; k < b->n; k++) {
		const struct study_item *i = &b->at[k];

		if (b->phase[k] != RUNS)
			continue;
		if (i->start + i->days <= b->now + HAIR) {
			b->phase[k] = ENDED;
			b->left--;
			continue;
		}
		b->running++;
		b->taken += i->weekly < 0 ? 0 : i->weekly;
		b->alone = b->alone || i->weekly < 0 || i->too_heavy;
	}
}

enum rc
study_side_by_side(struct study_item *items, size_t n, double weekly, size_t at_once,
    double *days)
{
	struct bench b = { .at = items, .n = n, .weekly = weekly, .at_once = at_once };

	assert(n <= LOAD_ITEMS_MAX && at_once > 0);
	*days = 0;
	b.left = n;
	for (size_t k = 0; k < n; k++)
		if (items[k].days < 0)
			return RC_INVALID;
	for (;;) {
		double next;

		begin_all(&b);
		if (b.left == 0)
			break;
		next = next_day(&b);
		if (next < b.now)
			return RC_INVALID;
		b.now = next;
		end_some(&b);
	}
	for (size_t k = 0; k < n; k++)
		if (items[k].start + items[k].days > *days)
			*days = items[k].start + items[k].days;
	return RC_OK;
}
