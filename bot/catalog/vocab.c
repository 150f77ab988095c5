/*
 * vocab.c - reads the files of a vocabulary, with everything that can be wrong with them.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/vocab_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/yaml.h"
#include "credbot/catalog/wish_map.h"
#include "credbot/catalog/wish_read.h"

/* In the order of enum cue; NULL ends it. */
static const char *const cue_names[] = { "not", "neutral", "but", "want", "person",
	"self", "home", "from", "for", "here", "to", "background", "no_background",
	"already", "speak", "taught", "learn", "langword", "school", "course",
	"recognised", "max", "min", "about", "budget", "paid", "salary", "per", "range",
	"between", "and", "or", "start", "when", "until", "after", "past", "pace",
	"pace_day", "pace_month", "pace_other", "correction", "add", "out", "from_now",
	"ready", "for_self", "pronoun", "ask", "define", "how_much", "aux", "judge",
	"ask_back", "thing", "kept", "need_not", "folk", NULL };

static const char *const slot_names[] = { "field", "destination", "mode", "language",
	"type", "level", "provider", NULL };

struct value_name {
	const char *name;
	int value;
};

static const struct value_name units[] = {
	{ "days", UNIT_DAYS },
	{ "weeks", UNIT_WEEKS },
	{ "months", UNIT_MONTHS },
	{ "years", UNIT_YEARS },
	{ "semesters", UNIT_SEMESTERS },
	{ "terms", UNIT_TERMS },
	{ "fortnights", UNIT_FORTNIGHTS },
	{ "weekends", UNIT_WEEKENDS },
	{ "hours", UNIT_HOURS },
	{ NULL, 0 },
};

static const struct value_name parts[] = {
	{ "field", WISH_FIELD },
	{ "destination", WISH_DESTINATION },
	{ "mode", WISH_MODE },
	{ "language", WISH_LANGUAGE },
	{ "credential_type", WISH_TYPE },
	{ "level", WISH_LEVEL },
	{ "provider", WISH_PROVIDER },
	{ "max_cost", WISH_PART_COST },
	{ "max_duration", WISH_PART_DURATION },
	{ "hours", WISH_PART_HOURS },
	{ "start", WISH_PART_START },
	{ NULL, 0 },
};

static const struct value_name comparisons[] = {
	{ "cheaper", WISH_CHEAPER },
	{ "dearer", WISH_DEARER },
	{ "shorter", WISH_SHORTER },
	{ "longer", WISH_LONGER },
	{ NULL, 0 },
};

static const struct value_name flags[] = {
	{ "stackable", FLAG_STACKABLE },
	{ "accredited", FLAG_ACCREDITED },
	{ "known_price", FLAG_KNOWN_PRICE },
	{ "unknown_price", FLAG_UNKNOWN_PRICE },
	{ "deadline_open", FLAG_DEADLINE_OPEN },
	{ NULL, 0 },
};

static const struct value_name starts[] = {
	{ "asap", 0 },
	{ "next-month", 0 },
	{ "spring", 0 },
	{ "summer", 0 },
	{ "autumn", 0 },
	{ "winter", 0 },
	{ NULL, 0 },
};

struct loader {
	struct vocab *v;
	struct arena *arena; /* of the trees, which end with loading */
	struct faults *faults;
	const char *folder;
	struct tokens tokens;
};

static const struct value_name *
find_name(const struct value_name *list, struct str name)
{
	for (; list->name != NULL; list++)
		if (str_is(name, list->name))
			return list;
	return NULL;
}

/* The root of a file, which must be a map; NULL after a fault. */
static const struct yaml *
load_map(struct loader *l, const char *name)
{
	const char *path = arena_printf(l->arena, "%s/%s.yaml", l->folder, name);
	const struct yaml *y = yaml_load(l->arena, path, l->faults);

	if (y != NULL && y->kind != YAML_MAP) {
		faults_add(l->faults, y->at, "expected names with their words");
		return NULL;
	}
	return y;
}

static bool
same_meaning(const struct term *a, const struct term *b)
{
	if (a->id != NULL && b->id != NULL)
		return strcmp(a->id, b->id) == 0;
	return a->value >= b->value && a->value <= b->value;
}

/* Adds one phrase with its meaning. A phrase may have meanings of several kinds, but one of
 * each. */
