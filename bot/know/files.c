/*
 * files.c - reads the files of the knowledge base and of the intents.
 */
#include <stdlib.h>
#include <string.h>

#include "credbot/base/alloc.h"
#include "credbot/base/file.h"
#include "credbot/base/utf8.h"
#include "credbot/know/files.h"

struct reading {
	struct know_files *files;
	struct faults *faults;
};

/* False after a fault, at the line. */
static bool
is_utf8(struct reading *r, const char *path, struct str text)
{
	size_t before = r->faults->n;

	for (int line = 1; text.p != NULL; line++)
		if (!utf8_valid(str_cut(&text, '\n')))
			faults_add(r->faults, (struct place){ path, line, 0 },
			    "not UTF-8: save the file in that encoding");
	return r->faults->n == before;
}

/* Reads a file into the arena. */
static bool
slurp(struct reading *r, const char *path, struct str *out)
{
	struct buf text = { 0 };
	struct err err;
	bool good = file_read(path, YAML_SIZE_MAX, &text, &err) == RC_OK;

	if (good)
		*out = arena_str(r->files->arena, buf_str(&text));
	else
		faults_add_err(r->faults, path, &err);
	buf_fini(&text);
	return good && is_utf8(r, path, *out);
}

/* Parts an article at its "---" lines. */
static void
read_article(struct reading *r, const char *path, const char *name,
    struct article_file *out)
{
	struct arena *a = r->files->arena;
	struct str text, rest, line;
	const char *front_start;
	int lines = 1;

	out->path = path;
	out->id = arena_strndup(a, name, strlen(name) - strlen(".md"));
	if (!slurp(r, path, &text))
		return;
	rest = text;
	line = str_cut(&rest, '\n');
	if (!str_is(line, "---")) {
		faults_add(r->faults, (struct place){ path, 1, 1 },
		    "an article starts with a line --- and its front matter");
		return;
	}
	front_start = rest.p;
	while (rest.p != NULL) {
		line = str_cut(&rest, '\n');
		lines++;
		if (str_is(line, "---"))
			break;
	}
	if (!str_is(line, "---")) {
		faults_add(r->faults, (struct place){ path, lines, 1 },
		    "the front matter does not end: a line --- is missing");
		return;
	}
	out->body = rest.p == NULL ? str_n("", 0) : rest;
	out->body_line = lines + 1;
	out->front = yaml_parse(a, path, 2,
	    str_n(front_start, (size_t)(line.p - front_start)), r->faults);
}

static void
read_phrases(struct reading *r, const char *path, const char *name,
    struct phrase_file *out)
{
	struct str text;

	out->path = path;
	out->id = arena_strndup(r->files->arena, name, strlen(name) - strlen(".yaml"));
	if (slurp(r, path, &text))
		out->root = yaml_parse(r->files->arena, path, 1, text, r->faults);
}

static size_t
count(char **names)
{
	size_t n = 0;

	while (names[n] != NULL)
		n++;
	return n;
}

static bool
list(struct reading *r, const char *dir, const char *suffix, char ***names)
{
	struct err err;

	if (file_list(r->files->arena, dir, suffix, names, &err) == RC_OK)
		return true;
	faults_add_err(r->faults, dir, &err);
	return false;
}

static bool
read_all(struct reading *r, const char *dir, const char *lang)
{
	struct know_files *f = r->files;
	struct arena *a = f->arena;
	const char *kb = arena_printf(a, "%s/kb/%s", dir, lang);
	const char *intents = arena_printf(a, "%s/intents/%s", dir, lang);
	char **names;
	struct str text;

	f->sources_path = arena_printf(a, "%s/kb/sources.yaml", dir);
	if (slurp(r, f->sources_path, &text))
		f->sources = yaml_parse(a, f->sources_path, 1, text, r->faults);
	if (!list(r, kb, ".md", &names))
		return false;
	f->articles = arena_zalloc(a, count(names) + 1, sizeof(*f->articles));
	for (; *names != NULL; names++)
		read_article(r, arena_printf(a, "%s/%s", kb, *names), *names,
		    &f->articles[f->n_articles++]);
	if (!list(r, intents, ".yaml", &names))
		return false;
	f->phrases = arena_zalloc(a, count(names) + 1, sizeof(*f->phrases));
	for (; *names != NULL; names++)
		read_phrases(r, arena_printf(a, "%s/%s", intents, *names), *names,
		    &f->phrases[f->n_phrases++]);
	return true;
}

struct know_files *
know_files_read(const char *dir, const char *lang, struct faults *faults)
{
	struct know_files *f = xcalloc(1, sizeof(*f));
	struct reading r = { .files = f, .faults = faults };

	f->arena = arena_new();
	if (!read_all(&r, dir, lang)) {
		know_files_free(f);
		return NULL;
	}
	return f;
}

void
know_files_free(struct know_files *f)
{
	if (f == NULL)
		return;
	arena_free(f->arena);
	free(f);
}
