/*
 * test_catalog_search.c - the search of the catalog against a model that looks at every
 * program: filters, counts, order, what is unknown, what is relaxed.
 */
#include "tests/catalog_model.h"

#ifdef CREDBOT_ARENA_SPLIT
#define SEARCHES 1000 /* each object is a block of its own here */
#else
#define SEARCHES 10000
#endif

/* --- the model */

enum fit { NO, OPEN, YES };

struct ask {
	struct catalog_query q;
	struct wish w;
	char text[80];
	unsigned words, country, mode, lang, type;
	bool unlike; /* the country is ruled out */
	long max;    /* cents of euro; -1 */
	int rating, month, low_eqf, max_hours;
	bool stackable;
};

static enum fit
fits_price(const struct model *m, const struct ask *a)
{
	if (a->max < 0)
		return YES;
	if (m->price < 0)
		return a->w.known_price ? NO : OPEN;
	if (m->price == 0)
		return YES;
	/* The rate of the table; exact in its own currency. */
	return (double)m->price <=
	               (m->dollars ? (double)(long)((double)a->max * 1.157 + 1e-6)
				   : (double)a->max)
	           ? YES
	           : NO;
}

static enum fit
fits_one(const struct model *m, const struct ask *a, enum catalog_part part)
{
	switch (part) {
	case CATALOG_COUNTRY:
		if (a->country == 0)
			return YES;
		if (m->country == 0)
			return OPEN;
		return (m->country == a->country) != a->unlike ? YES : NO;
	case CATALOG_MODE:
		return a->mode == 0         ? YES
		       : m->mode == 0       ? OPEN
		       : m->mode == a->mode ? YES
		                            : NO;
	case CATALOG_LANGUAGE:
		return a->lang == 0         ? YES
		       : m->lang == 0       ? OPEN
		       : m->lang == a->lang ? YES
		                            : NO;
	case CATALOG_TYPE:
		return a->type == 0         ? YES
		       : m->type == 0       ? OPEN
		       : m->type == a->type ? YES
		                            : NO;
	case CATALOG_LEVEL:
		return a->low_eqf == 0        ? YES
		       : m->eqf == 0          ? OPEN
		       : m->eqf >= a->low_eqf ? YES
		                              : NO;
	case CATALOG_PRICE:
		return fits_price(m, a);
	case CATALOG_HOURS:
		return a->max_hours < 0           ? YES
		       : m->hours < 0             ? OPEN
		       : m->hours <= a->max_hours ? YES
		                                  : NO;
	case CATALOG_RATING:
		return a->rating < 0                 ? YES
		       : m->rating < 0               ? OPEN
		       : m->rating >= 10 * a->rating ? YES
		                                     : NO;
	case CATALOG_START:
		return a->month == 0                ? YES
		       : m->start_month == 0        ? OPEN
		       : m->start_month == a->month ? YES
		                                    : NO;
	case CATALOG_STACKABLE:
		return !a->stackable         ? YES
		       : !m->stackable_known ? OPEN
		       : m->stackable        ? YES
		                             : NO;
	default:
		return YES;
	}
}

static enum fit
fits(const struct model *m, const struct ask *a)
{
	enum fit all = YES;

	for (int p = 0; p < CATALOG_PARTS; p++) {
		enum fit one = fits_one(m, a, (enum catalog_part)p);

		all = one < all ? one : all;
	}
	return all;
}

static void
random_ask(struct ask *a)
{
	static const char *const mode_ids[] = { "", "online", "in-person", "hybrid" };
	static const char *const type_ids[] = { "", "digital-badge", "short-course",
		"diploma" };
	static const char *const country_ids[] = { "", "de", "gb", "us", "fr" };

	memset(a, 0, sizeof(*a));
	catalog_query_init(&a->q, today);
	wish_init(&a->w);
	for (unsigned i = dice(3); i > 0; i--) {
		unsigned w = dice(ARRAY_LEN(words));

		a->words |= 1U << w;
		(void)snprintf(a->text + strlen(a->text),
		    sizeof(a->text) - strlen(a->text), "%s ", words[w]);
	}
	if (dice(4) == 0 && (a->country = 1 + dice(4)) > 0) {
		a->unlike = dice(4) == 0;
		(void)wish_values_add(a->unlike ? &a->w.avoid[WISH_DESTINATION]
						: &a->w.want[WISH_DESTINATION],
		    country_ids[a->country]);
	}
	if (dice(4) == 0 && (a->mode = 1 + dice(3)) > 0)
		(void)wish_values_add(&a->w.want[WISH_MODE], mode_ids[a->mode]);
	if (dice(5) == 0 && (a->lang = 1 + dice(2)) > 0)
		(void)wish_values_add(&a->w.want[WISH_LANGUAGE], langs[a->lang]);
	if (dice(5) == 0 && (a->type = 1 + dice(3)) > 0)
		(void)wish_values_add(&a->w.want[WISH_TYPE], type_ids[a->type]);
	a->max = dice(3) == 0 ? (long)dice(2000) * 100 : -1;
	a->w.max_cost = a->max;
	(void)snprintf(a->w.currency, sizeof(a->w.currency), "EUR");
	a->w.known_price = dice(6) == 0 && a->max >= 0;
	a->rating = dice(5) == 0 ? (int)dice(6) : -1;
	a->q.more.min_rating = (double)a->rating;
	a->month = dice(5) == 0 ? 1 + (int)dice(12) : 0;
	if (a->month > 0)
		/* From 25 November on so many months, and a month from there, is the 11th of
		 * one month of 2027. */
		(void)snprintf(a->w.start, sizeof(a->w.start),
		    dice(2) == 0 ? "2027-%02d" : "+%dm", a->month);
	a->low_eqf = dice(6) == 0 ? 1 + (int)dice(8) : 0;
	a->q.more.min_eqf = a->low_eqf;
	a->max_hours = dice(6) == 0 ? (int)dice(300) : -1;
	a->q.more.max_hours = (double)a->max_hours;
	a->stackable = a->w.stackable = dice(8) == 0;
	a->q.text = str_of(a->text);
	a->q.wish = &a->w;
	a->q.facets = CATALOG_ALL_FACETS;
	a->q.order = (enum catalog_order)dice(CATALOG_ORDERS);
	a->q.currency = "EUR";
}

