/*
 * str.c - text that is being read.
 */
#include <string.h>
#include <strings.h>

#include "credbot/base/str.h"

struct str
str_of(const char *s)
{
	return str_n(s, s == NULL ? 0 : strlen(s));
}

struct str
str_n(const char *p, size_t len)
{
	return (struct str){ p, len };
}

bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool
str_is(struct str a, const char *b)
{
	return str_eq(a, str_of(b));
}

bool
str_starts(struct str a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.len >= n && memcmp(a.p, prefix, n) == 0;
}

bool
str_ends(struct str a, const char *suffix)
{
	size_t n = strlen(suffix);

	return a.len >= n && memcmp(a.p + a.len - n, suffix, n) == 0;
}

bool
str_is_nocase(struct str a, const char *b)
{
	return a.len == strlen(b) && strncasecmp(a.p, b, a.len) == 0;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_trim(struct str s)
{
	while (s.len > 0 && is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}

struct str
str_cut(struct str *rest, char sep)
{
	const char *at = rest->len == 0 ? NULL : memchr(rest->p, sep, rest->len);
	struct str part = *rest;

	if (at == NULL) {
		*rest = str_n(NULL, 0);
		return part;
	}
	part.len = (size_t)(at - rest->p);
	*rest = str_n(at + 1, rest->len - part.len - 1);
	return part;
}

struct str
str_put(char **at, struct str s)
{
	struct str kept = str_n(*at, s.len);

	if (s.len > 0)
		memcpy(*at, s.p, s.len);
	*at += s.len;
	return kept;
}

enum rc
str_to_int(struct str s, int64_t min, int64_t max, int64_t *out)
{
	bool negative = s.len > 0 && s.p[0] == '-';
	int64_t v = 0;

	if (s.len == (negative ? 1 : 0))
		return RC_INVALID;
	for (size_t i = negative; i < s.len; i++) {
		int digit = s.p[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, digit, &v))
			return RC_INVALID;
	}
	if (!negative && __builtin_sub_overflow((int64_t)0, v, &v))
		return RC_INVALID;
	if (v < min || v > max)
		return RC_INVALID;
	*out = v;
	return RC_OK;
}

static unsigned
min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

unsigned
str_distance(struct str a, struct str b, unsigned limit)
{
	unsigned rows[3][STR_OSA_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *cur = rows[2];

	if (a.len > STR_OSA_MAX || b.len > STR_OSA_MAX ||
	    (a.len > b.len ? a.len - b.len : b.len - a.len) > limit)
		return limit + 1;
	for (size_t j = 0; j <= b.len; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= a.len; i++) {
		unsigned *spare = before, best = (unsigned)i;

		cur[0] = (unsigned)i;
		for (size_t j = 1; j <= b.len; j++) {
			unsigned same = a.p[i - 1] == b.p[j - 1] ? 0 : 1;

			cur[j] = min3(last[j] + 1, cur[j - 1] + 1, last[j - 1] + same);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] && before[j - 2] + 1 < cur[j])
				cur[j] = before[j - 2] + 1;
			if (cur[j] < best)
				best = cur[j];
		}
		if (best > limit)
			return limit + 1;
		before = last;
		last = cur;
		cur = spare;
	}
	return last[b.len] > limit ? limit + 1 : last[b.len];
}
