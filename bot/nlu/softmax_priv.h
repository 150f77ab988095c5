/*
 * softmax_priv.h - softmax regression, the model of view A.
 */
#ifndef CREDBOT_NLU_SOFTMAX_PRIV_H
#define CREDBOT_NLU_SOFTMAX_PRIV_H

#include "bot/nlu/samples_priv.h"

/*
 * Learns w, which is zeroed. Samples without a label are pushed towards no label at all
 * (all equally likely). false: stopped.
 */
bool softmax_train(struct linear *w, const struct samples *s, unsigned passes,
    uint64_t seed, stop_fn *stop, void *arg);

#endif
