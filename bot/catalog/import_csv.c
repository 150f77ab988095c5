/*
 * import_csv.c - programs out of a CSV file: one row, one program.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/columns_priv.h"
#include "bot/catalog/csv_priv.h"
#include "bot/catalog/draft_priv.h"
#include "bot/catalog/import_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/utf8.h"

#define COLUMNS_MAX 500
/* How often the progress is told, in rows. */
#define PROGRESS_ROWS 2048

struct heading {
	const char *text;
	const struct column *column; /* NULL: not understood */
	char currency[4];            /* in the heading */
	int constant;                /* of the mapping, if this cell is empty; -1 */
};

struct csv_import {
	struct importing *im;
	struct arena *a; /* of the file */
	struct input in;
	struct csv csv;
	struct heading *headings;
	size_t n;
	struct buf extra;
	size_t rows;
};

static int
constant_of(const struct mapping *m, const char *column)
{
	for (size_t i = 0; i < m->n_constants; i++)
		if (str_is(m->constants[i].key, column))
			return (int)i;
	return -1;
}

static void
understand(struct csv_import *c, struct heading *h, struct str text)
{
	const struct mapping *m = c->im->map;
	const struct str *name = mapping_column(m, text);
	const char *clean = draft_line(c->a, text);

	h->text = clean == NULL ? "" : clean;
	h->constant = -1;
	if (name != NULL)
		h->column = column_named(*name);
	else
		h->column = column_of_heading(text, h->currency);
	if (h->column != NULL)
		h->constant = constant_of(m, h->column->name);
}

static bool
has_column(const struct csv_import *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->headings[i].column != NULL &&
		    strcmp(c->headings[i].column->name, name) == 0)
			return true;
	return false;
}

static bool
check_map(struct csv_import *c)
{
	const struct mapping *m = c->im->map;

	for (size_t i = 0; i < m->n_columns; i++) {
		bool there = false;

		for (size_t k = 0; k < c->n; k++)
			there = there || str_is(m->columns[i].key, c->headings[k].text);
		if (!there)
			return import_fail(c->im,
			    "no column is named \"%.*s\", as the mapping has it",
			    STR_ARG(m->columns[i].key));
	}
	return true;
}

static bool
read_headings(struct csv_import *c)
{
	enum rc rc = csv_next(&c->csv);
	struct buf list = { 0 };

	if (rc == RC_NOTFOUND)
		return import_fail(c->im, "is empty");
	if (rc != RC_OK)
		return false;
	if (c->csv.n > COLUMNS_MAX)
		return import_fail(c->im, "has more than %d columns", COLUMNS_MAX);
	if (!utf8_valid(buf_str(&c->csv.text)))
		return import_fail(c->im,
		    "its headings are not UTF-8; save it as UTF-8");
	c->n = c->csv.n;
	c->headings = arena_zalloc(c->a, c->n, sizeof(*c->headings));
	for (size_t i = 0; i < c->n; i++) {
		understand(c, &c->headings[i], csv_cell(&c->csv, i));
		buf_printf(&list, "%s%s", i == 0 ? "" : ", ", c->headings[i].text);
	}
	if (!check_map(c)) {
		buf_fini(&list);
		return false;
	}
	if (!has_column(c, "title")) {
		struct str shown = utf8_cut(buf_str(&list), 120);

		(void)import_fail(c->im,
		    "no column is the title (its headings: %.*s); say which one is "
		    "with "
		    "--map",
		    STR_ARG(shown));
		buf_fini(&list);
		return false;
	}
	buf_fini(&list);
	return true;
}

static void
keep_cell(void *arg, const char *heading, struct str json)
{
	struct csv_import *c = arg;

	import_keep_extra(c->im, &c->extra, heading, json);
}

static void
keep_unknown(struct csv_import *c, const struct heading *h, struct str cell)
{
	const char *text = draft_block(c->im->a, cell);
	struct buf json = { 0 };

	if (text == NULL)
		return;
	buf_add_json(&json, str_of(text));
	keep_cell(c, h->text, buf_str(&json));
	buf_fini(&json);
}

static bool
is_nothing(const struct csv_import *c, const struct column *column, struct str cell)
{
	/* "None" and "-" are texts where texts are expected. */
	return value_is_nothing(cell) ||
	       mapping_is_nothing(c->im->map, column->name, cell);
}

static void
take_price(struct row_reading *row)
{
	struct program_offer o = { .price = row->minor };
	const char *why = NULL;

	row->heading = row->price_heading == NULL ? "price_minor" : row->price_heading;
	if (row->price.len > 0)
		why = value_money(row->price, row->p->provider_country, row->currency,
		    &o.price);
	else if (o.price > 0 && row->currency[0] == '\0')
		why = "has no currency";
	if (why != NULL) {
		struct str shown = utf8_cut(row->price, 60);

		remarks_add(row->r,
		    why == value_unclear ? REMARK_UNCLEAR : REMARK_WRONG, row->heading,
		    "\"%.*s\" %s", STR_ARG(shown), why);
		return;
	}
	if (o.price == MONEY_UNKNOWN)
		return;
	memcpy(o.currency, row->currency, sizeof(o.currency));
	(void)draft_offer(row->a, row->p, o);
}

