/*
 * catalog_stats.c - credbot catalog stats: what is in the catalog, and how much of it is
 * not stated.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/cmd/catalog.h"
#include "credbot/base/alloc.h"
#include "credbot/base/map.h"
#include "credbot/catalog/program_facts.h"

enum unknown {
	NO_PROVIDER,
	NO_COUNTRY,
	NO_PRICE,
	NO_HOURS,
	NO_LENGTH,
	NO_MODE,
	NO_LANGUAGE,
	NO_LEVEL,
	NO_FIELD,
	NO_START,
	NO_OUTCOMES,
	NO_ADDRESS,
	UNKNOWNS
};

static const char *const unknown_names[UNKNOWNS] = { "provider", "country", "price",
	"hours", "length", "mode", "language", "level", "field", "start", "outcomes",
	"address" };

struct stats {
	struct arena *a;
	size_t n, ceased, complete;
	size_t types[PROGRAM_TYPES];
	size_t unknown[UNKNOWNS];
	struct map *countries; /* -> size_t */
	char from[16], to[16]; /* the days that sources were read on */
};

static void
count_country(struct stats *s, const char *code)
{
	size_t *n = map_get_c(s->countries, code);

	if (n == NULL) {
		n = arena_zalloc(s->a, 1, sizeof(*n));
		(void)map_put(s->countries, str_of(code), n);
	}
	(*n)++;
}

static void
count_unknown(struct stats *s, const struct program *p)
{
	const char *currency;
	int64_t price;
	const bool unknown[UNKNOWNS] = {
		[NO_PROVIDER] = p->provider == NULL,
		[NO_COUNTRY] = p->provider_country[0] == '\0',
		[NO_PRICE] = !program_price(p, &price, &currency),
		[NO_HOURS] = !(p->hours >= 0) && p->n_credits == 0,
		[NO_LENGTH] = !(p->min_days >= 0) && !(p->max_days >= 0),
		[NO_MODE] = p->modes == 0,
		[NO_LANGUAGE] = p->teaching_langs.n == 0,
		[NO_LEVEL] = p->eqf == EQF_UNKNOWN && p->nqf == NULL,
		[NO_FIELD] = p->fields.n == 0 && p->subjects.n == 0,
		[NO_START] = p->n_runs == 0 || p->runs[0].start == NULL,
		[NO_OUTCOMES] = p->n_outcomes == 0,
		[NO_ADDRESS] = p->url == NULL,
	};

	for (size_t i = 0; i < UNKNOWNS; i++)
		s->unknown[i] += unknown[i];
}

static bool
count(void *arg, const struct program *p)
{
	struct stats *s = arg;

	s->n++;
	s->ceased += p->status == STATUS_CEASED;
	s->complete += program_complete(p);
	s->types[p->type]++;
	count_country(s, p->provider_country);
	count_unknown(s, p);
	if (p->fetched != NULL && strlen(p->fetched) < sizeof(s->from)) {
		if (s->from[0] == '\0' || strcmp(p->fetched, s->from) < 0)
			memcpy(s->from, p->fetched, strlen(p->fetched) + 1);
		if (strcmp(p->fetched, s->to) > 0)
			memcpy(s->to, p->fetched, strlen(p->fetched) + 1);
	}
	return true;
}

struct row {
	const char *name;
	size_t n;
};

static int
by_count(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Countries, the most frequent first; the last has no name: freed by the caller. */
static struct row *
country_rows(const struct stats *s)
{
	struct row *rows = xcalloc(map_len(s->countries) + 1, sizeof(*rows));
	size_t n = 0, pos = 0;
	struct str code;
	void *count;

	while (map_next(s->countries, &pos, &code, &count))
		rows[n++] = (struct row){ code.len == 0 ? "unknown"
							: arena_cstr(s->a, code),
			*(size_t *)count };
	qsort(rows, n, sizeof(*rows), by_count);
	return rows;
}

static size_t
type_rows(const struct stats *s, struct row rows[PROGRAM_TYPES])
{
	size_t n = 0;

	for (size_t i = 0; i < PROGRAM_TYPES; i++)
		if (s->types[i] > 0)
			rows[n++] = (struct row){ i == PROGRAM_UNKNOWN
						      ? "unknown"
						      : program_type_name(
							    (enum program_type)i),
				s->types[i] };
	qsort(rows, n, sizeof(*rows), by_count);
	return n;
}

static void
add_counts(struct buf *out, const char *name, const struct row *rows, size_t n)
{
	buf_printf(out, ", \"%s\": {", name);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s\"%s\": %zu", i == 0 ? "" : ", ", rows[i].name,
		    rows[i].n);
	buf_addc(out, '}');
}