static void
add_phrase(struct loader *l, const struct yaml *y, struct str text,
    const struct term *meaning)
{
	struct term t = *meaning;
	const struct term *other;
	struct node *node = vocab_add_phrase(l->v, text, &l->tokens, &t.capitals);

	if (node == NULL) {
		faults_add(l->faults, y->at, "\"%.*s\" holds no word, or too many",
		    STR_ARG(text));
		return;
	}
	other = vocab_meaning(l->v, node, meaning->kind, true);
	if (other == NULL)
		vocab_add_term(l->v, node, &t);
	else if (same_meaning(other, &t))
		l->v->terms[other - l->v->terms].head |=
		    t.head; /* a label, and a head */
	else
		faults_add(l->faults, y->at,
		    "\"%.*s\" means something else already%s%s", STR_ARG(text),
		    other->id != NULL ? ": " : "", other->id != NULL ? other->id : "");
}

/* All phrases of a list with one meaning. */
static void
add_list(struct loader *l, const struct yaml *y, const struct term *meaning)
{
	if (y->kind != YAML_SEQ) {
		faults_add(l->faults, y->at, "expected a list of words");
		return;
	}
	for (size_t i = 0; i < y->n; i++) {
		if (y->child[i]->kind == YAML_SCALAR)
			add_phrase(l, y->child[i], y->child[i]->text, meaning);
		else
			faults_add(l->faults, y->child[i]->at, "expected words");
	}
}

/* --- things with an id and a label */

static void
add_label(struct loader *l, enum wish_slot slot, const char *id, struct str label)
{
	struct vocab *v = l->v;

	xgrow(&v->labels[slot], &v->labels_cap[slot], v->n_labels[slot] + 1);
	v->labels[slot][v->n_labels[slot]++] = (struct vocab_label){ id,
		arena_cstr(v->arena, label) };
}

/* "the Netherlands" is also found as "netherlands". */
static struct str
without_article(struct str label)
{
	return str_starts(label, "the ") ? str_n(label.p + 4, label.len - 4) : label;
}

/* Words that mean it by the company they keep: see fields.yaml and places.yaml. */
static void
add_kin(struct loader *l, enum wish_slot slot, const struct yaml *y,
    const struct term *meaning)
{
	const struct yaml *people = yaml_get(y, "people"),
			  *heads = yaml_get(y, "heads");
	struct term t = *meaning;

	t.head = true;
	if (heads != NULL)
		add_list(l, heads, &t);
	t.head = false;
	if (slot == WISH_DESTINATION)
		t.kind = TERM_NATION;
	else
		t.person = true;
	if (people != NULL)
		add_list(l, people, &t);
}

static void
add_thing(struct loader *l, enum wish_slot slot, const struct yaml *key,
    const struct yaml *y)
{
	static const char *const known[] = { "label", "words", "people", "place",
		"heads", NULL };
	struct term t = { .kind = (uint8_t)slot };
	const struct yaml *label = yaml_get(y, "label"), *words = yaml_get(y, "words");
	const struct yaml *place = yaml_get(y, "place");

	t.id = arena_cstr(l->v->arena, key->text);
	if (!wish_id_known(slot, t.id)) {
		faults_add(l->faults, key->at, "unknown %s \"%s\"", slot_names[slot],
		    t.id);
		return;
	}
	yaml_check_keys(y, known, l->faults);
	if (label == NULL || label->kind != YAML_SCALAR || label->text.len == 0) {
		faults_add(l->faults, key->at, "%s: \"label:\" is missing", t.id);
		return;
	}
	if (place != NULL)
		t.place = arena_cstr(l->v->arena, place->text);
	if (t.place != NULL && !wish_id_known(WISH_DESTINATION, t.place))
		faults_add(l->faults, place->at, "unknown destination \"%s\"", t.place);
	add_label(l, slot, t.id, label->text);
	t.label = true;
	add_phrase(l, label, label->text, &t);
	add_phrase(l, label, without_article(label->text), &t);
	t.label = false;
	if (words != NULL)
		add_list(l, words, &t);
	add_kin(l, slot, y, &t);
}

static void
add_things(struct loader *l, enum wish_slot slot, const struct yaml *y)
{
	for (size_t i = 0; y != NULL && i < y->n; i++)
		add_thing(l, slot, y->key[i], y->child[i]);
}

static void
load_kinds(struct loader *l)
{
	const struct yaml *y = load_map(l, "kinds");
	static const char *const known[] = { "mode", "language", "type", "level",
		"provider", NULL };

	if (y == NULL)
		return;
	yaml_check_keys(y, known, l->faults);
	for (int slot = WISH_MODE; slot < WISH_SLOTS; slot++)
		add_things(l, (enum wish_slot)slot, yaml_get(y, slot_names[slot]));
}

