/*
 * classify_priv.h - what classifying finds before it is made up for the caller; training
 * calibrates on it.
 */
#ifndef CREDBOT_NLU_CLASSIFY_PRIV_H
#define CREDBOT_NLU_CLASSIFY_PRIV_H

#include "bot/nlu/model_priv.h"

struct finding {
	const float *p; /* of each label; in the scratch */
	uint32_t best;
	float signal[SIGNALS];
	size_t unknown; /* words */
	const struct words *words;
};

/* False if the text has no words. */
bool classify_find(const struct model *m, struct classify_scratch *s, struct str text,
    struct finding *out);

#endif
