/*
 * search_hits.c - what is told of a hit: its facts, and what it has to say to each wish.
 */
#include <stdio.h>
#include <string.h>

#include "bot/catalog/search_priv.h"
#include "credbot/base/clock.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/wish_map.h"

const char *
search_day(struct arena *a, int32_t day)
{
	char iso[CLOCK_ISO_MAX];

	if (day == DAY_UNKNOWN)
		return "";
	if (day == DAY_ROLLING)
		return "rolling";
	clock_format((int64_t)day * 86400000, iso, sizeof(iso));
	return arena_printf(a, "%.10s", iso);
}

/* --- names of values */

static const char *
names_of_modes(struct arena *a, unsigned modes)
{
	struct buf b = { 0 };
	const char *out;

	for (unsigned i = 0; i < PROGRAM_MODES; i++)
		if (modes >> i & 1)
			buf_printf(&b, "%s%s", b.len > 0 ? " " : "",
			    program_mode_name(1U << i));
	out = arena_cstr(a, buf_str(&b));
	buf_fini(&b);
	return out;
}

static const char *
names_of_fields(const struct catalog_index *x, struct arena *a, uint64_t fields)
{
	struct buf b = { 0 };
	const char *out;

	for (size_t i = 0; i < x->tables->n_fields; i++)
		if (fields >> i & 1)
			buf_printf(&b, "%s%s", b.len > 0 ? " " : "",
			    x->tables->field[i].id);
	out = arena_cstr(a, buf_str(&b));
	buf_fini(&b);
	return out;
}

/* The next run that one can still enter, else the last one there is. */
static const struct index_run *
next_run(const struct catalog_index *x, uint32_t doc, int32_t today)
{
	const struct index_run *best = NULL;

	for (uint32_t i = x->run_at[doc]; i < x->run_at[doc + 1]; i++) {
		best = &x->runs[i];
		if ((best->deadline == DAY_UNKNOWN || best->deadline >= today) &&
		    (best->from == DAY_UNKNOWN || best->from >= today))
			break;
	}
	return best;
}

static const char *
number(struct arena *a, float v, const char *unit)
{
	return v < 0 ? NULL : arena_printf(a, "%g%s", (double)v, unit);
}

