/*
 * numbers.c - numbers and amounts of money as people write them.
 *
 * A point may stand before decimals or between thousands, and so may a comma. Where both
 * are used the last one is that of the decimals; one that is used twice stands between
 * thousands; one that is used once, with three digits behind it, could be either. Prices
 * have no three decimals but in a few currencies, so there it is taken for thousands.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/values_priv.h"

const char value_unclear[] = "can be read in more than one way";

static const char no_number[] = "is no number";
static const char below_zero[] = "is below zero";
static const char too_large[] = "is larger than can be true";

/* Digits with all signs taken out: 1.299,00 is 129900 with 2 decimals. */
struct decimal {
	int64_t digits;
	int decimals;
	bool either; /* the one separator could be of either kind; read as thousands */
};

#define DIGITS_MAX 15

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The length of a sign between digits at s: of points, commas and what only stands between
 * thousands: apostrophes, and spaces that may be narrow or not break. */
static size_t
separator(struct str s, char *kind)
{
	static const char *const spaces[] = { " ", "\xC2\xA0", "\xE2\x80\xAF",
		"\xE2\x80\x89", "'", "\xE2\x80\x99" };

	if (s.len > 1 && (s.p[0] == '.' || s.p[0] == ',') && is_digit(s.p[1])) {
		*kind = s.p[0];
		return 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(spaces); i++) {
		size_t n = strlen(spaces[i]);

		*kind = ' ';
		if (s.len >= n + 3 && memcmp(s.p, spaces[i], n) == 0 &&
		    is_digit(s.p[n]) && is_digit(s.p[n + 1]) && is_digit(s.p[n + 2]))
			return n;
	}
	return 0;
}

/* What stands between the groups of digits. */
struct groups {
	char kind[DIGITS_MAX];
	int len[DIGITS_MAX + 1]; /* of each group */
	int n;                   /* of the signs */
	int64_t digits;
	int n_digits;
};

static bool
take_groups(struct str *s, struct groups *g)
{
	*g = (struct groups){ 0 };
	while (s->len > 0) {
		char kind;
		size_t n;

		if (is_digit(s->p[0])) {
			if (++g->n_digits > DIGITS_MAX)
				return false;
			g->digits = g->digits * 10 + (s->p[0] - '0');
			g->len[g->n]++;
			n = 1;
		} else {
			n = separator(*s, &kind);
			if (n == 0 || g->n_digits == 0)
				break;
			g->kind[g->n++] = kind;
		}
		s->p += n;
		s->len -= n;
	}
	return true;
}

static int
count_kind(const struct groups *g, char kind)
{
	int n = 0;

	for (int i = 0; i < g->n; i++)
		n += g->kind[i] == kind;
	return n;
}

/* Thousands: two (in India) or three digits a group, the last always three. */
static bool
are_thousands(const struct groups *g, int n)
{
	if (n > 0 && (g->len[0] > 3 || g->len[0] == 0))
		return false;
	for (int i = 1; i <= n; i++)
		if (g->len[i] != 3 && !(g->len[i] == 2 && i < n))
			return false;
	return true;
}

static const char *
take_decimal(struct str *s, struct decimal *out)
{
	struct str start;
	struct groups g;
	char last;

	if (s->len > 0 && (s->p[0] == '-' || s->p[0] == '+')) {
		bool minus = s->p[0] == '-';

		*s = str_n(s->p + 1, s->len - 1);
		if (minus)
			return s->len > 0 && is_digit(s->p[0]) ? below_zero : no_number;
	}
	start = *s;
	if (!take_groups(s, &g))
		return too_large;
	if (g.n_digits == 0)
		return no_number;
	*out = (struct decimal){ .digits = g.digits };
	if (g.n == 0)
		return NULL;
	last = g.kind[g.n - 1];
	if (last != ' ' && count_kind(&g, last) == 1 &&
	    !(g.n == 1 && g.len[1] == 3 && g.len[0] <= 3 && start.p[0] != '0')) {
		out->decimals = g.len[g.n];
		g.n--;
	} else {
		out->either = g.n == 1 && last != ' ';
	}
	return are_thousands(&g, g.n) ? NULL : no_number;
}

