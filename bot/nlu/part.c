/*
 * part.c - choosing texts of a corpus.
 */
#include <stdlib.h>

#include "bot/nlu/part_priv.h"
#include "credbot/base/alloc.h"

/* Adds the texts with one label (or NO_LABEL) to p; returns how many there are. */
static size_t
take_label(struct part *p, const bool *take, uint32_t label)
{
	size_t before = p->n;

	for (size_t i = 0; i < p->corpus->n; i++) {
		if ((take != NULL && !take[i]) || p->corpus->texts[i].label != label)
			continue;
		p->texts[p->n] = (uint32_t)i;
		p->label[p->n++] = label == NO_LABEL ? label : (uint32_t)p->n_labels;
	}
	return p->n - before;
}

void
part_init(struct part *p, const struct corpus *c, const bool *take)
{
	*p = (struct part){ .corpus = c };
	p->texts = xcalloc(c->n, sizeof(*p->texts));
	p->label = xcalloc(c->n, sizeof(*p->label));
	p->labels = xcalloc(c->n_labels, sizeof(*p->labels));
	for (uint32_t label = 0; label < c->n_labels; label++)
		if (take_label(p, take, label) > 0)
			p->labels[p->n_labels++] = label;
	p->n_labelled = p->n;
	(void)take_label(p, take, NO_LABEL);
}

void
part_fini(struct part *p)
{
	free(p->texts);
	free(p->label);
	free(p->labels);
}