static void
take_cells(struct csv_import *c, struct row_reading *row)
{
	const struct mapping *m = c->im->map;
	bool given[MAPPING_PAIRS_MAX] = { false };

	for (size_t i = 0; i < c->n; i++) {
		const struct heading *h = &c->headings[i];
		struct str cell = csv_cell(&c->csv, i);

		if (cell.len == 0)
			continue;
		if (h->column == NULL) {
			keep_unknown(c, h, cell);
			continue;
		}
		if (is_nothing(c, h->column, cell))
			continue;
		row->heading = h->text;
		h->column->read(row, cell);
		if (h->currency[0] != '\0' && row->currency[0] == '\0')
			memcpy(row->currency, h->currency, sizeof(row->currency));
		if (h->constant >= 0)
			given[h->constant] = true;
	}
	for (size_t i = 0; i < m->n_constants; i++) {
		const struct column *column = column_named(m->constants[i].key);

		row->heading = column->name;
		if (!given[i])
			column->read(row, m->constants[i].value);
	}
}

static void
make_id(struct csv_import *c)
{
	const struct mapping *m = c->im->map;
	const char *texts[ARRAY_LEN(m->id)] = { NULL };

	if (m->n_id == 0)
		return;
	for (size_t i = 0; i < m->n_id; i++)
		for (size_t k = 0; k < c->n; k++)
			if (c->headings[k].column != NULL &&
			    str_is(m->id[i], c->headings[k].column->name))
				texts[i] = draft_line(c->im->a, csv_cell(&c->csv, k));
	c->im->p.id = import_make_id(c->im->a, texts, m->n_id);
}

static bool
check_row(struct csv_import *c)
{
	struct remarks *r = &c->im->r;

	if (c->csv.torn)
		remarks_add(r, REMARK_WRONG, "row", "has text behind a closing quote");
	if (c->csv.n != c->n)
		remarks_add(r, REMARK_WRONG, "row",
		    "has %zu cells, and there are %zu headings", c->csv.n, c->n);
	if (!utf8_valid(buf_str(&c->csv.text)))
		for (size_t i = 0; i < c->csv.n && i < c->n; i++)
			if (!utf8_valid(csv_cell(&c->csv, i)))
				remarks_add(r, REMARK_WRONG, c->headings[i].text,
				    "is not UTF-8; save the file as UTF-8");
	return r->wrong == 0;
}

static bool
take_row(struct csv_import *c)
{
	struct importing *im = c->im;
	struct row_reading row;

	import_begin(im, c->csv.line);
	row = (struct row_reading){ .a = im->a,
		.p = &im->p,
		.r = &im->r,
		.map = im->map,
		.lang = "",
		.minor = MONEY_UNKNOWN,
		.keep = keep_cell,
		.arg = c };
	if (check_row(c)) {
		take_cells(c, &row);
		take_price(&row);
		make_id(c);
		if (row.run.start != NULL || row.run.end != NULL ||
		    row.run.deadline != NULL || row.run.place != NULL)
			(void)draft_run(im->a, &im->p, row.run);
		import_set_extra(im, &c->extra);
	} else if (has_column(c, "id")) {
		/* Which one it is, so that what is in the catalog of it stays. */
		for (size_t i = 0; i < c->n && i < c->csv.n; i++)
			if (c->headings[i].column != NULL &&
			    strcmp(c->headings[i].column->name, "id") == 0)
				im->p.id = draft_line(im->a, csv_cell(&c->csv, i));
	}
	if (++c->rows % PROGRESS_ROWS == 0 && im->o->progress != NULL)
		im->o->progress(im->o->arg, im->file, c->in.taken, c->in.size);
	return import_end(im);
}

enum rc
import_csv(struct importing *im)
{
	struct csv_import *c;
	enum rc rc;

	c = xcalloc(1, sizeof(*c));
	c->im = im;
	rc = input_open(&c->in, im->file, im->err);
	if (rc != RC_OK) {
		free(c);
		return rc;
	}
	c->a = arena_new();
	csv_init(&c->csv, &c->in, im->map->separator);
	if (read_headings(c))
		while (csv_next(&c->csv) == RC_OK && take_row(c))
			;
	if (c->in.rc != RC_OK) {
		im->rc = c->in.rc;
		err_set(im->err, "%s", c->in.err.text);
	}
	csv_fini(&c->csv);
	input_close(&c->in);
	buf_fini(&c->extra);
	arena_free(c->a);
	free(c);
	return im->rc;
}
