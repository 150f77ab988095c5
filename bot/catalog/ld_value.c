/*
 * ld_value.c - names, references and texts of JSON-LD.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "bot/catalog/ld_file_priv.h"

/* --- names */

/* The namespaces that programs are described in. */
static const char *const namespaces[] = { "https://schema.org/", "http://schema.org/",
	"https://purl.org/ctdl/terms/", "http://purl.org/ctdl/terms/",
	"https://purl.org/ctdlasn/terms/", "http://purl.org/ctdlasn/terms/",
	"http://purl.org/dc/terms/" };

static void
learn_name(void *arg, const char *key, const struct json *v)
{
	struct ld *ld = arg;
	const char *text;
	struct str s;

	if (json_kind(v) == JSON_OBJECT)
		v = json_at(v, "@id");
	if (json_text(v, &s) != RC_OK || key[0] == '@' || s.len == 0 || s.p[0] == '@' ||
	    ld->n_names == LD_NAMES_MAX)
		return;
	text = arena_cstr(ld->a, s);
	for (size_t i = 0; i < ld->n_names; i++)
		if (strcmp(ld->names[i].name, key) == 0) {
			ld->names[i].is = text;
			return;
		}
	ld->names[ld->n_names++] = (struct ld_name){ arena_strdup(ld->a, key), text };
}

void
ld_learn_context(struct ld *ld, const struct json *context)
{
	for (size_t i = 0; i < ld_count(context); i++)
		json_each(ld_at(context, i), learn_name, ld);
}

/* What key stands for in the context of the file; NULL: it says nothing of it. */
static const char *
own_name(const struct ld *ld, struct str key)
{
	for (size_t i = 0; i < ld->n_names; i++)
		if (str_is(key, ld->names[i].name))
			return ld->names[i].is;
	return NULL;
}

/* The part behind the namespace or prefix. */
static const char *
local(const char *key)
{
	const char *colon;

	for (size_t i = 0; i < ARRAY_LEN(namespaces); i++) {
		size_t n = strlen(namespaces[i]);

		if (strncmp(key, namespaces[i], n) == 0)
			return key + n;
	}
	colon = strchr(key, ':');
	if (colon == NULL || strncmp(colon, "://", 3) == 0)
		return key;
	return colon + 1;
}

const char *
ld_term(struct ld *ld, const char *key)
{
	const char *colon = strchr(key, ':'), *is;
	size_t n = colon == NULL ? strlen(key) : (size_t)(colon - key);

	if (ld->n_names == 0 || key[0] == '@')
		return local(key);
	is = own_name(ld, str_n(key, n));
	if (is == NULL)
		return local(key);
	if (colon == NULL) /* a term of their own; a prefix alone is none */
		return is[strlen(is) - 1] == '/' || is[strlen(is) - 1] == '#'
		           ? key
		           : local(is);
	/* Their prefix: it may stand for a namespace that we do not know. */
	return local(arena_printf(ld->im->a, "%s%s", is, colon + 1));
}

struct looking {
	struct ld *ld;
	const char *term;
	const struct json *found;
};

static void
look(void *arg, const char *key, const struct json *v)
{
	struct looking *l = arg;

	if (l->found == NULL && strcmp(ld_term(l->ld, key), l->term) == 0)
		l->found = v;
}

const struct json *
ld_get(struct ld *ld, const struct json *node, const char *term)
{
	struct looking l = { ld, term, NULL };

	json_each(node, look, &l);
	return l.found;
}

/* --- lists and references */

size_t
ld_count(const struct json *v)
{
	if (json_kind(v) == JSON_NULL)
		return 0;
	return json_kind(v) == JSON_LIST ? json_count(v) : 1;
}

const struct json *
ld_at(const struct json *v, size_t i)
{
	return json_kind(v) == JSON_LIST ? json_item(v, i) : v;
}

static size_t members(const struct json *v);

const struct json *
ld_node(struct ld *ld, const struct json *v)
{
	struct str id;

	if (json_kind(v) == JSON_LIST)
		v = json_item(v, 0);
	if (json_text(v, &id) == RC_OK)
		return map_get(ld->others, id);
	if (json_kind(v) != JSON_OBJECT)
		return NULL;
	id = json_str(v, "@id");
	if (id.len > 0 && members(v) == 1)
		return map_get(ld->others, id);
	return v;
}

