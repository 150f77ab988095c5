/*
 * semester.h - whether programs fit beside her semester: a plan, week by week.
 *
 *	struct semester_query q;
 *	struct semester_plan asked, fits;
 *
 *	semester_query_init(&q, today);
 *	q.weekly_hours = 12;
 *	q.busy = job;  q.n_busy = 1;        what takes of these hours anyway
 *	semester_ask(arena, &q, wishes, n, &asked);     each as soon as it begins
 *	if (!semester_is_easy(&asked))
 *		semester_fit(arena, &q, wishes, n, &fits);  later, or one after the other
 *
 * The rule of one or two: our sources advise against more than two micro-credentials at the
 * same time beside other studies (article limit-how-many-at-once). A plan that was asked for
 * may break it, and names the weeks; one that was fitted never does.
 *
 * Hours of a program are spread evenly from its first day to its last, so a week that it
 * covers in part has a part of them, and all weeks together have what the record states. What
 * a record does not state stays unknown: a program without hours counts in no sum and is
 * counted beside them (semester_week.unknown), one without a length is in no week. In a
 * fitted plan nothing goes beside a program whose hours are unknown.
 *
 * Days are days since 1970-01-01; weeks begin on Mondays (ISO 8601). Pure: the same question
 * has the same answer. Everything lives in the arena.
 */
#ifndef CREDBOT_CATALOG_SEMESTER_H
#define CREDBOT_CATALOG_SEMESTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/arena.h"
#include "credbot/base/buf.h"
#include "credbot/base/rc.h"
#include "credbot/base/zone.h"
#include "credbot/catalog/load.h"
#include "credbot/catalog/program.h"

#define SEMESTER_PROGRAMS_MAX 32
#define SEMESTER_WEEKS_MAX 522 /* ten years; what is later is left out of the table */
#define SEMESTER_BLOCKS_MAX 21
#define SEMESTER_BUSY_MAX 16

/* A job, a degree: hours that are taken anyway. from, to: DAY_UNKNOWN is always. */
struct semester_busy {
	double weekly;
	int32_t from, to;
};

struct semester_query {
	int32_t start;       /* nothing begins before */
	int32_t today;       /* what could be entered until yesterday is over */
	double weekly_hours; /* that she has in all; NUMBER_UNKNOWN: not said */
	const struct semester_busy *busy;
	size_t n_busy;
	size_t at_once;             /* 1 to LOAD_AT_ONCE_MAX */
	int32_t term_from, term_to; /* DAY_UNKNOWN: not said */
	double hours_per_ects;      /* see study_load(); NUMBER_UNKNOWN */
};

/* From today on, two at once, no hours, no term. */
void semester_query_init(struct semester_query *q, int32_t today);

struct semester_wish {
	const struct program *program;
	int32_t start; /* hers: not before that; DAY_UNKNOWN: as soon as it can be */
};

enum semester_begin {
	SEMESTER_ANY_DAY, /* no start is stated: it is taken to begin when she likes */
	SEMESTER_ROLLING, /* stated: it begins when she likes */
	SEMESTER_RUN,     /* on the day of a run */
	SEMESTER_HERS     /* on the day that she named */
};

enum semester_trouble {
	SEMESTER_FINE,
	SEMESTER_NO_LENGTH, /* its length is unknown, and cannot be reckoned */
	SEMESTER_NO_START,  /* no run that it states can be entered any more */
	SEMESTER_TOO_HEAVY, /* more hours a week than she has, even alone */
	SEMESTER_NO_ROOM,   /* no start of it fits beside the others */
	SEMESTER_WAITS,     /* for a program that it requires and that has no place */
	SEMESTER_TROUBLES
};

/* "fine", "no length", "no start", "too heavy", "no room", "waits". */
const char *semester_trouble_name(enum semester_trouble t);

struct semester_item {
	const struct program *program;
	enum semester_trouble trouble; /* other than FINE: it is in no week */
	struct study_load load; /* of this run: its own length if it states one */
	enum semester_begin begin;
	int32_t start, last; /* days, both included; DAY_UNKNOWN */
	bool about;          /* only the month of the start is stated */
	bool own_pace;       /* its length follows from her hours */
	bool early;          /* begins before a program that it requires has ended */
	bool moved; /* fitted: it begins later, or goes slower, than was asked */
};

struct semester_week {
	int32_t monday;
	double hours;   /* of all programs whose hours are known */
	size_t unknown; /* programs whose hours are not */
	size_t at_once; /* programs at the same time, on the fullest day */
	double room;    /* hers, less what is taken anyway; NUMBER_UNKNOWN */
	bool overload;  /* more hours than room */
	bool too_many;  /* more programs than the rule allows */
};

struct semester_plan {
	struct semester_item *items; /* in the order of the wishes */
	size_t n;
	size_t placed;               /* of them */
	struct semester_week *weeks; /* from the first that has a program to the last */
	size_t n_weeks;
	bool cut;     /* there are later weeks */
	double hours; /* of what was placed */
	size_t hours_unknown;
	size_t overloaded, crowded; /* weeks with overload; with too many */
	int32_t first, last;        /* days; DAY_UNKNOWN: nothing was placed */
	bool in_term; /* all was placed, and lies in the term; true without a term */
};

/* The plan with each program as soon as it begins. RC_INVALID: more than
 * SEMESTER_PROGRAMS_MAX, or SEMESTER_BUSY_MAX. */
enum rc semester_ask(struct arena *a, const struct semester_query *q,
    const struct semester_wish *wishes, size_t n, struct semester_plan *out);

/*
 * What would fit instead: other runs, later starts, one after the other; what one studies at
 * one's own pace also slower. What a program requires comes before it. Of several such plans
 * the one that has a place for most, then the one that ends first. RC_NOTFOUND: not all have
 * a place; out has those that do, and says why the others have not. RC_INVALID as above.
 */
enum rc semester_fit(struct arena *a, const struct semester_query *q,
    const struct semester_wish *wishes, size_t n, struct semester_plan *out);

/* No overload, never too many, nothing early, everything placed and in term. What is unknown
 * may still be too much: see hours_unknown. */
bool semester_is_easy(const struct semester_plan *p);

/* --- as a calendar file */

/* A time of the week that she keeps for this. */
struct semester_block {
	int weekday;                    /* 0 is Monday */
	unsigned start_minute, minutes; /* may not reach into the next day */
};

struct semester_calendar {
	const char *owner; /* whose plan, so that UIDs differ from those of others */
	unsigned sequence; /* raised with each export that changed */
	int64_t now_ms;
	const struct zone *zone;             /* of the blocks; NULL: no blocks */
	const struct semester_block *blocks; /* in the order that they are filled */
	size_t n_blocks;
	/* For each item, in the words of the reader. */
	const char *const *summaries;
	const char *const *descriptions; /* NULL: none */
};

/*
 * Appends the plan as a calendar file (ics.h). Hours of a week go into the blocks one after
 * the other, in the order of the items; a program whose hours are unknown, and all without
 * blocks, is one event over all its days that makes no time busy. The same plan for the same
 * owner has the same UIDs again, and a program keeps its UIDs when it is moved. Returns the
 * minutes of study for which the blocks of their weeks had no room.
 */
unsigned semester_ics(const struct semester_plan *p, const struct semester_calendar *c,
    struct buf *out);

#endif
