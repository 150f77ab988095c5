/*
 * table.c - writing and checking tables of hashes.
 */
#include "bot/nlu/table_priv.h"

/* Up to twice as many entries as buckets: the starts then cost as much as half the keys. */
unsigned
table_bits(size_t n)
{
	unsigned bits = 1;

	while (((size_t)2 << bits) < n && bits < 28)
		bits++;
	return bits;
}

static void
add_u32(struct buf *b, uint32_t v)
{
	buf_add(b, &v, sizeof(v));
}

void
table_write(const uint64_t *hashes, size_t n, struct buf *starts, struct buf *keys)
{
	unsigned bits = table_bits(n);
	size_t at = 0;

	for (uint64_t b = 0; b < (uint64_t)1 << bits; b++) {
		add_u32(starts, (uint32_t)at);
		while (at < n && hashes[at] >> (64 - bits) == b)
			at++;
	}
	add_u32(starts, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		add_u32(keys, (uint32_t)hashes[i]);
}

bool
table_read(struct table *t, const uint32_t *starts, size_t n_starts,
    const uint32_t *keys, size_t n)
{
	unsigned bits = 1;

	while (bits < 28 && ((size_t)1 << bits) + 1 < n_starts)
		bits++;
	if (n_starts != ((size_t)1 << bits) + 1 || starts[n_starts - 1] != n)
		return false;
	for (size_t i = 0; i + 1 < n_starts; i++)
		if (starts[i] > starts[i + 1])
			return false;
	*t = (struct table){ starts, keys, bits, (uint32_t)n };
	return true;
}