/* --- cues, and all that stands beside them */

static void
add_cue(struct loader *l, enum cue cue, const struct yaml *y)
{
	bool capitals;

	if (y->kind != YAML_SEQ) {
		faults_add(l->faults, y->at, "expected a list of words");
		return;
	}
	for (size_t i = 0; i < y->n; i++) {
		struct node *node = vocab_add_phrase(l->v, y->child[i]->text,
		    &l->tokens, &capitals);

		if (node == NULL)
			faults_add(l->faults, y->child[i]->at, "expected words");
		else
			node->cues |= CUE_BIT(cue);
	}
}

static void
add_cues(struct loader *l, const struct yaml *y)
{
	if (y == NULL)
		return;
	yaml_check_keys(y, cue_names, l->faults);
	for (int cue = 0; cue < CUES; cue++) {
		const struct yaml *list = yaml_get(y, cue_names[cue]);

		if (list == NULL)
			faults_add(l->faults, y->at, "\"%s:\" is missing",
			    cue_names[cue]);
		else
			add_cue(l, (enum cue)cue, list);
	}
}

/* A map from names of a table to lists of words. */
static void
add_named(struct loader *l, const struct yaml *y, const struct value_name *names,
    enum term_kind kind)
{
	for (size_t i = 0; y != NULL && i < y->n; i++) {
		const struct value_name *name = find_name(names, y->key[i]->text);
		struct term t = { .kind = (uint8_t)kind };

		if (name == NULL) {
			faults_add(l->faults, y->key[i]->at, "unknown name \"%.*s\"",
			    STR_ARG(y->key[i]->text));
			continue;
		}
		t.value = name->value;
		if (kind == TERM_START)
			t.id = name->name;
		add_list(l, y->child[i], &t);
	}
}

/* Each of these is a wish of its own, repeated as it is written here. */
static void
add_unmet(struct loader *l, const struct yaml *y)
{
	struct vocab *v = l->v;

	for (size_t i = 0; y != NULL && i < y->n; i++) {
		for (size_t k = 0; k < y->child[i]->n; k++) {
			const struct yaml *phrase = y->child[i]->child[k];
			struct term t = { .kind = TERM_UNMET };

			if (phrase->kind != YAML_SCALAR)
				continue;
			t.id = arena_cstr(v->arena, phrase->text);
			add_phrase(l, phrase, phrase->text, &t);
			xgrow(&v->unmet, &v->unmet_cap, v->n_unmet + 1);
			v->unmet[v->n_unmet++] = t.id;
		}
	}
}

static void
load_cues(struct loader *l)
{
	static const char *const known[] = { "cue", "clear", "compare", "flag", "unmet",
		NULL };
	const struct yaml *y = load_map(l, "cues");

	if (y == NULL)
		return;
	yaml_check_keys(y, known, l->faults);
	add_cues(l, yaml_get(y, "cue"));
	add_named(l, yaml_get(y, "clear"), parts, TERM_CLEAR);
	add_named(l, yaml_get(y, "compare"), comparisons, TERM_THAN);
	add_named(l, yaml_get(y, "flag"), flags, TERM_FLAG);
	add_unmet(l, yaml_get(y, "unmet"));
}

/* --- amounts */

/* A map from words to numbers. */
static void
add_numbers(struct loader *l, const struct yaml *y, enum term_kind kind, double most)
{
	for (size_t i = 0; y != NULL && i < y->n; i++) {
		struct term t = { .kind = (uint8_t)kind };
		const char *text = arena_cstr(l->arena, y->child[i]->text);
		char *end;

		t.value = strtod(text, &end);
		if (end == text || *end != '\0' || !(t.value >= 0 && t.value <= most))
			faults_add(l->faults, y->child[i]->at,
			    "expected a number from 0 to %g", most);
		else
			add_phrase(l, y->key[i], y->key[i]->text, &t);
	}
}

static bool
is_currency(struct str code)
{
	for (size_t i = 0; i < code.len; i++)
		if (code.p[i] < 'A' || code.p[i] > 'Z')
			return false;
	return code.len == 3;
}

static void
add_currencies(struct loader *l, const struct yaml *y)
{
	for (size_t i = 0; y != NULL && i < y->n; i++) {
		struct term t = { .kind = TERM_CURRENCY };

		t.id = arena_cstr(l->v->arena, y->key[i]->text);
		if (is_currency(y->key[i]->text))
			add_list(l, y->child[i], &t);
		else
			faults_add(l->faults, y->key[i]->at,
			    "expected a currency of three capitals (ISO 4217)");
	}
}

