/*
 * wish_apply.c - from what a message names to the wish: what replaces what, what is taken
 * back, what is compared with before, and which words are left to search for.
 */
#include <math.h>
#include <string.h>

#include "bot/catalog/reading_priv.h"
#include "credbot/catalog/wish_map.h"

/* "germany, no wait, france": what was said before a correction goes, if its slot is filled
 * again behind it. */
static void
drop_corrected(struct reading *r)
{
	for (size_t c = 1; c < r->n; c++) {
		if (!has_cue(r->marks[c].cues, CUE_CORRECTION))
			continue;
		for (size_t i = 0; i < r->n_mentions; i++) {
			struct mention *m = &r->mentions[i];

			for (size_t k = i + 1; k < r->n_mentions && m->mark < c; k++)
				if (r->mentions[k].slot == m->slot &&
				    r->mentions[k].mark > c && !r->mentions[k].avoid)
					m->id = NULL;
		}
	}
}

/* Fields that she has no experience in count if she names no other. */
static void
drop_weak(struct reading *r)
{
	bool strong = false;

	for (size_t i = 0; i < r->n_mentions; i++)
		strong = strong ||
		         (r->mentions[i].slot == WISH_FIELD && !r->mentions[i].weak &&
			     r->mentions[i].id != NULL);
	for (size_t i = 0; i < r->n_mentions && strong; i++)
		if (r->mentions[i].weak)
			r->mentions[i].id = NULL;
}

static bool
is_above(enum wish_slot slot, const char *a, const char *b)
{
	if (slot == WISH_FIELD)
		return wish_field_is_above(a, b);
	return slot == WISH_DESTINATION && wish_destination_is_above(a, b);
}

/* Of "healthcare, nursing" the most special stays. */
static void
drop_general(struct reading *r)
{
	for (size_t i = 0; i < r->n_mentions; i++) {
		struct mention *a = &r->mentions[i];

		for (size_t k = 0; k < r->n_mentions && a->id != NULL; k++) {
			const struct mention *b = &r->mentions[k];

			if (b->id != NULL && b->slot == a->slot &&
			    b->avoid == a->avoid &&
			    is_above((enum wish_slot)a->slot, a->id, b->id))
				a->id = NULL;
		}
	}
}

static bool
wants_any(const struct reading *r, enum wish_slot slot)
{
	for (size_t i = 0; i < r->n_mentions; i++)
		if (r->mentions[i].id != NULL && r->mentions[i].slot == slot &&
		    !r->mentions[i].avoid && !r->mentions[i].drop)
			return true;
	return false;
}

static bool
wants(const struct reading *r, const struct mention *m)
{
	for (size_t i = 0; i < r->n_mentions; i++)
		if (r->mentions[i].id != NULL && r->mentions[i].slot == m->slot &&
		    !r->mentions[i].avoid && !r->mentions[i].drop &&
		    strcmp(r->mentions[i].id, m->id) == 0)
			return true;
	return false;
}

static unsigned
apply_mentions(const struct reading *r, struct wish *w)
{
	unsigned said = 0;

	for (int s = 0; s < WISH_SLOTS; s++)
		if (!r->adds && wants_any(r, (enum wish_slot)s))
			memset(&w->want[s], 0, sizeof(w->want[s]));
	for (size_t i = 0; i < r->n_mentions; i++) {
		const struct mention *m = &r->mentions[i];

		if (m->id == NULL || (m->avoid && wants(r, m)))
			continue;
		if (m->drop) {
			if (wish_values_remove(&w->want[m->slot], m->id))
				said |= 1U << m->slot;
			continue;
		}
		said |= 1U << m->slot;
		(void)wish_values_remove(&(m->avoid ? w->want : w->avoid)[m->slot],
		    m->id);
		if (!wish_values_add(&(m->avoid ? w->avoid : w->want)[m->slot], m->id))
			(void)wish_list_add(w->words, str_of(m->id));
	}
	return said;
}

