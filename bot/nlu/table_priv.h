/*
 * table_priv.h - from a 64-bit hash to an index, as it lies in a model file.
 *
 * The hashes are sorted; what one stands for is at its index in other arrays. The first
 * bits of a hash choose its bucket, 32 others are compared. With a hundred thousand entries
 * one strange hash in 2^46 is taken for one of them.
 */
#ifndef CREDBOT_NLU_TABLE_PRIV_H
#define CREDBOT_NLU_TABLE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/buf.h"

#define TABLE_NONE UINT32_MAX

struct table {
	const uint32_t *starts; /* of each bucket, and the end of the last */
	const uint32_t *keys;   /* low halves of the hashes */
	unsigned bits;          /* buckets are 2^bits */
	uint32_t n;
};

/* How many bits choose a bucket when there are n entries. */
unsigned table_bits(size_t n);

/* Appends starts and keys for n sorted hashes, each to its own buffer. */
void table_write(const uint64_t *hashes, size_t n, struct buf *starts,
    struct buf *keys);

/* Makes t from arrays of a file; false if they do not fit together. */
bool table_read(struct table *t, const uint32_t *starts, size_t n_starts,
    const uint32_t *keys, size_t n);

static inline uint32_t
table_bucket(const struct table *t, uint64_t hash)
{
	return (uint32_t)(hash >> (64 - t->bits));
}

/* Two steps that ask for the memory of table_find(), for many hashes at a time. */
static inline void
table_ask(const struct table *t, uint64_t hash)
{
	__builtin_prefetch(&t->starts[table_bucket(t, hash)]);
}

static inline void
table_ask_keys(const struct table *t, uint64_t hash)
{
	__builtin_prefetch(&t->keys[t->starts[table_bucket(t, hash)]]);
}

static inline uint32_t
table_find(const struct table *t, uint64_t hash)
{
	uint32_t b = table_bucket(t, hash);

	for (uint32_t i = t->starts[b]; i < t->starts[b + 1]; i++)
		if (t->keys[i] == (uint32_t)hash)
			return i;
	return TABLE_NONE;
}

#endif
