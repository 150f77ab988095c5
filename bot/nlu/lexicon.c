/*
 * lexicon.c - numbers for hashes.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/nlu/lexicon_priv.h"
#include "credbot/base/alloc.h"

#define FIRST_SLOTS 1024

static uint32_t *
find(const struct lexicon *l, uint64_t hash)
{
	size_t mask = l->n_slots - 1, i = (size_t)hash & mask;

	while (l->slots[i] != 0 && l->hash[l->slots[i] - 1] != hash)
		i = (i + 1) & mask;
	return &l->slots[i];
}

static void
grow(struct lexicon *l)
{
	free(l->slots);
	l->n_slots = l->n_slots == 0 ? FIRST_SLOTS : 2 * l->n_slots;
	l->slots = xcalloc(l->n_slots, sizeof(*l->slots));
	for (size_t i = 0; i < l->n; i++)
		*find(l, l->hash[i]) = (uint32_t)(i + 1);
}

uint32_t
lexicon_id(struct lexicon *l, uint64_t hash)
{
	uint32_t *slot;

	if (2 * (l->n + 1) > l->n_slots)
		grow(l);
	slot = find(l, hash);
	if (*slot == 0) {
		xgrow(&l->hash, &l->cap, l->n + 1);
		l->hash[l->n++] = hash;
		*slot = (uint32_t)l->n;
	}
	return *slot - 1;
}

struct numbered {
	uint64_t hash;
	uint32_t id;
};

static int
by_hash(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

uint32_t *
lexicon_sorted(const struct lexicon *l)
{
	struct numbered *v = xcalloc(l->n, sizeof(*v));
	uint32_t *ids = xcalloc(l->n, sizeof(*ids));

	for (size_t i = 0; i < l->n; i++)
		v[i] = (struct numbered){ l->hash[i], (uint32_t)i };
	if (l->n > 0)
		qsort(v, l->n, sizeof(*v), by_hash);
	for (size_t i = 0; i < l->n; i++)
		ids[i] = v[i].id;
	free(v);
	return ids;
}

void
lexicon_fini(struct lexicon *l)
{
	free(l->hash);
	free(l->slots);
	*l = (struct lexicon){ 0 };
}
