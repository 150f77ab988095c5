/*
 * json_split.c - a large JSON document cut into slices while it arrives.
 *
 * Two ways of reading take turns. On the way along the paths each byte is judged: one state
 * for each place in the grammar, and a stack of frames, one for each container that was
 * entered. Whatever hangs off that way is opaque, and read by loops that only look for
 * quotes and brackets; nearly all bytes of a document pass there.
 *
 * A set of paths is a uint64_t, one bit each in the order of the table.
 */
#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "credbot/base/alloc.h"
#include "credbot/base/buf.h"
#include "credbot/base/json_split.h"

#define REPLACEMENT 0xFFFD

enum step_kind { STEP_KEY, STEP_ANY, STEP_ITEM };

struct step {
	enum step_kind kind;
	struct str key;
};

struct path {
	int id;
	bool enters; /* ends in {} */
	int star;    /* the step that is *, or -1 */
	size_t n;
	struct step step[JSON_SPLIT_STEPS_MAX];
};

/* A container that was entered. The n-th one open has matched n steps. */
struct frame {
	bool array;
	uint64_t in;      /* paths that lead on into it */
	uint64_t entered; /* paths with {} that were told of its begin */
	struct buf key;   /* of the member being read */
	bool key_too_long;
};

enum state {
	AT_VALUE,
	AT_FIRST_ITEM, /* a value or ] */
	AT_KEY,
	AT_FIRST_KEY, /* a key or } */
	AT_COLON,
	AT_COMMA, /* or the end of the container */
	AT_END,   /* white space only */
	IN_KEY,
	IN_STRING,
	IN_TOKEN, /* a number or a word */
	IN_OPAQUE,
	IN_OPAQUE_TOKEN,
	NOT_JSON,
	STOPPED,
};

/* What was read last of a number. */
enum digits { D_MINUS, D_ZERO, D_INT, D_DOT, D_FRAC, D_E, D_SIGN, D_EXP, D_WRONG };

struct json_split {
	json_split_fn *fn;
	void *arg;
	unsigned depth_max;
	size_t size_max;
	struct path *path;
	size_t paths;

	enum state state;
	const char *data; /* being fed; before it came fed bytes */
	uint64_t fed;
	const char *why;
	uint64_t why_at;

	struct frame frame[JSON_SPLIT_STEPS_MAX + 1]; /* one more for {} */
	size_t frames;
	uint64_t next; /* paths that lead to the value which is expected */

	/* A key or string on the way. */
	bool escape;      /* behind a backslash */
	unsigned hex;     /* digits of \uXXXX that are missing */
	uint32_t unit;    /* those read */
	uint32_t high;    /* the first half of a pair, or 0 */
	unsigned tail;    /* bytes of a UTF-8 sequence that are missing ... */
	unsigned char lo; /* ... and what the next may be */
	unsigned char hi;

	/* A number or word on the way. */
	const char *word; /* the rest of it; NULL: a number */
	enum digits digits;

	/* An opaque value. */
	bool quoted;
	bool escaped;
	size_t nested;
	char closer[JSON_SPLIT_DEPTH_LIMIT]; /* the bracket that closes each level */

	/* Is it a slice? */
	const struct path *slice; /* NULL: skipped */
	const char *from;         /* what of it is in data */
	uint64_t slice_len;       /* what came before data */
	struct buf kept;          /* of what came before data */
	bool too_deep;
	bool too_long;
};

/* The parts of a path, which is one of ours. */
static void
compile(struct path *p, const struct json_path *from)
{
	const char *at = from->path;

	*p = (struct path){ .id = from->id, .star = -1 };
	while (*at != '\0' && strcmp(at, "{}") != 0) {
		struct step *step = &p->step[p->n];
		size_t len = strcspn(at, ".[]{}");

		assert(p->n < JSON_SPLIT_STEPS_MAX);
		if (strncmp(at, "[]", 2) == 0) {
			step->kind = STEP_ITEM;
			len = 2;
		} else if (len == 1 && *at == '*') {
			assert(p->star == -1);
			step->kind = STEP_ANY;
			p->star = (int)p->n;
		} else {
			assert(len > 0);
			step->kind = STEP_KEY;
			step->key = str_n(at, len);
		}
		p->n++;
		at += len;
		if (*at == '.') {
			at++;
			assert(*at != '\0' && *at != '[' && *at != '{');
		} else {
			assert(*at == '\0' || *at == '[' || *at == '{');
		}
	}
	p->enters = *at == '{';
}

