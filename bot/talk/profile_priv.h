/*
 * profile_priv.h - what is in a profile, and how students say it.
 *
 * The words come from data/vocab/LANG/profile.yaml. What is read are names of entries and the
 * words that stand where a value does; what such a value means (which field, how much money) is
 * for the reader of wishes.
 */
#ifndef CREDBOT_TALK_PROFILE_PRIV_H
#define CREDBOT_TALK_PROFILE_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "credbot/base/arena.h"
#include "credbot/base/faults.h"
#include "credbot/base/str.h"

enum profile_entry {
	PROFILE_NAME,
	PROFILE_HOME,
	PROFILE_DESTINATION,
	PROFILE_GOAL,
	PROFILE_FIELD,
	PROFILE_LEVEL,
	PROFILE_LANGUAGE,
	PROFILE_BUDGET,
	PROFILE_START,
	PROFILE_TIMEZONE,
	PROFILE_ENTRIES,
};

/* In that order: as they are called in the store, in slots and in the vocabulary. Ended by
 * NULL. */
extern const char *const profile_keys[PROFILE_ENTRIES + 1];

/* A value is cut here: nobody says more about her level. */
#define PROFILE_VALUE_MAX 200

struct profile_words;

/* NULL after faults. */
struct profile_words *profile_words_load(const char *dir, const char *lang,
    struct faults *faults);
void profile_words_free(struct profile_words *w); /* NULL is fine */

/* What a message says about one entry. */
struct profile_said {
	bool named;       /* it speaks of the entry */
	bool remove;      /* and wants it gone */
	struct str value; /* empty: it gives none. Points into the text */
};

/* Fills out, one for each entry. Returns how many have a value or are to be removed. */
size_t profile_read(const struct profile_words *w, struct str text,
    struct profile_said out[PROFILE_ENTRIES]);

/* The text as an answer to the question for e: skipped, all the rest is skipped, or a value,
 * with what else it says in others. */
enum profile_answer { PROFILE_VALUE, PROFILE_SKIP, PROFILE_ENOUGH };
enum profile_answer profile_read_answer(const struct profile_words *w, struct str text,
    enum profile_entry e, struct profile_said others[PROFILE_ENTRIES],
    struct str *value);

#endif
