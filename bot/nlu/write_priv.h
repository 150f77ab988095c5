/*
 * write_priv.h - filling the sections of a model file.
 */
#ifndef CREDBOT_NLU_WRITE_PRIV_H
#define CREDBOT_NLU_WRITE_PRIV_H

#include "bot/nlu/model_priv.h"
#include "bot/nlu/part_priv.h"
#include "bot/nlu/samples_priv.h"

/* Words, their index of deletes, and head.idf_unknown. */
void write_vocabulary(struct model_parts *m, const struct part *p);

/* The general list: words that are right although no text has them. */
void write_known(struct model_parts *m, const struct str *known, size_t n);

/* ch and s: what view A was trained on. */
void write_nearest(struct model_parts *m, const struct part *p, const struct chosen *ch,
    const struct samples *s);

#endif
