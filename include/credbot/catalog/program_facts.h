/*
 * program_facts.h - what follows from a record, and the names of its values.
 */
#ifndef CREDBOT_CATALOG_PROGRAM_FACTS_H
#define CREDBOT_CATALOG_PROGRAM_FACTS_H

#include "credbot/base/arena.h"
#include "credbot/base/str.h"
#include "credbot/catalog/program.h"

/* Everything unknown. */
void program_clear(struct program *p);

/*
 * What is stated in one place and holds in another, too: the modes of runs are modes of the
 * program, a price above zero is not free. Sorts the runs by start, "rolling" behind the
 * dates, unknown last. Readers call it; calling it twice changes nothing.
 */
void program_settle(struct arena *a, struct program *p);

/* The text in lang ("de" finds "de-AT" and the other way round), else the first; NULL if
 * there is none. */
const char *text_in(const struct texts *t, const char *lang);

/*
 * What somebody pays who is not told otherwise: the total if it is stated, else the sum of
 * its parts. Only prices for the whole program count (not per year), and those for all; free
 * is 0 in currency "". False: not stated, or stated in several currencies.
 */
bool program_price(const struct program *p, int64_t *minor, const char **currency);

/* An amount as "149.00 EUR", "15000 JPY"; 0 is "free". */
const char *program_money(struct arena *a, int64_t minor, const char *currency);

/* Credits of system ("ECTS"); NUMBER_UNKNOWN if there are none. */
double program_credits(const struct program *p, const char *system);

/* The days that a date of a run means: "2027-02-01" is one, "2027-02" a month, "rolling" is
 * DAY_ROLLING. False: NULL, or none of these. */
bool program_day(const char *date, int32_t *from, int32_t *to);

/* The last day on which somebody can still enter by one of its runs: the last deadline, or
 * else the last end; DAY_ROLLING: none is stated. */
int32_t program_closes(const struct program *p);

/* It counts towards something larger. */
bool program_stacks(const struct program *p);

/*
 * The nine elements of Council Recommendation 2022/C 243/02, Annex I, that a catalog can
 * hold: title, country, awarding body, outcomes, workload, level, assessment, participation,
 * quality. Puts the names of those that are missing into missing, which has room for
 * PROGRAM_ELEMENTS, and returns how many. 0: complete. The type is another question.
 */
#define PROGRAM_ELEMENTS 9
size_t program_missing(const struct program *p, const char *missing[PROGRAM_ELEMENTS]);
bool program_complete(const struct program *p); /* a micro-credential with all nine */

/* The names of the enumerations in catalog/1: "" for unknown. */
const char *program_type_name(enum program_type v);
const char *program_status_name(enum program_status v);
const char *program_sync_name(enum program_sync v);
const char *program_pace_name(enum program_pace v);
const char *program_quality_name(enum program_quality v);
const char *identity_check_name(enum identity_check v);
const char *offer_kind_name(enum offer_kind v);
const char *offer_per_name(enum offer_per v);
const char *offer_for_name(enum offer_for v);
const char *program_mode_name(unsigned bit); /* of one bit of enum program_mode */
#define PROGRAM_MODES 4

/* Back again: -1 if there is no such name. Case and "-" for "_" make no difference. */
int program_type_of(struct str name);
int program_status_of(struct str name);
int program_sync_of(struct str name);
int program_pace_of(struct str name);
int program_quality_of(struct str name);
int identity_check_of(struct str name);
int offer_kind_of(struct str name);
int offer_per_of(struct str name);
int offer_for_of(struct str name);
int program_mode_of(struct str name); /* the bit */

#endif
