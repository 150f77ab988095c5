/*
 * yaml.c - libyaml's events to a tree that knows places.
 */
#include <errno.h>
#include <string.h>

#include <yaml.h>

#include "credbot/base/buf.h"
#include "credbot/base/file.h"
#include "credbot/base/yaml.h"

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;
	struct arena *arena;
	const char *file;
	int first_line;
	struct faults *faults;
};

static struct place
place_of(const struct reader *r, yaml_mark_t mark)
{
	return (struct place){ r->file, r->first_line + (int)mark.line,
		(int)mark.column + 1 };
}

/* Reads the next event; false after a fault. */
static bool
next(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event))
		return true;
	faults_add(r->faults, place_of(r, r->parser.problem_mark), "not valid YAML: %s",
	    r->parser.problem == NULL ? "unreadable" : r->parser.problem);
	return false;
}

static struct yaml *
node_new(struct reader *r, enum yaml_kind kind)
{
	struct yaml *y = arena_zalloc(r->arena, 1, sizeof(*y));

	y->kind = kind;
	y->at = place_of(r, r->event.start_mark);
	return y;
}

/* Children are collected in chunks that double: an arena cannot grow an array in place. */
static void
push(struct arena *a, struct yaml *y, struct yaml *key, struct yaml *child)
{
	if ((y->n & (y->n - 1)) == 0) {
		size_t cap = y->n == 0 ? 1 : y->n * 2;
		struct yaml **c = arena_alloc(a, cap * sizeof(struct yaml *));
		struct yaml **k = arena_alloc(a, cap * sizeof(struct yaml *));

		if (y->n > 0) {
			memcpy(c, y->child, y->n * sizeof(struct yaml *));
			memcpy(k, y->key, y->n * sizeof(struct yaml *));
		}
		y->child = c;
		y->key = k;
	}
	y->key[y->n] = key;
	y->child[y->n++] = child;
}

static bool
refuse(struct reader *r, const char *what)
{
	faults_add(r->faults, place_of(r, r->event.start_mark), "%s", what);
	return false;
}

static struct yaml *read_node(struct reader *r, int depth);

static struct yaml *
read_scalar(struct reader *r)
{
	struct yaml *y = node_new(r, YAML_SCALAR);

	y->text = arena_str(r->arena, str_n((const char *)r->event.data.scalar.value,
					  r->event.data.scalar.length));
	y->quoted = r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return y;
}

static struct yaml *
read_seq(struct reader *r, int depth)
{
	struct yaml *y = node_new(r, YAML_SEQ);

	for (;;) {
		struct yaml *child;

		if (!next(r))
			return NULL;
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			return y;
		child = read_node(r, depth + 1);
		if (child == NULL)
			return NULL;
		push(r->arena, y, NULL, child);
	}
}

static struct yaml *
read_map(struct reader *r, int depth)
{
	struct yaml *y = node_new(r, YAML_MAP);

	for (;;) {
		struct yaml *key, *child;

		if (!next(r))
			return NULL;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			return y;
		if (r->event.type != YAML_SCALAR_EVENT) {
			refuse(r, "a key must be a plain word");
			return NULL;
		}
		key = read_scalar(r);
		if (!next(r))
			return NULL;
		child = read_node(r, depth + 1);
		if (child == NULL)
			return NULL;
		if (yaml_get(y, arena_cstr(r->arena, key->text)) != NULL)
			faults_add(r->faults, key->at, "\"%.*s\" is given twice",
			    STR_ARG(key->text));
		else
			push(r->arena, y, key, child);
	}
}

/* What names a value or says its type. */
static bool
has_ornaments(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.anchor != NULL || e->data.scalar.tag != NULL;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.anchor != NULL ||
		       e->data.sequence_start.tag != NULL;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.anchor != NULL ||
		       e->data.mapping_start.tag != NULL;
	default:
		return false;
	}
}

