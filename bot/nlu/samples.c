/*
 * samples.c - which features count, and the vectors of the training texts.
 */
#include <math.h>
#include <stdlib.h>

#include "bot/nlu/samples_priv.h"
#include "bot/nlu/table_priv.h"
#include "credbot/base/alloc.h"

static bool
is_kept(uint8_t group, uint32_t texts, size_t min_texts)
{
	/* GROUP_STEM is the same number. */
	return texts > 0 && (group == GROUP_WORD || texts >= min_texts);
}

void
chosen_init(struct chosen *ch, const struct part *p, enum view view, size_t min_texts)
{
	const struct corpus_view *v = &p->corpus->view[view];
	uint32_t *texts = xcalloc(v->features.n, sizeof(*texts));
	uint32_t *sorted = lexicon_sorted(&v->features);

	for (size_t i = 0; i < p->n_labelled; i++) {
		struct span s = p->corpus->texts[p->texts[i]].features[view];

		for (size_t k = s.at; k < s.at + s.n; k++)
			texts[v->in_text[k].feature]++;
	}
	ch->n = 0;
	ch->row = xcalloc(v->features.n, sizeof(*ch->row));
	ch->idf = xcalloc(v->features.n, sizeof(*ch->idf));
	ch->feature = xcalloc(v->features.n, sizeof(*ch->feature));
	for (size_t i = 0; i < v->features.n; i++) {
		uint32_t f = sorted[i];

		ch->row[f] = TABLE_NONE;
		if (!is_kept(v->group[f], texts[f], min_texts))
			continue;
		ch->row[f] = (uint32_t)ch->n;
		ch->feature[ch->n] = f;
		ch->idf[ch->n++] = feature_idf(texts[f], p->n_labelled);
	}
	free(texts);
	free(sorted);
}

void
chosen_fini(struct chosen *ch)
{
	free(ch->row);
	free(ch->idf);
	free(ch->feature);
}

/* The vector of one text, each group brought to length one; as find_terms() in classify.c. */
static void
add_sample(struct samples *s, const struct chosen *ch, const struct corpus_view *v,
    struct span span)
{
	float inverse[FEATURE_GROUPS] = { 0 };
	size_t n = s->starts[s->n];

	for (size_t k = span.at; k < span.at + span.n; k++) {
		const struct occurrence *o = &v->in_text[k];
		uint32_t row = ch->row[o->feature];
		float x;

		if (row == TABLE_NONE)
			continue;
		x = feature_weight(o->count, ch->idf[row]);
		inverse[v->group[o->feature]] += x * x;
		s->row[n] = row;
		s->x[n++] = x;
	}
	for (size_t g = 0; g < FEATURE_GROUPS; g++)
		if (inverse[g] > 0.0f)
			inverse[g] = 1.0f / sqrtf(inverse[g]);
	for (size_t k = s->starts[s->n]; k < n; k++)
		s->x[k] *= inverse[v->group[ch->feature[s->row[k]]]];
	s->starts[++s->n] = n;
}

void
samples_init(struct samples *s, const struct part *p, const struct chosen *ch,
    enum view view)
{
	const struct corpus_view *v = &p->corpus->view[view];
	size_t most = 0;

	for (size_t i = 0; i < p->n; i++)
		most += p->corpus->texts[p->texts[i]].features[view].n;
	*s = (struct samples){ .label = p->label,
		.rows = ch->n,
		.labels = p->n_labels };
	s->starts = xcalloc(p->n + 1, sizeof(*s->starts));
	s->row = xcalloc(most, sizeof(*s->row));
	s->x = xcalloc(most, sizeof(*s->x));
	for (size_t i = 0; i < p->n; i++)
		add_sample(s, ch, v, p->corpus->texts[p->texts[i]].features[view]);
}

void
samples_fini(struct samples *s)
{
	free(s->starts);
	free(s->row);
	free(s->x);
}
