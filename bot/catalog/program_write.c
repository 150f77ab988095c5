/*
 * program_write.c - a record as one line of JSON, its keys always in the same order, so that
 * two records are equal when their lines are.
 */
#include <string.h>

#include "bot/catalog/program_form_priv.h"
#include "bot/catalog/values_priv.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"

/* Before an element of a list or object that is being written. */
static void
comma(struct buf *b)
{
	if (b->data[b->len - 1] != '{' && b->data[b->len - 1] != '[')
		buf_addc(b, ',');
}

static void
add_string(struct buf *b, const char *s)
{
	buf_add_json(b, str_of(s));
}

static void
add_key(struct buf *b, const char *key)
{
	comma(b);
	buf_addc(b, '"');
	buf_adds(b, key);
	buf_adds(b, "\":");
}

/* Of a language or of an enumeration, at key; nothing for "" and NULL. */
static void
add_text(struct buf *b, const char *key, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	add_key(b, key);
	add_string(b, value);
}

/* Ten digits are more than any of these has; what is read gives the same digits again. */
static void
add_number(struct buf *b, const char *key, double v)
{
	if (!(v >= 0))
		return;
	add_key(b, key);
	buf_printf(b, "%.10g", v);
}

static void
add_whole(struct buf *b, const char *key, int64_t v, int64_t unknown)
{
	if (v == unknown)
		return;
	add_key(b, key);
	buf_printf(b, "%lld", (long long)v);
}

static void
add_days(struct buf *b, const char *key, double days)
{
	char iso[32];

	if (!(days >= 0))
		return;
	value_write_duration(days, iso, sizeof(iso));
	add_text(b, key, iso);
}

static void
add_known(struct buf *b, const char *key, enum known v)
{
	if (v == KNOWN_NOT)
		return;
	add_key(b, key);
	buf_adds(b, v == KNOWN_YES ? "true" : "false");
}

static void
add_modes(struct buf *b, const char *key, unsigned bits)
{
	if (bits == 0)
		return;
	add_key(b, key);
	buf_addc(b, '[');
	for (unsigned bit = 1; bit < 1U << PROGRAM_MODES; bit <<= 1) {
		if ((bits & bit) == 0)
			continue;
		comma(b);
		add_string(b, program_mode_name(bit));
	}
	buf_addc(b, ']');
}

static void
add_texts(struct buf *b, const char *key, const struct texts *t)
{
	if (t->n == 0)
		return;
	add_key(b, key);
	buf_addc(b, '{');
	for (size_t i = 0; i < t->n; i++)
		add_text(b, t->at[i].lang[0] == '\0' ? "und" : t->at[i].lang,
		    t->at[i].text);
	buf_addc(b, '}');
}

static void
add_names(struct buf *b, const char *key, const struct names *n)
{
	if (n->n == 0)
		return;
	add_key(b, key);
	buf_addc(b, '[');
	for (size_t i = 0; i < n->n; i++) {
		comma(b);
		add_string(b, n->at[i]);
	}
	buf_addc(b, ']');
}

static void add_members(struct buf *b, const struct form *f, const char *of);

/* Nothing is left of one that has no members. */
static void
add_object(struct buf *b, const struct form *f, const char *of)
{
	size_t mark = b->len;

	add_key(b, f->key);
	buf_addc(b, '{');
	add_members(b, f->in, of);
	if (b->data[b->len - 1] != '{') {
		buf_addc(b, '}');
		return;
	}
	b->len = mark;
	b->data[mark] = '\0';
}

static void
add_list(struct buf *b, const struct form *f, const char *of)
{
	const char *v;
	size_t n;

	memcpy(&v, of + f->at, sizeof(v));
	memcpy(&n, of + f->n_at, sizeof(n));
	if (n == 0)
		return;
	add_key(b, f->key);
	buf_addc(b, '[');
	for (size_t i = 0; i < n; i++) {
		comma(b);
		buf_addc(b, '{');
		add_members(b, f->in, v + i * f->size);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

#define MEMBER(type) ((type const *)(const void *)(of + f->at))

static void
add_member(struct buf *b, const struct form *f, const char *of)
{
	switch (f->kind) {
	case FORM_TEXT:
		add_text(b, f->key, *MEMBER(char *));
		break;
	case FORM_ALWAYS:
		add_key(b, f->key);
		add_string(b, *MEMBER(char *));
		break;
	case FORM_CODE:
		add_text(b, f->key, MEMBER(char));
		break;
	case FORM_NUMBER:
		add_number(b, f->key, *MEMBER(double));
		break;
	case FORM_LEVEL:
		add_whole(b, f->key, *MEMBER(int), EQF_UNKNOWN);
		break;
	case FORM_COUNT:
		add_whole(b, f->key, *MEMBER(int64_t), 0);
		break;
	case FORM_MINOR:
		add_whole(b, f->key, *MEMBER(int64_t), MONEY_UNKNOWN);
		break;
	case FORM_DAYS:
		add_days(b, f->key, *MEMBER(double));
		break;
	case FORM_ECTS:
		add_number(b, f->key, program_credits((const void *)of, "ECTS"));
		break;
	case FORM_ENUM:
		add_text(b, f->key, f->name(*MEMBER(int)));
		break;
	case FORM_KNOWN:
		add_known(b, f->key, *MEMBER(enum known));
		break;
	case FORM_MODES:
		add_modes(b, f->key, *MEMBER(unsigned));
		break;
	case FORM_LINES:
	case FORM_BLOCKS:
		add_texts(b, f->key, MEMBER(struct texts));
		break;
	case FORM_NAMES:
		add_names(b, f->key, MEMBER(struct names));
		break;
	case FORM_OBJECT:
		add_object(b, f, of);
		break;
	case FORM_LIST:
		add_list(b, f, of);
		break;
	case FORM_EXTRA:
		if (*MEMBER(char *) == NULL || (*MEMBER(char *))[0] == '\0')
			break;
		add_key(b, f->key);
		buf_adds(b, *MEMBER(char *));
		break;
	}
}

static void
add_members(struct buf *b, const struct form *f, const char *of)
{
	for (; f->key != NULL; f++)
		add_member(b, f, of);
}

void
program_write_json(const struct program *p, struct buf *out)
{
	buf_addc(out, '{');
	add_members(out, program_form, (const char *)p);
	buf_addc(out, '}');
}
