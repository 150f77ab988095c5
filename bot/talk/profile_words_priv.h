/*
 * profile_words_priv.h - the vocabulary of profiles as it lies in memory.
 */
#ifndef CREDBOT_TALK_PROFILE_WORDS_PRIV_H
#define CREDBOT_TALK_PROFILE_WORDS_PRIV_H

#include "bot/talk/phrases_priv.h"
#include "bot/talk/profile_priv.h"

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

#endif
