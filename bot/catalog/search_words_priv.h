/*
 * search_words_priv.h - a text as the words that are searched: one way for programs and for
 * queries.
 *
 * Folded (utf8_fold()), cut at what is no letter or digit. "c++" and "c#" are words; "women's"
 * is womens, "l'art" l and art. Scripts without spaces become pairs of neighbours.
 */
#ifndef CREDBOT_CATALOG_SEARCH_WORDS_PRIV_H
#define CREDBOT_CATALOG_SEARCH_WORDS_PRIV_H

#include "credbot/base/buf.h"
#include "credbot/base/str.h"

/* Longer words are cut: nobody types them, and they are addresses or worse. */
#define SEARCH_WORD_MAX 40

/* False: no more are wanted. */
typedef bool search_word_fn(void *arg, struct str word);

/* fold is memory for the folded text; words live in it until the next call. */
void search_words(struct str text, struct buf *fold, search_word_fn *fn, void *arg);

/* A hash of the words of a text in their order; 0: it has none. */
uint64_t search_words_hash(struct str text, struct buf *fold);

uint64_t search_hash(struct str word);

#endif
