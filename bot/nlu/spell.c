/*
 * spell.c - spelling repair when a question comes in.
 *
 * An entry of the index is a word id in the low SPELL_ID_BITS and a few bits of the hash
 * of the word with letters left out, so that most false candidates cost no comparison.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bot/nlu/feature_priv.h"
#include "bot/nlu/hash_priv.h"
#include "bot/nlu/spell_priv.h"
#include "credbot/base/alloc.h"

#define SPELL_ID_BITS 20
#define SPELL_IDS ((uint32_t)1 << SPELL_ID_BITS)
/* From so many letters on a word is indexed with two letters left out as well. */
#define SPELL_TWO_DELETES 7
/* Shorter words are not taken apart: "into" is not "in to". */
#define SPELL_SPLIT_MIN 6
/*
 * What counts for one candidate over another: most people get the first letter right, and
 * "my nmae" is "my name". On CLINC150's validation part with a typing error in 20
 * characters the neighbours are worth 0.2 %, with ten examples a label 0.3 %.
 */
#define SAME_FIRST 2.0f
#define SEEN_BESIDE 5.0f

typedef void delete_fn(void *arg, uint64_t hash);

static uint64_t
hash_without(struct str s, size_t i, size_t j)
{
	uint64_t h = HASH_START;

	for (size_t k = 0; k < s.len; k++)
		if (k != i && k != j)
			h = hash_byte(h, s.p[k]);
	return hash_end(h);
}

/* Calls fn for s with exactly n of its letters left out, in every way. */
static void
each_delete(struct str s, unsigned n, delete_fn *fn, void *arg)
{
	if (n == 0)
		fn(arg, hash_text(s));
	for (size_t i = 0; n > 0 && i < s.len; i++) {
		if (n == 1)
			fn(arg, hash_without(s, i, s.len));
		for (size_t j = i + 1; n == 2 && j < s.len; j++)
			fn(arg, hash_without(s, i, j));
	}
}

static bool
is_spellable(struct str s)
{
	return s.len >= SPELL_OFFER_MIN && s.len <= SPELL_MAX && norm_is_alpha(s);
}

static uint32_t
entry_of(uint64_t hash, uint32_t id)
{
	return (uint32_t)hash << SPELL_ID_BITS | id;
}

struct listing {
	struct delete_of {
		uint64_t hash;
		uint32_t id;
	} * v;
	size_t n, cap;
	uint32_t id;
};

static void
list_delete(void *arg, uint64_t hash)
{
	struct listing *l = arg;

	xgrow(&l->v, &l->cap, l->n + 1);
	l->v[l->n++] = (struct delete_of){ hash, l->id };
}

