/*
 * index_terms.c - one order of all programs, one dictionary of all words.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/index_build_priv.h"
#include "credbot/base/alloc.h"

/* --- programs */

struct rank {
	const char *id;
	uint32_t at; /* part << 31 | number */
	uint16_t prior;
	bool ceased;
};

static int
by_rank(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->ceased != y->ceased)
		return x->ceased - y->ceased;
	if (x->prior != y->prior)
		return y->prior - x->prior;
	return strcmp(x->id, y->id);
}

void
build_order(struct build *b)
{
	struct rank *v;
	size_t n = 0;

	for (uint32_t p = 0; p < INDEX_PARTS; p++)
		n += b->part[p].n_docs;
	v = xcalloc(n + 1, sizeof(*v));
	n = 0;
	for (uint32_t p = 0; p < INDEX_PARTS; p++)
		for (size_t i = 0; i < b->part[p].n_docs; i++) {
			const struct raw_doc *d = &b->part[p].docs[i];

			v[n++] = (struct rank){ b->part[p].texts.data + d->id,
				p << 31 | (uint32_t)i, d->prior,
				d->status == STATUS_CEASED };
			b->live += d->status != STATUS_CEASED;
		}
	qsort(v, n, sizeof(*v), by_rank);
	b->n = n;
	b->order = xcalloc(n + 1, sizeof(*b->order));
	for (size_t i = 0; i < n; i++)
		b->order[i] = v[i].at;
	free(v);
}

/* --- surfaces */

struct met {
	struct str text;
	uint64_t first; /* eight bytes, so that most comparisons need no text */
	int32_t votes;
	uint32_t id;
	uint8_t lang;
	bool stop;
};

static uint64_t
first_bytes(struct str s)
{
	uint64_t v = 0;

	for (size_t i = 0; i < sizeof(v); i++)
		v = v << 8 | (i < s.len ? (unsigned char)s.p[i] : 0);
	return v;
}

static int
by_text(const void *a, const void *b)
{
	const struct met *x = a, *y = b;
	int c;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	c = memcmp(x->text.p, y->text.p,
	    x->text.len < y->text.len ? x->text.len : y->text.len);
	return c != 0 ? c : (x->text.len > y->text.len) - (x->text.len < y->text.len);
}

static void
join_votes(struct met *m, const struct raw_surface *s)
{
	m->stop = s->stop;
	if (m->votes == 0 || m->lang == s->lang) {
		m->lang = m->votes == 0 ? s->lang : m->lang;
		m->votes += s->votes;
	} else if (s->votes > m->votes) {
		m->lang = s->lang;
		m->votes = s->votes - m->votes;
	} else {
		m->votes -= s->votes;
	}
}

/* All surfaces of both parts, once; b->surface_of holds their places in v meanwhile. */
static struct met *
meet(struct build *b, struct interner *all)
{
	struct met *v = NULL;
	size_t cap = 0;

	for (size_t p = 0; p < INDEX_PARTS; p++) {
		const struct share *part = &b->part[p];

		b->surface_of[p] = xcalloc(part->surfaces.n + 1, sizeof(uint32_t));
		for (uint32_t i = 0; i < part->surfaces.n; i++) {
			bool is_new;
			uint32_t at = interner_put(all,
			    interner_text(&part->surfaces, i), &is_new);

			xgrow(&v, &cap, (size_t)at + 1);
			if (is_new)
				v[at] = (struct met){ .id = at };
			join_votes(&v[at], &part->surface[i]);
			b->surface_of[p][i] = at;
		}
	}
	for (uint32_t i = 0; i < all->n; i++) {
		v[i].text = interner_text(all, i);
		v[i].first = first_bytes(v[i].text);
	}
	return v;
}

