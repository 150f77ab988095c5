/*
 * search_views.c - lists of programs: of a term, of any of several, of all of several.
 */
#include <assert.h>
#include <string.h>

#include "bot/catalog/search_priv.h"

/* --- sets */

uint64_t *
set_new(const struct search *s)
{
	return arena_zalloc(s->a, s->x->words + 1, sizeof(uint64_t));
}

uint64_t *
set_copy(const struct search *s, const uint64_t *from)
{
	uint64_t *set = arena_alloc(s->a, (s->x->words + 1) * sizeof(*set));

	memcpy(set, from, s->x->words * sizeof(*set));
	return set;
}

size_t
set_count(const struct search *s, const uint64_t *set)
{
	size_t n = 0;

	for (size_t i = 0; i < s->x->words; i++)
		n += index_ones(set[i]);
	return n;
}

void
set_and(const struct search *s, uint64_t *set, const uint64_t *with)
{
	for (size_t i = 0; i < s->x->words; i++)
		set[i] &= with[i];
}

/* --- lists of the index */

static uint8_t *
maxes_of(const struct search *s, const uint32_t *docs, const uint8_t *impacts, size_t n)
{
	uint8_t *maxes = arena_zalloc(s->a, s->x->spans + 1, 1);

	for (size_t i = 0; i < n; i++) {
		uint8_t *max = &maxes[docs[i] / INDEX_SPAN];

		*max = impacts[i] > *max ? impacts[i] : *max;
	}
	return maxes;
}

struct view
view_of_list(const struct search *s, const struct index_list *l)
{
	const struct catalog_index *x = s->x;
	struct view v = { .count = l->count,
		.max = l->max,
		.impacts = x->impacts + l->impacts };

	if (l->is_long) {
		v.kind = VIEW_LONG;
		v.bits = x->bits + l->at * x->words;
		v.ranks = x->ranks + l->at * x->spans;
		v.maxes = x->maxes + l->at * x->spans;
	} else {
		v.kind = VIEW_SHORT;
		v.docs = x->docs + l->at;
		v.maxes = maxes_of(s, v.docs, v.impacts, v.count);
	}
	return v;
}

struct view
view_of_term(const struct search *s, uint32_t term)
{
	return view_of_list(s, &s->x->lists[term]);
}

void
view_need_bits(const struct search *s, struct view *v)
{
	uint64_t *bits;

	if (v->bits != NULL)
		return;
	bits = set_new(s);
	for (uint32_t i = 0; i < v->count; i++)
		bits[v->docs[i] / 64] |= UINT64_C(1) << v->docs[i] % 64;
	v->bits = bits;
}

bool
view_has(const struct view *v, uint32_t doc)
{
	uint32_t low = 0, high = v->count;

	if (v->bits != NULL)
		return v->bits[doc / 64] >> doc % 64 & 1;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (v->docs[mid] < doc)
			low = mid + 1;
		else
			high = mid;
	}
	return low < v->count && v->docs[low] == doc;
}

/* --- lists made for a search */

struct dense {
	uint64_t *bits;
	uint8_t *impacts;
};

static struct dense
dense_new(const struct search *s)
{
	return (struct dense){ set_new(s),
		arena_zalloc(s->a, s->x->spans * INDEX_SPAN + 1, 1) };
}

static void
raise(const struct dense *d, uint32_t doc, uint8_t impact)
{
	d->bits[doc / 64] |= UINT64_C(1) << doc % 64;
	if (d->impacts[doc] < impact)
		d->impacts[doc] = impact;
}

static uint8_t
scaled(uint8_t impact, float worth)
{
	int v = (int)((float)impact * worth + 0.5F);

	return v < 1 ? 1 : (uint8_t)v;
}

static void
raise_all(const struct search *s, const struct dense *d, const struct part_view *p)
{
	const struct view *v = &p->view;
	uint8_t scale[256];
	const uint8_t *next = v->impacts;
	uint32_t doc;

	for (int i = 0; i < 256; i++)
		scale[i] = scaled((uint8_t)i, p->worth);
	if (v->kind == VIEW_SHORT) {
		for (uint32_t i = 0; i < v->count; i++)
			raise(d, v->docs[i], scale[v->impacts[i]]);
		return;
	}
	for (size_t w = 0; w < s->x->words; w++)
		EACH_BIT(v->bits, w, doc)
	raise(d, doc, scale[v->kind == VIEW_LONG ? *next++ : v->impacts[doc]]);
}

