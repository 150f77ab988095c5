/*
 * fit_priv.h - one model out of a part of a corpus.
 */
#ifndef CREDBOT_NLU_FIT_PRIV_H
#define CREDBOT_NLU_FIT_PRIV_H

#include "bot/nlu/model_priv.h"
#include "bot/nlu/part_priv.h"
#include "bot/nlu/samples_priv.h"

struct fit_options {
	unsigned softmax_passes, margin_passes;
	size_t min_texts;        /* see chosen_init() */
	const struct str *known; /* see struct training */
	size_t n_known;
	uint64_t seed;
	stop_fn *stop;
	void *arg;
};

/* Fills m but for calibration, threshold and sources. false: stopped. */
bool fit_model(const struct part *p, const struct fit_options *o,
    struct model_parts *m);

#endif