static void
load_amounts(struct loader *l)
{
	static const char *const known[] = { "number", "factor", "currency", "free",
		"unit", "month", "start", NULL };
	const struct term free_term = { .kind = TERM_FREE };
	const struct yaml *y = load_map(l, "amounts"), *list;

	if (y == NULL)
		return;
	yaml_check_keys(y, known, l->faults);
	add_numbers(l, yaml_get(y, "number"), TERM_NUMBER, 1e6);
	add_numbers(l, yaml_get(y, "factor"), TERM_FACTOR, 1e9);
	add_numbers(l, yaml_get(y, "month"), TERM_MONTH, 12);
	add_currencies(l, yaml_get(y, "currency"));
	add_named(l, yaml_get(y, "unit"), units, TERM_UNIT);
	add_named(l, yaml_get(y, "start"), starts, TERM_START);
	list = yaml_get(y, "free");
	if (list != NULL)
		add_list(l, list, &free_term);
}

/* Before all others, since it changes what phrases are made of. */
static void
load_aliases(struct loader *l)
{
	const struct yaml *y = yaml_get(load_map(l, "common"), "alias");

	for (size_t i = 0; y != NULL && i < y->n; i++)
		vocab_add_alias(l->v, y->key[i]->text, y->child[i]->text);
}

/* Words that are never taken for slips of others. common: nor searched for. */
static void
add_right_words(struct loader *l, const struct yaml *y, const char *key, bool common)
{
	const struct yaml *list = yaml_get(y, key);

	if (list == NULL || list->kind != YAML_SEQ) {
		faults_add(l->faults, y->at, "expected a list of words: %s", key);
		return;
	}
	for (size_t i = 0; i < list->n; i++) {
		size_t before = l->v->n_words;
		uint32_t w = vocab_add_word(l->v, list->child[i]->text);

		l->v->words[w].common = l->v->words[w].common || common;
		l->v->words[w].ordinary = !common && w == before;
	}
}

static void
load_common(struct loader *l)
{
	const struct yaml *y = load_map(l, "common");

	if (y == NULL)
		return;
	add_right_words(l, y, "common", true);
	add_right_words(l, y, "ordinary", false);
}

/* Words that are in the phrases alone are no ordinary ones, but small: "at most". */
static void
check_labels(struct loader *l)
{
	for (size_t i = 0; wish_field_nth(i) != NULL; i++)
		if (vocab_label(l->v, WISH_FIELD, wish_field_nth(i)) == NULL)
			faults_add(l->faults,
			    (struct place){
				arena_printf(l->arena, "%s/fields.yaml", l->folder), 0,
				0 },
			    "the field %s is missing", wish_field_nth(i));
}

struct vocab *
vocab_load(const char *dir, const char *lang, struct faults *faults)
{
	struct vocab *v = xcalloc(1, sizeof(*v));
	struct loader *l = xcalloc(1, sizeof(*l));
	size_t before = faults->n;

	v->arena = arena_new();
	vocab_index_init(v);
	l->v = v;
	l->arena = arena_new();
	l->faults = faults;
	l->folder = arena_printf(l->arena, "%s/vocab/%s", dir, lang);
	load_aliases(l);
	add_things(l, WISH_FIELD, load_map(l, "fields"));
	add_things(l, WISH_DESTINATION, load_map(l, "places"));
	load_kinds(l);
	load_cues(l);
	load_amounts(l);
	load_common(l);
	if (faults->n == before)
		check_labels(l);
	vocab_index_deletes(v);
	arena_free(l->arena);
	free(l);
	if (faults->n > before) {
		vocab_free(v);
		return NULL;
	}
	return v;
}

void
vocab_free(struct vocab *v)
{
	if (v == NULL)
		return;
	for (int s = 0; s < WISH_SLOTS; s++)
		free(v->labels[s]);
	free(v->unmet);
	vocab_index_fini(v);
	arena_free(v->arena);
	free(v);
}

const char *
vocab_label(const struct vocab *v, enum wish_slot slot, const char *id)
{
	for (size_t i = 0; i < v->n_labels[slot]; i++)
		if (strcmp(v->labels[slot][i].id, id) == 0)
			return v->labels[slot][i].label;
	return NULL;
}

const char *
vocab_unmet(const struct vocab *v, size_t n)
{
	return n < v->n_unmet ? v->unmet[n] : NULL;
}

const char *
vocab_id(const struct vocab *v, enum wish_slot slot, size_t n)
{
	return n < v->n_labels[slot] ? v->labels[slot][n].id : NULL;
}
