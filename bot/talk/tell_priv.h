/*
 * tell_priv.h - values of the catalog as people read them: money, lengths of time, dates,
 * countries, languages.
 *
 * All are Markdown in the turn's arena; what comes out of the catalog is escaped. "" where the
 * value is unknown: to say so is the caller's.
 */
#ifndef CREDBOT_TALK_TELL_PRIV_H
#define CREDBOT_TALK_TELL_PRIV_H

#include "bot/talk/turn_priv.h"
#include "credbot/catalog/search.h"

/* "1 week", "6 weeks": message is the stem of unit.week_one and unit.week_other. */
struct str tell_counted(struct turn *t, const char *message, double n);
/* "120 EUR", "1,299.50 USD"; "free". */
struct str tell_money(struct turn *t, int64_t minor, const char *currency);
/* The price of a hit, and what that is about in the currency she thinks in. */
struct str tell_price(struct turn *t, const struct catalog_hit *h);
/* Its first letter in capitals. */
struct str tell_capital(struct turn *t, struct str s);
/* The destination of the vocabulary that is this country alone; NULL: none is. */
const char *tell_country_id(const struct turn *t, const char *code);
/* Days as "5 days", "6 weeks", "3 months". */
struct str tell_length(struct turn *t, double days);
/* Days since 1970: "11 January 2027"; for DAY_ROLLING that one can begin at any time. */
struct str tell_day(struct turn *t, int32_t day);
struct str tell_country(struct turn *t, const char *code);
/* "de en": "German, English". */
struct str tell_languages(struct turn *t, const char *tags);
/* Bits of enum program_mode: "online, in person". */
struct str tell_modes(struct turn *t, unsigned modes);
/* An EQF level. */
struct str tell_level(struct turn *t, int eqf);
struct str tell_type(struct turn *t, enum program_type type);

/* A list in the making: parts with between in between. */
void tell_join(struct buf *b, const char *between, struct str part);

#endif
