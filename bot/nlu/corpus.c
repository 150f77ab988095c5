/*
 * corpus.c - reading the training texts.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/nlu/corpus_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/nlu/classify.h"

/* Strays come last. */
static int
by_name(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	bool x_strays = strcmp(x, NLU_OOS) == 0, y_strays = strcmp(y, NLU_OOS) == 0;

	return x_strays || y_strays ? x_strays - y_strays : strcmp(x, y);
}

static void
collect_labels(struct corpus *c, const struct training *t)
{
	size_t n = 0, strays = 0;

	c->labels = xcalloc(t->n, sizeof(*c->labels));
	for (size_t i = 0; i < t->n; i++)
		strays += strcmp(t->examples[i].label, NLU_OOS) == 0;
	for (size_t i = 0; i < t->n; i++)
		if (strays >= STRAYS_MIN || strcmp(t->examples[i].label, NLU_OOS) != 0)
			c->labels[n++] = t->examples[i].label;
	if (n > 0)
		qsort(c->labels, n, sizeof(*c->labels), by_name);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(c->labels[i], c->labels[c->n_labels - 1]) != 0)
			c->labels[c->n_labels++] = c->labels[i];
	c->stray = strays >= STRAYS_MIN ? (uint32_t)(c->n_labels - 1) : NO_LABEL;
}

static uint32_t
label_of(const struct corpus *c, const char *name)
{
	const char **at = bsearch(&name, c->labels, c->n_labels, sizeof(*c->labels),
	    by_name);

	return at == NULL ? NO_LABEL : (uint32_t)(at - c->labels);
}

static void
add_words(struct corpus *c, struct corpus_text *text, const struct words *w)
{
	text->words.at = c->in_text_n;
	for (size_t i = 0; i < w->n; i++) {
		size_t known = c->words.n;
		uint32_t id = lexicon_id(&c->words, w->v[i].hash);
		bool again = false;

		if (id == known) {
			xgrow(&c->word_text, &c->word_text_cap, known + 1);
			c->word_text[id] = arena_str(c->arena, w->v[i].shape);
		}
		for (size_t k = text->words.at; k < c->in_text_n; k++)
			again = again || c->in_text[k] == id;
		if (again)
			continue;
		xgrow(&c->in_text, &c->in_text_cap, c->in_text_n + 1);
		c->in_text[c->in_text_n++] = id;
	}
	text->words.n = c->in_text_n - text->words.at;
}

static void
add_features(struct corpus_view *v, struct span *span, const struct bag *b)
{
	*span = (struct span){ v->in_text_n, b->n };
	xgrow(&v->in_text, &v->in_text_cap, v->in_text_n + b->n);
	for (size_t i = 0; i < b->n; i++) {
		size_t known = v->features.n;
		uint32_t id = lexicon_id(&v->features, b->v[i].hash);

		if (id == known) {
			xgrow(&v->group, &v->group_cap, known + 1);
			v->group[id] = (uint8_t)b->v[i].group;
		}
		v->in_text[v->in_text_n++] = (struct occurrence){ id, b->v[i].count };
	}
}

struct corpus *
corpus_new(const struct training *t)
{
	struct corpus *c = xcalloc(1, sizeof(*c));
	struct words *w = xcalloc(1, sizeof(*w));
	struct bag bag = { 0 };

	c->arena = arena_new();
	c->texts = xcalloc(t->n, sizeof(*c->texts));
	c->n = t->n;
	collect_labels(c, t);
	for (size_t i = 0; i < t->n; i++) {
		struct corpus_text *text = &c->texts[i];

		text->text = t->examples[i].text;
		text->label = label_of(c, t->examples[i].label);
		norm_words(w, text->text);
		add_words(c, text, w);
		for (enum view v = VIEW_A; v < VIEWS; v++) {
			feature_collect(&bag, v, w);
			add_features(&c->view[v], &text->features[v], &bag);
		}
	}
	feature_fini(&bag);
	norm_words_fini(w);
	free(w);
	return c;
}

void
corpus_free(struct corpus *c)
{
	if (c == NULL)
		return;
	for (size_t v = 0; v < VIEWS; v++) {
		lexicon_fini(&c->view[v].features);
		free(c->view[v].group);
		free(c->view[v].in_text);
	}
	lexicon_fini(&c->words);
	free(c->word_text);
	free(c->in_text);
	free(c->labels);
	free(c->texts);
	arena_free(c->arena);
	free(c);
}
