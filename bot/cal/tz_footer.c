/*
 * tz_footer.c - the rule at the end of a zone file, "CET-1CEST,M3.5.0,M10.5.0/3": what holds
 * after the last change that the file lists.
 *
 * The text is that of the TZ variable of POSIX, with hours from -167 to 167 (RFC 8536, 3.3).
 */
#include <stdio.h>
#include <string.h>

#include "bot/cal/tz_priv.h"
#include "credbot/base/clock.h"

#define DAY 86400
#define CHANGE_AT 7200 /* unless a rule says otherwise */
#define HOURS_MAX 167

/* --- reading */

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

	for (*out = 0; n < s->len && s->p[n] >= '0' && s->p[n] <= '9'; n++) {
		*out = *out * 10 + (s->p[n] - '0');
		if (*out > max)
			return false;
	}
	*s = str_n(s->p + n, s->len - n);
	return n > 0;
}

/* [+-]hh[:mm[:ss]] */
static bool
take_time(struct str *s, int32_t *out)
{
	bool minus = take(s, '-');
	int h, m = 0, sec = 0;

	if (!minus)
		(void)take(s, '+');
	if (!take_number(s, HOURS_MAX, &h) || (take(s, ':') && !take_number(s, 59, &m)))
		return false;
	if (take(s, ':') && !take_number(s, 59, &sec))
		return false;
	*out = (h * 3600 + m * 60 + sec) * (minus ? -1 : 1);
	return true;
}

/* "CET" or "<+03>" */
static bool
take_name(struct str *s, char out[TZ_ABBREV_MAX])
{
	bool quoted = take(s, '<');
	size_t n = 0;

	while (n < s->len && (quoted ? s->p[n] != '>'
				     : (s->p[n] >= 'A' && s->p[n] <= 'Z') ||
					   (s->p[n] >= 'a' && s->p[n] <= 'z')))
		n++;
	if (n == 0 || n >= TZ_ABBREV_MAX)
		return false;
	(void)snprintf(out, TZ_ABBREV_MAX, "%.*s", (int)n, s->p);
	*s = str_n(s->p + n, s->len - n);
	return !quoted || take(s, '>');
}

static bool
take_day(struct str *s, struct tz_day *d)
{
	*d = (struct tz_day){ .seconds = CHANGE_AT };
	if (take(s, 'M')) {
		d->kind = TZ_DAY_OF_MONTH;
		if (!take_number(s, 12, &d->month) || d->month < 1 || !take(s, '.') ||
		    !take_number(s, 5, &d->week) || d->week < 1 || !take(s, '.') ||
		    !take_number(s, 6, &d->weekday))
			return false;
	} else {
		d->kind = take(s, 'J') ? TZ_DAY_JULIAN : TZ_DAY_OF_YEAR;
		if (!take_number(s, 365, &d->day) ||
		    (d->kind == TZ_DAY_JULIAN && d->day < 1))
			return false;
	}
	return !take(s, '/') || take_time(s, &d->seconds);
}

bool
tz_footer_parse(struct str text, struct tz_footer *out)
{
	*out = (struct tz_footer){ .there = text.len > 0 };
	if (text.len == 0)
		return true;
	if (!take_name(&text, out->std.abbrev) || !take_time(&text, &out->std.offset))
		return false;
	/* West is positive there. */
	out->std.offset = -out->std.offset;
	if (text.len == 0)
		return true;
	out->dst.dst = true;
	out->dst.offset = -(out->std.offset + 3600);
	if (!take_name(&text, out->dst.abbrev) ||
	    (text.len > 0 && text.p[0] != ',' && !take_time(&text, &out->dst.offset)))
		return false;
	out->dst.offset = -out->dst.offset;
	return take(&text, ',') && take_day(&text, &out->to_dst) && take(&text, ',') &&
	       take_day(&text, &out->to_std) && text.len == 0;
}

/* --- reckoning */

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The day of the n-th weekday of a month, since 1970. 1970-01-01 was a Thursday. */
static int64_t
nth_weekday(int year, int month, int week, int weekday)
{
	int64_t first = clock_days(year, month, 1);
	int64_t next = clock_days(year + month / 12, month % 12 + 1, 1);
	int64_t at_first = ((first + 4) % 7 + 7) % 7;
	int64_t day = first + (weekday - at_first + 7) % 7 + (int64_t)(week - 1) * 7;

	return day < next ? day : day - 7;
}

static int64_t
day_of(const struct tz_day *d, int year)
{
	int64_t new_year = clock_days(year, 1, 1);

	if (d->kind == TZ_DAY_OF_MONTH)
		return nth_weekday(year, d->month, d->week, d->weekday);
	if (d->kind == TZ_DAY_OF_YEAR)
		return new_year + d->day;
	return new_year + d->day - 1 + (is_leap(year) && d->day >= 60);
}

static int64_t
change(const struct tz_day *d, int year, int32_t offset)
{
	return day_of(d, year) * DAY + d->seconds - offset;
}

static int
year_of(int64_t local)
{
	int64_t days = local >= 0 ? local / DAY : -((-local + DAY - 1) / DAY);
	int year, month, day;

	clock_date(days, &year, &month, &day);
	return year;
}

void
tz_footer_at(const struct tz_footer *f, int64_t utc, struct tz_local *out)
{
	int year = year_of(utc + f->std.offset);
	int64_t on, off;
	bool dst;

	*out = f->std;
	if (f->to_dst.kind == TZ_DAY_NONE)
		return;
	on = change(&f->to_dst, year, f->std.offset);
	off = change(&f->to_std, year, f->dst.offset);
	dst = on < off ? utc >= on && utc < off : utc >= on || utc < off;
	if (dst)
		*out = f->dst;
}

bool
tz_footer_next(const struct tz_footer *f, int64_t utc, int64_t *at)
{
	int year = year_of(utc);
	bool found = false;

	if (f->to_dst.kind == TZ_DAY_NONE)
		return false;
	for (int y = year - 1; y <= year + 2; y++) {
		const int64_t both[2] = { change(&f->to_dst, y, f->std.offset),
			change(&f->to_std, y, f->dst.offset) };

		for (int i = 0; i < 2; i++)
			if (both[i] > utc && (!found || both[i] < *at)) {
				*at = both[i];
				found = true;
			}
	}
	return found;
}

static void
as_change(const struct tz_day *d, const struct tz_local *before,
    const struct tz_local *after, struct tz_change *out)
{
	*out = (struct tz_change){ .month = d->month,
		.week = d->week,
		.weekday = d->weekday,
		.seconds = d->seconds,
		.before = before->offset,
		.after = after->offset,
		.to_dst = after->dst };
	(void)snprintf(out->abbrev, sizeof(out->abbrev), "%s", after->abbrev);
}

bool
tz_footer_rule(const struct tz_footer *f, struct tz_change out[2])
{
	if (f->to_dst.kind != TZ_DAY_OF_MONTH || f->to_std.kind != TZ_DAY_OF_MONTH)
		return false;
	as_change(&f->to_dst, &f->std, &f->dst, &out[0]);
	as_change(&f->to_std, &f->dst, &f->std, &out[1]);
	return true;
}

int64_t
tz_change_in(const struct tz_change *c, int year)
{
	return nth_weekday(year, c->month, c->week, c->weekday) * DAY + c->seconds -
	       c->before;
}
