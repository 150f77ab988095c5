/*
 * program_own.c - reads the line that program_write.c wrote, in place of a reader that takes
 * what anybody writes: an index of the catalog is made of all of them.
 *
 * It goes once over a copy of the line, in which texts stay where they are and end with NUL.
 * Whatever is not exactly as we write it, another order of the members even, is refused, and
 * left to the reader for everybody.
 */
#include <assert.h>
#include <string.h>

#include "bot/catalog/program_form_priv.h"
#include "bot/catalog/values_priv.h"
#include "credbot/base/utf8.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"

/* So many digits are exact in a double, and so are as many decimals. */
#define DIGITS_MAX 15

struct own {
	struct arena *a;
	char *p; /* what is next; there is a NUL at the end */
};

static bool
take(struct own *o, char c)
{
	if (*o->p != c)
		return false;
	o->p++;
	return true;
}

static bool
take_word(struct own *o, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(o->p, word, n) != 0)
		return false;
	o->p += n;
	return true;
}

/* The character behind a backslash; NUL: one that we write as a number, or none. */
static char
unescaped(char c, bool block)
{
	switch (c) {
	case '"':
	case '\\':
		return c;
	case 'n':
		return block ? '\n' : '\0';
	default:
		return '\0';
	}
}

/* A string, ended with NUL where its closing quote was. */
static bool
take_text(struct own *o, bool block, const char **out)
{
	char *from = o->p + 1, *to;

	if (!take(o, '"'))
		return false;
	*out = from;
	while ((unsigned char)*from >= ' ' && *from != '"' && *from != '\\')
		from++;
	to = from;
	while (*from != '"') {
		if ((unsigned char)*from < ' ')
			return false;
		if (*from == '\\') {
			*to = unescaped(*++from, block);
			if (*to++ == '\0')
				return false;
			from++;
		} else {
			*to++ = *from++;
		}
	}
	o->p = from + 1;
	*to = '\0';
	return true;
}

/* Digits, up to 15 with those behind the point: nothing we write has more but what is beyond
 * all bounds. */
static bool
take_number(struct own *o, double *out)
{
	static const double tens[DIGITS_MAX + 1] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6,
		1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	int64_t digits = 0;
	size_t n = 0, decimals = 0;
	bool point = false;

	for (; (*o->p >= '0' && *o->p <= '9') || (*o->p == '.' && !point); o->p++) {
		if (*o->p == '.') {
			point = true;
			continue;
		}
		digits = digits * 10 + (*o->p - '0');
		decimals += point;
		if (++n > DIGITS_MAX)
			return false;
	}
	*out = (double)digits / tens[decimals];
	return n > 0 && (*o->p == ',' || *o->p == '}');
}

static bool
take_whole(struct own *o, int64_t *out)
{
	double v;
	bool good = take_number(o, &v);

	*out = good ? (int64_t)v : 0;
	return good && (double)*out == v;
}

static bool
take_code(struct own *o, char *out, size_t size)
{
	const char *s;

	if (!take_text(o, false, &s) || strlen(s) >= size)
		return false;
	memcpy(out, s, strlen(s) + 1);
	return true;
}

static bool
take_days(struct own *o, double *out)
{
	const char *s;

	return take_text(o, false, &s) && value_duration(str_of(s), out) == NULL;
}

static bool
take_enum(struct own *o, const struct form *f, int *out)
{
	const char *s;

	if (!take_text(o, false, &s))
		return false;
	*out = f->value(str_of(s));
	return *out >= 0;
}

static bool
take_known(struct own *o, enum known *out)
{
	*out = take_word(o, "true") ? KNOWN_YES : KNOWN_NO;
	return *out == KNOWN_YES || take_word(o, "false");
}

/* Goes on to the next element of a list that was opened, or behind its end. */
static bool
next(struct own *o, size_t n, char end, bool *good)
{
	if (take(o, end))
		return false;
	*good = n < PROGRAM_LIST_MAX && (n == 0 || take(o, ','));
	return *good;
}

static bool
take_modes(struct own *o, unsigned *out)
{
	bool good = take(o, '[');
	const char *s;
	int bit;

	for (size_t n = 0; good && next(o, n, ']', &good); n++) {
		bit = take_text(o, false, &s) ? program_mode_of(str_of(s)) : -1;
		good = bit > 0;
		*out |= good ? (unsigned)bit : 0;
	}
	return good;
}

static bool
take_names(struct own *o, struct names *out)
{
	const char *v[PROGRAM_LIST_MAX];
	bool good = take(o, '[');
	size_t n = 0;

	for (; good && next(o, n, ']', &good); n++)
		good = take_text(o, false, &v[n]);
	out->at = arena_alloc(o->a, n * sizeof(*v) + 1);
	memcpy(out->at, v, n * sizeof(*v));
	out->n = n;
	return good;
}

static bool
take_texts(struct own *o, bool block, struct texts *out)
{
	struct text_lang v[PROGRAM_LIST_MAX], *at;
	bool good = take(o, '{');
	size_t n = 0;

	for (; good && next(o, n, '}', &good); n++) {
		good = take_text(o, false, &v[n].lang) && take(o, ':') &&
		       take_text(o, block, &v[n].text);
		if (good && strcmp(v[n].lang, "und") == 0)
			v[n].lang = "";
	}
	at = arena_alloc(o->a, n * sizeof(*v) + 1);
	memcpy(at, v, n * sizeof(*v));
	out->at = at;
	out->n = n;
	return good;
}

