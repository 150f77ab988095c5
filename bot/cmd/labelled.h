/*
 * labelled.h - labelled texts in files: a line each, label, tab, text.
 */
#ifndef CREDBOT_CMD_LABELLED_H
#define CREDBOT_CMD_LABELLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/arena.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"

struct line {
	const char *label;
	struct str text;
	/* What a model made of it. */
	const char *got; /* NLU_OOS: nothing, the text has no words */
	float in_scope;
	int64_t us;
};

struct lines {
	struct line *v;
	size_t n, cap;
	struct arena *arena; /* labels and texts live here */
};

void lines_init(struct lines *l);
void lines_fini(struct lines *l);

/* RC_INVALID: a line without a tab, or none at all; err names the place. */
enum rc lines_read(struct lines *l, const char *path, struct err *err);

/* Does it belong to none of the labels (NLU_OOS)? */
bool line_is_oos(const struct line *l);
void lines_drop_oos(struct lines *l);

/* The different labels in scope, sorted; the caller frees. */
const char **lines_labels(const struct lines *l, size_t *n);

/* The names of labels say what they are for: "card_not_working" is an example too. */
void lines_add_label_names(struct lines *l);

/* About rate typing errors a character, the same for the same line in every run. */
void lines_add_typos(struct lines *l, double rate);

#endif
