/*
 * vocab_index.c - the words and phrases of a vocabulary: hash tables of words and of the
 * edges of a trie, and words with letters left out for those that are misspelt.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/vocab_priv.h"
#include "credbot/base/alloc.h"

/* Shorter words are not repaired: "pilot" is near to many, "IT" to all. */
#define REPAIR_MIN 5
#define REPAIR_MAX 24
/* From so many letters on two slips are forgiven. */
#define REPAIR_LONG 8
/* Longest phrase of any list, with room. */
#define PHRASE_MAX 12

static uint32_t
hash_add(uint32_t h, char c)
{
	return (h ^ (unsigned char)c) * 16777619U; /* FNV-1a */
}

/* Of s without the letters i and j. */
static uint32_t
hash_without(struct str s, size_t i, size_t j)
{
	uint32_t h = 2166136261U;

	for (size_t k = 0; k < s.len; k++)
		if (k != i && k != j)
			h = hash_add(h, s.p[k]);
	return h;
}

static uint32_t
hash_of(struct str s)
{
	return hash_without(s, s.len, s.len);
}

static uint64_t
edge_key(uint32_t node, uint32_t word)
{
	return ((uint64_t)node << 32 | word) + 1;
}

static size_t
edge_slot(const struct vocab *v, uint64_t key)
{
	uint64_t h = key * 0x9E3779B97F4A7C15U;

	return (size_t)(h >> 32) & (v->n_edge_slots - 1);
}

/* --- words */

static uint32_t
find_word(const struct vocab *v, struct str text, uint32_t hash)
{
	for (size_t i = hash & (v->n_word_slots - 1);;
	     i = (i + 1) & (v->n_word_slots - 1)) {
		uint32_t w = v->word_slots[i];

		if (w == 0)
			return WORD_NONE;
		if (v->words[w - 1].hash == hash && str_eq(v->words[w - 1].text, text))
			return w - 1;
	}
}

static void
put_word(struct vocab *v, uint32_t index)
{
	size_t i = v->words[index].hash & (v->n_word_slots - 1);

	while (v->word_slots[i] != 0)
		i = (i + 1) & (v->n_word_slots - 1);
	v->word_slots[i] = index + 1;
}

static void
grow_words(struct vocab *v)
{
	free(v->word_slots);
	v->n_word_slots *= 2;
	v->word_slots = xcalloc(v->n_word_slots, sizeof(*v->word_slots));
	for (size_t i = 0; i < v->n_words; i++)
		put_word(v, (uint32_t)i);
}

uint32_t
vocab_add_word(struct vocab *v, struct str text)
{
	uint32_t hash = hash_of(text), w = find_word(v, text, hash);

	if (w != WORD_NONE)
		return w;
	if (v->n_words * 2 >= v->n_word_slots)
		grow_words(v);
	xgrow(&v->words, &v->words_cap, v->n_words + 1);
	v->words[v->n_words] = (struct vocab_word){ .text = arena_str(v->arena, text),
		.hash = hash,
		.same = (uint32_t)v->n_words };
	put_word(v, (uint32_t)v->n_words);
	return (uint32_t)v->n_words++;
}

void
vocab_add_alias(struct vocab *v, struct str text, struct str word)
{
	uint32_t w = vocab_add_word(v, word), other = vocab_add_word(v, text);

	v->words[other].same = w;
}

/* --- the trie */

static uint32_t
find_edge(const struct vocab *v, uint32_t node, uint32_t word)
{
	uint64_t key = edge_key(node, word);

	for (size_t i = edge_slot(v, key);; i = (i + 1) & (v->n_edge_slots - 1)) {
		if (v->edges[i].key == 0)
			return 0;
		if (v->edges[i].key == key)
			return v->edges[i].to;
	}
}

static void
put_edge(struct vocab *v, struct vocab_edge e)
{
	size_t i = edge_slot(v, e.key);

	while (v->edges[i].key != 0)
		i = (i + 1) & (v->n_edge_slots - 1);
	v->edges[i] = e;
}

static void
grow_edges(struct vocab *v)
{
	struct vocab_edge *old = v->edges;
	size_t n = v->n_edge_slots;

	v->n_edge_slots *= 2;
	v->edges = xcalloc(v->n_edge_slots, sizeof(*v->edges));
	for (size_t i = 0; i < n; i++)
		if (old[i].key != 0)
			put_edge(v, old[i]);
	free(old);
}

