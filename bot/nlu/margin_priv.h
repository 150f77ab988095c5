/*
 * margin_priv.h - one-versus-rest linear support vector machines, the model of view B.
 */
#ifndef CREDBOT_NLU_MARGIN_PRIV_H
#define CREDBOT_NLU_MARGIN_PRIV_H

#include "bot/nlu/samples_priv.h"

/* Learns w, which is zeroed; every sample has a label. false: stopped. */
bool margin_train(struct linear *w, const struct samples *s, unsigned passes,
    uint64_t seed, stop_fn *stop, void *arg);

#endif
