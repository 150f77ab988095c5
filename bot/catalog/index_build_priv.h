/*
 * index_build_priv.h - what an index is made of, before it is packed.
 *
 * Two threads each gather every second program of the catalog into a part (index_gather.c);
 * the parts' words are brought together into one dictionary and sorted into terms
 * (index_terms.c); then all is laid out as it stays (index_pack.c, index_columns.c).
 */
#ifndef CREDBOT_CATALOG_INDEX_BUILD_PRIV_H
#define CREDBOT_CATALOG_INDEX_BUILD_PRIV_H

#include <assert.h>

#include "bot/catalog/index_priv.h"
#include "bot/catalog/search_words_priv.h"

#define INDEX_PARTS 2

/* Texts as numbers, in the order they came. Start with zeros. */
struct interner {
	uint32_t *slot; /* number + 1; 0: free */
	size_t cap;     /* a power of two */
	uint64_t *hash; /* by number */
	size_t hash_cap;
	uint32_t *at; /* by number: where the text begins; one more than numbers */
	size_t at_cap;
	size_t n;
	struct buf text;
};

void interner_fini(struct interner *in);
/* is_new may be NULL. */
uint32_t interner_put(struct interner *in, struct str s, bool *is_new);

static inline struct str
interner_text(const struct interner *in, uint32_t i)
{
	assert(i < in->n && in->at != NULL);
	return str_n(in->text.data + in->at[i], in->at[i + 1] - in->at[i]);
}

/* A word of a program: how often, weighted by field and by the field's length, in 64ths. */
struct raw_entry {
	uint32_t surface;
	uint16_t all;
	uint16_t heavy; /* of title, code, skills and provider alone */
};
#define RAW_UNIT 64

/* A surface, as long as the index is built. */
struct raw_surface {
	const struct tables_phrase *phrase; /* that begin with it and tell a field */
	const struct tables_phrase *same;   /* the same, that are synonyms */
	uint32_t entry;                     /* in the program under way */
	uint32_t doc;                       /* which that is */
	int32_t votes;                      /* for lang (Boyer-Moore) */
	uint8_t lang;
	bool stop;
};

struct raw_range {
	uint32_t from, n;
};

struct raw_doc {
	struct raw_range entries, titles, skills, runs;
	uint32_t id, title, place, currency_text; /* into texts of its part */
	uint32_t provider, lang_set, country;     /* interned by its part */
	uint64_t fields, fold, name;
	int64_t price, since;
	double euro; /* cents; below 0: none */
	float days, hours, weekly, ects;
	int32_t last;
	uint16_t prior;
	uint8_t modes, type, eqf, pace, stacks, quality, status, rating, currency;
};

struct share {
	const struct catalog_tables *tables;
	int32_t today;
	struct interner surfaces, providers, lang_sets, countries;
	struct raw_surface *surface;
	size_t surface_cap;
	struct raw_entry *entries;
	size_t n_entries, entries_cap;
	struct raw_doc *docs;
	size_t n_docs, docs_cap;
	uint32_t *titles, *skills;
	size_t n_titles, titles_cap, n_skills, skills_cap;
	struct index_run *runs;
	size_t n_runs, runs_cap;
	struct buf texts;
	struct buf fold; /* scratch */
	uint32_t *words; /* scratch: of one field */
	size_t n_words, words_cap;
};

void share_init(struct share *p, const struct catalog_tables *t, int32_t today);
void share_fini(struct share *p);
/* catalog_fn: takes one program in. */
bool share_take(void *part, const struct program *prog);

/* The facts of a program (index_facts.c): everything in d but its words. */
void share_take_facts(struct share *p, const struct program *prog, struct raw_doc *d);
uint32_t share_add_text(struct share *p, const char *s);

struct build {
	const struct catalog_tables *tables;
	struct share part[INDEX_PARTS];
	int64_t revision;
	/* All programs in their order: part << 31 | number there. */
	uint32_t *order;
	size_t n, live;
	/* All surfaces, sorted; of a part's number the number here. */
	struct interner surfaces;
	uint32_t *surface_of[INDEX_PARTS];
	uint32_t *surface_term; /* INDEX_NONE: a stop word */
	uint32_t *surface_count;
	uint32_t *starts[2];   /* of a surface: with one character, with two */
	struct interner stems; /* a term each, in the order of their numbers */
	uint64_t *start_key;
	size_t n_terms, n_starts;
};

static inline const struct raw_doc *
build_doc(const struct build *b, size_t i, const struct share **part)
{
	*part = &b->part[b->order[i] >> 31];
	return &(*part)->docs[b->order[i] & INT32_MAX];
}

void build_order(struct build *b);
void build_terms(struct build *b);

/* The file under way. */
struct image {
	struct buf out; /* sections behind each other, without the header */
	struct index_header head;
};

void image_add(struct image *im, enum index_section s, const void *data, size_t n);
/* Room for n elements, to be filled before the next call. */
void *image_reserve(struct image *im, enum index_section s, size_t n);

/* The lists of all terms and starts; they need no other section, so that a thread of its own
 * makes them. */
struct lists_made {
	struct index_list *lists;
	uint32_t *docs, *ranks, longs;
	uint8_t *impacts, *maxes;
	uint64_t *bits;
	size_t n, n_docs, n_impacts, n_bits, n_spans;
};

void build_lists(const struct build *b, struct lists_made *out);
/* Frees them. */
void lists_pack(struct lists_made *m, struct image *im);
void build_columns(const struct build *b, struct image *im);
/* The bytes of the file; frees nothing of b. */
void *build_pack(const struct build *b, size_t *size);

#endif