static const struct model *
model_of(const char *id)
{
	return &model[strtoul(id + 1, NULL, 10)];
}

static bool
has_part(const struct catalog_notes *v, enum catalog_part part)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->at[i].part == part)
			return true;
	return false;
}

static bool
is_relaxed(const struct catalog_answer *r, enum catalog_part part)
{
	for (size_t i = 0; i < r->n_relaxed; i++)
		if (r->relaxed[i].part == part)
			return true;
	return false;
}

/* C3, C6: no hit breaks a wish that is not named, and each says what it breaks. */
static bool
hit_is_right(const struct catalog_hit *h, const struct ask *a,
    const struct catalog_answer *r)
{
	const struct model *m = model_of(h->id);
	bool good = true;

	for (int i = CATALOG_FIELD; i < CATALOG_PARTS; i++) {
		enum catalog_part p = (enum catalog_part)i;
		enum fit f = fits_one(m, a, p);

		good = good && (f == NO) == has_part(&h->misses, p) &&
		       (f == OPEN) == has_part(&h->unknown, p) &&
		       (f != NO || is_relaxed(r, p));
	}
	/* A quarter more is the most that a price may be beyond the wish. */
	if (a->max > 0 && m->price > 0)
		good = good && (double)m->price <=
		                   1.25 * (double)a->max * (m->dollars ? 1.157 : 1) + 1;
	return good;
}

static size_t
facet_of(const struct catalog_answer *r, enum catalog_facet_id f, const char *value)
{
	for (size_t i = 0; i < r->facets[f].n; i++)
		if (strcmp(r->facets[f].at[i].value, value) == 0)
			return r->facets[f].at[i].n;
	return 0;
}

struct counted {
	size_t sure, total, with_words;
	size_t country[5], mode[4], lang[3], type[4], eqf[9];
};

static struct counted
count_all(const struct ask *a)
{
	struct counted c = { 0 };

	for (size_t i = 0; i < PROGRAMS; i++) {
		const struct model *m = &model[i];
		enum fit f = fits(m, a);

		if ((m->words & a->words) != a->words)
			continue;
		c.with_words++;
		if (f == NO)
			continue;
		c.total++;
		c.sure += f == YES;
		c.country[m->country]++;
		c.mode[m->mode]++;
		c.lang[m->lang]++;
		c.type[m->type]++;
		c.eqf[m->eqf]++;
	}
	return c;
}

static bool
facets_are_right(const struct catalog_answer *r, const struct counted *c)
{
	static const char *const levels[] = { "", "1", "2", "3", "4", "5", "6", "7",
		"8" };
	bool good = true;

	for (size_t i = 0; i < ARRAY_LEN(countries); i++)
		good = good &&
		       facet_of(r, CATALOG_BY_COUNTRY, countries[i]) == c->country[i];
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		good = good && facet_of(r, CATALOG_BY_MODE, modes[i]) == c->mode[i];
	for (size_t i = 0; i < ARRAY_LEN(langs); i++)
		good = good && facet_of(r, CATALOG_BY_LANGUAGE, langs[i]) == c->lang[i];
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		good = good && facet_of(r, CATALOG_BY_TYPE, types[i]) == c->type[i];
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		good = good && facet_of(r, CATALOG_BY_LEVEL, levels[i]) == c->eqf[i];
	return good;
}

/* B4: no count rises when a wish is added. */
static bool
none_rises(const struct catalog_answer *before, const struct catalog_answer *after)
{
	if (after->total > before->total)
		return false;
	for (int f = 0; f < CATALOG_FACETS; f++)
		for (size_t i = 0; i < after->facets[f].n; i++)
			if (after->facets[f].at[i].n >
			    facet_of(before, (enum catalog_facet_id)f,
				after->facets[f].at[i].value))
				return false;
	return true;
}

