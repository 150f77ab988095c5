/*
 * when.c - when a program shall start: months, days, seasons, "as soon as possible".
 */
#include <stdio.h>
#include <string.h>

#include "bot/catalog/reading_priv.h"

#define YEAR_MIN 2020
#define YEAR_MAX 2099

struct date {
	int year, month, day; /* 0: not said */
	size_t first, end;    /* marks */
};

/* Digits alone, up to four; -1: something else. */
static int
int_at(const struct reading *r, size_t i)
{
	int64_t v;

	if (i >= r->n || r->marks[i].kind != MARK_NUMBER || r->marks[i].used ||
	    str_to_int(reading_text(r, i), 0, YEAR_MAX, &v) != RC_OK)
		return -1;
	return (int)v;
}

static bool
is_year(int v)
{
	return v >= YEAR_MIN && v <= YEAR_MAX;
}

/* A day of the month: its number, and not that of weeks or euros. *end is behind "th". */
static int
day_at(const struct reading *r, size_t i, size_t *end)
{
	int v = int_at(r, i);

	*end = i + 1;
	if (v < 1 || v > 31)
		return 0;
	if (i + 1 < r->n && r->marks[i + 1].kind == MARK_WORD) {
		if (r->tokens.v[r->marks[i + 1].tok].glued &&
		    reading_text(r, i + 1).len == 2)
			*end = i + 2;
		else if (reading_term(r, i + 1, TERM_UNIT) != NULL ||
			 reading_term(r, i + 1, TERM_CURRENCY) != NULL ||
			 reading_term(r, i + 1, TERM_FACTOR) != NULL)
			return 0;
	}
	return v;
}

/* The day before the month at i: "15 august", "15th of august". */
static void
read_day_before(const struct reading *r, size_t i, struct date *d)
{
	for (size_t back = 1; back <= 3 && back <= i; back++) {
		size_t end;
		int day = day_at(r, i - back, &end);

		if (day > 0 &&
		    (end == i || (end + 1 == i && r->marks[end].node == NULL))) {
			d->day = day;
			d->first = i - back;
			return;
		}
	}
}

/* Month names; "may" needs a sign that it is one. */
static bool
read_month(const struct reading *r, size_t i, struct date *d)
{
	const struct term *t = reading_term(r, i, TERM_MONTH);
	size_t end;
	int v;

	if (t == NULL)
		return false;
	*d = (struct date){ .month = (int)t->value, .first = i, .end = i + 1 };
	read_day_before(r, i, d);
	v = day_at(r, i + 1, &end);
	if (d->day == 0 && v > 0) {
		d->day = v;
		d->end = end;
	}
	v = int_at(r, d->end + (d->end < r->n && r->marks[d->end].sign == ',' ? 1 : 0));
	if (is_year(v)) {
		d->year = v;
		d->end += d->end < r->n && r->marks[d->end].sign == ',' ? 2 : 1;
	}
	return true;
}

/* 2027-03, 2027/3/15, 03/2027, 1/9/2027 */
static bool
read_parts(const struct reading *r, size_t i, struct date *d)
{
	int v[3], n = 0;
	size_t end = i;

	while (n < 3 && (v[n] = int_at(r, end)) >= 0) {
		n++;
		if (n == 3 || end + 1 >= r->n ||
		    (r->marks[end + 1].sign != '-' && r->marks[end + 1].sign != '/'))
			break;
		end += 2;
	}
	*d = (struct date){ .first = i, .end = end + 1 };
	if (n >= 2 && is_year(v[0]) && v[1] >= 1 && v[1] <= 12) {
		d->year = v[0];
		d->month = v[1];
	} else if (n == 2 && is_year(v[1]) && v[0] >= 1 && v[0] <= 12) {
		d->year = v[1];
		d->month = v[0];
	} else if (n == 3 && is_year(v[2]) && v[0] >= 1 && v[0] <= 31 && v[1] >= 1) {
		d->year = v[2];
		d->month = v[1] <= 12 ? v[1]
		                      : v[0]; /* 9/15/2027 is written in the US */
	}
	return d->month >= 1 && d->month <= 12;
}