static struct view
dense_view(const struct search *s, const struct dense *d)
{
	struct view v = { .kind = VIEW_DENSE, .bits = d->bits, .impacts = d->impacts };
	uint8_t *maxes = arena_zalloc(s->a, s->x->spans + 1, 1);
	uint32_t doc;

	for (size_t w = 0; w < s->x->words; w++) {
		uint8_t max = maxes[w / INDEX_SPAN_WORDS];

		v.count += index_ones(d->bits[w]);
		EACH_BIT(d->bits, w, doc)
		max = d->impacts[doc] > max ? d->impacts[doc] : max;
		maxes[w / INDEX_SPAN_WORDS] = max;
		v.max = max > v.max ? max : v.max;
	}
	v.maxes = maxes;
	return v;
}

struct view
view_any(const struct search *s, const struct part_view *v, size_t n)
{
	struct dense d;

	if (n == 1 && v->worth >= 1)
		return v->view;
	d = dense_new(s);
	for (size_t i = 0; i < n; i++)
		raise_all(s, &d, &v[i]);
	return dense_view(s, &d);
}

/* The impact of doc, which v has. Docs must be asked in rising order within *at: the next
 * entry of a short list, or the number of docs before the word of a long one. */
static uint8_t
impact_at(const struct view *v, uint32_t doc, uint32_t *at)
{
	size_t word = doc / 64;
	uint32_t rank;

	if (v->kind == VIEW_DENSE)
		return v->impacts[doc];
	if (v->kind == VIEW_SHORT) {
		while (v->docs[*at] < doc)
			(*at)++;
		return v->impacts[*at];
	}
	rank = v->ranks[doc / INDEX_SPAN];
	for (size_t w = word - word % INDEX_SPAN_WORDS; w < word; w++)
		rank += index_ones(v->bits[w]);
	rank += index_ones(v->bits[word] & ((UINT64_C(1) << doc % 64) - 1));
	return v->impacts[rank];
}

/* The mean of the impacts: each word of several that mean one thing counts. */
struct view
view_all(const struct search *s, const struct view *v, size_t n)
{
	struct view own[TABLES_PHRASE_MAX];
	uint32_t at[TABLES_PHRASE_MAX] = { 0 }, doc;
	struct dense d;

	assert(n > 0 && n <= TABLES_PHRASE_MAX);
	if (n == 1)
		return v[0];
	d = dense_new(s);
	for (size_t i = 0; i < n; i++) {
		own[i] = v[i];
		view_need_bits(s, &own[i]);
		if (i == 0)
			memcpy(d.bits, own[0].bits, s->x->words * sizeof(uint64_t));
		else
			set_and(s, d.bits, own[i].bits);
	}
	for (size_t w = 0; w < s->x->words; w++)
		EACH_BIT(d.bits, w, doc)
		{
			unsigned sum = 0;

			for (size_t i = 0; i < n; i++)
				sum += impact_at(&own[i], doc, &at[i]);
			d.impacts[doc] = (uint8_t)(sum / n);
		}
	return dense_view(s, &d);
}

/* --- phrases */

static bool
is_in(const uint32_t *have, size_t n, const uint32_t *want, size_t len)
{
	for (size_t i = 0; i + len <= n; i++) {
		size_t j = 0;

		while (j < len && have[i + j] == want[j])
			j++;
		if (j == len)
			return true;
	}
	return false;
}

struct view
view_phrase(const struct search *s, struct view v, const uint32_t *surfaces, size_t n)
{
	const struct catalog_index *x = s->x;
	struct dense d = dense_new(s);
	uint32_t doc, at = 0;

	view_need_bits(s, &v);
	for (size_t w = 0; w < x->words; w++)
		EACH_BIT(v.bits, w, doc)
		{
			uint32_t t = x->title_at[doc], k = x->skill_at[doc];

			if (is_in(x->titles + t, x->title_at[doc + 1] - t, surfaces,
				n) ||
			    is_in(x->skills + k, x->skill_at[doc + 1] - k, surfaces, n))
				raise(&d, doc, impact_at(&v, doc, &at));
		}
	return dense_view(s, &d);
}