/* Sure hits, then open ones: "after, marked". */
static bool
unknown_comes_last(const struct catalog_answer *r)
{
	bool open = false;

	for (size_t i = 0; i < r->n; i++) {
		if (has_part(&r->hits[i].misses, CATALOG_WORDS))
			break; /* behind all that have the words */
		if (r->hits[i].unknown.n > 0)
			open = true;
		else if (open)
			return false;
	}
	return true;
}

/* C5: the first ten are mixed, unless others were not to be had. */
static bool
providers_are_mixed(const struct catalog_answer *r)
{
	size_t most = 0;

	for (size_t i = 0; i < r->n; i++) {
		size_t n = 0;

		for (size_t j = 0; j < r->n; j++)
			n += strcmp(r->hits[i].provider, r->hits[j].provider) == 0;
		most = n > most ? n : most;
	}
	return most <= 2 || r->sure < 120;
}

/* CAT-C3 to CAT-C6: ten thousand searches, held against the model. */
static void
test_random(void)
{
	struct arena *a = arena_new();

	for (int i = 0; i < SEARCHES; i++) {
		struct catalog_answer r, less;
		struct counted c;
		struct ask ask;

		random_ask(&ask);
		c = count_all(&ask);
		catalog_search(index_, a, &ask.q, &r);
		if (c.with_words > 0) {
			T_INT(r.total, c.total, "%d \"%s\": total", i, ask.text);
			T_INT(r.sure, c.sure, "%d \"%s\": sure", i, ask.text);
			T_CHECK(facets_are_right(&r, &c), "%d: facets", i);
		}
		T_CHECK(c.total == 0 || r.n > 0, "%d: hits when there are some", i);
		for (size_t j = 0; j < r.n; j++)
			T_CHECK(hit_is_right(&r.hits[j], &ask, &r),
			    "%d \"%s\": hit %zu %s", i, ask.text, j, r.hits[j].id);
		T_CHECK(unknown_comes_last(&r), "%d: unknown before known", i);
		T_CHECK(providers_are_mixed(&r), "%d: one provider", i);
		/* One wish more. */
		ask.w.accredited = true;
		catalog_search(index_, a, &ask.q, &less);
		T_CHECK(none_rises(&r, &less), "%d: a count rises", i);
		arena_reset(a);
		if (t_failed > 20)
			break;
	}
	arena_free(a);
}

/* CAT-C6: what is named as the way out is one. */
static void
test_ways(void)
{
	struct arena *a = arena_new();
	size_t seen = 0;

	for (int i = 0; i < SEARCHES / 4; i++) {
		struct catalog_answer r;
		struct ask ask;

		random_ask(&ask);
		ask.low_eqf = ask.q.more.min_eqf = 8;
		ask.type = ask.type == 0 ? 1 : ask.type;
		catalog_search(index_, a, &ask.q, &r);
		if (r.total == 0 && r.n_relaxed > 0) {
			seen++;
			T_CHECK(r.n > 0, "%d: relaxed, and yet nothing", i);
			T_CHECK(!is_relaxed(&r, CATALOG_LANGUAGE) &&
				    !is_relaxed(&r, CATALOG_LEVEL),
			    "%d: language or level was relaxed", i);
		}
		for (size_t j = 0; j < r.n_ways; j++)
			T_CHECK(r.ways[j].count > 0, "%d: a way to nothing", i);
		arena_reset(a);
	}
	T_CHECK(seen > 0, "relaxing was tried");
	arena_free(a);
}

/* CAT-C5: pages follow each other without gap or doubles; the same again is the same. */
static void
test_pages(void)
{
	struct arena *a = arena_new();
	struct catalog_answer all, page;
	struct catalog_query q;
	size_t n = 0;

	catalog_query_init(&q, today);
	q.text = STR("zarbok");
	q.limit = 40;
	catalog_search(index_, a, &q, &all);
	T_INT(all.n, 40, "one page of forty");
	q.limit = 8;
	for (q.skip = 0; q.skip < 40; q.skip += 8) {
		catalog_search(index_, a, &q, &page);
		for (size_t i = 0; i < page.n; i++, n++)
			T_STR(page.hits[i].id, all.hits[n].id, "place %zu", n);
	}
	T_INT(n, 40, "five of eight");
	q.skip = 0;
	q.exclude = &all.hits[0].id;
	q.n_exclude = 1;
	catalog_search(index_, a, &q, &page);
	for (size_t i = 0; i < page.n; i++)
		T_CHECK(strcmp(page.hits[i].id, all.hits[0].id) != 0, "excluded");
	arena_free(a);
}

int
main(void)
{
	log_set_level(LOG_ERROR);
	if (set_up()) {
		T_RUN(test_random);
		T_RUN(test_ways);
		T_RUN(test_pages);
	}
	tear_down();
	return t_end();
}
