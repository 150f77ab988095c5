/*
 * locale.c - the wording, held against the table of names.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bot/talk/messages_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/arena.h"
#include "credbot/base/yaml.h"
#include "credbot/talk/locale.h"

struct wording {
	struct str *variants;
	size_t n;
};

struct locale {
	struct arena *arena;
	struct wording *wordings; /* one for each row of the table */
};

static bool
is_variable_of(const struct message_row *row, struct str name)
{
	struct str rest = str_of(row->variables);

	while (rest.p != NULL)
		if (str_eq(str_cut(&rest, ' '), name))
			return true;
	return false;
}

static void
check_variables(const struct message_row *row, const struct yaml *y,
    struct faults *faults)
{
	struct str rest = y->text;

	for (;;) {
		struct str name;

		(void)str_cut(&rest, '{');
		if (rest.p == NULL)
			return;
		name = str_cut(&rest, '}');
		if (name.len > 0 && !is_variable_of(row, name))
			faults_add(faults, y->at,
			    "%s: no variable {%.*s} here; there %s%s", row->name,
			    STR_ARG(name),
			    row->variables[0] == '\0' ? "are none" : "is: ",
			    row->variables);
	}
}

static void
add_variant(struct locale *lo, const struct message_row *row, struct wording *w,
    const struct yaml *y, struct faults *faults)
{
	if (y->kind != YAML_SCALAR || str_trim(y->text).len == 0) {
		faults_add(faults, y->at, "%s: expected a text", row->name);
		return;
	}
	check_variables(row, y, faults);
	w->variants[w->n++] = arena_str(lo->arena, str_trim(y->text));
}

static void
add_wording(struct locale *lo, const struct message_row *row, const struct yaml *y,
    struct faults *faults)
{
	struct wording *w = &lo->wordings[row - message_rows];
	size_t n = y->kind == YAML_SEQ ? y->n : 1;

	w->variants = arena_zalloc(lo->arena, n, sizeof(*w->variants));
	if (y->kind != YAML_SEQ)
		add_variant(lo, row, w, y, faults);
	else
		for (size_t i = 0; i < y->n; i++)
			add_variant(lo, row, w, y->child[i], faults);
	if (n < row->variants_min)
		faults_add(faults, y->at,
		    "%s: %zu variants, at least %zu are needed, so that it does not "
		    "grate",
		    row->name, n, row->variants_min);
}

static void
unknown(struct locale *lo, const struct yaml *key, struct faults *faults)
{
	const char **names = arena_zalloc(lo->arena, message_rows_len + 1,
	    sizeof(*names));
	const char *near;

	for (size_t i = 0; i < message_rows_len; i++)
		names[i] = message_rows[i].name;
	near = yaml_nearest(key->text, names);
	if (near != NULL)
		faults_add(faults, key->at,
		    "no message is named %.*s; did you mean %s?", STR_ARG(key->text),
		    near);
	else
		faults_add(faults, key->at, "no message is named %.*s",
		    STR_ARG(key->text));
}

struct locale *
locale_load(const char *dir, const char *lang, struct faults *faults)
{
	struct locale *lo = xcalloc(1, sizeof(*lo));
	size_t before = faults->n;
	const char *path;
	struct yaml *y;

	lo->arena = arena_new();
	lo->wordings = xcalloc(message_rows_len, sizeof(*lo->wordings));
	path = arena_printf(lo->arena, "%s/locale/%s.yaml", dir, lang);
	y = yaml_load(lo->arena, path, faults);
	if (y != NULL && y->kind != YAML_MAP) {
		faults_add(faults, y->at, "expected messages by their names");
		y = NULL;
	}
	for (size_t i = 0; y != NULL && i < y->n; i++) {
		const struct message_row *row = message_find(
		    arena_cstr(lo->arena, y->key[i]->text));

		if (row == NULL)
			unknown(lo, y->key[i], faults);
		else
			add_wording(lo, row, y->child[i], faults);
	}
	for (size_t i = 0; y != NULL && i < message_rows_len; i++)
		if (lo->wordings[i].variants == NULL)
			faults_add(faults, (struct place){ path, 0, 0 },
			    "the message %s is missing", message_rows[i].name);
	if (faults->n > before) {
		locale_free(lo);
		return NULL;
	}
	return lo;
}

void
locale_free(struct locale *lo)
{
	if (lo == NULL)
		return;
	arena_free(lo->arena);
	free(lo->wordings);
	free(lo);
}

struct str
locale_text(const struct locale *lo, const char *name, int64_t turn)
{
	const struct message_row *row = message_find(name);
	const struct wording *w;

	assert(row != NULL); /* a message that is not in the table */
	w = &lo->wordings[row - message_rows];
	return w->variants[(size_t)turn % w->n];
}
