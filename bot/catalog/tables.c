/*
 * tables.c - reads what a search is made with: fields, synonyms, rates.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/search_words_priv.h"
#include "bot/catalog/tables_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/file.h"
#include "credbot/base/yaml.h"
#include "credbot/catalog/wish_map.h"

struct loading {
	struct catalog_tables *t;
	struct faults *faults;
	struct buf fold;
};

static bool
add_word(void *arg, struct str word)
{
	struct tables_phrase *p = arg;

	if (p->n < TABLES_PHRASE_MAX)
		p->word[p->n] = word;
	p->n++;
	return true;
}

/* The words of y as a phrase of group, found by its first word; NULL after a fault. */
static const struct tables_phrase *
add_phrase(struct loading *l, struct map *by_first, const struct yaml *y, size_t group)
{
	struct tables_phrase *p = arena_zalloc(l->t->a, 1, sizeof(*p));
	struct buf joined = { 0 };

	if (y->kind == YAML_SCALAR)
		search_words(y->text, &l->fold, add_word, p);
	if (p->n == 0 || p->n > TABLES_PHRASE_MAX) {
		faults_add(l->faults, y->at, "needs one to %d words",
		    TABLES_PHRASE_MAX);
		return NULL;
	}
	buf_clear(&joined);
	buf_addc(&joined, TABLES_PHRASE);
	for (size_t i = 0; i < p->n; i++) {
		p->word[i] = arena_str(l->t->a, p->word[i]);
		buf_printf(&joined, "%s%.*s", i == 0 ? "" : " ", STR_ARG(p->word[i]));
	}
	p->as_word = arena_cstr(l->t->a, buf_str(&joined));
	buf_fini(&joined);
	p->group = group;
	p->next = map_put(by_first, p->word[0], p);
	return p;
}

static const char *
text_of(struct loading *l, const struct yaml *map, const char *key)
{
	const struct yaml *y = yaml_get(map, key);

	return y == NULL || y->kind != YAML_SCALAR ? NULL
	                                           : arena_cstr(l->t->a, y->text);
}

static void
add_codes(struct loading *l, const struct yaml *y, const char *before, size_t field)
{
	struct catalog_tables *t = l->t;
	size_t cap = t->n_codes;

	for (size_t i = 0; y != NULL && i < y->n; i++) {
		xgrow(&t->codes, &cap, t->n_codes + 1);
		t->codes[t->n_codes++] = (struct tables_code){
			arena_printf(t->a, "%s%.*s", before,
			    STR_ARG(y->child[i]->text)),
			field
		};
	}
}

static void
add_field(struct loading *l, const struct yaml *y)
{
	static const char *const keys[] = { "id", "label", "parent", "isced", "cip",
		"title_words", NULL };
	struct catalog_tables *t = l->t;
	size_t at = t->n_fields;
	struct tables_field *f = &t->field[at];
	const struct yaml *words = yaml_get(y, "title_words");
	const char *parent = text_of(l, y, "parent");

	yaml_check_keys(y, keys, l->faults);
	f->id = text_of(l, y, "id");
	f->label = text_of(l, y, "label");
	if (f->id == NULL || f->label == NULL || at + 1 == TABLES_FIELDS_MAX ||
	    !wish_id_known(WISH_FIELD, f->id)) {
		faults_add(l->faults, y->at,
		    "needs an id that wishes know, a label, and room");
		return;
	}
	f->top = parent == NULL;
	f->bits = UINT64_C(1) << at;
	t->n_fields++;
	if (parent != NULL && tables_field_of(t, parent) < 0)
		faults_add(l->faults, y->at, "its parent must stand before it");
	else if (parent != NULL)
		f->bits |= t->field[tables_field_of(t, parent)].bits;
	else
		t->top_bits |= f->bits;
	add_codes(l, yaml_get(y, "isced"), "", at);
	add_codes(l, yaml_get(y, "cip"), "cip:", at);
	for (size_t i = 0; words != NULL && i < words->n; i++)
		(void)add_phrase(l, t->field_words, words->child[i], at);
}

static void
read_fields(struct loading *l, const struct yaml *y)
{
	for (size_t i = 0; i < y->n; i++)
		add_field(l, y->child[i]);
}

static void
read_manner(struct loading *l, const struct yaml *y, enum tables_word kind)
{
	for (size_t i = 0; y != NULL && i < y->n; i++)
		(void)map_put(l->t->manner, y->child[i]->text, (void *)(uintptr_t)kind);
}

static void
read_synonyms(struct loading *l, const struct yaml *y)
{
	static const char *const keys[] = { "same", "stop", "weak", NULL };
	const struct yaml *same = yaml_get(y, "same");
	struct catalog_tables *t = l->t;

	yaml_check_keys(y, keys, l->faults);
	read_manner(l, yaml_get(y, "stop"), WORD_STOP);
	read_manner(l, yaml_get(y, "weak"), WORD_WEAK);
	if (same == NULL)
		return;
	t->lines = arena_zalloc(t->a, same->n, sizeof(*t->lines));
	for (size_t i = 0; i < same->n; i++) {
		const struct yaml *line = same->child[i];
		struct tables_line *out = &t->lines[t->n_lines];

		out->at = arena_zalloc(t->a, line->n, sizeof(void *));
		for (size_t j = 0; j < line->n; j++) {
			const struct tables_phrase *p = add_phrase(l, t->same,
			    line->child[j], t->n_lines);

			if (p != NULL)
				out->at[out->n++] = p;
		}
		t->n_lines++;
	}
}

