/*
 * reading.c - a message as marks: phrases of the vocabulary, numbers, signs, and words that
 * are in no phrase.
 */
#include <string.h>

#include "bot/catalog/reading_priv.h"

const struct term *
reading_term(const struct reading *r, size_t i, enum term_kind kind)
{
	if (i >= r->n || r->marks[i].node == NULL)
		return NULL;
	return vocab_meaning(r->v, r->marks[i].node, kind, r->marks[i].capitals);
}

uint64_t
reading_cues(const struct reading *r, size_t i)
{
	return i < r->n ? r->marks[i].cues : 0;
}

bool
reading_is_sign(const struct reading *r, size_t i)
{
	return i < r->n && r->marks[i].kind == MARK_SIGN;
}

bool
reading_is_edge(const struct reading *r, size_t i)
{
	return i >= r->n || r->marks[i].kind == MARK_SIGN;
}

bool
reading_is_common(const struct reading *r, size_t i)
{
	return i < r->n && r->marks[i].n == 1 &&
	       vocab_is_common(r->v, r->words[r->marks[i].tok]);
}

struct str
reading_text(const struct reading *r, size_t i)
{
	return i < r->n ? r->tokens.v[r->marks[i].tok].text : str_n("", 0);
}

enum term_kind
reading_slot(const struct reading *r, size_t i)
{
	static const enum term_kind kinds[] = { (enum term_kind)WISH_FIELD,
		(enum term_kind)WISH_DESTINATION, TERM_NATION,
		(enum term_kind)WISH_LANGUAGE, (enum term_kind)WISH_MODE,
		(enum term_kind)WISH_TYPE, (enum term_kind)WISH_LEVEL,
		(enum term_kind)WISH_PROVIDER };

	if (i >= r->n || r->marks[i].node == NULL || r->marks[i].node->terms == 0)
		return TERM_KINDS;
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		if (reading_term(r, i, kinds[k]) != NULL)
			return kinds[k];
	return TERM_KINDS;
}

static enum mark_kind
kind_of(const struct token *k)
{
	switch ((enum token_kind)k->kind) {
	case TOKEN_NUMBER:
		return MARK_NUMBER;
	case TOKEN_SIGN:
		return MARK_SIGN;
	case TOKEN_QUOTE:
		return MARK_QUOTE;
	case TOKEN_WORD:
		break;
	}
	return MARK_WORD;
}

/* "training in person": a phrase of small words gives way to a wish that begins within it and
 * ends behind it. */
static struct match
find_phrase(const struct reading *r, size_t i)
{
	struct match m = vocab_match(r->v, &r->tokens, r->words, i, TOKENS_MAX);

	for (size_t k = 1; m.n > 1 && m.node->terms == 0 && k < m.n; k++) {
		struct match inner = vocab_match(r->v, &r->tokens, r->words, i + k,
		    TOKENS_MAX);

		if (inner.n > m.n - k && inner.node->terms != 0)
			return vocab_match(r->v, &r->tokens, r->words, i, k);
	}
	return m;
}

static bool
is_token_edge(const struct tokens *t, size_t i)
{
	return i >= t->n || t->v[i].kind == TOKEN_SIGN;
}

/* "leipzig, it" and "canada, us": a word that stands alone is no pronoun, even if small. */
static void
raise_lone_words(struct tokens *t)
{
	for (size_t i = 0; i < t->n && t->n > 1; i++)
		if (t->v[i].kind == TOKEN_WORD && is_token_edge(t, i + 1) &&
		    (i == 0 || is_token_edge(t, i - 1)))
			t->v[i].capitals = true;
}

void
reading_marks(struct reading *r)
{
	raise_lone_words(&r->tokens);
	for (size_t i = 0; i < r->tokens.n;) {
		const struct token *k = &r->tokens.v[i];
		struct match found = find_phrase(r, i);
		struct mark *m = &r->marks[r->n++];

		*m = (struct mark){ .tok = (uint16_t)i, .n = 1 };
		m->kind = (uint8_t)kind_of(k);
		m->sign = k->sign;
		m->capitals = k->capitals;
		if (found.n > 0) {
			if (found.n > 1)
				m->kind = MARK_WORD; /* a number by itself stays one */
			m->node = found.node;
			m->cues = found.node->cues;
			m->n = (uint16_t)found.n;
		}
		i += m->n;
	}
}
