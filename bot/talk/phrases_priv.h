/*
 * phrases_priv.h - words of a message, and the lists of phrases that are looked for in them:
 * what profiles and programs are spoken of with.
 */
#ifndef CREDBOT_TALK_PHRASES_PRIV_H
#define CREDBOT_TALK_PHRASES_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "credbot/base/arena.h"
#include "credbot/base/faults.h"
#include "credbot/base/str.h"
#include "credbot/base/yaml.h"

/* --- words */

/* A message of more words is a story; what it says first counts. */
#define WORDS_MAX 120

struct word {
	struct str text;
	bool comma;  /* one stands behind it */
	bool ending; /* a sentence ends behind it */
};

struct said_words {
	struct word v[WORDS_MAX];
	size_t n;
};

/* The next word of *rest: letters and digits with what holds them together, or one of ":",
 * "=", "{}", "*", "-". false: there is none. */
bool word_next(struct str *rest, struct word *out);
void words_split(struct str text, struct said_words *out);
/* ASCII case does not count. */
bool words_same(struct str a, struct str b);

/* --- phrases */

#define PHRASE_WORDS_MAX 8

struct phrase {
	struct str word[PHRASE_WORDS_MAX];
	size_t n;
};

struct phrase_list {
	struct phrase *v;
	size_t n;
};

/* Whether the phrase stands at i, before end. */
bool phrase_at(const struct said_words *t, size_t i, size_t end,
    const struct phrase *p);
/* The longest phrase of the list that stands at i: how many words; 0: none. */
size_t phrases_at(const struct said_words *t, size_t i, size_t end,
    const struct phrase_list *l);

struct phrases_from {
	struct arena *arena;
	const char *path;
	struct faults *faults;
};

/* A sequence of phrases; anything else, and NULL, is a fault. */
void phrases_read(struct phrases_from *f, const struct yaml *y,
    struct phrase_list *out);

#endif
