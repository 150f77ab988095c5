/*
 * number.c - numbers as people all over the world write them: 1.500, 1,500, 1 500, 2,00,000,
 * 4k, 1.5 lakh, three hundred, two and a half.
 */
#include <math.h>
#include <string.h>

#include "bot/catalog/reading_priv.h"

/* No price is larger; keeps minor units within 64 bits. */
#define NUMBER_MAX 1e12

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where the decimals begin; the length of the text if there are none. */
static size_t
decimals_at(struct str s)
{
	size_t last = s.len, first = s.len, n = 0;
	bool mixed = false;

	for (size_t i = 0; i < s.len; i++) {
		if (is_digit(s.p[i]))
			continue;
		mixed = mixed || (n > 0 && s.p[i] != s.p[last]);
		first = n == 0 ? i : first;
		last = i;
		n++;
	}
	if (n == 0 || s.p[last] == '\'')
		return s.len;
	if (mixed) /* 1.500,50: the last one is the decimal one, unless it parts thousands */
		return s.len - last - 1 == 3 && n > 2 ? s.len : last;
	if (n > 1) /* 2,00,000 */
		return s.len;
	/* 1.500 is a thousand and a half of it; 0.500 is not. */
	if (s.len - last - 1 == 3 && first <= 3 && !(first == 1 && s.p[0] == '0'))
		return s.len;
	return last;
}

double
number_value(struct str s)
{
	size_t point = decimals_at(s);
	double value = 0, share = 1;

	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.p[i]))
			continue;
		if (i < point) {
			value = value * 10 + (s.p[i] - '0');
		} else {
			share /= 10;
			value += share * (s.p[i] - '0');
		}
		if (value > NUMBER_MAX)
			return NUMBER_MAX;
	}
	return value;
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.len > 0;
}

/* 15 000 and 1 200 000: groups of three behind blanks. */
static bool
is_group(const struct reading *r, size_t i)
{
	return i < r->n && r->marks[i].kind == MARK_NUMBER && !r->marks[i].used &&
	       reading_text(r, i).len == 3 && all_digits(reading_text(r, i));
}

static void
read_digits(const struct reading *r, size_t i, struct number *out)
{
	struct str s = reading_text(r, i);

	out->value = number_value(s);
	out->digits = true;
	out->end = i + 1;
	if (!all_digits(s) || s.len > 3 || s.p[0] == '0')
		return;
	for (; is_group(r, out->end) && out->value < NUMBER_MAX; out->end++)
		out->value = out->value * 1000 +
		             number_value(reading_text(r, out->end));
}

/* "twenty five", "three": numbers under a hundred in words. */
static bool
read_small(const struct reading *r, size_t i, struct number *out)
{
	const struct term *t = reading_term(r, i, TERM_NUMBER), *more;

	if (t == NULL)
		return false;
	out->value = t->value;
	out->end = i + 1;
	more = reading_term(r, out->end, TERM_NUMBER);
	if (more != NULL && t->value >= 20 && more->value >= 1 && more->value < 10 &&
	    fmod(t->value, 10) < 0.5) {
		out->value += more->value;
		out->end++;
	}
	return true;
}

/* The factor at mark i: single letters count at digits alone. */
static const struct term *
factor_at(const struct reading *r, size_t i, bool digits)
{
	const struct term *t = reading_term(r, i, TERM_FACTOR);

	if (t == NULL || (reading_text(r, i).len == 1 && !digits))
		return NULL;
	if (reading_text(r, i).len == 1 && t->value > 1000 &&
	    !r->tokens.v[r->marks[i].tok].glued)
		return NULL;
	return t;
}

/* "two and a half", "2 and a half" */
static void
read_half(const struct reading *r, struct number *out)
{
	const struct term *half;

	if ((reading_cues(r, out->end) & CUE_BIT(CUE_AND)) == 0)
		return;
	half = reading_term(r, out->end + 1, TERM_NUMBER);
	if (half == NULL || half->value <= 0.4 || half->value >= 0.6)
		return;
	out->value += half->value;
	out->end += 2;
}

/* "two thousand five hundred": what follows a factor and is smaller. */
static void
read_rest(const struct reading *r, double factor, struct number *out)
{
	struct number rest = { 0 };
	size_t i = out->end;

	if (out->digits)
		return;
	if ((reading_cues(r, i) & CUE_BIT(CUE_AND)) != 0)
		i++;
	if (!read_small(r, i, &rest))
		return;
	if (factor_at(r, rest.end, false) != NULL) {
		double f = factor_at(r, rest.end, false)->value;

		if (f >= factor)
			return;
		rest.value *= f;
		rest.end++;
	}
	if (rest.value < factor && rest.value >= 1) {
		out->value += rest.value;
		out->end = rest.end;
	}
}

bool
reading_number(const struct reading *r, size_t i, struct number *out)
{
	const struct term *factor;

	*out = (struct number){ 0 };
	if (i >= r->n || r->marks[i].used)
		return false;
	if (r->marks[i].kind == MARK_NUMBER)
		read_digits(r, i, out);
	else if (!read_small(r, i, out))
		return false;
	read_half(r, out);
	while ((factor = factor_at(r, out->end, out->digits)) != NULL &&
	       out->value * factor->value <= NUMBER_MAX) {
		out->value *= factor->value;
		out->factor = true;
		out->lakh = out->lakh || factor->value == 1e5 || factor->value == 1e7;
		out->end++;
		read_rest(r, factor->value, out);
	}
	return true;
}
