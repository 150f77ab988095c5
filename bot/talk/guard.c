/*
 * guard.c - numbers that a student should not have written here: cards, bank accounts,
 * passports. They are taken out before the message is stored, and never repeated.
 */
#include <ctype.h>
#include <string.h>

#include "bot/talk/turn_priv.h"

/* ISO/IEC 7812: card numbers have 8 to 19 digits; what is issued has 13 to 19. */
#define CARD_DIGITS_MIN 13
#define CARD_DIGITS_MAX 19
/* ISO 13616: an IBAN has at most 34 characters; the shortest in use has 15. */
#define IBAN_MIN 15
#define IBAN_MAX 34
/* Passport numbers have 6 to 9 characters, some of them letters (ICAO 9303: at most 9). */
#define PASSPORT_MIN 6
#define PASSPORT_MAX 9
#define PASSPORT_DIGITS_MIN 4
/* Shorter numbers are amounts, years and room numbers. */
#define NUMBER_DIGITS_MIN 5
/* What people put between the groups of a number, at most so much of it. */
#define GAP_MAX 2

struct span {
	size_t start, end;
};

static bool
is_digit_at(struct str s, size_t i)
{
	return i < s.len && isdigit((unsigned char)s.p[i]) != 0;
}

static bool
is_alnum_at(struct str s, size_t i)
{
	return i < s.len && isalnum((unsigned char)s.p[i]) != 0;
}

