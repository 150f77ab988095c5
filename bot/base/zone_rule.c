/*
 * zone_rule.c - the rule at the end of a zone file, "CET-1CEST,M3.5.0,M10.5.0/3": what holds
 * after the last change that the file lists. It is POSIX's TZ, with the hours of RFC 9636. And
 * zones that are a distance from UTC and nothing else.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/base/zone_priv.h"
#include "credbot/base/clock.h"

#define DAY_S INT64_C(86400)
#define CHANGE_AT_S (2 * 3600) /* unless a rule says otherwise */
/* Hours of an offset (POSIX), and of the time of a change (RFC 9636, 3.3.2). */
#define OFFSET_HOURS_MAX 24
#define CHANGE_HOURS_MAX 167
/* A thousand million years: beyond, a year might not fit into an int. Nothing but damaged files
 * has such times. */
#define FARTHEST_S (INT64_C(1) << 55)

/* --- reading: each takes its part off *s */

static bool
take(struct str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	*s = str_n(s->p + 1, s->len - 1);
	return true;
}

static bool
take_number(struct str *s, int max, int *out)
{
	size_t n = 0;
	struct str digits;
	int64_t number = 0;
	enum rc rc;

	while (n < s->len && isdigit((unsigned char)s->p[n]))
		n++;
	digits = str_n(s->p, n);
	*s = str_n(s->p + n, s->len - n);
	rc = str_to_int(digits, 0, max, &number);
	*out = (int)number;
	return rc == RC_OK;
}

/* [+-]hh[:mm[:ss]] */
static bool
take_time(struct str *s, int hours_max, int32_t *out)
{
	bool minus = take(s, '-');
	int h, m = 0, sec = 0;

	if (!minus)
		(void)take(s, '+');
	if (!take_number(s, hours_max, &h))
		return false;
	if (take(s, ':') && !take_number(s, 59, &m))
		return false;
	if (take(s, ':') && !take_number(s, 59, &sec))
		return false;
	*out = (h * 60 + m) * 60 + sec;
	if (minus)
		*out = -*out;
	return true;
}

/* West is positive there. */
static bool
take_offset(struct str *s, struct zone_local *l)
{
	int32_t west;

	if (!take_time(s, OFFSET_HOURS_MAX, &west))
		return false;
	l->offset_s = -west;
	return true;
}

/* "CET" or "<-03>" */
static bool
take_abbreviation(struct str *s, struct zone_local *l)
{
	bool quoted = take(s, '<');
	size_t n = 0;

	while (n < s->len &&
	       (quoted ? s->p[n] != '>' : isalpha((unsigned char)s->p[n]) != 0))
		n++;
	if (n < (quoted ? 1 : 3))
		return false;
	(void)snprintf(l->abbrev, sizeof(l->abbrev), "%.*s", (int)n, s->p);
	*s = str_n(s->p + n, s->len - n);
	return !quoted || take(s, '>');
}

static bool
take_day(struct str *s, struct zone_day *d)
{
	if (take(s, 'M')) {
		d->kind = DAY_WEEKDAY;
		return take_number(s, 12, &d->month) && d->month >= 1 && take(s, '.') &&
		       take_number(s, 5, &d->week) && d->week >= 1 && take(s, '.') &&
		       take_number(s, 6, &d->day);
	}
	d->kind = take(s, 'J') ? DAY_JULIAN : DAY_OF_YEAR;
	return take_number(s, 365, &d->day) && (d->kind == DAY_OF_YEAR || d->day >= 1);
}

static bool
take_change(struct str *s, struct zone_day *d)
{
	d->seconds = CHANGE_AT_S;
	if (!take(s, ',') || !take_day(s, d))
		return false;
	return !take(s, '/') || take_time(s, CHANGE_HOURS_MAX, &d->seconds);
}

enum rc
zone_rule_read(struct str text, struct zone_rule *out)
{
	*out = (struct zone_rule){ .dst = { .dst = true } };
	if (!take_abbreviation(&text, &out->std) || !take_offset(&text, &out->std))
		return RC_INVALID;
	if (text.len == 0)
		return RC_OK;
	out->changes = true;
	out->dst.offset_s = out->std.offset_s + 3600;
	if (!take_abbreviation(&text, &out->dst))
		return RC_INVALID;
	if (text.len > 0 && text.p[0] != ',' && !take_offset(&text, &out->dst))
		return RC_INVALID;
	if (!take_change(&text, &out->to_dst) || !take_change(&text, &out->to_std))
		return RC_INVALID;
	return text.len == 0 ? RC_OK : RC_INVALID;
}

/* --- what it says */

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
weekday_of(int64_t days) /* 0: Sunday; 1970-01-01 was a Thursday */
{
	int64_t d = (days + 4) % 7;

	return (int)(d < 0 ? d + 7 : d);
}

/* Days since 1970 of the n-th weekday of a month; the fifth is the last. */
static int64_t
nth_weekday(int year, int month, int week, int weekday)
{
	int64_t first = clock_days(year, month, 1);
	int64_t next = clock_days(year + month / 12, month % 12 + 1, 1);
	int day = (weekday - weekday_of(first) + 7) % 7 + (week - 1) * 7;

	return first + day < next ? first + day : first + day - 7;
}

