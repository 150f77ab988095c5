/*
 * search_rank.c - the best of a set.
 *
 * The programs are looked at span by span, those first that could hold the best by the
 * largest impacts of each word there; when what a span could hold at most is not enough to
 * get among the best found so far, it and all that follow are left out (block-max pruning, as
 * in Ding and Suel 2011, with BM25's scores times the record's quality).
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/search_priv.h"

/* So that quality orders what no word tells apart. */
#define SCORE_BASE 1.0F
/* Of the best match, in searches that are ordered by something else. */
#define NEARLY 0.75F

struct span {
	float bound;
	uint32_t at;
};

struct ranking {
	const struct search *s;
	const uint64_t *set;
	struct ranked *heap; /* the worst on top */
	size_t n, max;
};

/* The better first; equals by the order of programs. */
static bool
is_better(struct ranked a, struct ranked b)
{
	return a.score > b.score || (a.score == b.score && a.doc < b.doc);
}

static void
sift_down(struct ranking *r, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1;
		struct ranked x = r->heap[at];

		if (child >= r->n)
			return;
		if (child + 1 < r->n && is_better(r->heap[child], r->heap[child + 1]))
			child++;
		if (!is_better(x, r->heap[child]))
			return;
		r->heap[at] = r->heap[child];
		r->heap[child] = x;
		at = child;
	}
}

static void
offer(struct ranking *r, uint32_t doc, float score)
{
	struct ranked new = { score, doc };
	size_t at;

	if (r->n == r->max) {
		if (is_better(new, r->heap[0])) {
			r->heap[0] = new;
			sift_down(r, 0);
		}
		return;
	}
	at = r->n++;
	r->heap[at] = new;
	while (at > 0 && is_better(r->heap[(at - 1) / 2], new)) {
		r->heap[at] = r->heap[(at - 1) / 2];
		at = (at - 1) / 2;
		r->heap[at] = new;
	}
}

static int
best_first(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return is_better(*x, *y) ? -1 : is_better(*y, *x) ? 1 : 0;
}

/* --- by words */

static void
add_short(const struct slot *slot, uint32_t first, float *score)
{
	const struct view *v = &slot->view;
	uint32_t low = 0, high = v->count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (v->docs[mid] < first)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < v->count && v->docs[low] < first + INDEX_SPAN; low++)
		score[v->docs[low] - first] += slot->weight * (float)v->impacts[low];
}

/* All that are in the list, also those that are not in the set: to skip them costs more. */
static void
add_long(const struct slot *slot, uint32_t span, float *score)
{
	const struct view *v = &slot->view;
	const uint8_t *impact = v->impacts + v->ranks[span];
	const uint64_t *bits = v->bits + (size_t)span * INDEX_SPAN_WORDS;
	uint32_t i;

	for (size_t k = 0; k < INDEX_SPAN_WORDS; k++)
		EACH_BIT(bits, k, i)
	score[i] += slot->weight * (float)*impact++;
}

static void
add_dense(const struct slot *slot, uint32_t first, float *score)
{
	const uint8_t *impacts = slot->view.impacts + first;

	for (size_t i = 0; i < INDEX_SPAN; i++)
		score[i] += slot->weight * (float)impacts[i];
}

static void
rank_span(struct ranking *r, uint32_t span)
{
	const struct search *s = r->s;
	uint32_t first = span * INDEX_SPAN, i;
	float score[INDEX_SPAN];

	for (size_t j = 0; j < INDEX_SPAN; j++)
		score[j] = SCORE_BASE;
	for (size_t j = 0; j < s->n_slots; j++) {
		const struct slot *slot = &s->slots[j];

		if (slot->view.maxes[span] == 0)
			continue;
		if (slot->view.kind == VIEW_SHORT)
			add_short(slot, first, score);
		else if (slot->view.kind == VIEW_LONG)
			add_long(slot, span, score);
		else
			add_dense(slot, first, score);
	}
	for (size_t k = 0; k < INDEX_SPAN_WORDS; k++)
		EACH_BIT_OF(r->set[(size_t)span * INDEX_SPAN_WORDS + k], k, i)
		{
			float v = score[i] * (float)s->x->prior[first + i];

			if (r->n < r->max || v >= r->heap[0].score)
				offer(r, first + i, v);
		}
}

static int
by_bound(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->bound != y->bound)
		return x->bound > y->bound ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static bool
is_empty(const uint64_t *set, size_t span)
{
	uint64_t any = 0;

	for (size_t k = 0; k < INDEX_SPAN_WORDS; k++)
		any |= set[span * INDEX_SPAN_WORDS + k];
	return any == 0;
}

/* Docs are in the order of their priors, the ceased ones anew. */
static float
best_prior(const struct catalog_index *x, uint32_t span)
{
	uint32_t first = span * INDEX_SPAN, live = x->head->live;
	uint16_t prior = x->prior[first];

	if (live > first && live < first + INDEX_SPAN && live < x->n &&
	    x->prior[live] > prior)
		prior = x->prior[live];
	return (float)prior;
}

