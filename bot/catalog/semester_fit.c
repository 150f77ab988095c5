/*
 * semester_fit.c - what would fit: each program in turn at the first start that leaves no week
 * overloaded and no day with too many, in several orders; the best of these.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/semester_priv.h"

#define STARTS_MAX 64
/* At her own pace a program gets at least this share of what room there is: with less, it
 * would rather wait. */
#define FAIR_SHARE 0.5

struct table {
	const struct semester_query *q;
	int32_t monday; /* of day 0 */
	uint8_t n[SEMESTER_DAYS_MAX];
	bool alone[SEMESTER_DAYS_MAX]; /* its hours are unknown: nothing beside it */
	double hours[SEMESTER_WEEKS_MAX];
	double room[SEMESTER_WEEKS_MAX]; /* NUMBER_UNKNOWN: hers are not known */
};

static void
table_init(struct table *t, const struct semester_query *q)
{
	memset(t, 0, sizeof(*t));
	t->q = q;
	t->monday = semester_monday(q->start);
	for (size_t w = 0; w < SEMESTER_WEEKS_MAX; w++)
		t->room[w] = semester_room(q, t->monday + (int32_t)w * 7);
}

static size_t
week_of(const struct table *t, int32_t day)
{
	return (size_t)(day - t->monday) / 7;
}

/* The weeks that an item is in: from *w up to the returned one. */
static size_t
weeks_of(const struct table *t, const struct semester_item *i, size_t *w)
{
	*w = week_of(t, i->start);
	return week_of(t, i->last) + 1;
}

static double
share(const struct table *t, const struct semester_item *i, size_t week)
{
	double daily = semester_daily(i);

	return daily < 0 ? 0
	                 : daily * semester_days_in(i, t->monday + (int32_t)week * 7);
}

static bool
has_days(const struct table *t, const struct semester_item *i)
{
	bool known = semester_daily(i) >= 0;

	if (i->start < t->monday || i->last - t->monday >= SEMESTER_DAYS_MAX)
		return false;
	for (int32_t day = i->start; day <= i->last; day++) {
		size_t d = (size_t)(day - t->monday);

		if (t->n[d] >= t->q->at_once || t->alone[d] || (!known && t->n[d] > 0))
			return false;
	}
	return true;
}

static bool
has_hours(const struct table *t, const struct semester_item *i)
{
	size_t w, end = weeks_of(t, i, &w);

	for (; w < end; w++)
		if (t->room[w] >= 0 &&
		    t->hours[w] + share(t, i, w) > t->room[w] + SEMESTER_HAIR)
			return false;
	return true;
}

static void
take(struct table *t, const struct semester_item *i)
{
	size_t w, end = weeks_of(t, i, &w);

	for (; w < end; w++)
		t->hours[w] += share(t, i, w);
	for (int32_t day = i->start; day <= i->last; day++) {
		size_t d = (size_t)(day - t->monday);

		t->n[d]++;
		t->alone[d] = t->alone[d] || semester_daily(i) < 0;
	}
}

/* --- one start */

static bool
fits_as_it_is(const struct table *t, const struct semester_start *s,
    struct semester_item *i)
{
	return semester_place(i, s) && has_days(t, i) && has_hours(t, i);
}

/* With the hours that are left in the week of its start, so that it takes longer. */
static bool
fits_slower(const struct table *t, const struct semester_start *s,
    struct semester_item *i)
{
	size_t w = week_of(t, s->day);
	double left, usual = i->load.days > 0 ? i->load.days : 0;

	if (s->days >= 0 || i->load.hours <= 0 || w >= SEMESTER_WEEKS_MAX ||
	    (i->load.days >= 0 && i->program->pace != PACE_SELF_PACED))
		return false;
	left = t->room[w] - t->hours[w];
	if (t->room[w] <= 0 || left < t->room[w] * FAIR_SHARE)
		return false;
	i->load.days = i->load.hours / left * 7;
	if (i->load.days < usual)
		return false;
	i->load.min_days = i->load.days;
	i->load.weekly = left;
	i->own_pace = true;
	return fits_as_it_is(t, s, i);
}

