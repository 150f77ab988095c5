/*
 * amount.c - money, lengths of time and hours a week in a message.
 *
 * A number is one of these by what stands beside it. Which of several counts, and whether it
 * is a wish at all, say the small words around it: "max", "at least", "ago", "salary".
 */
#include <math.h>
#include <string.h>

#include "bot/catalog/reading_priv.h"

/* So many marks before and behind a number say what it is. */
#define LOOK_BACK 4
#define LOOK_AHEAD 3
/* A bare number is money from here on: "budget 800". */
#define BARE_MIN 20

enum quantity_kind { BARE, MONEY, LENGTH };

struct quantity {
	enum quantity_kind kind;
	size_t first, end; /* marks */
	struct number number;
	double value;
	const char *currency;
	enum length_unit unit;
};

/* A currency of one letter must touch its number: R500. */
static const struct term *
currency_at(const struct reading *r, size_t i, size_t number)
{
	const struct term *t = reading_term(r, i, TERM_CURRENCY);
	struct str text;

	if (t == NULL)
		return NULL;
	text = reading_text(r, i);
	if (text.len == 1 && text.p[0] >= 'a' && text.p[0] <= 'z' &&
	    !r->tokens.v[r->marks[number].tok].glued)
		return NULL;
	return t;
}

static const struct term *
unit_at(const struct reading *r, size_t i, const struct number *n)
{
	const struct term *t = reading_term(r, i, TERM_UNIT);

	return t != NULL && reading_text(r, i).len == 1 && !n->digits ? NULL : t;
}

/* "web3", "2nd" and "b2" are names, no numbers. */
static bool
is_part_of_name(const struct reading *r, size_t i, const struct number *n)
{
	const struct token *k = &r->tokens.v[r->marks[i].tok];
	const uint64_t fine = CUE_BIT(CUE_MAX) | CUE_BIT(CUE_BUDGET) |
	                      CUE_BIT(CUE_ABOUT);

	if (r->marks[i].kind != MARK_NUMBER)
		return false;
	if (k->glued && i > 0 && r->marks[i - 1].kind == MARK_WORD &&
	    reading_term(r, i - 1, TERM_CURRENCY) == NULL &&
	    (reading_cues(r, i - 1) & fine) == 0)
		return true;
	return n->end < r->n && r->marks[n->end].kind == MARK_WORD &&
	       r->tokens.v[r->marks[n->end].tok].glued &&
	       unit_at(r, n->end, n) == NULL &&
	       reading_term(r, n->end, TERM_CURRENCY) == NULL &&
	       reading_term(r, n->end, TERM_FACTOR) == NULL;
}

/* An ordinary word that has no role. */
static bool
is_plain_word(const struct reading *r, size_t i)
{
	return i < r->n && r->marks[i].kind == MARK_WORD && r->marks[i].node == NULL &&
	       reading_is_common(r, i);
}

/* The unit behind a number, also behind a dash: "6-week". A half goes with it: "a year and a
 * half". */
static bool
read_unit(const struct reading *r, struct quantity *q)
{
	size_t i = q->end;
	const struct term *t, *half;

	if (i < r->n && r->marks[i].sign == '-')
		i++;
	t = unit_at(r, i, &q->number);
	if (t == NULL && is_plain_word(r, i) && reading_text(r, i + 1).len > 1)
		t = unit_at(r, ++i, &q->number); /* "two full days" */
	if (t == NULL)
		return false;
	q->kind = LENGTH;
	q->unit = (enum length_unit)t->value;
	q->end = i + 1;
	half = reading_term(r, q->end + 1, TERM_NUMBER);
	if (has_cue(reading_cues(r, q->end), CUE_AND) && half != NULL &&
	    half->value < 0.6 && half->value > 0.4) {
		q->value += half->value;
		q->end += 2;
	}
	return true;
}

