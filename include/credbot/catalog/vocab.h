/*
 * vocab.h - the words that students use for what they wish, in one language.
 *
 * data/vocab/LANG/{fields,places,kinds,cues,amounts,common}.yaml, read once, checked, and
 * compiled into a trie over words that is only read from then on: it may be shared between
 * threads. A word that is not in it is repaired to one that is near, unless it is an ordinary
 * one (common.yaml).
 */
#ifndef CREDBOT_CATALOG_VOCAB_H
#define CREDBOT_CATALOG_VOCAB_H

#include "credbot/base/faults.h"
#include "credbot/catalog/wish.h"

struct vocab;

/* NULL after faults, each with file, line and column: an unknown id or cue, an id without
 * words, a phrase given twice for two values of one kind, a number that is none. */
struct vocab *vocab_load(const char *dir, const char *lang, struct faults *faults);
void vocab_free(struct vocab *v); /* NULL is fine */

/* What the bot calls an id: "data analytics". NULL: no such id. */
const char *vocab_label(const struct vocab *v, enum wish_slot slot, const char *id);

/* The nth wish that no column can hold, by the words it is known by; NULL: no more. */
const char *vocab_unmet(const struct vocab *v, size_t n);

/* The nth id that has a label in slot; NULL: no more. */
const char *vocab_id(const struct vocab *v, enum wish_slot slot, size_t n);

#endif
