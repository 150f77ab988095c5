/*
 * record_values.c - values of the record catalog/1 in JSON, and what is said of those that
 * cannot be.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "bot/catalog/record_priv.h"
#include "bot/catalog/values_priv.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"

/* Written only when somebody is told. */
static void
add_scope(const struct rd_scope *s, struct buf *out)
{
	if (s == NULL)
		return;
	add_scope(s->up, out);
	buf_adds(out, s->key);
	if (s->index != RD_NO_INDEX)
		buf_printf(out, "[%ld]", s->index);
	buf_addc(out, '.');
}

const char *
rd_field(struct reading *rd, const char *key)
{
	struct buf b = { 0 };
	const char *out;

	add_scope(rd->scope, &b);
	buf_adds(&b, key);
	if (rd->index != RD_NO_INDEX)
		buf_printf(&b, "[%ld]", rd->index);
	out = arena_cstr(rd->a, buf_str(&b));
	buf_fini(&b);
	return out;
}

void
rd_wrong(struct reading *rd, const char *key, const char *reason)
{
	remarks_add(rd->r, REMARK_WRONG, rd_field(rd, key), "%s", reason);
}

void
rd_wrong_value(struct reading *rd, const char *key, struct str value,
    const char *reason)
{
	if (value.len > 60)
		value.len = 60;
	remarks_add(rd->r, REMARK_WRONG, rd_field(rd, key), "\"%.*s\" %s",
	    STR_ARG(value), reason);
}

/* A member of the object that is being read that nobody knows. Written even beyond the
 * limit: finish() drops all of it then. */
void
rd_keep_extra(struct reading *rd, const char *key, const struct json *v)
{
	const char *name = rd_field(rd, key);

	remarks_add(rd->r, REMARK_EXTRA, name, "not understood");
	buf_addc(&rd->extra, rd->extra.len == 0 ? '{' : ',');
	buf_add_json(&rd->extra, str_of(name));
	buf_addc(&rd->extra, ':');
	json_write(v, &rd->extra);
}
static int
by_key(const void *key, const void *row)
{
	return strcmp(key, ((const struct member *)row)->key);
}

static void
take_member(void *arg, const char *key, const struct json *v)
{
	struct reading *rd = arg;
	const struct member *m;

	if (json_kind(v) == JSON_NULL)
		return; /* unknown */
	m = bsearch(key, rd->table, rd->n, sizeof(*m), by_key);
	if (m == NULL)
		rd_keep_extra(rd, key, v);
	else
		m->read(rd, v);
}

void
rd_object(struct reading *rd, const struct json *v, const char *key,
    const struct member *table, size_t n)
{
	const struct rd_scope scope = { rd->scope, key, rd->index };
	const struct member *table_before = rd->table;
	size_t n_before = rd->n;

	if (json_kind(v) != JSON_OBJECT) {
		rd_wrong(rd, key, "must be an object");
		return;
	}
	rd->scope = &scope;
	rd->index = RD_NO_INDEX;
	rd->table = table;
	rd->n = n;
	json_each(v, take_member, rd);
	rd->scope = scope.up;
	rd->index = scope.index;
	rd->table = table_before;
	rd->n = n_before;
}

void
rd_members(struct reading *rd, const struct json *v)
{
	json_each(v, take_member, rd);
}

const char *
rd_line(struct reading *rd, const char *key, const struct json *v)
{
	struct buf b = { 0 };
	const char *out = NULL;
	struct str s;

	if (json_text(v, &s) == RC_OK)
		return draft_line(rd->a, s);
	if (json_kind(v) ==
	    JSON_NUMBER) { /* codes that somebody wrote without quotes */
		json_write(v, &b);
		out = arena_cstr(rd->a, buf_str(&b));
		buf_fini(&b);
		return out;
	}
	rd_wrong(rd, key, "must be a string");
	return NULL;
}

/* Half of a pair that rd_texts() puts together. */
struct texts_reading {
	struct reading *rd;
	struct texts *to;
	const char *key;
	const char *(*make)(struct arena *a, struct str s);
};

static void
take_text(void *arg, const char *lang, const struct json *v)
{
	struct texts_reading *t = arg;
	const char *tag = "";
	struct str s;

	if (json_kind(v) == JSON_NULL)
		return;
	if (json_text(v, &s) != RC_OK) {
		rd_wrong(t->rd, t->key, "must be a string in each language");
		return;
	}
	if (strcmp(lang, "und") != 0 && lang[0] != '\0' &&
	    value_language(t->rd->a, str_of(lang), &tag) != NULL) {
		rd_wrong_value(t->rd, t->key, str_of(lang), "is no language");
		return;
	}
	if (!draft_text(t->rd->a, t->to, tag, t->make(t->rd->a, s)))
		rd_wrong(t->rd, t->key, "has too many languages");
}

void
rd_texts(struct reading *rd, const char *key, const struct json *v, struct texts *to,
    const char *(*make)(struct arena *a, struct str s))
{
	struct texts_reading t = { rd, to, key, make };

	if (json_kind(v) == JSON_OBJECT)
		json_each(v, take_text, &t);
	else
		take_text(&t, "", v);
}

