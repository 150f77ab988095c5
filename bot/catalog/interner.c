/*
 * interner.c - texts as numbers: open addressing over hashes.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/index_build_priv.h"
#include "credbot/base/alloc.h"

void
interner_fini(struct interner *in)
{
	free(in->slot);
	free(in->hash);
	free(in->at);
	buf_fini(&in->text);
	*in = (struct interner){ 0 };
}

static void
spread(struct interner *in)
{
	size_t mask;

	free(in->slot);
	in->cap = in->cap == 0 ? 1024 : 2 * in->cap;
	in->slot = xcalloc(in->cap, sizeof(*in->slot));
	mask = in->cap - 1;
	for (size_t i = 0; i < in->n; i++) {
		size_t at = (size_t)in->hash[i] & mask;

		while (in->slot[at] != 0)
			at = (at + 1) & mask;
		in->slot[at] = (uint32_t)i + 1;
	}
}

static uint32_t
add(struct interner *in, size_t slot, uint64_t hash, struct str s)
{
	xgrow(&in->hash, &in->hash_cap, in->n + 1);
	xgrow(&in->at, &in->at_cap, in->n + 2);
	in->hash[in->n] = hash;
	in->at[in->n] = (uint32_t)in->text.len;
	buf_addstr(&in->text, s);
	in->at[in->n + 1] = (uint32_t)in->text.len;
	in->slot[slot] = (uint32_t)++in->n;
	return (uint32_t)in->n - 1;
}

uint32_t
interner_put(struct interner *in, struct str s, bool *is_new)
{
	uint64_t hash = search_hash(s);
	size_t at;

	if (2 * (in->n + 1) > in->cap)
		spread(in);
	at = (size_t)hash & (in->cap - 1);
	if (is_new != NULL)
		*is_new = false;
	while (in->slot[at] != 0) {
		uint32_t i = in->slot[at] - 1;

		if (in->hash[i] == hash && str_eq(interner_text(in, i), s))
			return i;
		at = (at + 1) & (in->cap - 1);
	}
	if (is_new != NULL)
		*is_new = true;
	return add(in, at, hash, s);
}
