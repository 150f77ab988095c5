/*
 * profile_words_priv.h - the vocabulary of profiles as it lies in memory, and what a word is.
 */
#ifndef CREDBOT_TALK_PROFILE_WORDS_PRIV_H
#define CREDBOT_TALK_PROFILE_WORDS_PRIV_H

#include "bot/talk/profile_priv.h"

#define PHRASE_WORDS_MAX 8

struct phrase {
	struct str word[PHRASE_WORDS_MAX];
	size_t n;
};

struct phrase_list {
	struct phrase *v;
	size_t n;
};

enum phrase_list_id {
	PHRASES_SKIP,
	PHRASES_ENOUGH,
	PHRASES_REMOVE,
	PHRASES_LEAD,
	PHRASES_TAIL,
	PHRASES_STOP,
	PHRASES_CORRECTION,
	PHRASES_NEVER,
	PHRASES_AGAINST,
	PHRASES_ASIDE,
	PHRASE_LISTS,
};

struct entry_words {
	struct phrase_list names;
	struct phrase_list set;
};

struct profile_words {
	struct arena *arena;
	struct phrase_list lists[PHRASE_LISTS];
	struct phrase_list set; /* patterns of all entries */
	struct entry_words entries[PROFILE_ENTRIES];
};

struct word {
	struct str text;
	bool comma;  /* one stands behind it */
	bool ending; /* a sentence ends behind it */
};

/* The next word of *rest: letters and digits with what holds them together, or one of ":",
 * "=", "{}", "*", "-". false: there is none. */
bool word_next(struct str *rest, struct word *out);

#endif
