/*
 * shipped.c - the programs that ship: YAML files that people write, one list of records
 * each. A record is turned into JSON and read like every other; what is wrong in it is
 * found again at its place in the file.
 */
#include <stdlib.h>
#include <string.h>

#include "credbot/base/buf.h"
#include "credbot/base/file.h"
#include "credbot/base/map.h"
#include "credbot/base/yaml.h"
#include "credbot/catalog/catalog.h"
#include "credbot/catalog/program_json.h"

struct shipping {
	catalog_fn *fn;
	void *arg;
	struct faults *faults;
	struct map *ids; /* -> struct yaml, the record */
	size_t n;
	bool stopped;
};

/* A number as JSON has it: no leading zeros, no sign but minus. */
static bool
is_number(struct str s)
{
	char *end;
	struct buf b = { 0 };
	bool good;

	if (s.len == 0 || s.len > 20 || strspn(s.p, "-0123456789.eE") < s.len ||
	    s.p[s.len - 1] == '.' || s.p[0] == '.' || s.p[0] == 'e' || s.p[0] == 'E' ||
	    (s.len > 1 && s.p[0] == '0' && s.p[1] != '.'))
		return false;
	buf_addstr(&b, s);
	(void)strtod(buf_cstr(&b), &end);
	good = *end == '\0';
	buf_fini(&b);
	return good;
}

static void
add_scalar(const struct yaml *y, struct buf *out)
{
	if (yaml_is_null(y))
		buf_adds(out, "null");
	else if (!y->quoted && (str_is(y->text, "true") || str_is(y->text, "false") ||
				   is_number(y->text)))
		buf_addstr(out, y->text);
	else
		buf_add_json(out, y->text);
}

/* Depth is bounded by the YAML reader. */
static void
add_json(const struct yaml *y, struct buf *out)
{
	if (y->kind == YAML_SCALAR) {
		add_scalar(y, out);
		return;
	}
	buf_addc(out, y->kind == YAML_MAP ? '{' : '[');
	for (size_t i = 0; i < y->n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		if (y->kind == YAML_MAP) {
			buf_add_json(out, y->key[i]->text);
			buf_addc(out, ':');
		}
		add_json(y->child[i], out);
	}
	buf_addc(out, y->kind == YAML_MAP ? '}' : ']');
}

/* The place of a path like offers[1].price, or of as much of it as there is. */
static struct place
place_of(const struct yaml *y, const char *path)
{
	while (*path != '\0') {
		size_t n = strcspn(path, ".[");
		const struct yaml *next = NULL;

		if (*path == '[') {
			unsigned long i = strtoul(path + 1, NULL, 10);

			if (y->kind == YAML_SEQ && i < y->n)
				next = y->child[i];
			path = strchr(path, ']') + 1;
		} else if (*path == '.') {
			path++;
			continue;
		} else {
			for (size_t i = 0; y->kind == YAML_MAP && i < y->n; i++)
				if (str_eq(y->key[i]->text, str_n(path, n)))
					next = y->child[i];
			path += n;
		}
		if (next == NULL)
			break;
		y = next;
	}
	return y->at;
}

static void
report(struct shipping *s, const struct yaml *y, const struct remarks *r)
{
	for (size_t i = 0; i < r->n; i++)
		faults_add(s->faults, place_of(y, r->v[i].field), "%s: %s",
		    r->v[i].field, r->v[i].reason);
}

static void
take_record(struct shipping *s, struct yaml *y)
{
	struct arena *a = arena_new();
	struct remarks r = { .a = a };
	struct buf json = { 0 };
	struct program p;
	struct yaml *first;

	add_json(y, &json);
	(void)program_parse_json(a, buf_str(&json), &p, &r);
	report(s, y, &r);
	if (r.n == 0) {
		first = map_put(s->ids, str_of(p.id), y);
		if (first != NULL)
			faults_add(s->faults, place_of(y, "id"),
			    "id: %s is given already (line %d)", p.id, first->at.line);
		s->n++;
		s->stopped = !s->fn(s->arg, &p);
	}
	buf_fini(&json);
	arena_free(a);
}

static void
take_file(struct shipping *s, struct arena *a, const char *path)
{
	struct yaml *y = yaml_load(a, path, s->faults);

	if (y == NULL)
		return;
	if (y->kind != YAML_SEQ) {
		faults_add(s->faults, y->at, "must be a list of programs");
		return;
	}
	for (size_t i = 0; i < y->n && !s->stopped; i++)
		take_record(s, y->child[i]);
}

size_t
catalog_each_shipped(const char *data_dir, catalog_fn *fn, void *arg,
    struct faults *faults)
{
	struct shipping s = { .fn = fn, .arg = arg, .faults = faults };
	struct arena *a = arena_new();
	const char *dir = arena_printf(a, "%s/catalog", data_dir);
	struct err err;
	char **names;
	enum rc rc = file_list(a, dir, ".yaml", &names, &err);

	s.ids = map_new();
	if (rc == RC_OK)
		for (; *names != NULL && !s.stopped; names++)
			take_file(&s, a, arena_printf(a, "%s/%s", dir, *names));
	else if (rc != RC_NOTFOUND) /* a data folder without programs is one, too */
		faults_add_err(faults, dir, &err);
	map_free(s.ids);
	arena_free(a);
	return s.n;
}
