/*
 * search_priv.h - one search, as its steps pass it on.
 *
 * search_text.c and search_repair.c read the words; search_views.c makes a list of programs of each;
 * search_wishes.c turns wishes into filters, search_filter.c applies them; search_rank.c picks
 * the best; search_hits.c says why; search_facets.c counts; search_relax.c gives wishes up.
 * Sets of programs are bitmaps. Everything lives in the arena of the search.
 */
#ifndef CREDBOT_CATALOG_SEARCH_PRIV_H
#define CREDBOT_CATALOG_SEARCH_PRIV_H

#include "bot/catalog/index_priv.h"
#include "bot/catalog/search_words_priv.h"

#define SEARCH_FILTERS_MAX 32

/* Programs with a word: a list of the index, or one that was made for this search. */
enum view_kind { VIEW_SHORT, VIEW_LONG, VIEW_DENSE };

struct view {
	enum view_kind kind;
	uint32_t count;
	uint8_t max;
	const uint32_t *docs;  /* short */
	const uint64_t *bits;  /* long and dense; of a short one when it was needed */
	const uint32_t *ranks; /* long */
	const uint8_t *maxes;  /* by span */
	const uint8_t
	    *impacts; /* short and long: in the order of docs; dense: by doc */
};

/* What stands for one word that was typed, or for several that mean one thing. */
struct slot {
	struct str typed;
	struct view view;
	float weight; /* how rare it is */
	bool needed;  /* false: only adds to the score */
	bool weak;    /* of the weak words: finds nothing by itself */
	uint32_t exact
	    [6]; /* surfaces as typed, for the order of words; INDEX_NONE: no such */
	size_t n_exact;
	bool quoted; /* its words must stand side by side */
};

enum fits { FITS_NOT, FITS_UNKNOWN, FITS };

enum filter_kind {
	FILTER_BYTE,  /* column of bytes through a table */
	FILTER_LANGS, /* the same by set of languages */
	FILTER_PROVIDER,
	FILTER_FIELDS,
	FILTER_NO_FIELDS,
	FILTER_PRICE,
	FILTER_NUMBER,
	FILTER_START,
	FILTER_DEADLINE
};

struct filter {
	enum catalog_part part;
	enum filter_kind kind;
	const char *want;
	const uint8_t *column; /* byte */
	const uint8_t *table;  /* byte, langs, provider: enum fits of each value */
	uint64_t bits;         /* fields */
	const float *number;
	double low, high; /* number */
	int64_t *limit;   /* price: by currency; INT64_MIN: cannot be compared */
	bool own_currency;
	int32_t from, to;
	int64_t amount; /* price: as wished, in currency */
	size_t currency;
};

struct ranked {
	float score;
	uint32_t doc;
};

struct search {
	const struct catalog_index *x;
	struct arena *a;
	const struct catalog_query *q;
	struct catalog_answer *out;
	struct slot *slots;
	size_t n_slots;
	bool has_text;    /* something to search for was typed */
	uint64_t name;    /* hash of all that was typed */
	struct buf *fold; /* scratch for folded text: one for the whole search */
	uint32_t
	    *typed; /* surfaces as typed, with stop words, repaired ones as repaired */
	bool *typed_weak; /* those that a title need not have */
	size_t n_typed;
	struct filter filters[SEARCH_FILTERS_MAX];
	size_t n_filters;
	uint64_t *words;  /* programs that match the words and are not over */
	uint64_t *others; /* that match some of them; NULL */
	bool *missing;    /* by slot: not needed by words, since nothing has them all */
	bool provider_named;
};

/* search_text.c: slots, corrections, words that are not found. */
void search_read_text(struct search *s);

/* search_spell.c: the nearest words, best first; how many. */
struct spelling {
	uint32_t surface;
	unsigned distance;
	float worth;
};
size_t search_spell(const struct catalog_index *x, struct str word,
    struct spelling *out, size_t max);

/* search_views.c */
struct view view_of_list(const struct search *s, const struct index_list *l);
struct view view_of_term(const struct search *s, uint32_t term);
struct part_view {
	struct view view;
	float worth; /* of its impacts: 0 to 1 */
};
struct view view_any(const struct search *s, const struct part_view *v, size_t n);
struct view view_all(const struct search *s, const struct view *v, size_t n);
/* Of those in v the programs that have the surfaces side by side. */
struct view view_phrase(const struct search *s, struct view v, const uint32_t *surfaces,
    size_t n);
void view_need_bits(const struct search *s, struct view *v);
bool view_has(const struct view *v, uint32_t doc);

/* Bitmaps of all programs. */
uint64_t *set_new(const struct search *s);
uint64_t *set_copy(const struct search *s, const uint64_t *from);
size_t set_count(const struct search *s, const uint64_t *set);
void set_and(const struct search *s, uint64_t *set, const uint64_t *with);

/* search_wishes.c: the filters of a query, in the order in which they are given up. */
void search_read_wishes(struct search *s);
/* The same price wish, higher by a quarter. */
struct filter filter_dearer(const struct search *s, const struct filter *f);

/* search_filter.c. Takes out of sure and unsure what does not fit, moves what is unknown from
 * the one to the other. */
void filter_apply(const struct search *s, const struct filter *f, uint64_t *sure,
    uint64_t *unsure);
enum fits filter_check(const struct catalog_index *x, const struct filter *f,
    uint32_t doc);

/* search_match.c: words and others. */
void search_match(struct search *s);

/* search_rank.c: the best of a set, at most max; how many. The set is in the order of s->q. */
size_t search_rank(const struct search *s, const uint64_t *set, struct ranked *out,
    size_t max);
/* Does the order of the query look at words at all? */
float search_title_bonus(const struct search *s, uint32_t doc);

/* search_pick.c: from sets, in their order, to hits: folded, mixed, paged. */
void search_pick(struct search *s, uint64_t *const *sets, size_t n_sets);

/* search_hits.c */
/* The hash of its title, to be held against s->name. */
uint64_t search_name(const struct search *s, uint32_t doc);
void search_hit(const struct search *s, uint32_t doc, float score,
    struct catalog_hit *out);
void search_card(const struct catalog_index *x, struct arena *a, uint32_t doc,
    const char *currency, int32_t today, struct catalog_hit *out);
const char *search_have(const struct search *s, const struct filter *f, uint32_t doc);

/* search_facets.c */
void search_facets(struct search *s, const uint64_t *set);

/* search_relax.c: when no program of s->words passes the filters: what could be given up, and
 * the sets of what is left when it is. False: nothing helps. */
bool search_relax(struct search *s, uint64_t *sure, uint64_t *unsure);

const char *search_day(struct arena *a, int32_t day);

/* i is each member of a set in turn: of one word of 64, whose number is word. */
#define EACH_BIT_OF(value, word, i)                                                    \
	for (uint64_t bits_ = (value);                                                 \
	     bits_ != 0 &&                                                             \
	     ((i) = (uint32_t)((word)*64 + (size_t)__builtin_ctzll(bits_)), true);     \
	     bits_ &= bits_ - 1)
#define EACH_BIT(set, word, i) EACH_BIT_OF((set)[word], word, i)

#endif
