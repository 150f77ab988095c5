/*
 * search.c - one search, step by step.
 */
#include <string.h>

#include "bot/catalog/search_priv.h"

static const char *const part_names[CATALOG_PARTS] = {
	[CATALOG_WORDS] = "words",
	[CATALOG_FIELD] = "field",
	[CATALOG_COUNTRY] = "country",
	[CATALOG_MODE] = "mode",
	[CATALOG_LANGUAGE] = "language",
	[CATALOG_TYPE] = "type",
	[CATALOG_LEVEL] = "level",
	[CATALOG_PROVIDER] = "provider",
	[CATALOG_PRICE] = "price",
	[CATALOG_DURATION] = "duration",
	[CATALOG_HOURS] = "hours",
	[CATALOG_WEEKLY_HOURS] = "weekly_hours",
	[CATALOG_ECTS] = "ects",
	[CATALOG_PACE] = "pace",
	[CATALOG_START] = "start",
	[CATALOG_DEADLINE] = "deadline",
	[CATALOG_STACKABLE] = "stackable",
	[CATALOG_ACCREDITED] = "accredited",
	[CATALOG_RATING] = "rating",
};

static const char *const facet_names[CATALOG_FACETS] = {
	[CATALOG_BY_FIELD] = "field",
	[CATALOG_BY_COUNTRY] = "country",
	[CATALOG_BY_MODE] = "mode",
	[CATALOG_BY_LANGUAGE] = "language",
	[CATALOG_BY_TYPE] = "type",
	[CATALOG_BY_LEVEL] = "level",
	[CATALOG_BY_PRICE] = "price",
	[CATALOG_BY_LENGTH] = "length",
};

const char *
catalog_part_name(enum catalog_part part)
{
	return part < CATALOG_PARTS ? part_names[part] : "";
}

const char *
catalog_facet_name(enum catalog_facet_id f)
{
	return f < CATALOG_FACETS ? facet_names[f] : "";
}

void
catalog_query_init(struct catalog_query *q, int32_t today)
{
	*q = (struct catalog_query){
		.text = { "", 0 },
		.optional = { "", 0 },
		.more = { NUMBER_UNKNOWN, NUMBER_UNKNOWN, NUMBER_UNKNOWN,
		    NUMBER_UNKNOWN, NUMBER_UNKNOWN, 0, 0, 0, DAY_UNKNOWN, DAY_UNKNOWN },
		.limit = 10,
		.since = -1,
		.today = today,
		.currency = "",
	};
}

/* Of set, what passes all filters: sure, and with something unknown. */
static void
filter_all(const struct search *s, const uint64_t *set, uint64_t *sure,
    uint64_t *unsure)
{
	memcpy(sure, set, s->x->words * sizeof(*sure));
	for (size_t i = 0; i < s->n_filters; i++)
		filter_apply(s, &s->filters[i], sure, unsure);
}

static void
answer(struct search *s)
{
	uint64_t *sure = set_new(s), *unsure = set_new(s), *sets[4];
	size_t n = 2;

	filter_all(s, s->words, sure, unsure);
	s->out->sure = set_count(s, sure);
	s->out->total = s->out->sure + set_count(s, unsure);
	if (s->q->facets != 0) {
		uint64_t *both = set_copy(s, sure);

		for (size_t w = 0; w < s->x->words; w++)
			both[w] |= unsure[w];
		search_facets(s, both);
	}
	if (s->out->total == 0 && s->n_filters > 0 && set_count(s, s->words) > 0)
		(void)search_relax(s, sure, unsure);
	sets[0] = sure;
	sets[1] = unsure;
	if (s->others != NULL && s->out->total < s->q->skip + s->q->limit &&
	    s->out->n_relaxed == 0) {
		sets[2] = set_new(s);
		sets[3] = set_new(s);
		filter_all(s, s->others, sets[2], sets[3]);
		n = 4;
	}
	search_pick(s, sets, n);
}

void
catalog_search(const struct catalog_index *x, struct arena *a,
    const struct catalog_query *q, struct catalog_answer *out)
{
	struct catalog_query own = *q;
	struct buf fold = { 0 };
	struct search s = { .x = x, .a = a, .q = &own, .out = out, .fold = &fold };

	*out = (struct catalog_answer){ .blocker = CATALOG_PARTS,
		.question = CATALOG_FACETS };
	if (own.limit > CATALOG_LIMIT_MAX)
		own.limit = CATALOG_LIMIT_MAX;
	if (own.skip > CATALOG_SKIP_MAX) {
		own.skip = CATALOG_SKIP_MAX;
		own.limit = 0;
	}
	if (own.currency == NULL)
		own.currency = "";
	if (x->n == 0)
		return;
	search_read_text(&s);
	search_read_wishes(&s);
	search_match(&s);
	answer(&s);
	buf_fini(&fold);
}

enum rc
catalog_card(const struct catalog_index *x, struct arena *a, const char *id,
    const char *currency, struct catalog_hit *out)
{
	for (uint32_t i = 0; i < x->n; i++)
		if (strcmp(x->text + x->card[i].id, id) == 0) {
			search_card(x, a, i, currency, DAY_UNKNOWN, out);
			return RC_OK;
		}
	return RC_NOTFOUND;
}
