/*
 * search_pick.c - from sets of programs to a page of hits: duplicates folded, providers mixed.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/search_priv.h"

#define POOL_MIN 96
#define POOL_MAX 4096
/* C5: of the first ten, at most two are by one provider. */
#define MIXED 10
#define MIXED_EACH 2
/* A program that has only some of the words must reach this share of the best that was
 * found, or of what could be had by the words. */
#define OTHERS_SHARE 0.2F

struct pick {
	struct search *s;
	struct ranked *out; /* all that is shown or skipped, in order */
	size_t n, want;
	struct ranked *later; /* third and further ones of a provider */
	size_t n_later;
};

static int
best_first(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return (x->doc > y->doc) - (x->doc < y->doc);
}

/* The best of a set, after a second look at them. */
static size_t
rank_again(struct search *s, const uint64_t *set, struct ranked *pool, size_t max)
{
	size_t n = search_rank(s, set, pool, max);

	if (s->q->order != CATALOG_BEST || !s->has_text)
		return n;
	for (size_t i = 0; i < n; i++)
		pool[i].score *= 1 + search_title_bonus(s, pool[i].doc);
	qsort(pool, n, sizeof(*pool), best_first);
	return n;
}

/* Programs of exactly the title that was typed come first, as long as they are in the set. */
static size_t
put_named_first(struct search *s, const uint64_t *set, struct ranked *pool, size_t n,
    size_t max)
{
	const struct catalog_index *x = s->x;
	size_t low = 0, high = x->n, found = 0;
	float top = n == 0 ? 0 : pool[0].score;

	if (!s->has_text || s->name == 0 || s->q->order != CATALOG_BEST)
		return n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (x->name_hash[mid] < s->name)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < x->n && x->name_hash[low] == s->name && found < max / 2; low++) {
		uint32_t doc = x->name_doc[low];
		size_t at = 0;

		if ((set[doc / 64] >> doc % 64 & 1) == 0)
			continue;
		while (at < n && pool[at].doc != doc)
			at++;
		if (at == n && n == max)
			at = --n;
		memmove(&pool[found + 1], &pool[found], (at - found) * sizeof(*pool));
		pool[found++] = (struct ranked){ top * 1.5F + (float)x->prior[doc],
			doc };
		n = at == n ? n + 1 : n;
	}
	return n;
}

static bool
is_excluded(const struct search *s, uint32_t doc)
{
	const char *id = s->x->text + s->x->card[doc].id;

	for (size_t i = 0; i < s->q->n_exclude; i++)
		if (strcmp(s->q->exclude[i], id) == 0)
			return true;
	return false;
}

static bool
is_same(const struct search *s, const struct ranked *v, size_t n, uint32_t doc)
{
	for (size_t i = 0; i < n; i++)
		if (s->x->fold[v[i].doc] == s->x->fold[doc])
			return true;
	return false;
}

static size_t
of_provider(const struct pick *p, uint32_t doc)
{
	const uint32_t *provider = p->s->x->provider;
	size_t n = 0;

	for (size_t i = 0; i < p->n && i < MIXED; i++)
		n += provider[p->out[i].doc] == provider[doc];
	return n;
}

static bool
is_mixed(const struct pick *p, uint32_t doc)
{
	const struct search *s = p->s;

	/* 0 is no provider at all. */
	return p->n < MIXED && !s->provider_named && s->x->provider[doc] != 0 &&
	       of_provider(p, doc) >= MIXED_EACH;
}

static void
take(struct pick *p, struct ranked r)
{
	const struct search *s = p->s;

	if (is_same(s, p->out, p->n, r.doc) || is_same(s, p->later, p->n_later, r.doc))
		return;
	if (is_mixed(p, r.doc)) {
		p->later[p->n_later++] = r;
		return;
	}
	p->out[p->n++] = r;
}

/* From the tenth on those that had to wait have their turn. */
static void
take_later(struct pick *p)
{
	size_t i = 0;

	for (; i < p->n_later && p->n < p->want; i++)
		p->out[p->n++] = p->later[i];
	memmove(p->later, p->later + i, (p->n_later - i) * sizeof(*p->later));
	p->n_later -= i;
}

/* The others of the same title and provider in the set. */
static size_t
count_same(const struct search *s, const uint64_t *set, uint32_t doc)
{
	const struct catalog_index *x = s->x;
	uint64_t name = search_name(s, doc);
	size_t low = 0, high = x->n, n = 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (x->name_hash[mid] < name)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < x->n && x->name_hash[low] == name; low++) {
		uint32_t other = x->name_doc[low];

		n += other != doc && x->fold[other] == x->fold[doc] &&
		     (set[other / 64] >> other % 64 & 1);
	}
	return n;
}

/* Takes of one set until there is enough; again with more of it if it was not. */
static void
pick_from(struct pick *p, const uint64_t *set, float floor)
{
	struct search *s = p->s;
	size_t max = POOL_MIN, n;
	struct pick before = *p;

	if (max < 4 * p->want)
		max = 4 * p->want;
	for (;; max *= 4) {
		struct ranked *pool = arena_alloc(s->a, (max + 1) * sizeof(*pool));

		*p = before;
		p->later = arena_alloc(s->a,
		    (max + 1 + before.n_later) * sizeof(*pool));
		if (before.n_later > 0)
			memcpy(p->later, before.later, before.n_later * sizeof(*pool));
		n = rank_again(s, set, pool, max);
		n = put_named_first(s, set, pool, n, max);
		for (size_t i = 0; i < n && p->n < p->want; i++) {
			if (pool[i].score < floor)
				break;
			if (s->q->n_exclude > 0 && is_excluded(s, pool[i].doc))
				continue;
			take(p, pool[i]);
			if (p->n == MIXED)
				take_later(p);
		}
		if (p->n >= p->want || n < max || max >= POOL_MAX)
			break;
	}
	/* Nobody else is left in this set: better a third one than none. */
	take_later(p);
}

void
search_pick(struct search *s, uint64_t *const *sets, size_t n_sets)
{
	struct pick p = { .s = s, .want = s->q->skip + s->q->limit };
	struct catalog_answer *out = s->out;
	size_t end_of[8] = { 0 };

	p.out = arena_alloc(s->a, (p.want + 1) * sizeof(*p.out));
	for (size_t i = 0; i < n_sets; i++) {
		/* The sets that lack words are the last two. */
		bool others = s->others != NULL && i >= n_sets - 2 && n_sets > 2;
		float floor = others && p.n > 0 ? OTHERS_SHARE * p.out[0].score
		                                : -2e30F;

		if (s->q->order != CATALOG_BEST)
			floor = -2e30F;
		if (p.n < p.want)
			pick_from(&p, sets[i], floor);
		end_of[i] = p.n;
	}
	out->hits = arena_zalloc(s->a, s->q->limit + 1, sizeof(*out->hits));
	for (size_t i = s->q->skip, set = 0; i < p.n; i++) {
		struct catalog_hit *hit = &out->hits[out->n++];

		while (i >= end_of[set])
			set++;
		search_hit(s, p.out[i].doc, p.out[i].score, hit);
		hit->same = count_same(s, sets[set], p.out[i].doc);
	}
}
