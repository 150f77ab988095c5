/*
 * mapping.c - reads a mapping file.
 */
#include <stdlib.h>

#include "bot/catalog/mapping_priv.h"
#include "credbot/base/yaml.h"

static const char *const keys[] = { "columns", "constants", "dates", "id", "id_prefix",
	"licence", "nothing", "rating_max", "separator", "source", "uri", NULL };

void
mapping_init(struct mapping *m)
{
	*m = (struct mapping){ .rating_max = 5 };
}

static void
check_column(const struct yaml *y, struct faults *faults)
{
	const char *near;

	if (column_known(y->text))
		return;
	near = column_nearest(y->text);
	faults_add(faults, y->at, "\"%.*s\" is no column of the catalog%s%s%s",
	    STR_ARG(y->text), near == NULL ? "" : "; did you mean ",
	    near == NULL ? "" : near, near == NULL ? "" : "?");
}

static bool
is_scalar(const struct yaml *y, const char *what, struct faults *faults)
{
	if (y->kind == YAML_SCALAR)
		return true;
	faults_add(faults, y->at, "%s must be a single value", what);
	return false;
}

static void
add_pair(struct pair *to, size_t *n, const struct yaml *key, const struct yaml *value,
    struct faults *faults)
{
	if (!is_scalar(value, "this", faults))
		return;
	if (*n == MAPPING_PAIRS_MAX)
		faults_add(faults, value->at, "more than %d", MAPPING_PAIRS_MAX);
	else
		to[(*n)++] = (struct pair){ key->text, value->text };
}

static void
read_columns(struct mapping *m, const struct yaml *y, struct faults *faults)
{
	for (size_t i = 0; y != NULL && i < y->n; i++) {
		add_pair(m->columns, &m->n_columns, y->key[i], y->child[i], faults);
		check_column(y->child[i], faults);
	}
}

static void
read_constants(struct mapping *m, const struct yaml *y, struct faults *faults)
{
	for (size_t i = 0; y != NULL && i < y->n; i++) {
		add_pair(m->constants, &m->n_constants, y->key[i], y->child[i], faults);
		check_column(y->key[i], faults);
	}
}

static void
read_nothing(struct mapping *m, const struct yaml *y, struct faults *faults)
{
	for (size_t i = 0; y != NULL && i < y->n; i++) {
		const struct yaml *v = y->child[i];

		check_column(y->key[i], faults);
		if (v->kind != YAML_SEQ)
			add_pair(m->nothing, &m->n_nothing, y->key[i], v, faults);
		for (size_t k = 0; v->kind == YAML_SEQ && k < v->n; k++)
			add_pair(m->nothing, &m->n_nothing, y->key[i], v->child[k],
			    faults);
	}
}

static void
read_id(struct mapping *m, const struct yaml *y, struct faults *faults)
{
	if (y == NULL)
		return;
	if (y->kind != YAML_SEQ || y->n == 0 || y->n > ARRAY_LEN(m->id)) {
		faults_add(faults, y->at, "id must be a list of 1 to %zu columns",
		    ARRAY_LEN(m->id));
		return;
	}
	for (size_t i = 0; i < y->n; i++)
		if (is_scalar(y->child[i], "a column", faults)) {
			check_column(y->child[i], faults);
			m->id[m->n_id++] = y->child[i]->text;
		}
}

static void
read_text(const struct yaml *y, const char *key, struct str *out, struct faults *faults)
{
	const struct yaml *v = yaml_get(y, key);

	if (v != NULL && is_scalar(v, key, faults))
		*out = v->text;
}

static void
read_settings(struct mapping *m, const struct yaml *y, struct faults *faults)
{
	struct str separator = { 0 }, dates = { 0 }, max = { 0 };
	const char *why;

	read_text(y, "source", &m->source, faults);
	read_text(y, "uri", &m->uri, faults);
	read_text(y, "licence", &m->licence, faults);
	read_text(y, "id_prefix", &m->id_prefix, faults);
	read_text(y, "separator", &separator, faults);
	read_text(y, "dates", &dates, faults);
	read_text(y, "rating_max", &max, faults);
	if (str_is(separator, "tab"))
		m->separator = '\t';
	else if (separator.len == 1)
		m->separator = separator.p[0];
	else if (separator.len > 0)
		faults_add(faults, yaml_get(y, "separator")->at,
		    "separator must be one character, or tab");
	why = dates.len == 0 ? NULL : value_date_order(dates, &m->dates);
	if (why != NULL)
		faults_add(faults, yaml_get(y, "dates")->at, "\"%.*s\" %s",
		    STR_ARG(dates), why);
	why = max.len == 0 ? NULL : value_number(max, &m->rating_max, NULL);
	if (why != NULL || !(m->rating_max > 0))
		faults_add(faults, yaml_get(y, "rating_max")->at,
		    "rating_max must be a number above 0");
}

enum rc
mapping_load(struct mapping *m, struct arena *a, const char *path,
    struct faults *faults)
{
	size_t before = faults->n;
	struct yaml *y = yaml_load(a, path, faults);

	if (y == NULL)
		return RC_INVALID;
	if (y->kind != YAML_MAP) {
		faults_add(faults, y->at, "must be a map such as \"source: my-list\"");
		return RC_INVALID;
	}
	yaml_check_keys(y, keys, faults);
	read_settings(m, y, faults);
	read_columns(m, yaml_get(y, "columns"), faults);
	read_constants(m, yaml_get(y, "constants"), faults);
	read_nothing(m, yaml_get(y, "nothing"), faults);
	read_id(m, yaml_get(y, "id"), faults);
	return faults->n == before ? RC_OK : RC_INVALID;
}

const struct str *
mapping_column(const struct mapping *m, struct str heading)
{
	for (size_t i = 0; i < m->n_columns; i++)
		if (str_eq(m->columns[i].key, heading))
			return &m->columns[i].value;
	return NULL;
}

bool
mapping_is_nothing(const struct mapping *m, const char *column, struct str value)
{
	for (size_t i = 0; i < m->n_nothing; i++)
		if (str_is(m->nothing[i].key, column) &&
		    str_eq(m->nothing[i].value, value))
			return true;
	return false;
}