static const char *
or_unknown(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

const char *
search_have(const struct search *s, const struct filter *f, uint32_t doc)
{
	const struct catalog_index *x = s->x;
	const struct index_run *run;

	switch (f->part) {
	case CATALOG_FIELD:
		return or_unknown(names_of_fields(x, s->a, x->fields[doc]));
	case CATALOG_COUNTRY:
		return or_unknown(x->countries[x->country[doc]]);
	case CATALOG_MODE:
		return or_unknown(names_of_modes(s->a, x->modes[doc]));
	case CATALOG_LANGUAGE:
		return or_unknown(x->text + x->lang_sets[x->langs[doc]]);
	case CATALOG_TYPE:
		return or_unknown(program_type_name((enum program_type)x->type[doc]));
	case CATALOG_LEVEL:
		return x->eqf[doc] == 0 ? NULL
		                        : arena_printf(s->a, "EQF %d", x->eqf[doc]);
	case CATALOG_PROVIDER:
		return or_unknown(x->text + x->providers[x->provider[doc]]);
	case CATALOG_PRICE:
		if (x->price[doc] == MONEY_UNKNOWN)
			return NULL;
		return program_money(s->a, x->price[doc],
		    x->text + x->card[doc].currency);
	case CATALOG_DURATION:
		return number(s->a, x->days[doc], " days");
	case CATALOG_HOURS:
		return number(s->a, x->hours[doc], " h");
	case CATALOG_WEEKLY_HOURS:
		return number(s->a, x->weekly[doc], " h");
	case CATALOG_ECTS:
		return number(s->a, x->ects[doc], " ECTS");
	case CATALOG_PACE:
		return or_unknown(program_pace_name((enum program_pace)x->pace[doc]));
	case CATALOG_START:
		run = next_run(x, doc, s->q->today);
		return run == NULL ? NULL : or_unknown(search_day(s->a, run->from));
	case CATALOG_DEADLINE:
		run = next_run(x, doc, s->q->today);
		return run == NULL ? NULL : or_unknown(search_day(s->a, run->deadline));
	case CATALOG_STACKABLE:
		return x->stacks[doc] == KNOWN_NOT   ? NULL
		       : x->stacks[doc] == KNOWN_YES ? "stackable"
		                                     : "standalone";
	case CATALOG_ACCREDITED:
		return or_unknown(
		    program_quality_name((enum program_quality)x->quality[doc]));
	case CATALOG_RATING:
		return x->rating[doc] == INDEX_RATING_NONE
		           ? NULL
		           : arena_printf(s->a, "%.1f",
				 x->rating[doc] / INDEX_RATING_UNIT);
	case CATALOG_WORDS:
	case CATALOG_PARTS:
		break;
	}
	return NULL;
}

/* --- notes */

static void
note(const struct search *s, struct catalog_notes *v, struct catalog_note new)
{
	/* As many as there can be, once. */
	if (v->at == NULL)
		v->at = arena_alloc(s->a,
		    (SEARCH_FILTERS_MAX + 2 * CATALOG_WORDS_MAX) * sizeof(*v->at));
	v->at[v->n++] = new;
}

static void
note_words(const struct search *s, uint32_t doc, struct catalog_hit *out)
{
	for (size_t i = 0; i < s->n_slots; i++) {
		const struct slot *slot = &s->slots[i];
		struct catalog_note new = { CATALOG_WORDS,
			arena_cstr(s->a, slot->typed), NULL };

		if (!slot->needed)
			continue;
		if (view_has(&slot->view, doc)) {
			new.have = new.want;
			note(s, &out->because, new);
		} else {
			new.have = "";
			note(s, &out->misses, new);
		}
	}
}

uint64_t
search_name(const struct search *s, uint32_t doc)
{
	return search_words_hash(str_of(s->x->text + s->x->card[doc].title), s->fold);
}

void
search_hit(const struct search *s, uint32_t doc, float score, struct catalog_hit *out)
{
	search_card(s->x, s->a, doc, s->q->currency, s->q->today, out);
	out->score = (double)score;
	out->named = s->name != 0 && s->has_text && search_name(s, doc) == s->name;
	note_words(s, doc, out);
	for (size_t i = 0; i < s->n_filters; i++) {
		const struct filter *f = &s->filters[i];
		enum fits fits = filter_check(s->x, f, doc);
		struct catalog_notes *to = fits == FITS       ? &out->because
		                           : fits == FITS_NOT ? &out->misses
		                                              : &out->unknown;

		note(s, to,
		    (struct catalog_note){ f->part, f->want,
			fits == FITS_UNKNOWN ? NULL : search_have(s, f, doc) });
	}
}

/* --- facts */

static int64_t
about(const struct catalog_index *x, uint32_t doc, const char *currency)
{
	size_t to = tables_currency(x->tables, currency);

	if (x->price[doc] == MONEY_UNKNOWN || x->price[doc] == 0)
		return x->price[doc];
	if (to == 0 || x->currency[doc] == 0)
		return MONEY_UNKNOWN;
	return (int64_t)(tables_convert(x->tables, (double)x->price[doc],
			     x->currency[doc], to) +
			 0.5);
}

void
search_card(const struct catalog_index *x, struct arena *a, uint32_t doc,
    const char *currency, int32_t today, struct catalog_hit *out)
{
	const struct index_run *run = next_run(x, doc, today);

	*out = (struct catalog_hit){
		.id = x->text + x->card[doc].id,
		.title = x->text + x->card[doc].title,
		.provider = x->text + x->providers[x->provider[doc]],
		.place = x->text + x->card[doc].place,
		.type = (enum program_type)x->type[doc],
		.country = x->countries[x->country[doc]],
		.modes = x->modes[doc],
		.langs = x->text + x->lang_sets[x->langs[doc]],
		.fields = names_of_fields(x, a, x->fields[doc]),
		.eqf = x->eqf[doc],
		.pace = (enum program_pace)x->pace[doc],
		.price = x->price[doc],
		.currency = x->text + x->card[doc].currency,
		.price_about = about(x, doc, currency),
		.days = (double)x->days[doc],
		.hours = (double)x->hours[doc],
		.weekly_hours = (double)x->weekly[doc],
		.ects = (double)x->ects[doc],
		.rating = x->rating[doc] == INDEX_RATING_NONE
		              ? NUMBER_UNKNOWN
		              : x->rating[doc] / INDEX_RATING_UNIT,
		.start = run == NULL ? DAY_UNKNOWN : run->from,
		.deadline = run == NULL ? DAY_UNKNOWN : run->deadline,
		.stackable = x->stacks[doc] == KNOWN_YES,
	};
}
