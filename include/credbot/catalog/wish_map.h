/*
 * wish_map.h - the ids of wishes, and what they are in columns of the catalog (program.h).
 *
 * Ids are those of the vocabulary that the knowledge base is written with. The words for
 * them are data (vocab.h); which ids there are, and what each means for a program, is here.
 */
#ifndef CREDBOT_CATALOG_WISH_MAP_H
#define CREDBOT_CATALOG_WISH_MAP_H

#include "credbot/catalog/program.h"
#include "credbot/catalog/wish.h"

/* Whether slot can hold id. Any word of a-z, 0-9 and - will do for a provider. */
bool wish_id_known(enum wish_slot slot, const char *id);

/* The nth field; NULL: no more. */
const char *wish_field_nth(size_t n);

/* The field that this one is part of; NULL: none. */
const char *wish_field_parent(const char *id);
/* Whether field a is an ancestor of b. */
bool wish_field_is_above(const char *a, const char *b);

/* ISO 3166-1 codes in capitals, ended by NULL: one country, or all of a region. buf holds the code of a country without an id of its own. NULL: no destination. */
const char *const *wish_destination_countries(const char *id, char buf[3],
    const char *list[2]);

/* Whether destination a is a region and contains b: a country of it, or a smaller region. */
bool wish_destination_is_above(const char *a, const char *b);

/* Bits of enum program_mode that fulfil the wish. */
unsigned wish_mode_bits(const char *id);

/* Bits 1 << enum program_type: what a program with this type may be called in the catalog,
 * narrow ones only. 0: no type. */
unsigned wish_type_set(const char *id);

/* EQF levels 1 to 8 that fulfil the wish. False: no level. */
bool wish_level_range(const char *id, int *low, int *high);

/* BCP 47: "es" for spanish, "fr" for "fr". NULL: no language. */
const char *wish_language_tag(const char *id);

/* Decimals of a currency (ISO 4217): 2 unless known otherwise. */
int wish_currency_digits(const char *currency);

/* The longest length of a program, in days, for max_duration. */
double wish_duration_days(double value, enum wish_unit unit);

#endif
