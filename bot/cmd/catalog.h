/*
 * catalog.h - what can be done with the catalog; the table is in catalog.c.
 */
#ifndef CREDBOT_CMD_CATALOG_H
#define CREDBOT_CMD_CATALOG_H

#include "bot/cmd/app.h"
#include "credbot/catalog/catalog.h"

extern const struct command catalog_export;
extern const struct command catalog_import_command;
extern const struct command catalog_path_command;
extern const struct command catalog_plan_command;
extern const struct command catalog_search_command;
extern const struct command catalog_show;
extern const struct command catalog_stats;

struct catalog_index;

/* Measures the queries of catalog_bench.c and prints them. */
int catalog_bench(const struct catalog_index *x, int32_t today, bool json);

/* Where app has its programs. */
struct catalog_place app_catalog(const struct app *app);

/* --- parts of what the verbs print (catalog_say.c) */

/* before"key":"value", null for NULL; before"key":1.5, null for NUMBER_UNKNOWN; a day as
 * "2027-02-01", null for DAY_UNKNOWN. */
void say_text(struct buf *b, const char *before, const char *key, const char *value);
void say_number(struct buf *b, const char *before, const char *key, double value);
void say_day(struct buf *b, const char *before, const char *key, int32_t day);

/* "2027-02-01". */
const char *say_date(struct arena *a, int32_t day);

/* A length for people: "10 weeks", "3 days", "7 to 10 weeks". */
const char *say_length(struct arena *a, double min_days, double days);

/* "1 program", "2 programs". */
const char *say_count(struct arena *a, size_t n, const char *thing);

/* The title of p; its id if it has none. */
const char *say_title(const struct program *p);

#endif
