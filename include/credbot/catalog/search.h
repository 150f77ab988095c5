/*
 * search.h - finding programs: words and wishes in, a few programs and their reasons out.
 *
 *	struct catalog_query q;
 *	struct catalog_answer r;
 *
 *	catalog_query_init(&q, today);
 *	q.text = words;                  what no wish holds: "phlebotomy newark"
 *	q.wish = &wish;                  what wish_read() made of her messages
 *	q.limit = 3;
 *	q.facets = CATALOG_ALL_FACETS;   for numbers and the next question
 *	catalog_search(index, turn_arena(t), &q, &r);
 *
 * What holds for every answer:
 *
 * - A hit fulfils every wish. If it breaks one, that wish is in r.relaxed and in the hit's
 *   misses; if the catalog does not say, it is in the hit's unknown, and the hit stands
 *   behind all hits that are sure. Unknown is never counted as cheap, short or soon.
 * - r.total counts programs that match all words and break no wish; r.sure those of them
 *   about which nothing is unknown. Facets count the same programs as r.total, so no count
 *   rises when a wish is added.
 * - Hits beyond r.total may follow that lack some of the words (misses names CATALOG_WORDS).
 * - Ceased programs, and those whose last deadline has passed, are only found when asked for
 *   (q.over). Language and level are never relaxed; what that would bring is in r.ways.
 * - A word is corrected only if hardly any program has it, and then r.corrected says so.
 * - The same program at several places of one provider is one hit (.same counts the others);
 *   of the first ten, at most two are by one provider, unless a provider was wished for.
 * - The same query on the same index gives the same answer. Equal scores: the program with
 *   the better record first, then by id.
 *
 * Text is found folded (case, accents), by stem (in the language of the program), in any
 * script (neighbouring characters in Chinese, Japanese and Korean), by the synonyms of
 * data/vocab/synonyms.yaml, as a "phrase" in title and skills when quoted, and with * at its
 * end as the start of a word. Of long texts the first CATALOG_WORDS_MAX words count.
 *
 * Threads: an index is only read; any number of threads may search it, each with its own
 * arena. What an answer points to lives in the arena or in the index: keep the index
 * (catalog_index_keep()) as long as the answer. Memory comes from the arena; besides it a
 * search allocates a few times for its text, never for a program.
 */
#ifndef CREDBOT_CATALOG_SEARCH_H
#define CREDBOT_CATALOG_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/arena.h"
#include "credbot/base/str.h"
#include "credbot/catalog/index.h"
#include "credbot/catalog/program.h"
#include "credbot/catalog/wish.h"

#define CATALOG_WORDS_MAX 24
#define CATALOG_LIMIT_MAX 100
#define CATALOG_SKIP_MAX 900

/* What can be wished for, and what can be said about a hit. */
enum catalog_part {
	CATALOG_WORDS,
	CATALOG_FIELD,
	CATALOG_COUNTRY,
	CATALOG_MODE,
	CATALOG_LANGUAGE,
	CATALOG_TYPE,
	CATALOG_LEVEL,
	CATALOG_PROVIDER,
	CATALOG_PRICE,
	CATALOG_DURATION,
	CATALOG_HOURS,        /* all hours of work together */
	CATALOG_WEEKLY_HOURS, /* beside a job */
	CATALOG_ECTS,
	CATALOG_PACE,
	CATALOG_START,
	CATALOG_DEADLINE,
	CATALOG_STACKABLE,
	CATALOG_ACCREDITED,
	CATALOG_RATING,
	CATALOG_PARTS
};

/* "field", "country" ...: for JSON and as the tail of message names. */
const char *catalog_part_name(enum catalog_part part);

enum catalog_order {
	CATALOG_BEST,     /* how well it fits, times how good its record is */
	CATALOG_CHEAPEST, /* the others: what is unknown comes last */
	CATALOG_TOP_RATED,
	CATALOG_SOONEST,
	CATALOG_SHORTEST,
	CATALOG_ORDERS
};

/* The groups of a facet: numbers in words that a person would use. */
enum catalog_facet_id {
	CATALOG_BY_FIELD, /* fields without a parent */
	CATALOG_BY_COUNTRY,
	CATALOG_BY_MODE,
	CATALOG_BY_LANGUAGE,
	CATALOG_BY_TYPE,
	CATALOG_BY_LEVEL,
	CATALOG_BY_PRICE,  /* "free", "0-100", "100-500", "500-2000", "2000-": euros */
	CATALOG_BY_LENGTH, /* "0-10", "10-40", "40-200", "200-": hours */
	CATALOG_FACETS
};
#define CATALOG_ALL_FACETS ((1U << CATALOG_FACETS) - 1)

const char *catalog_facet_name(enum catalog_facet_id f);

