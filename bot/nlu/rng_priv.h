/*
 * rng_priv.h - the pseudo-random numbers of training: seeded, so that the same examples
 * give the same model. Nothing secret comes out of it (that is base/chance.h).
 */
#ifndef CREDBOT_NLU_RNG_PRIV_H
#define CREDBOT_NLU_RNG_PRIV_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

/* xorshift64* (Vigna 2014). */
static inline uint64_t
rng_next(struct rng *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * UINT64_C(0x2545F4914F6CDD1D);
}

static inline struct rng
rng_seeded(uint64_t seed)
{
	struct rng r = { seed * UINT64_C(0x9E3779B97F4A7C15) + 1 };

	if (r.state == 0)
		r.state = 1;
	for (int i = 0; i < 8; i++)
		(void)rng_next(&r);
	return r;
}

/* In [0, n); n is far below 2^32, so no value is preferred that one could notice. */
static inline size_t
rng_below(struct rng *r, size_t n)
{
	return (size_t)((rng_next(r) >> 32) * n >> 32);
}

static inline void
rng_shuffle(struct rng *r, uint32_t *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = rng_below(r, i);
		uint32_t t = v[i - 1];

		v[i - 1] = v[j];
		v[j] = t;
	}
}

#endif