/* JSON that we kept as it came: up to where its braces are closed. */
static bool
take_extra(struct own *o, const char **out)
{
	char *from = o->p;
	size_t depth = 0;
	bool quoted = false;

	for (; *o->p != '\0'; o->p++) {
		if (*o->p == '"')
			quoted = !quoted;
		else if (quoted && *o->p == '\\' && o->p[1] != '\0')
			o->p++;
		else if (!quoted && *o->p == '{')
			depth++;
		else if (!quoted && *o->p == '}' && depth > 0 && --depth == 0)
			break;
		else if (depth == 0)
			return false;
	}
	if (*o->p == '\0')
		return false;
	o->p++;
	*out = arena_strndup(o->a, from, (size_t)(o->p - from));
	return true;
}

static bool take_members(struct own *o, const struct form *f, char *to);

/* What is left out is unknown, which is not always 0. */
static void
set_unknown(const struct form *f, char *to)
{
	const double number = NUMBER_UNKNOWN;
	const int64_t money = MONEY_UNKNOWN;

	for (; f->key != NULL; f++) {
		if (f->kind == FORM_MINOR)
			memcpy(to + f->at, &money, sizeof(money));
		if (f->kind == FORM_NUMBER)
			memcpy(to + f->at, &number, sizeof(number));
	}
}

static bool
take_list(struct own *o, const struct form *f, char *to)
{
	_Alignas(max_align_t) char v[PROGRAM_LIST_MAX * FORM_ELEMENT_MAX];
	bool good = take(o, '[');
	size_t n = 0;
	char *at;

	assert(f->size <= FORM_ELEMENT_MAX);
	for (; good && next(o, n, ']', &good); n++) {
		char *one = v + n * f->size;

		memset(one, 0, f->size);
		set_unknown(f->in, one);
		good = take_members(o, f->in, one);
	}
	at = arena_alloc(o->a, n * f->size + 1);
	memcpy(at, v, n * f->size);
	memcpy(to + f->at, &at, sizeof(at));
	memcpy(to + f->n_at, &n, sizeof(n));
	return good;
}

#define MEMBER(type) ((type *)(void *)(to + f->at))

static bool
take_member(struct own *o, const struct form *f, char *to)
{
	int64_t whole;
	double number;

	switch (f->kind) {
	case FORM_TEXT:
		return take_text(o, false, MEMBER(const char *)) &&
		       **MEMBER(const char *) != '\0';
	case FORM_ALWAYS:
		return take_text(o, false, MEMBER(const char *));
	case FORM_CODE:
		return take_code(o, MEMBER(char), f->size);
	case FORM_NUMBER:
		return take_number(o, MEMBER(double));
	case FORM_LEVEL:
		*MEMBER(int) = take_whole(o, &whole) && whole <= 8 ? (int)whole : 0;
		return *MEMBER(int) != EQF_UNKNOWN;
	case FORM_COUNT:
	case FORM_MINOR:
		return take_whole(o, MEMBER(int64_t));
	case FORM_DAYS:
		return take_days(o, MEMBER(double));
	case FORM_ECTS: /* they are among the credits, too */
		return take_number(o, &number) &&
		       strncmp(o->p, ",\"credits\"", strlen(",\"credits\"")) == 0;
	case FORM_ENUM:
		return take_enum(o, f, MEMBER(int));
	case FORM_KNOWN:
		return take_known(o, MEMBER(enum known));
	case FORM_MODES:
		return take_modes(o, MEMBER(unsigned));
	case FORM_LINES:
		return take_texts(o, false, MEMBER(struct texts));
	case FORM_BLOCKS:
		return take_texts(o, true, MEMBER(struct texts));
	case FORM_NAMES:
		return take_names(o, MEMBER(struct names));
	case FORM_OBJECT:
		return take_members(o, f->in, to);
	case FORM_LIST:
		return take_list(o, f, to);
	case FORM_EXTRA:
		return take_extra(o, MEMBER(const char *));
	}
	return false;
}

static bool
take_key(struct own *o, const char *key)
{
	size_t n = 0;

	if (o->p[0] != '"')
		return false;
	while (key[n] != '\0' && o->p[n + 1] == key[n])
		n++;
	if (key[n] != '\0' || o->p[n + 1] != '"' || o->p[n + 2] != ':')
		return false;
	o->p += n + 3;
	return true;
}

/* In the order of the table, each once. */
static bool
take_members(struct own *o, const struct form *f, char *to)
{
	bool good = take(o, '{');

	for (size_t n = 0; good && next(o, n, '}', &good); n++, f++) {
		while (f->key != NULL && !take_key(o, f->key))
			f++;
		good = f->key != NULL && take_member(o, f, to);
		if (!good)
			break;
	}
	return good;
}

bool
program_parse_own(struct arena *a, struct str line, struct program *out)
{
	struct own o = { .a = a };

	program_clear(out);
	if (!utf8_valid(line))
		return false;
	o.p = arena_strndup(a, line.p, line.len);
	if (!take_members(&o, program_form, (char *)out) || *o.p != '\0' ||
	    out->id == NULL || out->title.n == 0)
		return false;
	program_settle(a, out);
	return true;
}
