/*
 * nlu.h - what a student may mean by a message: text and context in, ranked intents with
 * scores and slots out.
 *
 * The one seam of language understanding: nothing above it sees models or features. No I/O
 * but the mapped model, no clock, no chance. Intents are ids of intents, or topics of the
 * knowledge base; the two never clash.
 */
#ifndef CREDBOT_NLU_NLU_H
#define CREDBOT_NLU_NLU_H

#include <stdbool.h>
#include <stddef.h>

#include "credbot/base/arena.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"

/* "Did you mean A, B or C" needs three; one more shows how clear the third was. */
#define NLU_RANKED 5
#define NLU_SLOTS 4

/* What the conversation makes likely. Zeroed: nothing was said yet. */
struct nlu_context {
	const char *topic; /* the topic answered last, or NULL */
	bool asked;        /* the bot's last message asked a yes-or-no question */
	const struct str *options; /* texts of the choices shown last */
	size_t n_options;
};

struct nlu_slot {
	const char *name; /* "option" (a number from 1), "rating" (1 to 5) */
	const char *value;
};

struct nlu_reading {
	struct {
		const char *intent; /* lives as long as the reader */
		float score;        /* 0..1 */
	} ranked[NLU_RANKED];       /* best first */
	size_t n;
	struct nlu_slot slots[NLU_SLOTS]; /* in the arena */
	size_t n_slots;
	/* Below the reader's threshold the honest answer is "I don't know". */
	float in_scope;
	bool known;    /* in_scope reached the threshold */
	bool near;     /* it came near: what is ranked first is worth a question back */
	bool wordless; /* no letter and no digit: emoji, dots */
	size_t words;
	size_t unknown_words; /* of them, in no training text, even after repair */
	struct str repaired;  /* as it was read, after spelling repair; in the arena */
};

struct nlu;

/* Takes a model file; see model_open() for what can go wrong. */
enum rc nlu_open(struct nlu **out, const char *path, struct err *err);
void nlu_close(struct nlu *n); /* NULL is fine */

/* The hash of what it was trained on: 64 hex digits. */
const char *nlu_sources(const struct nlu *n);

/* Reads text (valid UTF-8). cx may be NULL. Loop thread only: it has one scratch. */
void nlu_read(struct nlu *n, struct arena *a, struct str text,
    const struct nlu_context *cx, struct nlu_reading *out);

/* The value of a slot, or NULL. */
const char *nlu_slot_value(const struct nlu_reading *r, const char *name);

#endif