static void
read_rates(struct loading *l, const struct yaml *y)
{
	static const char *const keys[] = { "date", "base", "rates", NULL };
	const struct yaml *rates = yaml_get(y, "rates");
	struct catalog_tables *t = l->t;

	yaml_check_keys(y, keys, l->faults);
	t->rates_date = text_of(l, y, "date");
	if (t->rates_date == NULL || rates == NULL) {
		faults_add(l->faults, y->at, "needs a date and rates");
		t->rates_date = "";
		return;
	}
	t->n_currencies = 2;
	(void)snprintf(t->currency[1], sizeof(t->currency[1]), "EUR");
	t->rate[1] = 1;
	for (size_t i = 0; i < rates->n && t->n_currencies < TABLES_CURRENCIES_MAX;
	     i++) {
		const char *value = arena_cstr(t->a, rates->child[i]->text);
		char *end;
		double rate = strtod(value, &end);

		if (*end != '\0' || !(rate > 1e-6 && rate < 1e9) ||
		    rates->key[i]->text.len != 3) {
			faults_add(l->faults, rates->child[i]->at,
			    "needs a number of units for one euro");
			continue;
		}
		memcpy(t->currency[t->n_currencies], rates->key[i]->text.p, 3);
		t->rate[t->n_currencies++] = rate;
	}
}

static void
read_file(struct loading *l, const char *data_dir, const char *name,
    void (*read)(struct loading *l, const struct yaml *y))
{
	struct buf path = { 0 }, text = { 0 };
	struct err err = { "" };
	struct yaml *y = NULL;

	buf_printf(&path, "%s/vocab/%s", data_dir, name);
	if (file_read(buf_cstr(&path), YAML_SIZE_MAX, &text, &err) != RC_OK)
		faults_add_err(l->faults, buf_cstr(&path), &err);
	else
		y = yaml_parse(l->t->a, buf_cstr(&path), 1,
		    arena_str(l->t->a, buf_str(&text)), l->faults);
	l->t->hash = l->t->hash * 31 + search_hash(buf_str(&text));
	if (y != NULL)
		read(l, y);
	buf_fini(&text);
	buf_fini(&path);
}

struct catalog_tables *
catalog_tables_load(const char *data_dir, struct faults *faults)
{
	struct loading l = { xcalloc(1, sizeof(*l.t)), faults, { 0 } };
	size_t before = faults->n;

	l.t->a = arena_new();
	l.t->field_words = map_new();
	l.t->same = map_new();
	l.t->manner = map_new();
	l.t->rates_date = "";
	read_file(&l, data_dir, "fields.yaml", read_fields);
	read_file(&l, data_dir, "synonyms.yaml", read_synonyms);
	read_file(&l, data_dir, "rates.yaml", read_rates);
	buf_fini(&l.fold);
	if (faults->n > before) {
		catalog_tables_free(l.t);
		return NULL;
	}
	return l.t;
}

void
catalog_tables_free(struct catalog_tables *t)
{
	if (t == NULL)
		return;
	map_free(t->field_words);
	map_free(t->same);
	map_free(t->manner);
	free(t->codes);
	arena_free(t->a);
	free(t);
}

const char *
catalog_rates_date(const struct catalog_tables *t)
{
	return t->rates_date;
}

enum tables_word
tables_word_is(const struct catalog_tables *t, struct str word)
{
	return (enum tables_word)(uintptr_t)map_get(t->manner, word);
}

int
tables_field_of(const struct catalog_tables *t, const char *id)
{
	for (size_t i = 0; i < t->n_fields; i++)
		if (strcmp(t->field[i].id, id) == 0)
			return (int)i;
	return -1;
}

uint64_t
tables_code_fields(const struct catalog_tables *t, const char *code)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < t->n_codes; i++)
		if (strncmp(code, t->codes[i].prefix, strlen(t->codes[i].prefix)) == 0)
			bits |= t->field[t->codes[i].field].bits;
	return bits;
}

size_t
tables_currency(const struct catalog_tables *t, const char *code)
{
	for (size_t i = 1; code[0] != '\0' && i < t->n_currencies; i++)
		if (strcmp(t->currency[i], code) == 0)
			return i;
	return 0;
}

double
tables_convert(const struct catalog_tables *t, double minor, size_t from, size_t to)
{
	static const double units[] = { 1, 10, 100, 1000, 10000 };
	int have = wish_currency_digits(t->currency[from]);
	int want = wish_currency_digits(t->currency[to]);

	if (from == to)
		return minor;
	return minor / units[have & 3] / t->rate[from] * t->rate[to] * units[want & 3];
}
