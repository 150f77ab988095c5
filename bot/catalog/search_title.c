/*
 * search_title.c - a second look at the best: do the words stand in the title as they were
 * typed, side by side, and is there much else?
 */
#include <string.h>

#include "bot/catalog/search_priv.h"

#define SAME_TITLE 1.0F
#define SIDE_BY_SIDE 0.35F
#define SKILLS_SIDE_BY_SIDE 0.12F
#define AS_TYPED 0.2F
#define NOTHING_ELSE 0.35F

static size_t
find(const uint32_t *v, size_t n, uint32_t word)
{
	size_t i = 0;

	while (i < n && v[i] != word)
		i++;
	return i;
}

struct look {
	size_t found, pairs;
};

/* How many of the words are there, and how many pairs of them at most one word apart. */
static struct look
look_at(const struct search *s, const uint32_t *have, size_t n)
{
	struct look l = { 0, 0 };
	size_t before = n;

	for (size_t i = 0; i < s->n_typed; i++) {
		size_t at = find(have, n, s->typed[i]);

		if (at < n) {
			l.found += !s->typed_weak[i];
			l.pairs += before < n && at > before && at - before <= 2;
		}
		before = at;
	}
	return l;
}

float
search_title_bonus(const struct search *s, uint32_t doc)
{
	const struct catalog_index *x = s->x;
	uint32_t t = x->title_at[doc], k = x->skill_at[doc];
	size_t title = find(x->titles + t, x->title_at[doc + 1] - t, INDEX_NONE);
	struct look in_title = look_at(s, x->titles + t, title);
	struct look in_skills = look_at(s, x->skills + k, x->skill_at[doc + 1] - k);
	size_t pairs = s->n_typed > 1 ? s->n_typed - 1 : 1, plain = 0;
	float bonus = SIDE_BY_SIDE * (float)in_title.pairs / (float)pairs +
	              SKILLS_SIDE_BY_SIDE * (float)in_skills.pairs / (float)pairs;

	for (size_t i = 0; i < s->n_typed; i++)
		plain += !s->typed_weak[i];
	if (plain == 0)
		return bonus;
	bonus += AS_TYPED * (float)in_title.found / (float)plain;
	if (title > 0)
		bonus += NOTHING_ELSE * (float)in_title.found / (float)plain *
		         (float)in_title.found / (float)title;
	return bonus;
}
