/*
 * ld_program.c - one node of a JSON-LD file as a program: what CTDL and schema.org have in
 * common.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "bot/catalog/ld_program_priv.h"
#include "credbot/catalog/program_facts.h"

static int
by_term(const void *key, const void *row)
{
	return strcmp(key, ((const struct ld_member *)row)->term);
}

static int
by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct ld_program_type *)row)->name);
}

enum program_type
ld_type_of(const struct ld_format *format, const char *name, bool *is)
{
	const struct ld_program_type *t = bsearch(name, format->types, format->n_types,
	    sizeof(*t), by_name);

	*is = t != NULL;
	return t == NULL ? PROGRAM_UNKNOWN : t->type;
}

void
lp_complain(struct ld_program *lp, const char *value, const char *why)
{
	enum remark_kind kind = why == value_unclear ? REMARK_UNCLEAR : REMARK_WRONG;

	remarks_add(&lp->im->r, kind, lp->term, "\"%.60s\" %s",
	    value == NULL ? "" : value, why);
}

void
lp_keep(struct ld_program *lp, const char *behind, const struct json *v)
{
	struct buf json = { 0 };
	const char *field = behind == NULL
	                        ? lp->term
	                        : arena_printf(lp->a, "%s.%s", lp->term, behind);

	json_write(v, &json);
	import_keep_extra(lp->im, &lp->extra, field, buf_str(&json));
	buf_fini(&json);
}

static void
read_member(void *arg, const char *key, const struct json *v)
{
	struct ld_program *lp = arg;
	const struct ld_member *m;

	if (key[0] == '@' || json_kind(v) == JSON_NULL)
		return;
	lp->term = ld_term(lp->ld, key);
	m = bsearch(lp->term, lp->format->members, lp->format->n_members, sizeof(*m),
	    by_term);
	if (m != NULL)
		m->read(lp, v);
	else if (strcmp(lp->term, "type") != 0)
		lp_keep(lp, NULL, v);
}

/* Several types at once: the first that says something. */
static void
read_types(struct ld_program *lp, const struct json *node)
{
	const char *name;
	bool is;

	for (size_t i = 0; lp->p->type == PROGRAM_UNKNOWN &&
			   (name = ld_type(lp->ld, node, i)) != NULL;
	     i++)
		lp->p->type = ld_type_of(lp->format, name, &is);
}

static bool
read_program(void *arg, const struct json *node, int64_t line)
{
	struct ld_program *lp = arg;
	struct str at = json_str(node, "@id");

	import_begin(lp->im, line);
	lp->run = (struct program_run){ 0 };
	lp->p = &lp->im->p;
	lp->a = lp->im->a;
	read_types(lp, node);
	json_each(node, read_member, lp);
	if (lp->p->id == NULL && at.len > 0 && !str_starts(at, "_:"))
		lp->p->id = draft_line(lp->a, at);
	if (lp->format->finish != NULL)
		lp->format->finish(lp);
	if (lp->run.start != NULL || lp->run.end != NULL || lp->run.deadline != NULL)
		(void)draft_run(lp->a, lp->p, lp->run);
	import_set_extra(lp->im, &lp->extra);
	return import_end(lp->im);
}

enum rc
ld_import(struct importing *im, const struct ld_format *format,
    bool (*is_program)(const char *type))
{
	struct ld_program lp = { .im = im, .format = format, .term = "" };

	lp.ld = ld_open(im, is_program);
	if (lp.ld == NULL)
		return im->rc;
	ld_each_program(lp.ld, read_program, &lp);
	ld_close(lp.ld);
	buf_fini(&lp.extra);
	return im->rc;
}

/* --- values */

const char *
lp_word(struct ld_program *lp, const struct json *v)
{
	const struct json *one = ld_at(v, 0), *target;
	const char *text = ld_text(lp->ld, one), *end;
	struct str id;

	if (json_kind(one) == JSON_OBJECT) {
		target = ld_get(lp->ld, one, "targetNode");
		id = json_str(one, "@id");
		if (target != NULL)
			text = ld_text(lp->ld, target);
		else if (id.len > 0)
			text = draft_line(lp->a, id);
		else
			return ld_label(lp->ld, one);
	}
	if (text == NULL || strchr(text, ' ') != NULL)
		return text;
	end = text + strlen(text);
	while (end > text && strchr("/#:", end[-1]) == NULL)
		end--;
	return *end == '\0' ? text : end;
}

static void
take_address(struct ld_program *lp, const struct json *v, struct lp_body *out)
{
	const struct json *node = ld_node(lp->ld, v), *country;
	const char *name;

	if (node == NULL)
		return;
	country = ld_get(lp->ld, node, "addressCountry");
	name = ld_label(lp->ld, country);
	if (name != NULL && value_country(str_of(name), out->country) != NULL)
		lp_keep(lp, "addressCountry", country);
	out->place = ld_text(lp->ld, ld_get(lp->ld, node, "addressLocality"));
}

