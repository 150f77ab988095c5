/*
 * feature_priv.h - what the two linear models see of a text: two views of its words.
 *
 * View A: words, neighbours (with the ends of the text), pieces of 2 to 5 letters. View B:
 * stems, neighbouring stems, all pairs of words, pieces of 3 and 4 letters. Each kind of
 * feature is a group: weighted by sublinear term frequency and idf, then brought to length
 * one, so that a long word's many pieces do not drown the word.
 */
#ifndef CREDBOT_NLU_FEATURE_PRIV_H
#define CREDBOT_NLU_FEATURE_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include "bot/nlu/norm_priv.h"

enum view { VIEW_A, VIEW_B, VIEWS };

/* Groups of view A and of view B; a group's number is below FEATURE_GROUPS in its view. */
enum { GROUP_WORD, GROUP_NEXT, GROUP_PIECE };
enum { GROUP_STEM, GROUP_STEM_NEXT, GROUP_PAIR, GROUP_STEM_PIECE };
#define FEATURE_GROUPS 4

struct feature {
	uint64_t hash;
	uint32_t group;
	uint32_t count; /* in this text */
};

/* The different features of one text. Starts zeroed, used again and again. */
struct bag {
	struct feature *v;
	size_t n, cap;
	uint32_t *slots; /* index + 1 by hash, to find what is there already */
	size_t n_slots;  /* of slots_cap; a power of two */
	size_t slots_cap;
};

/* The ends of a text, as neighbours of its first and last word. */
#define FEATURE_BEGIN UINT64_C(1)
#define FEATURE_END UINT64_C(2)

/* The hash of the feature that one word (hash) stands before another, in view A. */
uint64_t feature_next(uint64_t word, uint64_t next);

void feature_collect(struct bag *b, enum view view, const struct words *w);
void feature_fini(struct bag *b);

/* Weight before the group is brought to length one. */
float feature_weight(uint32_t count, float idf);

/* The idf of what df of n texts have. */
float feature_idf(size_t df, size_t n);

#endif