static uint32_t
add_node(struct vocab *v)
{
	xgrow(&v->nodes, &v->nodes_cap, v->n_nodes + 1);
	v->nodes[v->n_nodes] = (struct node){ 0 };
	return (uint32_t)v->n_nodes++;
}

static uint32_t
add_edge(struct vocab *v, uint32_t node, uint32_t word)
{
	uint32_t to = find_edge(v, node, word);

	if (to != 0)
		return to;
	if (v->n_edges * 2 >= v->n_edge_slots)
		grow_edges(v);
	to = add_node(v);
	put_edge(v, (struct vocab_edge){ edge_key(node, word), to });
	v->n_edges++;
	return to;
}

struct node *
vocab_add_phrase(struct vocab *v, struct str text, struct tokens *tokens,
    bool *capitals)
{
	uint32_t node = 0, word;
	size_t words = 0;

	token_read(tokens, text);
	*capitals = token_is_capitals(text);
	for (size_t i = 0; i < tokens->n; i++) {
		if (tokens->v[i].kind == TOKEN_SIGN)
			continue;
		if (tokens->v[i].kind == TOKEN_QUOTE || ++words > PHRASE_MAX)
			return NULL;
		word = vocab_add_word(v, tokens->v[i].text);
		node = add_edge(v, node, v->words[word].same);
	}
	return words == 0 ? NULL : &v->nodes[node];
}

void
vocab_add_term(struct vocab *v, struct node *node, const struct term *term)
{
	xgrow(&v->terms, &v->terms_cap, v->n_terms + 1);
	v->terms[v->n_terms] = *term;
	v->terms[v->n_terms].next = node->terms;
	node->terms = (uint32_t)v->n_terms++;
}

void
vocab_index_init(struct vocab *v)
{
	v->n_word_slots = 4096;
	v->word_slots = xcalloc(v->n_word_slots, sizeof(*v->word_slots));
	v->n_edge_slots = 8192;
	v->edges = xcalloc(v->n_edge_slots, sizeof(*v->edges));
	(void)add_node(v); /* the root */
	xgrow(&v->terms, &v->terms_cap, 1);
	v->terms[v->n_terms++] = (struct term){ 0 }; /* index 0 means none */
}

void
vocab_index_fini(struct vocab *v)
{
	free(v->words);
	free(v->word_slots);
	free(v->edges);
	free(v->nodes);
	free(v->terms);
	free(v->deletes);
}

/* --- misspelt words */

static bool
is_repairable(struct str s)
{
	if (s.len < REPAIR_MIN || s.len > REPAIR_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < 'a' || s.p[i] > 'z')
			return false;
	return true;
}

typedef void delete_fn(void *arg, uint32_t hash);

static void
each_delete(struct str s, delete_fn *fn, void *arg)
{
	fn(arg, hash_of(s));
	for (size_t i = 0; i < s.len; i++) {
		fn(arg, hash_without(s, i, s.len));
		for (size_t j = i + 1; s.len >= REPAIR_LONG && j < s.len; j++)
			fn(arg, hash_without(s, i, j));
	}
}

struct listing {
	struct vocab *v;
	uint32_t word;
};

static void
list_delete(void *arg, uint32_t hash)
{
	struct listing *l = arg;
	struct vocab *v = l->v;

	xgrow(&v->deletes, &v->deletes_cap, v->n_deletes + 1);
	v->deletes[v->n_deletes++] = (struct vocab_delete){ hash, l->word };
}

static int
by_hash(const void *a, const void *b)
{
	const struct vocab_delete *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->word < y->word ? -1 : x->word > y->word;
}

void
vocab_index_deletes(struct vocab *v)
{
	struct listing l = { .v = v };
	size_t n = 0;

	for (l.word = 0; l.word < v->n_words; l.word++)
		if (!v->words[l.word].ordinary && is_repairable(v->words[l.word].text))
			each_delete(v->words[l.word].text, list_delete, &l);
	if (v->n_deletes == 0)
		return;
	qsort(v->deletes, v->n_deletes, sizeof(*v->deletes), by_hash);
	for (size_t i = 0; i < v->n_deletes;
	     i++) /* "aab" without either a is the same */
		if (n == 0 || by_hash(&v->deletes[i], &v->deletes[n - 1]) != 0)
			v->deletes[n++] = v->deletes[i];
	v->n_deletes = n;
	v->deletes_cap = n;
	v->deletes = xrealloc(v->deletes, n * sizeof(*v->deletes));
}