struct json_split *
json_split_new(const struct json_split_rules *rules, json_split_fn *fn, void *arg)
{
	struct json_split *s = xcalloc(1, sizeof(*s));

	assert(rules->n <= JSON_SPLIT_PATHS_MAX);
	assert(rules->depth <= JSON_SPLIT_DEPTH_LIMIT);
	s->fn = fn;
	s->arg = arg;
	s->depth_max = rules->depth > 0 ? rules->depth : JSON_SPLIT_DEPTH;
	s->size_max = rules->size > 0 ? rules->size : JSON_SPLIT_SIZE;
	s->paths = rules->n;
	s->path = xcalloc(rules->n + 1, sizeof(*s->path));
	for (size_t i = 0; i < rules->n; i++) {
		compile(&s->path[i], &rules->paths[i]);
		s->next |= UINT64_C(1) << i;
	}
	return s;
}

void
json_split_free(struct json_split *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < ARRAY_LEN(s->frame); i++)
		buf_fini(&s->frame[i].key);
	buf_fini(&s->kept);
	free(s->path);
	free(s);
}

size_t
json_split_held(const struct json_split *s)
{
	size_t held = sizeof(*s) + (s->paths + 1) * sizeof(*s->path) + s->kept.cap;

	for (size_t i = 0; i < ARRAY_LEN(s->frame); i++)
		held += s->frame[i].key.cap;
	return held;
}

static void
tell(struct json_split *s, const struct path *p, enum json_piece_kind kind,
    struct str text)
{
	struct json_piece piece = { .kind = kind, .id = p->id, .text = text };

	piece.key = p->star >= 0 ? buf_str(&s->frame[p->star].key) : STR("");
	if (!s->fn(s->arg, &piece) && kind != JSON_PIECE_BROKEN)
		s->state = STOPPED;
}

static void
tell_all(struct json_split *s, uint64_t set, enum json_piece_kind kind)
{
	for (size_t i = 0; i < s->paths && s->state != STOPPED; i++) {
		if ((set >> i & 1) != 0)
			tell(s, &s->path[i], kind, STR(""));
	}
}

static const char *
fault(struct json_split *s, const char *p, const char *why)
{
	s->state = NOT_JSON;
	s->why = why;
	s->why_at = s->fed + (uint64_t)(p - s->data);
	return p;
}

static void
value_ended(struct json_split *s)
{
	s->state = s->frames > 0 ? AT_COMMA : AT_END;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/*
 * Eight bytes at a time: the high bit of each byte that is zero (or less than n) is set in
 * the result. A borrow can set it for bytes above a hit as well, so that only the lowest
 * hit may be believed, also when several results are joined by |.
 */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint64_t
less(uint64_t w, unsigned char n)
{
	return (w - EACH(n)) & ~w & EACH(0x80);
}

static uint64_t
equal(uint64_t w, unsigned char c)
{
	return less(w ^ EACH(c), 1);
}

static uint64_t
load(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return le64toh(w);
}

/* The first quote or backslash, or end. */
static const char *
find_quote(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t w = load(p);
		uint64_t hit = equal(w, '"') | equal(w, '\\');

		if (hit != 0)
			return p + __builtin_ctzll(hit) / 8;
	}
	while (p < end && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* The first quote, backslash, control character or byte that is not ASCII, or end. */
static const char *
find_special(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t w = load(p);
		uint64_t hit = equal(w, '"') | equal(w, '\\') | less(w, ' ') |
		               (w & EACH(0x80));

		if (hit != 0)
			return p + __builtin_ctzll(hit) / 8;
	}
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= ' ' &&
	       (unsigned char)*p < 0x80)
		p++;
	return p;
}

