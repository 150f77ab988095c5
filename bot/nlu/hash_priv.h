/*
 * hash_priv.h - 64-bit hashes of words, of pieces of words and of pairs of words.
 *
 * Model files hold them: another hash needs another MODEL_VERSION. They are not keyed, so
 * who knows them can make features collide; all that he gains is a wrong answer to himself.
 */
#ifndef CREDBOT_NLU_HASH_PRIV_H
#define CREDBOT_NLU_HASH_PRIV_H

#include <stdint.h>

#include "credbot/base/str.h"

/* FNV-1a, so that a piece can be made longer by a byte; hash_end() spreads the bits. */
#define HASH_START UINT64_C(0xCBF29CE484222325)

static inline uint64_t
hash_byte(uint64_t h, char c)
{
	return (h ^ (unsigned char)c) * UINT64_C(0x100000001B3);
}

static inline uint64_t
hash_end(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xD6E8FEB86659FD93);
	h ^= h >> 29;
	return h;
}

static inline uint64_t
hash_text(struct str s)
{
	uint64_t h = HASH_START;

	for (size_t i = 0; i < s.len; i++)
		h = hash_byte(h, s.p[i]);
	return hash_end(h);
}

/* Of an ordered pair of hashes; kind keeps the kinds of feature apart. */
static inline uint64_t
hash_two(uint64_t kind, uint64_t a, uint64_t b)
{
	uint64_t h = a + kind * UINT64_C(0x9E3779B97F4A7C15);

	h ^= (b << 23 | b >> 41) * UINT64_C(0xA0761D6478BD642F);
	return hash_end(h * UINT64_C(0xE7037ED1A0B428DB));
}

#endif
