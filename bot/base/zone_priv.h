/*
 * zone_priv.h - a time zone from inside: the changes that its file lists, and the rule for all
 * years to come after them.
 */
#ifndef CREDBOT_BASE_ZONE_PRIV_H
#define CREDBOT_BASE_ZONE_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "credbot/base/zone.h"

/* --- zone_rule.c */

/* The day of a year on which clocks change, as in POSIX's TZ, and when. */
struct zone_day {
	enum { DAY_WEEKDAY, DAY_JULIAN, DAY_OF_YEAR } kind;
	int month, week; /* DAY_WEEKDAY alone: Mm.w.d */
	int day; /* weekday; else Jn, 1 to 365 without 29 February, or n from 0 */
	int32_t seconds; /* after midnight of the day; may be below 0 */
};

struct zone_rule {
	struct zone_local std, dst;
	bool changes; /* false: std, always */
	struct zone_day to_dst, to_std;
};

/* "CET-1CEST,M3.5.0,M10.5.0/3". RC_INVALID: it is none. */
enum rc zone_rule_read(struct str text, struct zone_rule *out);

void zone_rule_at(const struct zone_rule *r, int64_t at_s, struct zone_local *out);

/* Its first change after at_s, though all may stay the same there. False: none. */
bool zone_rule_next(const struct zone_rule *r, int64_t at_s, int64_t *next_s);

/* As zone_yearly(). */
bool zone_rule_yearly(const struct zone_rule *r, struct zone_change out[2]);

/* "UTC+05:30", "utc", "gmt-3", "+0200", of all of text: minutes ahead of UTC. */
enum rc zone_fixed_read(struct str text, int *minutes);

/* "UTC+05:30", or "UTC" for 0. */
void zone_fixed_name(int minutes, char out[ZONE_NAME_SIZE]);

/* --- zone_file.c */

struct zone_listed {
	int64_t at_s;
	size_t type; /* from then on */
};

struct zone {
	char name[ZONE_NAME_SIZE];
	struct zone_local *types; /* the first holds before all changes; at least one */
	size_t n_types;
	struct zone_listed *listed; /* by time */
	size_t n_listed;
	bool has_rule; /* for what comes after them */
	struct zone_rule rule;
};

/* Fills all but the name from what is in a file. False: it is damaged; what is in z then is for
 * zone_free() alone. */
bool zone_file_read(struct zone *z, struct str bytes);

#endif