/* Puts what of the slice is in data, up to p, aside, unless it is refused already. */
static void
slice_keep(struct json_split *s, const char *p)
{
	size_t n = (size_t)(p - s->from);

	s->slice_len += n;
	s->too_long = s->slice_len > s->size_max;
	if (s->too_long || s->too_deep) {
		if (s->kept.len > JSON_SPLIT_PREFIX)
			s->kept.len = JSON_SPLIT_PREFIX;
		if (n > JSON_SPLIT_PREFIX - s->kept.len)
			n = JSON_SPLIT_PREFIX - s->kept.len;
	}
	buf_add(&s->kept, s->from, n);
}

/* At most JSON_SPLIT_PREFIX bytes of s, and no part of a character at its end. */
static struct str
prefix(struct str s)
{
	size_t lead = 0;

	if (s.len > JSON_SPLIT_PREFIX)
		s.len = JSON_SPLIT_PREFIX;
	while (lead < 3 && lead < s.len && (s.p[s.len - 1 - lead] & 0xC0) == 0x80)
		lead++;
	if (lead < s.len) {
		unsigned char c = (unsigned char)s.p[s.len - 1 - lead];
		size_t need = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

		if (lead < need)
			s.len -= lead + 1;
	}
	return s;
}

/* The slice ends before p. */
static void
slice_end(struct json_split *s, const char *p, bool broken)
{
	struct str text = str_n(s->from, (size_t)(p - s->from));
	enum json_piece_kind kind = JSON_PIECE_SLICE;

	if (s->slice == NULL)
		return;
	if (s->slice_len > 0) {
		slice_keep(s, p);
		text = buf_str(&s->kept);
	} else {
		s->too_long = text.len >
		              s->size_max; /* all of it is in data: not copied */
	}
	if (broken)
		kind = JSON_PIECE_BROKEN;
	else if (s->too_deep)
		kind = JSON_PIECE_TOO_DEEP;
	else if (s->too_long)
		kind = JSON_PIECE_TOO_LONG;
	tell(s, s->slice, kind, kind == JSON_PIECE_SLICE ? text : prefix(text));
}

static const char *
opaque_end(struct json_split *s, const char *p)
{
	value_ended(s);
	slice_end(s, p, false);
	return p;
}

static const char *
opaque_begin(struct json_split *s, const char *p, const struct path *slice)
{
	bool bracket = *p == '{' || *p == '[';

	s->slice = slice;
	s->from = p;
	s->slice_len = 0;
	s->too_deep = s->too_long = false;
	buf_clear(&s->kept);
	s->nested = 0;
	s->escaped = false;
	s->quoted = *p == '"';
	s->state = bracket || s->quoted ? IN_OPAQUE : IN_OPAQUE_TOKEN;
	return s->quoted ? p + 1 : p;
}

/* Up to the closing quote and behind it. */
static const char *
opaque_string(struct json_split *s, const char *p, const char *end)
{
	if (s->escaped && p < end) {
		s->escaped = false;
		p++;
	}
	while ((p = find_quote(p, end)) < end) {
		if (*p == '"') {
			s->quoted = false;
			return p + 1;
		}
		if (end - p < 2) {
			s->escaped = true;
			return end;
		}
		p += 2;
	}
	return p;
}

static void
opaque_open(struct json_split *s, char closer)
{
	if (s->nested < JSON_SPLIT_DEPTH_LIMIT)
		s->closer[s->nested] = closer;
	s->nested++;
	if (s->nested > s->depth_max)
		s->too_deep = true;
}

static bool
opaque_close(struct json_split *s, char closer)
{
	s->nested--;
	return s->nested >= JSON_SPLIT_DEPTH_LIMIT || s->closer[s->nested] == closer;
}

static const char *
read_opaque(struct json_split *s, const char *p, const char *end)
{
	static const bool marks[256] = {
		['"'] = true,
		['['] = true,
		[']'] = true,
		['{'] = true,
		['}'] = true,
	};

	while (p < end) {
		if (s->quoted) {
			p = opaque_string(s, p, end);
			if (!s->quoted && s->nested == 0)
				return opaque_end(s, p);
			continue;
		}
		while (p < end && !marks[(unsigned char)*p])
			p++;
		if (p == end)
			break;
		if (*p == '"') {
			s->quoted = true;
		} else if (*p == '{') {
			opaque_open(s, '}');
		} else if (*p == '[') {
			opaque_open(s, ']');
		} else if (!opaque_close(s, *p)) {
			fault(s, p, "brackets do not match");
			slice_end(s, p, true);
			return p;
		} else if (s->nested == 0) {
			return opaque_end(s, p + 1);
		}
		p++;
	}
	return p;
}

