/*
 * load.h - how much study a program is, and how several of them go side by side.
 *
 * Only what a record states, and what follows from it by arithmetic: 60 hours at 6 a week
 * are 10 weeks. What neither gives is NUMBER_UNKNOWN, and whoever adds up says how often.
 */
#ifndef CREDBOT_CATALOG_LOAD_H
#define CREDBOT_CATALOG_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "credbot/base/rc.h"
#include "credbot/catalog/program.h"

/*
 * "One or two micro-credentials at most" is what our sources advise to those who study
 * already (article limit-how-many-at-once; mission K-26).
 */
#define LOAD_AT_ONCE_MAX 2

/* Which of its figures a load was computed from others, as bits. */
enum load_worked_out {
	LOAD_LENGTH = 1,        /* hours divided by hours a week */
	LOAD_HOURS = 2,         /* hours a week times weeks */
	LOAD_HOURS_CREDITS = 4, /* ECTS credits times the hours that the caller named */
	LOAD_WEEKLY = 8         /* hours divided by weeks */
};

/* NUMBER_UNKNOWN, or 0 and more. A length that the source gives as a range ("4 to 6 weeks")
 * has two ends, and hours a week then are those of the longer. */
struct study_load {
	double min_days, days;
	double hours;
	double weekly;
	unsigned worked_out; /* of enum load_worked_out */
};

/*
 * The load of p; NULL has none that is known. hours_per_ects: what an ECTS credit counts
 * where a record states no hours (25 to 30 by the ECTS Users' Guide); NUMBER_UNKNOWN, which
 * is the rule: hours stay unknown there.
 */
void study_load(const struct program *p, double hours_per_ects, struct study_load *out);

/* Something to be studied without a break. */
struct study_item {
	double days;     /* 0: an award that is only handed out */
	double weekly;   /* hours a week; NUMBER_UNKNOWN: then nothing goes beside it */
	double earliest; /* it may not start before, in days from the beginning */
	const size_t *after; /* items that must have ended before: indices, no cycles */
	size_t n_after;
	double start;   /* out: day it starts on */
	bool too_heavy; /* out: takes more hours than there are, even alone */
};

/*
 * Gives each item the first day on which it fits, those in front first: never more than
 * at_once at a time, and never more than weekly hours a week (NUMBER_UNKNOWN: no limit) unless
 * a single item takes more. Days from the beginning until the last has ended go to *days.
 * RC_INVALID: a length is unknown, or the order has a cycle. At most LOAD_ITEMS_MAX items.
 */
#define LOAD_ITEMS_MAX 512
enum rc study_side_by_side(struct study_item *items, size_t n, double weekly,
    size_t at_once, double *days);

#endif
