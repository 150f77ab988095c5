/*
 * index_columns.c - the facts of all programs as columns, and the texts that answers show.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/index_build_priv.h"
#include "credbot/base/alloc.h"

struct columns {
	const struct build *b;
	struct image *im;
	struct buf text;
	/* Of a part's number the number in the file. */
	struct interner providers, lang_sets, countries;
	uint32_t *provider[INDEX_PARTS], *lang_set[INDEX_PARTS], *country[INDEX_PARTS];
};

static uint32_t *
join(struct interner *all, const struct interner *in, size_t max)
{
	uint32_t *of = xcalloc(in->n + 1, sizeof(*of));

	for (uint32_t i = 0; i < in->n; i++) {
		of[i] = interner_put(all, interner_text(in, i), NULL);
		if (of[i] >= max)
			of[i] = 0; /* too many of them: unknown */
	}
	return of;
}

static uint8_t
bands_of(const struct raw_doc *d)
{
	static const double prices[] = { 0, 10000, 50000, 200000 };
	static const float hours[] = { 10, 40, 200 };
	unsigned price = 0, length = 0;

	if (d->euro >= 0)
		for (price = 1; price <= 4 && d->euro > prices[price - 1];)
			price++;
	if (d->hours >= 0)
		for (length = 1; length <= 3 && d->hours > hours[length - 1];)
			length++;
	return (uint8_t)(price | length << 4);
}

static uint32_t
cents_of(const struct raw_doc *d)
{
	if (d->euro < 0)
		return INDEX_PRICE_NONE;
	return d->euro >= (double)(INDEX_PRICE_NONE - 1) ? INDEX_PRICE_NONE - 1
	                                                 : (uint32_t)(d->euro + 0.5);
}

/* Facts that stand in the file as they were gathered. */
static const struct {
	enum index_section section;
	size_t at, size;
} plain[] = {
	{ IX_PRIOR, offsetof(struct raw_doc, prior), sizeof(uint16_t) },
	{ IX_MODES, offsetof(struct raw_doc, modes), sizeof(uint8_t) },
	{ IX_TYPE, offsetof(struct raw_doc, type), sizeof(uint8_t) },
	{ IX_EQF, offsetof(struct raw_doc, eqf), sizeof(uint8_t) },
	{ IX_PACE, offsetof(struct raw_doc, pace), sizeof(uint8_t) },
	{ IX_STACKS, offsetof(struct raw_doc, stacks), sizeof(uint8_t) },
	{ IX_QUALITY, offsetof(struct raw_doc, quality), sizeof(uint8_t) },
	{ IX_STATUS, offsetof(struct raw_doc, status), sizeof(uint8_t) },
	{ IX_RATING, offsetof(struct raw_doc, rating), sizeof(uint8_t) },
	{ IX_CURRENCY, offsetof(struct raw_doc, currency), sizeof(uint8_t) },
	{ IX_FIELDS, offsetof(struct raw_doc, fields), sizeof(uint64_t) },
	{ IX_PRICE, offsetof(struct raw_doc, price), sizeof(int64_t) },
	{ IX_DAYS, offsetof(struct raw_doc, days), sizeof(float) },
	{ IX_HOURS, offsetof(struct raw_doc, hours), sizeof(float) },
	{ IX_WEEKLY, offsetof(struct raw_doc, weekly), sizeof(float) },
	{ IX_ECTS, offsetof(struct raw_doc, ects), sizeof(float) },
	{ IX_LAST, offsetof(struct raw_doc, last), sizeof(int32_t) },
	{ IX_SINCE, offsetof(struct raw_doc, since), sizeof(int64_t) },
	{ IX_FOLD, offsetof(struct raw_doc, fold), sizeof(uint64_t) },
};

static void
pack_plain(const struct columns *c)
{
	const struct share *p;

	for (size_t j = 0; j < ARRAY_LEN(plain); j++) {
		char *out = image_reserve(c->im, plain[j].section, c->b->n);

		for (size_t i = 0; i < c->b->n; i++)
			memcpy(out + i * plain[j].size,
			    (const char *)build_doc(c->b, i, &p) + plain[j].at,
			    plain[j].size);
	}
}

/* What is a number of its part until now. */
static void
pack_joined(const struct columns *c)
{
	const struct share *p;
	uint32_t *provider;
	uint16_t *langs;
	uint8_t *country = image_reserve(c->im, IX_COUNTRY, c->b->n);

	for (size_t i = 0; i < c->b->n; i++) {
		const struct raw_doc *d = build_doc(c->b, i, &p);

		country[i] = (uint8_t)c->country[p - c->b->part][d->country];
	}
	langs = image_reserve(c->im, IX_LANGS, c->b->n);
	for (size_t i = 0; i < c->b->n; i++) {
		const struct raw_doc *d = build_doc(c->b, i, &p);

		langs[i] = (uint16_t)c->lang_set[p - c->b->part][d->lang_set];
	}
	provider = image_reserve(c->im, IX_PROVIDER, c->b->n);
	for (size_t i = 0; i < c->b->n; i++) {
		const struct raw_doc *d = build_doc(c->b, i, &p);

		provider[i] = c->provider[p - c->b->part][d->provider];
	}
}