/* "any country is fine", "forget the budget" */
static unsigned
apply_clears(const struct reading *r, struct wish *w)
{
	unsigned said = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct term *t = reading_term(r, i, TERM_CLEAR);

		if (t == NULL ||
		    (r->marks[i].scope & (SCOPE_PERSON | SCOPE_ASKED)) != 0)
			continue;
		said |= 1U << (unsigned)t->value;
		wish_forget(w, (enum wish_part)t->value);
		if (t->value == WISH_PART_COST)
			wish_forget(w, WISH_PART_MONTHLY);
		if (t->value == WISH_FIELD)
			w->words[0] = '\0';
	}
	return said;
}

/* An amount in minor units, with its currency; "actually 800" is in the currency of before. */
static int64_t
set_amount(double amount, const char *said, char currency[4])
{
	if (said[0] != '\0' || amount <= 0)
		memset(currency, 0, 4);
	if (said[0] != '\0' && amount > 0)
		memcpy(currency, said, 3);
	return (int64_t)llround(amount * pow(10, wish_currency_digits(currency)));
}

static unsigned
apply_limits(const struct reading *r, struct wish *w)
{
	unsigned said = 0;

	if (r->cost.found) {
		said |= 1U << WISH_PART_COST;
		w->max_cost = set_amount(r->cost.amount, r->cost.currency, w->currency);
	}
	if (r->monthly.found) {
		said |= 1U << WISH_PART_MONTHLY;
		w->max_monthly = set_amount(r->monthly.amount, r->monthly.currency,
		    w->monthly_currency);
	}
	if (r->length.found) {
		said |= 1U << WISH_PART_DURATION;
		w->max_duration = r->length.value;
		w->duration_unit = r->length.unit;
	}
	if (r->hours >= 0) {
		said |= 1U << WISH_PART_HOURS;
		w->max_weekly_hours = r->hours;
	}
	if (r->start[0] != '\0') {
		said |= 1U << WISH_PART_START;
		memcpy(w->start, r->start, sizeof(w->start));
	}
	return said;
}

/* "cheaper": three quarters of the earlier limit; "longer": half as much again. There is no
 * right number, but the next results must differ, and the bot says which limit it took. */
static void
compare(struct wish *w, enum wish_than than)
{
	int64_t *cost = w->max_cost < 0 ? &w->max_monthly : &w->max_cost;
	double d = w->max_duration;

	if (than == WISH_CHEAPER && *cost > 0)
		*cost = *cost * 3 / 4;
	if (than == WISH_DEARER && *cost >= 0)
		*cost += *cost / 2;
	if (d < 0 || (than != WISH_SHORTER && than != WISH_LONGER))
		return;
	if (than == WISH_SHORTER && d < 1.5 && w->duration_unit != WISH_DAYS) {
		w->duration_unit--; /* three weeks of a month, five days of a week */
		d *= w->duration_unit == WISH_WEEKS ? 4 : 7;
	}
	d *= than == WISH_SHORTER ? 0.75 : 1.5;
	w->max_duration = than == WISH_SHORTER ? fmax(1, floor(d)) : ceil(d);
}

static unsigned
apply_comparisons(const struct reading *r, struct wish *w, unsigned said)
{
	unsigned than = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct term *t = reading_term(r, i, TERM_THAN);
		bool cost;

		if (t == NULL || r->marks[i].used ||
		    (r->marks[i].scope & (OTHERS | SCOPE_NOT)) != 0)
			continue;
		cost = t->value < WISH_SHORTER;
		if ((than & (unsigned)t->value) != 0 ||
		    (said & 1U << (cost ? WISH_PART_COST : WISH_PART_DURATION)) != 0)
			continue; /* "something shorter, like 2 weeks" */
		than |= (unsigned)t->value;
		compare(w, (enum wish_than)t->value);
	}
	return than;
}

static bool
set_flag(struct wish *w, enum wish_flag flag, bool on)
{
	bool *const flags[] = {
		[FLAG_STACKABLE] = &w->stackable,
		[FLAG_ACCREDITED] = &w->accredited,
		[FLAG_KNOWN_PRICE] = &w->known_price,
		[FLAG_DEADLINE_OPEN] = &w->deadline_open,
		[FLAG_UNKNOWN_PRICE] = &w->known_price,
	};
	bool changed;

	on = on != (flag == FLAG_UNKNOWN_PRICE);
	changed = *flags[flag] != on;
	*flags[flag] = on;
	return changed;
}

