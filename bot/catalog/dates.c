/*
 * dates.c - days and lengths of time as people write them.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bot/catalog/values_priv.h"
#include "credbot/base/clock.h"

#define DAYS_A_MONTH 30.4375
#define DAYS_A_YEAR 365.25
/* No program begins outside of these years; a five-digit year is a typing error. */
#define YEAR_MIN 1900
#define YEAR_MAX 2199
#define DAYS_MAX 36525.0 /* nobody studies longer */

static const char no_date[] = "is no date like 2027-02-01";
static const char no_such_day[] = "is a day that does not exist";
static const char no_duration[] = "is no length of time like P6W or 6 weeks";

/* --- days */

static bool
is_rolling(struct str s)
{
	static const char *const words[] = { "rolling", "anytime", "any time",
		"flexible", "always open", "open", "continuous", "ongoing",
		"self-paced", "on demand", "on-demand", "jederzeit", "laufend",
		"en continu", "siempre abierto" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is_nocase(s, words[i]))
			return true;
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

/* One part of a date: a number with how many digits it was written, or a month by name. */
struct part {
	int n;
	int digits; /* 0: a name */
};

static int
month_by_name(struct str word)
{
	static const char *const names[] = { "jan", "feb", "mar", "apr", "may", "jun",
		"jul", "aug", "sep", "oct", "nov", "dec" };
	static const char *const full[] = { "january", "february", "march", "april",
		"may", "june", "july", "august", "september", "october", "november",
		"december" };

	for (int i = 0; i < 12; i++)
		if (str_is_nocase(word, names[i]) || str_is_nocase(word, full[i]))
			return i + 1;
	return str_is_nocase(word, "sept") ? 9 : 0;
}

static bool
take_part(struct str *s, struct part *out)
{
	size_t n = 0;

	*out = (struct part){ 0 };
	if (s->len > 0 && is_digit(s->p[0])) {
		for (; n < s->len && is_digit(s->p[n]) && n < 5; n++)
			out->n = out->n * 10 + (s->p[n] - '0');
		out->digits = (int)n;
	} else {
		while (n < s->len && is_letter(s->p[n]))
			n++;
		out->n = month_by_name(str_n(s->p, n));
	}
	*s = str_n(s->p + n, s->len - n);
	return out->n > 0 && out->digits < 5;
}

/* What stands between two parts: one sign, or spaces, commas and points behind words. */
static char
take_sign(struct str *s)
{
	char sign = '\0';

	while (s->len > 0 && strchr("-/. ,", s->p[0]) != NULL) {
		if (sign == '\0' || sign == ' ')
			sign = s->p[0];
		*s = str_n(s->p + 1, s->len - 1);
	}
	return sign;
}

static const char *
put(int y, int m, int d, char out[DATE_MAX])
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	if (y < YEAR_MIN || y > YEAR_MAX)
		return no_date;
	if (m < 1 || m > 12 || d < 0 || d > days[m - 1] || (m == 2 && d == 29 && !leap))
		return no_such_day;
	if (d == 0)
		(void)snprintf(out, DATE_MAX, "%04d-%02d", y % 10000, m % 100);
	else
		(void)snprintf(out, DATE_MAX, "%04d-%02d-%02d", y % 10000, m % 100,
		    d % 100);
	return NULL;
}

/* Two numbers that are day and month in some order, and a year. */
static const char *
put_ordered(int a, int b, int y, enum date_order order, char out[DATE_MAX])
{
	if (order == DATE_UNSTATED && a <= 12 && b <= 12 && a != b)
		return value_unclear;
	if (order == DATE_UNSTATED)
		order = a > 12 ? DATE_DMY : DATE_MDY;
	return order == DATE_DMY ? put(y, b, a, out) : put(y, a, b, out);
}

/* A time of day behind a date: T10:00 or 10:00, with its zone. Not looked at closer. */
static bool
is_time(struct str s, char sign)
{
	size_t i = 0;

	if (s.len == 0)
		return sign == '\0';
	if (s.p[0] == 'T' || s.p[0] == 't')
		i = 1;
	else if (sign != ' ')
		return false;
	return s.len >= i + 4 && is_digit(s.p[i]) &&
	       memchr(s.p + i, ':', s.len - i) != NULL;
}

