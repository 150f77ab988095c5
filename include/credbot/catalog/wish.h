/*
 * wish.h - what a student is looking for, as far as she said it.
 *
 * Filled from words (wish_read.h), kept with the conversation, and held against the catalog
 * by the search. Ids are those of data/vocab (fields, destinations, types, levels,
 * languages). Each wish is one of three: wanted, ruled out, or not mentioned. What was
 * said but is in no vocabulary is kept as words and repeated back, never forced onto an id.
 *
 * A struct wish is a plain value without pointers: it is copied, compared and stored as it
 * is. Start with wish_init(): a zeroed wish is not an empty one.
 */
#ifndef CREDBOT_CATALOG_WISH_H
#define CREDBOT_CATALOG_WISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/str.h"

/* Nobody names more in one search; what is beyond is kept as words. */
#define WISH_VALUES_MAX 6
#define WISH_ID_MAX 48
#define WISH_WORDS_MAX 160

enum wish_slot {
	WISH_FIELD,
	/* An id of the vocabulary, ISO 3166 in lower case ("fr"), or a region of ours that is
	 * several countries ("latin-america", "english-speaking"). */
	WISH_DESTINATION,
	WISH_MODE,     /* online, in-person, hybrid */
	WISH_LANGUAGE, /* of teaching: id of the vocabulary, or BCP 47 */
	WISH_TYPE,
	WISH_LEVEL,
	WISH_PROVIDER,
	WISH_SLOTS
};

/* All that can be said about, mentioned or taken back: the slots, and then these. */
enum wish_part {
	WISH_PART_COST = WISH_SLOTS,
	WISH_PART_MONTHLY,
	WISH_PART_DURATION,
	WISH_PART_HOURS,
	WISH_PART_START,
	WISH_PARTS
};

struct wish_values {
	uint8_t n;
	char id[WISH_VALUES_MAX][WISH_ID_MAX];
};

enum wish_unit { WISH_DAYS, WISH_WEEKS, WISH_MONTHS };

struct wish {
	struct wish_values want[WISH_SLOTS];
	struct wish_values avoid[WISH_SLOTS];
	/* -1: not mentioned. In minor units of the currency (hundredths when none was
	 * said); 0 is free. */
	int64_t max_cost;
	char currency[4]; /* "" when free, or when an amount came without one */
	/* The same for a price by the month. It is no total, and the catalog has none to hold
	 * it against: it is repeated back, and nothing is filtered by it. */
	int64_t max_monthly;
	char monthly_currency[4];
	double max_duration; /* -1: not mentioned */
	enum wish_unit duration_unit;
	double max_weekly_hours; /* -1 */
	/* "" or YYYY-MM, --MM, --MM-DD, asap, next-month, spring, summer, autumn, winter; or
	 * counted from the day of the search: +10d, +3w, +2m */
	char start[16];
	bool known_price; /* leave out what does not state a price */
	bool stackable;
	bool accredited;
	bool deadline_open;
	/* Words to search for that are no id, and wishes that no column can hold: "near the
	 * beach", "with a job guarantee". Separated by "; ". */
	char words[WISH_WORDS_MAX];
	char unmet[WISH_WORDS_MAX];
};

/* Nothing mentioned. */
void wish_init(struct wish *w);

bool wish_is_empty(const struct wish *w);

/* The same wish: the order of values does not count. */
bool wish_equal(const struct wish *a, const struct wish *b);

bool wish_values_has(const struct wish_values *v, const char *id);
/* Adds an id, once; false when there is no room, or the id is too long. */
bool wish_values_add(struct wish_values *v, const char *id);
bool wish_values_remove(struct wish_values *v, const char *id); /* false: not there */

/* Takes back what was wanted and what was ruled out there: not mentioned any more. */
void wish_forget(struct wish *w, enum wish_part part);

/* Adds text to a list like words and unmet, once; false when it does not fit. */
bool wish_list_add(char list[WISH_WORDS_MAX], struct str text);
bool wish_list_has(const char *list, struct str text);

#endif
