/*
 * amount.c - money, lengths of time and hours a week in a message.
 *
 * A number is one of these by what stands beside it. Which of several counts, and whether it
 * is a wish at all, say the small words around it: "max", "at least", "ago", "salary".
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bot/catalog/reading_priv.h"
#include "credbot/catalog/wish_map.h"

/* So many marks before and behind a number say what it is. */
#define LOOK_BACK 4
#define LOOK_AHEAD 3
/* A bare number is money from here on: "budget 800". */
#define BARE_MIN 20

/* The cues of the marks before i, up to a sign or a wish. */
static uint64_t
cues_before(const struct reading *r, size_t i, size_t limit)
{
	uint64_t cues = 0;

	for (size_t k = 0; k < LOOK_BACK && i > limit; k++) {
		i--;
		if (r->marks[i].kind == MARK_SIGN && r->marks[i].sign != ':')
			break;
		if (reading_slot(r, i) != TERM_KINDS || r->marks[i].used)
			break;
		cues |= r->marks[i].cues;
	}
	return cues;
}

static uint64_t
cues_behind(const struct reading *r, size_t i)
{
	uint64_t cues = 0;

	for (size_t k = 0; k < LOOK_AHEAD && i < r->n; k++, i++) {
		if (r->marks[i].kind != MARK_WORD || reading_slot(r, i) != TERM_KINDS)
			break;
		if (reading_term(r, i, TERM_CURRENCY) != NULL && r->marks[i].cues == 0)
			break;
		/* "3 months and max 500": that is the next one's. */
		if (k > 0 && has_cue(r->marks[i].cues, CUE_MAX) &&
		    has_cue(reading_cues(r, i - 1), CUE_AND))
			break;
		cues |= r->marks[i].cues;
	}
	return cues;
}

/* "per week", "a week": the unit of a pace behind i; -1: none. */
static int
pace_at(const struct reading *r, size_t i)
{
	uint64_t cues = reading_cues(r, i);
	const struct term *unit = reading_term(r, i + 1, TERM_UNIT);

	if (has_cue(cues, CUE_PACE))
		return UNIT_WEEKS;
	if (has_cue(cues, CUE_PACE_DAY))
		return UNIT_DAYS;
	if (has_cue(cues, CUE_PACE_MONTH))
		return UNIT_MONTHS;
	if (has_cue(cues, CUE_PACE_OTHER))
		return UNIT_YEARS;
	return has_cue(cues, CUE_PER) && unit != NULL ? (int)unit->value : -1;
}

/* What was said last is meant: "max 500 euros, no wait, 700". */
static bool
is_worse(bool found, bool sure, bool now_sure, uint64_t pre)
{
	return found && sure && !now_sure && !has_cue(pre, CUE_CORRECTION);
}

static void
take_cost(struct reading *r, const struct quantity *q, bool sure, uint64_t pre)
{
	if (is_worse(r->cost.found, r->cost.sure, sure, pre))
		return;
	r->cost.found = true;
	r->cost.sure = sure;
	r->cost.amount = q->value;
	r->cost.currency = q->currency;
	r->cost.mark = (uint16_t)q->first;
}

static void
take_monthly(struct reading *r, const struct quantity *q, bool sure, uint64_t pre)
{
	if (is_worse(r->monthly.found, r->monthly.sure, sure, pre))
		return;
	r->monthly.found = true;
	r->monthly.sure = sure;
	r->monthly.amount = q->value;
	r->monthly.currency = q->currency;
}

/* "under", and also "cannot go over": nothing beyond the number. */
static bool
is_upper(uint64_t pre, uint64_t post)
{
	const uint64_t negation = CUE_BIT(CUE_NOT) | CUE_BIT(CUE_OUT);

	return has_cue(pre, CUE_MAX) || has_cue(post, CUE_MAX) ||
	       (has_cue(pre, CUE_MIN) && (pre & negation) != 0);
}