/* The length of one separator at i: blank, dash, dot, line feed, no-break space; 0: none. */
static size_t
separator(struct str s, size_t i)
{
	if (i >= s.len)
		return 0;
	if (strchr(" -.\n", s.p[i]) != NULL)
		return 1;
	return i + 1 < s.len && memcmp(s.p + i, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

/* Behind the separators at i, of which there may be GAP_MAX. */
static size_t
skip_gap(struct str s, size_t i)
{
	size_t n;

	for (int k = 0; k < GAP_MAX && (n = separator(s, i)) > 0; k++)
		i += n;
	return i;
}

/* Luhn's check digit (ISO/IEC 7812-1, annex B) over the digits of a span. */
static bool
luhn(struct str s, struct span of)
{
	int sum = 0, i = 0;

	for (size_t at = of.end; at > of.start; at--) {
		int d;

		if (!is_digit_at(s, at - 1))
			continue;
		d = s.p[at - 1] - '0';
		if (i++ % 2 == 1)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return sum % 10 == 0;
}

/*
 * The longest card number that starts at start, where a group of digits does: it ends where
 * a group ends, so that an expiry date behind it does not hide it.
 */
static bool
find_card(struct str s, size_t start, struct span *out)
{
	size_t digits = 0, i = start;
	bool found = false;

	for (;;) {
		while (is_digit_at(s, i) && digits <= CARD_DIGITS_MAX) {
			digits++;
			i++;
		}
		if (digits > CARD_DIGITS_MAX)
			return found;
		if (digits >= CARD_DIGITS_MIN && luhn(s, (struct span){ start, i })) {
			*out = (struct span){ start, i };
			found = true;
		}
		i = skip_gap(s, i);
		if (!is_digit_at(s, i))
			return found;
	}
}

/* The remainder by 97 of ISO 13616: letters count 10 to 35, the first four come last. */
static int
mod97(const char *iban, size_t n)
{
	int rest = 0;

	for (size_t i = 0; i < n; i++) {
		char c = iban[(i + 4) % n];

		if (isdigit((unsigned char)c))
			rest = (rest * 10 + (c - '0')) % 97;
		else
			rest = (rest * 100 + (toupper((unsigned char)c) - 'A' + 10)) %
			       97;
	}
	return rest;
}

static bool
find_iban(struct str s, size_t start, struct span *out)
{
	char compact[IBAN_MAX];
	size_t n = 0;
	bool found = false;

	if (!is_alnum_at(s, start + 3) || isdigit((unsigned char)s.p[start]) ||
	    isdigit((unsigned char)s.p[start + 1]) || !is_digit_at(s, start + 2) ||
	    !is_digit_at(s, start + 3))
		return false;
	for (size_t i = start; n < IBAN_MAX; i++) {
		if (!is_alnum_at(s, i) && separator(s, i) == 1 && is_alnum_at(s, i + 1))
			i++;
		if (!is_alnum_at(s, i))
			break;
		compact[n++] = s.p[i];
		if (n >= IBAN_MIN && !is_alnum_at(s, i + 1) && mod97(compact, n) == 1) {
			*out = (struct span){ start, i + 1 };
			found = true;
		}
	}
	return found;
}

static bool
mentions_passport(struct str s)
{
	static const char *const words[] = { "passport", "pasport", "pass port",
		"visa nr", "visa number", "id card", "national id", "identity card",
		"residence permit" };
	char low[MESSAGE_TEXT_MAX + 1];
	size_t n = s.len < sizeof(low) ? s.len : sizeof(low) - 1;

	for (size_t i = 0; i < n; i++)
		low[i] = (char)tolower((unsigned char)s.p[i]);
	low[n] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strstr(low, words[i]) != NULL)
			return true;
	return false;
}

/* A word of letters and digits, or groups of digits with blanks between them. */
static bool
find_passport(struct str s, size_t start, struct span *out)
{
	size_t i = start, digits = 0, n = 0;

	while (is_alnum_at(s, i)) {
		digits += is_digit_at(s, i);
		n++;
		i++;
		if (digits == n && i < s.len && s.p[i] == ' ' && is_digit_at(s, i + 1))
			i++;
	}
	*out = (struct span){ start, i };
	return n >= PASSPORT_MIN && n <= PASSPORT_MAX && digits >= PASSPORT_DIGITS_MIN;
}

struct masking {
	struct buf out;
	size_t copied; /* of the text, so far */
};

static void
take_out(struct masking *m, struct str s, struct span what)
{
	buf_add(&m->out, s.p + m->copied, what.start - m->copied);
	buf_adds(&m->out, GUARD_REMOVED);
	m->copied = what.end;
}

/* The text that is left; s itself if nothing was taken out. */
static struct str
finish(struct masking *m, struct arena *a, struct str s)
{
	struct str text = s;

	if (m->copied > 0) {
		buf_add(&m->out, s.p + m->copied, s.len - m->copied);
		text = arena_str(a, buf_str(&m->out));
	}
	buf_fini(&m->out);
	return text;
}

struct str
guard_mask(struct arena *a, struct str s)
{
	bool passport = mentions_passport(s);
	struct masking m = { 0 };

	for (size_t i = 0; i < s.len;) {
		struct span found;

		if (!is_alnum_at(s, i)) {
			i++;
			continue;
		}
		if ((is_digit_at(s, i) && find_card(s, i, &found)) ||
		    find_iban(s, i, &found) ||
		    (passport && find_passport(s, i, &found))) {
			take_out(&m, s, found);
			i = found.end;
			continue;
		}
		while (is_alnum_at(s, i))
			i++;
	}
	return finish(&m, a, s);
}

struct str
guard_mask_numbers(struct arena *a, struct str s)
{
	struct masking m = { 0 };

	for (size_t i = 0; i < s.len;) {
		struct span run = { i, i };
		size_t digits = 0;

		if (!is_digit_at(s, i)) {
			i++;
			continue;
		}
		for (size_t k = i; is_digit_at(s, k); k = skip_gap(s, k))
			for (; is_digit_at(s, k); k++) {
				digits++;
				run.end = k + 1;
			}
		if (digits >= NUMBER_DIGITS_MIN)
			take_out(&m, s, run);
		i = run.end;
	}
	return finish(&m, a, s);
}

bool
guard_was_masked(struct str s)
{
	size_t n = strlen(GUARD_REMOVED);

	for (size_t i = 0; i + n <= s.len; i++)
		if (memcmp(s.p + i, GUARD_REMOVED, n) == 0)
			return true;
	return false;
}
