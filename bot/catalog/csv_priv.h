/*
 * csv_priv.h - a CSV file, row after row (RFC 4180, and what spreadsheets make of it).
 *
 * Cells may be in quotes, with line breaks and doubled quotes within. Lines end with CR LF
 * or LF. Empty lines are left out.
 */
#ifndef CREDBOT_CATALOG_CSV_PRIV_H
#define CREDBOT_CATALOG_CSV_PRIV_H

#include "bot/catalog/input_priv.h"
#include "credbot/base/str.h"

struct csv {
	struct input *in; /* borrowed */
	char separator;
	int64_t line; /* where the row begins */
	size_t n;     /* cells */
	bool torn;    /* there was text behind a closing quote */
	/* Private: the texts of all cells, and where each begins. */
	struct buf text;
	size_t *start;
	size_t cap;
};

/* separator 0: the one of ; , tab | that is in the first line most often; a line "sep=;"
 * before it says which, too. */
void csv_init(struct csv *c, struct input *in, char separator);
void csv_fini(struct csv *c);

/* The next row. RC_NOTFOUND: there is none. RC_INVALID: a quote is never closed, or the row
 * is longer than INPUT_RECORD_MAX; RC_IO. in->err says so. */
enum rc csv_next(struct csv *c);
struct str csv_cell(const struct csv *c, size_t i); /* until the next row */

#endif
