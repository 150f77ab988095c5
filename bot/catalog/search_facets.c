/*
 * search_facets.c - how many programs of each kind, and which question would help most.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/search_priv.h"
#include "credbot/catalog/program_facts.h"

/* Fewer programs can be shown at once. */
#define WORTH_ASKING 4
/* Bits of information that a question must bring on average. */
#define GAIN_MIN 0.3
/* A student has five answers in view; more are work to read. */
#define EASY_ANSWERS 5

static const char *const price_bands[] = { "", "free", "0-100", "100-500", "500-2000",
	"2000-" };
static const char *const length_bands[] = { "", "0-10", "10-40", "40-200", "200-" };

/* Of the facets that are columns of bytes. */
static const uint8_t *
column_of(const struct catalog_index *x, enum catalog_facet_id f)
{
	switch (f) {
	case CATALOG_BY_COUNTRY:
		return x->country;
	case CATALOG_BY_MODE:
		return x->modes;
	case CATALOG_BY_TYPE:
		return x->type;
	case CATALOG_BY_LEVEL:
		return x->eqf;
	case CATALOG_BY_PRICE:
	case CATALOG_BY_LENGTH:
		return x->bands;
	case CATALOG_BY_FIELD:
	case CATALOG_BY_LANGUAGE:
	case CATALOG_FACETS:
		break;
	}
	return NULL;
}

static void
add(struct catalog_facet *f, const char *value, size_t n)
{
	if (n > 0)
		f->at[f->n++] = (struct catalog_count){ value, n };
}

/* A set as numbers, so that its bits are taken apart once for all facets. */
struct members {
	uint32_t *doc;
	size_t n;
};

static struct members
members_of(const struct search *s, const uint64_t *set)
{
	struct members m = {
		arena_alloc(s->a, (set_count(s, set) + 1) * sizeof(*m.doc)), 0
	};
	uint32_t doc;

	for (size_t w = 0; w < s->x->words; w++)
		EACH_BIT(set, w, doc)
	m.doc[m.n++] = doc;
	return m;
}

/* How many have each value of a column. Four tables in turn, since neighbours are often
 * alike, and one counter cannot be raised twice in a row as fast. */
static void
count_bytes(const struct members *m, const uint8_t *column, uint32_t *n)
{
	uint32_t part[4][256] = { { 0 } };
	size_t i = 0;

	for (; i + 4 <= m->n; i += 4)
		for (size_t k = 0; k < 4; k++)
			part[k][column[m->doc[i + k]]]++;
	for (; i < m->n; i++)
		part[0][column[m->doc[i]]]++;
	for (i = 0; i < 256; i++)
		n[i] = part[0][i] + part[1][i] + part[2][i] + part[3][i];
}

static void
name_modes(struct catalog_facet *f, const uint32_t *n)
{
	for (unsigned bit = 1; bit < 16; bit <<= 1) {
		size_t sum = 0;

		for (unsigned i = 0; i < 16; i++)
			sum += i & bit ? n[i] : 0;
		add(f, program_mode_name(bit), sum);
	}
	add(f, "", n[0]);
}

static void
name_bands(struct catalog_facet *f, const uint32_t *n, bool price)
{
	uint32_t sum[16] = { 0 };

	for (unsigned i = 0; i < 256; i++)
		sum[price ? i & 15 : i >> 4] += n[i];
	for (size_t i = 0;
	     i < (price ? ARRAY_LEN(price_bands) : ARRAY_LEN(length_bands)); i++)
		add(f, price ? price_bands[i] : length_bands[i], sum[i]);
}

static void
name_bytes(const struct search *s, enum catalog_facet_id id, struct catalog_facet *f,
    const uint32_t *n)
{
	static const char *const levels[] = { "", "1", "2", "3", "4", "5", "6", "7",
		"8" };

	if (id == CATALOG_BY_MODE)
		name_modes(f, n);
	else if (id == CATALOG_BY_PRICE || id == CATALOG_BY_LENGTH)
		name_bands(f, n, id == CATALOG_BY_PRICE);
	else if (id == CATALOG_BY_COUNTRY)
		for (size_t i = 0; i < s->x->n_countries; i++)
			add(f, s->x->countries[i], n[i]);
	else if (id == CATALOG_BY_TYPE)
		for (int i = 0; i < PROGRAM_TYPES; i++)
			add(f, program_type_name((enum program_type)i), n[i]);
	else
		for (size_t i = 0; i < ARRAY_LEN(levels); i++)
			add(f, levels[i], n[i]);
}

/* A program of two fields counts for both, and so do two languages. */
static void
count_fields(const struct search *s, const struct members *m, struct catalog_facet *f)
{
	const struct catalog_tables *t = s->x->tables;
	uint32_t n[TABLES_FIELDS_MAX + 1] = { 0 };

	for (size_t i = 0; i < m->n; i++) {
		uint64_t bits = s->x->fields[m->doc[i]] & t->top_bits;

		n[TABLES_FIELDS_MAX] += bits == 0;
		for (; bits != 0; bits &= bits - 1)
			n[__builtin_ctzll(bits)]++;
	}
	for (size_t i = 0; i < t->n_fields; i++)
		add(f, t->field[i].id, n[i]);
	add(f, "", n[TABLES_FIELDS_MAX]);
}

