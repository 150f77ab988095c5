/*
 * programs.c - the index of the catalog, and all it needs, as one thing.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bot/cmd/catalog.h"
#include "bot/cmd/programs.h"
#include "credbot/base/alloc.h"
#include "credbot/catalog/index.h"
#include "credbot/catalog/path.h"

#define DAY_MS INT64_C(86400000)

struct programs {
	char *state_dir, *data_dir;
	struct catalog_place where; /* points to them */
	struct catalog_tables *tables;
	struct catalog_index *index;
	struct path_index *paths;
};

static int32_t
today(const struct app *app)
{
	return (int32_t)(clock_now_ms(app->clock) / DAY_MS);
}

static bool
load_tables(struct programs *p, struct err *err)
{
	struct faults faults = { 0 };

	p->tables = catalog_tables_load(p->data_dir, &faults);
	if (p->tables == NULL) {
		faults_sort(&faults);
		err_set(err, "%s:%d:%d: %s", faults.v[0].file, faults.v[0].line,
		    faults.v[0].column, faults.v[0].reason);
	}
	faults_fini(&faults);
	return p->tables != NULL;
}

static bool
load_index(struct programs *p, int32_t day, bool quickly, struct err *err)
{
	struct err why;

	if (quickly &&
	    catalog_index_open(&p->index, &p->where, p->tables, &why) == RC_OK)
		return true;
	return catalog_index_load(&p->index, &p->where, p->tables, day, err) == RC_OK;
}

struct programs *
programs_load(const struct app *app, bool quickly, struct err *err)
{
	struct programs *p = xcalloc(1, sizeof(*p));

	p->state_dir = xstrdup(app->state_dir);
	p->data_dir = xstrdup(app->data_dir);
	p->where = (struct catalog_place){ p->state_dir, p->data_dir };
	if (load_tables(p, err) && load_index(p, today(app), quickly, err) &&
	    path_index_load(&p->paths, &p->where, err) == RC_OK)
		return p;
	programs_free(p);
	return NULL;
}

void
programs_free(struct programs *p)
{
	if (p == NULL)
		return;
	path_index_free(p->paths);
	catalog_index_free(p->index);
	catalog_tables_free(p->tables);
	free(p->state_dir);
	free(p->data_dir);
	free(p);
}

enum rc
programs_check(const struct app *app, const struct programs *p, struct err *err)
{
	enum rc rc = catalog_index_check(p->index, &p->where, err);

	return rc == RC_OK && catalog_index_day(p->index) != today(app) ? RC_NOTFOUND
	                                                                : rc;
}

void
programs_use(const struct programs *p, struct engine *e)
{
	if (p == NULL)
		engine_set_catalog(e, NULL, NULL, NULL);
	else
		engine_set_catalog(e, p->index, p->paths, &p->where);
}

size_t
programs_count(const struct programs *p)
{
	return catalog_index_live(p->index);
}

struct alerts_catalog
programs_for_alerts(const struct programs *p)
{
	return (struct alerts_catalog){
		.revision = catalog_index_from(p->index),
		.oldest = catalog_index_oldest(p->index),
		.programs = catalog_index_live(p->index),
	};
}

void
programs_imported(const struct programs *p, char *out)
{
	int64_t from = catalog_index_from(p->index);

	if (from > 0)
		clock_format(from, out, CLOCK_ISO_MAX);
	else
		(void)snprintf(out, CLOCK_ISO_MAX, "never");
}

void
programs_advise(const struct err *err, struct buf *out)
{
	buf_printf(out,
	    "%s: put a sound catalog.db in its place, or move it away and import your "
	    "lists again (docs/CATALOG.md)",
	    err->text);
}
