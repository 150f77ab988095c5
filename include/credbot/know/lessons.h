/*
 * lessons.h - everything that teaches the bot to understand: the questions of the articles
 * and the phrases of the intents, each with its label.
 *
 * A label is a topic, an intent or NLU_OOS. Near misses (not:) count as examples of what
 * they really are. Intents that only have phrases so far name the article or the intent that
 * answers them (answered_by:).
 */
#ifndef CREDBOT_KNOW_LESSONS_H
#define CREDBOT_KNOW_LESSONS_H

#include <stdbool.h>
#include <stddef.h>

#include "credbot/base/err.h"
#include "credbot/base/faults.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"
#include "credbot/know/files.h"

struct lessons;

struct lesson {
	const char *label;
	struct str text;
};

/*
 * Builds it from the files. builtin holds the ids of the intents that the program has a
 * handler for (ends with NULL): their phrases must be there, and other intents must say who
 * answers them. Adds a fault for each question, near miss and phrase that is wrong: too few,
 * unknown ids, the same text with two meanings. NULL after a fault.
 */
struct lessons *lessons_build(const struct know_files *files,
    const char *const builtin[], struct faults *faults);
void lessons_free(struct lessons *c); /* NULL is fine */

size_t lessons_len(const struct lessons *c);
/* How many of them, the last ones, are variants that nobody wrote (bot/know/variants.h). */
size_t lessons_variants(const struct lessons *c);
const struct lesson *lessons_at(const struct lessons *c, size_t i);

/*
 * Trains a model on the lessons and writes it to path in one step. RC_AGAIN: cancelled.
 * For a helper thread or a command: takes seconds.
 */
enum rc lessons_train(const struct lessons *c, const char *path,
    bool (*cancelled)(void *arg), void *arg, struct err *err);

/* The hash over all examples, which the model that was trained on them carries: 64 hex
 * digits. */
#define LESSONS_HASH_MAX 65
const char *lessons_hash(const struct lessons *c);

/* Which article answers the intents that have no handler: pairs from the phrase files. */
struct stand_in {
	const char *intent;
	const char *by; /* a topic, or an intent that has a handler */
};
size_t lessons_stand_ins(const struct lessons *c);
const struct stand_in *lessons_stand_in(const struct lessons *c, size_t i);

#endif
