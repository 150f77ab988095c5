/*
 * tz_priv.h - a time zone from inside: the changes that its file lists, and the rule for all
 * that come after.
 */
#ifndef CREDBOT_CAL_TZ_PRIV_H
#define CREDBOT_CAL_TZ_PRIV_H

#include <stddef.h>

#include "credbot/base/str.h"
#include "credbot/cal/tz.h"

enum tz_day_kind { TZ_DAY_NONE, TZ_DAY_OF_MONTH, TZ_DAY_JULIAN, TZ_DAY_OF_YEAR };

struct tz_day {
	enum tz_day_kind kind;
	int month, week, weekday;
	int day;         /* Julian: 1 to 365 without 29 February; else 0 to 365 */
	int32_t seconds; /* of wall time */
};

/* The footer of a zone file, a TZ text of POSIX. */
struct tz_footer {
	bool there;
	struct tz_local std, dst;
	struct tz_day to_dst, to_std; /* kind NONE: no daylight saving */
};

/* False: not such a text. Nothing at all gives a footer that is not there. */
bool tz_footer_parse(struct str text, struct tz_footer *out);
void tz_footer_at(const struct tz_footer *f, int64_t utc, struct tz_local *out);
bool tz_footer_next(const struct tz_footer *f, int64_t utc, int64_t *at);
bool tz_footer_rule(const struct tz_footer *f, struct tz_change out[2]);

#endif
