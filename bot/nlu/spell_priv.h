/*
 * spell_priv.h - the words that a model knows, and the nearest of them for one it does not.
 *
 * Nearest by letters inserted, left out, replaced or swapped: one in short words, two from
 * SPELL_LONG letters on. Candidates come from an index of the words with letters left out
 * (Garbe's symmetric deletes); of several, the one that stands beside these neighbours in
 * training wins. Words of a general list are right as they are.
 */
#ifndef CREDBOT_NLU_SPELL_PRIV_H
#define CREDBOT_NLU_SPELL_PRIV_H

#include "bot/nlu/norm_priv.h"
#include "bot/nlu/table_priv.h"

/* Shorter words are not repaired: nearly all words of two letters are alike. */
#define SPELL_MIN 3
/* Shorter and longer words are not offered. */
#define SPELL_OFFER_MIN 2
#define SPELL_MAX 24
/* Words as short are allowed one change, longer ones two. */
#define SPELL_LONG 6

/* A word of the training texts, as it lies in a model file. */
struct vocabulary_word {
	uint32_t at; /* in the text of all words */
	uint32_t len;
	uint32_t count; /* texts that have it */
	float idf;
};

struct vocabulary {
	struct table table; /* hash to index, which is a word's id */
	const struct vocabulary_word *words;
	const char *text;
	float idf_unknown; /* of a word that no text has */
	/* Deletes: starts of the buckets, and in each word ids with a part of the hash. */
	const uint32_t *delete_starts;
	const uint32_t *deletes;
	unsigned delete_bits;
	struct table known; /* words of the general list */
};

static inline struct str
vocabulary_text(const struct vocabulary *v, uint32_t id)
{
	return str_n(v->text + v->words[id].at, v->words[id].len);
}

/*
 * Gives every word its id, after repair where that helps. A word may become two. a: the
 * features of view A, for what stands beside what.
 */
void spell_repair(const struct vocabulary *v, const struct table *a, struct words *w);

/* What the index of deletes is made of: words in the order of their ids. */
void spell_write(const struct str *words, size_t n, struct buf *starts,
    struct buf *deletes);

/* False if the arrays of a file do not fit together. v has its words already. */
bool spell_read(struct vocabulary *v, const uint32_t *starts, size_t n_starts,
    const uint32_t *deletes, size_t n);

#endif