static void
rank_by_words(struct ranking *r)
{
	const struct search *s = r->s;
	struct span *v = arena_alloc(s->a, (s->x->spans + 1) * sizeof(*v));
	size_t n = 0;

	for (uint32_t i = 0; i < s->x->spans; i++) {
		float bound = SCORE_BASE;

		if (is_empty(r->set, i))
			continue;
		for (size_t j = 0; j < s->n_slots; j++)
			bound += s->slots[j].weight * (float)s->slots[j].view.maxes[i];
		v[n++] = (struct span){ bound * best_prior(s->x, i), i };
	}
	qsort(v, n, sizeof(*v), by_bound);
	for (size_t i = 0; i < n; i++) {
		/* Sums in another order may differ in the last place. */
		if (r->n == r->max && v[i].bound * 1.0001F < r->heap[0].score)
			break;
		rank_span(r, v[i].at);
	}
}

/* --- by something else */

static float
key_of(const struct search *s, uint32_t doc)
{
	const struct catalog_index *x = s->x;
	int32_t soonest = DAY_ROLLING;

	switch (s->q->order) {
	case CATALOG_CHEAPEST:
		return x->euro[doc] == INDEX_PRICE_NONE ? -1e30F : -(float)x->euro[doc];
	case CATALOG_TOP_RATED:
		return x->rating[doc] == INDEX_RATING_NONE ? -1e30F
		                                           : (float)x->rating[doc];
	case CATALOG_SHORTEST:
		if (x->hours[doc] >= 0)
			return -x->hours[doc];
		/* Eight hours of work a day are the least that is known of it. */
		return x->days[doc] >= 0 ? -x->days[doc] * 8 : -1e30F;
	case CATALOG_SOONEST:
		for (uint32_t i = x->run_at[doc]; i < x->run_at[doc + 1]; i++) {
			int32_t from = x->runs[i].from;

			if (from == DAY_ROLLING)
				from = s->q->today;
			if (from != DAY_UNKNOWN && from >= s->q->today &&
			    from < soonest)
				soonest = from;
		}
		return soonest == DAY_ROLLING ? -1e30F : -(float)soonest;
	case CATALOG_BEST:
	case CATALOG_ORDERS:
		break;
	}
	return (float)x->prior[doc];
}

static void
rank_by_key(struct ranking *r)
{
	uint32_t doc;

	for (size_t w = 0; w < r->s->x->words; w++)
		EACH_BIT(r->set, w, doc)
	offer(r, doc, key_of(r->s, doc));
}

/* The order of programs is that of their records. */
static void
take_first(struct ranking *r)
{
	const struct catalog_index *x = r->s->x;
	uint32_t doc;

	for (size_t w = 0; w < x->words && r->n < r->max; w++)
		EACH_BIT(r->set, w, doc)
	if (r->n < r->max)
		r->heap[r->n++] = (struct ranked){ (float)x->prior[doc], doc };
}

static bool
is_among(const struct ranked *v, size_t n, uint32_t doc)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].doc == doc)
			return true;
	return false;
}

/* "Cheapest" means the cheapest of what was meant, not whatever mentions a word of it: those
 * that match nearly as well as the best, by key, and then the others. */
static void
rank_by_both(struct ranking *r)
{
	struct ranking others = *r;
	size_t strong = 0, m;

	rank_by_words(r);
	qsort(r->heap, r->n, sizeof(*r->heap), best_first);
	while (strong < r->n && r->heap[strong].score >= NEARLY * r->heap[0].score)
		strong++;
	for (size_t i = 0; i < strong; i++)
		r->heap[i].score = key_of(r->s, r->heap[i].doc);
	qsort(r->heap, strong, sizeof(*r->heap), best_first);
	others.heap = arena_alloc(r->s->a, (r->max + 1) * sizeof(*r->heap));
	others.n = 0;
	rank_by_key(&others);
	qsort(others.heap, others.n, sizeof(*others.heap), best_first);
	m = strong;
	for (size_t i = 0; i < others.n && m < r->max; i++)
		if (!is_among(r->heap, strong, others.heap[i].doc))
			r->heap[m++] = others.heap[i];
	r->n = m;
}

size_t
search_rank(const struct search *s, const uint64_t *set, struct ranked *out, size_t max)
{
	struct ranking r = { s, set, out, 0, max };

	if (s->q->order != CATALOG_BEST && s->n_slots > 0) {
		rank_by_both(&r);
		return r.n;
	}
	if (s->q->order != CATALOG_BEST)
		rank_by_key(&r);
	else if (s->n_slots == 0)
		take_first(&r);
	else
		rank_by_words(&r);
	if (r.n > 0)
		qsort(out, r.n, sizeof(*out), best_first);
	return r.n;
}