static bool
fits_at(const struct table *t, const struct semester_start *s, struct semester_item *i)
{
	const struct semester_item was = *i;

	if (fits_as_it_is(t, s, i))
		return true;
	*i = was;
	if (fits_slower(t, s, i))
		return true;
	*i = was;
	return false;
}

/* --- one item */

/* From a day on, then from each Monday: as far as the table goes. */
static bool
fits_from(const struct table *t, struct semester_start s, struct semester_item *i)
{
	int32_t end = t->monday + SEMESTER_DAYS_MAX;

	while (s.day < end) {
		if (fits_at(t, &s, i))
			return true;
		s.day = semester_monday(s.day) + 7;
	}
	return false;
}

/* Would it ever fit, were it alone? */
static bool
is_too_heavy(const struct table *t, const struct semester_item *i)
{
	double most = 0, weekly = i->load.weekly;

	if (i->load.hours >= 0 && i->load.days > 0)
		weekly = i->load.days < 7 ? i->load.hours
		                          : i->load.hours / i->load.days * 7;
	if (t->room[0] < 0)
		return false;
	for (size_t w = 0; w < SEMESTER_WEEKS_MAX; w++)
		most = t->room[w] > most ? t->room[w] : most;
	return weekly > most + SEMESTER_HAIR;
}

/* Finds a place, not before a day. */
static void
place_one(struct table *t, const struct semester_wish *w, int32_t earliest,
    struct semester_item *i)
{
	struct semester_start starts[STARTS_MAX];
	size_t n = semester_starts(w->program, t->q, earliest, starts, STARTS_MAX);

	for (size_t k = 0; k < n; k++) {
		bool any = starts[k].begin != SEMESTER_RUN;

		if (starts[k].begin == SEMESTER_ANY_DAY && w->start != DAY_UNKNOWN)
			starts[k].begin = SEMESTER_HERS;
		if (any ? fits_from(t, starts[k], i) : fits_at(t, &starts[k], i)) {
			take(t, i);
			return;
		}
	}
	/* A run that is there, but before what it requires has ended, is no room. */
	if (semester_starts(w->program, t->q, semester_earliest(t->q, w), starts, 1) ==
	    0)
		i->trouble = SEMESTER_NO_START;
	else if (i->load.days < 0 && (i->load.hours < 0 || t->room[0] < 0))
		i->trouble = SEMESTER_NO_LENGTH;
	else
		i->trouble = is_too_heavy(t, i) ? SEMESTER_TOO_HEAVY : SEMESTER_NO_ROOM;
}

/* The day after all that it requires; DAY_UNKNOWN: one of these has no place. */
static int32_t
after_required(const struct semester_plan *p, size_t i, int32_t earliest, bool *decided,
    const bool *done)
{
	size_t need[SEMESTER_PROGRAMS_MAX];
	size_t n = semester_required(p->items, p->n, i, need);

	*decided = true;
	for (size_t k = 0; k < n; k++) {
		const struct semester_item *r = &p->items[need[k]];

		*decided = *decided && done[need[k]];
		if (!done[need[k]])
			continue;
		if (r->trouble != SEMESTER_FINE)
			return DAY_UNKNOWN;
		if (r->last >= earliest)
			earliest = r->last + 1;
	}
	return earliest;
}

/* The next of the order whose turn it is; false: all are done, or wait for each other. */
static bool
place_next(struct table *t, const struct semester_wish *wishes, const size_t *order,
    struct semester_plan *p, bool *done)
{
	for (size_t k = 0; k < p->n; k++) {
		size_t i = order[k];
		int32_t from = DAY_UNKNOWN;
		bool decided;

		if (done[i])
			continue;
		from = after_required(p, i, semester_earliest(t->q, &wishes[i]),
		    &decided, done);
		if (!decided)
			continue;
		if (from == DAY_UNKNOWN)
			p->items[i].trouble = SEMESTER_WAITS;
		else
			place_one(t, &wishes[i], from, &p->items[i]);
		done[i] = true;
		return true;
	}
	return false;
}