const char *
ld_ref(struct ld *ld, const struct json *v)
{
	struct str id;
	const char *program;

	if (json_text(v, &id) != RC_OK)
		id = json_str(v, "@id");
	if (id.len == 0 && json_kind(v) == JSON_OBJECT)
		return ld_text(ld, ld_get(ld, v, "ctid"));
	program = map_get(ld->programs, id);
	if (program != NULL)
		return arena_strdup(ld->im->a, program);
	return id.len == 0 || str_starts(id, "_:") ? NULL : draft_line(ld->im->a, id);
}

const char *
ld_type(struct ld *ld, const struct json *node, size_t i)
{
	const struct json *types = json_at(node, "@type");
	struct str s;

	if (types == NULL)
		types = json_at(node, "type");
	if (i >= ld_count(types) || json_text(ld_at(types, i), &s) != RC_OK)
		return NULL;
	return ld_term(ld, arena_cstr(ld->im->a, s));
}

/* --- texts */

struct member_count {
	size_t n;
	bool languages; /* all keys could be of languages, and no value is an object */
};

static void
count_member(void *arg, const char *key, const struct json *v)
{
	struct member_count *c = arg;
	size_t n = strcspn(key, "-_");

	c->n++;
	c->languages = c->languages && n >= 2 && n <= 3 && strchr(key, ':') == NULL &&
	               (json_kind(v) == JSON_TEXT || json_kind(v) == JSON_LIST);
}

static size_t
members(const struct json *v)
{
	struct member_count c = { 0, true };

	json_each(v, count_member, &c);
	return c.n;
}

struct texts_of {
	struct ld *ld;
	struct texts *to;
	const char *(*make)(struct arena *a, struct str s);
};

static void
add_text(struct texts_of *t, struct str lang, const struct json *v)
{
	const char *tag = "";
	struct buf number = { 0 };
	struct str s;

	if (json_kind(v) == JSON_LIST)
		v = json_item(v, 0);
	if (json_kind(v) == JSON_NUMBER) {
		json_write(v, &number);
		s = buf_str(&number);
	} else if (json_text(v, &s) != RC_OK) {
		return;
	}
	if (lang.len > 0 && value_language(t->ld->im->a, lang, &tag) != NULL)
		tag = "";
	(void)draft_text(t->ld->im->a, t->to, tag, t->make(t->ld->im->a, s));
	buf_fini(&number);
}

static void
add_language(void *arg, const char *key, const struct json *v)
{
	struct texts_of *t = arg;

	add_text(t, str_of(key), v);
}

static void
add_value(struct texts_of *t, const struct json *v)
{
	struct member_count c = { 0, true };
	const struct json *value = json_at(v, "@value");

	if (json_kind(v) != JSON_OBJECT) {
		add_text(t, str_of(""), v);
	} else if (value != NULL) {
		add_text(t, json_str(v, "@language"), value);
	} else {
		json_each(v, count_member, &c);
		if (c.n > 0 && c.languages)
			json_each(v, add_language, t);
	}
}

void
ld_texts(struct ld *ld, const struct json *v, struct texts *to,
    const char *(*make)(struct arena *a, struct str s))
{
	struct texts_of t = { ld, to, make };

	for (size_t i = 0; i < ld_count(v); i++)
		add_value(&t, ld_at(v, i));
}

const char *
ld_text(struct ld *ld, const struct json *v)
{
	struct texts t = { 0 };

	ld_texts(ld, v, &t, draft_line);
	return t.n == 0 ? NULL : t.at[0].text;
}

const char *
ld_label(struct ld *ld, const struct json *v)
{
	/* The publisher's own example says targetName where its schema has targetNodeName. */
	static const char *const names[] = { "name", "targetNodeName", "targetName",
		"competencyText", "prefLabel", "legalName", "description" };
	const char *text = ld_text(ld, v);
	const struct json *node;

	if (text != NULL && json_kind(ld_at(v, 0)) != JSON_OBJECT) {
		node = ld_node(ld, v);
		if (node == NULL)
			return strncmp(text, "_:", 2) == 0 ? NULL : text;
	} else if (text != NULL) {
		return text;
	} else {
		node = ld_node(ld, v);
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		text = ld_text(ld, ld_get(ld, node, names[i]));
		if (text != NULL)
			return text;
	}
	return NULL;
}
