/*
 * zone_rule.c - the rule at the end of a zone file: POSIX's TZ, with the hours of RFC 9636.
 */
#include <ctype.h>

#include "bot/base/zone_priv.h"
#include "credbot/base/clock.h"

#define DAY_S INT64_C(86400)

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
take_number(struct str *s, int64_t max, int64_t *out)
{
	size_t n = 0;
	struct str digits;

	while (n < s->len && isdigit((unsigned char)s->p[n]))
		n++;
	digits = str_n(s->p, n);
	*s = str_n(s->p + n, s->len - n);
	return str_to_int(digits, 0, max, out) == RC_OK;
}

/* [+-]hh[:mm[:ss]] */
static bool
take_time(struct str *s, int64_t *out)
{
	bool minus = take(s, '-');
	int64_t h, m = 0, sec = 0;

	if (!minus)
		(void)take(s, '+');
	if (!take_number(s, 167, &h))
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

/* "CET" or "<-03>" */
static bool
take_abbreviation(struct str *s)
{
	size_t n = 0;

	if (take(s, '<')) {
		(void)str_cut(s, '>');
		return s->p != NULL;
	}
	while (n < s->len && isalpha((unsigned char)s->p[n]))
		n++;
	*s = str_n(s->p + n, s->len - n);
	return n >= 3;
}

static bool
take_day(struct str *s, struct zone_change *c)
{
	int64_t month, week, day;

	if (take(s, 'M')) {
		c->kind = CHANGE_MONTH;
		if (!take_number(s, 12, &month) || !take(s, '.') ||
		    !take_number(s, 5, &week) || !take(s, '.') ||
		    !take_number(s, 6, &day) || month < 1 || week < 1)
			return false;
		c->month = (int)month;
		c->week = (int)week;
	} else if (take(s, 'J')) {
		c->kind = CHANGE_JULIAN;
		if (!take_number(s, 365, &day) || day < 1)
			return false;
	} else {
		c->kind = CHANGE_DAY;
		if (!take_number(s, 365, &day))
			return false;
	}
	c->day = (int)day;
	return true;
}

static bool
take_change(struct str *s, struct zone_change *c)
{
	c->at_s = 2 * 3600;
	if (!take(s, ',') || !take_day(s, c))
		return false;
	return !take(s, '/') || take_time(s, &c->at_s);
}

enum rc
zone_rule_read(struct str text, struct zone_rule *out)
{
	int64_t west;

	*out = (struct zone_rule){ 0 };
	if (!take_abbreviation(&text) || !take_time(&text, &west))
		return RC_INVALID;
	out->std_s = -west;
	if (text.len == 0)
		return RC_OK;
	out->changes = true;
	out->dst_s = out->std_s + 3600;
	if (!take_abbreviation(&text))
		return RC_INVALID;
	if (text.len > 0 && text.p[0] != ',') {
		if (!take_time(&text, &west))
			return RC_INVALID;
		out->dst_s = -west;
	}
	if (!take_change(&text, &out->start) || !take_change(&text, &out->end))
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
weekday(int64_t days) /* 0: Sunday; 1970-01-01 was a Thursday */
{
	int64_t d = (days + 4) % 7;

	return (int)(d < 0 ? d + 7 : d);
}

/* Days since 1970 of the change in that year. */
static int64_t
day_of(const struct zone_change *c, int year)
{
	int64_t first, next;
	int day;

	switch (c->kind) {
	case CHANGE_DAY:
		return clock_days(year, 1, 1) + c->day;
	case CHANGE_JULIAN: /* February 29 is never counted */
		return clock_days(year, 1, 1) + c->day - 1 +
		       (is_leap(year) && c->day >= 60);
	case CHANGE_MONTH:
		break;
	}
	first = clock_days(year, c->month, 1);
	next = c->month == 12 ? clock_days(year + 1, 1, 1)
	                      : clock_days(year, c->month + 1, 1);
	day = (c->day - weekday(first) + 7) % 7 + (c->week - 1) * 7;
	while (first + day >= next) /* the fifth is the last */
		day -= 7;
	return first + day;
}

static int
year_of(int64_t at_s)
{
	int64_t days = at_s / DAY_S - (at_s % DAY_S < 0);
	int year = (int)(1970 + days / 366);

	while (clock_days(year + 1, 1, 1) <= days)
		year++;
	while (clock_days(year, 1, 1) > days)
		year--;
	return year;
}

int64_t
zone_rule_offset_s(const struct zone_rule *r, int64_t at_s)
{
	int64_t start, end;
	int year;
	bool summer;

	if (!r->changes)
		return r->std_s;
	year = year_of(at_s + r->std_s);
	start = day_of(&r->start, year) * DAY_S + r->start.at_s - r->std_s;
	end = day_of(&r->end, year) * DAY_S + r->end.at_s - r->dst_s;
	/* In the south summer holds the end of the year. */
	summer = start < end ? at_s >= start && at_s < end
	                     : at_s >= start || at_s < end;
	return summer ? r->dst_s : r->std_s;
}

/* --- fixed distances */

/* "2", "02", "5:30", "0530" */
static bool
take_distance(struct str s, int64_t *minutes)
{
	int64_t h, m = 0;

	if (s.len == 4 && str_to_int(s, 0, 1400, &h) == RC_OK) {
		m = h % 100;
		h /= 100;
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
	int64_t n;

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
	*minutes = (int)(minus ? -n : n);
	return RC_OK;
}
