/*
 * write_nearest.c - the inverted lists of the nearest examples.
 */
#include <math.h>
#include <stdlib.h>

#include "bot/nlu/kernel_priv.h"
#include "bot/nlu/write_priv.h"
#include "credbot/base/alloc.h"

static void
add_u32(struct buf *b, size_t v)
{
	uint32_t u = (uint32_t)v;

	buf_add(b, &u, sizeof(u));
}

/* Every which text goes into the lists of the nearest examples. */
static size_t
stride_of(const struct part *p)
{
	return (p->n_labelled + NEAREST_EXAMPLES_MAX - 1) / NEAREST_EXAMPLES_MAX;
}

/* Numbers of the texts of each row, for rows of words and neighbours that are not common. */
static void
write_lists(struct model_parts *m, const struct part *p, const struct chosen *ch,
    const struct samples *s, float *squares)
{
	const uint8_t *group = p->corpus->view[VIEW_A].group;
	size_t step = stride_of(p), examples = (p->n_labelled + step - 1) / step;
	size_t most = examples / NEAREST_COMMON > NEAREST_FEW
	                  ? examples / NEAREST_COMMON
	                  : NEAREST_FEW;
	size_t *starts = xcalloc(ch->n + 1, sizeof(*starts)), at = 0;
	uint16_t *lists;

	for (size_t i = 0; i < p->n_labelled; i += step)
		for (size_t k = s->starts[i]; k < s->starts[i + 1]; k++)
			starts[s->row[k]]++;
	for (size_t r = 0; r < ch->n; r++) {
		size_t n = starts[r];

		if (group[ch->feature[r]] == GROUP_PIECE || n > most)
			n = 0;
		starts[r] = n == 0 ? SIZE_MAX : at;
		add_u32(&m->section[SECTION_NEAR_STARTS], at);
		at += n;
	}
	add_u32(&m->section[SECTION_NEAR_STARTS], at);
	lists = xcalloc(at, sizeof(*lists));
	for (size_t i = 0; i < p->n_labelled; i += step)
		for (size_t k = s->starts[i]; k < s->starts[i + 1]; k++) {
			uint32_t r = s->row[k];
			float w;

			if (starts[r] == SIZE_MAX)
				continue;
			lists[starts[r]++] = (uint16_t)(i / step);
			w = nearest_weight(group[ch->feature[r]], ch->idf[r]);
			squares[i / step] += w * w;
		}
	buf_add(&m->section[SECTION_NEAR_EXAMPLES], lists, at * sizeof(*lists));
	free(lists);
	free(starts);
}

void
write_nearest(struct model_parts *m, const struct part *p, const struct chosen *ch,
    const struct samples *s)
{
	size_t step = stride_of(p), n = (p->n_labelled + step - 1) / step, label = 0;
	size_t padded = kernel_padded(n);
	float *inverse = xcalloc(padded, sizeof(*inverse));

	write_lists(m, p, ch, s, inverse);
	for (size_t i = 0; i < n; i++)
		inverse[i] = inverse[i] > 0.0f ? 1.0f / sqrtf(inverse[i]) : 0.0f;
	buf_add(&m->section[SECTION_NEAR_INVERSE], inverse, padded * sizeof(*inverse));
	for (size_t i = 0; i < n; i++)
		for (; label <= p->label[i * step]; label++)
			add_u32(&m->section[SECTION_NEAR_LABELS], i);
	for (; label <= p->n_labels; label++)
		add_u32(&m->section[SECTION_NEAR_LABELS], n);
	free(inverse);
}
