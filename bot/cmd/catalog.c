/*
 * catalog.c - credbot catalog: programs in and out of the catalog.
 */
#include "bot/cmd/catalog.h"
#include "bot/cmd/commands.h"

struct catalog_place
app_catalog(const struct app *app)
{
	return (struct catalog_place){ app->state_dir, app->data_dir };
}

/* Sorted by name. */
static const struct command *const verbs[] = {
	&catalog_export,
	&catalog_import_command,
	&catalog_path_command,
	&catalog_plan_command,
	&catalog_search_command,
	&catalog_show,
	&catalog_stats,
	NULL,
};

const struct command command_catalog = {
	.name = "catalog",
	.summary = "Bring programs into the catalog, find them, and look at them.",
	.synopsis = "VERB [--help] ...",
	.example = "credbot catalog import --format csv programs.csv",
	.verbs = verbs,
};
