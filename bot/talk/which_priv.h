/*
 * which_priv.h - which of the programs in view a message speaks of, and what it asks of them.
 *
 * "nr 2 looks ok. how long is that": the second, its length. Phrases are data
 * (vocab/LANG/programs.yaml); what is listed is the caller's.
 */
#ifndef CREDBOT_TALK_WHICH_PRIV_H
#define CREDBOT_TALK_WHICH_PRIV_H

#include "bot/talk/phrases_priv.h"

/* What can be asked of a program, in the order in which it is told. */
enum point {
	POINT_PROVIDER,
	POINT_PRICE,
	POINT_LENGTH,
	POINT_HOURS,
	POINT_WEEKLY_HOURS,
	POINT_MODE,
	POINT_PLACE,
	POINT_LANGUAGE,
	POINT_TYPE,
	POINT_LEVEL,
	POINT_ENTRY,
	POINT_RECOGNITION,
	POINT_CREDITS,
	POINT_STACKING,
	POINT_ASSESSMENT,
	POINT_START,
	POINT_DEADLINE,
	POINT_RATING,
	POINT_SKILLS,
	POINT_LINK,
	POINTS
};

/* "price" ...: the names in programs.yaml, and the ends of message names. */
extern const char *const point_names[POINTS + 1]; /* NULL behind the last */

/* Places of a list that can be named. */
#define ORDINALS_MAX 10

struct which_words; /* the phrases */

/* NULL after faults. */
struct which_words *which_words_load(const char *dir, const char *lang,
    struct faults *faults);
void which_words_free(struct which_words *w); /* NULL is fine */

enum most { MOST_NOTHING, MOST_CHEAPEST, MOST_SHORTEST, MOST_SOONEST };

struct which {
	unsigned places; /* bit n: the one at n in the list, from 0 */
	bool last;       /* of the list */
	bool it;         /* the one spoken of last */
	enum most most;  /* the one with least of it */
	bool mine;       /* of her own list */
	bool other;      /* the one beside it */
	bool all;
	unsigned points; /* bits 1 << enum point */
	bool any;        /* the message says that something does not matter */
	bool only_any;   /* and nothing else */
	size_t words;
};

/* listed: how many are in the list; a bare number up to it is a place. */
void which_read(const struct which_words *w, struct str text, size_t listed,
    struct which *out);

/* Whether it names one or more of those in view. */
bool which_names(const struct which *w);

#endif
