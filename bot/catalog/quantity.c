/*
 * quantity.c - a number with what stands beside it: money, a length of time, or neither; both
 * ends of a range as one.
 */
#include <string.h>

#include "bot/catalog/reading_priv.h"

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
	q->kind = QUANTITY_LENGTH;
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

/* "500-ish", "500ish": what is glued to the number and only says that it is a guess. */
static void
skip_ish(const struct reading *r, struct number *n)
{
	size_t i = n->end;

	if (i < r->n && r->marks[i].sign == '-')
		i++;
	if (i < r->n && r->tokens.v[r->marks[i].tok].glued && n->digits &&
	    has_cue(r->marks[i].cues, CUE_ABOUT))
		n->end = i + 1;
}

bool
reading_quantity(const struct reading *r, size_t i, struct quantity *q)
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
	if (!reading_number(r, number, &q->number))
		return false;
	skip_ish(r, &q->number);
	if (is_part_of_name(r, number, &q->number))
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
		q->kind = QUANTITY_MONEY;
		q->currency = after != NULL    ? after->id
		              : before != NULL ? before->id
		                               : "INR";
	}
	/* The article is a number before a unit alone: "a week". */
	return q->kind != QUANTITY_BARE || q->number.digits || q->number.value >= 2;
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
	if (next->kind == QUANTITY_BARE) {
		q->kind = old.kind;
		q->currency = old.currency;
		q->unit = old.unit;
	}
	if (old.kind == QUANTITY_MONEY && next->kind == QUANTITY_MONEY &&
	    next->number.lakh)
		q->currency = strcmp(next->currency, "INR") == 0 ? old.currency
		                                                 : next->currency;
	larger = old.kind == QUANTITY_LENGTH && next->kind == QUANTITY_LENGTH
	             ? in_days(old.value, old.unit) > in_days(next->value, next->unit)
	             : old.value > next->value &&
	                   old.number.factor == next->number.factor;
	if (larger) {
		q->value = old.value;
		q->unit = old.kind == QUANTITY_LENGTH ? old.unit : q->unit;
	}
}

/* Both ends of a range as its upper one. */
void
reading_range(const struct reading *r, struct quantity *q)
{
	bool between = q->first > 0 &&
	               has_cue(reading_cues(r, q->first - 1), CUE_BETWEEN);
	struct quantity next;

	if (!joins_next(r, q, between))
		return;
	if (!reading_quantity(r, q->end + 1, &next)) {
		/* "one day or weekend": one of the longer unit. */
		if (q->kind != QUANTITY_LENGTH ||
		    reading_term(r, q->end + 1, TERM_UNIT) == NULL)
			return;
		next = (struct quantity){ .currency = "",
			.value = 1,
			.end = q->end + 1 };
		if (!read_unit(r, &next))
			return;
	}
	if (q->kind != QUANTITY_BARE && next.kind != QUANTITY_BARE &&
	    q->kind != next.kind)
		return;
	take_upper(q, &next);
}