/* "two nights a week": the article there says how often, not how long. */
static bool
is_pace_of_things(const struct reading *r, size_t i)
{
	return i >= 2 && has_cue(r->marks[i].cues, CUE_PER) &&
	       r->marks[i - 1].kind == MARK_WORD &&
	       reading_term(r, i - 1, TERM_UNIT) == NULL &&
	       (r->marks[i - 2].kind == MARK_NUMBER ||
		   reading_term(r, i - 2, TERM_NUMBER) != NULL);
}

static bool
read_quantity(const struct reading *r, size_t i, struct quantity *q)
{
	const struct term *before = NULL, *after;
	size_t number = i;

	*q = (struct quantity){ .first = i, .currency = "" };
	if (is_pace_of_things(r, i))
		return false;
	if (reading_term(r, i, TERM_CURRENCY) != NULL) {
		number = i + 1;
		before = number < r->n ? currency_at(r, i, number) : NULL;
		if (before == NULL)
			return false;
	}
	if (!reading_number(r, number, &q->number) ||
	    is_part_of_name(r, number, &q->number))
		return false;
	q->value = q->number.value;
	q->end = q->number.end;
	after = q->end < r->n ? currency_at(r, q->end, q->end) : NULL;
	if (after != NULL && before != NULL &&
	    reading_number(r, q->end + 1, &(struct number){ 0 }))
		after = NULL; /* "$100 $200": the sign of the next */
	if (after != NULL)
		q->end++;
	if (after == NULL && before == NULL && read_unit(r, q))
		return true;
	if (after != NULL || before != NULL || q->number.lakh) {
		q->kind = MONEY;
		q->currency = after != NULL    ? after->id
		              : before != NULL ? before->id
		                               : "INR";
	}
	/* The article is a number before a unit alone: "a week". */
	return q->kind != BARE || q->number.digits || q->number.value >= 2;
}

/* "2 to 4 weeks", "$300-500", "between 2 and 4": whether q and the next are one range. */
static bool
joins_next(const struct reading *r, const struct quantity *q, bool between)
{
	uint64_t cues = reading_cues(r, q->end);

	if (q->end >= r->n)
		return false;
	if (r->marks[q->end].kind == MARK_SIGN)
		return r->marks[q->end].sign == '-';
	if (has_cue(cues, CUE_AND))
		return between;
	return has_cue(cues, CUE_RANGE) && !has_cue(cues, CUE_UNTIL);
}

static double
in_days(double value, enum length_unit unit)
{
	static const double days[] = { 1, 7, 30.4, 365, 182, 91, 14, 2, 0.04 };

	return value * days[unit];
}

static void
take_upper(struct quantity *q, const struct quantity *next)
{
	struct quantity old = *q;
	bool larger;

	*q = *next;
	q->first = old.first;
	if (next->kind == BARE) {
		q->kind = old.kind;
		q->currency = old.currency;
		q->unit = old.unit;
	}
	if (old.kind == MONEY && next->kind == MONEY && next->number.lakh)
		q->currency = strcmp(next->currency, "INR") == 0 ? old.currency
		                                                 : next->currency;
	larger = old.kind == LENGTH && next->kind == LENGTH
	             ? in_days(old.value, old.unit) > in_days(next->value, next->unit)
	             : old.value > next->value &&
	                   old.number.factor == next->number.factor;
	if (larger) {
		q->value = old.value;
		q->unit = old.kind == LENGTH ? old.unit : q->unit;
	}
}

/* Both ends of a range as its upper one. */
static void
read_range(const struct reading *r, struct quantity *q)
{
	bool between = q->first > 0 &&
	               has_cue(reading_cues(r, q->first - 1), CUE_BETWEEN);
	struct quantity next;

	if (!joins_next(r, q, between))
		return;
	if (!read_quantity(r, q->end + 1, &next)) {
		/* "one day or weekend": one of the longer unit. */
		if (q->kind != LENGTH || reading_term(r, q->end + 1, TERM_UNIT) == NULL)
			return;
		next = (struct quantity){ .currency = "",
			.value = 1,
			.end = q->end + 1 };
		if (!read_unit(r, &next))
			return;
	}
	if (q->kind != BARE && next.kind != BARE && q->kind != next.kind)
		return;
	take_upper(q, &next);
}

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
	return has_cue(cues, CUE_PER) && unit != NULL ? (int)unit->value : -1;
}