static bool
is_bare_price(const struct reading *r, const struct quantity *q, uint64_t pre,
    uint64_t post)
{
	bool ends = reading_is_edge(r, q->end) || r->marks[q->end].node != NULL;
	bool max = is_upper(pre, post);

	if (q->number.value < BARE_MIN || !ends ||
	    reading_term(r, q->end, TERM_UNIT) != NULL)
		return false;
	if (has_cue(pre, CUE_BUDGET) || q->number.factor)
		return has_cue(pre, CUE_BUDGET) || max ||
		       has_cue(pre, CUE_CORRECTION) ||
		       /* "bangalore, 25k": nothing else is written so */
		       (q->number.digits && reading_is_edge(r, q->end));
	if (has_cue(pre, CUE_CORRECTION) && !max)
		return r->before->max_cost >= 0 || r->before->max_monthly >= 0;
	return max || (pace_at(r, q->end) == UNIT_MONTHS && r->cost.found);
}

/* "not 500 euros": ruled out, with the number before it in its place. */
static bool
replaces_bare(struct reading *r, const struct quantity *q)
{
	struct quantity other = *q;

	if (q->first == 0 || !has_cue(reading_cues(r, q->first - 1), CUE_NOT))
		return false;
	if (r->bare.end > 0 && r->bare.end + 2 >= q->first && !r->cost.found) {
		other.value = r->bare.value;
		take_cost(r, &other, true, 0);
	}
	return true;
}

/* By the month, or a bare number that takes the place of such a price. */
static bool
is_monthly(const struct reading *r, const struct quantity *q, uint64_t pre)
{
	return pace_at(r, q->end) == UNIT_MONTHS || has_cue(pre, CUE_PACE_MONTH) ||
	       (q->currency[0] == '\0' && has_cue(pre, CUE_CORRECTION) &&
		   r->before->max_monthly >= 0 && r->before->max_cost < 0);
}

static void
on_money(struct reading *r, const struct quantity *q, uint64_t pre, uint64_t post)
{
	bool max = is_upper(pre, post), sure = max || has_cue(pre, CUE_BUDGET);
	unsigned scope = r->marks[q->first].scope;

	if (q->currency[0] != '\0')
		r->currency = q->currency;
	if (has_cue(pre, CUE_SALARY) || has_cue(post, CUE_SALARY) ||
	    (scope & SCOPE_ASKED) != 0)
		return;
	if ((scope & SCOPE_PERSON) != 0 && !has_cue(pre, CUE_BUDGET))
		return;
	if (has_cue(pre, CUE_PAID) && !max)
		return;
	if ((has_cue(pre, CUE_MIN) && !max) || (!max && replaces_bare(r, q)))
		return;
	if (is_monthly(r, q, pre))
		take_monthly(r, q, sure, pre);
	else if (pace_at(r, q->end) < 0)
		take_cost(r, q, sure, pre);
}

static bool
to_wish_unit(const struct quantity *q, double *value, enum wish_unit *unit)
{
	static const struct {
		enum wish_unit unit;
		double times;
	} rows[] = {
		[UNIT_DAYS] = { WISH_DAYS, 1 },
		[UNIT_WEEKS] = { WISH_WEEKS, 1 },
		[UNIT_MONTHS] = { WISH_MONTHS, 1 },
		[UNIT_YEARS] = { WISH_MONTHS, 12 },
		[UNIT_SEMESTERS] = { WISH_MONTHS, 6 },
		[UNIT_TERMS] = { WISH_MONTHS, 3 },
		[UNIT_FORTNIGHTS] = { WISH_WEEKS, 2 },
		[UNIT_WEEKENDS] = { WISH_DAYS, 2 },
	};

	if (q->unit == UNIT_HOURS)
		return false;
	*unit = rows[q->unit].unit;
	*value = q->value * rows[q->unit].times;
	return *value > 0 && *value < 10000;
}

static void
on_hours(struct reading *r, const struct quantity *q, int pace)
{
	double hours = pace == UNIT_WEEKS  ? q->value
	               : pace == UNIT_DAYS ? q->value * 7
	                                   : -1;

	if (hours > 0 && hours <= 168)
		r->hours = hours;
}

