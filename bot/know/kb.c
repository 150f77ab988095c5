/*
 * kb.c - all articles, found by id and by title, and linked with each other.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/know/kb_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/map.h"
#include "credbot/base/utf8.h"

struct kb {
	struct arena *arena;
	struct article *articles; /* sorted by id */
	size_t n;
	struct map *by_id, *by_title; /* struct article */
	struct map *sources;          /* struct kb_source */
};

struct building {
	struct kb *kb;
	struct links *links; /* one for each article; path is NULL if it was not read */
	bool knows_sources;
	bool complete; /* all files could be read */
	struct faults *faults;
};

static const char *
text_or_empty(struct arena *a, const struct yaml *y)
{
	return y == NULL || y->kind != YAML_SCALAR ? "" : arena_cstr(a, y->text);
}

static void
build_sources(struct building *b, const struct yaml *root)
{
	static const char *const keys[] = { "title", "publisher", "date", NULL };
	struct kb *kb = b->kb;

	if (root != NULL && root->kind != YAML_MAP) {
		faults_add(b->faults, root->at, "expected sources by their ids");
		return;
	}
	for (size_t i = 0; root != NULL && i < root->n; i++) {
		const struct yaml *y = root->child[i];
		struct kb_source *s = arena_alloc(kb->arena, sizeof(*s));

		yaml_check_keys(y, keys, b->faults);
		s->id = arena_cstr(kb->arena, root->key[i]->text);
		s->title = text_or_empty(kb->arena, yaml_get(y, "title"));
		s->publisher = text_or_empty(kb->arena, yaml_get(y, "publisher"));
		s->date = text_or_empty(kb->arena, yaml_get(y, "date"));
		if (s->title[0] == '\0')
			faults_add(b->faults, root->key[i]->at,
			    "a source needs a title");
		(void)map_put(kb->sources, root->key[i]->text, s);
	}
}

static struct buf
folded(struct str title)
{
	struct buf b = { 0 };

	utf8_fold(str_trim(title), &b);
	return b;
}

static void
index_article(struct building *b, struct article *a, const struct links *links)
{
	struct buf title = folded(str_of(a->title));
	struct article *other;

	(void)map_put(b->kb->by_id, str_of(a->id), a);
	other = map_put(b->kb->by_title, buf_str(&title), a);
	if (other != NULL && a->title[0] != '\0')
		faults_add(b->faults, (struct place){ links->path, 1, 1 },
		    "has the same title as %s", other->id);
	buf_fini(&title);
}

/* The article of an id that stands at y; NULL after a fault. */
static const struct article *
target(struct building *b, const struct yaml *y, const char *what)
{
	const struct article *a = NULL;
	const struct kb *kb = b->kb;
	const char **ids;
	const char *near;

	if (y->kind == YAML_SCALAR)
		a = map_get(kb->by_id, y->text);
	if (a != NULL || y->kind != YAML_SCALAR)
		return a;
	ids = arena_zalloc(kb->arena, kb->n + 1, sizeof(*ids));
	for (size_t i = 0; i < kb->n; i++)
		ids[i] = kb->articles[i].id;
	near = yaml_nearest(y->text, ids);
	if (near != NULL)
		faults_add(b->faults, y->at,
		    "%s: unknown topic \"%.*s\"; did you mean \"%s\"?", what,
		    STR_ARG(y->text), near);
	else
		faults_add(b->faults, y->at, "%s: unknown topic \"%.*s\"", what,
		    STR_ARG(y->text));
	return NULL;
}

static bool
is_related(const struct article *a, const struct article *to)
{
	for (size_t i = 0; i < a->n_related; i++)
		if (a->related[i] == to)
			return true;
	return false;
}

static void
link_related(struct building *b, struct article *a, const struct links *l)
{
	const struct yaml *y = l->related;

	if (y == NULL || y->kind != YAML_SEQ) {
		faults_add(b->faults, (struct place){ l->path, 1, 1 },
		    "\"related:\" must be a list of topics");
		return;
	}
	a->related = arena_zalloc(b->kb->arena, y->n + 1, sizeof(struct article *));
	for (size_t i = 0; i < y->n; i++) {
		const struct article *to = target(b, y->child[i], "related");

		if (to == a || (to != NULL && is_related(a, to)))
			faults_add(b->faults, y->child[i]->at,
			    to == a ? "is related to itself" : "is named twice");
		else if (to != NULL)
			a->related[a->n_related++] = to;
	}
}

static void
link_sources(struct building *b, struct article *a, const struct links *l)
{
	const struct yaml *y = l->sources;

	if (y == NULL || y->kind != YAML_SEQ || y->n == 0) {
		faults_add(b->faults,
		    y == NULL ? (struct place){ l->path, 1, 1 } : y->at,
		    "\"sources:\" must name at least one source");
		return;
	}
	a->sources = arena_zalloc(b->kb->arena, y->n, sizeof(struct kb_source *));
	for (size_t i = 0; i < y->n; i++) {
		const struct yaml *from = yaml_get(y->child[i], "from");
		const struct kb_source *s = from == NULL
		                                ? NULL
		                                : map_get(b->kb->sources, from->text);
		bool known = false;

		if (s == NULL && b->knows_sources)
			faults_add(b->faults, from == NULL ? y->child[i]->at : from->at,
			    "unknown source; sources.yaml lists them");
		for (size_t k = 0; k < a->n_sources; k++)
			known = known || a->sources[k] == s;
		if (s != NULL && !known)
			a->sources[a->n_sources++] = s;
	}
}

