/*
 * columns_priv.h - what a column of a CSV file can be.
 */
#ifndef CREDBOT_CATALOG_COLUMNS_PRIV_H
#define CREDBOT_CATALOG_COLUMNS_PRIV_H

#include "bot/catalog/mapping_priv.h"
#include "credbot/catalog/program.h"
#include "credbot/catalog/remarks.h"

/* A row while it is read. What needs several cells is put together at its end. */
struct row_reading {
	struct arena *a;
	struct program *p;
	struct remarks *r;
	const struct mapping *map;
	const char *heading; /* of the cell that is being read */
	const char *lang;    /* of the texts: "" if the row does not say */
	struct str price;
	const char *price_heading;
	int64_t minor;
	char currency[4];
	struct program_run run;
	/* Keeps a cell that was not understood, as JSON. */
	void (*keep)(void *arg, const char *heading, struct str json);
	void *arg;
};

struct column {
	const char *name;
	void (*read)(struct row_reading *row, struct str cell);
};

const struct column *column_named(struct str name); /* NULL: there is none */

/* By its heading; NULL if it is not understood. currency: three letters if the heading names
 * one ("total_cost_usd"), else "". */
const struct column *column_of_heading(struct str heading, char currency[4]);

#endif