static void
add_lang(const struct search *s, struct catalog_facet *f, struct str lang, size_t n)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_is(lang, f->at[i].value)) {
			f->at[i].n += n;
			return;
		}
	add(f, arena_cstr(s->a, lang), n);
}

static void
count_langs(const struct search *s, const struct members *m, struct catalog_facet *f)
{
	uint32_t *n = arena_zalloc(s->a, s->x->n_lang_sets + 1, sizeof(*n));

	for (size_t i = 0; i < m->n; i++)
		n[s->x->langs[m->doc[i]]]++;
	for (size_t i = 0; i < s->x->n_lang_sets; i++) {
		struct str rest = str_of(s->x->text + s->x->lang_sets[i]);

		if (n[i] == 0)
			continue;
		if (rest.len == 0)
			add(f, "", n[i]);
		else
			while (rest.p != NULL)
				add_lang(s, f, str_cut(&rest, ' '), n[i]);
	}
}

static int
most_first(const void *a, const void *b)
{
	const struct catalog_count *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return strcmp(x->value, y->value);
}

/* How many values a facet may have at most. */
static size_t
room(const struct search *s, enum catalog_facet_id id)
{
	size_t n = 0;

	if (id != CATALOG_BY_LANGUAGE)
		return 256;
	/* Every language of every set is a word of its text. */
	for (size_t i = 0; i < s->x->n_lang_sets; i++)
		n += strlen(s->x->text + s->x->lang_sets[i]) / 2 + 1;
	return n;
}

/* --- the question */

static enum catalog_part
part_of(enum catalog_facet_id f)
{
	static const enum catalog_part parts[] = {
		[CATALOG_BY_FIELD] = CATALOG_FIELD,
		[CATALOG_BY_COUNTRY] = CATALOG_COUNTRY,
		[CATALOG_BY_MODE] = CATALOG_MODE,
		[CATALOG_BY_LANGUAGE] = CATALOG_LANGUAGE,
		[CATALOG_BY_TYPE] = CATALOG_TYPE,
		[CATALOG_BY_LEVEL] = CATALOG_LEVEL,
		[CATALOG_BY_PRICE] = CATALOG_PRICE,
		[CATALOG_BY_LENGTH] = CATALOG_HOURS,
	};

	return parts[f];
}

static bool
is_wished(const struct search *s, enum catalog_part part)
{
	for (size_t i = 0; i < s->n_filters; i++)
		if (s->filters[i].part == part)
			return true;
	return false;
}

/* The entropy of the answers, in bits; what is unknown answers nothing, and what lies beyond
 * the answers that are easy to read counts as one. */
static double
gain_of(const struct catalog_facet *f, size_t total)
{
	double known = 0, all = 0, rest = 0, gain = 0;
	size_t shown = 0;

	for (size_t i = 0; i < f->n; i++) {
		all += (double)f->at[i].n;
		known += f->at[i].value[0] == '\0' ? 0 : (double)f->at[i].n;
	}
	if (known <= 0 || total < WORTH_ASKING)
		return 0;
	for (size_t i = 0; i < f->n; i++) {
		double p = (double)f->at[i].n / known;

		if (f->at[i].value[0] == '\0')
			continue;
		if (shown++ < EASY_ANSWERS)
			gain -= p * log2(p);
		else
			rest += p;
	}
	if (rest > 0)
		gain -= rest * log2(rest);
	return gain * known / all;
}

static enum catalog_facet_id
best_question(const struct search *s)
{
	enum catalog_facet_id best = CATALOG_FACETS;
	double most = GAIN_MIN;

	for (int i = 0; i < CATALOG_FACETS; i++) {
		double gain = gain_of(&s->out->facets[i], s->out->total);

		if (gain > most && !is_wished(s, part_of((enum catalog_facet_id)i))) {
			most = gain;
			best = (enum catalog_facet_id)i;
		}
	}
	return best;
}

void
search_facets(struct search *s, const uint64_t *set)
{
	const struct members m = members_of(s, set);
	uint32_t n[256];
	const uint8_t *counted = NULL;

	for (int i = 0; i < CATALOG_FACETS; i++) {
		enum catalog_facet_id id = (enum catalog_facet_id)i;
		struct catalog_facet *f = &s->out->facets[i];
		const uint8_t *column = column_of(s->x, id);

		if ((s->q->facets >> i & 1) == 0)
			continue;
		f->at = arena_alloc(s->a, room(s, id) * sizeof(*f->at));
		if (column != NULL && column != counted)
			count_bytes(&m, column, n);
		counted = column != NULL ? column : counted;
		if (column != NULL)
			name_bytes(s, id, f, n);
		else if (id == CATALOG_BY_FIELD)
			count_fields(s, &m, f);
		else
			count_langs(s, &m, f);
		qsort(f->at, f->n, sizeof(*f->at), most_first);
	}
	s->out->question = best_question(s);
}
