/*
 * chance.c - random bytes and ids.
 */
#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "credbot/base/chance.h"

struct chance *
chance_system(void)
{
	static struct chance system;

	return &system;
}

struct chance
chance_seeded(uint64_t seed)
{
	return (struct chance){ .seeded = true, .seed = seed };
}

void
chance_bytes(struct chance *c, void *out, size_t n)
{
	unsigned char key[randombytes_SEEDBYTES] = { 0 };

	if (!c->seeded) {
		randombytes_buf(out, n);
		return;
	}
	memcpy(key, &c->seed, sizeof(c->seed));
	memcpy(key + sizeof(c->seed), &c->drawn, sizeof(c->drawn));
	c->drawn++;
	randombytes_buf_deterministic(out, n, key);
}

uint32_t
chance_below(struct chance *c, uint32_t n)
{
	uint32_t top = UINT32_MAX - UINT32_MAX % n, v;

	assert(n > 0);
	do
		chance_bytes(c, &v, sizeof(v));
	while (v >= top);
	return v % n;
}

void
chance_token(struct chance *c, char *out, size_t chars)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

	for (size_t i = 0; i < chars; i++)
		out[i] = digits[chance_below(c, 32)];
	out[chars] = '\0';
}