/* A parent and its child name each other, so that each is found from the other. */
static void
check_family(struct building *b, const struct article *a, const struct links *l)
{
	if (a->parent == NULL || l->parent == NULL ||
	    b->links[a->parent - b->kb->articles].path == NULL)
		return;
	if (a->parent == a)
		faults_add(b->faults, l->parent->at, "is its own parent");
	else if (!is_related(a, a->parent))
		faults_add(b->faults, l->parent->at, "the parent is not among related");
	else if (!is_related(a->parent, a))
		faults_add(b->faults, l->parent->at,
		    "the parent \"%s\" does not name this article among related",
		    a->parent->id);
}

/* Links in the text, [words](topic-id), must lead somewhere. */
static void
check_body_links(struct building *b, const struct links *l)
{
	struct str body = l->body;
	int line_no = l->body_line;

	for (; body.p != NULL; line_no++) {
		struct str line = str_cut(&body, '\n'), rest = line;

		while (rest.p != NULL) {
			struct str to;
			int column;

			(void)str_cut(&rest, ']');
			if (rest.len == 0 || rest.p[0] != '(')
				continue;
			column = kb_column(line, rest.p) + 1;
			rest = str_n(rest.p + 1, rest.len - 1);
			to = str_cut(&rest, ')');
			if (!str_starts(to, "http") &&
			    map_get(b->kb->by_id, to) == NULL)
				faults_add(b->faults,
				    (struct place){ l->path, line_no, column },
				    "dead link: no topic \"%.*s\"", STR_ARG(to));
		}
	}
}

static void
link_all(struct building *b)
{
	for (size_t i = 0; i < b->kb->n; i++) {
		struct article *a = &b->kb->articles[i];
		const struct links *l = &b->links[i];

		if (l->path == NULL)
			continue;
		link_related(b, a, l);
		link_sources(b, a, l);
		if (l->parent != NULL)
			a->parent = target(b, l->parent, "parent");
		check_body_links(b, l);
	}
	for (size_t i = 0; i < b->kb->n; i++)
		check_family(b, &b->kb->articles[i], &b->links[i]);
}

static void
fill_articles(struct building *b, const struct know_files *files, int64_t now_ms)
{
	struct kb *kb = b->kb;

	b->complete = files->sources != NULL;
	b->knows_sources = files->sources != NULL;
	for (size_t i = 0; i < kb->n; i++) {
		struct article *a = &kb->articles[i];

		if (files->articles[i].front == NULL) {
			a->id = arena_strdup(kb->arena, files->articles[i].id);
			(void)map_put(kb->by_id, str_of(a->id), a);
			b->complete = false;
			continue;
		}
		article_fill(kb->arena, &files->articles[i], now_ms, a, &b->links[i],
		    b->faults);
		if (b->links[i].path != NULL)
			index_article(b, a, &b->links[i]);
	}
}

struct kb *
kb_build(const struct know_files *files, int64_t now_ms, struct faults *faults)
{
	struct kb *kb = xcalloc(1, sizeof(*kb));
	struct building b = { .kb = kb, .faults = faults };
	size_t before = faults->n;

	kb->arena = arena_new();
	kb->by_id = map_new();
	kb->by_title = map_new();
	kb->sources = map_new();
	kb->n = files->n_articles;
	kb->articles = xcalloc(kb->n + 1, sizeof(*kb->articles));
	b.links = xcalloc(kb->n + 1, sizeof(*b.links));
	build_sources(&b, files->sources);
	fill_articles(&b, files, now_ms);
	link_all(&b);
	free(b.links);
	if (faults->n > before || !b.complete) {
		kb_free(kb);
		return NULL;
	}
	return kb;
}

void
kb_free(struct kb *kb)
{
	if (kb == NULL)
		return;
	arena_free(kb->arena);
	map_free(kb->by_id);
	map_free(kb->by_title);
	map_free(kb->sources);
	free(kb->articles);
	free(kb);
}

size_t
kb_len(const struct kb *kb)
{
	return kb->n;
}

const struct article *
kb_find(const struct kb *kb, const char *id)
{
	return map_get_c(kb->by_id, id);
}

const struct article *
kb_at(const struct kb *kb, size_t i)
{
	return &kb->articles[i];
}

const struct article *
kb_by_title(const struct kb *kb, struct str title)
{
	struct buf f = folded(title);
	const struct article *a = map_get(kb->by_title, buf_str(&f));

	buf_fini(&f);
	return a;
}
