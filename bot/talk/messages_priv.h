/*
 * messages_priv.h - the names of all messages, and the variables that each may use.
 */
#ifndef CREDBOT_TALK_MESSAGES_PRIV_H
#define CREDBOT_TALK_MESSAGES_PRIV_H

#include <stddef.h>

struct message_row {
	const char *name;
	const char *variables; /* separated by blanks */
	size_t variants_min;   /* where repetition would grate */
};

extern const struct message_row message_rows[]; /* sorted by name */
extern const size_t message_rows_len;

/* NULL if there is none. */
const struct message_row *message_find(const char *name);

#endif
