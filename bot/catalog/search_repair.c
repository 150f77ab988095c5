/*
 * search_repair.c - what is found for one word: itself, what it is the start of, or, when hardly
 * any program has it, what was probably meant.
 */
#include <string.h>

#include "bot/catalog/search_text_priv.h"

/* A word of no more programs may be a slip that somebody else made, too... */
#define RARE 2
/* ...if it is long enough that few words are near it, and one of them has so many times more. */
#define RARE_LENGTH 6
#define RARE_TIMES 20
/* The last word as the start of a word, when it is none. */
#define START_MIN 3
#define SPELLINGS 4
/* A stem or start that so many times fewer programs have than the nearest word is a slip. */
#define SLIP_TIMES 5
/* How much less a word counts that is not what was typed. */
#define WORTH_START 0.8F
#define WORTH_SPELT 0.9F

/* All words that begin with word. */
static struct view
view_start(const struct search *s, struct str word)
{
	const struct catalog_index *x = s->x;
	const struct index_list *l = index_find_start(x, word);
	struct part_view *v;
	uint32_t from, last = INDEX_NONE;
	size_t n = 0, cap = 0;

	if (l != NULL)
		return view_of_list(s, l);
	if (index_start_key(word) != 0)
		return (struct view){ 0 };
	from = index_surface_from(x, word);
	for (uint32_t i = from; i < x->head->surfaces; i++, cap++)
		if (index_surface(x, i).len < word.len ||
		    memcmp(index_surface(x, i).p, word.p, word.len) != 0)
			break;
	v = arena_alloc(s->a, (cap + 1) * sizeof(*v));
	for (uint32_t i = from; i < from + cap; i++) {
		uint32_t term = x->surface_term[i];

		if (term == INDEX_NONE || term == last)
			continue;
		last = term;
		/* Without view_of_list(): its maxima are not asked for. */
		v[n].view = (struct view){ .kind = VIEW_SHORT,
			.count = x->lists[term].count,
			.docs = x->docs + x->lists[term].at,
			.impacts = x->impacts + x->lists[term].impacts };
		if (x->lists[term].is_long)
			v[n].view = view_of_term(s, term);
		v[n++].worth = str_eq(index_surface(x, i), word) ? 1 : WORTH_START;
	}
	if (n == 1)
		return view_of_term(s, last);
	return n == 0 ? (struct view){ 0 } : view_any(s, v, n);
}

static void
note_correction(struct search *s, struct str typed, struct str used)
{
	struct catalog_answer *out = s->out;

	if (out->n_corrected == CATALOG_WORDS_MAX)
		return;
	if (out->corrected == NULL)
		out->corrected = arena_alloc(s->a,
		    CATALOG_WORDS_MAX * sizeof(*out->corrected));
	out->corrected[out->n_corrected++] = (struct catalog_correction){
		arena_cstr(s->a, typed), arena_cstr(s->a, used)
	};
}

static void
retype(struct search *s, const struct token *t, uint32_t surface)
{
	if (t->typed < s->n_typed)
		s->typed[t->typed] = surface;
}

/* The spellings of one distance, as one list; own is what was typed. */
static bool
spell_into(struct search *s, const struct token *t, uint32_t own, struct slot *out)
{
	const struct catalog_index *x = s->x;
	struct spelling near[SPELLINGS];
	struct part_view v[SPELLINGS + 1];
	size_t found = search_spell(x, t->word, near, SPELLINGS), n = 0;

	if (found == 0)
		return false;
	if (own != INDEX_NONE &&
	    (t->word.len < RARE_LENGTH || near[0].distance > 1 ||
		x->surface_count[near[0].surface] < RARE_TIMES * x->surface_count[own]))
		return false;
	if (own != INDEX_NONE)
		v[n++] = (struct part_view){ view_of_term(s, x->surface_term[own]), 1 };
	for (size_t i = 0; i < found; i++)
		if (near[i].distance == near[0].distance)
			v[n++] = (struct part_view){
				view_of_term(s, x->surface_term[near[i].surface]),
				i == 0 ? WORTH_SPELT : WORTH_SPELT - 0.2F
			};
	out->view = view_any(s, v, n);
	if (own == INDEX_NONE)
		retype(s, t, near[0].surface);
	note_correction(s, t->word, index_surface(x, near[0].surface));
	return true;
}

/* "webdesign" as "web design": both must be words that programs have. */
static bool
split_into(struct search *s, const struct token *t, struct slot *out)
{
	const struct catalog_index *x = s->x;
	uint32_t best = 0, left = INDEX_NONE, right = INDEX_NONE;
	struct view v[2];

	for (size_t i = 3; i + 3 <= t->word.len; i++) {
		uint32_t a = index_find_surface(x, str_n(t->word.p, i));
		uint32_t b = index_find_surface(x,
		    str_n(t->word.p + i, t->word.len - i));
		uint32_t least;

		if (a == INDEX_NONE || b == INDEX_NONE ||
		    x->surface_term[a] == INDEX_NONE ||
		    x->surface_term[b] == INDEX_NONE)
			continue;
		least = x->surface_count[a] < x->surface_count[b] ? x->surface_count[a]
		                                                  : x->surface_count[b];
		if (least > best) {
			best = least;
			left = a;
			right = b;
		}
	}
	if (best <= RARE)
		return false;
	v[0] = view_of_term(s, x->surface_term[left]);
	v[1] = view_of_term(s, x->surface_term[right]);
	out->view = view_all(s, v, 2);
	note_correction(s, t->word,
	    str_of(arena_printf(s->a, "%.*s %.*s", STR_ARG(index_surface(x, left)),
		STR_ARG(index_surface(x, right)))));
	return out->view.count > 0;
}

static bool
stem_into(struct typed *t, const struct token *k, struct slot *out)
{
	struct search *s = t->s;
	uint32_t term;

	if (t->stemmers == NULL)
		t->stemmers = stemmers_new();
	term = index_find_stem(s->x, stem_of(t->stemmers, 0, k->word));
	if (term == INDEX_NONE)
		return false;
	out->view = view_of_term(s, term);
	return true;
}

/* "biling" is the stem of bilingual, and its start, but "billing" is what was meant: a word a
 * letter away that many times more programs have. */
static bool
is_slip(const struct search *s, const struct token *k, uint32_t count)
{
	struct spelling near;

	return search_spell(s->x, k->word, &near, 1) == 1 && near.distance == 1 &&
	       s->x->surface_count[near.surface] > SLIP_TIMES * count;
}

/* What is found for one word; false: nothing. */
bool
search_find_word(struct typed *t, const struct token *k, struct slot *out)
{
	struct search *s = t->s;
	const struct catalog_index *x = s->x;
	bool known = k->surface != INDEX_NONE &&
	             x->surface_term[k->surface] != INDEX_NONE;
	bool starts = k->last && (s->q->typing || !known) && k->word.len >= START_MIN;

	out->typed = k->word;
	if (k->star || (starts && s->q->typing)) {
		out->view = view_start(s, k->word);
		if (out->view.count > 0 || k->star)
			return out->view.count > 0;
	}
	if (known) {
		if (x->surface_count[k->surface] <= RARE &&
		    spell_into(s, k, k->surface, out))
			return true;
		out->view = view_of_term(s, x->surface_term[k->surface]);
		return true;
	}
	if (!stem_into(t, k, out) && starts)
		out->view = view_start(s, k->word);
	if (out->view.count > 0 && !is_slip(s, k, out->view.count))
		return true;
	return spell_into(s, k, INDEX_NONE, out) || split_into(s, k, out);
}
