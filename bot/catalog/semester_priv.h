/*
 * semester_priv.h - what the parts of a week plan share.
 */
#ifndef CREDBOT_CATALOG_SEMESTER_PRIV_H
#define CREDBOT_CATALOG_SEMESTER_PRIV_H

#include "credbot/catalog/semester.h"

#define SEMESTER_DAYS_MAX (SEMESTER_WEEKS_MAX * 7)
#define SEMESTER_HAIR 1e-6

/* The Monday of the week that a day is in. */
int32_t semester_monday(int32_t day);

/* Hours for programs in the week of a Monday; NUMBER_UNKNOWN. */
double semester_room(const struct semester_query *q, int32_t monday);

/* Hours of an item on one of its days; NUMBER_UNKNOWN. */
double semester_daily(const struct semester_item *i);

/* Its days in the week of a Monday. */
int semester_days_in(const struct semester_item *i, int32_t monday);

/* A start that is possible. */
struct semester_start {
	enum semester_begin begin;
	int32_t day;
	bool about;
	double days; /* of that run; NUMBER_UNKNOWN: not stated for it */
};

/* The starts of p's runs that can still be entered, first ones first; at most max. When it
 * can begin on any day, that is the only one, with day = earliest. */
size_t semester_starts(const struct program *p, const struct semester_query *q,
    int32_t earliest, struct semester_start *out, size_t max);

/* Not before that: of the query, or hers. */
int32_t semester_earliest(const struct semester_query *q,
    const struct semester_wish *w);

/* Fills program and load; no start. */
void semester_item_init(const struct semester_query *q, const struct semester_wish *w,
    struct semester_item *out);
/* Its place: start to last. False: no length. */
bool semester_place(struct semester_item *i, const struct semester_start *s);

/* The weeks and sums of items that have their places. */
void semester_add_up(struct arena *a, const struct semester_query *q,
    struct semester_plan *p);

/* Where in the list the programs are that i requires; how many. */
size_t semester_required(const struct semester_item *items, size_t n, size_t i,
    size_t out[SEMESTER_PROGRAMS_MAX]);

#endif
