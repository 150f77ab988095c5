/*
 * norm_priv.h - a text as words: folded, contractions written out, numbers by their shape.
 */
#ifndef CREDBOT_NLU_NORM_PRIV_H
#define CREDBOT_NLU_NORM_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "credbot/base/buf.h"
#include "credbot/base/str.h"

/* More than fit into CLASSIFY_TEXT_MAX bytes of any language's prose. */
#define NORM_WORDS_MAX 400

#define WORD_UNKNOWN UINT32_MAX

struct word {
	struct str text;  /* as it was read, folded: "300" */
	struct str shape; /* as it counts: "#3" */
	uint64_t hash;    /* of shape */
	uint32_t id;      /* in the model's vocabulary; set by spell_repair() */
	bool stretched;   /* letters were repeated and are cut to two: "soo" */
};

struct words {
	struct word v[NORM_WORDS_MAX];
	size_t n;
	struct buf spelt;  /* the text before folding, if it differs */
	struct buf folded; /* what most of the words point into */
};

/* Reads text into w, which starts zeroed and is used again and again. */
void norm_words(struct words *w, struct str text);
void norm_words_fini(struct words *w);

/* A word of this text, with its shape and hash. */
struct word norm_word(struct str text);

/* Letters and nothing else; bytes of other scripts count as letters. */
bool norm_is_alpha(struct str s);

#endif
