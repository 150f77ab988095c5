/*
 * values_priv.h - the words that sources use, as values of a record.
 *
 * Each reader returns NULL when it has read its text, else the reason why not, as what
 * follows the text in a sentence: "9" + " is no level (EQF 1 to 8)". Reasons are literals.
 * Texts may have white space around them.
 */
#ifndef CREDBOT_CATALOG_VALUES_PRIV_H
#define CREDBOT_CATALOG_VALUES_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "credbot/base/arena.h"
#include "credbot/base/str.h"
#include "credbot/catalog/program.h"

/* --- numbers.c */

/*
 * A number of 0 or more, its decimals behind a point or a comma: "120,5", "1,200.5",
 * "1 200". What stands behind it ("hours") goes to *unit, which may be NULL for "nothing may
 * stand there". "1,200" can be read in two ways: VALUE_UNCLEAR is returned.
 */
const char *value_number(struct str s, double *out, struct str *unit);
extern const char value_unclear[]; /* compare the address */

/*
 * An amount of money with or without its currency: "149.00", "$1,299.00", "1.299,00 €",
 * "EUR 20", "free". currency: the one that is known otherwise, or ""; it becomes the one
 * that was found. A dollar sign alone is one of the dollars: that of country, else unclear.
 */
const char *value_money(struct str s, const char *country, char currency[4],
    int64_t *minor);
/* A decimal number as minor units of a currency: no more decimals than it has. */
const char *value_minor(double amount, const char *currency, int64_t *minor);

/* --- dates.c */

/* How a source writes a day in numbers alone. */
enum date_order { DATE_UNSTATED, DATE_DMY, DATE_MDY };

#define DATE_MAX 16
/*
 * YYYY-MM-DD, YYYY-MM, a time behind it is left out; 11.01.2027; 11 January 2027 and January
 * 11, 2027; with slashes or dashes as order says. Where it is not stated and both numbers
 * could be the month: value_unclear. "rolling" and its like.
 */
const char *value_date(struct str s, enum date_order order, char out[DATE_MAX]);
const char *value_date_order(struct str s, enum date_order *out);

/* ISO 8601 ("P1Y6M", "PT3H") or words ("6 weeks"), in days; the length of an hour is one of
 * the clock, a 24th of a day. */
const char *value_duration(struct str s, double *days);
/* The same, or from the one to the other: "4 to 6 weeks", "4-6 weeks". */
const char *value_durations(struct str s, double *min_days, double *max_days);
/* The same as a workload in hours. Days and weeks are none: it is not stated how many hours
 * one has. */
const char *value_hours(struct str s, double *hours);
/* days in the shortest exact form: "P6W", "P9M", "PT3H". Room for 32 bytes. */
void value_write_duration(double days, char *out, size_t size);

/* --- places.c */

const char *value_country(struct str s, char out[3]); /* a code or a name */
const char *value_language(struct arena *a, struct str s, const char **out);
const char *value_currency(struct str s, char out[4]); /* a code, a sign or a name */
int currency_digits(
    const char *currency); /* decimals of its amounts: 2, but 0 for JPY */
/* The currency that "$" is in a country; NULL: none is known. */
const char *currency_of_country(const char *country);
bool currency_is_dollar(const char *currency); /* or a peso: written with "$" */

/* --- levels.c */

const char *value_eqf(struct str s, int *out);
/* A code of 2 to 4 digits; "612" is 0612, whose first digit a spreadsheet took. */
const char *value_isced(struct str s, char out[5]);
const char *value_url(struct str s);
bool isced_known(struct str code);

/* --- words.c: what people call modes, types and so on; in several languages. What is not
 * understood leaves the value as it was. */

const char *value_mode(struct str s, unsigned *bit);
const char *value_type(struct str s, enum program_type *out);
const char *value_status(struct str s, enum program_status *out);
const char *value_pace(struct str s, enum program_pace *out);
const char *value_quality(struct str s, enum program_quality *out);
const char *value_yes_no(struct str s, enum known *out);
/* "unknown", "n/a", "-" and the like: nothing is stated. */
bool value_is_nothing(struct str s);

#endif
