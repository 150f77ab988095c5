/*
 * index_lists.c - which programs have a term, and how much it says about each.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/index_build_priv.h"
#include "credbot/base/alloc.h"

/* Where the damping of BM25 stands, in the units of the fields' weights: a word in the title
 * says about five times as much as one in the text, and the second in a text adds to the
 * first. */
#define DAMPING 8.0

struct lists {
	const struct build *b;
	struct index_list *v;
	size_t n; /* terms and starts */
	/* Of the program under way: what was met, and how much. */
	uint32_t *met;
	size_t n_met;
	uint32_t *amount; /* by list */
	uint32_t *next;   /* by list: where its next program goes */
};

static void
meet(struct lists *l, uint32_t list, uint32_t amount, bool most)
{
	if (l->amount[list] == 0)
		l->met[l->n_met++] = list;
	if (!most)
		l->amount[list] += amount;
	else if (l->amount[list] < amount)
		l->amount[list] = amount;
}

/* Fills met and amount for program i. */
static void
read_program(struct lists *l, size_t i)
{
	const struct build *b = l->b;
	const struct share *p;
	const struct raw_doc *d = build_doc(b, i, &p);
	const uint32_t *surface_of = b->surface_of[p - b->part];

	l->n_met = 0;
	for (uint32_t j = 0; j < d->entries.n; j++) {
		const struct raw_entry *e = &p->entries[d->entries.from + j];
		uint32_t s = surface_of[e->surface];

		meet(l, b->surface_term[s], e->all > 0 ? e->all : 1, false);
		for (size_t k = 0; k < 2 && e->heavy > 0; k++)
			if (b->starts[k][s] != INDEX_NONE)
				meet(l, (uint32_t)b->n_terms + b->starts[k][s],
				    e->heavy, true);
	}
}

static uint8_t
impact_of(uint32_t amount)
{
	double v = (double)amount / RAW_UNIT;
	int impact = (int)(255.0 * v / (v + DAMPING) + 0.5);

	return impact < 1 ? 1 : (uint8_t)impact;
}

static void
count_all(struct lists *l)
{
	for (size_t i = 0; i < l->b->n; i++) {
		read_program(l, i);
		for (size_t j = 0; j < l->n_met; j++) {
			l->v[l->met[j]].count++;
			l->amount[l->met[j]] = 0;
		}
	}
}

/* Places of all lists; returns the number of short ones' docs. */
static size_t
place_all(struct lists *l, uint32_t *longs, size_t *impacts)
{
	size_t docs = 0;

	*longs = 0;
	*impacts = 0;
	for (size_t i = 0; i < l->n; i++) {
		struct index_list *v = &l->v[i];

		v->impacts = (uint32_t)*impacts;
		*impacts += v->count;
		v->is_long = v->count > l->b->n / INDEX_LONG_SHARE;
		if (v->is_long) {
			v->at = (*longs)++;
		} else {
			v->at = (uint32_t)docs;
			docs += v->count;
		}
	}
	return docs;
}

struct sections {
	uint32_t *docs;
	uint8_t *impacts;
	uint64_t *bits;
	size_t words, spans;
};

static void
write_all(struct lists *l, const struct sections *s)
{
	for (size_t i = 0; i < l->b->n; i++) {
		read_program(l, i);
		for (size_t j = 0; j < l->n_met; j++) {
			struct index_list *v = &l->v[l->met[j]];
			uint32_t at = l->next[l->met[j]]++;
			uint8_t impact = impact_of(l->amount[l->met[j]]);

			l->amount[l->met[j]] = 0;
			s->impacts[v->impacts + at] = impact;
			v->max = impact > v->max ? impact : v->max;
			if (v->is_long)
				s->bits[v->at * s->words + i / 64] |= UINT64_C(1)
				                                      << i % 64;
			else
				s->docs[v->at + at] = (uint32_t)i;
		}
	}
}

static void
sum_up(const struct index_list *v, const struct sections *s, uint32_t *ranks,
    uint8_t *maxes)
{
	const uint64_t *bits = s->bits + v->at * s->words;
	uint32_t rank = 0;

	for (size_t i = 0; i < s->spans; i++) {
		uint32_t n = 0;
		uint8_t max = 0;

		for (size_t j = 0; j < INDEX_SPAN_WORDS; j++)
			n += index_ones(bits[i * INDEX_SPAN_WORDS + j]);
		for (uint32_t j = 0; j < n; j++)
			if (s->impacts[v->impacts + rank + j] > max)
				max = s->impacts[v->impacts + rank + j];
		ranks[v->at * s->spans + i] = rank;
		maxes[v->at * s->spans + i] = max;
		rank += n;
	}
}

void
build_lists(const struct build *b, struct lists_made *out)
{
	struct lists l = { .b = b, .n = b->n_terms + b->n_starts };
	struct sections s = { .spans = (b->n + INDEX_SPAN - 1) / INDEX_SPAN };

	l.v = xcalloc(l.n + 1, sizeof(*l.v));
	l.met = xcalloc(l.n + 1, sizeof(*l.met));
	l.amount = xcalloc(l.n + 1, sizeof(*l.amount));
	l.next = xcalloc(l.n + 1, sizeof(*l.next));
	s.words = s.spans * INDEX_SPAN_WORDS;
	count_all(&l);
	out->n_docs = place_all(&l, &out->longs, &out->n_impacts);
	out->n_bits = (size_t)out->longs * s.words;
	out->n_spans = (size_t)out->longs * s.spans;
	out->docs = s.docs = xcalloc(out->n_docs + 1, sizeof(*s.docs));
	out->impacts = s.impacts = xcalloc(out->n_impacts + 1, 1);
	out->bits = s.bits = xcalloc(out->n_bits + 1, sizeof(*s.bits));
	out->ranks = xcalloc(out->n_spans + 1, sizeof(*out->ranks));
	out->maxes = xcalloc(out->n_spans + 1, 1);
	write_all(&l, &s);
	for (size_t i = 0; i < l.n; i++)
		if (l.v[i].is_long)
			sum_up(&l.v[i], &s, out->ranks, out->maxes);
	out->lists = l.v;
	out->n = l.n;
	free(l.met);
	free(l.amount);
	free(l.next);
}

void
lists_pack(struct lists_made *m, struct image *im)
{
	im->head.longs = m->longs;
	image_add(im, IX_LISTS, m->lists, m->n);
	image_add(im, IX_DOCS, m->docs, m->n_docs);
	image_add(im, IX_IMPACTS, m->impacts, m->n_impacts);
	image_add(im, IX_BITS, m->bits, m->n_bits);
	image_add(im, IX_RANKS, m->ranks, m->n_spans);
	image_add(im, IX_MAXES, m->maxes, m->n_spans);
	free(m->lists);
	free(m->docs);
	free(m->impacts);
	free(m->bits);
	free(m->ranks);
	free(m->maxes);
}