static struct yaml *
read_node(struct reader *r, int depth)
{
	if (depth > YAML_DEPTH_MAX) {
		refuse(r, "nested too deeply");
		return NULL;
	}
	if (has_ornaments(&r->event)) {
		refuse(r, "anchors (&name) and tags (!type) are not used here");
		return NULL;
	}
	switch (r->event.type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(r);
	case YAML_SEQUENCE_START_EVENT:
		return read_seq(r, depth);
	case YAML_MAPPING_START_EVENT:
		return read_map(r, depth);
	case YAML_ALIAS_EVENT:
		refuse(r, "aliases (*name) are not used here: write the value again");
		return NULL;
	default:
		refuse(r, "a value is missing");
		return NULL;
	}
}

static struct yaml *
read_document(struct reader *r)
{
	struct yaml *y;

	do {
		if (!next(r))
			return NULL;
	} while (r->event.type == YAML_STREAM_START_EVENT ||
		 r->event.type == YAML_DOCUMENT_START_EVENT);
	if (r->event.type == YAML_STREAM_END_EVENT)
		return node_new(r, YAML_MAP);
	y = read_node(r, 0);
	if (y == NULL || !next(r) || !next(r))
		return NULL;
	if (r->event.type != YAML_STREAM_END_EVENT) {
		refuse(r, "a second document starts here: one file is one document");
		return NULL;
	}
	return y;
}

struct yaml *
yaml_parse(struct arena *a, const char *file, int first_line, struct str text,
    struct faults *faults)
{
	struct reader r = { .arena = a,
		.file = arena_strdup(a, file),
		.first_line = first_line,
		.faults = faults };
	size_t before = faults->n;
	struct yaml *y;

	if (!yaml_parser_initialize(&r.parser))
		return NULL;
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.p,
	    text.len);
	y = read_document(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return faults->n == before ? y : NULL;
}

struct yaml *
yaml_load(struct arena *a, const char *file, struct faults *faults)
{
	struct buf text = { 0 };
	struct yaml *y = NULL;
	struct err err;

	if (file_read(file, YAML_SIZE_MAX, &text, &err) == RC_OK)
		y = yaml_parse(a, file, 1, buf_str(&text), faults);
	else
		faults_add_err(faults, file, &err);
	buf_fini(&text);
	return y;
}

struct yaml *
yaml_get(const struct yaml *y, const char *key)
{
	if (y == NULL || y->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < y->n; i++)
		if (str_is(y->key[i]->text, key))
			return y->child[i];
	return NULL;
}

bool
yaml_is_null(const struct yaml *y)
{
	return y == NULL || (y->kind == YAML_SCALAR && !y->quoted &&
				(y->text.len == 0 || str_is(y->text, "~") ||
				    str_is(y->text, "null")));
}

const char *
yaml_nearest(struct str word, const char *const names[])
{
	unsigned limit = (unsigned)(word.len / 3);
	const char *best = NULL;

	if (limit == 0)
		limit = 1;
	for (size_t i = 0; names[i] != NULL; i++) {
		unsigned d = str_distance(word, str_of(names[i]), limit);

		if (d <= limit) {
			best = names[i];
			if (d == 0)
				break;
			limit = d - 1;
		}
	}
	return best;
}

void
yaml_check_keys(const struct yaml *y, const char *const known[], struct faults *faults)
{
	for (size_t i = 0; y->kind == YAML_MAP && i < y->n; i++) {
		struct str key = y->key[i]->text;
		const char *near = yaml_nearest(key, known);

		if (near != NULL && str_is(key, near))
			continue;
		if (near != NULL)
			faults_add(faults, y->key[i]->at,
			    "unknown key \"%.*s\"; did you mean \"%s\"?", STR_ARG(key),
			    near);
		else
			faults_add(faults, y->key[i]->at, "unknown key \"%.*s\"",
			    STR_ARG(key));
	}
}
