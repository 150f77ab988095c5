/*
 * ics_zone.c - VTIMEZONE: the rules of a zone, as a calendar file carries them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "credbot/base/clock.h"
#include "credbot/cal/ics.h"

#define DAY 86400
#define YEAR (INT64_C(366) * DAY)
/* Changes that are written one by one: forty years of two. */
#define CHANGES_MAX 80

__attribute__((format(printf, 3, 4))) static void
add(struct ics *w, const char *name, const char *fmt, ...)
{
	struct buf value = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&value, fmt, ap);
	va_end(ap);
	ics_line(w, name, buf_str(&value));
	buf_fini(&value);
}

static void
add_offset(struct ics *w, const char *name, int32_t offset)
{
	int s = abs(offset);

	if (s % 60 != 0)
		add(w, name, "%c%02d%02d%02d", offset < 0 ? '-' : '+', s / 3600,
		    s / 60 % 60, s % 60);
	else
		add(w, name, "%c%02d%02d", offset < 0 ? '-' : '+', s / 3600,
		    s / 60 % 60);
}

/* RFC 5545, 3.6.5: the time of the change on the clocks before it. */
static void
add_onset(struct ics *w, int64_t local)
{
	int64_t day = local >= 0 ? local / DAY : -((-local + DAY - 1) / DAY);
	int sec = (int)(local - day * DAY);
	int year, month, of_month;

	clock_date(day, &year, &month, &of_month);
	add(w, "DTSTART", "%04d%02d%02dT%02d%02d%02d", year, month, of_month,
	    sec / 3600, sec / 60 % 60, sec % 60);
}

static void
add_block(struct ics *w, int64_t onset, int32_t before, const struct zone_local *after,
    const char *rule)
{
	const char *kind = after->dst ? "DAYLIGHT" : "STANDARD";

	add(w, "BEGIN", "%s", kind);
	add_onset(w, onset);
	add_offset(w, "TZOFFSETFROM", before);
	add_offset(w, "TZOFFSETTO", after->offset_s);
	ics_text(w, "TZNAME", str_of(after->abbrev));
	if (rule != NULL)
		add(w, "RRULE", "%s", rule);
	add(w, "END", "%s", kind);
}

static int
year_at(int64_t utc)
{
	int year, month, day;

	clock_date(utc / DAY, &year, &month, &day);
	return year;
}

/* Is that change one of the rule's? */
static bool
is_by_rule(const struct zone *z, const struct zone_change rule[2], int64_t at)
{
	struct zone_local after;

	zone_at(z, at, &after);
	for (int i = 0; i < 2; i++)
		for (int y = year_at(at) - 1; y <= year_at(at) + 1; y++)
			if (zone_change_in(&rule[i], y) == at &&
			    rule[i].after_s == after.offset_s)
				return true;
	return false;
}

/* Does the rule say all that happens from one instant to the other, and nothing else? */
static bool
rule_holds(const struct zone *z, const struct zone_change rule[2], int64_t from,
    int64_t to)
{
	int64_t at = from;

	for (int i = 0; i < 2; i++) {
		/* One that begins on another day than it is written for can only be
		 * written change by change. */
		if (rule[i].seconds < 0 || rule[i].seconds >= DAY)
			return false;
		for (int y = year_at(from); y <= year_at(to); y++) {
			int64_t due = zone_change_in(&rule[i], y);

			if (due > from && due <= to &&
			    (!zone_next_change(z, due - 1, &at) || at != due))
				return false;
		}
	}
	for (at = from; zone_next_change(z, at, &at) && at <= to;)
		if (!is_by_rule(z, rule, at))
			return false;
	return true;
}

static void
add_rules(struct ics *w, const struct zone_change rule[2], int year)
{
	static const char *const days[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };

	for (int i = 0; i < 2; i++) {
		const struct zone_change *c = &rule[i];
		struct zone_local after = { .offset_s = c->after_s, .dst = c->to_dst };
		char text[64];

		(void)snprintf(after.abbrev, sizeof(after.abbrev), "%s", c->abbrev);
		(void)snprintf(text, sizeof(text), "FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s",
		    c->month, c->week == 5 ? -1 : c->week, days[c->weekday]);
		add_block(w, zone_change_in(c, year) + c->before_s, c->before_s, &after,
		    text);
	}
}

static void
add_changes(struct ics *w, const struct zone *z, int64_t from, int64_t to)
{
	struct zone_local before, after;
	int64_t at;

	/* What holds at first, as if it began then: the day before, for that side of a
	 * change that the first event is on. */
	from -= DAY;
	zone_at(z, from, &before);
	add_block(w, from + before.offset_s, before.offset_s, &before, NULL);
	for (int n = 0; n < CHANGES_MAX && zone_next_change(z, from, &at) && at <= to;
	     n++) {
		zone_at(z, at, &after);
		add_block(w, at + before.offset_s, before.offset_s, &after, NULL);
		before = after;
		from = at;
	}
}

void
ics_zone(struct ics *w, const struct zone *zone, int64_t from, int64_t to)
{
	struct zone_change rule[2];

	add(w, "BEGIN", "VTIMEZONE");
	ics_text(w, "TZID", str_of(zone_name(zone)));
	if (zone_yearly(zone, rule) && rule_holds(zone, rule, from - YEAR, to + DAY))
		add_rules(w, rule, year_at(from) - 1);
	else
		add_changes(w, zone, from, to + DAY);
	add(w, "END", "VTIMEZONE");
}