static int
by_hash_and_id(const void *a, const void *b)
{
	const struct delete_of *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void
list_all(struct listing *l, const struct str *words, size_t n)
{
	for (l->id = 0; l->id < n && l->id < SPELL_IDS; l->id++) {
		struct str s = words[l->id];
		unsigned most = s.len >= SPELL_TWO_DELETES ? 2 : 1;

		for (unsigned d = 0; is_spellable(s) && d <= most; d++)
			each_delete(s, d, list_delete, l);
	}
	if (l->n > 0)
		qsort(l->v, l->n, sizeof(*l->v), by_hash_and_id);
}

static void
add_u32(struct buf *b, size_t v)
{
	uint32_t u = (uint32_t)v;

	buf_add(b, &u, sizeof(u));
}

void
spell_write(const struct str *words, size_t n, struct buf *starts, struct buf *deletes)
{
	struct listing l = { 0 };
	size_t at = 0, written = 0;
	unsigned bits;

	list_all(&l, words, n);
	bits = table_bits(l.n);
	for (uint64_t b = 0; b < (uint64_t)1 << bits; b++) {
		add_u32(starts, written);
		for (; at < l.n && l.v[at].hash >> (64 - bits) == b; at++) {
			/* "aab" without its first or second letter is the same. */
			if (at > 0 && by_hash_and_id(&l.v[at], &l.v[at - 1]) == 0)
				continue;
			add_u32(deletes, entry_of(l.v[at].hash, l.v[at].id));
			written++;
		}
	}
	add_u32(starts, written);
	free(l.v);
}

bool
spell_read(struct vocabulary *v, const uint32_t *starts, size_t n_starts,
    const uint32_t *deletes, size_t n)
{
	struct table t;

	if (!table_read(&t, starts, n_starts, deletes, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if ((deletes[i] & (SPELL_IDS - 1)) >= v->table.n)
			return false;
	v->delete_starts = starts;
	v->deletes = deletes;
	v->delete_bits = t.bits;
	return true;
}

struct search {
	const struct vocabulary *v;
	const struct table *a;
	struct str word;
	uint64_t before, after; /* hashes of its neighbours */
	unsigned limit;
	uint32_t best; /* id, or WORD_UNKNOWN */
	unsigned distance;
	float score;
};

static bool
is_seen(const struct search *s, uint64_t word, uint64_t next)
{
	return table_find(s->a, feature_next(word, next)) != TABLE_NONE;
}

/* Of words equally far away, which is likely: logarithms of odds, roughly. */
static float
score(const struct search *s, uint32_t id)
{
	struct str text = vocabulary_text(s->v, id);
	uint64_t h = hash_text(text);
	float sum = logf((float)s->v->words[id].count);

	if (text.p[0] == s->word.p[0])
		sum += SAME_FIRST;
	if (is_seen(s, s->before, h))
		sum += SEEN_BESIDE;
	if (is_seen(s, h, s->after))
		sum += SEEN_BESIDE;
	return sum;
}

static void
offer(struct search *s, uint32_t id, unsigned distance)
{
	float points;

	if (s->best != WORD_UNKNOWN && distance > s->distance)
		return;
	points = score(s, id);
	if (s->best == WORD_UNKNOWN || distance < s->distance || points > s->score) {
		s->best = id;
		s->distance = distance;
		s->score = points;
	}
}

static void
try_deletes(void *arg, uint64_t hash)
{
	struct search *s = arg;
	const struct vocabulary *v = s->v;
	uint32_t b = (uint32_t)(hash >> (64 - v->delete_bits));
	uint32_t part = entry_of(hash, 0);

	for (uint32_t i = v->delete_starts[b]; i < v->delete_starts[b + 1]; i++) {
		uint32_t id = v->deletes[i] & (SPELL_IDS - 1);
		unsigned d;

		if ((v->deletes[i] & ~(SPELL_IDS - 1)) != part || id == s->best)
			continue;
		d = str_distance(s->word, vocabulary_text(v, id), s->limit);
		if (d <= s->limit)
			offer(s, id, d);
	}
}

/* The nearest known word to word i. */
static uint32_t
find_nearest(const struct vocabulary *v, const struct table *a, const struct words *w,
    size_t i)
{
	struct search s = { .v = v, .a = a, .best = WORD_UNKNOWN };

	s.word = w->v[i].text;
	s.before = i > 0 ? w->v[i - 1].hash : FEATURE_BEGIN;
	s.after = i + 1 < w->n ? w->v[i + 1].hash : FEATURE_END;
	s.limit = s.word.len < SPELL_LONG ? 1 : 2;
	for (unsigned d = 0; d <= s.limit; d++) {
		/* Whatever is one change away shares a form with one letter left out. */
		if (d == 2 && s.best != WORD_UNKNOWN && s.distance == 1)
			break;
		each_delete(s.word, d, try_deletes, &s);
	}
	return s.best;
}

static uint32_t
find_word(const struct vocabulary *v, const struct word *w)
{
	uint32_t id = table_find(&v->table, w->hash);

	if (id == TABLE_NONE || !str_eq(vocabulary_text(v, id), w->shape))
		return WORD_UNKNOWN;
	return id;
}

/* How many texts have this word. */
static uint32_t
texts_of(const struct vocabulary *v, struct str s)
{
	struct word w = norm_word(s);
	uint32_t id = find_word(v, &w);

	return id == WORD_UNKNOWN ? 0 : v->words[id].count;
}

/* "howmany": where to cut, so that the rarer half is as frequent as can be; or 0. What one
 * text alone has may be a slip itself. */
static size_t
find_split(const struct vocabulary *v, struct str s)
{
	uint32_t best = 1;
	size_t at = 0;

	for (size_t i = 2; s.len >= SPELL_SPLIT_MIN && i + 2 <= s.len; i++) {
		uint32_t rarer = texts_of(v, str_n(s.p, i)), other;

		if (rarer <= best)
			continue;
		other = texts_of(v, str_n(s.p + i, s.len - i));
		rarer = other < rarer ? other : rarer;
		if (rarer > best) {
			best = rarer;
			at = i;
		}
	}
	return at;
}

/* "noo", once "nooo", is "no" before it is "not". A key held down is no word. */
static uint32_t
find_unstretched(const struct vocabulary *v, struct str s)
{
	char one[SPELL_MAX];
	size_t n = 0;
	struct word w;

	for (size_t i = 0; i < s.len; i++)
		if (i == 0 || s.p[i] != s.p[i - 1])
			one[n++] = s.p[i];
	if (n < 2)
		return WORD_UNKNOWN;
	w = norm_word(str_n(one, n));
	return find_word(v, &w);
}

static void
split_word(struct words *w, size_t i, size_t at)
{
	struct str s = w->v[i].text;

	memmove(&w->v[i + 2], &w->v[i + 1], (w->n - i - 1) * sizeof(w->v[0]));
	w->v[i] = norm_word(str_n(s.p, at));
	w->v[i + 1] = norm_word(str_n(s.p + at, s.len - at));
	w->n++;
}

/* Takes the unknown word i apart if that gives two known ones. */
static void
try_split(const struct vocabulary *v, struct words *w, size_t i)
{
	size_t at = w->n < NORM_WORDS_MAX ? find_split(v, w->v[i].text) : 0;

	if (at == 0)
		return;
	split_word(w, i, at);
	w->v[i].id = find_word(v, &w->v[i]);
}

/* Repairs the unknown word i. */
static void
repair(const struct vocabulary *v, const struct table *a, struct words *w, size_t i)
{
	struct word *word = &w->v[i];
	uint32_t id = WORD_UNKNOWN;

	if (word->stretched && word->text.len <= SPELL_MAX)
		id = find_unstretched(v, word->text);
	if (id == WORD_UNKNOWN) {
		if (word->text.len < SPELL_MIN || !is_spellable(word->text) ||
		    table_find(&v->known, word->hash) != TABLE_NONE)
			return;
		id = find_nearest(v, a, w, i);
	}
	if (id == WORD_UNKNOWN) {
		try_split(v, w, i);
		return;
	}
	*word = norm_word(vocabulary_text(v, id));
	word->id = id;
}

void
spell_repair(const struct vocabulary *v, const struct table *a, struct words *w)
{
	for (size_t i = 0; i < w->n; i++) {
		w->v[i].id = find_word(v, &w->v[i]);
		if (w->v[i].id == WORD_UNKNOWN)
			repair(v, a, w, i);
	}
}
