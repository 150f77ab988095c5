/*
 * profile_words.c - how students say what is in their profile: the vocabulary, read from its
 * file. How a message is held against it is in profile_read.c.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/talk/profile_words_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/yaml.h"

const char *const profile_keys[PROFILE_ENTRIES + 1] = { "name", "home", "destination",
	"goal", "field", "level", "language", "budget", "start", "timezone", NULL };

static const char *const list_names[PHRASE_LISTS] = { "skip", "enough", "remove",
	"lead", "tail", "stop", "correction", "never", "against", "aside" };

struct loading {
	struct profile_words *w;
	struct phrases_from from;
};

static void
read_list(struct loading *l, const struct yaml *y, struct phrase_list *out)
{
	phrases_read(&l->from, y, out);
}

/* Exactly one value in a pattern. */
static void
check_patterns(struct loading *l, const struct yaml *y, const struct phrase_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		size_t stars = 0;

		for (size_t k = 0; k < list->v[i].n; k++)
			stars += str_is(list->v[i].word[k], "*");
		if (stars != 1 || str_is(list->v[i].word[0], "*"))
			faults_add(l->from.faults, y->child[i]->at,
			    "a pattern has one * for the value, and a word before it");
	}
}

static void
read_patterns(struct loading *l, const struct yaml *y, struct phrase_list *out)
{
	size_t before = l->from.faults->n;

	read_list(l, y, out);
	if (l->from.faults->n == before)
		check_patterns(l, y, out);
}

static void
read_entry(struct loading *l, const struct yaml *y, const char *key,
    struct entry_words *out)
{
	static const char *const known[] = { "names", "set", NULL };

	if (y == NULL || y->kind != YAML_MAP) {
		faults_add(l->from.faults,
		    y == NULL ? (struct place){ l->from.path, 0, 0 } : y->at,
		    "the entry %s is missing", key);
		return;
	}
	yaml_check_keys(y, known, l->from.faults);
	read_list(l, yaml_get(y, "names"), &out->names);
	read_patterns(l, yaml_get(y, "set"), &out->set);
}

static void
read_all(struct loading *l, const struct yaml *y)
{
	static const char *const known[] = { "skip", "enough", "remove", "lead", "tail",
		"stop", "correction", "never", "against", "aside", "set", "entries",
		NULL };
	const struct yaml *entries = yaml_get(y, "entries");

	yaml_check_keys(y, known, l->from.faults);
	for (size_t i = 0; i < PHRASE_LISTS; i++)
		read_list(l, yaml_get(y, list_names[i]), &l->w->lists[i]);
	read_patterns(l, yaml_get(y, "set"), &l->w->set);
	if (entries != NULL && entries->kind == YAML_MAP)
		yaml_check_keys(entries, profile_keys, l->from.faults);
	for (size_t i = 0; i < PROFILE_ENTRIES; i++)
		read_entry(l,
		    entries == NULL ? NULL : yaml_get(entries, profile_keys[i]),
		    profile_keys[i], &l->w->entries[i]);
}

struct profile_words *
profile_words_load(const char *dir, const char *lang, struct faults *faults)
{
	struct profile_words *w = xcalloc(1, sizeof(*w));
	struct loading l = { .w = w, .from = { .faults = faults } };
	size_t before = faults->n;
	const struct yaml *y;

	w->arena = arena_new();
	l.from.arena = w->arena;
	l.from.path = arena_printf(w->arena, "%s/vocab/%s/profile.yaml", dir, lang);
	y = yaml_load(w->arena, l.from.path, faults);
	if (y != NULL)
		read_all(&l, y);
	if (faults->n > before) {
		profile_words_free(w);
		return NULL;
	}
	return w;
}

void
profile_words_free(struct profile_words *w)
{
	if (w == NULL)
		return;
	arena_free(w->arena);
	free(w);
}
