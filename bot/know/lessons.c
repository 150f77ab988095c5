/*
 * lessons.c - everything that teaches the bot to understand.
 */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bot/know/variants.h"
#include "credbot/base/alloc.h"
#include "credbot/base/buf.h"
#include "credbot/base/file.h"
#include "credbot/base/map.h"
#include "credbot/base/utf8.h"
#include "credbot/know/kb.h"
#include "credbot/know/lessons.h"
#include "credbot/nlu/classify.h"
#include "credbot/nlu/train.h"

/* Fewer phrases teach an intent badly; see docs/INTENTS.md. */
#define PHRASES_MIN 25
/* What a student types into a messenger in one go. */
#define EXAMPLE_MAX 400
/* Variants of an article's questions, and of how long ones: in longer ones a word more or
 * less decides nothing. */
#define VARIANTS_MAX 8
#define VARIANT_OF_MAX 90

static const char out_of_scope[] = "out-of-scope";

struct lessons {
	struct arena *arena;
	struct lesson *examples;
	size_t n, cap;
	size_t n_variants; /* the last of them */
	struct stand_in *stand_ins;
	size_t n_stand_ins, stand_ins_cap;
	char hash[LESSONS_HASH_MAX];
};

/* What a text was found to mean first, and where. */
struct meaning {
	const char *label;
	struct place at;
};

struct building {
	struct lessons *lessons;
	struct map *labels;   /* id -> the label, one pointer for each */
	struct map *topics;   /* id -> (any) */
	struct map *meanings; /* folded words -> struct meaning */
	bool complete;        /* all files could be read */
	struct faults *faults;
};

static const char *
label_of(const struct building *b, struct str id)
{
	return map_get(b->labels, id);
}

static void
add_label(struct building *b, const char *id)
{
	const char *label = strcmp(id, out_of_scope) == 0 ? NLU_OOS : id;

	(void)map_put(b->labels, str_of(id), arena_strdup(b->lessons->arena, label));
}

/* The words alone, so that the same question is found whatever its punctuation. */
static struct buf
words_of(struct str text)
{
	struct buf folded = { 0 }, out = { 0 };
	struct str rest;
	int32_t rune;

	utf8_fold(text, &folded);
	rest = buf_str(&folded);
	while ((rune = utf8_next(&rest)) >= 0) {
		if (utf8_is_letter(rune) || utf8_is_digit(rune))
			buf_add_rune(&out, rune);
		else if (out.len > 0 && out.data[out.len - 1] != ' ')
			buf_addc(&out, ' ');
	}
	buf_fini(&folded);
	return out;
}

/* A text may stand in several files, but always with the same meaning. */
static bool
means_one_thing(struct building *b, const char *label, const struct yaml *y)
{
	struct buf words = words_of(y->text);
	struct str key = str_trim(buf_str(&words));
	struct meaning *m;
	bool good = true;

	/* Emoji and dots have no words; they are compared as they stand. */
	if (key.len == 0)
		key = y->text;
	m = map_get(b->meanings, key);
	if (m == NULL) {
		m = arena_alloc(b->lessons->arena, sizeof(*m));
		*m = (struct meaning){ label, y->at };
		m->at.file = arena_strdup(b->lessons->arena, y->at.file);
		(void)map_put(b->meanings, key, m);
	} else if (m->label != label) {
		good = false;
		faults_add(b->faults, y->at, "\"%.*s\" means %s here, but %s at %s:%d",
		    STR_ARG(y->text), label, m->label, m->at.file, m->at.line);
	}
	buf_fini(&words);
	return good;
}

static void
keep(struct lessons *c, const char *label, struct str text)
{
	xgrow(&c->examples, &c->cap, c->n + 1);
	c->examples[c->n++] = (struct lesson){ label, arena_str(c->arena, text) };
}

static void
add_example(struct building *b, const char *label, const struct yaml *y)
{
	if (y->kind != YAML_SCALAR || str_trim(y->text).len == 0) {
		faults_add(b->faults, y->at, "expected a text in quotes");
		return;
	}
	if (y->text.len > EXAMPLE_MAX) {
		faults_add(b->faults, y->at, "longer than %d bytes", EXAMPLE_MAX);
		return;
	}
	if (means_one_thing(b, label, y))
		keep(b->lessons, label, y->text);
}

static void
add_list(struct building *b, const char *label, const struct yaml *root,
    const char *key, size_t min)
{
	const struct yaml *list = yaml_get(root, key);

	if (list == NULL || list->kind != YAML_SEQ) {
		faults_add(b->faults, list == NULL ? root->at : list->at,
		    "\"%s:\" must be a list", key);
		return;
	}
	if (list->n < min)
		faults_add(b->faults, list->at, "%zu %s, at least %zu are needed",
		    list->n, key, min);
	for (size_t i = 0; i < list->n; i++)
		add_example(b, label, list->child[i]);
}

