/*
 * variants.h - training examples made of others.
 */
#ifndef CREDBOT_KNOW_VARIANTS_H
#define CREDBOT_KNOW_VARIANTS_H

#include <stdbool.h>

#include "credbot/base/buf.h"

/* Appends text with "micro-credential" in the place of the general word for it. False if it
 * has none. */
bool variant_of(struct str text, struct buf *out);

#endif