static void
print_json(const struct stats *s, const struct row *types, size_t n_types,
    const struct row *countries)
{
	struct buf out = { 0 };

	buf_printf(&out, "{\"programs\": %zu, \"ceased\": %zu, \"complete\": %zu", s->n,
	    s->ceased, s->complete);
	add_counts(&out, "types", types, n_types);
	add_counts(&out, "countries", countries, map_len(s->countries));
	buf_adds(&out, ", \"unknown\": {");
	for (size_t i = 0; i < UNKNOWNS; i++)
		buf_printf(&out, "%s\"%s\": %.4f", i == 0 ? "" : ", ", unknown_names[i],
		    s->n == 0 ? 0.0 : (double)s->unknown[i] / (double)s->n);
	if (s->from[0] == '\0')
		buf_adds(&out, "}, \"as_of\": null}");
	else
		buf_printf(&out, "}, \"as_of\": [\"%s\", \"%s\"]}", s->from, s->to);
	puts(buf_cstr(&out));
	buf_fini(&out);
}

/* More countries than this are a list for a program. */
#define COUNTRIES_SHOWN 15

static void
print_table(const struct stats *s, const struct row *types, size_t n_types,
    const struct row *countries)
{
	size_t n = map_len(s->countries);

	printf("programs      %zu, %zu of them ceased\n", s->n, s->ceased);
	printf("complete      %zu micro-credentials state all that the EU asks for\n",
	    s->complete);
	if (s->from[0] != '\0')
		printf("as of         %s%s%s\n", s->from,
		    strcmp(s->from, s->to) == 0 ? "" : " to ",
		    strcmp(s->from, s->to) == 0 ? "" : s->to);
	for (size_t i = 0; i < n_types; i++)
		printf("%-13s %-18s %zu\n", i == 0 ? "types" : "", types[i].name,
		    types[i].n);
	for (size_t i = 0; i < n && i < COUNTRIES_SHOWN; i++)
		printf("%-13s %-18s %zu\n", i == 0 ? "countries" : "",
		    countries[i].name, countries[i].n);
	if (n > COUNTRIES_SHOWN)
		printf("%-13s %zu more\n", "", n - COUNTRIES_SHOWN);
	for (size_t i = 0; i < UNKNOWNS; i++)
		printf("%-13s %-18s %.1f %%\n", i == 0 ? "not stated" : "",
		    unknown_names[i],
		    s->n == 0 ? 0.0 : 100.0 * (double)s->unknown[i] / (double)s->n);
}

static int
stats(const struct app *app, const struct args *a)
{
	const struct catalog_place where = app_catalog(app);
	struct stats s = { .a = arena_new(), .countries = map_new() };
	struct row types[PROGRAM_TYPES], *countries;
	struct err err = { "" };
	enum rc rc = catalog_each(&where, count, &s, &err);
	size_t n = type_rows(&s, types);

	countries = country_rows(&s);
	if (rc != RC_OK)
		fprintf(stderr, "credbot: %s\n", err.text);
	else if (args_has(a, "json"))
		print_json(&s, types, n, countries);
	else
		print_table(&s, types, n, countries);
	free(countries);
	map_free(s.countries);
	arena_free(s.a);
	return rc == RC_OK ? CMD_DONE : CMD_FAILED;
}

static int
run(struct args *a)
{
	struct app app;
	int code = app_init(&app, a);

	if (code == CMD_DONE)
		code = stats(&app, a);
	app_fini(&app);
	return code;
}

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	APP_FLAG_JSON,
	{ 0 },
};

const struct command catalog_stats = {
	.name = "catalog stats",
	.summary = "Count the programs, and how often something is not stated.",
	.synopsis = "[--json]",
	.example = "credbot catalog stats",
	.flags = flags,
	.run = run,
};
