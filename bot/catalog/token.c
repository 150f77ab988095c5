/*
 * token.c - a message as words, numbers and signs.
 */
#include <string.h>

#include "bot/catalog/token_priv.h"
#include "credbot/base/buf.h"
#include "credbot/base/utf8.h"

#define CAPITALS_MAX 3
/* Quoted words are searched for as they are; what is longer is no search. */
#define QUOTE_MAX 60

struct reader {
	struct tokens *t;
	struct str text;
	size_t at;
	bool capitals_tell;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_big(char c)
{
	return c >= 'A' && c <= 'Z';
}

static char
peek(const struct reader *r, size_t ahead)
{
	return r->at + ahead < r->text.len ? r->text.p[r->at + ahead] : '\0';
}

/* The character at *at without moving; its size in bytes goes to size. */
static int32_t
rune_at(const struct reader *r, size_t at, size_t *size)
{
	struct str rest = str_n(r->text.p + at, r->text.len - at);
	int32_t rune = utf8_next(&rest);

	*size = r->text.len - at - rest.len;
	return rune;
}

static bool
is_mark(int32_t rune)
{
	return (rune >= 0x300 && rune < 0x370) || (rune >= 0x900 && rune < 0xE00);
}

/* Bytes of the letter at at; 0: none. Marks that stand by themselves go with their letter. */
static size_t
letter_size(const struct reader *r, size_t at)
{
	size_t size;
	int32_t rune;

	if (at >= r->text.len)
		return 0;
	if ((unsigned char)r->text.p[at] < 0x80)
		return is_small(r->text.p[at]) || is_big(r->text.p[at]) ? 1 : 0;
	rune = rune_at(r, at, &size);
	return utf8_is_letter(rune) || is_mark(rune) ? size : 0;
}

/* Bytes of an apostrophe at at; 0: none. */
static size_t
apostrophe_size(const struct reader *r, size_t at)
{
	if (at >= r->text.len)
		return 0;
	if (r->text.p[at] == '\'' || r->text.p[at] == '`')
		return 1;
	return at + 3 <= r->text.len &&
	               (memcmp(r->text.p + at, "\xE2\x80\x99", 3) == 0 ||
			   memcmp(r->text.p + at, "\xE2\x80\x98", 3) == 0)
	           ? 3
	           : 0;
}

bool
token_is_capitals(struct str raw)
{
	for (size_t i = 0; i < raw.len; i++)
		if (!is_big(raw.p[i]))
			return false;
	return raw.len > 0 && raw.len <= CAPITALS_MAX;
}

static struct token *
add(struct reader *r, enum token_kind kind, size_t start)
{
	struct tokens *t = r->t;
	struct token *k;

	if (t->n == TOKENS_MAX)
		return NULL;
	k = &t->v[t->n];
	*k = (struct token){ .kind = (uint8_t)kind, .at = (uint16_t)start };
	k->len = (uint16_t)(r->at - start);
	k->glued = t->n > 0 && t->v[t->n - 1].at + t->v[t->n - 1].len == start;
	t->n++;
	return k;
}

/* Copies the folded text of raw behind what was kept. */
static struct str
keep(struct tokens *t, struct str raw)
{
	char *start = t->text + t->used;

	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.p[i];

		if (t->used == TOKEN_TEXT_MAX)
			return str_n(start, 0);
		if (c != '\'' && c != '`')
			t->text[t->used++] = is_big(c) ? (char)(c | 0x20) : c;
	}
	return str_n(start, (size_t)(t->text + t->used - start));
}

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

static void
set_text(struct reader *r, struct token *k, struct str raw)
{
	struct buf folded = { 0 };

	if (k == NULL)
		return;
	if (is_ascii(raw)) {
		k->text = keep(r->t, raw);
		return;
	}
	utf8_fold(raw, &folded);
	k->text = keep(r->t, buf_str(&folded));
	buf_fini(&folded);
}

/* "key held down": three and more of one letter become one. Works in place. */
static void
cut_runs(struct tokens *t, struct token *k)
{
	char copy[64];
	size_t n = 0, run;

	if (k->text.len < 4 || k->text.len > sizeof(copy))
		return;
	for (size_t i = 0; i < k->text.len; i += run) {
		for (run = 1; i + run < k->text.len && is_small(k->text.p[i]) &&
			      k->text.p[i + run] == k->text.p[i];)
			run++;
		for (size_t j = 0; j < (run > 2 ? 1 : run); j++)
			copy[n++] = k->text.p[i];
	}
	if (n == k->text.len || n == 0)
		return;
	memcpy(t->text + (k->text.p - t->text), copy, n); /* where it lies */
	k->text.len = n;
}