/* Near misses: { text: ..., is: ... } */
static void
add_near_misses(struct building *b, const char *own, const struct yaml *root)
{
	static const char *const keys[] = { "text", "is", NULL };
	const struct yaml *list = yaml_get(root, "not");

	if (yaml_is_null(list))
		return;
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml *y = list->child[i], *text, *is;
		const char *label;

		yaml_check_keys(y, keys, b->faults);
		text = yaml_get(y, "text");
		is = yaml_get(y, "is");
		if (text == NULL || is == NULL) {
			faults_add(b->faults, y->at, "expected {text: ..., is: ...}");
			continue;
		}
		label = label_of(b, is->text);
		if (label == NULL)
			faults_add(b->faults, is->at,
			    "unknown topic or intent \"%.*s\"", STR_ARG(is->text));
		else if (label == own)
			faults_add(b->faults, is->at,
			    "a near miss must belong to something else");
		else
			add_example(b, label, text);
	}
}

/* Whether text was no example before; then it is one from now on. */
static bool
is_new(struct building *b, const char *label, struct str text)
{
	struct buf words = words_of(text);
	struct str key = str_trim(buf_str(&words));
	bool fresh = map_get(b->meanings, key) == NULL;

	if (fresh) {
		struct meaning *m = arena_zalloc(b->lessons->arena, 1, sizeof(*m));

		m->label = label;
		m->at.file = "";
		(void)map_put(b->meanings, key, m);
	}
	buf_fini(&words);
	return fresh;
}

/* Kinds of micro-credentials differ by the very word that a variant replaces; the service
 * is about the bot. */
static bool
has_variants(const struct article_file *f)
{
	const struct yaml *category = yaml_get(f->front, "category");

	return category != NULL && !str_is(category->text, "types") &&
	       !str_is(category->text, "service");
}

/* Once all texts that people wrote are known: none of them may get a second meaning. */
static void
add_variants(struct building *b, const struct article_file *f)
{
	const struct yaml *list = yaml_get(f->front, "questions");
	const char *label = label_of(b, str_of(f->id));
	struct buf text = { 0 };
	size_t made = 0;

	if (list == NULL || !has_variants(f))
		return;
	for (size_t i = 0; i < list->n && made < VARIANTS_MAX; i++) {
		struct str question = list->child[i]->text;

		buf_clear(&text);
		if (question.len > VARIANT_OF_MAX || !variant_of(question, &text) ||
		    !is_new(b, label, buf_str(&text)))
			continue;
		keep(b->lessons, label, buf_str(&text));
		made++;
	}
	buf_fini(&text);
}

static void
add_article(struct building *b, const struct article_file *f)
{
	const char *label = label_of(b, str_of(f->id));
	const struct yaml *title = yaml_get(f->front, "title");

	if (f->front == NULL) {
		b->complete = false;
		return;
	}
	if (title != NULL && title->kind == YAML_SCALAR)
		add_example(b, label, title);
	add_list(b, label, f->front, "questions", KB_QUESTIONS_MIN);
	add_near_misses(b, label, f->front);
}

static bool
is_builtin(const char *const builtin[], const char *id)
{
	for (size_t i = 0; builtin[i] != NULL; i++)
		if (strcmp(builtin[i], id) == 0)
			return true;
	return false;
}

static void
add_stand_in(struct building *b, const struct phrase_file *f, const struct yaml *y,
    const char *const builtin[])
{
	struct lessons *c = b->lessons;

	if (map_get(b->topics, y->text) == NULL &&
	    !is_builtin(builtin, arena_cstr(c->arena, y->text))) {
		faults_add(b->faults, y->at,
		    "answered_by: \"%.*s\" is no topic and no intent with a handler",
		    STR_ARG(y->text));
		return;
	}
	xgrow(&c->stand_ins, &c->stand_ins_cap, c->n_stand_ins + 1);
	c->stand_ins[c->n_stand_ins++] = (struct stand_in){
		.intent = label_of(b, str_of(f->id)),
		.by = label_of(b, y->text),
	};
}

static void
add_phrases(struct building *b, const struct phrase_file *f,
    const char *const builtin[])
{
	static const char *const keys[] = { "intent", "answered_by", "phrases", "not",
		NULL };
	const char *label = label_of(b, str_of(f->id));
	const struct yaml *intent = yaml_get(f->root, "intent");
	const struct yaml *by = yaml_get(f->root, "answered_by");

	if (f->root == NULL) {
		b->complete = false;
		return;
	}
	yaml_check_keys(f->root, keys, b->faults);
	if (intent == NULL || !str_is(intent->text, f->id))
		faults_add(b->faults, intent == NULL ? f->root->at : intent->at,
		    "\"intent:\" must be %s, as the file is named", f->id);
	if (by != NULL)
		add_stand_in(b, f, by, builtin);
	else if (!is_builtin(builtin, f->id))
		faults_add(b->faults, f->root->at,
		    "no such intent: \"answered_by:\" must say which article answers "
		    "it");
	add_list(b, label, f->root, "phrases", PHRASES_MIN);
	add_near_misses(b, label, f->root);
}

