/*
 * zone_priv.h - the rule behind the last change that a zone file lists: how a year's clocks go
 * in all years to come.
 */
#ifndef CREDBOT_BASE_ZONE_PRIV_H
#define CREDBOT_BASE_ZONE_PRIV_H

#include <stdbool.h>

#include "credbot/base/zone.h"

/* One change of a year, as in POSIX's TZ. */
struct zone_change {
	enum { CHANGE_MONTH, CHANGE_JULIAN, CHANGE_DAY } kind;
	int month, week, day; /* CHANGE_MONTH: Mm.w.d; else day alone: Jn, n */
	int64_t at_s;         /* after midnight of the day, may be below 0 */
};

struct zone_rule {
	int64_t std_s, dst_s; /* ahead of UTC */
	bool changes;         /* false: std_s, always */
	struct zone_change start, end;
};

/* "CET-1CEST,M3.5.0,M10.5.0/3". RC_INVALID: it is none. */
enum rc zone_rule_read(struct str text, struct zone_rule *out);

int64_t zone_rule_offset_s(const struct zone_rule *r, int64_t at_s);

/* "UTC+05:30", "utc", "gmt-3", "+0200", of all of text: minutes ahead of UTC. */
enum rc zone_fixed_read(struct str text, int *minutes);

#endif
