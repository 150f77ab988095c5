/*
 * samples_priv.h - the texts of a part as sparse vectors of one view, and the weights that
 * a linear model of them learns.
 */
#ifndef CREDBOT_NLU_SAMPLES_PRIV_H
#define CREDBOT_NLU_SAMPLES_PRIV_H

#include "bot/nlu/part_priv.h"

/* The features that a model has, in the order of their hashes. */
struct chosen {
	uint32_t *row;     /* by number in the corpus; TABLE_NONE: left out */
	uint32_t *feature; /* number in the corpus, by row */
	float *idf;        /* by row */
	size_t n;
};

/* What fewer than min_texts texts have is left out, but never a word or a stem. */
void chosen_init(struct chosen *ch, const struct part *p, enum view view,
    size_t min_texts);
void chosen_fini(struct chosen *ch);

struct samples {
	size_t n;
	size_t *starts;        /* of each in row and x, and the last's end */
	uint32_t *row;         /* features: rows of the weights */
	float *x;              /* their values */
	const uint32_t *label; /* of each; may be NO_LABEL */
	size_t rows, labels;
};

void samples_init(struct samples *s, const struct part *p, const struct chosen *ch,
    enum view view);
void samples_fini(struct samples *s);

struct linear {
	float *weight; /* rows of padded labels */
	float *bias;   /* padded */
	size_t padded;
};

/* Asked between the passes over the samples: true ends the training early. */
typedef bool stop_fn(void *arg);

#endif