static bool
ends_token(char c)
{
	return is_space(c) || c == ',' || c == ']' || c == '}';
}

static const char *
read_opaque_token(struct json_split *s, const char *p, const char *end)
{
	while (p < end && !ends_token(*p) && *p != '"' && *p != '[' && *p != '{')
		p++;
	return p == end ? p : opaque_end(s, p);
}

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

static bool
token_is_whole(const struct json_split *s)
{
	if (s->word != NULL)
		return *s->word == '\0';
	return s->digits == D_ZERO || s->digits == D_INT || s->digits == D_FRAC ||
	       s->digits == D_EXP;
}

static const char *
read_token(struct json_split *s, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (ends_token(*p)) {
			if (!token_is_whole(s))
				return fault(s, p, "a number or word ends early");
			value_ended(s);
			return p;
		}
		if (s->word == NULL) {
			s->digits = next_digit(s->digits, *p);
			if (s->digits == D_WRONG)
				return fault(s, p, "not a number");
		} else if (*s->word++ != *p) {
			return fault(s, p, "not a word of JSON");
		}
	}
	return p;
}

static const char *
token_begin(struct json_split *s, const char *p)
{
	bool number = *p == '-' || (*p >= '0' && *p <= '9');

	s->state = IN_TOKEN;
	s->digits = D_MINUS; /* as if it had been there: the same may follow */
	s->word = *p == 't' ? "true" : *p == 'f' ? "false" : *p == 'n' ? "null" : NULL;
	if (s->word == NULL && !number)
		return fault(s, p, "a value is missing");
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
		return fault(s, p, "\\u needs four hexadecimal digits");
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
		return fault(s, p, "no such escape");
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
			return fault(s, p, "not UTF-8");
		s->tail--;
	} else if (c >= 0xC2 && c <= 0xF4) {
		s->tail = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
	} else {
		return fault(s, p, "not UTF-8");
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

static const char *
string_begin(struct json_split *s, const char *p, enum state state)
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
static const char *
read_string(struct json_split *s, const char *p, const char *end)
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
	special = find_special(p, end);
	if (special > p) {
		if (s->state == IN_KEY)
			key_add(s, p, (size_t)(special - p));
		return special;
	}
	if ((unsigned char)*p >= 0x80)
		return read_utf8(s, p);
	if (*p != '"')
		return fault(s, p, "a control character in a string");
	if (s->state == IN_KEY)
		key_ended(s);
	else
		value_ended(s);
	return p + 1;
}

/* The paths to a value here that lead on into it, if c opens it, or enter it. */
static uint64_t
leading_into(const struct json_split *s, char c, uint64_t *entered)
{
	uint64_t in = 0;

	*entered = 0;
	for (size_t i = 0; i < s->paths; i++) {
		const struct path *p = &s->path[i];
		uint64_t bit = UINT64_C(1) << i;

		if ((s->next & bit) == 0)
			continue;
		if (p->n > s->frames) {
			bool item = p->step[s->frames].kind == STEP_ITEM;

			in |= item == (c == '[') ? bit : 0;
		} else if (c == '{') {
			*entered |= bit;
		}
	}
	return in;
}

/* The first path that names the value here, or NULL. */
static const struct path *
naming(const struct json_split *s)
{
	for (size_t i = 0; i < s->paths; i++) {
		const struct path *p = &s->path[i];

		if ((s->next >> i & 1) != 0 && p->n == s->frames && !p->enters)
			return p;
	}
	return NULL;
}

static const char *
container_begin(struct json_split *s, const char *p)
{
	uint64_t entered, in = leading_into(s, *p, &entered);
	struct frame *f = &s->frame[s->frames];

	if ((in | entered) == 0)
		return opaque_begin(s, p, NULL);
	s->frames++;
	f->array = *p == '[';
	f->in = in;
	f->entered = entered;
	s->next = in;
	s->state = f->array ? AT_FIRST_ITEM : AT_FIRST_KEY;
	tell_all(s, entered, JSON_PIECE_BEGIN);
	return p + 1;
}