/* Flags, and wishes that no column can hold. */
static bool
apply_extras(const struct reading *r, struct wish *w)
{
	bool any = false;

	for (size_t i = 0; i < r->n; i++) {
		unsigned scope = r->marks[i].scope;
		const struct term *t;

		if (r->marks[i].used || (scope & OTHERS) != 0)
			continue;
		t = reading_term(r, i, TERM_FLAG);
		if (t != NULL)
			any |= set_flag(w, (enum wish_flag)t->value,
			    (scope & (SCOPE_NOT | SCOPE_NEED_NOT)) == 0);
		t = reading_term(r, i, TERM_UNMET);
		if (t != NULL && (scope & (SCOPE_NOT | SCOPE_RECOGNISED)) == 0)
			any |= wish_list_add(w->unmet, str_of(t->id));
	}
	return any;
}

/* --- words to search for */

/* What a word to search for stands behind: "learn", "course on", "something with". */
#define BEFORE_WORDS                                                                   \
	(CUE_BIT(CUE_WANT) | CUE_BIT(CUE_LEARN) | CUE_BIT(CUE_COURSE) |                \
	    CUE_BIT(CUE_TAUGHT) | CUE_BIT(CUE_TO) | CUE_BIT(CUE_ABOUT) |               \
	    CUE_BIT(CUE_WHEN) | CUE_BIT(CUE_AND) | CUE_BIT(CUE_OR) |                   \
	    CUE_BIT(CUE_START))

static bool
is_left_over(const struct reading *r, size_t i)
{
	const struct mark *m = i < r->n ? &r->marks[i] : NULL;

	return m != NULL && m->kind == MARK_WORD && m->node == NULL && !m->used &&
	       !reading_is_common(r, i) && reading_text(r, i).len >= 3 &&
	       (m->scope & (OTHERS | SCOPE_HOME | SCOPE_NOT | SCOPE_SPEAK |
			       SCOPE_RECOGNISED)) == 0;
}

static bool
is_searched(const struct reading *r, size_t first, size_t end)
{
	if ((reading_cues(r, end) & (CUE_BIT(CUE_COURSE) | CUE_BIT(CUE_SCHOOL))) != 0)
		return true;
	if (first == 0 || r->marks[first - 1].kind == MARK_SIGN)
		return reading_is_edge(r, end) || reading_slot(r, end) != TERM_KINDS;
	return (r->marks[first - 1].cues & BEFORE_WORDS) != 0 ||
	       reading_slot(r, first - 1) == (enum term_kind)WISH_TYPE;
}

static bool
add_words(const struct reading *r, size_t first, size_t end, struct wish *w)
{
	char text[WISH_WORDS_MAX];
	size_t n = 0;

	for (size_t i = first; i < end; i++) {
		struct str s = reading_text(r, i);

		if (n + s.len + 2 > sizeof(text))
			return false;
		if (n > 0)
			text[n++] = ' ';
		memcpy(text + n, s.p, s.len);
		n += s.len;
	}
	return wish_list_add(w->words, str_n(text, n));
}

static bool
apply_words(const struct reading *r, struct wish *w)
{
	bool any = false;
	size_t end;

	if (!r->adds && wants_any(r, WISH_FIELD))
		w->words[0] = '\0'; /* of another subject */
	for (size_t i = 0; i < r->n; i = end) {
		end = i + 1;
		if (r->marks[i].kind == MARK_QUOTE &&
		    memchr(reading_text(r, i).p, ';', reading_text(r, i).len) == NULL)
			any |= wish_list_add(w->words, reading_text(r, i));
		if (!is_left_over(r, i))
			continue;
		while (is_left_over(r, end))
			end++;
		if (is_searched(r, i, end))
			any |= add_words(r, i, end, w);
	}
	return any;
}

bool
reading_apply(struct reading *r, struct wish *w, struct wish_changes *c)
{
	drop_corrected(r);
	drop_weak(r);
	drop_general(r);
	c->said = apply_clears(r, w);
	c->said |= apply_mentions(r, w);
	c->said |= apply_limits(r, w);
	c->than = apply_comparisons(r, w, c->said);
	c->words = apply_words(r, w);
	c->extras = apply_extras(r, w);
	return c->said != 0 || c->than != 0 || c->words || c->extras;
}