/* Wishes that operators and advisors have, beyond those that struct wish can hold. */
struct catalog_more {
	double min_rating;            /* 0 to 5; NUMBER_UNKNOWN: no wish, as below */
	double min_ects, max_ects;    /* ECTS alone: other credits are unknown here */
	double min_hours, max_hours;  /* of work, in all */
	unsigned paces;               /* bits 1 << enum program_pace; 0: no wish */
	int min_eqf, max_eqf;         /* 0: no wish */
	int32_t start_from, start_to; /* days; DAY_UNKNOWN: no wish */
};

struct catalog_query {
	struct str text;         /* UTF-8 of any length, may be empty */
	struct str optional;     /* words of text that nothing has to have */
	const struct wish *wish; /* NULL: none */
	struct catalog_more more;
	enum catalog_order order;
	size_t skip,
	    limit; /* a page; to CATALOG_SKIP_MAX, CATALOG_LIMIT_MAX: none beyond */
	const char *const *exclude; /* ids that are not wanted: those shown before */
	size_t n_exclude;
	/* Only programs that came after this revision of the catalog; -1: all. */
	int64_t since;
	int32_t today;
	const char *currency; /* of amounts in answers and of wishes without one; "" */
	unsigned facets;      /* bits 1 << enum catalog_facet_id to count */
	bool any_word;        /* one of the words is enough */
	bool typing;          /* the last word is not finished */
	bool over;            /* also ceased programs, and those past their deadline */
	bool keep_wishes;     /* relax nothing */
};

/* No words, no wishes, the first ten. */
void catalog_query_init(struct catalog_query *q, int32_t today);

/* One wish, and what the program has to say to it: want "online", have "onsite". have is
 * NULL when the catalog does not know. Values as in catalog/1; money as "149.00 EUR"; days as
 * YYYY-MM-DD. The wording is the caller's. */
struct catalog_note {
	enum catalog_part part;
	const char *want;
	const char *have;
};

struct catalog_notes {
	struct catalog_note *at;
	size_t n;
};

struct catalog_hit {
	const char *id, *title, *provider; /* provider "": unknown */
	const char *place;                 /* town; "" */
	double score;
	bool named;  /* what was typed is its title, to the word */
	size_t same; /* further programs of that title and provider, left out here */
	struct catalog_notes because, misses, unknown;
	/* The facts that a line about it is made of. */
	enum program_type type;
	const char *country; /* "DE"; "" */
	unsigned modes;      /* of enum program_mode; 0: unknown */
	const char *langs;   /* "de en"; "" */
	const char *fields;  /* "data-science machine-learning"; "" */
	int eqf;
	enum program_pace pace;
	int64_t price; /* minor units of currency; MONEY_UNKNOWN; 0 is free */
	const char *currency;
	int64_t price_about; /* in q.currency at the rate of catalog_rates_date() */
	double days, hours, weekly_hours, ects, rating; /* NUMBER_UNKNOWN */
	int32_t start, deadline; /* of the next run; DAY_UNKNOWN, DAY_ROLLING */
	bool stackable;          /* false: no, or not stated */
};

struct catalog_correction {
	const char *typed;
	const char *used;
};

/* A wish that was given up, or could be: then so many programs fit (words included). */
struct catalog_way {
	enum catalog_part part;
	const char *want;    /* the wish as it was */
	const char *instead; /* what holds instead: "625.00 EUR"; NULL: nothing */
	size_t count;
};

struct catalog_count {
	const char *value; /* "" is unknown */
	size_t n;
};

struct catalog_facet {
	struct catalog_count *at; /* most first, then by value; zero is left out */
	size_t n;
};

struct catalog_answer {
	struct catalog_hit *hits;
	size_t n;
	size_t total, sure;
	/* What was done to the words. */
	struct catalog_correction *corrected;
	size_t n_corrected;
	const char **not_found; /* words that no program has, as typed */
	size_t n_not_found;
	/* When total is 0. The wish that leaves nothing, or CATALOG_PARTS: it takes several. */
	enum catalog_part blocker;
	struct catalog_way
	    *relaxed; /* given up for the hits shown, in the order tried */
	size_t n_relaxed;
	struct catalog_way *ways; /* every single wish that could be given up */
	size_t n_ways;
	struct catalog_facet facets[CATALOG_FACETS]; /* those asked for */
	/* The facet whose answer would leave least to choose from, CATALOG_FACETS: none is
	 * worth a question. Needs q.facets. */
	enum catalog_facet_id question;
};

void catalog_search(const struct catalog_index *x, struct arena *a,
    const struct catalog_query *q, struct catalog_answer *out);

/* One program as a hit, by id; RC_NOTFOUND. Its notes are empty. */
enum rc catalog_card(const struct catalog_index *x, struct arena *a, const char *id,
    const char *currency, struct catalog_hit *out);

#endif
