/*
 * kb.h - the knowledge base: one Markdown file an article, found by its id (its topic).
 *
 * Loaded as a whole and never changed; a reload loads another one beside it. The format of
 * an article is told in docs/INTENTS.md. What trains the bot (questions and near misses) is
 * not kept here: see lessons.h.
 */
#ifndef CREDBOT_KNOW_KB_H
#define CREDBOT_KNOW_KB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/faults.h"
#include "credbot/base/str.h"
#include "credbot/know/files.h"

/* What stands above the marker, caveat included: one phone screen, one breath. */
#define KB_SHORT_WORDS_MAX 60
#define KB_SIMPLE_WORDS_MAX 30
#define KB_QUESTIONS_MIN 20

/* How sure an answer is; the words for it are in the locale (kb.certainty.*). */
enum certainty {
	CERTAINTY_SETTLED,
	CERTAINTY_USUAL,
	CERTAINTY_DEPENDS,
	CERTAINTY_DISPUTED,
	CERTAINTY_FORECAST,
	CERTAINTY_CLAIM,
	CERTAINTY_SERVICE,
};

const char *certainty_name(enum certainty c);

struct kb_source {
	const char *id;
	const char *title;
	const char *publisher; /* "" if it does not say */
	const char *date;      /* "" if it does not say */
};

struct article {
	const char *id;
	const char *title;
	const char *category;
	const struct article *parent; /* NULL: the top of a menu */
	const struct article **related;
	size_t n_related;
	const char *advisor; /* expertise that fits a hand-off */
	enum certainty certainty;
	const struct kb_source **sources; /* each once */
	size_t n_sources;
	int64_t reviewed_ms;
	int64_t review_by_ms;
	const char *simple; /* the answer in plain words, one paragraph */
	/* Markdown, with conditions (answer.h) still in it. */
	struct str brief; /* above the marker */
	struct str more;  /* below it */
};

struct kb;

/*
 * Builds it from the files. Adds a fault for everything that is wrong; a knowledge base with
 * a fault is not returned. With now_ms > 0 a review date that has passed counts as a fault
 * too (for credbot check; a running bot says it when it answers).
 */
struct kb *kb_build(const struct know_files *files, int64_t now_ms,
    struct faults *faults);
void kb_free(struct kb *kb); /* NULL is fine */

size_t kb_len(const struct kb *kb);
/* By id; NULL if there is none. */
const struct article *kb_find(const struct kb *kb, const char *id);

/* All, sorted by id. */
const struct article *kb_at(const struct kb *kb, size_t i);
/* The article with that title (folded for comparison); NULL if there is none. */
const struct article *kb_by_title(const struct kb *kb, struct str title);

#endif
