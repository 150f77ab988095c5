/*
 * tables_priv.h - fields, synonyms and rates, as the index and the search use them.
 */
#ifndef CREDBOT_CATALOG_TABLES_PRIV_H
#define CREDBOT_CATALOG_TABLES_PRIV_H

#include "credbot/base/map.h"
#include "credbot/catalog/index.h"

/* Fields are bits of one word. */
#define TABLES_FIELDS_MAX 64
/* Words of a synonym, or of a phrase that tells a field. */
#define TABLES_PHRASE_MAX 6
#define TABLES_CURRENCIES_MAX 96
/* Stands before a phrase that the index knows as one word; no text has it. */
#define TABLES_PHRASE '\001'

struct tables_phrase {
	struct str word[TABLES_PHRASE_MAX];
	size_t n;
	const char *as_word; /* how the index knows it: TABLES_PHRASE before it */
	size_t group;        /* field, or line of synonyms */
	const struct tables_phrase *next; /* the next that begins with the same word */
};

struct tables_field {
	const char *id, *label;
	uint64_t bits; /* its own, and those of its parents */
	bool top;      /* no parent */
};

struct tables_code {
	const char *prefix; /* of an ISCED-F code, or "cip:..." */
	size_t field;
};

struct tables_line {
	const struct tables_phrase **at; /* all ways to say the same */
	size_t n;
};

enum tables_word { WORD_PLAIN, WORD_WEAK, WORD_STOP };

struct catalog_tables {
	struct arena *a;
	uint64_t hash; /* of the files */
	struct tables_field field[TABLES_FIELDS_MAX];
	size_t n_fields;
	uint64_t top_bits;
	struct tables_code *codes;
	size_t n_codes;
	struct map *field_words; /* first word -> struct tables_phrase */
	struct map *same;        /* first word -> struct tables_phrase */
	struct tables_line *lines;
	size_t n_lines;
	struct map *manner; /* word -> enum tables_word as a pointer */
	const char *rates_date;
	char currency[TABLES_CURRENCIES_MAX][4]; /* [0] is "": unknown */
	double rate[TABLES_CURRENCIES_MAX];      /* for one euro, in major units */
	size_t n_currencies;
};

enum tables_word tables_word_is(const struct catalog_tables *t, struct str word);

/* The bit number of a field, or -1. */
int tables_field_of(const struct catalog_tables *t, const char *id);
/* What a code of a program says: bits of fields. */
uint64_t tables_code_fields(const struct catalog_tables *t, const char *code);

/* 0: not in the table, cannot be converted. */
size_t tables_currency(const struct catalog_tables *t, const char *code);
/* Minor units of one into minor units of another; 0 to 0. Both are in the table. */
double tables_convert(const struct catalog_tables *t, double minor, size_t from,
    size_t to);

#endif
