/*
 * answer.h - from an article to what is said: conditions decided, variables filled in.
 *
 * In an article a line <!-- when: X --> or <!-- when: no X --> stands directly before a
 * paragraph, a quote or a list item that holds only where this installation has, or has
 * not, capability X.
 */
#ifndef CREDBOT_KNOW_ANSWER_H
#define CREDBOT_KNOW_ANSWER_H

#include <stdbool.h>

#include "credbot/base/buf.h"
#include "credbot/base/faults.h"
#include "credbot/base/str.h"

/* What an installation can do; the names are those of the conditions. */
enum capability {
	CAP_CATALOG = 1 << 0,
	CAP_BOOKING = 1 << 1,
	CAP_HANDOFF = 1 << 2,
	CAP_ENQUIRY = 1 << 3,
	CAP_CALLBACK = 1 << 4,
	CAP_PROFILE = 1 << 5,
	CAP_FREE_CONSULTATION = 1 << 6,
	CAP_CONTACT = 1 << 7,
};

struct capabilities {
	unsigned have;        /* enum capability */
	const char *contact;  /* {contact}; with CAP_CONTACT */
	const char *programs; /* {programs}; with CAP_CATALOG */
};

/* Appends the text with its conditions decided and its variables filled in. */
void answer_render(struct str text, const struct capabilities *caps, struct buf *out);

/*
 * The most words that text can have, over all combinations of conditions; comments do not
 * count.
 */
size_t answer_words_max(struct str text);

/* Whether a quote (a caveat) is said in every combination; in any. */
bool answer_quotes_always(struct str text);
bool answer_quotes_ever(struct str text);

/* Adds a fault for each comment that is no condition and each variable that is none. */
void answer_check(struct str text, const char *file, int first_line,
    struct faults *faults);

#endif
