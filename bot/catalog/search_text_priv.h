/*
 * search_text_priv.h - the words that were typed, between search_text.c and search_repair.c.
 */
#ifndef CREDBOT_CATALOG_SEARCH_TEXT_PRIV_H
#define CREDBOT_CATALOG_SEARCH_TEXT_PRIV_H

#include "bot/catalog/search_priv.h"

struct token {
	struct str word;
	uint32_t surface;
	size_t quote; /* which "..." it stands in; 0: none */
	size_t typed; /* its place in what was typed */
	bool star;
	bool last;
	bool optional; /* nothing has to have it */
};

struct typed {
	struct search *s;
	struct token v[CATALOG_WORDS_MAX];
	size_t n;
	size_t quote;
	struct stemmers *stemmers;
	struct str optional[CATALOG_WORDS_MAX];
	size_t n_optional;
};

/* What is found for k, into out->typed and out->view; false: nothing. A repair is noted in the
 * answer. */
bool search_find_word(struct typed *t, const struct token *k, struct slot *out);

#endif
