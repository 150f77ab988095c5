/*
 * classify.h - from a text to the labels that it may carry: the trained part of language
 * understanding.
 *
 * A model is an immutable file, mapped into memory; classifying reads it and nothing else:
 * no I/O, no clock, no chance, so the same text gives the same answer on every machine of
 * one kind. A model may be used by several threads, each with a scratch of its own.
 *
 * Labels are opaque here ("greet", "study-online"): what they stand for is the business of
 * who trained the model. The label NLU_OOS marks training texts that belong to none.
 */
#ifndef CREDBOT_NLU_CLASSIFY_H
#define CREDBOT_NLU_CLASSIFY_H

#include <stddef.h>

#include "credbot/base/arena.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"

#define NLU_OOS "__oos__"

/* Candidates that a result holds at most. */
#define CLASSIFY_TOP 5

/* What is beyond these bytes of a text is not read: an essay is not one question, and time
 * per message stays bounded. */
#define CLASSIFY_TEXT_MAX 2000

struct model;            /* opaque, immutable */
struct classify_scratch; /* working memory of one thread */

struct classified {
	struct {
		const char *label; /* lives as long as the model */
		float p;           /* 0..1: share of all labels' probability */
	} top[CLASSIFY_TOP];       /* best first */
	size_t n;
	/*
	 * Calibrated probability that the text belongs to one of the labels at all (0..1);
	 * below model_threshold() the honest answer is "I don't know".
	 */
	float in_scope;
	size_t words;         /* words read */
	size_t unknown_words; /* of them, not seen in training, after repair */
	struct str repaired;  /* normalised text after spelling repair; in the arena */
};

/*
 * Maps a model file. RC_NOTFOUND: no such file. RC_INVALID: not a model, of another
 * version, cut short or damaged (every offset is checked before use). err says which.
 */
enum rc model_open(struct model **out, const char *path, struct err *err);
void model_close(struct model *m); /* NULL is fine */

/* The hash of the training data that the model was made from: 64 hex digits. */
const char *model_sources(const struct model *m);
size_t model_label_count(const struct model *m);
const char *model_label(const struct model *m, size_t i);
size_t model_bytes(const struct model *m);
/* The threshold on in_scope, fitted on the training data alone. */
float model_threshold(const struct model *m);

struct classify_scratch *classify_scratch_new(const struct model *m);
void classify_scratch_free(struct classify_scratch *s); /* NULL is fine */

/* Reads text (valid UTF-8) and fills out. A text without words gives n == 0, in_scope 0. */
void classify(const struct model *m, struct classify_scratch *s, struct arena *a,
    struct str text, struct classified *out);

#endif
