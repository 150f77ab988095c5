/*
 * json_split_word.c - keys, strings, numbers and words on the way along the paths.
 */
#include <string.h>

#include "bot/base/json_scan_priv.h"
#include "bot/base/json_split_priv.h"

#define REPLACEMENT 0xFFFD

static enum digits
next_digit(enum digits d, char c)
{
	bool digit = c >= '0' && c <= '9';

	switch (d) {
	case D_MINUS:
		return c == '0' ? D_ZERO : digit ? D_INT : D_WRONG;
	case D_INT:
		if (digit)
			return D_INT;
		/* fallthrough */
	case D_ZERO:
		return c == '.' ? D_DOT : c == 'e' || c == 'E' ? D_E : D_WRONG;
	case D_FRAC:
		if (c == 'e' || c == 'E')
			return D_E;
		/* fallthrough */
	case D_DOT:
		return digit ? D_FRAC : D_WRONG;
	case D_E:
		if (c == '+' || c == '-')
			return D_SIGN;
		/* fallthrough */
	default:
		return digit ? D_EXP : D_WRONG;
	}
}

bool
json_split_token_is_whole(const struct json_split *s)
{
	if (s->word != NULL)
		return *s->word == '\0';
	return s->digits == D_ZERO || s->digits == D_INT || s->digits == D_FRAC ||
	       s->digits == D_EXP;
}

const char *
json_split_read_token(struct json_split *s, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (json_split_ends_token(*p)) {
			if (!json_split_token_is_whole(s))
				return json_split_wrong(s, p,
				    "a number or word ends early");
			json_split_value_ended(s);
			return p;
		}
		if (s->word == NULL) {
			s->digits = next_digit(s->digits, *p);
			if (s->digits == D_WRONG)
				return json_split_wrong(s, p, "not a number");
		} else if (*s->word++ != *p) {
			return json_split_wrong(s, p, "not a word of JSON");
		}
	}
	return p;
}

const char *
json_split_token_begin(struct json_split *s, const char *p)
{
	bool number = *p == '-' || (*p >= '0' && *p <= '9');

	s->state = IN_TOKEN;
	s->digits = D_MINUS; /* as if it had been there: the same may follow */
	s->word = *p == 't' ? "true" : *p == 'f' ? "false" : *p == 'n' ? "null" : NULL;
	if (s->word == NULL && !number)
		return json_split_wrong(s, p, "a value is missing");
	return *p == '-' ? p + 1 : p;
}

static void
key_add(struct json_split *s, const char *p, size_t n)
{
	struct frame *f = &s->frame[s->frames - 1];

	if (f->key_too_long)
		return;
	f->key_too_long = n > JSON_SPLIT_KEY_MAX - f->key.len;
	if (!f->key_too_long)
		buf_add(&f->key, p, n);
}

static void
key_add_rune(struct json_split *s, uint32_t rune)
{
	struct frame *f;

	if (s->state != IN_KEY)
		return; /* a string, which may stand in no frame */
	f = &s->frame[s->frames - 1];
	if (f->key_too_long)
		return;
	buf_add_rune(&f->key, (int32_t)rune);
	f->key_too_long = f->key.len > JSON_SPLIT_KEY_MAX;
}

/* The first half of a pair that no second half follows. */
static void
drop_high(struct json_split *s)
{
	if (s->high != 0)
		key_add_rune(s, REPLACEMENT);
	s->high = 0;
}

static void
take_unit(struct json_split *s)
{
	bool low = s->unit >= 0xDC00 && s->unit <= 0xDFFF;

	if (low && s->high != 0) {
		key_add_rune(s,
		    0x10000 + ((s->high - 0xD800) << 10) + (s->unit - 0xDC00));
		s->high = 0;
		return;
	}
	drop_high(s);
	if (s->unit >= 0xD800 && s->unit <= 0xDBFF)
		s->high = s->unit;
	else
		key_add_rune(s, low ? REPLACEMENT : s->unit);
}

static const char *
read_hex(struct json_split *s, const char *p)
{
	uint32_t digit;

	if (*p >= '0' && *p <= '9')
		digit = (uint32_t)(*p - '0');
	else if (*p >= 'a' && *p <= 'f')
		digit = (uint32_t)(*p - 'a' + 10);
	else if (*p >= 'A' && *p <= 'F')
		digit = (uint32_t)(*p - 'A' + 10);
	else
		return json_split_wrong(s, p, "\\u needs four hexadecimal digits");
	s->unit = s->unit << 4 | digit;
	s->hex--;
	if (s->hex == 0)
		take_unit(s);
	return p + 1;
}

static const char *
read_escape(struct json_split *s, const char *p)
{
	static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *name = *p != '\0' ? strchr(names, *p) : NULL;

	s->escape = false;
	if (*p == 'u') {
		s->hex = 4;
		s->unit = 0;
	} else if (name != NULL) {
		drop_high(s);
		key_add_rune(s, (uint32_t)means[name - names]);
	} else {
		return json_split_wrong(s, p, "no such escape");
	}
	return p + 1;
}

/* One byte of a sequence; RFC 3629 leaves out overlong forms, surrogates, and the end. */
static const char *
read_utf8(struct json_split *s, const char *p)
{
	unsigned char c = (unsigned char)*p;

	if (s->tail > 0) {
		if (c < s->lo || c > s->hi)
			return json_split_wrong(s, p, "not UTF-8");
		s->tail--;
	} else if (c >= 0xC2 && c <= 0xF4) {
		s->tail = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
	} else {
		return json_split_wrong(s, p, "not UTF-8");
	}
	s->lo = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
	s->hi = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
	if (s->state == IN_KEY)
		key_add(s, p, 1);
	return p + 1;
}

/* Which paths does the key lead to? */
static void
key_ended(struct json_split *s)
{
	const struct frame *f = &s->frame[s->frames - 1];

	s->next = 0;
	s->state = AT_COLON;
	for (size_t i = 0; i < s->paths && !f->key_too_long; i++) {
		const struct step *step = &s->path[i].step[s->frames - 1];

		if ((f->in >> i & 1) != 0 &&
		    (step->kind == STEP_ANY || str_eq(step->key, buf_str(&f->key))))
			s->next |= UINT64_C(1) << i;
	}
}

const char *
json_split_string_begin(struct json_split *s, const char *p, enum state state)
{
	s->state = state;
	s->escape = false;
	s->hex = 0;
	s->high = 0;
	s->tail = 0;
	if (state == IN_KEY) {
		buf_clear(&s->frame[s->frames - 1].key);
		s->frame[s->frames - 1].key_too_long = false;
	}
	return p + 1;
}

/* Up to a byte that needs thought, and what becomes of that one. */
const char *
json_split_read_string(struct json_split *s, const char *p, const char *end)
{
	const char *special;

	if (s->hex > 0)
		return read_hex(s, p);
	if (s->escape)
		return read_escape(s, p);
	if (s->tail > 0)
		return read_utf8(s, p);
	if (*p == '\\') {
		s->escape = true;
		return p + 1;
	}
	drop_high(s);
	special = json_scan_special(p, end);
	if (special > p) {
		if (s->state == IN_KEY)
			key_add(s, p, (size_t)(special - p));
		return special;
	}
	if ((unsigned char)*p >= 0x80)
		return read_utf8(s, p);
	if (*p != '"')
		return json_split_wrong(s, p, "a control character in a string");
	if (s->state == IN_KEY)
		key_ended(s);
	else
		json_split_value_ended(s);
	return p + 1;
}