const char *
value_date(struct str s, enum date_order order, char out[DATE_MAX])
{
	struct part p[3] = { { 0 } };
	char sign[3] = { 0 };

	s = str_trim(s);
	if (is_rolling(s)) {
		memcpy(out, "rolling", sizeof("rolling"));
		return NULL;
	}
	for (int i = 0; i < 3 && (i == 0 || s.len > 0); i++) {
		if (!take_part(&s, &p[i]))
			return p[i].digits > 0 && p[i].n == 0 ? no_such_day : no_date;
		sign[i] = take_sign(&s);
	}
	if (!is_time(s, sign[2]))
		return no_date;
	if (p[0].digits == 4) {
		if (p[1].digits > 2 || p[2].digits > 2 || p[1].n == 0)
			return no_date;
		return put(p[0].n, p[1].n, p[2].n, out);
	}
	if (p[2].n == 0) /* "January 2027" */
		return p[0].digits == 0 && p[1].digits == 4
		           ? put(p[1].n, p[0].n, 0, out)
		           : no_date;
	if (p[2].digits != 4 || p[0].digits > 2 || p[1].digits > 2)
		return no_date;
	if (p[0].digits == 0)
		return p[1].digits == 0 ? no_date : put(p[2].n, p[0].n, p[1].n, out);
	if (p[1].digits == 0 || sign[0] == '.')
		return put(p[2].n, p[1].n, p[0].n, out);
	return put_ordered(p[0].n, p[1].n, p[2].n, order, out);
}

const char *
value_date_order(struct str s, enum date_order *out)
{
	*out = DATE_UNSTATED;
	if (str_is(s, "dmy"))
		*out = DATE_DMY;
	else if (str_is(s, "mdy"))
		*out = DATE_MDY;
	else
		return "is not dmy or mdy";
	return NULL;
}

/* --- lengths of time */

struct length {
	double days;
	double hours; /* of them, those that were written as hours or less */
};

/* A number of ISO 8601: digits, and decimals behind a point or a comma. */
static bool
take_iso_number(struct str *s, double *out)
{
	size_t n = 0;
	double unit = 1;

	*out = 0;
	for (; n < s->len && n < 12; n++) {
		char c = s->p[n];

		if (is_digit(c) && unit >= 1)
			*out = *out * 10 + (c - '0');
		else if (is_digit(c))
			*out += (c - '0') * unit;
		else if ((c == '.' || c == ',') && n > 0 && unit >= 1)
			unit = 1;
		else
			break;
		if (c == '.' || c == ',')
			unit = 0.1;
		else if (unit < 1)
			unit /= 10;
	}
	*s = str_n(s->p + n, s->len - n);
	return n > 0;
}

static const struct {
	char letter;
	bool time; /* behind T */
	double days;
} iso_units[] = {
	{ 'Y', false, DAYS_A_YEAR },
	{ 'M', false, DAYS_A_MONTH },
	{ 'W', false, 7 },
	{ 'D', false, 1 },
	{ 'H', true, 1.0 / 24 },
	{ 'M', true, 1.0 / 1440 },
	{ 'S', true, 1.0 / 86400 },
};

static bool
read_iso(struct str s, struct length *out)
{
	bool time = false, any = false;

	*out = (struct length){ 0 };
	s = str_n(s.p + 1, s.len - 1);
	while (s.len > 0) {
		double n;
		size_t i = 0;

		if (!time && s.p[0] == 'T') {
			time = true;
			s = str_n(s.p + 1, s.len - 1);
		}
		if (!take_iso_number(&s, &n) || s.len == 0)
			return false;
		while (i < ARRAY_LEN(iso_units) &&
		       (iso_units[i].letter != s.p[0] || iso_units[i].time != time))
			i++;
		if (i == ARRAY_LEN(iso_units))
			return false;
		out->days += n * iso_units[i].days;
		out->hours += time ? n * iso_units[i].days * 24 : 0;
		any = true;
		s = str_n(s.p + 1, s.len - 1);
	}
	return any;
}

static const struct {
	const char *name;
	double days;
} units[] = {
	{ "minute", 1.0 / 1440 },
	{ "minutes", 1.0 / 1440 },
	{ "min", 1.0 / 1440 },
	{ "minuten", 1.0 / 1440 },
	{ "h", 1.0 / 24 },
	{ "hr", 1.0 / 24 },
	{ "hrs", 1.0 / 24 },
	{ "hour", 1.0 / 24 },
	{ "hours", 1.0 / 24 },
	{ "clock hours", 1.0 / 24 },
	{ "contact hours", 1.0 / 24 },
	{ "std", 1.0 / 24 },
	{ "std.", 1.0 / 24 },
	{ "stunde", 1.0 / 24 },
	{ "stunden", 1.0 / 24 },
	{ "heure", 1.0 / 24 },
	{ "heures", 1.0 / 24 },
	{ "hora", 1.0 / 24 },
	{ "horas", 1.0 / 24 },
	{ "ore", 1.0 / 24 },
	{ "uur", 1.0 / 24 },
	{ "timmar", 1.0 / 24 },
	{ "day", 1 },
	{ "days", 1 },
	{ "tag", 1 },
	{ "tage", 1 },
	{ "jour", 1 },
	{ "jours", 1 },
	{ "dia", 1 },
	{ "dias", 1 },
	{ "d\xC3\xAD"
	  "as",
	    1 },
	{ "week", 7 },
	{ "weeks", 7 },
	{ "wk", 7 },
	{ "wks", 7 },
	{ "woche", 7 },
	{ "wochen", 7 },
	{ "semaine", 7 },
	{ "semaines", 7 },
	{ "semana", 7 },
	{ "semanas", 7 },
	{ "month", DAYS_A_MONTH },
	{ "months", DAYS_A_MONTH },
	{ "monat", DAYS_A_MONTH },
	{ "monate", DAYS_A_MONTH },
	{ "mois", DAYS_A_MONTH },
	{ "mes", DAYS_A_MONTH },
	{ "meses", DAYS_A_MONTH },
	{ "year", DAYS_A_YEAR },
	{ "years", DAYS_A_YEAR },
	{ "jahr", DAYS_A_YEAR },
	{ "jahre", DAYS_A_YEAR },
	{ "an", DAYS_A_YEAR },
	{ "ans", DAYS_A_YEAR },
};

