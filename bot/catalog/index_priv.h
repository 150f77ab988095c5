/*
 * index_priv.h - the layout of catalog.index, and the index as it is read.
 *
 * The file is what is in memory: a header, then sections, each of one element type, little-
 * endian, on 64-byte bounds. Programs are numbers from 0 ("docs"), the best records first,
 * so that ties are settled by the order and a search may stop early. Words are known in two
 * forms: surfaces, as they were written (folded), and terms, all surfaces of one stem. Each
 * term has a list of docs with an impact: how much the term says about the program, in eight
 * bits, by BM25F over all fields. A long list is a bitmap, a short one an array of numbers.
 * Beside every long list stand the largest impact and the number of docs before it for each
 * span of docs.
 */
#ifndef CREDBOT_CATALOG_INDEX_PRIV_H
#define CREDBOT_CATALOG_INDEX_PRIV_H

#include <stdatomic.h>

#include "bot/catalog/tables_priv.h"
#include "credbot/catalog/index.h"
#include "credbot/catalog/search.h"

#define INDEX_MAGIC "credbot:catalog" /* with its NUL: 16 bytes */
/* Raise it with the layout, the tokens, the weights or the columns. */
#define INDEX_VERSION 3
#define INDEX_ALIGN 64
#define INDEX_SPAN 512      /* docs */
#define INDEX_SPAN_WORDS 8  /* of bitmap */
#define INDEX_LONG_SHARE 32 /* a list of more than this part of all docs is a bitmap */
#define INDEX_NONE UINT32_MAX /* no surface, no term; a break between two skills */
#define INDEX_COUNTRIES_MAX 256
#define INDEX_PRICE_NONE UINT32_MAX
#define INDEX_RATING_NONE 255
#define INDEX_RATING_UNIT 50.0 /* a rating of 5 is 250 */
#define INDEX_PRIOR_UNIT 1024.0

enum index_section {
	IX_SURFACE_AT,    /* u32: where the text begins; one more than surfaces */
	IX_SURFACE_TEXT,  /* sorted by bytes */
	IX_SURFACE_TERM,  /* u32 */
	IX_SURFACE_COUNT, /* u32: docs */
	IX_SURFACE_SIGN,  /* u32: its letters as a set, for spelling */
	IX_STEM_AT,       /* u32; one more than stems, sorted */
	IX_STEM_TEXT,
	IX_STEM_TERM, /* u32 */
	IX_START_KEY, /* u64: one or two characters, sorted */
	IX_LISTS,     /* struct index_list: of terms, then of starts */
	IX_DOCS,      /* u32: short lists */
	IX_IMPACTS,   /* u8: all lists */
	IX_BITS,      /* u64: long lists */
	IX_RANKS,     /* u32: docs before each span, in long lists */
	IX_MAXES,     /* u8: largest impact of each span, in long lists */
	IX_TITLE_AT,  /* u32; one more than docs */
	IX_TITLES,    /* u32: surfaces, as they stand */
	IX_SKILL_AT,  /* u32 */
	IX_SKILLS,    /* u32: surfaces, INDEX_NONE between two */
	IX_NAME_HASH, /* u64: of titles, sorted */
	IX_NAME_DOC,  /* u32 */
	/* By doc. */
	IX_PRIOR,    /* u16 */
	IX_COUNTRY,  /* u8 into IX_COUNTRIES */
	IX_MODES,    /* u8 */
	IX_TYPE,     /* u8 */
	IX_EQF,      /* u8 */
	IX_PACE,     /* u8 */
	IX_STACKS,   /* u8: enum known */
	IX_QUALITY,  /* u8 */
	IX_STATUS,   /* u8 */
	IX_RATING,   /* u8 */
	IX_CURRENCY, /* u8 of the tables; 0 beside a price: free, or not in the tables */
	IX_BANDS,    /* u8: price band, length band << 4 */
	IX_LANGS,    /* u16 into IX_LANG_SETS */
	IX_FIELDS,   /* u64 */
	IX_PRICE,    /* i64 minor units, MONEY_UNKNOWN */
	IX_EURO,     /* u32 cents, for sorting; INDEX_PRICE_NONE */
	IX_DAYS,     /* f32; NUMBER_UNKNOWN, as those below */
	IX_HOURS,
	IX_WEEKLY,
	IX_ECTS,
	IX_LAST,     /* i32: the last day that one can still enter */
	IX_SINCE,    /* i64: struct program's */
	IX_RUN_AT,   /* u32; one more than docs */
	IX_RUNS,     /* struct index_run */
	IX_PROVIDER, /* u32 into IX_PROVIDERS */
	IX_FOLD,     /* u64: title and provider */
	IX_CARD,     /* struct index_card */
	/* Others. */
	IX_COUNTRIES, /* char[4] */
	IX_LANG_SETS, /* u32 into IX_TEXT: "de en" */
	IX_PROVIDERS, /* u32 into IX_TEXT */
	IX_TEXT,
	IX_SECTIONS
};

