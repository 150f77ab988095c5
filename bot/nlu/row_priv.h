/*
 * row_priv.h - the weights of one feature for all labels, in eight bits.
 *
 * The mean over the labels is taken out first: it moves all of them alike, so the softmax
 * never sees it. Most features (a pair of words that two texts share) then matter to a few
 * labels only; such a row lists them. The others hold a byte for every label.
 */
#ifndef CREDBOT_NLU_ROW_PRIV_H
#define CREDBOT_NLU_ROW_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/buf.h"

#define ROW_DENSE UINT16_MAX

/* As it lies in a model file. */
struct row {
	uint32_t
	    at; /* in the weights: first the labels listed (16 bits), then the bytes */
	float scale;  /* of one step of a byte */
	uint16_t idf; /* in 1/ROW_IDF */
	uint16_t n;   /* labels listed, or ROW_DENSE */
};

#define ROW_IDF 4096.0f

#define CACHE_LINE 64 /* bytes; where it is another, this costs time and nothing else */

/* Packs w, labels of them, behind weights; idf goes into the row as well. */
struct row row_pack(const float *w, size_t labels, float idf, struct buf *weights);

/* Does the row lie within the weights, and name only labels that there are? */
bool row_is_sound(const struct row *r, const uint8_t *weights, size_t size,
    size_t labels);

static inline float
row_idf(const struct row *r)
{
	return (float)r->idf / ROW_IDF;
}

/* Asks for the memory that row_add() will read. */
static inline void
row_ask(const struct row *r, const uint8_t *weights, size_t padded)
{
	size_t size = r->n == ROW_DENSE ? padded : (size_t)3 * r->n;

	for (size_t i = 0; i < size; i += CACHE_LINE)
		__builtin_prefetch(weights + r->at + i);
}

/* z += x * row */
void row_add(float *z, const struct row *r, const uint8_t *weights, float x,
    size_t padded);

#endif
