/*
 * search_spell.c - the nearest words of the catalog for one that it does not have.
 *
 * All words are looked at: a set of their letters, 32 bits, rules out nearly all of them in a
 * nanosecond each, which costs less than an index of misspellings would weigh.
 */
#include <math.h>
#include <string.h>

#include "bot/catalog/search_priv.h"

/* Shorter words are not corrected, of longer ones two letters may be wrong. */
#define ONE_FROM 5
#define TWO_FROM 8

static unsigned
differing(uint32_t a, uint32_t b)
{
	return index_ones(a ^ b);
}

/* By distance, then a right first letter, then how common it is. */
static float
worth_of(struct str typed, struct str word, unsigned distance, uint32_t count)
{
	float v = 10.0F - 5.0F * (float)distance;

	if (typed.p[0] == word.p[0])
		v += 1.5F;
	if (typed.p[typed.len - 1] == word.p[word.len - 1])
		v += 0.3F;
	return v + 0.4F * log2f(1.0F + (float)count);
}

static size_t
add(struct spelling *out, size_t n, size_t max, struct spelling new)
{
	size_t at = n < max ? n : max - 1;

	if (n == max && out[at].worth >= new.worth)
		return n;
	for (; at > 0 && out[at - 1].worth < new.worth; at--)
		out[at] = out[at - 1];
	out[at] = new;
	return n < max ? n + 1 : n;
}

static size_t
characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += (s.p[i] & 0xC0) != 0x80;
	return n;
}

size_t
search_spell(const struct catalog_index *x, struct str word, struct spelling *out,
    size_t max)
{
	size_t letters = characters(word), n = 0;
	unsigned limit = letters < ONE_FROM ? 0 : letters < TWO_FROM ? 1 : 2;
	/* Distances are in bytes, and letters of most scripts have two. */
	unsigned bytes = letters == word.len ? 1 : 2;
	uint32_t sign = index_sign(word);

	limit *= bytes;
	if (limit == 0)
		return 0;
	for (uint32_t i = 0; i < x->head->surfaces; i++) {
		struct str have;
		unsigned distance;

		/* A letter for another changes two of the set. */
		if (differing(x->surface_sign[i], sign) > 2 * limit)
			continue;
		have = index_surface(x, i);
		if (have.len + limit < word.len || have.len > word.len + limit ||
		    have.len < 3 || have.p[0] == TABLES_PHRASE ||
		    x->surface_term[i] == INDEX_NONE)
			continue;
		distance = str_distance(word, have, limit);
		if (distance == 0 || distance > limit)
			continue;
		n = add(out, n, max,
		    (struct spelling){ i, (distance + bytes - 1) / bytes,
			worth_of(word, have, (distance + bytes - 1) / bytes,
			    x->surface_count[i]) });
	}
	return n;
}
