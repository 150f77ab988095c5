/*
 * choice.h - which of the choices shown a student picks: "2", "nr 2", "the second one",
 * "last", or words of its text.
 */
#ifndef CREDBOT_NLU_CHOICE_H
#define CREDBOT_NLU_CHOICE_H

#include <stddef.h>

#include "credbot/base/str.h"

/* What the words alone say. */
enum choice_kind {
	CHOICE_NONE,
	CHOICE_NUMBER, /* index is from 0; may be behind the end */
	CHOICE_TEXT,   /* the text of a choice */
	CHOICE_WORDS,  /* nothing but words of one choice */
};

struct choice {
	enum choice_kind kind;
	size_t index;
};

/*
 * Reads text against the n texts of options. The whole message must be a choice: "the 2nd
 * please" is one, "2 months is too long" is none.
 */
struct choice choice_read(struct str text, const struct str *options, size_t n);

/* A rating from 1 to 5 ("4", "5 stars", "3/5", "★★★★"); 0 if text is none. */
int rating_read(struct str text);

#endif
