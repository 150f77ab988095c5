/*
 * catalog_bench.c - credbot catalog search --bench: searches like those of students, timed.
 *
 * The words are those of the generated catalog (twelve searches that other engines were
 * measured with); on another catalog the times count, not the hits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/cmd/catalog.h"
#include "credbot/base/clock.h"
#include "credbot/catalog/search.h"

#define ROUNDS 300
#define WARM 20
#define SIX_FACETS                                                                     \
	(1U << CATALOG_BY_FIELD | 1U << CATALOG_BY_COUNTRY | 1U << CATALOG_BY_MODE |   \
	    1U << CATALOG_BY_LANGUAGE | 1U << CATALOG_BY_TYPE |                        \
	    1U << CATALOG_BY_PRICE)

static const struct bench_query {
	const char *name, *text;
	const char *mode, *lang, *country;
	int max_euro; /* -1: no wish */
	int eqf;
	enum catalog_order order;
	unsigned facets;
	bool any;
} queries[] = {
	{ "data science", "data science", NULL, NULL, NULL, -1, 0, CATALOG_BEST, 0,
	    false },
	{ "data science, online, en, up to 500 EUR", "data science", "online", "en",
	    NULL, 500, 0, CATALOG_BEST, 0, false },
	{ "machine learning python, EQF 6", "machine learning python", NULL, NULL, NULL,
	    -1, 6, CATALOG_BEST, 0, false },
	{ "nursing assistant, GB", "nursing assistant", NULL, NULL, "gb", -1, 0,
	    CATALOG_BEST, 0, false },
	{ "cyber*", "cyber*", NULL, NULL, NULL, -1, 0, CATALOG_BEST, 0, false },
	{ "management", "management", NULL, NULL, NULL, -1, 0, CATALOG_BEST, 0, false },
	{ "\"project management\"", "\"project management\"", NULL, NULL, NULL, -1, 0,
	    CATALOG_BEST, 0, false },
	{ "nine words, any",
	    "introduction advanced applied health computer business engineering "
	    "science "
	    "design",
	    NULL, NULL, NULL, -1, 0, CATALOG_BEST, 0, true },
	{ "d*", "d*", NULL, NULL, NULL, -1, 0, CATALOG_BEST, 0, false },
	{ "no words: DE, online, free, by rating", "", "online", NULL, "de", 0, 0,
	    CATALOG_TOP_RATED, 0, false },
	{ "six facets of management", "management", NULL, NULL, NULL, -1, 0,
	    CATALOG_BEST, SIX_FACETS, false },
	{ "machne lerning", "machne lerning", NULL, NULL, NULL, -1, 0, CATALOG_BEST, 0,
	    false },
};

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
set_up(const struct bench_query *b, struct catalog_query *q, struct wish *w)
{
	q->text = str_of(b->text);
	q->order = b->order;
	q->facets = b->facets;
	q->any_word = b->any;
	q->more.min_eqf = q->more.max_eqf = b->eqf;
	if (b->mode != NULL)
		(void)wish_values_add(&w->want[WISH_MODE], b->mode);
	if (b->lang != NULL)
		(void)wish_values_add(&w->want[WISH_LANGUAGE], b->lang);
	if (b->country != NULL)
		(void)wish_values_add(&w->want[WISH_DESTINATION], b->country);
	if (b->max_euro >= 0) {
		w->max_cost = (int64_t)b->max_euro * 100;
		(void)snprintf(w->currency, sizeof(w->currency), "%s",
		    b->max_euro == 0 ? "" : "EUR");
	}
	q->wish = w;
}

static void
measure(const struct catalog_index *x, const struct bench_query *b, int32_t today,
    bool json, bool first)
{
	struct arena *a = arena_new();
	int64_t us[ROUNDS];
	struct catalog_answer r = { 0 };
	struct catalog_query q;
	struct wish w;
	const size_t half = ROUNDS / 2, most = ROUNDS * 99 / 100;
	double p50, p99;

	catalog_query_init(&q, today);
	wish_init(&w);
	set_up(b, &q, &w);
	for (int i = -WARM; i < ROUNDS; i++) {
		int64_t start = clock_mono_us(clock_system());

		catalog_search(x, a, &q, &r);
		if (i >= 0)
			us[i] = clock_mono_us(clock_system()) - start;
		arena_reset(a);
	}
	qsort(us, ROUNDS, sizeof(us[0]), by_size);
	p50 = (double)us[half] / 1000;
	p99 = (double)us[most] / 1000;
	if (json) {
		struct buf name = { 0 };

		buf_add_json(&name, str_of(b->name));
		printf("%s{\"q\":%s,\"hits\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f}",
		    first ? "" : ",", buf_cstr(&name), r.total, p50, p99);
		buf_fini(&name);
	} else {
		printf("%-40s %8zu hits  %7.3f  %7.3f ms\n", b->name, r.total, p50,
		    p99);
	}
	arena_free(a);
}

int
catalog_bench(const struct catalog_index *x, int32_t today, bool json)
{
	if (json)
		printf("{\"queries\":[");
	else
		printf("%zu programs, index %.1f MB; median and 99 of 100\n",
		    catalog_index_programs(x), (double)catalog_index_bytes(x) / 1e6);
	for (size_t i = 0; i < ARRAY_LEN(queries); i++)
		measure(x, &queries[i], today, json, i == 0);
	if (json)
		puts("]}");
	return CMD_DONE;
}
