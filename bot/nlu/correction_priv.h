/*
 * correction_priv.h - "no, i meant the price": the part that counts.
 */
#ifndef CREDBOT_NLU_CORRECTION_PRIV_H
#define CREDBOT_NLU_CORRECTION_PRIV_H

#include "credbot/base/str.h"

/*
 * What follows the words by which somebody corrects herself or us, if they are there and
 * something follows; else text itself. A part of text.
 */
struct str correction_skip(struct str text);

#endif
