/*
 * path_candidates.c - what may lead to an award where the catalog states nothing.
 */
#include <string.h>

#include "credbot/catalog/path.h"

/* Looked at for one level: the best of it may be hers, or not state that it stacks. */
#define HITS 10

/* Do two lists of words have one in common? */
static bool
share_field(const char *a, const char *b)
{
	struct str mine = str_of(a);

	while (mine.p != NULL) {
		struct str field = str_cut(&mine, ' '), theirs = str_of(b);

		while (field.len > 0 && theirs.p != NULL)
			if (str_eq(field, str_cut(&theirs, ' ')))
				return true;
	}
	return false;
}

static int
highest_held(const struct catalog_index *x, struct arena *a, const struct path_query *q,
    const char *fields)
{
	int eqf = EQF_UNKNOWN;

	for (size_t i = 0; i < q->n_held; i++) {
		struct catalog_hit h;

		if (catalog_card(x, a, arena_cstr(a, q->held[i]), q->currency, &h) ==
			RC_OK &&
		    h.eqf > eqf && share_field(fields, h.fields))
			eqf = h.eqf;
	}
	return eqf;
}

static bool
is_held(const struct path_query *q, const char *id)
{
	for (size_t i = 0; i < q->n_held; i++)
		if (str_is(q->held[i], id))
			return true;
	return false;
}

static void
find_level(const struct catalog_index *x, struct arena *a, const struct path_query *q,
    const struct wish *wish, int eqf, struct path_candidates *out)
{
	struct catalog_query c;
	struct catalog_answer r;

	catalog_query_init(&c, q->today);
	c.wish = wish;
	c.limit = HITS;
	c.currency = q->currency == NULL ? "" : q->currency;
	c.keep_wishes = true;
	c.more.min_eqf = c.more.max_eqf = eqf;
	catalog_search(x, a, &c, &r);
	for (size_t i = 0; i < r.n; i++) {
		const struct catalog_hit *h = &r.hits[i];

		if (h->eqf != eqf || !h->stackable || h->misses.n > 0 ||
		    str_is(q->target, h->id) || is_held(q, h->id) ||
		    !share_field(out->fields, h->fields))
			continue;
		out->at[out->n++] = *h;
		return;
	}
}

enum rc
path_find_candidates(const struct catalog_index *x, struct arena *a,
    const struct path_query *q, struct path_candidates *out)
{
	struct catalog_hit target;
	struct wish wish;
	struct str fields;

	*out = (struct path_candidates){ .fields = "" };
	if (catalog_card(x, a, arena_cstr(a, q->target), q->currency, &target) != RC_OK)
		return RC_NOTFOUND;
	out->fields = target.fields;
	out->eqf = target.eqf;
	if (target.eqf == EQF_UNKNOWN || target.fields[0] == '\0')
		return RC_NOTFOUND;
	out->above = highest_held(x, a, q, target.fields);
	wish_init(&wish);
	wish.stackable = true;
	for (fields = str_of(target.fields); fields.p != NULL;)
		(void)wish_values_add(&wish.want[WISH_FIELD],
		    arena_cstr(a, str_cut(&fields, ' ')));
	for (int eqf = out->above + 1; eqf <= target.eqf; eqf++)
		if (out->n < PATH_CANDIDATES_MAX)
			find_level(x, a, q, &wish, eqf, out);
	return out->n > 0 ? RC_OK : RC_NOTFOUND;
}
