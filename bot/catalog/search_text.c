/*
 * search_text.c - from what was typed to what is looked for.
 *
 * Each word that is no stop word becomes a slot. Words that mean something together (synonyms)
 * become one slot, and those of a "phrase" too. A word that hardly any program has is repaired:
 * by its stem, as the start of a word, by its spelling, or as two words that lost their space.
 */
#include <math.h>
#include <string.h>

#include "bot/catalog/search_text_priv.h"

/* More of a text is not read: 24 words are found in it, or it holds none. */
#define TEXT_MAX 16384
/* Words, and what stands for several of them; words with the stop words between them. */
#define SLOTS_MAX ((size_t)2 * CATALOG_WORDS_MAX)
#define TYPED_MAX ((size_t)2 * CATALOG_WORDS_MAX)
/* How much less a synonym counts, and a word that nothing has to have. */
#define WORTH_SAME 0.85F
#define WEAK 0.06F

/* --- words */

static bool
add_optional(void *arg, struct str word)
{
	struct typed *t = arg;

	t->optional[t->n_optional++] = arena_str(t->s->a, word);
	return t->n_optional < CATALOG_WORDS_MAX;
}

static bool
is_optional(const struct typed *t, struct str word)
{
	for (size_t i = 0; i < t->n_optional; i++)
		if (str_eq(t->optional[i], word))
			return true;
	return false;
}

