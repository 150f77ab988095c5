/*
 * search_filter.c - one filter over a set of programs.
 */
#include "bot/catalog/search_priv.h"
#include "credbot/catalog/program.h"

static inline enum fits
check_price(const struct catalog_index *x, const struct filter *f, uint32_t doc)
{
	int64_t price = x->price[doc];
	enum fits unknown = f->from ? FITS_NOT : FITS_UNKNOWN;

	if (price == MONEY_UNKNOWN)
		return unknown;
	if (price == 0)
		return FITS;
	if (f->limit[x->currency[doc]] == INT64_MIN)
		return unknown;
	return price <= f->limit[x->currency[doc]] ? FITS : FITS_NOT;
}

static inline enum fits
check_number(const struct filter *f, uint32_t doc)
{
	double v = (double)f->number[doc];

	if (v < 0)
		return FITS_UNKNOWN;
	return v >= f->low && v <= f->high ? FITS : FITS_NOT;
}

/* One run that fits is enough. */
static enum fits
check_start(const struct catalog_index *x, const struct filter *f, uint32_t doc)
{
	enum fits best = FITS_UNKNOWN;

	for (uint32_t i = x->run_at[doc]; i < x->run_at[doc + 1]; i++) {
		const struct index_run *r = &x->runs[i];

		if (r->from == DAY_UNKNOWN)
			continue;
		if (r->from == DAY_ROLLING || (r->to >= f->from && r->from <= f->to))
			return FITS;
		best = FITS_NOT;
	}
	return best;
}

static enum fits
check_deadline(const struct catalog_index *x, const struct filter *f, uint32_t doc)
{
	enum fits best = FITS_UNKNOWN;

	for (uint32_t i = x->run_at[doc]; i < x->run_at[doc + 1]; i++) {
		const struct index_run *r = &x->runs[i];

		if (r->deadline == DAY_UNKNOWN)
			continue;
		if (r->deadline >= f->from)
			return FITS;
		best = FITS_NOT;
	}
	return best;
}

static inline enum fits
check_fields(const struct catalog_index *x, const struct filter *f, uint32_t doc)
{
	uint64_t have = x->fields[doc];

	if (have == 0)
		return FITS_UNKNOWN;
	return ((have & f->bits) != 0) == (f->kind == FILTER_FIELDS) ? FITS : FITS_NOT;
}

enum fits
filter_check(const struct catalog_index *x, const struct filter *f, uint32_t doc)
{
	switch (f->kind) {
	case FILTER_BYTE:
		return (enum fits)f->table[f->column[doc]];
	case FILTER_LANGS:
		return (enum fits)f->table[x->langs[doc]];
	case FILTER_PROVIDER:
		return (enum fits)f->table[x->provider[doc]];
	case FILTER_FIELDS:
	case FILTER_NO_FIELDS:
		return check_fields(x, f, doc);
	case FILTER_PRICE:
		return check_price(x, f, doc);
	case FILTER_NUMBER:
		return check_number(f, doc);
	case FILTER_START:
		return check_start(x, f, doc);
	case FILTER_DEADLINE:
		return check_deadline(x, f, doc);
	}
	return FITS_UNKNOWN;
}

/* A loop of its own for each kind, so that nothing is decided per program but its answer. */
#define APPLY(expression)                                                              \
	do {                                                                           \
		for (size_t w = 0; w < x->words; w++) {                                \
			uint64_t known[2] = { sure[w], unsure[w] }, all;               \
			uint64_t kept = 0, open = 0;                                   \
			all = known[0] | known[1];                                     \
			EACH_BIT_OF(all, w, doc)                                       \
			{                                                              \
				enum fits fits = (enum fits)(expression);              \
				uint64_t bit = UINT64_C(1) << doc % 64;                \
				kept |= fits == FITS ? bit : 0;                        \
				open |= fits == FITS_UNKNOWN ? bit : 0;                \
			}                                                              \
			sure[w] = known[0] & kept;                                     \
			unsure[w] = (known[1] & kept) | (all & open);                  \
		}                                                                      \
	} while (0)

void
filter_apply(const struct search *s, const struct filter *f, uint64_t *sure,
    uint64_t *unsure)
{
	const struct catalog_index *x = s->x;
	uint32_t doc;

	switch (f->kind) {
	case FILTER_BYTE:
		APPLY(f->table[f->column[doc]]);
		return;
	case FILTER_LANGS:
		APPLY(f->table[x->langs[doc]]);
		return;
	case FILTER_PROVIDER:
		APPLY(f->table[x->provider[doc]]);
		return;
	case FILTER_FIELDS:
	case FILTER_NO_FIELDS:
		APPLY(check_fields(x, f, doc));
		return;
	case FILTER_PRICE:
		APPLY(check_price(x, f, doc));
		return;
	case FILTER_NUMBER:
		APPLY(check_number(f, doc));
		return;
	case FILTER_START:
	case FILTER_DEADLINE:
		APPLY(filter_check(x, f, doc));
		return;
	}
}