/* 01.09.2027, as one number */
static bool
read_dotted(const struct reading *r, size_t i, struct date *d)
{
	struct str rest;
	int64_t v[3];
	int n = 0;

	if (i >= r->n || r->marks[i].kind != MARK_NUMBER)
		return false;
	rest = reading_text(r, i);
	for (; rest.p != NULL && n < 3; n++)
		if (str_to_int(str_cut(&rest, '.'), 0, YEAR_MAX, &v[n]) != RC_OK)
			return false;
	*d = (struct date){ .first = i, .end = i + 1 };
	if (rest.p != NULL || n < 2 || !is_year((int)v[n - 1]) || v[n - 2] < 1 ||
	    v[n - 2] > 12)
		return false;
	d->year = (int)v[n - 1];
	d->month = (int)v[n - 2];
	return true;
}

/* Whether what stands before says that this is no start: a deadline, or somebody's past. */
static bool
is_no_start(const struct reading *r, size_t first)
{
	const unsigned others = SCOPE_PERSON | SCOPE_HOME | SCOPE_BACKGROUND |
	                        SCOPE_NOT | SCOPE_ASKED;
	uint64_t cues = first > 0 ? reading_cues(r, first - 1) : 0;

	if (has_cue(cues, CUE_START))
		return false;
	return has_cue(cues, CUE_UNTIL) || has_cue(cues, CUE_AFTER) ||
	       has_cue(cues, CUE_PAST) || (r->marks[first].scope & others) != 0;
}

/* An ordinary word ("may", "fall") is a time where the words around it say so. */
static bool
is_meant(const struct reading *r, size_t i, const struct date *d)
{
	uint64_t cues = i > 0 ? reading_cues(r, i - 1) : 0;

	if (i > 1 && reading_is_common(r, i - 1)) /* "in the fall" */
		cues |= reading_cues(r, i - 2);
	if (!reading_is_common(r, i) || d->day > 0 || d->year > 0)
		return true;
	if (has_cue(cues, CUE_START) || has_cue(cues, CUE_WHEN) ||
	    has_cue(cues, CUE_BETWEEN) ||
	    (i > 0 && reading_term(r, i - 1, TERM_MONTH) != NULL))
		return true;
	return reading_is_edge(r, i + 1) && (i == 0 || reading_is_edge(r, i - 1));
}

static void
set_date(struct reading *r, const struct date *d)
{
	if (d->year > 0)
		snprintf(r->start, sizeof(r->start), "%04d-%02d", d->year % 10000,
		    d->month % 100);
	else if (d->day > 0)
		snprintf(r->start, sizeof(r->start), "--%02d-%02d", d->month % 100,
		    d->day % 100);
	else
		snprintf(r->start, sizeof(r->start), "--%02d", d->month % 100);
}

static void
take_date(struct reading *r, size_t i, struct date *d)
{
	bool start = is_meant(r, i, d) && !is_no_start(r, d->first);

	if (!is_meant(r, i, d))
		return;
	for (size_t k = d->first; k < d->end && k < r->n; k++)
		r->marks[k].used = true;
	/* The first one is the start, unless a later one corrects it. */
	if (start && (r->start[0] == '\0' || r->correction))
		set_date(r, d);
}

static void
take_word(struct reading *r, size_t i, const struct term *t)
{
	const struct date none = { 0 };
	bool year = is_year(int_at(r, i + 1));

	if (is_no_start(r, i) || (!year && !is_meant(r, i, &none)))
		return;
	if (year)
		r->marks[i + 1].used = true;
	if (r->start[0] == '\0' || r->correction)
		snprintf(r->start, sizeof(r->start), "%s", t->id);
}

void
reading_dates(struct reading *r)
{
	struct date d;

	for (size_t i = 0; i < r->n; i++) {
		const struct term *t;

		if (r->marks[i].used)
			continue;
		t = reading_term(r, i, TERM_START);
		if (t != NULL)
			take_word(r, i, t);
		else if (read_month(r, i, &d) || read_parts(r, i, &d) ||
			 read_dotted(r, i, &d))
			take_date(r, i, &d);
	}
}