static double
as_double(const struct decimal *d)
{
	return (double)d->digits / pow(10, d->decimals);
}

const char *
value_number(struct str s, double *out, struct str *unit)
{
	struct decimal d;
	const char *why;

	s = str_trim(s);
	why = take_decimal(&s, &d);
	if (why != NULL)
		return why;
	if (unit != NULL)
		*unit = str_trim(s);
	else if (str_trim(s).len > 0)
		return no_number;
	if (d.either)
		return value_unclear;
	*out = as_double(&d);
	return NULL;
}

/* In minor units of a currency with so many of them. */
static const char *
to_minor(struct decimal d, int minor_digits, int64_t *minor)
{
	for (; d.decimals > minor_digits; d.decimals--) {
		if (d.digits % 10 != 0)
			return "has more decimals than its currency";
		d.digits /= 10;
	}
	for (; d.decimals < minor_digits; d.decimals++)
		if (__builtin_mul_overflow(d.digits, (int64_t)10, &d.digits))
			return too_large;
	*minor = d.digits;
	return NULL;
}

static bool
is_free(struct str s)
{
	static const char *const words[] = { "free", "free of charge", "gratis",
		"kostenlos", "kostenfrei", "gratuit", "gratuito", "gratuita", "no cost",
		"no charge" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is_nocase(s, words[i]))
			return true;
	return false;
}

/* The currency before or behind an amount, held against the one known otherwise. */
static const char *
take_currency(struct str word, const char *country, char currency[4])
{
	char found[4];

	word = str_trim(word);
	if (word.len == 0)
		return NULL;
	if (str_is(word, "$")) {
		const char *of = currency_of_country(country);

		if (currency[0] != '\0')
			return currency_is_dollar(currency)
			           ? NULL
			           : "is in dollars, and the currency beside it is not";
		if (of == NULL)
			return value_unclear; /* which dollar? */
		memcpy(found, of, sizeof(found));
	} else if (value_currency(word, found) != NULL) {
		return "is no amount of money";
	}
	if (currency[0] != '\0' && strcmp(currency, found) != 0)
		return "is in another currency than the one beside it";
	memcpy(currency, found, sizeof(found));
	return NULL;
}

const char *
value_money(struct str s, const char *country, char currency[4], int64_t *minor)
{
	struct str front;
	struct decimal d;
	const char *why;
	size_t i = 0;

	s = str_trim(s);
	if (is_free(s)) {
		*minor = 0;
		return NULL;
	}
	while (i < s.len && !is_digit(s.p[i]) && s.p[i] != '-' && s.p[i] != '+')
		i++;
	if (i == s.len)
		return "is no amount of money";
	front = str_n(s.p, i);
	s = str_n(s.p + i, s.len - i);
	why = take_decimal(&s, &d);
	if (why != NULL)
		return why;
	/* "20,-" and "20.--" are whole amounts. */
	while (s.len > 0 && strchr(",.-", s.p[0]) != NULL)
		s = str_n(s.p + 1, s.len - 1);
	if (str_trim(front).len > 0 && str_trim(s).len > 0)
		return "is no amount of money";
	why = take_currency(front.len > 0 ? front : s, country, currency);
	if (why != NULL)
		return why;
	if (currency[0] == '\0')
		return d.digits == 0 ? to_minor(d, 2, minor) : "has no currency";
	if (d.either && currency_digits(currency) == 3)
		return value_unclear;
	return to_minor(d, currency_digits(currency), minor);
}

const char *
value_minor(double amount, const char *currency, int64_t *minor)
{
	double unit = pow(10, currency_digits(currency));
	double n = amount * unit;

	if (!(amount >= 0))
		return below_zero;
	if (n > 9e15)
		return too_large;
	/* Binary fractions are a little beside what was written. */
	if (fabs(n - round(n)) > 1e-4)
		return "has more decimals than its currency";
	*minor = (int64_t)llround(n);
	return NULL;
}
