/*
 * news.h - new programs for a saved search: what is found in the catalog, worded by the dialogue
 * and said by the alerts, which know nothing of each other.
 */
#ifndef CREDBOT_FLOW_NEWS_H
#define CREDBOT_FLOW_NEWS_H

#include <stddef.h>

#include "credbot/base/str.h"

/* Programs of one search that are told; of the others, how many there are. */
#define NEWS_SHOWN 3

/* Texts are Markdown. */
struct news_program {
	struct str title;
	struct str line; /* what else there is to say, as one line; may be empty */
};

struct news {
	struct str label; /* the search, as it is said to her: Markdown */
	size_t total;     /* new programs that fit; 0: none */
	struct news_program first[NEWS_SHOWN]; /* the best of them */
	size_t n_first;
};

#endif
