/*
 * lexicon_priv.h - numbers for hashes in the order of their first appearance, while a
 * corpus is read.
 */
#ifndef CREDBOT_NLU_LEXICON_PRIV_H
#define CREDBOT_NLU_LEXICON_PRIV_H

#include <stddef.h>
#include <stdint.h>

/* Starts zeroed. */
struct lexicon {
	uint64_t *hash; /* by number */
	size_t n, cap;
	uint32_t *slots; /* number + 1 by hash; a power of two of them */
	size_t n_slots;
};

/* The number of hash; a new one is l->n before the call. */
uint32_t lexicon_id(struct lexicon *l, uint64_t hash);

/* All numbers in the order of their hashes; the caller frees. */
uint32_t *lexicon_sorted(const struct lexicon *l);

void lexicon_fini(struct lexicon *l);

#endif