struct search {
	const struct vocab *v;
	struct str word;
	unsigned limit, best;
	uint32_t found;
};

static size_t
first_delete(const struct vocab *v, uint32_t hash)
{
	size_t low = 0, high = v->n_deletes;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (v->deletes[mid].hash < hash)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
try_delete(void *arg, uint32_t hash)
{
	struct search *s = arg;
	const struct vocab *v = s->v;

	for (size_t i = first_delete(v, hash);
	     i < v->n_deletes && v->deletes[i].hash == hash; i++) {
		uint32_t w = v->deletes[i].word;
		unsigned d = str_distance(s->word, v->words[w].text, s->limit);
		bool same_start = v->words[w].text.p[0] == s->word.p[0];

		/* A slip in the first letter is rare: one more counts there. */
		if (d > s->limit || (!same_start && ++d > s->limit + 1) || d >= s->best)
			continue;
		s->best = d;
		s->found = w;
	}
}

static uint32_t
repair(const struct vocab *v, struct str text)
{
	struct search s = { .v = v, .word = text, .best = 3, .found = WORD_NONE };

	if (!is_repairable(text))
		return WORD_NONE;
	s.limit = text.len >= REPAIR_LONG ? 2 : 1;
	each_delete(text, try_delete, &s);
	return s.found;
}

static uint32_t
read_word(const struct vocab *v, struct str text)
{
	uint32_t w = find_word(v, text, hash_of(text));

	if (w == WORD_NONE && text.len > 3 && text.p[text.len - 1] == 's') {
		text.len--;
		w = find_word(v, text, hash_of(text));
		if (w != WORD_NONE)
			return w;
		text.len++;
	}
	return w != WORD_NONE ? w : repair(v, text);
}

static uint32_t
same_word(const struct vocab *v, uint32_t word)
{
	return word == WORD_NONE ? word : v->words[word].same;
}

void
vocab_words(const struct vocab *v, const struct tokens *t, uint32_t words[TOKENS_MAX])
{
	for (size_t i = 0; i < t->n; i++) {
		const struct token *k = &t->v[i];

		if (k->kind == TOKEN_WORD)
			words[i] = same_word(v, read_word(v, k->text));
		else if (k->kind == TOKEN_NUMBER)
			words[i] = find_word(v, k->text, hash_of(k->text));
		else
			words[i] = WORD_NONE;
	}
}

bool
vocab_is_common(const struct vocab *v, uint32_t word)
{
	return word != WORD_NONE && v->words[word].common;
}

const struct term *
vocab_term(const struct vocab *v, uint32_t index)
{
	return index == 0 ? NULL : &v->terms[index];
}

const struct term *
vocab_meaning(const struct vocab *v, const struct node *node, enum term_kind kind,
    bool capitals)
{
	for (uint32_t i = node->terms; i != 0; i = v->terms[i].next)
		if (v->terms[i].kind == kind && (capitals || !v->terms[i].capitals))
			return &v->terms[i];
	return NULL;
}

static bool
has_meaning(const struct vocab *v, const struct node *node, bool capitals)
{
	if (node->cues != 0)
		return true;
	for (uint32_t i = node->terms; i != 0; i = v->terms[i].next)
		if (capitals || !v->terms[i].capitals)
			return true;
	return false;
}

struct match
vocab_match(const struct vocab *v, const struct tokens *t,
    const uint32_t words[TOKENS_MAX], size_t i, size_t max)
{
	struct match m = { NULL, 0 };
	uint32_t node = 0;

	for (size_t n = 0; n < max && i + n < t->n && words[i + n] != WORD_NONE; n++) {
		node = find_edge(v, node, words[i + n]);
		if (node == 0)
			break;
		if (has_meaning(v, &v->nodes[node], t->v[i].capitals))
			m = (struct match){ &v->nodes[node], n + 1 };
	}
	return m;
}
