/*
 * mapping_priv.h - what a mapping file (--map) says about a source.
 *
 *	source: nj-etpl            # its name in the catalog
 *	uri: https://...           # where it is from
 *	licence: MIT
 *	separator: ";"             # of a CSV file: "," ";" "tab"; else it is found out
 *	dates: dmy                 # or mdy: what 03/04/2027 is
 *	rating_max: 6              # ratings go up to this
 *	id_prefix: nj-             # before each id
 *	id: [provider, title]      # for a list without ids: the columns that make one
 *	columns:                   # heading: what it is; "ignore" for nothing
 *	  Kurs: title
 *	constants:                 # for records that do not say it themselves
 *	  country: US
 *	nothing:                   # what stands for "not stated" in a column
 *	  hours: ["0"]
 */
#ifndef CREDBOT_CATALOG_MAPPING_PRIV_H
#define CREDBOT_CATALOG_MAPPING_PRIV_H

#include "bot/catalog/values_priv.h"
#include "credbot/base/faults.h"
#include "credbot/base/str.h"

struct pair {
	struct str key, value;
};

#define MAPPING_PAIRS_MAX 128

struct mapping {
	struct str source, uri, licence, id_prefix;
	char separator; /* 0: find out */
	enum date_order dates;
	double rating_max;
	struct pair columns[MAPPING_PAIRS_MAX];
	size_t n_columns;
	struct pair constants[MAPPING_PAIRS_MAX];
	size_t n_constants;
	struct pair nothing[MAPPING_PAIRS_MAX]; /* a pair for each value */
	size_t n_nothing;
	struct str id[8]; /* columns */
	size_t n_id;
};

void mapping_init(struct mapping *m);
/* RC_INVALID: faults were added. Texts live in a. */
enum rc mapping_load(struct mapping *m, struct arena *a, const char *path,
    struct faults *faults);

/* NULL if there is none. */
const struct str *mapping_column(const struct mapping *m, struct str heading);
bool mapping_is_nothing(const struct mapping *m, const char *column, struct str value);

/* The names that a column can be given: columns.c. */
bool column_known(struct str name);
const char *column_nearest(struct str name);

#endif