static void
take_cost(struct reading *r, const struct quantity *q, bool sure)
{
	if (r->cost.found && r->cost.sure && !sure)
		return;
	r->cost.found = true;
	r->cost.sure = sure;
	r->cost.amount = q->value;
	r->cost.currency = q->currency;
	r->cost.mark = (uint16_t)q->first;
}

static bool
is_bare_price(const struct reading *r, const struct quantity *q, uint64_t pre,
    uint64_t post)
{
	bool ends = reading_is_edge(r, q->end) || r->marks[q->end].node != NULL;

	if (q->number.value < BARE_MIN || !ends ||
	    reading_term(r, q->end, TERM_UNIT) != NULL)
		return false;
	if (has_cue(pre, CUE_BUDGET) || q->number.factor)
		return has_cue(pre, CUE_BUDGET) || has_cue(pre, CUE_MAX) ||
		       has_cue(post, CUE_MAX) || has_cue(pre, CUE_CORRECTION);
	if (has_cue(pre, CUE_CORRECTION) || has_cue(pre, CUE_MAX) ||
	    has_cue(post, CUE_MAX))
		return r->before->max_cost >= 0 || has_cue(pre, CUE_MAX) ||
		       has_cue(post, CUE_MAX);
	return false;
}

static void
on_money(struct reading *r, const struct quantity *q, uint64_t pre, uint64_t post)
{
	bool max = has_cue(pre, CUE_MAX) || has_cue(post, CUE_MAX);
	unsigned scope = r->marks[q->first].scope;

	if (has_cue(pre, CUE_SALARY) || has_cue(post, CUE_SALARY) ||
	    pace_at(r, q->end) >= 0)
		return;
	if ((scope & SCOPE_PERSON) != 0 && !has_cue(pre, CUE_BUDGET))
		return;
	if (has_cue(pre, CUE_PAID) && (scope & SCOPE_PERSON) != 0)
		return;
	if (has_cue(pre, CUE_MIN) && !max)
		return;
	take_cost(r, q, max || has_cue(pre, CUE_BUDGET));
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
	bool max = has_cue(pre, CUE_MAX) || has_cue(post, CUE_MAX);

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
	return !max &&
	       (has_cue(pre, CUE_MIN) || has_cue(reading_cues(r, q->end), CUE_MIN));
}

static void
on_length(struct reading *r, const struct quantity *q, uint64_t pre, uint64_t post)
{
	int pace = pace_at(r, q->end);
	bool max = has_cue(pre, CUE_MAX) || has_cue(post, CUE_MAX);
	double value;
	enum wish_unit unit;

	if (q->unit == UNIT_HOURS || pace >= 0) {
		if (q->unit == UNIT_HOURS)
			on_hours(r, q, pace);
		return;
	}
	if (is_other_time(r, q, pre, post) || !to_wish_unit(q, &value, &unit))
		return;
	if (r->length.found && r->length.sure && !max)
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

	if (q->kind == BARE && is_bare_price(r, q, pre, post)) {
		q->kind = MONEY;
		q->currency = "";
	}
	if (q->kind == MONEY)
		on_money(r, q, pre, post);
	else if (q->kind == LENGTH)
		on_length(r, q, pre, post);
	for (size_t i = q->first; i < q->end && q->kind != BARE; i++)
		r->marks[i].used = true;
	use_pace(r, q->end);
}

/* "free": counts when no amount does. */
static void
read_free(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct mark *m = &r->marks[i];

		if (reading_term(r, i, TERM_FREE) == NULL || m->used || r->cost.found ||
		    has_cue(m->cues, CUE_NEUTRAL) ||
		    (m->scope & (SCOPE_PERSON | SCOPE_NOT)) != 0)
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
		if (r->marks[i].used || !read_quantity(r, i, &q))
			continue;
		read_range(r, &q);
		on_quantity(r, &q, limit);
		i = q.end - 1;
		if (q.kind != BARE)
			limit = q.end;
	}
	read_free(r);
}