static double
unit_days(struct str unit)
{
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (str_is_nocase(unit, units[i].name))
			return units[i].days;
	return -1;
}

/* "6 weeks"; a unit that is missing is that of the words behind ("4" of "4 to 6 weeks"). */
static const char *
read_words(struct str s, double unit_behind, struct length *out)
{
	struct str unit;
	double n, days;
	const char *why = value_number(s, &n, &unit);

	if (why != NULL)
		return why == value_unclear ? why : no_duration;
	days = unit.len == 0 ? unit_behind : unit_days(unit);
	if (days < 0)
		return no_duration;
	*out = (struct length){ n * days, days < 1 ? n * days * 24 : 0 };
	return NULL;
}

static const char *
read_length(struct str s, double unit_behind, struct length *out)
{
	const char *why = NULL;

	s = str_trim(s);
	if (s.len > 0 && s.p[0] == 'P')
		why = read_iso(s, out) ? NULL : no_duration;
	else
		why = read_words(s, unit_behind, out);
	if (why == NULL && !(out->days <= DAYS_MAX))
		why = "is longer than a life";
	return why;
}

const char *
value_duration(struct str s, double *days)
{
	struct length l;
	const char *why = read_length(s, -1, &l);

	if (why == NULL)
		*days = l.days;
	return why;
}

/* Where "to" or a dash between two numbers stands; false: there is none. */
static bool
split_range(struct str s, struct str *from, struct str *to)
{
	static const char *const marks[] = { " to ", "\xE2\x80\x93", " bis ", "-" };

	for (size_t m = 0; m < ARRAY_LEN(marks); m++) {
		const char *at = memmem(s.p, s.len, marks[m], strlen(marks[m]));

		if (at == NULL || at == s.p)
			continue;
		*from = str_n(s.p, (size_t)(at - s.p));
		*to = str_n(at + strlen(marks[m]), 0);
		to->len = (size_t)(s.p + s.len - to->p);
		return true;
	}
	return false;
}

const char *
value_durations(struct str s, double *min_days, double *max_days)
{
	struct str from, to, unit;
	struct length l, m;
	const char *why;
	double n;

	s = str_trim(s);
	if (s.len == 0 || s.p[0] == 'P' || !split_range(s, &from, &to)) {
		why = value_duration(s, min_days);
		if (why == NULL)
			*max_days = *min_days;
		return why;
	}
	why = read_length(to, -1, &m);
	if (why != NULL)
		return why;
	(void)value_number(to, &n, &unit);
	why = read_length(from, unit_days(unit), &l);
	if (why != NULL)
		return why;
	if (l.days > m.days)
		return "is longer at least than at most";
	*min_days = l.days;
	*max_days = m.days;
	return NULL;
}

const char *
value_hours(struct str s, double *hours)
{
	struct length l;
	const char *why = read_length(s, 1.0 / 24, &l);

	if (why == no_duration)
		return "is no number of hours";
	if (why != NULL)
		return why;
	if (l.days > 0 && fabs(l.days * 24 - l.hours) > 1e-6)
		return "is no number of hours, and nobody says how many a day has";
	/* What was written is not off by the last bit of a division by 24. */
	*hours = round(l.hours * 1e6) / 1e6;
	return NULL;
}

void
value_write_duration(double days, char *out, size_t size)
{
	for (size_t i = 0; i + 1 < ARRAY_LEN(iso_units);
	     i++) { /* seconds are too fine */
		double n = days / iso_units[i].days;

		if (n >= 1 && fabs(n - round(n)) < 1e-9) {
			(void)snprintf(out, size, "P%s%.0f%c",
			    iso_units[i].time ? "T" : "", round(n),
			    iso_units[i].letter);
			return;
		}
	}
	(void)snprintf(out, size, "P%.10gD", days);
}