/* "B.Com", "M.Sc", "B.Tech": degrees, no ends of sentences. Bytes of it; 0: none. */
static size_t
degree_size(const struct reader *r)
{
	size_t end = r->at + 2;
	char first = peek(r, 0);

	if ((first | 0x20) != 'b' && (first | 0x20) != 'm')
		return 0;
	if (peek(r, 1) != '.')
		return 0;
	while (letter_size(r, end) == 1)
		end++;
	return letter_size(r, end) == 0 && end - r->at >= 4 && end - r->at <= 6
	           ? end - r->at
	           : 0;
}

static bool
read_degree(struct reader *r)
{
	size_t start = r->at, size = degree_size(r);
	char word[8];
	struct token *k;

	if (size == 0)
		return false;
	word[0] = (char)(r->text.p[start] | 0x20);
	for (size_t i = 2; i < size; i++)
		word[i - 1] = (char)(r->text.p[start + i] | 0x20);
	r->at += size;
	k = add(r, TOKEN_WORD, start);
	if (k != NULL)
		k->text = keep(r->t, str_n(word, size - 1));
	return true;
}

/* "u.s.a." and "a.i.": letters with dots between. Moves behind it; false if it is none. */
static bool
read_dotted(struct reader *r)
{
	size_t start = r->at, end = start;
	char word[8];
	size_t n = 0;
	struct token *k;

	while (n < sizeof(word) && letter_size(r, end) == 1 && end + 1 < r->text.len &&
	       r->text.p[end + 1] == '.' && letter_size(r, end + 2) <= 1) {
		word[n++] = (char)(r->text.p[end] | 0x20);
		end += 2;
	}
	if (n < sizeof(word) && letter_size(r, end) == 1 &&
	    letter_size(r, end + 1) == 0 && n > 0)
		word[n++] = (char)(r->text.p[end++] | 0x20);
	else if (letter_size(r, end) > 0)
		return false;
	if (n < 2)
		return false;
	r->at = end;
	k = add(r, TOKEN_WORD, start);
	if (k != NULL)
		k->text = keep(r->t, str_n(word, n));
	return true;
}

static void
read_word(struct reader *r)
{
	size_t start = r->at, size;
	struct token *k;
	struct str raw;

	if (read_dotted(r) || read_degree(r))
		return;
	for (;;) {
		size = letter_size(r, r->at);
		if (size == 0) {
			size = apostrophe_size(r, r->at);
			if (size == 0 || letter_size(r, r->at + size) == 0)
				break;
		}
		r->at += size;
	}
	if (r->at - start == 1 && (peek(r, 0) == '+' || peek(r, 0) == '#')) {
		while (peek(r, 0) == '+' || peek(r, 0) == '#') /* c++, c# */
			r->at++;
	}
	raw = str_n(r->text.p + start, r->at - start);
	k = add(r, TOKEN_WORD, start);
	set_text(r, k, raw);
	if (k == NULL)
		return;
	cut_runs(r->t, k);
	k->capitals = r->capitals_tell && token_is_capitals(raw);
	/* "Rs. 500" */
	if (str_is(k->text, "rs") && peek(r, 0) == '.')
		r->at++;
}

static void
read_number(struct reader *r)
{
	size_t start = r->at;
	struct token *k;

	while (is_digit(peek(r, 0)) ||
	       ((peek(r, 0) == '.' || peek(r, 0) == ',' || peek(r, 0) == '\'') &&
		   is_digit(peek(r, 1))))
		r->at++;
	k = add(r, TOKEN_NUMBER, start);
	set_text(r, k, str_n(r->text.p + start, r->at - start));
}

static void
add_word(struct reader *r, size_t size, const char *word)
{
	size_t start = r->at;
	struct token *k;

	r->at += size;
	k = add(r, TOKEN_WORD, start);
	if (k != NULL)
		k->text = str_of(word);
}

static void
add_sign(struct reader *r, size_t size, char sign)
{
	size_t start = r->at;
	struct token *k;

	r->at += size;
	if (r->t->n > 0 && r->t->v[r->t->n - 1].kind == TOKEN_SIGN &&
	    r->t->v[r->t->n - 1].sign == sign)
		return;
	k = add(r, TOKEN_SIGN, start);
	if (k != NULL)
		k->sign = sign;
}

