/*
 * search_match.c - which programs match the words: all of them, or as many as go together.
 */
#include <string.h>

#include "bot/catalog/search_priv.h"

/* How much a rare word may say against others when not all can be had: "evening" in
 * "evening nurse aide course" must not outweigh the rest. */
#define WEIGHT_CAP 6.0F
/* From so many rare words on it is tried what goes with them. */
#define STARTS_MAX 8

/* Takes out of set what was there before. */
static void
keep_new(const struct search *s, uint64_t *set)
{
	uint32_t doc;

	for (size_t w = 0; s->q->since >= 0 && w < s->x->words; w++)
		EACH_BIT(set, w, doc)
	if (s->x->since[doc] <= s->q->since)
		set[w] &= ~(UINT64_C(1) << doc % 64);
}

/* All programs that may be shown at all. */
static uint64_t *
all_open(const struct search *s)
{
	const struct catalog_index *x = s->x;
	size_t n = s->q->over ? x->n : x->head->live;
	uint64_t *set = set_new(s);
	uint32_t doc;

	memset(set, 0xFF, n / 64 * sizeof(*set));
	if (n % 64 != 0)
		set[n / 64] = (UINT64_C(1) << n % 64) - 1;
	keep_new(s, set);
	if (s->q->over || s->q->today == DAY_UNKNOWN ||
	    x->head->first_last >= s->q->today)
		return set;
	for (size_t w = 0; w < x->words; w++)
		EACH_BIT(set, w, doc)
	if (x->last[doc] < s->q->today)
		set[w] &= ~(UINT64_C(1) << doc % 64);
	return set;
}

static bool
meets(const struct search *s, const uint64_t *a, const uint64_t *b)
{
	for (size_t i = 0; i < s->x->words; i++)
		if ((a[i] & b[i]) != 0)
			return true;
	return false;
}

static size_t
by_weight(const struct search *s, size_t *order)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_slots; i++) {
		size_t at = n;

		if (!s->slots[i].needed)
			continue;
		for (; at > 0 && s->slots[order[at - 1]].weight < s->slots[i].weight;
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
		n++;
	}
	return n;
}

/* Takes slot order[first], then each in order that leaves something; what they weigh. */
static float
gather_from(const struct search *s, const size_t *order, size_t n, size_t first,
    uint64_t *set, bool *missing)
{
	float weight = 0;

	for (size_t k = 0; k < n; k++) {
		/* The chosen one first, then the others as they stand. */
		size_t i = k == 0 ? order[first] : order[k <= first ? k - 1 : k];
		const struct slot *slot = &s->slots[i];

		missing[i] = !meets(s, set, slot->view.bits);
		if (missing[i])
			continue;
		set_and(s, set, slot->view.bits);
		weight += slot->weight < WEIGHT_CAP ? slot->weight : WEIGHT_CAP;
	}
	return weight;
}

/* The heaviest words that go together. */
static void
match_most(struct search *s, const uint64_t *open, const size_t *order, size_t n)
{
	float best = -1;

	for (size_t first = 0; first < n && first < STARTS_MAX; first++) {
		uint64_t *set = set_copy(s, open);
		bool *missing = arena_zalloc(s->a, s->n_slots, sizeof(*missing));
		float weight = gather_from(s, order, n, first, set, missing);

		/* None of the words is left in what may be shown. */
		if (weight <= 0)
			memset(set, 0, s->x->words * sizeof(*set));

		if (weight > best) {
			best = weight;
			s->words = set;
			s->missing = missing;
		}
		if (first == 0 && weight > 0) {
			bool all = true;

			for (size_t i = 0; i < n; i++)
				all = all && !missing[order[i]];
			if (all)
				return;
		}
	}
}

/* Any word that is needed; also: and any that a synonym is made of. */
static uint64_t *
match_any(const struct search *s, const uint64_t *open, bool also)
{
	uint64_t *set = set_new(s);

	for (size_t i = 0; i < s->n_slots; i++) {
		struct slot *slot = &s->slots[i];

		if (slot->weak || !(slot->needed || also))
			continue;
		view_need_bits(s, &slot->view);
		for (size_t w = 0; w < s->x->words; w++)
			set[w] |= slot->view.bits[w];
	}
	set_and(s, set, open);
	return set;
}

/* Exactly what somebody called his program is found, whatever words it is made of. */
static void
add_named(struct search *s, const uint64_t *open)
{
	const struct catalog_index *x = s->x;
	size_t low = 0, high = x->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (x->name_hash[mid] < s->name)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < x->n && x->name_hash[low] == s->name; low++) {
		uint32_t doc = x->name_doc[low];

		s->words[doc / 64] |= open[doc / 64] & (UINT64_C(1) << doc % 64);
	}
}

void
search_match(struct search *s)
{
	size_t order[2 * CATALOG_WORDS_MAX], n = by_weight(s, order);
	uint64_t *open = all_open(s);

	s->missing = arena_zalloc(s->a, s->n_slots + 1, sizeof(*s->missing));
	for (size_t i = 0; i < n; i++)
		view_need_bits(s, &s->slots[order[i]].view);
	if (n == 0 && s->out->n_not_found > 0) {
		s->words = set_new(s); /* nobody has any of the words */
	} else if (n == 0) {
		s->words = open;
	} else if (s->q->any_word) {
		s->words = match_any(s, open, false);
	} else {
		match_most(s, open, order, n);
		if (s->n_slots > 1)
			s->others = match_any(s, open, true);
	}
	if (s->has_text && s->name != 0 && s->words != open)
		add_named(s, open);
	for (size_t w = 0; s->others != NULL && w < s->x->words; w++)
		s->others[w] &= ~s->words[w];
}