static void
make_terms(struct build *b, const struct met *v, size_t n)
{
	struct stemmers *stemmers = stemmers_new();

	b->surface_term = xcalloc(n + 1, sizeof(*b->surface_term));
	for (size_t i = 0; i < n; i++)
		b->surface_term[i] = v[i].stop
		                         ? INDEX_NONE
		                         : interner_put(&b->stems,
					       stem_of(stemmers, v[i].lang, v[i].text),
					       NULL);
	b->n_terms = b->stems.n;
	stemmers_free(stemmers);
}

static void
sort_surfaces(struct build *b)
{
	struct interner all = { 0 };
	struct met *v = meet(b, &all);
	size_t n = all.n;
	uint32_t *rank = xcalloc(n + 1, sizeof(*rank));

	if (n > 0)
		qsort(v, n, sizeof(*v), by_text);
	for (size_t i = 0; i < n; i++) {
		rank[v[i].id] = (uint32_t)i;
		(void)interner_put(&b->surfaces, v[i].text, NULL);
	}
	for (size_t p = 0; p < INDEX_PARTS; p++)
		for (size_t i = 0; i < b->part[p].surfaces.n; i++)
			b->surface_of[p][i] = rank[b->surface_of[p][i]];
	make_terms(b, v, n);
	interner_fini(&all);
	free(rank);
	free(v);
}

/* --- starts of words */

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The first n characters of s; all of it when it has fewer. */
static struct str
start_of(struct str s, size_t n)
{
	size_t i = 0;

	while (i < s.len && (n > 0 || (s.p[i] & 0xC0) == 0x80))
		n -= (s.p[i++] & 0xC0) != 0x80 && n > 0;
	while (i < s.len && (s.p[i] & 0xC0) == 0x80)
		i++;
	return str_n(s.p, i);
}

static uint32_t
start_number(const struct build *b, uint64_t key)
{
	const uint64_t *at = bsearch(&key, b->start_key, b->n_starts, sizeof(key),
	    by_number);

	return at == NULL ? INDEX_NONE : (uint32_t)(at - b->start_key);
}

static void
make_starts(struct build *b)
{
	size_t n = b->surfaces.n, m = 0;
	uint64_t *keys = xcalloc(2 * n + 1, sizeof(*keys));

	for (size_t i = 0; i < n; i++) {
		struct str s = interner_text(&b->surfaces, (uint32_t)i);

		keys[2 * i] = index_start_key(start_of(s, 1));
		keys[2 * i + 1] = index_start_key(start_of(s, 2));
	}
	b->start_key = xcalloc(2 * n + 1, sizeof(*keys));
	memcpy(b->start_key, keys, 2 * n * sizeof(*keys));
	qsort(b->start_key, 2 * n, sizeof(*keys), by_number);
	for (size_t i = 0; i < 2 * n; i++)
		if (b->start_key[i] != 0 &&
		    (m == 0 || b->start_key[m - 1] != b->start_key[i]))
			b->start_key[m++] = b->start_key[i];
	b->n_starts = m;
	for (size_t j = 0; j < 2; j++) {
		b->starts[j] = xcalloc(n + 1, sizeof(uint32_t));
		for (size_t i = 0; i < n; i++)
			b->starts[j][i] = start_number(b, keys[2 * i + j]);
	}
	/* A word of one character starts with one alone. */
	for (size_t i = 0; i < n; i++)
		if (b->starts[0][i] == b->starts[1][i])
			b->starts[1][i] = INDEX_NONE;
	free(keys);
}

static void
count_surfaces(struct build *b)
{
	b->surface_count = xcalloc(b->surfaces.n + 1, sizeof(*b->surface_count));
	for (size_t p = 0; p < INDEX_PARTS; p++)
		for (size_t i = 0; i < b->part[p].n_entries; i++)
			b->surface_count
			    [b->surface_of[p][b->part[p].entries[i].surface]]++;
}

void
build_terms(struct build *b)
{
	sort_surfaces(b);
	make_starts(b);
	count_surfaces(b);
}
