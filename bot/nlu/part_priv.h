/*
 * part_priv.h - the texts and labels of a corpus that one model is made of.
 */
#ifndef CREDBOT_NLU_PART_PRIV_H
#define CREDBOT_NLU_PART_PRIV_H

#include "bot/nlu/corpus_priv.h"

struct part {
	const struct corpus *corpus;
	uint32_t *texts; /* by label, those out of scope last */
	size_t n;
	size_t n_labelled; /* the first so many are in scope */
	uint32_t *label;   /* of each text, counted within this part; or NO_LABEL */
	uint32_t *labels;  /* number in the corpus of each label of this part */
	size_t n_labels;
};

/* The texts of c for which take[i] is true (NULL: all); labels without a text are left out. */
void part_init(struct part *p, const struct corpus *c, const bool *take);
void part_fini(struct part *p);

#endif
