/*
 * nearest_priv.h - how near the nearest training examples are: the best sign of whether a
 * text belongs to what was trained at all.
 *
 * Cosine over the words and neighbours of view A, by inverted lists. What more than one
 * example in NEAREST_COMMON has says too little to walk its long list, and counts nowhere.
 */
#ifndef CREDBOT_NLU_NEAREST_PRIV_H
#define CREDBOT_NLU_NEAREST_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include "credbot/base/buf.h"

#define NEAREST_COMMON 50
/* But in this many examples it may always be. */
#define NEAREST_FEW 50
/* Numbers of examples have 16 bits. Of more only every second (third ...) is kept. */
#define NEAREST_EXAMPLES_MAX 65535
/* The mean of so many is a signal besides the nearest one. */
#define NEAREST_TOP 5

struct nearest {
	const uint32_t
	    *starts; /* for each row of view A: its list, and the last's end */
	const uint16_t *examples; /* the lists */
	const float *inverse;     /* of each example's length; padded */
	const uint32_t
	    *labels;      /* examples are by label: where each begins, and the end */
	size_t n, padded; /* examples */
};

/* Row of view A and its weight in the text (nearest_weight()). */
struct nearest_term {
	uint32_t row;
	float weight;
};

/* group is GROUP_WORD or GROUP_NEXT. */
float nearest_weight(unsigned group, float idf);

/* Working memory, zeroed: how near each example is, and which are not 0. */
struct nearest_scratch {
	float *near;       /* an element for each example */
	uint16_t *touched; /* as many */
	size_t n;
};

struct nearest_found {
	float first, mean; /* of the first so many labels */
	float beyond;      /* the nearest of the other labels */
};

/* Cosines with the nearest. s holds those of all for nearest_of_label(), until the next. */
struct nearest_found nearest_find(const struct nearest *x, const struct nearest_term *t,
    size_t n, size_t labels, struct nearest_scratch *s);

/* The nearest of one label, after nearest_find(). */
float nearest_of_label(const struct nearest *x, const struct nearest_scratch *s,
    uint32_t label);

#endif
