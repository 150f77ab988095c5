/*
 * which_words_priv.h - the phrases that programs are spoken of with, as they lie in memory.
 */
#ifndef CREDBOT_TALK_WHICH_WORDS_PRIV_H
#define CREDBOT_TALK_WHICH_WORDS_PRIV_H

#include "bot/talk/which_priv.h"

enum which_list {
	WHICH_LAST,
	WHICH_UNITS,
	WHICH_ALL,
	WHICH_IT,
	WHICH_MINE,
	WHICH_OTHER,
	WHICH_ANY,
	WHICH_CHEAPEST,
	WHICH_SHORTEST,
	WHICH_SOONEST,
	WHICH_LISTS
};

struct which_words {
	struct arena *arena;
	struct phrase_list lists[WHICH_LISTS];
	struct phrase_list ordinals[ORDINALS_MAX];
	struct phrase_list points[POINTS];
};

#endif
