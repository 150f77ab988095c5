/*
 * semester_weeks.c - the weeks of a plan: hours, room, and how many programs at once.
 */
#include "bot/catalog/semester_priv.h"

/* 1970-01-01 was a Thursday. */
int32_t
semester_monday(int32_t day)
{
	return day - ((day + 3) % 7 + 7) % 7;
}

static int
days_within(int32_t from, int32_t to, int32_t monday)
{
	int32_t a = from == DAY_UNKNOWN || from < monday ? monday : from;
	int32_t b = to == DAY_UNKNOWN || to > monday + 6 ? monday + 6 : to;

	return a > b ? 0 : b - a + 1;
}

double
semester_room(const struct semester_query *q, int32_t monday)
{
	double room = q->weekly_hours;

	if (room < 0)
		return NUMBER_UNKNOWN;
	for (size_t i = 0; i < q->n_busy; i++) {
		const struct semester_busy *b = &q->busy[i];

		room -= b->weekly * days_within(b->from, b->to, monday) / 7;
	}
	return room > 0 ? room : 0;
}

double
semester_daily(const struct semester_item *i)
{
	if (i->load.hours >= 0)
		return i->load.hours / ((double)i->last - i->start + 1);
	return i->load.weekly >= 0 ? i->load.weekly / 7 : NUMBER_UNKNOWN;
}

int
semester_days_in(const struct semester_item *i, int32_t monday)
{
	return i->start == DAY_UNKNOWN ? 0 : days_within(i->start, i->last, monday);
}

static void
fill_week(const struct semester_query *q, const struct semester_plan *p,
    struct semester_week *w)
{
	w->room = semester_room(q, w->monday);
	for (size_t k = 0; k < p->n; k++) {
		const struct semester_item *i = &p->items[k];
		int days = semester_days_in(i, w->monday);

		if (days == 0)
			continue;
		if (semester_daily(i) < 0)
			w->unknown++;
		else
			w->hours += semester_daily(i) * days;
	}
	for (int32_t day = w->monday; day < w->monday + 7; day++) {
		size_t n = 0;

		for (size_t k = 0; k < p->n; k++)
			n += p->items[k].start != DAY_UNKNOWN &&
			     p->items[k].start <= day && day <= p->items[k].last;
		w->at_once = n > w->at_once ? n : w->at_once;
	}
	w->overload = w->room >= 0 && w->hours > w->room + SEMESTER_HAIR;
	w->too_many = w->at_once > q->at_once;
}

static bool
lies_in_term(const struct semester_query *q, const struct semester_plan *p)
{
	return p->placed == p->n &&
	       (q->term_from == DAY_UNKNOWN || p->first == DAY_UNKNOWN ||
		   p->first >= q->term_from) &&
	       (q->term_to == DAY_UNKNOWN || p->last <= q->term_to);
}

static void
add_items(struct semester_plan *p)
{
	p->first = p->last = DAY_UNKNOWN;
	for (size_t k = 0; k < p->n; k++) {
		const struct semester_item *i = &p->items[k];

		if (i->trouble != SEMESTER_FINE)
			continue;
		p->placed++;
		if (i->load.hours >= 0)
			p->hours += i->load.hours;
		else
			p->hours_unknown++;
		if (p->first == DAY_UNKNOWN || i->start < p->first)
			p->first = i->start;
		if (i->last > p->last)
			p->last = i->last;
	}
}

void
semester_add_up(struct arena *a, const struct semester_query *q,
    struct semester_plan *p)
{
	int32_t monday;

	add_items(p);
	p->in_term = lies_in_term(q, p);
	if (p->first == DAY_UNKNOWN)
		return;
	monday = semester_monday(p->first);
	p->n_weeks = (size_t)(semester_monday(p->last) - monday) / 7 + 1;
	if (p->n_weeks > SEMESTER_WEEKS_MAX) {
		p->n_weeks = SEMESTER_WEEKS_MAX;
		p->cut = true;
	}
	p->weeks = arena_zalloc(a, p->n_weeks, sizeof(*p->weeks));
	for (size_t i = 0; i < p->n_weeks; i++) {
		struct semester_week *w = &p->weeks[i];

		w->monday = monday + (int32_t)i * 7;
		fill_week(q, p, w);
		p->overloaded += w->overload;
		p->crowded += w->too_many;
	}
}