/* "/week" is "per week"; between numbers it belongs to a date; "berlin/munich" is a list. */
static void
read_slash(struct reader *r)
{
	static const char *const units[] = { "w", "wk", "week", "d", "day", "h", "hr",
		"hour", "m", "mo", "mth", "month", "y", "yr", "year" };
	size_t n = 0;

	while (is_small(peek(r, n + 1)))
		n++;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (str_is(str_n(r->text.p + r->at + 1, n), units[i])) {
			add_word(r, 1, "per");
			return;
		}
	}
	if (is_digit(peek(r, 1)) && r->at > 0 && is_digit(r->text.p[r->at - 1]))
		add_sign(r, 1, '/');
	else
		r->at++;
}

/* A dash within a word parts it; one in blanks is a pause; one at numbers is a range. */
static void
read_dash(struct reader *r, size_t size)
{
	bool before = r->at > 0 && r->text.p[r->at - 1] == ' ';
	bool after = peek(r, size) == ' ' || peek(r, size) == '\n';
	const struct token *last = r->t->n > 0 ? &r->t->v[r->t->n - 1] : NULL;
	bool number = last != NULL && last->kind == TOKEN_NUMBER;

	if (last != NULL && last->glued && r->t->n > 1) /* "1k-2k" */
		number = number || last[-1].kind == TOKEN_NUMBER;
	if (number || is_digit(peek(r, size)) || (before && after) || before != after ||
	    r->at == 0)
		add_sign(r, size, '-');
	else
		r->at += size;
}

/* Words in double quotes are searched for as they are. */
static bool
read_quote(struct reader *r)
{
	size_t start = r->at;
	struct str inside = str_n(r->text.p + start + 1, r->text.len - start - 1);
	const char *end = memchr(inside.p, '"', inside.len);
	struct token *k;

	if (end == NULL || end == inside.p || end - inside.p > QUOTE_MAX)
		return false;
	inside.len = (size_t)(end - inside.p);
	r->at += inside.len + 2;
	k = add(r, TOKEN_QUOTE, start);
	if (k != NULL)
		k->text = keep(r->t, inside);
	return true;
}

static void
read_sign(struct reader *r)
{
	switch (peek(r, 0)) {
	case '\n':
	case '.':
	case ',':
	case ';':
	case ':':
	case '!':
	case '?':
	case '(':
	case ')':
		add_sign(r, 1, peek(r, 0));
		break;
	case '&':
	case '+':
		add_word(r, 1, "and");
		break;
	case '$':
		add_word(r, 1, "$");
		break;
	case '<':
		add_word(r, 1, "<");
		break;
	case '>':
		add_word(r, 1, ">");
		break;
	case '~':
		add_word(r, 1, "about");
		break;
	case '/':
		read_slash(r);
		break;
	case '-':
		read_dash(r, 1);
		break;
	case '"':
		if (!read_quote(r))
			r->at++;
		break;
	default:
		r->at++;
	}
}

/* Signs of money are words; all else that is no letter parts words. */
static void
read_rune(struct reader *r)
{
	size_t size, start = r->at;
	int32_t rune = rune_at(r, r->at, &size);
	struct token *k;

	if (rune == 0x2013 || rune == 0x2014 || rune == 0x2212) {
		read_dash(r, size);
	} else if (rune == 0xBD) { /* one half */
		r->at += size;
		k = add(r, TOKEN_NUMBER, start);
		if (k != NULL)
			k->text = str_of("0.5");
	} else if (rune == 0xA3 || rune == 0xA5 || (rune >= 0x20A0 && rune <= 0x20CF) ||
		   rune == 0xE3F) {
		r->at += size;
		k = add(r, TOKEN_WORD, start);
		if (k != NULL)
			k->text = keep(r->t, str_n(r->text.p + start, size));
	} else if (utf8_is_blank(rune) || rune < 0) {
		r->at += size > 0 ? size : 1;
	} else {
		add_sign(r, size, ',');
	}
}

static bool
has_small_letters(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_small(s.p[i]))
			return true;
	return false;
}

void
token_read(struct tokens *t, struct str text)
{
	struct reader r = { .t = t, .text = text };

	t->n = 0;
	t->used = 0;
	r.capitals_tell = has_small_letters(text) || text.len <= CAPITALS_MAX;
	while (r.at < text.len && t->n < TOKENS_MAX) {
		if (letter_size(&r, r.at) > 0)
			read_word(&r);
		else if (is_digit(text.p[r.at]))
			read_number(&r);
		else if ((unsigned char)text.p[r.at] < 0x80)
			read_sign(&r);
		else
			read_rune(&r);
	}
}
