/*
 * calibrate_priv.h - "I don't know": from signs of confidence to the probability that a
 * text belongs to one of the labels at all.
 *
 * A logistic model, fitted on texts whose labels were hidden from training (those are out
 * of scope) and on held-out texts of the others. Both sides weigh the same, whatever their
 * numbers, so 0.5 means: as typical of the one as of the other.
 */
#ifndef CREDBOT_NLU_CALIBRATE_PRIV_H
#define CREDBOT_NLU_CALIBRATE_PRIV_H

#include <stdbool.h>
#include <stddef.h>

enum signal {
	SIGNAL_LOGIT,      /* log odds of the best label */
	SIGNAL_MARGIN,     /* its lead over the second, as probability */
	SIGNAL_ENTROPY,    /* of all labels */
	SIGNAL_NEAREST,    /* cosine with the nearest example */
	SIGNAL_NEAREST_5,  /* mean of the five nearest */
	SIGNAL_NEAREST_OF, /* the nearest of the best label */
	SIGNAL_UNKNOWN,    /* share of unknown words, by idf */
	SIGNAL_LENGTH,     /* log of the number of words */
	SIGNAL_LEAD_A,     /* view A's score of the best label, over the mean */
	SIGNAL_SHARE_A,    /* its probability by view A alone */
	SIGNAL_LEAD_B,     /* view B's score */
	SIGNAL_STRAY,      /* log odds of being like the strays; 0 if there were none */
	SIGNAL_NEAREST_STRAY,
	SIGNALS
};

struct calibration {
	float bias;
	float weight[SIGNALS];
};

struct evidence {
	float signal[SIGNALS];
	bool in_scope;
	bool right; /* the best label was the text's own */
};

/* For models that are too small to hide a label: nearness and unknown words alone. */
#define CALIBRATE_DEFAULT_THRESHOLD 0.5f
struct calibration calibrate_default(void);

/* false, and c as it was, unless there is evidence enough on both sides. */
bool calibrate_fit(struct calibration *c, const struct evidence *e, size_t n);

/* 0..1 */
float calibrate(const struct calibration *c, const float signal[SIGNALS]);

/* The highest threshold that turns away at most cost of the in-scope texts that were read
 * right (a share of all in-scope texts). 0 if there are none. */
float calibrate_threshold(const struct calibration *c, const struct evidence *e,
    size_t n, float cost);

#endif
