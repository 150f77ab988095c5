/*
 * write_vocabulary.c - the words of the training texts, and those of the general list.
 */
#include <stdlib.h>

#include "bot/nlu/hash_priv.h"
#include "bot/nlu/write_priv.h"
#include "credbot/base/alloc.h"

void
write_vocabulary(struct model_parts *m, const struct part *p)
{
	const struct corpus *c = p->corpus;
	uint32_t *texts = xcalloc(c->words.n, sizeof(*texts));
	uint32_t *sorted = lexicon_sorted(&c->words);
	uint64_t *hashes = xcalloc(c->words.n, sizeof(*hashes));
	struct str *words = xcalloc(c->words.n, sizeof(*words));
	struct buf *text = &m->section[SECTION_WORD_TEXT];
	size_t n = 0;

	for (size_t i = 0; i < p->n_labelled; i++) {
		struct span s = c->texts[p->texts[i]].words;

		for (size_t k = s.at; k < s.at + s.n; k++)
			texts[c->in_text[k]]++;
	}
	for (size_t i = 0; i < c->words.n; i++) {
		struct str s = c->word_text[sorted[i]];
		struct vocabulary_word w = { (uint32_t)text->len, (uint32_t)s.len,
			texts[sorted[i]],
			feature_idf(texts[sorted[i]], p->n_labelled) };

		if (w.count == 0)
			continue;
		buf_add(&m->section[SECTION_WORDS], &w, sizeof(w));
		buf_addstr(text, s);
		hashes[n] = c->words.hash[sorted[i]];
		words[n++] = s;
	}
	table_write(hashes, n, &m->section[SECTION_WORD_STARTS],
	    &m->section[SECTION_WORD_KEYS]);
	spell_write(words, n, &m->section[SECTION_DELETE_STARTS],
	    &m->section[SECTION_DELETES]);
	m->head.idf_unknown = feature_idf(0, p->n_labelled);
	free(texts);
	free(sorted);
	free(hashes);
	free(words);
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

void
write_known(struct model_parts *m, const struct str *known, size_t n)
{
	uint64_t *hashes = xcalloc(n, sizeof(*hashes));

	for (size_t i = 0; i < n; i++)
		hashes[i] = hash_text(known[i]);
	if (n > 0)
		qsort(hashes, n, sizeof(*hashes), by_value);
	table_write(hashes, n, &m->section[SECTION_KNOWN_STARTS],
	    &m->section[SECTION_KNOWN_KEYS]);
	free(hashes);
}
