/*
 * catalog.h - what can be done with the catalog; the table is in catalog.c.
 */
#ifndef CREDBOT_CMD_CATALOG_H
#define CREDBOT_CMD_CATALOG_H

#include "bot/cmd/app.h"
#include "credbot/catalog/catalog.h"

extern const struct command catalog_export;
extern const struct command catalog_import_command;
extern const struct command catalog_show;
extern const struct command catalog_stats;

/* Where app has its programs. */
struct catalog_place app_catalog(const struct app *app);

#endif