static const char *
container_end(struct json_split *s, const char *p)
{
	const struct frame *f = &s->frame[s->frames - 1];

	if (*p != (f->array ? ']' : '}'))
		return fault(s, p, "brackets do not match");
	s->frames--;
	value_ended(s);
	tell_all(s, f->entered, JSON_PIECE_END);
	return p + 1;
}

static const char *
value_begin(struct json_split *s, const char *p)
{
	const struct path *slice = naming(s);

	if (*p == ',' || *p == ':' || *p == ']' || *p == '}')
		return fault(s, p, "a value is missing");
	if (slice != NULL)
		return opaque_begin(s, p, slice);
	if (*p == '{' || *p == '[')
		return container_begin(s, p);
	if (*p == '"')
		return string_begin(s, p, IN_STRING);
	return token_begin(s, p);
}

static const char *
behind_value(struct json_split *s, const char *p)
{
	const struct frame *f = &s->frame[s->frames - 1];

	if (*p == ']' || *p == '}')
		return container_end(s, p);
	if (*p != ',')
		return fault(s, p, "a comma or bracket is missing");
	s->state = f->array ? AT_VALUE : AT_KEY;
	s->next = f->in; /* until a key says more */
	return p + 1;
}

/* A byte between values. */
static const char *
read_mark(struct json_split *s, const char *p)
{
	switch (s->state) {
	case AT_FIRST_ITEM:
		return *p == ']' ? container_end(s, p) : value_begin(s, p);
	case AT_VALUE:
		return value_begin(s, p);
	case AT_FIRST_KEY:
		if (*p == '}')
			return container_end(s, p);
		/* fallthrough */
	case AT_KEY:
		if (*p != '"')
			return fault(s, p, "a key is missing");
		return string_begin(s, p, IN_KEY);
	case AT_COLON:
		if (*p != ':')
			return fault(s, p, "a colon is missing");
		s->state = AT_VALUE;
		return p + 1;
	case AT_COMMA:
		return behind_value(s, p);
	default:
		return fault(s, p, "something follows the document");
	}
}

/* Reads at least one byte, unless that one is a fault or ends something. */
static const char *
read_some(struct json_split *s, const char *p, const char *end)
{
	switch (s->state) {
	case IN_OPAQUE:
		return read_opaque(s, p, end);
	case IN_OPAQUE_TOKEN:
		return read_opaque_token(s, p, end);
	case IN_KEY:
	case IN_STRING:
		return read_string(s, p, end);
	case IN_TOKEN:
		return read_token(s, p, end);
	default:
		while (p < end && is_space(*p))
			p++;
		return p == end ? p : read_mark(s, p);
	}
}

static bool
in_slice(const struct json_split *s)
{
	return (s->state == IN_OPAQUE || s->state == IN_OPAQUE_TOKEN) &&
	       s->slice != NULL;
}

bool
json_split_feed(struct json_split *s, const char *data, size_t len)
{
	const char *p = len > 0 ? data : "", *end = p + len;

	s->data = s->from = p;
	while (p < end && s->state != NOT_JSON && s->state != STOPPED)
		p = read_some(s, p, end);
	if (in_slice(s))
		slice_keep(s, end);
	s->fed += len;
	return s->state != NOT_JSON && s->state != STOPPED;
}

enum json_split_result
json_split_end(struct json_split *s)
{
	/* A number or word at the top ends with the document, which nothing else tells. */
	s->data = s->from = "";
	if (s->frames == 0 && s->state == IN_TOKEN && token_is_whole(s))
		value_ended(s);
	if (s->frames == 0 && s->state == IN_OPAQUE_TOKEN)
		(void)opaque_end(s, s->from);
	switch (s->state) {
	case AT_END:
		return JSON_SPLIT_COMPLETE;
	case NOT_JSON:
		return JSON_SPLIT_NOT_JSON;
	case STOPPED:
		return JSON_SPLIT_STOPPED;
	default:
		return JSON_SPLIT_CUT;
	}
}

const char *
json_split_fault(const struct json_split *s, uint64_t *at)
{
	*at = s->why_at;
	return s->why;
}