struct index_list {
	uint32_t count;
	uint32_t at; /* short: into IX_DOCS; long: which bitmap */
	uint32_t impacts;
	uint8_t max;
	uint8_t is_long;
	uint16_t unused;
};

struct index_run {
	int32_t from, to; /* of its start: a day, or a month, or DAY_ROLLING */
	int32_t deadline;
};

struct index_card { /* into IX_TEXT */
	uint32_t id, title, place, currency;
};

struct index_header {
	char magic[16];
	uint32_t version;
	uint32_t header_size;
	uint64_t checksum; /* of all behind it */
	uint64_t size;
	uint64_t tables;
	int64_t revision;
	uint32_t docs, live; /* ceased programs stand behind the others */
	uint32_t surfaces, stems, terms, starts, longs;
	int32_t first_last; /* the earliest day that some program closes */
	int32_t day;        /* it was built; days since 1970 */
	uint32_t unused;
	int64_t oldest; /* the lowest since of programs that can be found */
	struct {
		uint64_t at, size;
	} section[IX_SECTIONS];
};

struct catalog_index {
	atomic_int users;
	const struct catalog_tables *tables;
	const struct index_header *head;
	void *bytes;
	bool mapped;
	size_t n, spans, words; /* docs; spans and words of bitmap of them */

	const uint32_t *surface_at, *surface_term, *surface_count, *surface_sign;
	const char *surface_text;
	const uint32_t *stem_at, *stem_term;
	const char *stem_text;
	const uint64_t *start_key;
	const struct index_list *lists;
	const uint32_t *docs;
	const uint8_t *impacts;
	const uint64_t *bits;
	const uint32_t *ranks;
	const uint8_t *maxes;
	const uint32_t *title_at, *titles, *skill_at, *skills;
	const uint64_t *name_hash;
	const uint32_t *name_doc;
	const uint16_t *prior;
	const uint8_t *country, *modes, *type, *eqf, *pace, *stacks, *quality, *status,
	    *rating, *currency, *bands;
	const uint16_t *langs;
	const uint64_t *fields;
	const int64_t *price;
	const uint32_t *euro;
	const float *days, *hours, *weekly, *ects;
	const int32_t *last;
	const int64_t *since;
	const uint32_t *run_at;
	const struct index_run *runs;
	const uint32_t *provider;
	const uint64_t *fold;
	const struct index_card *card;
	const char (*countries)[4];
	size_t n_countries;
	const uint32_t *lang_sets;
	size_t n_lang_sets;
	const uint32_t *providers;
	size_t n_providers;
	const char *text;
};

/* Bytes of one element of a section. */
size_t index_element(enum index_section s);

/* A view of bytes, which it does not own yet; NULL and why, if they are not sound. */
struct catalog_index *index_view(void *bytes, size_t size,
    const struct catalog_tables *t, const char **why);

uint64_t index_checksum(const void *bytes, size_t size);

/* A number that changes with the catalog: of imports, or of what ships. */
enum rc index_revision(const struct catalog_place *where, int64_t *out,
    struct err *err);

/* What every machine can: the instruction for it is not part of plain x86-64, and a call is
 * three times as slow as this. */
static inline uint32_t
index_ones(uint64_t v)
{
	v -= v >> 1 & UINT64_C(0x5555555555555555);
	v = (v & UINT64_C(0x3333333333333333)) +
	    (v >> 2 & UINT64_C(0x3333333333333333));
	v = (v + (v >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (uint32_t)(v * UINT64_C(0x0101010101010101) >> 56);
}

static inline struct str
index_surface(const struct catalog_index *x, uint32_t i)
{
	return str_n(x->surface_text + x->surface_at[i],
	    x->surface_at[i + 1] - x->surface_at[i]);
}

/* The surface, or INDEX_NONE; and the first one that is not below s. */
uint32_t index_find_surface(const struct catalog_index *x, struct str s);
uint32_t index_surface_from(const struct catalog_index *x, struct str s);
uint32_t index_find_stem(const struct catalog_index *x, struct str s); /* its term */
/* The list of all docs with a word that starts so, in title, code, skills or provider; NULL.
 * For one and two characters alone. */
const struct index_list *index_find_start(const struct catalog_index *x, struct str s);

/* One or two characters as a number; 0: neither. */
uint64_t index_start_key(struct str s);

/* The letters of a word as a set. */
uint32_t index_sign(struct str word);

/* The stem of a folded word in a language ("de"; "" is English), into out; the word itself
 * where there is nothing to cut. Stemmers are not for several threads at a time. */
struct stemmers;
struct stemmers *stemmers_new(void);
void stemmers_free(struct stemmers *s);
struct str stem_of(struct stemmers *s, size_t lang, struct str word);
size_t stem_lang(const char *tag); /* a number below STEM_LANGS */
#define STEM_LANGS 24

#endif