void
lp_body(struct ld_program *lp, const struct json *v, struct lp_body *out)
{
	const struct json *one = ld_at(v, 0), *node = ld_node(lp->ld, one), *home;
	const char *text = json_kind(one) == JSON_TEXT ? ld_text(lp->ld, one) : NULL;

	*out = (struct lp_body){ 0 };
	out->id = ld_ref(lp->ld, one);
	if (node == NULL) {
		/* A name; or the address of a node that is not in this file. */
		if (text != NULL && strncmp(text, "_:", 2) != 0 &&
		    value_url(str_of(text)) != NULL) {
			out->name = text;
			out->id = NULL;
		}
		return;
	}
	out->name = ld_text(lp->ld, ld_get(lp->ld, node, "name"));
	if (out->name == NULL)
		out->name = ld_text(lp->ld, ld_get(lp->ld, node, "legalName"));
	home = ld_get(lp->ld, node, "url");
	if (home == NULL)
		home = ld_get(lp->ld, node, "subjectWebpage");
	if (home == NULL)
		home = ld_get(lp->ld, node, "sameAs");
	text = ld_text(lp->ld, home);
	if (text != NULL && value_url(str_of(text)) == NULL)
		out->url = text;
	take_address(lp, ld_get(lp->ld, node, "address"), out);
}

/* What a framework calls itself, and where it is; in all spellings seen. */
static bool
is_framework(struct ld_program *lp, const struct json *node, const char *const *marks,
    size_t n)
{
	static const char *const terms[] = { "framework", "frameworkName",
		"educationalFramework", "inDefinedTermSet", "targetNode", "targetUrl" };

	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		const char *text = ld_label(lp->ld, ld_get(lp->ld, node, terms[i]));

		for (size_t k = 0; text != NULL && k < n; k++)
			if (strcasestr(text, marks[k]) != NULL)
				return true;
	}
	return false;
}

static const char *
code_in(struct ld_program *lp, const struct json *node)
{
	static const char *const terms[] = { "codedNotation", "termCode",
		"targetNodeName", "targetName", "name", "targetNode" };
	const char *text = NULL;

	for (size_t i = 0; text == NULL && i < ARRAY_LEN(terms); i++)
		text = ld_text(lp->ld, ld_get(lp->ld, node, terms[i]));
	return text;
}

bool
lp_framework(struct ld_program *lp, const struct json *v)
{
	static const char *const eqf[] = { "eqf", "european qualifications framework" };
	static const char *const cip[] = { "cip", "instructional program" };
	static const char *const isced[] = { "isced" };
	const struct json *node = ld_node(lp->ld, v);
	const char *code = node == NULL ? NULL : code_in(lp, node), *last;
	char field[5];

	if (code == NULL)
		return false;
	last = strrchr(code, '/') == NULL ? code : strrchr(code, '/') + 1;
	if (is_framework(lp, node, eqf, ARRAY_LEN(eqf)))
		return value_eqf(str_of(last), &lp->p->eqf) == NULL;
	if (is_framework(lp, node, isced, ARRAY_LEN(isced)) &&
	    value_isced(str_of(last), field) == NULL)
		return draft_name(lp->a, &lp->p->fields, arena_strdup(lp->a, field));
	if (is_framework(lp, node, cip, ARRAY_LEN(cip)) &&
	    strspn(last, "0123456789.") > 0)
		return draft_name(lp->a, &lp->p->subjects,
		    arena_printf(lp->a, "cip:%s", last));
	return false;
}

void
lp_date(struct ld_program *lp, const struct json *v, const char **out)
{
	const char *text = ld_text(lp->ld, v), *why;
	char date[DATE_MAX];

	if (text == NULL || value_is_nothing(str_of(text)))
		return;
	why = value_date(str_of(text), lp->im->map->dates, date);
	if (why != NULL)
		lp_complain(lp, text, why);
	else
		*out = arena_strdup(lp->a, date);
}

void
lp_offer(struct ld_program *lp, const char *price, const char *currency,
    struct program_offer o)
{
	const char *why = NULL;

	if (price == NULL)
		return;
	o.currency[0] = '\0';
	if (currency != NULL)
		why = value_currency(str_of(currency), o.currency);
	if (why != NULL) {
		lp_complain(lp, currency, why);
		return;
	}
	why = value_money(str_of(price), lp->p->provider_country, o.currency, &o.price);
	if (why != NULL)
		lp_complain(lp, price, why);
	else
		(void)draft_offer(lp->a, lp->p, o);
}
