/*
 * catalog.h - what can be done with the catalog; the table is in catalog.c.
 */
#ifndef CREDBOT_CMD_CATALOG_H
#define CREDBOT_CMD_CATALOG_H

#include "bot/cmd/app.h"
#include "credbot/catalog/catalog.h"

extern const struct command catalog_export;
extern const struct command catalog_import_command;
extern const struct command catalog_search_command;
extern const struct command catalog_show;
extern const struct command catalog_stats;

struct catalog_index;

/* Measures the queries of catalog_bench.c and prints them. */
int catalog_bench(const struct catalog_index *x, int32_t today, bool json);

/* Where app has its programs. */
struct catalog_place app_catalog(const struct app *app);

#endif