/* "3 years ago", "start in 2 weeks", "at least a month": no limit on the length. */
static bool
is_other_time(const struct reading *r, const struct quantity *q, uint64_t pre,
    uint64_t post)
{
	uint64_t last = q->first > 0 ? reading_cues(r, q->first - 1) : 0;
	bool max = is_upper(pre, post);

	if ((r->marks[q->first].scope & SCOPE_ASKED) != 0)
		return true;
	if ((r->marks[q->first].scope &
		(SCOPE_PERSON | SCOPE_BACKGROUND | SCOPE_NEWBIE)) != 0 &&
	    !max)
		return true;
	if ((r->marks[q->first].scope & SCOPE_NOT) != 0 && !max)
		return true;
	if (has_cue(reading_cues(r, q->end), CUE_PAST) || has_cue(last, CUE_PAST) ||
	    has_cue(reading_cues(r, q->end + 1), CUE_PAST))
		return true;
	if (has_cue(last, CUE_AFTER) || has_cue(last, CUE_START))
		return true;
	if (q->unit == UNIT_YEARS && q->value >= 2 && !max && has_cue(last, CUE_WHEN) &&
	    !has_cue(last, CUE_FOR))
		return true; /* "in five years I want to be ..." */
	return !max &&
	       (has_cue(pre, CUE_MIN) || has_cue(reading_cues(r, q->end), CUE_MIN));
}

/* The marks of the phrase around, a few to each side. */
static bool
has_near(const struct reading *r, size_t first, size_t end, uint64_t cues)
{
	for (size_t k = 1; k <= LOOK_BACK && k <= first; k++) {
		if (reading_is_sign(r, first - k))
			break;
		if ((reading_cues(r, first - k) & cues) != 0)
			return true;
	}
	for (size_t k = 0; k < LOOK_BACK && !reading_is_edge(r, end + k); k++)
		if ((reading_cues(r, end + k) & CUE_BIT(CUE_READY) & cues) != 0)
			return true;
	return false;
}

/* "start in 2 months", "in 3 weeks i am free", "2 months from now". */
static bool
is_from_now(const struct reading *r, const struct quantity *q)
{
	const uint64_t starts = CUE_BIT(CUE_START) | CUE_BIT(CUE_READY);
	size_t at = q->first;
	uint64_t last;

	if (has_cue(reading_cues(r, q->end), CUE_FROM_NOW))
		return true;
	if (at > 0 && has_cue(reading_cues(r, at - 1), CUE_ABOUT))
		at--; /* "in about a month" */
	if (at == 0)
		return false;
	last = reading_cues(r, at - 1);
	if (has_cue(last, CUE_START))
		return r->marks[at - 1].n > 1; /* "starting in", not "start" */
	return (has_cue(last, CUE_WHEN) || has_cue(last, CUE_AFTER)) &&
	       has_near(r, at - 1, q->end, starts);
}

static void
take_start(struct reading *r, const struct quantity *q)
{
	static const char
	    units[] = { [WISH_DAYS] = 'd', [WISH_WEEKS] = 'w', [WISH_MONTHS] = 'm' };
	const unsigned others = SCOPE_PERSON | SCOPE_BACKGROUND | SCOPE_ASKED |
	                        SCOPE_NOT;
	double value;
	enum wish_unit unit;

	if ((r->marks[q->first].scope & others) != 0 ||
	    !to_wish_unit(q, &value, &unit) || (r->start[0] != '\0' && !r->correction))
		return;
	if (value > floor(value)) { /* a month and a half */
		value = ceil(wish_duration_days(value, unit) - 0.5);
		unit = WISH_DAYS;
	}
	if (value < 1000)
		snprintf(r->start, sizeof(r->start), "+%.0f%c", value, units[unit]);
}

static void
on_length(struct reading *r, const struct quantity *q, uint64_t pre, uint64_t post)
{
	int pace = pace_at(r, q->end);
	bool max = is_upper(pre, post);
	double value;
	enum wish_unit unit;

	if (q->unit == UNIT_HOURS || pace >= 0) {
		if (q->unit == UNIT_HOURS)
			on_hours(r, q, pace);
		return;
	}
	if (is_from_now(r, q)) {
		take_start(r, q);
		return;
	}
	if (is_other_time(r, q, pre, post) || !to_wish_unit(q, &value, &unit) ||
	    is_worse(r->length.found, r->length.sure, max, pre))
		return;
	r->length.found = true;
	r->length.sure = max;
	r->length.value = value;
	r->length.unit = unit;
	r->length.mark = (uint16_t)q->first;
}

