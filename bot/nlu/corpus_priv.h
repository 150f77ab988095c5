/*
 * corpus_priv.h - the training texts, read once: labels, words and features as numbers, so
 * that models of parts of them (the calibration folds) are cheap to set up.
 */
#ifndef CREDBOT_NLU_CORPUS_PRIV_H
#define CREDBOT_NLU_CORPUS_PRIV_H

#include "bot/nlu/feature_priv.h"
#include "bot/nlu/lexicon_priv.h"
#include "credbot/base/arena.h"
#include "credbot/nlu/train.h"

#define NO_LABEL UINT32_MAX /* out of scope */

/* Strays, texts out of scope, of this number and more are a label of their own, the last:
 * what they have in common can be learnt. Fewer only teach to be unsure. */
#define STRAYS_MIN 500

/* A part of one of the corpus's long arrays. */
struct span {
	size_t at, n;
};

struct corpus_text {
	struct str text; /* borrowed from the training */
	uint32_t label;  /* NO_LABEL: a stray, and those have no label */
	struct span words;
	struct span features[VIEWS];
};

struct occurrence {
	uint32_t feature;
	uint32_t count;
};

struct corpus {
	const char **labels; /* sorted; borrowed */
	size_t n_labels;
	uint32_t stray; /* the label of strays, or NO_LABEL: they have none */
	struct corpus_text *texts;
	size_t n;

	struct lexicon words;
	struct str *word_text; /* by number */
	uint32_t *in_text;     /* numbers of the different words of each text */
	size_t in_text_n;

	struct corpus_view {
		struct lexicon features;
		uint8_t *group; /* by number */
		struct occurrence *in_text;
		size_t in_text_n, group_cap, in_text_cap;
	} view[VIEWS];

	struct arena *arena;
	size_t word_text_cap, in_text_cap;
};

/* Reads t, which must outlive the corpus. */
struct corpus *corpus_new(const struct training *t);
void corpus_free(struct corpus *c); /* NULL is fine */

#endif