/* Days since 1970 of the change in that year. */
static int64_t
day_in(const struct zone_day *d, int year)
{
	int64_t new_year = clock_days(year, 1, 1);

	if (d->kind == DAY_WEEKDAY)
		return nth_weekday(year, d->month, d->week, d->day);
	if (d->kind == DAY_OF_YEAR)
		return new_year + d->day;
	/* February 29 is never counted. */
	return new_year + d->day - 1 + (is_leap(year) && d->day >= 60);
}

static int64_t
change_in(const struct zone_day *d, int year, const struct zone_local *before)
{
	return day_in(d, year) * DAY_S + d->seconds - before->offset_s;
}

/* On clocks that are so far ahead of UTC. */
static int
year_at(int64_t at_s, int32_t offset_s)
{
	int64_t local_s = at_s < -FARTHEST_S  ? -FARTHEST_S
	                  : at_s > FARTHEST_S ? FARTHEST_S
	                                      : at_s;
	int year, month, day;

	local_s += offset_s;
	clock_date(local_s / DAY_S - (local_s % DAY_S < 0), &year, &month, &day);
	return year;
}

void
zone_rule_at(const struct zone_rule *r, int64_t at_s, struct zone_local *out)
{
	int year = year_at(at_s, r->std.offset_s);
	int64_t start, end;
	bool summer;

	*out = r->std;
	if (!r->changes)
		return;
	start = change_in(&r->to_dst, year, &r->std);
	end = change_in(&r->to_std, year, &r->dst);
	/* In the south summer holds the end of the year. */
	summer = start < end ? at_s >= start && at_s < end
	                     : at_s >= start || at_s < end;
	if (summer)
		*out = r->dst;
}

bool
zone_rule_next(const struct zone_rule *r, int64_t at_s, int64_t *next_s)
{
	int year = year_at(at_s, 0);
	bool found = false;

	if (!r->changes)
		return false;
	/* A change may lie days outside of its year. */
	for (int y = year - 1; y <= year + 2; y++) {
		const int64_t both[] = { change_in(&r->to_dst, y, &r->std),
			change_in(&r->to_std, y, &r->dst) };

		for (size_t i = 0; i < ARRAY_LEN(both); i++)
			if (both[i] > at_s && (!found || both[i] < *next_s)) {
				*next_s = both[i];
				found = true;
			}
	}
	return found;
}

static struct zone_change
as_change(const struct zone_day *d, const struct zone_local *before,
    const struct zone_local *after)
{
	struct zone_change c = { .month = d->month,
		.week = d->week,
		.weekday = d->day,
		.seconds = d->seconds,
		.before_s = before->offset_s,
		.after_s = after->offset_s,
		.to_dst = after->dst };

	memcpy(c.abbrev, after->abbrev, sizeof(c.abbrev));
	return c;
}

bool
zone_rule_yearly(const struct zone_rule *r, struct zone_change out[2])
{
	if (!r->changes || r->to_dst.kind != DAY_WEEKDAY ||
	    r->to_std.kind != DAY_WEEKDAY)
		return false;
	out[0] = as_change(&r->to_dst, &r->std, &r->dst);
	out[1] = as_change(&r->to_std, &r->dst, &r->std);
	return true;
}

int64_t
zone_change_in(const struct zone_change *c, int year)
{
	return nth_weekday(year, c->month, c->week, c->weekday) * DAY_S + c->seconds -
	       c->before_s;
}

/* --- fixed distances */

/* "2", "02", "5:30", "0530" */
static bool
take_distance(struct str s, int *minutes)
{
	int64_t hhmm;
	int h, m = 0;

	if (s.len == 4 && str_to_int(s, 0, 1400, &hhmm) == RC_OK) {
		m = (int)(hhmm % 100);
		h = (int)(hhmm / 100);
	} else {
		if (!take_number(&s, 14, &h))
			return false;
		if (take(&s, ':') && !take_number(&s, 59, &m))
			return false;
		if (s.len > 0)
			return false;
	}
	*minutes = h * 60 + m;
	return h <= 14 && m <= 59;
}

enum rc
zone_fixed_read(struct str text, int *minutes)
{
	struct str s = str_trim(text);
	bool named = s.len >= 3 && (str_is_nocase(str_n(s.p, 3), "utc") ||
				       str_is_nocase(str_n(s.p, 3), "gmt"));
	bool minus;
	int n;

	if (named)
		s = str_trim(str_n(s.p + 3, s.len - 3));
	*minutes = 0;
	if (s.len == 0)
		return named ? RC_OK : RC_INVALID;
	minus = take(&s, '-');
	if (!minus && !take(&s, '+'))
		return RC_INVALID;
	if (!take_distance(str_trim(s), &n))
		return RC_INVALID;
	*minutes = minus ? -n : n;
	return RC_OK;
}

void
zone_fixed_name(int minutes, char out[ZONE_NAME_SIZE])
{
	int n = abs(minutes);

	if (n == 0)
		(void)snprintf(out, ZONE_NAME_SIZE, "UTC");
	else
		(void)snprintf(out, ZONE_NAME_SIZE, "UTC%c%02d:%02d",
		    minutes < 0 ? '-' : '+', n / 60, n % 60);
}
