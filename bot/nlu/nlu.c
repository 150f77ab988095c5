/*
 * nlu.c - text and context in, ranked intents with scores and slots out: the classifier's
 * word, and what the conversation makes of it.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/nlu/correction_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/utf8.h"
#include "credbot/nlu/choice.h"
#include "credbot/nlu/classify.h"
#include "credbot/nlu/nlu.h"

/* Below this share of the threshold a guess is more likely wrong than of use. */
#define NEAR_SHARE 0.7f
/* A message of so many words, understood so well, needs no list of choices to mean something. */
#define WHOLE_WORDS 3
#define WHOLE_SCORE 0.7f

struct nlu {
	struct model *model;
	struct classify_scratch *scratch;
};

enum rc
nlu_open(struct nlu **out, const char *path, struct err *err)
{
	struct model *m;
	enum rc rc = model_open(&m, path, err);

	*out = NULL;
	if (rc != RC_OK)
		return rc;
	*out = xcalloc(1, sizeof(**out));
	(*out)->model = m;
	(*out)->scratch = classify_scratch_new(m);
	return RC_OK;
}

void
nlu_close(struct nlu *n)
{
	if (n == NULL)
		return;
	classify_scratch_free(n->scratch);
	model_close(n->model);
	free(n);
}

const char *
nlu_sources(const struct nlu *n)
{
	return model_sources(n->model);
}

/* Puts intent first with a score of 1: the context leaves no doubt. */
static void
certain(struct nlu_reading *out, const char *intent)
{
	size_t keep = out->n < NLU_RANKED ? out->n : NLU_RANKED - 1;

	memmove(out->ranked + 1, out->ranked, keep * sizeof(out->ranked[0]));
	out->ranked[0].intent = intent;
	out->ranked[0].score = 1;
	out->n = keep + 1;
	out->in_scope = 1;
	out->known = true;
}

static void
add_slot(struct nlu_reading *out, const char *name, const char *value)
{
	if (out->n_slots < NLU_SLOTS)
		out->slots[out->n_slots++] = (struct nlu_slot){ name, value };
}

/* "What is a micro-credential?" has no word that is not in "What types of micro-credentials
 * are there?", and is another question. "The badge" says less by itself. */
static bool
speaks_for_itself(const struct nlu_reading *out)
{
	return out->known && out->words >= WHOLE_WORDS &&
	       out->ranked[0].score >= WHOLE_SCORE;
}

static void
read_slots(struct arena *a, struct str text, const struct nlu_context *cx,
    struct nlu_reading *out)
{
	struct choice c = choice_read(text, cx->options, cx->n_options);
	int rating = rating_read(text);

	if (c.kind == CHOICE_WORDS && speaks_for_itself(out))
		c.kind = CHOICE_NONE;
	if (c.kind != CHOICE_NONE) {
		add_slot(out, "option", arena_printf(a, "%zu", c.index + 1));
		if (cx->n_options > 0)
			certain(out, "choose-option");
	}
	if (rating > 0)
		add_slot(out, "rating", arena_printf(a, "%d", rating));
}

void
nlu_read(struct nlu *n, struct arena *a, struct str text, const struct nlu_context *cx,
    struct nlu_reading *out)
{
	static const struct nlu_context nothing;
	struct classified c;

	*out = (struct nlu_reading){ 0 };
	classify(n->model, n->scratch, a, correction_skip(text), &c);
	for (size_t i = 0; i < c.n && i < NLU_RANKED; i++) {
		out->ranked[i].intent = c.top[i].label;
		out->ranked[i].score = c.top[i].p;
		out->n = i + 1;
	}
	out->in_scope = c.in_scope;
	out->known = c.n > 0 && c.in_scope >= model_threshold(n->model);
	out->near = c.in_scope >= NEAR_SHARE * model_threshold(n->model) &&
	            c.unknown_words * 2 < c.words;
	out->wordless = utf8_wordiness(text) == 0;
	out->words = c.words;
	out->unknown_words = c.unknown_words;
	out->repaired = c.repaired;
	read_slots(a, text, cx == NULL ? &nothing : cx, out);
}

const char *
nlu_slot_value(const struct nlu_reading *r, const char *name)
{
	for (size_t i = 0; i < r->n_slots; i++)
		if (strcmp(r->slots[i].name, name) == 0)
			return r->slots[i].value;
	return NULL;
}