/* What makes it a pace belongs to it: "a week" is no length there. */
static void
use_pace(struct reading *r, size_t i)
{
	if (pace_at(r, i) < 0)
		return;
	r->marks[i].used = true;
	if (has_cue(reading_cues(r, i), CUE_PER) &&
	    reading_term(r, i + 1, TERM_UNIT) != NULL)
		r->marks[i + 1].used = true;
}

static void
on_quantity(struct reading *r, struct quantity *q, size_t limit)
{
	uint64_t pre = cues_before(r, q->first, limit);
	uint64_t post = cues_behind(r, q->end);

	if (q->kind == QUANTITY_BARE && is_bare_price(r, q, pre, post)) {
		q->kind = QUANTITY_MONEY;
		q->currency = "";
	}
	if (q->kind == QUANTITY_MONEY)
		on_money(r, q, pre, post);
	else if (q->kind == QUANTITY_LENGTH)
		on_length(r, q, pre, post);
	if (q->kind == QUANTITY_BARE) {
		r->bare.end = q->end;
		r->bare.value = q->value;
	}
	for (size_t i = q->first; i < q->end && q->kind != QUANTITY_BARE; i++)
		r->marks[i].used = true;
	use_pace(r, q->end);
}

/* "700, in dollars", "dollars, I mean": a currency that stands by itself; "": none. */
static const char *
lone_currency(const struct reading *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct term *t = reading_term(r, i, TERM_CURRENCY);

		if (t == NULL || r->marks[i].used || reading_is_common(r, i) ||
		    reading_text(r, i).len < 3 ||
		    (r->marks[i].scope & (SCOPE_NOT | OTHERS)) != 0)
			continue;
		if (i == 0 || reading_is_edge(r, i - 1) || reading_is_edge(r, i + 1) ||
		    has_cue(reading_cues(r, i - 1), CUE_WHEN))
			return t->id;
	}
	return "";
}

/* The currency of an amount that came without: of another one, or by itself. */
static void
find_currency(struct reading *r)
{
	const struct wish *old = r->before;
	const char *lone;

	if (r->cost.found && r->cost.currency[0] == '\0')
		r->cost.currency = r->currency;
	if (r->monthly.found && r->monthly.currency[0] == '\0')
		r->monthly.currency = r->currency;
	if (r->cost.found ? r->cost.currency[0] != '\0' || r->cost.amount <= 0
			  : !r->correction || old->max_cost <= 0)
		return;
	lone = lone_currency(r);
	if (lone[0] == '\0')
		return;
	r->cost.currency = lone;
	if (r->cost.found)
		return;
	r->cost.found = true;
	r->cost.amount = (double)old->max_cost /
	                 pow(10, wish_currency_digits(old->currency));
}

/* "free": counts when no amount does. */
static void
read_free(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct mark *m = &r->marks[i];

		if (reading_term(r, i, TERM_FREE) == NULL || m->used || r->cost.found ||
		    has_cue(m->cues, CUE_NEUTRAL) ||
		    (m->scope & (SCOPE_PERSON | SCOPE_NOT | SCOPE_ASKED)) != 0)
			continue;
		r->cost.found = true;
		r->cost.amount = 0;
		r->cost.currency = "";
		r->cost.mark = (uint16_t)i;
	}
}

void
reading_amounts(struct reading *r)
{
	struct quantity q;
	size_t limit = 0; /* behind the last quantity */

	r->hours = -1;
	for (size_t i = 0; i < r->n; i++) {
		if (r->marks[i].used || !reading_quantity(r, i, &q))
			continue;
		reading_range(r, &q);
		on_quantity(r, &q, limit);
		i = q.end - 1;
		if (q.kind != QUANTITY_BARE)
			limit = q.end;
	}
	find_currency(r);
	read_free(r);
}