/* Calls one for each element of a list, or for v itself if it is none. */
void
rd_each(struct reading *rd, const char *key, const struct json *v,
    void (*one)(struct reading *rd, const char *key, const struct json *v))
{
	size_t n = json_count(v);

	if (json_kind(v) != JSON_LIST) {
		one(rd, key, v);
		return;
	}
	if (n > PROGRAM_LIST_MAX) {
		rd_wrong(rd, key, "has too many elements");
		n = PROGRAM_LIST_MAX;
	}
	for (size_t i = 0; i < n; i++) {
		if (json_kind(json_item(v, i)) == JSON_NULL)
			continue;
		rd->index = (long)i;
		one(rd, key, json_item(v, i));
	}
	rd->index = RD_NO_INDEX;
}

void
rd_names(struct reading *rd, const char *key, const struct json *v, struct names *to)
{
	size_t n = json_kind(v) == JSON_LIST ? json_count(v) : 1;

	for (size_t i = 0; i < n; i++) {
		const struct json *one = json_kind(v) == JSON_LIST ? json_item(v, i)
		                                                   : v;

		if (json_kind(one) == JSON_NULL)
			continue;
		if (!draft_name(rd->a, to, rd_line(rd, key, one))) {
			rd_wrong(rd, key, "has too many elements");
			return;
		}
	}
}

void
rd_number(struct reading *rd, const char *key, const struct json *v, double max,
    double *out)
{
	double n = json_number(v, -1);

	if (json_kind(v) != JSON_NUMBER)
		rd_wrong(rd, key, "must be a number");
	else if (!(n >= 0 && n <= max))
		remarks_add(rd->r, REMARK_WRONG, rd_field(rd, key),
		    "%g is not from 0 to %g", n, max);
	else
		*out = n;
}

void
rd_known(struct reading *rd, const char *key, const struct json *v, enum known *out)
{
	if (json_kind(v) != JSON_BOOL)
		rd_wrong(rd, key, "must be true or false");
	else if (json_is_true(v))
		*out = KNOWN_YES;
	else
		*out = KNOWN_NO;
}

int
rd_enum(struct reading *rd, const char *key, const struct json *v,
    int (*find)(struct str name))
{
	struct str s;
	int i;

	(void)json_text(v, &s);
	i = find(str_trim(s));
	if (i < 0)
		rd_wrong_value(rd, key, s, "is none of the names for it");
	return i < 0 ? 0 : i;
}

const char *
rd_date(struct reading *rd, const char *key, const struct json *v)
{
	char date[DATE_MAX];
	const char *why;
	struct str s;

	(void)json_text(v, &s);
	why = value_date(s, DATE_UNSTATED, date);
	if (why == NULL)
		return arena_strdup(rd->a, date);
	rd_wrong_value(rd, key, s, why);
	return NULL;
}

const char *
rd_url(struct reading *rd, const char *key, const struct json *v)
{
	const char *s = rd_line(rd, key, v), *why;

	if (s == NULL)
		return NULL;
	why = value_url(str_of(s));
	if (why == NULL)
		return s;
	rd_wrong_value(rd, key, str_of(s), why);
	return NULL;
}

void
rd_country(struct reading *rd, const char *key, const struct json *v, char out[3])
{
	const char *why;
	struct str s;

	(void)json_text(v, &s);
	why = value_country(s, out);
	if (why != NULL)
		rd_wrong_value(rd, key, s, why);
}

void
rd_currency(struct reading *rd, const char *key, const struct json *v, char out[4])
{
	const char *why;
	struct str s;

	(void)json_text(v, &s);
	why = value_currency(s, out);
	if (why != NULL)
		rd_wrong_value(rd, key, s, why);
}

static void
one_mode(struct reading *rd, const char *key, const struct json *v, unsigned *bits)
{
	struct str s;
	int bit;

	(void)json_text(v, &s);
	bit = program_mode_of(str_trim(s));
	if (bit < 0)
		rd_wrong_value(rd, key, s, "is no mode");
	else
		*bits |= (unsigned)bit;
}

void
rd_modes(struct reading *rd, const char *key, const struct json *v, unsigned *bits)
{
	if (json_kind(v) != JSON_LIST) {
		one_mode(rd, key, v, bits);
		return;
	}
	for (size_t i = 0; i < json_count(v); i++)
		one_mode(rd, key, json_item(v, i), bits);
}
void
rd_days(struct reading *rd, const char *key, const struct json *v, double *out)
{
	const char *why;
	struct str s;

	(void)json_text(v, &s);
	why = value_duration(s, out);
	if (why != NULL)
		rd_wrong_value(rd, key, s, why);
}

void
rd_minor(struct reading *rd, const char *key, const struct json *v, int64_t *out)
{
	double n = json_number(v, -1);

	/* Whole minor units; 2^53 of them is more than any state owes. */
	if (!(n >= 0 && n <= 9007199254740992.0) || n != floor(n))
		rd_wrong(rd, key,
		    "must be a whole number of minor units (cents), 0 or more");
	else
		*out = (int64_t)n;
}
