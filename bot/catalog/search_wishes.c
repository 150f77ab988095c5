/*
 * search_wishes.c - wishes as filters over columns.
 */
#include <stdio.h>
#include <string.h>

#include "bot/catalog/search_priv.h"
#include "credbot/base/clock.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/wish_map.h"

/* "asap" is within so many days. */
#define SOON_DAYS 60
/* What a student may pay a little more for, when nothing else is there. */
#define DEARER 1.25

static struct filter *
add(struct search *s, enum catalog_part part, enum filter_kind kind, const char *want)
{
	struct filter *f;

	if (s->n_filters == SEARCH_FILTERS_MAX)
		return NULL;
	f = &s->filters[s->n_filters++];
	*f = (struct filter){ .part = part, .kind = kind, .want = want };
	return f;
}

/* Ids as a person would list them; "not" before what is ruled out. */
static const char *
listed(const struct search *s, const struct wish_values *v, bool avoid)
{
	struct buf b = { 0 };
	const char *out;

	for (size_t i = 0; i < v->n; i++)
		buf_printf(&b, "%s%s%s", avoid ? "not " : "", v->id[i],
		    i + 1 < v->n ? ", " : "");
	out = arena_cstr(s->a, buf_str(&b));
	buf_fini(&b);
	return out;
}

/* A table of n values that all say the same, but the first, which is unknown. */
static uint8_t *
new_table(const struct search *s, size_t n, enum fits otherwise)
{
	uint8_t *t = arena_alloc(s->a, n + 1);

	memset(t, otherwise, n + 1);
	t[0] = FITS_UNKNOWN;
	return t;
}

static void
add_bytes(struct search *s, enum catalog_part part, const uint8_t *column,
    const uint8_t *table, const char *want)
{
	struct filter *f = add(s, part, FILTER_BYTE, want);

	if (f == NULL)
		return;
	f->column = column;
	f->table = table;
}

/* --- what is wanted or ruled out by name */

typedef void table_fn(const struct search *s, const char *id, uint8_t *table,
    enum fits value);

static void
mark_countries(const struct search *s, const char *id, uint8_t *table, enum fits value)
{
	char code[3];
	const char *list[2];
	const char *const *codes = wish_destination_countries(id, code, list);

	for (size_t i = 0; codes != NULL && codes[i] != NULL; i++)
		for (size_t j = 1; j < s->x->n_countries; j++)
			if (strcmp(s->x->countries[j], codes[i]) == 0)
				table[j] = value;
}

/* Given in several modes, one that is wanted is enough; ruled out is what has no other. */
static void
mark_modes(const struct search *s, const char *id, uint8_t *table, enum fits value)
{
	unsigned bits = wish_mode_bits(id);

	(void)s;
	for (unsigned m = 1; m < 16; m++)
		if (value == FITS ? (m & bits) != 0 : (m & ~bits) == 0)
			table[m] = value;
}

static void
mark_types(const struct search *s, const char *id, uint8_t *table, enum fits value)
{
	unsigned set = wish_type_set(id);

	(void)s;
	for (unsigned i = 1; i < PROGRAM_TYPES; i++)
		if (set >> i & 1)
			table[i] = value;
}

static void
mark_levels(const struct search *s, const char *id, uint8_t *table, enum fits value)
{
	int low, high;

	(void)s;
	if (wish_level_range(id, &low, &high))
		for (int i = low; i <= high && i <= 8; i++)
			table[i] = value;
}

