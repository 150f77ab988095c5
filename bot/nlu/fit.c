/*
 * fit.c - one model out of a part of a corpus: both views trained, all sections written.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/nlu/fit_priv.h"
#include "bot/nlu/kernel_priv.h"
#include "bot/nlu/margin_priv.h"
#include "bot/nlu/softmax_priv.h"
#include "bot/nlu/write_priv.h"
#include "credbot/base/alloc.h"

static void
write_view(struct model_parts *m, enum view view, const struct chosen *ch,
    const struct corpus_view *v, const struct linear *w, size_t labels)
{
	struct buf *section = m->section + model_section(view, 0);
	uint64_t *hashes = xcalloc(ch->n, sizeof(*hashes));

	for (size_t i = 0; i < ch->n; i++) {
		struct row r = row_pack(w->weight + i * w->padded, labels, ch->idf[i],
		    &section[SECTION_WEIGHTS]);

		buf_add(&section[SECTION_ROWS], &r, sizeof(r));
		hashes[i] = v->features.hash[ch->feature[i]];
	}
	table_write(hashes, ch->n, &section[SECTION_STARTS], &section[SECTION_KEYS]);
	buf_add(&section[SECTION_BIAS], w->bias, w->padded * sizeof(*w->bias));
	free(hashes);
}

/* View A learns from the texts without a label as well, view B cannot. */
static bool
train_view(const struct part *p, const struct fit_options *o, enum view view,
    struct samples *s, struct linear *w)
{
	w->padded = kernel_padded(p->n_labels);
	w->weight = xcalloc(s->rows * w->padded, sizeof(*w->weight));
	w->bias = xcalloc(w->padded, sizeof(*w->bias));
	if (view == VIEW_A)
		return softmax_train(w, s, o->softmax_passes, o->seed, o->stop, o->arg);
	s->n = p->n_labelled;
	return margin_train(w, s, o->margin_passes, o->seed, o->stop, o->arg);
}

static bool
fit_view(const struct part *p, const struct fit_options *o, enum view view,
    struct model_parts *m)
{
	struct linear w = { 0 };
	struct chosen ch;
	struct samples s;
	bool done;

	chosen_init(&ch, p, view, o->min_texts);
	samples_init(&s, p, &ch, view);
	done = train_view(p, o, view, &s, &w);
	if (done) {
		write_view(m, view, &ch, &p->corpus->view[view], &w, p->n_labels);
		if (view == VIEW_A)
			write_nearest(m, p, &ch, &s);
	}
	chosen_fini(&ch);
	samples_fini(&s);
	free(w.weight);
	free(w.bias);
	return done;
}

bool
fit_model(const struct part *p, const struct fit_options *o, struct model_parts *m)
{
	m->head.labels = (uint32_t)p->n_labels;
	for (size_t i = 0; i < p->n_labels; i++) {
		const char *name = p->corpus->labels[p->labels[i]];

		buf_add(&m->section[SECTION_LABELS], name, strlen(name) + 1);
	}
	write_vocabulary(m, p);
	write_known(m, o->known, o->n_known);
	return fit_view(p, o, VIEW_A, m) && fit_view(p, o, VIEW_B, m);
}
