/*
 * program_facts.c - what follows from a record.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credbot/base/clock.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/wish_map.h"

void
program_clear(struct program *p)
{
	*p = (struct program){
		.default_lang = "",
		.hours = NUMBER_UNKNOWN,
		.min_days = NUMBER_UNKNOWN,
		.max_days = NUMBER_UNKNOWN,
		.weekly_hours = NUMBER_UNKNOWN,
		.rating = NUMBER_UNKNOWN,
	};
}

/* Dates first, then "rolling" (letters sort behind digits), then what is not stated. */
static int
by_start(const void *a, const void *b)
{
	const struct program_run *x = a, *y = b;
	const char *s = x->start == NULL ? "~" : x->start;
	const char *t = y->start == NULL ? "~" : y->start;

	return strcmp(s, t);
}

static void
sort_runs(struct arena *a, struct program *p)
{
	struct program_run *sorted;
	bool in_order = true;

	for (size_t i = 1; i < p->n_runs; i++)
		in_order = in_order && by_start(&p->runs[i - 1], &p->runs[i]) <= 0;
	if (in_order)
		return;
	sorted = arena_alloc(a, p->n_runs * sizeof(*sorted));
	memcpy(sorted, p->runs, p->n_runs * sizeof(*sorted));
	qsort(sorted, p->n_runs, sizeof(*sorted), by_start);
	p->runs = sorted;
}

void
program_settle(struct arena *a, struct program *p)
{
	const char *currency;
	int64_t price;

	sort_runs(a, p);
	for (size_t i = 0; i < p->n_runs; i++)
		p->modes |= p->runs[i].modes;
	if (p->free == KNOWN_NOT && program_price(p, &price, &currency))
		p->free = price == 0 ? KNOWN_YES : KNOWN_NO;
}

/* The part of a language tag before the region. */
static size_t
primary(const char *lang)
{
	return strcspn(lang, "-_");
}

const char *
text_in(const struct texts *t, const char *lang)
{
	size_t len = primary(lang);

	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->at[i].lang, lang) == 0)
			return t->at[i].text;
	for (size_t i = 0; i < t->n; i++)
		if (len > 0 && primary(t->at[i].lang) == len &&
		    strncmp(t->at[i].lang, lang, len) == 0)
			return t->at[i].text;
	return t->n == 0 ? NULL : t->at[0].text;
}

/* Adds up what is_total wants; false if currencies differ. */
static bool
add_up(const struct program *p, bool totals, int64_t *sum, const char **currency,
    size_t *n)
{
	*sum = 0;
	*n = 0;
	for (size_t i = 0; i < p->n_offers; i++) {
		const struct program_offer *o = &p->offers[i];

		if (o->price == MONEY_UNKNOWN || o->per != PER_TOTAL ||
		    o->whom != FOR_ALL || (o->kind == OFFER_TOTAL) != totals)
			continue;
		if (*n > 0 && strcmp(*currency, o->currency) != 0)
			return false;
		*currency = o->currency;
		/* Of several totals (two sites, two terms) the lowest is the one that a
		 * student can have. */
		if (totals)
			*sum = *n == 0 || o->price < *sum ? o->price : *sum;
		else if (__builtin_add_overflow(*sum, o->price, sum))
			return false;
		(*n)++;
	}
	return true;
}

bool
program_price(const struct program *p, int64_t *minor, const char **currency)
{
	size_t n;

	*currency = "";
	if (!add_up(p, true, minor, currency, &n))
		return false;
	if (n == 0 && !add_up(p, false, minor, currency, &n))
		return false;
	if (n == 0 && p->free == KNOWN_YES) {
		*minor = 0;
		return true;
	}
	return n > 0;
}

bool
program_day(const char *date, int32_t *from, int32_t *to)
{
	int year, month, day, used = 0;

	if (date == NULL)
		return false;
	if (strcmp(date, "rolling") == 0) {
		*from = *to = DAY_ROLLING;
		return true;
	}
	if (sscanf(date, "%4d-%2d-%2d%n", &year, &month, &day, &used) == 3 &&
	    used == 10) {
		*from = *to = (int32_t)clock_days(year, month, day);
		return true;
	}
	if (sscanf(date, "%4d-%2d%n", &year, &month, &used) == 2 && used == 7) {
		*from = (int32_t)clock_days(year, month, 1);
		*to = (int32_t)clock_days(year + month / 12, month % 12 + 1, 1) - 1;
		return true;
	}
	return false;
}

static int32_t
run_closes(const struct program_run *r)
{
	int32_t from, to, start = DAY_UNKNOWN;

	if (program_day(r->deadline, &from, &to))
		return to;
	(void)program_day(r->start, &start, &to);
	if (start != DAY_ROLLING && program_day(r->end, &from, &to))
		return to;
	return DAY_ROLLING;
}

int32_t
program_closes(const struct program *p)
{
	int32_t last = p->n_runs == 0 ? DAY_ROLLING : DAY_UNKNOWN;

	for (size_t i = 0; i < p->n_runs; i++) {
		int32_t day = run_closes(&p->runs[i]);

		if (day > last)
			last = day;
	}
	return last;
}

const char *
program_money(struct arena *a, int64_t minor, const char *currency)
{
	static const int64_t units[] = { 1, 10, 100, 1000 };
	int digits = wish_currency_digits(currency) & 3;

	if (minor == 0)
		return "free";
	if (digits == 0)
		return arena_printf(a, "%lld %s", (long long)minor, currency);
	return arena_printf(a, "%lld.%0*lld%s%s", (long long)(minor / units[digits]),
	    digits, (long long)(minor % units[digits]), currency[0] == '\0' ? "" : " ",
	    currency);
}

double
program_credits(const struct program *p, const char *system)
{
	for (size_t i = 0; i < p->n_credits; i++)
		if (strcmp(p->credits[i].system, system) == 0)
			return p->credits[i].value;
	return NUMBER_UNKNOWN;
}

bool
program_stacks(const struct program *p)
{
	return p->standalone == KNOWN_NO || p->stacks_into.n > 0;
}

size_t
program_missing(const struct program *p, const char *missing[PROGRAM_ELEMENTS])
{
	const struct {
		const char *name;
		bool there;
	} rows[PROGRAM_ELEMENTS] = {
		{ "title", p->title.n > 0 },
		{ "country",
		    p->awarding_country[0] != '\0' || p->provider_country[0] != '\0' },
		{ "awarding body", p->awarding_body != NULL },
		{ "outcomes", p->n_outcomes > 0 },
		{ "workload", p->hours >= 0 || p->n_credits > 0 },
		{ "level", p->eqf != EQF_UNKNOWN || p->nqf != NULL },
		{ "assessment", p->assessments.n > 0 },
		{ "participation", p->modes != 0 },
		{ "quality", p->quality != QUALITY_UNKNOWN },
	};
	size_t n = 0;

	for (size_t i = 0; i < PROGRAM_ELEMENTS; i++)
		if (!rows[i].there)
			missing[n++] = rows[i].name;
	return n;
}

bool
program_complete(const struct program *p)
{
	const char *missing[PROGRAM_ELEMENTS];

	return p->type == PROGRAM_MICRO_CREDENTIAL && program_missing(p, missing) == 0;
}