static void
collect_labels(struct building *b, const struct know_files *files,
    const char *const builtin[])
{
	for (size_t i = 0; i < files->n_articles; i++) {
		add_label(b, files->articles[i].id);
		(void)map_put(b->topics, str_of(files->articles[i].id), b);
	}
	for (size_t i = 0; i < files->n_phrases; i++) {
		const struct phrase_file *f = &files->phrases[i];

		if (label_of(b, str_of(f->id)) != NULL)
			faults_add(b->faults, (struct place){ f->path, 1, 1 },
			    "\"%s\" is the id of an article already", f->id);
		else
			add_label(b, f->id);
	}
	for (size_t i = 0; builtin[i] != NULL; i++)
		if (label_of(b, str_of(builtin[i])) == NULL)
			faults_add(b->faults,
			    (struct place){ files->sources_path, 0, 0 },
			    "the intent %s has no phrases: intents/*/%s.yaml is "
			    "missing",
			    builtin[i], builtin[i]);
}

/* Over labels and texts: an edit of an answer's body needs no new model. */
static void
hash(struct lessons *c)
{
	crypto_generichash_state state;
	unsigned char out[32];

	crypto_generichash_init(&state, NULL, 0, sizeof(out));
	for (size_t i = 0; i < c->n; i++) {
		const struct lesson *x = &c->examples[i];

		crypto_generichash_update(&state, (const unsigned char *)x->label,
		    strlen(x->label) + 1);
		crypto_generichash_update(&state, (const unsigned char *)x->text.p,
		    x->text.len + 1); /* copies end with NUL */
	}
	crypto_generichash_final(&state, out, sizeof(out));
	sodium_bin2hex(c->hash, sizeof(c->hash), out, sizeof(out));
}

struct lessons *
lessons_build(const struct know_files *files, const char *const builtin[],
    struct faults *faults)
{
	struct lessons *c = xcalloc(1, sizeof(*c));
	struct building b = { .lessons = c, .complete = true, .faults = faults };
	size_t before = faults->n, written;

	c->arena = arena_new();
	b.labels = map_new();
	b.topics = map_new();
	b.meanings = map_new();
	collect_labels(&b, files, builtin);
	for (size_t i = 0; i < files->n_articles; i++)
		add_article(&b, &files->articles[i]);
	for (size_t i = 0; i < files->n_phrases; i++)
		add_phrases(&b, &files->phrases[i], builtin);
	written = c->n;
	for (size_t i = 0; i < files->n_articles; i++)
		add_variants(&b, &files->articles[i]);
	c->n_variants = c->n - written;
	map_free(b.labels);
	map_free(b.topics);
	map_free(b.meanings);
	if (faults->n > before || !b.complete) {
		lessons_free(c);
		return NULL;
	}
	hash(c);
	return c;
}

void
lessons_free(struct lessons *c)
{
	if (c == NULL)
		return;
	arena_free(c->arena);
	free(c->examples);
	free(c->stand_ins);
	free(c);
}

size_t
lessons_len(const struct lessons *c)
{
	return c->n;
}

size_t
lessons_variants(const struct lessons *c)
{
	return c->n_variants;
}

const struct lesson *
lessons_at(const struct lessons *c, size_t i)
{
	return &c->examples[i];
}

const char *
lessons_hash(const struct lessons *c)
{
	return c->hash;
}

size_t
lessons_stand_ins(const struct lessons *c)
{
	return c->n_stand_ins;
}

const struct stand_in *
lessons_stand_in(const struct lessons *c, size_t i)
{
	return &c->stand_ins[i];
}

enum rc
lessons_train(const struct lessons *c, const char *path, bool (*cancelled)(void *arg),
    void *arg, struct err *err)
{
	struct train_example *examples = xcalloc(c->n + 1, sizeof(*examples));
	struct training t = {
		.examples = examples,
		.n = c->n,
		.n_variants = c->n_variants,
		.sources = c->hash,
		.seed = 1, /* any; the same data gives the same model */
		.cancelled = cancelled,
		.arg = arg,
	};
	struct buf model = { 0 };
	enum rc rc;

	for (size_t i = 0; i < c->n; i++)
		examples[i] = (struct train_example){ c->examples[i].label,
			c->examples[i].text };
	rc = train_model(&t, &model, err);
	if (rc == RC_OK)
		rc = file_write_atomic(path, buf_str(&model), err);
	buf_fini(&model);
	free(examples);
	return rc;
}