static void
pack_derived(const struct columns *c)
{
	const struct share *p;
	uint8_t *bands = image_reserve(c->im, IX_BANDS, c->b->n);
	uint32_t *cents;

	for (size_t i = 0; i < c->b->n; i++)
		bands[i] = bands_of(build_doc(c->b, i, &p));
	cents = image_reserve(c->im, IX_EURO, c->b->n);
	c->im->head.first_last = DAY_ROLLING;
	c->im->head.oldest = INT64_MAX;
	for (size_t i = 0; i < c->b->n; i++) {
		const struct raw_doc *d = build_doc(c->b, i, &p);

		cents[i] = cents_of(d);
		if (d->last < c->im->head.first_last)
			c->im->head.first_last = d->last;
		if (i < c->b->live && d->since < c->im->head.oldest)
			c->im->head.oldest = d->since;
	}
}

static void
pack_runs(const struct columns *c)
{
	uint32_t *at = image_reserve(c->im, IX_RUN_AT, c->b->n + 1), n = 0;
	const struct share *p;
	struct index_run *out;

	for (size_t i = 0; i < c->b->n; i++) {
		at[i] = n;
		n += build_doc(c->b, i, &p)->runs.n;
	}
	at[c->b->n] = n;
	out = image_reserve(c->im, IX_RUNS, n);
	for (size_t i = 0; i < c->b->n; i++) {
		const struct raw_doc *d = build_doc(c->b, i, &p);

		for (uint32_t j = 0; j < d->runs.n; j++)
			*out++ = p->runs[d->runs.from + j];
	}
}

static uint32_t
add_text(struct columns *c, const struct share *p, uint32_t at)
{
	const char *s = p->texts.data + at;
	uint32_t out = (uint32_t)c->text.len;

	if (s[0] == '\0')
		return 0;
	buf_add(&c->text, s, strlen(s) + 1);
	return out;
}

static void
pack_cards(struct columns *c)
{
	struct index_card *out = image_reserve(c->im, IX_CARD, c->b->n);
	const struct share *p;

	for (size_t i = 0; i < c->b->n; i++) {
		const struct raw_doc *d = build_doc(c->b, i, &p);

		out[i] = (struct index_card){ add_text(c, p, d->id),
			add_text(c, p, d->title), add_text(c, p, d->place),
			add_text(c, p, d->currency_text) };
	}
}

/* Texts of an interner as places in the text section. */
static void
pack_texts(struct columns *c, enum index_section s, const struct interner *in)
{
	uint32_t *out = image_reserve(c->im, s, in->n);

	for (uint32_t i = 0; i < in->n; i++) {
		struct str text = interner_text(in, i);

		out[i] = text.len == 0 ? 0 : (uint32_t)c->text.len;
		if (text.len > 0) {
			buf_addstr(&c->text, text);
			buf_addc(&c->text, '\0');
		}
	}
}

static void
pack_countries(const struct columns *c)
{
	size_t n = c->countries.n < INDEX_COUNTRIES_MAX ? c->countries.n
	                                                : INDEX_COUNTRIES_MAX;
	char(*out)[4] = image_reserve(c->im, IX_COUNTRIES, n);

	for (uint32_t i = 0; i < n; i++) {
		struct str s = interner_text(&c->countries, i);

		memcpy(out[i], s.p, s.len < 3 ? s.len : 3);
	}
}

void
build_columns(const struct build *b, struct image *im)
{
	struct columns c = { .b = b, .im = im };

	buf_addc(&c.text, '\0');
	for (size_t i = 0; i < INDEX_PARTS; i++) {
		c.provider[i] = join(&c.providers, &b->part[i].providers, UINT32_MAX);
		c.lang_set[i] = join(&c.lang_sets, &b->part[i].lang_sets, UINT16_MAX);
		c.country[i] = join(&c.countries, &b->part[i].countries,
		    INDEX_COUNTRIES_MAX);
	}
	pack_plain(&c);
	pack_joined(&c);
	pack_derived(&c);
	pack_runs(&c);
	pack_cards(&c);
	pack_countries(&c);
	pack_texts(&c, IX_LANG_SETS, &c.lang_sets);
	pack_texts(&c, IX_PROVIDERS, &c.providers);
	image_add(im, IX_TEXT, c.text.data, c.text.len);
	for (size_t i = 0; i < INDEX_PARTS; i++) {
		free(c.provider[i]);
		free(c.lang_set[i]);
		free(c.country[i]);
	}
	interner_fini(&c.providers);
	interner_fini(&c.lang_sets);
	interner_fini(&c.countries);
	buf_fini(&c.text);
}
