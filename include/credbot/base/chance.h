/*
 * chance.h - random bytes and ids, from outside, so that tests own them.
 *
 * The system's source is the kernel (through libsodium); a seeded one gives the same bytes
 * for the same seed and is for tests and simulations alone.
 */
#ifndef CREDBOT_BASE_CHANCE_H
#define CREDBOT_BASE_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
	bool seeded;
	uint64_t seed;
	uint64_t drawn; /* blocks drawn so far */
};

struct chance *chance_system(void); /* shared, never freed */
struct chance chance_seeded(uint64_t seed);

void chance_bytes(struct chance *c, void *out, size_t n);

/* Uniform in [0, n); n > 0. */
uint32_t chance_below(struct chance *c, uint32_t n);

/*
 * Writes chars characters of Crockford's base 32 (no I, L, O, U: read aloud without
 * mistakes) and a NUL; 5 bits each, so 26 characters are an unguessable token and 6 a
 * reference for people.
 */
void chance_token(struct chance *c, char *out, size_t chars);

#endif
