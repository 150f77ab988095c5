/*
 * nearest.c - walking the lists of the nearest examples.
 */
#include <math.h>

#include "bot/nlu/feature_priv.h"
#include "bot/nlu/nearest_priv.h"

/* Neighbours repeat what their words say already. */
#define NEXT_WEIGHT 0.7f

float
nearest_weight(unsigned group, float idf)
{
	return group == GROUP_NEXT ? NEXT_WEIGHT * idf : idf;
}

/* Puts v into top, which is sorted with the largest first. */
static void
keep_best(float top[NEAREST_TOP], float v)
{
	size_t i = NEAREST_TOP - 1;

	if (v <= top[i])
		return;
	for (; i > 0 && top[i - 1] < v; i--)
		top[i] = top[i - 1];
	top[i] = v;
}

static struct nearest_found
pick(const struct nearest *x, const struct nearest_scratch *s, size_t end)
{
	struct nearest_found found = { 0 };
	float top[NEAREST_TOP] = { 0 };

	for (size_t i = 0; i < s->n; i++) {
		uint16_t e = s->touched[i];
		float v = s->near[e] * x->inverse[e];

		if (e < end)
			keep_best(top, v);
		else
			found.beyond = fmaxf(found.beyond, v);
	}
	for (size_t i = 0; i < NEAREST_TOP; i++)
		found.mean += top[i] / NEAREST_TOP;
	found.first = top[0];
	return found;
}

static void
forget(struct nearest_scratch *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->near[s->touched[i]] = 0.0f;
	s->n = 0;
}

struct nearest_found
nearest_find(const struct nearest *x, const struct nearest_term *t, size_t n,
    size_t labels, struct nearest_scratch *s)
{
	float squares = 0.0f, inverse;

	forget(s);
	for (size_t i = 0; i < n; i++)
		if (x->starts[t[i].row] < x->starts[t[i].row + 1])
			squares += t[i].weight * t[i].weight;
	inverse = squares > 0.0f ? 1.0f / sqrtf(squares) : 0.0f;
	for (size_t i = 0; i < n; i++) {
		float w = t[i].weight * t[i].weight * inverse;

		for (uint32_t k = x->starts[t[i].row]; k < x->starts[t[i].row + 1];
		     k++) {
			uint16_t e = x->examples[k];

			/* Without a branch: most are touched for the first time. */
			s->touched[s->n] = e;
			s->n += s->near[e] == 0.0f;
			s->near[e] += w;
		}
	}
	return pick(x, s, x->labels[labels]);
}

float
nearest_of_label(const struct nearest *x, const struct nearest_scratch *s,
    uint32_t label)
{
	float best = 0.0f;

	for (uint32_t i = x->labels[label]; i < x->labels[label + 1]; i++)
		best = fmaxf(best, s->near[i] * x->inverse[i]);
	return best;
}
