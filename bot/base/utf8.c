/*
 * utf8.c - Unicode text at the border, on utf8proc.
 */
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "credbot/base/utf8.h"

#define REPLACEMENT 0xFFFD
#define OBJECT_REPLACEMENT 0xFFFC
#define BRAILLE_BLANK 0x2800

/* Decodes one character of at most n bytes; its length, or 0 if the bytes are not valid. */
static size_t
decode(const char *p, size_t n, int32_t *rune)
{
	utf8proc_ssize_t len;

	if ((unsigned char)p[0] < 0x80) {
		*rune = (unsigned char)p[0];
		return 1;
	}
	len = utf8proc_iterate((const utf8proc_uint8_t *)p, (utf8proc_ssize_t)n, rune);
	return len > 0 ? (size_t)len : 0;
}

bool
utf8_valid(struct str s)
{
	int32_t rune;

	for (size_t i = 0; i < s.len;) {
		size_t n = decode(s.p + i, s.len - i, &rune);

		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

int32_t
utf8_next(struct str *s)
{
	int32_t rune = -1;
	size_t n;

	if (s->len == 0)
		return -1;
	n = decode(s->p, s->len, &rune);
	if (n == 0) {
		n = 1;
		rune = REPLACEMENT;
	}
	s->p += n;
	s->len -= n;
	return rune;
}

/* Unicode TR36, 2.1 and UAX #9: marks, embeddings, overrides and isolates. */
static bool
is_bidi_control(int32_t r)
{
	return r == 0x061C || r == 0x200E || r == 0x200F ||
	       (r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069);
}

static bool
is_dropped(int32_t r)
{
	if (r < 0x20)
		return r != '\n' && r != '\t';
	if (r >= 0x7F && r < 0xA0)
		return true;
	return is_bidi_control(r) || r == 0xFEFF || r == 0x2028 || r == 0x2029 ||
	       (r & 0xFFFE) == 0xFFFE || (r >= 0xFDD0 && r <= 0xFDEF) ||
	       (r >= 0xE0000 && r <= 0xE007F);
}

/* Appends s through utf8proc with the given options; false if it refused. */
static bool
map_into(struct str s, int options, struct buf *out)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t n;

	n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.len,
	    &mapped, (utf8proc_option_t)options);
	if (n >= 0)
		buf_add(out, mapped, (size_t)n);
	free(mapped);
	return n >= 0;
}

static bool
is_plain_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x7F || (c < 0x20 && c != '\n' && c != '\t'))
			return false;
	}
	return true;
}

void
utf8_clean(struct str s, struct buf *out)
{
	struct buf kept = { 0 };

	if (is_plain_ascii(s)) {
		buf_addstr(out, s);
		return;
	}
	while (s.len > 0) {
		int32_t r = utf8_next(&s);

		if (r == '\r') {
			if (s.len == 0 || s.p[0] != '\n')
				buf_addc(&kept, '\n');
		} else if (!is_dropped(r)) {
			buf_add_rune(&kept, r);
		}
	}
	if (!map_into(buf_str(&kept), UTF8PROC_COMPOSE | UTF8PROC_STABLE, out))
		buf_addstr(out, buf_str(&kept));
	buf_fini(&kept);
}

static void
fold_ascii(struct str s, struct buf *out)
{
	char *end = buf_reserve(out, s.len);

	for (size_t i = 0; i < s.len; i++)
		end[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + ('a' - 'A'))
		                                        : s.p[i];
	end[s.len] = '\0';
	out->len += s.len;
}

/* Typographic apostrophes are typed by phones, and the contractions need one form. */
static void
plain_apostrophes(struct buf *b, size_t from)
{
	size_t w = from;

	for (size_t r = from; r < b->len;) {
		if (b->len - r >= 3 &&
		    (memcmp(b->data + r, "\xE2\x80\x99", 3) == 0 ||
			memcmp(b->data + r, "\xE2\x80\x98", 3) == 0)) {
			b->data[w++] = '\'';
			r += 3;
		} else {
			b->data[w++] = b->data[r++];
		}
	}
	b->len = w;
	if (b->data != NULL)
		b->data[w] = '\0';
}