static bool
add_token(void *arg, struct str word)
{
	struct typed *t = arg;
	struct search *s = t->s;

	size_t place = s->n_typed;

	s->has_text = true;
	if (s->n_typed < TYPED_MAX) {
		s->typed_weak[s->n_typed] = is_optional(t, word) ||
		                            tables_word_is(s->x->tables, word) !=
		                                WORD_PLAIN;
		s->typed[s->n_typed++] = index_find_surface(s->x, word);
	}
	if (tables_word_is(s->x->tables, word) == WORD_STOP && t->quote == 0)
		return true;
	/* The same word again says nothing new; in a phrase it has its place. */
	for (size_t i = 0; i < t->n && t->quote == 0; i++)
		if (str_eq(t->v[i].word, word))
			return true;
	t->v[t->n++] = (struct token){ arena_str(s->a, word),
		index_find_surface(s->x, word), t->quote, place, false, false,
		is_optional(t, word) };
	return t->n < CATALOG_WORDS_MAX;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Takes text up to the next space or quotation mark off *rest. */
static struct str
next_chunk(struct str *rest)
{
	size_t n = 0;
	struct str chunk;

	while (n < rest->len && !is_space(rest->p[n]) && rest->p[n] != '"')
		n++;
	chunk = str_n(rest->p, n);
	*rest = str_n(rest->p + n, rest->len - n);
	return chunk;
}

static struct str
cut(struct str s)
{
	size_t n = TEXT_MAX;

	if (s.len <= n)
		return s;
	while (n > 0 && (s.p[n] & 0xC0) == 0x80)
		n--;
	return str_n(s.p, n);
}

/* Whether a closing mark follows, so that one alone (3" pipes) is no phrase. */
static bool
closes(struct str rest)
{
	return memchr(rest.p, '"', rest.len) != NULL;
}

static void
read_tokens(struct typed *t, struct str text, struct buf *fold)
{
	struct str rest = cut(text);
	bool open = false;

	while (rest.len > 0 && t->n < CATALOG_WORDS_MAX) {
		struct str chunk = next_chunk(&rest);
		size_t before = t->n;

		search_words(chunk, fold, add_token, t);
		if (t->n > before && chunk.p[chunk.len - 1] == '*')
			t->v[t->n - 1].star = true;
		if (rest.len > 0 && rest.p[0] == '"') {
			struct str behind = str_n(rest.p + 1, rest.len - 1);

			open = !open && closes(behind);
			t->quote = open ? t->n + 1 : 0;
		}
		if (rest.len > 0)
			rest = str_n(rest.p + 1, rest.len - 1);
	}
	if (t->n > 0)
		t->v[t->n - 1].last = true;
}

static float
rarity(const struct search *s, uint32_t count)
{
	return logf(
	    1.0F + ((float)s->x->n - (float)count + 0.5F) / ((float)count + 0.5F));
}

static void
note_not_found(struct search *s, struct str typed)
{
	struct catalog_answer *out = s->out;

	if (out->n_not_found == CATALOG_WORDS_MAX)
		return;
	if (out->not_found == NULL)
		out->not_found = arena_alloc(s->a,
		    CATALOG_WORDS_MAX * sizeof(*out->not_found));
	out->not_found[out->n_not_found++] = arena_cstr(s->a, typed);
}

/* --- slots */

static struct slot *
add_slot(struct search *s, struct slot slot)
{
	if (s->slots == NULL)
		s->slots = arena_alloc(s->a, SLOTS_MAX * sizeof(*s->slots));
	if (s->n_slots == SLOTS_MAX)
		return NULL;
	s->slots[s->n_slots] = slot;
	return &s->slots[s->n_slots++];
}

static bool
is_weak(const struct search *s, const struct token *k)
{
	return (k->optional || tables_word_is(s->x->tables, k->word) == WORD_WEAK) &&
	       !k->star;
}

static void
add_word(struct typed *t, const struct token *k)
{
	struct search *s = t->s;
	struct slot slot = { .needed = !is_weak(s, k), .weak = is_weak(s, k) };

	/* What counts only when it is there is not repaired. */
	if (!slot.needed && k->surface == INDEX_NONE)
		return;
	if (!search_find_word(t, k, &slot)) {
		if (slot.needed)
			note_not_found(s, k->word);
		return;
	}
	slot.weight = rarity(s, slot.view.count);
	if (!slot.needed)
		slot.weight *= WEAK;
	(void)add_slot(s, slot);
}

/* The longest synonym that begins at token i; NULL. */
static const struct tables_phrase *
synonym_at(const struct typed *t, size_t i)
{
	const struct tables_phrase *p = map_get(t->s->x->tables->same, t->v[i].word);
	const struct tables_phrase *best = NULL;

	for (; p != NULL; p = p->next) {
		size_t j = 1;

		while (j < p->n && i + j < t->n && t->v[i + j].quote == t->v[i].quote &&
		       str_eq(t->v[i + j].word, p->word[j]))
			j++;
		if (j == p->n && !t->v[i + j - 1].star &&
		    (best == NULL || p->n > best->n))
			best = p;
	}
	return best;
}

/* The list of a way to say it that was not typed. */
static bool
find_alternative(const struct search *s, const struct tables_phrase *p,
    struct view *out)
{
	struct str word = p->n > 1 ? str_of(p->as_word) : p->word[0];
	uint32_t surface = index_find_surface(s->x, word);

	if (surface == INDEX_NONE || s->x->surface_term[surface] == INDEX_NONE)
		return false;
	*out = view_of_term(s, s->x->surface_term[surface]);
	return out->count > 0;
}

static size_t
find_alternatives(const struct search *s, const struct tables_phrase *typed,
    struct part_view *v, size_t max)
{
	const struct tables_line *line = &s->x->tables->lines[typed->group];
	size_t n = 0;

	for (size_t i = 0; i < line->n && n < max; i++)
		if (line->at[i] != typed &&
		    find_alternative(s, line->at[i], &v[n].view))
			v[n++].worth = WORTH_SAME;
	return n;
}

/* Several words that mean one thing, with all that means the same. False: nothing else does,
 * so that they are words as others. */
static bool
add_synonym(struct typed *t, size_t i, const struct tables_phrase *p)
{
	struct search *s = t->s;
	struct part_view v[16];
	struct view words[TABLES_PHRASE_MAX];
	struct slot slot = { .needed = true, .typed = t->v[i].word };
	size_t n = find_alternatives(s, p, v, 15), have = 0;

	if (n == 0)
		return false;
	for (size_t j = 0; j < p->n; j++) {
		const struct token *k = &t->v[i + j];

		if (k->surface != INDEX_NONE &&
		    s->x->surface_term[k->surface] != INDEX_NONE)
			words[have++] = view_of_term(s, s->x->surface_term[k->surface]);
	}
	if (have == p->n) {
		v[n].view = view_all(s, words, have);
		v[n].worth = 1;
		n += v[n].view.count > 0;
	}
	if (p->n > 1)
		slot.typed = str_n(p->as_word + 1, strlen(p->as_word) - 1);
	slot.view = view_any(s, v, n);
	slot.weight = rarity(s, slot.view.count);
	(void)add_slot(s, slot);
	/* So that what has one of the words alone comes behind what has none. */
	for (size_t j = 0; j < have && p->n > 1; j++)
		(void)add_slot(s, (struct slot){ .typed = t->v[i + j].word,
				      .view = words[j],
				      .weight = 0.3F * rarity(s, words[j].count),
				      .exact = { INDEX_NONE },
				      .n_exact = 1 });
	return true;
}

/* "solid works" is also SolidWorks, if some program writes it so. */
static bool
add_joined(struct typed *t, size_t i)
{
	struct search *s = t->s;
	const struct catalog_index *x = s->x;
	const struct token *k = &t->v[i];
	struct str joined = str_of(
	    arena_printf(s->a, "%.*s%.*s", STR_ARG(k[0].word), STR_ARG(k[1].word)));
	uint32_t surface = index_find_surface(x, joined);
	struct slot slot = { .needed = true };
	struct view words[2];
	struct part_view v[2];
	size_t have = 0, n = 0;

	if (surface == INDEX_NONE || x->surface_term[surface] == INDEX_NONE)
		return false;
	v[n++] = (struct part_view){ view_of_term(s, x->surface_term[surface]), 1 };
	for (size_t j = 0; j < 2; j++)
		if (k[j].surface != INDEX_NONE &&
		    x->surface_term[k[j].surface] != INDEX_NONE)
			words[have++] = view_of_term(s, x->surface_term[k[j].surface]);
	if (have == 2) {
		v[n].view = view_all(s, words, 2);
		v[n].worth = 1;
		n += v[n].view.count > 0;
	}
	slot.typed = str_of(
	    arena_printf(s->a, "%.*s %.*s", STR_ARG(k[0].word), STR_ARG(k[1].word)));
	slot.view = view_any(s, v, n);
	slot.weight = rarity(s, slot.view.count);
	(void)add_slot(s, slot);
	return true;
}

/* May tokens i and the next be one word? */
static bool
may_join(const struct typed *t, size_t i)
{
	return i + 1 < t->n && t->v[i].quote == 0 && t->v[i + 1].quote == 0 &&
	       !t->v[i].star && !t->v[i + 1].star && !is_weak(t->s, &t->v[i]) &&
	       !is_weak(t->s, &t->v[i + 1]) && t->v[i + 1].typed == t->v[i].typed + 1;
}

static size_t
add_phrase(struct typed *t, size_t i)
{
	struct search *s = t->s;
	struct view words[CATALOG_WORDS_MAX];
	uint32_t surfaces[CATALOG_WORDS_MAX];
	size_t n = 0, have = 0;
	struct slot slot = { .needed = true };
	const char *start = t->v[i].word.p;

	while (i + n < t->n && t->v[i + n].quote == t->v[i].quote) {
		uint32_t at = t->v[i + n].surface;

		surfaces[n] = at;
		if (at != INDEX_NONE && s->x->surface_term[at] != INDEX_NONE &&
		    have < TABLES_PHRASE_MAX)
			words[have++] = view_of_term(s, s->x->surface_term[at]);
		n++;
	}
	slot.typed = str_of(start);
	if (have > 0)
		slot.view = view_phrase(s, view_all(s, words, have), surfaces, n);
	if (slot.view.count == 0) {
		note_not_found(s, t->v[i].word);
		return n;
	}
	slot.weight = rarity(s, slot.view.count);
	(void)add_slot(s, slot);
	return n;
}

static void
make_slots(struct typed *t)
{
	for (size_t i = 0; i < t->n;) {
		const struct tables_phrase *p;

		if (t->v[i].quote != 0 && i + 1 < t->n &&
		    t->v[i + 1].quote == t->v[i].quote) {
			i += add_phrase(t, i);
			continue;
		}
		p = synonym_at(t, i);
		if (p != NULL && add_synonym(t, i, p)) {
			i += p->n;
			continue;
		}
		if (may_join(t, i) && add_joined(t, i)) {
			i += 2;
			continue;
		}
		add_word(t, &t->v[i++]);
	}
}

/* Only weak words were typed: then they are what is looked for, unless it was said that nothing
 * has to have them. */
static void
need_something(struct search *s)
{
	if (s->q->optional.len > 0)
		return;
	for (size_t i = 0; i < s->n_slots; i++)
		if (s->slots[i].needed)
			return;
	for (size_t i = 0; i < s->n_slots; i++)
		s->slots[i].needed = true;
}

/* A field was wished for and nothing typed: its name orders what the field holds. */
static void
add_field_words(struct typed *t)
{
	const struct wish *w = t->s->q->wish;
	size_t first = t->s->n_slots;

	for (size_t i = 0; w != NULL && i < w->want[WISH_FIELD].n; i++) {
		int f = tables_field_of(t->s->x->tables, w->want[WISH_FIELD].id[i]);

		t->n = 0;
		t->quote = 0;
		if (f < 0)
			continue;
		read_tokens(t, str_of(t->s->x->tables->field[f].label), t->s->fold);
		make_slots(t);
	}
	for (size_t i = first; i < t->s->n_slots; i++)
		t->s->slots[i].needed = false;
	t->s->out->n_not_found = 0;
	t->s->out->n_corrected = 0;
}

void
search_read_text(struct search *s)
{
	struct typed t = { .s = s };

	s->typed = arena_alloc(s->a, TYPED_MAX * sizeof(*s->typed));
	s->typed_weak = arena_alloc(s->a, TYPED_MAX * sizeof(*s->typed_weak));
	search_words(cut(s->q->optional), s->fold, add_optional, &t);
	read_tokens(&t, s->q->text, s->fold);
	s->name = search_words_hash(cut(s->q->text), s->fold);
	if (s->q->wish != NULL && t.n < CATALOG_WORDS_MAX) {
		t.quote = 0;
		read_tokens(&t, str_of(s->q->wish->words), s->fold);
	}
	make_slots(&t);
	if (s->n_slots > 0)
		need_something(s);
	else if (!s->has_text)
		add_field_words(&t);
	stemmers_free(t.stemmers);
}
