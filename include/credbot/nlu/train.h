/*
 * train.h - labelled texts to a model file.
 *
 * Deterministic: the same examples in the same order with the same seed give the same file
 * on machines of one kind. Runs in the caller's thread for seconds (about 1 s for 800
 * examples, 13 s for 15,000), so the daemon calls it from a helper thread.
 */
#ifndef CREDBOT_NLU_TRAIN_H
#define CREDBOT_NLU_TRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/buf.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"

struct train_example {
	const char *label; /* NLU_OOS for a text that belongs to none */
	struct str text;
};

struct training {
	const struct train_example *examples; /* borrowed */
	size_t n;
	/* The last so many are variants of others: learnt from, but never asked about. Holding
	 * one out would only prove that the model knows the other. */
	size_t n_variants;
	/* Words that are right although no example has them (a general word list), so that
	 * spelling repair leaves them alone; may be NULL. Borrowed, folded, n_known. */
	const struct str *known;
	size_t n_known;
	const char
	    *sources; /* hash of the examples, 64 hex digits; kept in the model */
	uint64_t seed;
	bool (*cancelled)(void *arg); /* asked between steps; may be NULL */
	void *arg;
};

/*
 * Appends a model file to out. RC_INVALID: fewer than two labels, or over 60,000;
 * RC_AGAIN: cancelled.
 */
enum rc train_model(const struct training *t, struct buf *out, struct err *err);

#endif
