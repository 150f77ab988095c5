/*
 * token_priv.h - a message as words, numbers and signs, for reading wishes.
 *
 * Other than for classifying, values count here: numbers keep theirs, currency signs are
 * words, and so are the capitals that tell "IT" from "it".
 */
#ifndef CREDBOT_CATALOG_TOKEN_PRIV_H
#define CREDBOT_CATALOG_TOKEN_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "credbot/base/str.h"

#define TOKENS_MAX 500
/* Of the folded words of a message. One character may fold to eighteen: what does not fit
 * is not read. */
#define TOKEN_TEXT_MAX 6000

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_SIGN, TOKEN_QUOTE };

struct token {
	struct str text;  /* folded, no apostrophes; a number as it was written */
	uint16_t at, len; /* in the message */
	uint8_t kind;
	char sign;  /* one of . , ; : ! ? ( ) - / and a line break */
	bool glued; /* nothing between it and the token before */
	bool
	    capitals; /* a short word in capitals, in a message that has small letters */
};

struct tokens {
	struct token v[TOKENS_MAX];
	size_t n;
	size_t used;
	char text[TOKEN_TEXT_MAX];
};

void token_read(struct tokens *t, struct str text);

/* A word of at most three letters in capitals: "IT". */
bool token_is_capitals(struct str raw);

#endif
