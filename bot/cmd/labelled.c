/*
 * labelled.c - labelled texts in files, and typing errors for them.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/cmd/labelled.h"
#include "credbot/base/alloc.h"
#include "credbot/base/chance.h"
#include "credbot/base/file.h"
#include "credbot/nlu/classify.h"

#define FILE_MAX ((size_t)256 * 1024 * 1024)

bool
line_is_oos(const struct line *l)
{
	return strcmp(l->label, NLU_OOS) == 0;
}

void
lines_init(struct lines *l)
{
	*l = (struct lines){ .arena = arena_new() };
}

void
lines_fini(struct lines *l)
{
	free(l->v);
	arena_free(l->arena);
}

static void
lines_add(struct lines *l, struct str label, struct str text)
{
	xgrow(&l->v, &l->cap, l->n + 1);
	l->v[l->n++] = (struct line){ .label = arena_cstr(l->arena, label),
		.text = arena_str(l->arena, text) };
}

enum rc
lines_read(struct lines *l, const char *path, struct err *err)
{
	struct buf all = { 0 };
	struct str rest;
	size_t row = 0;
	enum rc rc = file_read(path, FILE_MAX, &all, err);

	for (rest = buf_str(&all); rc == RC_OK && rest.p != NULL;) {
		struct str text = str_cut(&rest, '\n'), label;

		row++;
		if (str_trim(text).len == 0)
			continue;
		label = str_cut(&text, '\t');
		if (text.p == NULL || label.len == 0) {
			err_set(err, "%s:%zu: no tab between label and text", path,
			    row);
			rc = RC_INVALID;
			break;
		}
		lines_add(l, label, text);
	}
	buf_fini(&all);
	if (rc == RC_OK && l->n == 0) {
		err_set(err, "%s: no lines", path);
		rc = RC_INVALID;
	}
	return rc;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **
lines_labels(const struct lines *l, size_t *n)
{
	const char **all = xcalloc(l->n + 1, sizeof(*all));
	size_t m = 0;

	*n = 0;
	for (size_t i = 0; i < l->n; i++)
		if (!line_is_oos(&l->v[i]))
			all[m++] = l->v[i].label;
	if (m > 0)
		qsort(all, m, sizeof(*all), by_text);
	for (size_t i = 0; i < m; i++)
		if (*n == 0 || strcmp(all[i], all[*n - 1]) != 0)
			all[(*n)++] = all[i];
	return all;
}

void
lines_add_label_names(struct lines *l)
{
	size_t n;
	const char **labels = lines_labels(l, &n);

	for (size_t i = 0; i < n; i++) {
		char *text = arena_strdup(l->arena, labels[i]);

		for (char *p = text; *p != '\0'; p++)
			if (*p == '_' || *p == '-' || *p == '/')
				*p = ' ';
		lines_add(l, str_of(labels[i]), str_of(text));
	}
	free(labels);
}

void
lines_drop_oos(struct lines *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (!line_is_oos(&l->v[i]))
			l->v[n++] = l->v[i];
	l->n = n;
}

/* Letters beside each on a keyboard. */
static char
neighbour(char c, struct chance *chance)
{
	static const char *const keys[26] = { "qsz", "vghn", "xdfv", "sfec", "wrd",
		"dgrv", "fhtb", "gjyn", "uok", "hkum", "jlin", "kop", "njk", "bhjm",
		"ipl", "ol", "wa", "etf", "adwx", "ryg", "yij", "cfgb", "qes", "zsdc",
		"tuh", "asx" };
	const char *near = c >= 'a' && c <= 'z' ? keys[c - 'a'] : "e";

	return near[chance_below(chance, (uint32_t)strlen(near))];
}

/* One typing error in text, at a letter; size is the room. */
static void
add_typo(char *text, size_t size, struct chance *chance)
{
	size_t n = strlen(text), letters = 0, i = 0, pick;

	for (size_t k = 0; k < n; k++)
		letters += (text[k] | 0x20) >= 'a' && (text[k] | 0x20) <= 'z';
	if (letters == 0)
		return;
	pick = chance_below(chance, (uint32_t)letters);
	for (; i < n; i++)
		if ((text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z' && pick-- == 0)
			break;
	switch (chance_below(chance, 4)) {
	case 0:
		memmove(text + i, text + i + 1, n - i);
		break;
	case 1:
		if (n + 1 < size)
			memmove(text + i + 1, text + i, n - i + 1);
		text[i] = neighbour((char)(text[i] | 0x20), chance);
		break;
	case 2:
		text[i] = neighbour((char)(text[i] | 0x20), chance);
		break;
	default:
		if (i + 1 < n && (text[i + 1] & 0x80) == 0) {
			char c = text[i];

			text[i] = text[i + 1];
			text[i + 1] = c;
		}
	}
}

void
lines_add_typos(struct lines *l, double rate)
{
	for (size_t i = 0; i < l->n; i++) {
		struct line *line = &l->v[i];
		struct chance chance = chance_seeded(i + 1);
		double edits = (double)line->text.len * rate;
		size_t n = (size_t)edits, size = line->text.len + n + 2;
		char *text = arena_alloc(l->arena, size);

		n += chance_below(&chance, 1000) <
		     (uint32_t)(1000 * (edits - (double)n));
		memcpy(text, line->text.p, line->text.len);
		text[line->text.len] = '\0';
		for (size_t k = 0; k < n; k++)
			add_typo(text, size, &chance);
		line->text = str_of(text);
	}
}
