/*
 * clock.c - what time it is; and the calendar arithmetic for it, since libc's goes through
 * the process's time zone.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "credbot/base/clock.h"

#define DAY_MS ((int64_t)86400000)

struct clock *
clock_system(void)
{
	static struct clock system;

	return &system;
}

struct clock
clock_fixed(int64_t now_ms)
{
	return (struct clock){ .owned = true, .now_ms = now_ms };
}

void
clock_advance(struct clock *c, int64_t ms)
{
	assert(c->owned && ms >= 0);
	c->now_ms += ms;
	c->mono_ms += ms;
}

static int64_t
read_us(clockid_t id)
{
	struct timespec ts;

	(void)clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_now_ms(const struct clock *c)
{
	return c->owned ? c->now_ms : read_us(CLOCK_REALTIME) / 1000;
}

int64_t
clock_mono_ms(const struct clock *c)
{
	return c->owned ? c->mono_ms : read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t
clock_mono_us(const struct clock *c)
{
	return c->owned ? c->mono_ms * 1000 : read_us(CLOCK_MONOTONIC);
}

/* Years are counted from March, so that the leap day is the last of its year; 719468 days
 * lie between 0000-03-01 and 1970-01-01. */
int64_t
clock_days(int year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
	       719468;
}

void
clock_date(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

void
clock_format(int64_t ms, char *out, size_t size)
{
	int64_t days = ms >= 0 ? ms / DAY_MS : -((-ms + DAY_MS - 1) / DAY_MS);
	int sec = (int)((ms - days * DAY_MS) / 1000);
	int year, month, day;

	clock_date(days, &year, &month, &day);
	(void)snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
	    sec / 3600, sec / 60 % 60, sec % 60);
}

/* Takes n digits off s; -1 if they are not there. */
static int
digits(struct str *s, size_t n)
{
	int v = 0;

	if (s->len < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return -1;
		v = v * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->len -= n;
	return v;
}

static bool
take(struct str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	s->p++;
	s->len--;
	return true;
}

static int
days_in(int year, int month)
{
	static const int n[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return n[month - 1] + (month == 2 && leap);
}

/* hh:mm[:ss[.fff]] */
static bool
parse_time(struct str *s, int64_t *ms)
{
	int h = digits(s, 2), m, sec = 0;

	if (h < 0 || h > 23 || !take(s, ':'))
		return false;
	m = digits(s, 2);
	if (m < 0 || m > 59)
		return false;
	if (take(s, ':')) {
		sec = digits(s, 2);
		if (sec < 0 || sec > 60)
			return false;
		if (take(s, '.')) {
			if (digits(s, 1) < 0)
				return false;
			while (digits(s, 1) >= 0)
				;
		}
	}
	*ms = ((int64_t)h * 3600 + (int64_t)m * 60 + sec) * 1000;
	return true;
}

/* Z, +hh:mm or -hh:mm; nothing is UTC. */
static bool
parse_offset(struct str *s, int64_t *ms)
{
	bool behind;
	int h, m;

	*ms = 0;
	if (take(s, 'Z') || take(s, 'z') || s->len == 0 || s->p[0] == '[')
		return true;
	behind = take(s, '-');
	if (!behind && !take(s, '+'))
		return false;
	h = digits(s, 2);
	if (h < 0 || h > 23)
		return false;
	(void)take(s, ':');
	m = digits(s, 2);
	if (m < 0 || m > 59)
		return false;
	*ms = ((int64_t)h * 60 + m) * (behind ? -60000 : 60000);
	return true;
}

enum rc
clock_parse(struct str s, int64_t *ms)
{
	int year, month, day;
	int64_t in_day = 0, offset = 0;

	year = digits(&s, 4);
	if (year < 0 || !take(&s, '-'))
		return RC_INVALID;
	month = digits(&s, 2);
	if (month < 1 || month > 12 || !take(&s, '-'))
		return RC_INVALID;
	day = digits(&s, 2);
	if (day < 1 || day > days_in(year, month))
		return RC_INVALID;
	if (take(&s, 'T') || take(&s, 't') || take(&s, ' ')) {
		if (!parse_time(&s, &in_day) || !parse_offset(&s, &offset))
			return RC_INVALID;
	}
	if (s.len > 0 && !(s.p[0] == '[' && s.p[s.len - 1] == ']'))
		return RC_INVALID;
	*ms = clock_days(year, month, day) * DAY_MS + in_day - offset;
	return RC_OK;
}