/* Of a set "de en" the language tag. */
static bool
set_has(const char *set, const char *tag)
{
	size_t len = strlen(tag);

	for (const char *p = set; *p != '\0'; p += strcspn(p, " "), p += *p == ' ')
		if (strncmp(p, tag, len) == 0 && (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

static void
mark_langs(const struct search *s, const char *id, uint8_t *table, enum fits value)
{
	const char *tag = wish_language_tag(id);

	for (size_t i = 1; tag != NULL && i < s->x->n_lang_sets; i++) {
		const char *set = s->x->text + s->x->lang_sets[i];

		/* Ruled out is what is taught in nothing else. */
		if (set_has(set, tag) && (value == FITS || strcmp(set, tag) == 0))
			table[i] = value;
	}
}

struct wanted {
	struct str word[12];
	size_t n;
};

static bool
want_word(void *arg, struct str word)
{
	struct wanted *w = arg;

	if (w->n < sizeof(w->word) / sizeof(w->word[0]))
		w->word[w->n++] = word;
	return true;
}

static bool
tick_word(void *arg, struct str word)
{
	struct wanted *w = arg;

	for (size_t i = 0; i < w->n; i++)
		if (str_eq(w->word[i], word)) {
			w->word[i] = w->word[--w->n];
			break;
		}
	return w->n > 0;
}

/* All words of "university-of-oxford" are in the provider's name, in any order. */
static void
mark_providers(const struct search *s, const char *id, uint8_t *table, enum fits value)
{
	struct buf own = { 0 };
	struct wanted all = { .n = 0 };

	search_words(str_of(id), &own, want_word, &all);
	for (size_t i = 1; all.n > 0 && i < s->x->n_providers; i++) {
		struct wanted left = all;

		search_words(str_of(s->x->text + s->x->providers[i]), s->fold,
		    tick_word, &left);
		if (left.n == 0)
			table[i] = value;
	}
	buf_fini(&own);
}

static const uint8_t *
make_table(const struct search *s, const struct wish_values *v, size_t size, bool avoid,
    table_fn *mark)
{
	uint8_t *t = new_table(s, size, avoid ? FITS : FITS_NOT);

	for (size_t i = 0; i < v->n; i++)
		mark(s, v->id[i], t, avoid ? FITS_NOT : FITS);
	t[0] = FITS_UNKNOWN;
	return t;
}

static void
add_fields(struct search *s, const struct wish_values *v, bool avoid)
{
	struct filter *f;

	if (v->n == 0)
		return;
	f = add(s, CATALOG_FIELD, avoid ? FILTER_NO_FIELDS : FILTER_FIELDS,
	    listed(s, v, avoid));
	for (size_t i = 0; f != NULL && i < v->n; i++) {
		int field = tables_field_of(s->x->tables, v->id[i]);

		if (field >= 0)
			f->bits |= UINT64_C(1) << field;
	}
}

static void
add_tables(struct search *s, const struct wish_values *values, bool avoid)
{
	const struct catalog_index *x = s->x;
	const struct {
		enum wish_slot slot;
		enum catalog_part part;
		enum filter_kind kind;
		const uint8_t *column;
		size_t size;
		table_fn *mark;
	} rows[] = {
		{ WISH_MODE, CATALOG_MODE, FILTER_BYTE, x->modes, 256, mark_modes },
		{ WISH_DESTINATION, CATALOG_COUNTRY, FILTER_BYTE, x->country, 256,
		    mark_countries },
		{ WISH_LANGUAGE, CATALOG_LANGUAGE, FILTER_LANGS, NULL, x->n_lang_sets,
		    mark_langs },
		{ WISH_TYPE, CATALOG_TYPE, FILTER_BYTE, x->type, 256, mark_types },
		{ WISH_LEVEL, CATALOG_LEVEL, FILTER_BYTE, x->eqf, 256, mark_levels },
		{ WISH_PROVIDER, CATALOG_PROVIDER, FILTER_PROVIDER, NULL,
		    x->n_providers, mark_providers },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct wish_values *v = &values[rows[i].slot];
		struct filter *f;

		if (v->n == 0)
			continue;
		f = add(s, rows[i].part, rows[i].kind, listed(s, v, avoid));
		if (f == NULL)
			return;
		f->column = rows[i].column;
		f->table = make_table(s, v, rows[i].size, avoid, rows[i].mark);
	}
}

/* --- amounts */

/* The amount in the minor units of every currency of the tables. */
static void
set_limits(const struct search *s, struct filter *f)
{
	const struct catalog_tables *t = s->x->tables;

	f->limit = arena_alloc(s->a, TABLES_CURRENCIES_MAX * sizeof(*f->limit));
	f->limit[0] = INT64_MIN;
	for (size_t i = 1; i < t->n_currencies; i++) {
		double v;

		/* Without a currency: as many of whatever the program counts in. */
		if (f->own_currency) {
			v = (double)f->amount;
			for (int d = wish_currency_digits(t->currency[i]); d < 2; d++)
				v /= 10;
		} else {
			v = tables_convert(t, (double)f->amount, f->currency, i);
		}
		f->limit[i] = v < 9e18 ? (int64_t)(v + 1e-6) : INT64_MAX;
	}
}

static void
add_price(struct search *s, const struct wish *w)
{
	const char *currency = w->currency[0] != '\0' ? w->currency : s->q->currency;
	struct filter *f;

	if (w->known_price && w->max_cost < 0) {
		f = add(s, CATALOG_PRICE, FILTER_PRICE, "known");
		if (f != NULL) {
			f->amount = INT64_MAX / 2;
			f->own_currency = true;
		}
	} else if (w->max_cost >= 0) {
		f = add(s, CATALOG_PRICE, FILTER_PRICE,
		    program_money(s->a, w->max_cost, currency));
		if (f != NULL) {
			f->amount = w->max_cost;
			f->currency = tables_currency(s->x->tables, currency);
			f->own_currency = f->currency == 0;
		}
	} else {
		return;
	}
	if (f == NULL)
		return;
	/* A price that is not known, or cannot be compared, is out if she says so. */
	f->from = w->known_price;
	set_limits(s, f);
}

struct filter
filter_dearer(const struct search *s, const struct filter *f)
{
	struct filter out = *f;

	out.amount = (int64_t)((double)f->amount * DEARER + 0.5);
	out.want = program_money(s->a, out.amount,
	    f->own_currency ? "" : s->x->tables->currency[f->currency]);
	set_limits(s, &out);
	return out;
}

static void
add_number(struct search *s, enum catalog_part part, const float *column, double low,
    double high, const char *unit)
{
	struct filter *f;

	if (low < 0 && high < 0)
		return;
	f = add(s, part, FILTER_NUMBER,
	    high < 0  ? arena_printf(s->a, "%g%s or more", low, unit)
	    : low < 0 ? arena_printf(s->a, "%g%s or less", high, unit)
		      : arena_printf(s->a, "%g to %g%s", low, high, unit));
	if (f == NULL)
		return;
	f->number = column;
	f->low = low < 0 ? 0 : low;
	f->high = high < 0 ? 1e30 : high;
}

/* --- dates */

struct date {
	int year, month;
};

static struct date
month_of(int32_t day)
{
	char iso[CLOCK_ISO_MAX];
	struct date d = { 1970, 1 };

	clock_format((int64_t)day * 86400000, iso, sizeof(iso));
	(void)sscanf(iso, "%d-%d", &d.year, &d.month);
	return d;
}

static void
set_months(struct filter *f, int year, int month, int n)
{
	int end = month + n;

	f->from = (int32_t)clock_days(year, month, 1);
	f->to = (int32_t)clock_days(year + (end - 1) / 12, (end - 1) % 12 + 1, 1) - 1;
}

/* The next such season, or the rest of the one that it is. */
static bool
set_season(struct filter *f, const char *name, struct date today)
{
	static const struct {
		const char *name;
		int month;
	} seasons[] = { { "spring", 3 }, { "summer", 6 }, { "autumn", 9 },
		{ "winter", 12 } };

	for (size_t i = 0; i < ARRAY_LEN(seasons); i++) {
		int month = seasons[i].month, year = today.year;

		if (strcmp(seasons[i].name, name) != 0)
			continue;
		if (month == 12 && today.month < 3)
			year--;
		else if (month != 12 && today.month > month + 2)
			year++;
		set_months(f, year, month, 3);
		return true;
	}
	return false;
}

/* "+2m": from that day on, for as long as after a day that was named. */
static bool
set_counted(struct filter *f, const char *start, int32_t today)
{
	char iso[CLOCK_ISO_MAX], unit;
	int n, year, month, day;

	if (sscanf(start, "+%3d%c", &n, &unit) != 2)
		return false;
	f->from = today + (unit == 'w' ? n * 7 : n);
	if (unit == 'm') {
		clock_format((int64_t)today * 86400000, iso, sizeof(iso));
		if (sscanf(iso, "%d-%d-%d", &year, &month, &day) != 3)
			return false;
		month += n - 1;
		/* The last days of a month are not in every other one. */
		f->from = (int32_t)clock_days(year + month / 12, month % 12 + 1,
		    day > 28 ? 28 : day);
	}
	f->to = f->from + 31;
	return true;
}

static bool
set_start(struct filter *f, const char *start, int32_t today)
{
	struct date now = month_of(today);
	int year, month, day;

	if (start[0] == '+')
		return set_counted(f, start, today);

	if (strcmp(start, "asap") == 0) {
		f->from = today;
		f->to = today + SOON_DAYS;
	} else if (strcmp(start, "next-month") == 0) {
		set_months(f, now.year + now.month / 12, now.month % 12 + 1, 1);
	} else if (sscanf(start, "--%2d-%2d", &month, &day) == 2 && month >= 1 &&
		   month <= 12) {
		year = month < now.month ? now.year + 1 : now.year;
		f->from = (int32_t)clock_days(year, month, day);
		f->to = f->from + 31;
	} else if (sscanf(start, "--%2d", &month) == 1 && month >= 1 && month <= 12) {
		set_months(f, month < now.month ? now.year + 1 : now.year, month, 1);
	} else if (sscanf(start, "%4d-%2d", &year, &month) == 2 && month >= 1 &&
		   month <= 12) {
		set_months(f, year, month, 1);
	} else {
		return set_season(f, start, now);
	}
	return true;
}

static void
add_start(struct search *s, const char *start)
{
	struct filter f = { .part = CATALOG_START, .kind = FILTER_START }, *new;

	if (start[0] == '\0' || s->q->today == DAY_UNKNOWN ||
	    !set_start(&f, start, s->q->today))
		return;
	new = add(s, CATALOG_START, FILTER_START, start);
	if (new == NULL)
		return;
	new->from = f.from;
	new->to = f.to;
}

/* --- all */

static void
add_flags(struct search *s, const struct wish *w)
{
	uint8_t *t;

	if (w->stackable) {
		t = new_table(s, 256, FITS_NOT);
		t[KNOWN_YES] = FITS;
		add_bytes(s, CATALOG_STACKABLE, s->x->stacks, t, "stackable");
	}
	if (w->accredited) {
		t = new_table(s, 256, FITS_NOT);
		t[QUALITY_ACCREDITED] = FITS;
		add_bytes(s, CATALOG_ACCREDITED, s->x->quality, t, "accredited");
	}
	if (w->deadline_open && s->q->today != DAY_UNKNOWN) {
		struct filter *f = add(s, CATALOG_DEADLINE, FILTER_DEADLINE, "open");

		if (f != NULL)
			f->from = s->q->today;
	}
}

static void
add_more(struct search *s, const struct catalog_more *m)
{
	uint8_t *t;

	if (m->min_rating >= 0) {
		t = new_table(s, 256, FITS_NOT);
		t[0] = FITS_NOT;
		for (int i = 0; i < INDEX_RATING_NONE; i++)
			if (i >= (int)(m->min_rating * INDEX_RATING_UNIT - 0.5))
				t[i] = FITS;
		t[INDEX_RATING_NONE] = FITS_UNKNOWN;
		add_bytes(s, CATALOG_RATING, s->x->rating, t,
		    arena_printf(s->a, "%g or more", m->min_rating));
	}
	if (m->paces != 0) {
		t = new_table(s, 256, FITS_NOT);
		for (unsigned i = 1; i < PACES; i++)
			if (m->paces >> i & 1)
				t[i] = FITS;
		add_bytes(s, CATALOG_PACE, s->x->pace, t, "pace");
	}
	if (m->min_eqf > 0 || m->max_eqf > 0) {
		int high = m->max_eqf > 0 ? m->max_eqf : 8;

		t = new_table(s, 256, FITS_NOT);
		for (int i = m->min_eqf > 0 ? m->min_eqf : 1; i <= high && i <= 8; i++)
			t[i] = FITS;
		add_bytes(s, CATALOG_LEVEL, s->x->eqf, t,
		    arena_printf(s->a, "EQF %d to %d", m->min_eqf, high));
	}
	if (m->start_from != DAY_UNKNOWN || m->start_to != DAY_UNKNOWN) {
		struct filter *f = add(s, CATALOG_START, FILTER_START,
		    arena_printf(s->a, "%s to %s", search_day(s->a, m->start_from),
			search_day(s->a, m->start_to)));

		if (f != NULL) {
			f->from = m->start_from;
			f->to = m->start_to == DAY_UNKNOWN ? DAY_ROLLING - 1
			                                   : m->start_to;
		}
	}
	add_number(s, CATALOG_ECTS, s->x->ects, m->min_ects, m->max_ects, " ECTS");
	add_number(s, CATALOG_HOURS, s->x->hours, m->min_hours, m->max_hours, " h");
}

void
search_read_wishes(struct search *s)
{
	const struct wish *w = s->q->wish;

	add_more(s, &s->q->more);
	if (w == NULL)
		return;
	s->provider_named = w->want[WISH_PROVIDER].n > 0;
	add_start(s, w->start);
	add_price(s, w);
	add_tables(s, w->want, false);
	add_tables(s, w->avoid, true);
	add_fields(s, &w->want[WISH_FIELD], false);
	add_fields(s, &w->avoid[WISH_FIELD], true);
	if (w->max_duration >= 0)
		add_number(s, CATALOG_DURATION, s->x->days, -1,
		    wish_duration_days(w->max_duration, w->duration_unit), " days");
	add_number(s, CATALOG_WEEKLY_HOURS, s->x->weekly, -1, w->max_weekly_hours,
	    " h");
	add_flags(s, w);
}