static void
place_all(struct arena *a, const struct semester_query *q,
    const struct semester_wish *wishes, const size_t *order, struct semester_plan *p)
{
	struct table *t = arena_alloc(a, sizeof(*t));
	bool done[SEMESTER_PROGRAMS_MAX] = { false };

	table_init(t, q);
	p->items = arena_zalloc(a, p->n + 1, sizeof(*p->items));
	for (size_t i = 0; i < p->n; i++)
		semester_item_init(q, &wishes[i], &p->items[i]);
	while (place_next(t, wishes, order, p, done))
		;
	for (size_t i = 0; i < p->n; i++)
		if (!done[i])
			p->items[i].trouble = SEMESTER_WAITS;
	semester_add_up(a, q, p);
}

/* --- several orders */

enum order { AS_GIVEN, BY_START, LAST_CHANCE, LONGEST_FIRST, ORDERS };

/* The last day that it can begin on: what cannot wait comes before what can. */
static double
last_chance(const struct semester_query *q, const struct semester_item *i)
{
	struct semester_start starts[STARTS_MAX];
	size_t n = semester_starts(i->program, q, q->start, starts, STARTS_MAX);
	double last = 0;

	for (size_t k = 0; k < n; k++) {
		double day = starts[k].begin == SEMESTER_RUN ? starts[k].day
		                                             : INT32_MAX;

		last = day > last ? day : last;
	}
	return last;
}

/* What an item comes by in an order: the lowest first. */
static double
key_of(const struct semester_query *q, const struct semester_item *asked, enum order by)
{
	if (by == BY_START)
		return asked->begin == SEMESTER_RUN ? asked->start : INT32_MAX;
	if (by == LAST_CHANCE)
		return last_chance(q, asked);
	return by == LONGEST_FIRST ? -asked->load.days : 0;
}

static void
sort(const struct semester_query *q, const struct semester_plan *asked, enum order by,
    size_t *order)
{
	double key[SEMESTER_PROGRAMS_MAX];

	for (size_t i = 0; i < asked->n; i++) {
		size_t at = i;

		key[i] = key_of(q, &asked->items[i], by);
		for (; at > 0 && key[order[at - 1]] > key[i]; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}

static bool
is_better(const struct semester_plan *a, const struct semester_plan *b)
{
	if (a->placed != b->placed)
		return a->placed > b->placed;
	if (a->in_term != b->in_term)
		return a->in_term;
	return a->last < b->last;
}

static void
mark_moved(const struct semester_plan *asked, struct semester_plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct semester_item *was = &asked->items[i];
		struct semester_item *is = &p->items[i];

		is->moved = is->trouble == SEMESTER_FINE &&
		            was->trouble == SEMESTER_FINE &&
		            (is->start != was->start || is->last != was->last);
	}
}

enum rc
semester_fit(struct arena *a, const struct semester_query *q,
    const struct semester_wish *wishes, size_t n, struct semester_plan *out)
{
	size_t order[SEMESTER_PROGRAMS_MAX] = { 0 };
	struct semester_plan asked;
	enum rc rc = semester_ask(a, q, wishes, n, &asked);

	*out = asked;
	/* Nothing needs to be moved; a search in a few orders might not find that. */
	if (rc != RC_OK || (semester_is_easy(&asked) && asked.hours_unknown == 0))
		return rc;
	for (int by = 0; by < ORDERS; by++) {
		struct semester_plan p = { .n = n };

		sort(q, &asked, (enum order)by, order);
		place_all(a, q, wishes, order, &p);
		if (by == 0 || is_better(&p, out))
			*out = p;
	}
	mark_moved(&asked, out);
	return out->placed == n ? RC_OK : RC_NOTFOUND;
}