void
utf8_fold(struct str s, struct buf *out)
{
	size_t from = out->len;

	if (is_plain_ascii(s)) {
		fold_ascii(s, out);
		return;
	}
	if (!map_into(s,
		UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
		    UTF8PROC_STRIPMARK | UTF8PROC_IGNORE | UTF8PROC_STABLE,
		out))
		fold_ascii(s, out);
	plain_apostrophes(out, from);
}

struct str
utf8_next_grapheme(struct str *s)
{
	utf8proc_int32_t state = 0;
	struct str whole = *s;

	for (int32_t last = utf8_next(s); s->len > 0;) {
		struct str behind = *s;
		int32_t rune = utf8_next(&behind);

		if (utf8proc_grapheme_break_stateful(last, rune, &state))
			break;
		*s = behind;
		last = rune;
	}
	return str_n(whole.p, whole.len - s->len);
}

struct str
utf8_cut(struct str s, size_t max)
{
	struct str rest = s;
	size_t end = 0;

	if (s.len <= max)
		return s;
	while (s.len - rest.len <= max) {
		end = s.len - rest.len;
		(void)utf8_next_grapheme(&rest);
	}
	return str_n(s.p, end);
}

size_t
utf8_graphemes(struct str s)
{
	size_t n = 0;

	for (; s.len > 0; n++)
		(void)utf8_next_grapheme(&s);
	return n;
}

bool
utf8_is_blank(int32_t rune)
{
	utf8proc_category_t c;

	if (rune < 0x80)
		return rune <= ' ';
	if (rune == BRAILLE_BLANK || rune == OBJECT_REPLACEMENT)
		return true;
	c = utf8proc_category(rune);
	return (c >= UTF8PROC_CATEGORY_ZS && c <= UTF8PROC_CATEGORY_ZP) ||
	       utf8proc_get_property(rune)->ignorable;
}

bool
utf8_blank(struct str s)
{
	while (s.len > 0)
		if (!utf8_is_blank(utf8_next(&s)))
			return false;
	return true;
}

struct str
utf8_trim(struct str s)
{
	struct str rest = s;
	size_t start = s.len, end = s.len;

	while (rest.len > 0) {
		size_t at = s.len - rest.len;

		if (utf8_blank(utf8_next_grapheme(&rest)))
			continue;
		if (start == s.len)
			start = at;
		end = s.len - rest.len;
	}
	return str_n(s.p + start, end - start);
}

size_t
utf8_units16(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		n += (c & 0xC0) != 0x80; /* a character begins */
		n += c >= 0xF0;          /* one of four bytes: a surrogate pair */
	}
	return n;
}

static bool
skip_units16(struct str *s, int64_t units)
{
	while (units > 0) {
		int32_t rune = utf8_next(s);

		if (rune < 0)
			return false;
		units -= rune >= 0x10000 ? 2 : 1;
	}
	return units == 0;
}

enum rc
utf8_slice16(struct str s, int64_t offset, int64_t length, struct str *out)
{
	struct str from = s, behind;

	*out = str_n("", 0);
	if (!skip_units16(&from, offset))
		return RC_INVALID;
	behind = from;
	if (!skip_units16(&behind, length))
		return RC_INVALID;
	*out = str_n(from.p, from.len - behind.len);
	return RC_OK;
}

bool
utf8_is_letter(int32_t rune)
{
	utf8proc_category_t c;

	if (rune < 0x80)
		return (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z');
	c = utf8proc_category(rune);
	return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) ||
	       c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_MC;
}

bool
utf8_is_digit(int32_t rune)
{
	if (rune < 0x80)
		return rune >= '0' && rune <= '9';
	return utf8proc_category(rune) == UTF8PROC_CATEGORY_ND;
}

size_t
utf8_wordiness(struct str s)
{
	size_t n = 0;
	int32_t rune;

	while ((rune = utf8_next(&s)) >= 0)
		n += utf8_is_letter(rune) || utf8_is_digit(rune);
	return n;
}
