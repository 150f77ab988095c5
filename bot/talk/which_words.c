/*
 * which_words.c - how students speak of programs: the phrases, read from their file.
 */
#include <stdlib.h>

#include "bot/talk/which_words_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/yaml.h"

const char *const point_names[POINTS + 1] = { "provider", "price", "length", "hours",
	"weekly_hours", "mode", "place", "language", "type", "level", "entry",
	"recognition", "credits", "stacking", "assessment", "start", "deadline",
	"rating", "skills", "link", NULL };

static const char *const list_names[WHICH_LISTS] = { "last", "units", "all", "it",
	"mine", "other", "any", "cheapest", "shortest", "soonest" };

static void
missing(struct phrases_from *f, const struct yaml *y, const char *what)
{
	faults_add(f->faults, y == NULL ? (struct place){ f->path, 0, 0 } : y->at,
	    "expected %s", what);
}

static void
read_ordinals(struct phrases_from *f, const struct yaml *y, struct which_words *w)
{
	if (y == NULL || y->kind != YAML_SEQ || y->n > ORDINALS_MAX) {
		missing(f, y, "lists of phrases, one for each of the first ten places");
		return;
	}
	for (size_t i = 0; i < y->n; i++)
		phrases_read(f, y->child[i], &w->ordinals[i]);
}

static void
read_points(struct phrases_from *f, const struct yaml *y, struct which_words *w)
{
	if (y == NULL || y->kind != YAML_MAP) {
		missing(f, y, "a list of phrases for each point");
		return;
	}
	yaml_check_keys(y, point_names, f->faults);
	for (size_t i = 0; i < POINTS; i++)
		phrases_read(f, yaml_get(y, point_names[i]), &w->points[i]);
}

struct which_words *
which_words_load(const char *dir, const char *lang, struct faults *faults)
{
	static const char *const known[] = { "ordinals", "last", "units", "all", "it",
		"mine", "other", "any", "cheapest", "shortest", "soonest", "points",
		NULL };
	struct which_words *w = xcalloc(1, sizeof(*w));
	struct phrases_from f = { .faults = faults };
	size_t before = faults->n;
	const struct yaml *y;

	f.arena = w->arena = arena_new();
	f.path = arena_printf(w->arena, "%s/vocab/%s/programs.yaml", dir, lang);
	y = yaml_load(w->arena, f.path, faults);
	if (y != NULL) {
		yaml_check_keys(y, known, faults);
		for (size_t i = 0; i < WHICH_LISTS; i++)
			phrases_read(&f, yaml_get(y, list_names[i]), &w->lists[i]);
		read_ordinals(&f, yaml_get(y, "ordinals"), w);
		read_points(&f, yaml_get(y, "points"), w);
	}
	if (faults->n > before) {
		which_words_free(w);
		return NULL;
	}
	return w;
}

void
which_words_free(struct which_words *w)
{
	if (w == NULL)
		return;
	arena_free(w->arena);
	free(w);
}
