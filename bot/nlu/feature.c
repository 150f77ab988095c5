/*
 * feature.c - the two views of a text.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bot/nlu/feature_priv.h"
#include "bot/nlu/hash_priv.h"
#include "credbot/base/alloc.h"

/* Beyond these bytes a word is no word: its pieces say nothing more. */
#define PIECES_MAX 48
/* In a text that is longer than this, words further apart are not a pair. */
#define PAIR_SPAN 24

static uint64_t
kind(enum view view, unsigned group)
{
	return (uint64_t)view * FEATURE_GROUPS + group + 1;
}

static void
add(struct bag *b, unsigned group, uint64_t hash)
{
	size_t mask = b->n_slots - 1, i = (size_t)hash & mask;

	for (; b->slots[i] != 0; i = (i + 1) & mask) {
		struct feature *f = &b->v[b->slots[i] - 1];

		if (f->hash == hash) {
			f->count++;
			return;
		}
	}
	b->v[b->n++] = (struct feature){ hash, group, 1 };
	b->slots[i] = (uint32_t)b->n;
}

static bool
starts_letter(char c)
{
	return (c & 0xC0) != 0x80;
}

/* Pieces of shortest to longest letters of <word>. */
static void
add_pieces(struct bag *b, enum view view, unsigned group, struct str word,
    unsigned shortest, unsigned longest)
{
	size_t n = word.len < PIECES_MAX ? word.len : PIECES_MAX;
	char t[PIECES_MAX + 2];

	t[0] = '<';
	memcpy(t + 1, word.p, n);
	t[n + 1] = '>';
	n += 2;
	for (size_t i = 0; i < n; i++) {
		uint64_t h = HASH_START + kind(view, group);
		unsigned letters = 0;

		if (!starts_letter(t[i]))
			continue;
		for (size_t j = i; j < n && letters < longest; j++) {
			h = hash_byte(h, t[j]);
			if (j + 1 < n && !starts_letter(t[j + 1]))
				continue;
			if (++letters >= shortest)
				add(b, group, hash_end(h));
		}
	}
}

static struct str
stem(struct str s)
{
	static const char *const endings[] = { "ing", "ed", "es", "s", "ly", "er",
		"ion", "ment" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		size_t n = strlen(endings[i]);

		if (s.len >= n + 3 && str_ends(s, endings[i]))
			return str_n(s.p, s.len - n);
	}
	return s;
}

uint64_t
feature_next(uint64_t word, uint64_t next)
{
	return hash_two(kind(VIEW_A, GROUP_NEXT), word, next);
}

static void
collect_a(struct bag *b, const struct words *w)
{
	uint64_t last = FEATURE_BEGIN;

	for (size_t i = 0; i < w->n; i++) {
		uint64_t h = w->v[i].hash;

		add(b, GROUP_WORD, hash_two(kind(VIEW_A, GROUP_WORD), h, 0));
		add(b, GROUP_NEXT, feature_next(last, h));
		add_pieces(b, VIEW_A, GROUP_PIECE, w->v[i].shape, 2, 5);
		last = h;
	}
	add(b, GROUP_NEXT, feature_next(last, FEATURE_END));
}

static bool
is_repeated(const struct words *w, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (w->v[k].hash == w->v[i].hash)
			return true;
	return false;
}

/* Pairs of different words in no order; a word that comes twice counts where it is first. */
static void
add_pairs(struct bag *b, const struct words *w)
{
	uint64_t first[NORM_WORDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		if (!is_repeated(w, i))
			first[n++] = w->v[i].hash;
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n && k <= i + PAIR_SPAN; k++) {
			uint64_t x = first[i], y = first[k];

			add(b, GROUP_PAIR,
			    hash_two(kind(VIEW_B, GROUP_PAIR), x < y ? x : y,
				x < y ? y : x));
		}
}

static void
collect_b(struct bag *b, const struct words *w)
{
	uint64_t last = 0;

	for (size_t i = 0; i < w->n; i++) {
		uint64_t h = hash_text(stem(w->v[i].shape));

		add(b, GROUP_STEM, hash_two(kind(VIEW_B, GROUP_STEM), h, 0));
		if (i > 0)
			add(b, GROUP_STEM_NEXT,
			    hash_two(kind(VIEW_B, GROUP_STEM_NEXT), last, h));
		add_pieces(b, VIEW_B, GROUP_STEM_PIECE, w->v[i].shape, 3, 4);
		last = h;
	}
	add_pairs(b, w);
}

/* More features than w can have. */
static size_t
most(const struct words *w)
{
	size_t span = w->n < PAIR_SPAN ? w->n : PAIR_SPAN, n = 1;

	for (size_t i = 0; i < w->n; i++) {
		size_t len = w->v[i].shape.len;

		n += 2 + span + 4 * ((len < PIECES_MAX ? len : PIECES_MAX) + 2);
	}
	return n;
}

void
feature_collect(struct bag *b, enum view view, const struct words *w)
{
	size_t n = most(w);

	b->n = 0;
	b->n_slots = 64;
	while (b->n_slots < 2 * n)
		b->n_slots *= 2;
	xgrow(&b->v, &b->cap, n);
	xgrow(&b->slots, &b->slots_cap, b->n_slots);
	memset(b->slots, 0, b->n_slots * sizeof(*b->slots));
	if (view == VIEW_A)
		collect_a(b, w);
	else
		collect_b(b, w);
}

void
feature_fini(struct bag *b)
{
	free(b->v);
	free(b->slots);
	*b = (struct bag){ 0 };
}

float
feature_weight(uint32_t count, float idf)
{
	return count == 1 ? idf : (1.0f + logf((float)count)) * idf;
}

float
feature_idf(size_t df, size_t n)
{
	return (float)(log((1.0 + (double)n) / (1.0 + (double)df)) + 1.0);
}
