/*
 * index_facts.c - the facts of a program, as columns hold them, and how good its record is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/index_build_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/clock.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/wish_map.h"

/* C5. A rating counts for as much as it has voters: towards the usual one with few. */
#define RATING_USUAL 3.7
#define RATING_VOTERS 5.0
/* Steps of the prior, so that small differences do not order what fits equally well. */
#define PRIOR_STEP 16
/* A record that nobody has looked at for longer may be wrong by now. */
#define FRESH_DAYS 400

static void
take_runs(struct share *p, const struct program *prog, struct raw_doc *d)
{
	d->runs.from = (uint32_t)p->n_runs;
	d->last = program_closes(prog);
	for (size_t i = 0; i < prog->n_runs; i++) {
		const struct program_run *r = &prog->runs[i];
		struct index_run run = { DAY_UNKNOWN, DAY_UNKNOWN, DAY_UNKNOWN };
		int32_t until, from;

		(void)program_day(r->start, &run.from, &run.to);
		if (program_day(r->deadline, &from, &until))
			run.deadline = until;
		if (run.from == DAY_UNKNOWN && run.deadline == DAY_UNKNOWN)
			continue;
		xgrow(&p->runs, &p->runs_cap, p->n_runs + 1);
		p->runs[p->n_runs++] = run;
	}
	d->runs.n = (uint32_t)p->n_runs - d->runs.from;
}

static void
take_price(struct share *p, const struct program *prog, struct raw_doc *d)
{
	const char *currency;

	d->price = MONEY_UNKNOWN;
	d->euro = -1;
	if (!program_price(prog, &d->price, &currency)) {
		d->price = MONEY_UNKNOWN;
		return;
	}
	d->currency = (uint8_t)tables_currency(p->tables, currency);
	d->currency_text = share_add_text(p, currency);
	if (d->price == 0)
		d->euro = 0;
	else if (d->currency != 0)
		d->euro = tables_convert(p->tables, (double)d->price, d->currency, 1);
}

static void
take_langs(struct share *p, const struct program *prog, struct raw_doc *d)
{
	char set[120] = "";
	size_t n = 0;

	for (size_t i = 0; i < prog->teaching_langs.n; i++) {
		int len = (int)strcspn(prog->teaching_langs.at[i], "-_");

		if (len == 0 || len > 8 || n + (size_t)len + 2 > sizeof(set))
			continue;
		n += (size_t)snprintf(set + n, sizeof(set) - n, "%s%.*s",
		    n == 0 ? "" : " ", len, prog->teaching_langs.at[i]);
	}
	d->lang_set = interner_put(&p->lang_sets, str_of(set), NULL);
	/* Sets are numbers of 16 bits in the end; nobody's catalog has as many. */
	if (d->lang_set >= UINT16_MAX / INDEX_PARTS)
		d->lang_set = 0;
}

static double
prior_of(const struct share *p, const struct program *prog, const struct raw_doc *d)
{
	const char *missing[PROGRAM_ELEMENTS];
	double v = 1, complete;
	int32_t from, to;

	complete = PROGRAM_ELEMENTS - (double)program_missing(prog, missing);
	v += 0.12 * (complete / PROGRAM_ELEMENTS - 0.5);
	if (prog->rating >= 0) {
		double voters = prog->rating_count > 0 ? (double)prog->rating_count : 1;
		double weight = voters / (voters + RATING_VOTERS);

		v += 0.12 * weight * (prog->rating - RATING_USUAL) / 1.3;
	}
	if (program_day(prog->fetched, &from, &to))
		v += p->today - from > FRESH_DAYS ? -0.04 : 0;
	for (uint32_t i = 0; i < d->runs.n; i++)
		if (p->runs[d->runs.from + i].from >= p->today) {
			v += 0.05;
			break;
		}
	if (prog->status == STATUS_PAUSED)
		v -= 0.15;
	return v;
}

static uint64_t
field_codes(const struct share *p, const struct program *prog)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < prog->fields.n; i++)
		bits |= tables_code_fields(p->tables, prog->fields.at[i]);
	for (size_t i = 0; i < prog->subjects.n; i++)
		bits |= tables_code_fields(p->tables, prog->subjects.at[i]);
	return bits;
}

static uint8_t
rating_of(const struct program *prog)
{
	if (prog->rating < 0 || prog->rating > 5)
		return INDEX_RATING_NONE;
	return (uint8_t)(prog->rating * INDEX_RATING_UNIT + 0.5);
}

/* Whoever gives it, or stands for it. */
static const char *
provider_of(const struct program *prog)
{
	if (prog->provider != NULL && prog->provider[0] != '\0')
		return prog->provider;
	return prog->awarding_body == NULL ? "" : prog->awarding_body;
}

static void
take_names(struct share *p, const struct program *prog, struct raw_doc *d)
{
	const char *title = text_in(&prog->title, prog->default_lang);

	title = title == NULL ? prog->id : title;
	d->id = share_add_text(p, prog->id);
	d->title = share_add_text(p, title);
	d->place = share_add_text(p, prog->provider_place);
	d->provider = interner_put(&p->providers, str_of(provider_of(prog)), NULL);
	d->country = interner_put(&p->countries,
	    str_of(prog->provider_country[0] != '\0' ? prog->provider_country
						     : prog->awarding_country),
	    NULL);
	d->name = search_words_hash(str_of(title), &p->fold);
	d->fold = d->name ^ search_words_hash(str_of(provider_of(prog)), &p->fold) *
	                        UINT64_C(0x9E3779B97F4A7C15);
}

void
share_take_facts(struct share *p, const struct program *prog, struct raw_doc *d)
{
	double prior;

	take_names(p, prog, d);
	take_runs(p, prog, d);
	take_price(p, prog, d);
	take_langs(p, prog, d);
	d->fields |= field_codes(p, prog);
	d->days = (float)(prog->max_days >= 0 ? prog->max_days : prog->min_days);
	d->hours = (float)prog->hours;
	d->weekly = (float)prog->weekly_hours;
	d->ects = (float)program_credits(prog, "ECTS");
	d->modes = (uint8_t)prog->modes;
	d->type = (uint8_t)prog->type;
	d->eqf = prog->eqf >= 1 && prog->eqf <= 8 ? (uint8_t)prog->eqf : EQF_UNKNOWN;
	d->pace = (uint8_t)prog->pace;
	d->stacks = program_stacks(prog)            ? KNOWN_YES
	            : prog->standalone == KNOWN_YES ? KNOWN_NO
	                                            : KNOWN_NOT;
	d->quality = (uint8_t)prog->quality;
	d->status = (uint8_t)prog->status;
	d->since = prog->since;
	d->rating = rating_of(prog);
	prior = prior_of(p, prog, d) * INDEX_PRIOR_UNIT;
	d->prior = (uint16_t)((int)prior / PRIOR_STEP * PRIOR_STEP);
}
