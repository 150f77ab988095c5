/*
 * seek_question.c - at most one question below a list: the one whose answer would leave least
 * to choose from. Buttons answer it, words do, and it may be left.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bot/talk/seek_priv.h"
#include "bot/talk/tell_priv.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/wish_map.h"

/* Questions of one search: then it is up to her. */
#define QUESTIONS_MAX 3
/* Answers offered; "no matter" stands beside them. */
#define ANSWERS_MAX 4
/* Fields offered to somebody who has named none. */
#define FIELDS_MAX 6

/* Facets that have words of their own in a wish. */
static const unsigned can_ask = 1U << CATALOG_BY_FIELD | 1U << CATALOG_BY_COUNTRY |
                                1U << CATALOG_BY_MODE | 1U << CATALOG_BY_LANGUAGE |
                                1U << CATALOG_BY_LEVEL | 1U << CATALOG_BY_PRICE;

unsigned
seek_askable(const struct turn *t)
{
	unsigned asked = (unsigned)t->conv.seek.asked;

	if (__builtin_popcount(asked) >= QUESTIONS_MAX)
		return 0;
	return can_ask & ~asked;
}

/* --- answers as items of a wish; false: no wish can say it */

static const char *
mode_item(struct turn *t, const char *value)
{
	static const char *const ids[] = { "online", "in-person", "hybrid" };
	int bit = program_mode_of(str_of(value));

	for (size_t i = 0; bit > 0 && i < ARRAY_LEN(ids); i++)
		if (wish_mode_bits(ids[i]) & (unsigned)bit)
			return arena_printf(t->arena, "+mode=%s", ids[i]);
	return NULL;
}

static const char *
country_item(struct turn *t, const char *value)
{
	const char *id = tell_country_id(t, value);

	if (strlen(value) != 2)
		return NULL;
	if (id != NULL)
		return arena_printf(t->arena, "+destination=%s", id);
	return arena_printf(t->arena, "+destination=%c%c",
	    tolower((unsigned char)value[0]), tolower((unsigned char)value[1]));
}

/* The id of the vocabulary whose range is nearest to one level. */
static const char *
level_item(struct turn *t, const char *value)
{
	const struct vocab *v = t->e->lib->vocab;
	int eqf = atoi(value), best_width = 9;
	const char *id, *best = NULL;

	for (size_t i = 0; (id = vocab_id(v, WISH_LEVEL, i)) != NULL; i++) {
		int low, high;

		if (wish_level_range(id, &low, &high) && low <= eqf && eqf <= high &&
		    high - low < best_width) {
			best = id;
			best_width = high - low;
		}
	}
	return best == NULL ? NULL : arena_printf(t->arena, "+level=%s", best);
}

/* "100-500": at most the upper one, in euros. */
static const char *
price_item(struct turn *t, const char *value)
{
	const char *upper = strchr(value, '-');

	if (strcmp(value, "free") == 0)
		return "+cost=0";
	if (upper == NULL || upper[1] == '\0')
		return NULL;
	return arena_printf(t->arena, "+cost=%s00,EUR", upper + 1);
}

static const char *
item_of(struct turn *t, enum catalog_facet_id f, const char *value)
{
	switch (f) {
	case CATALOG_BY_FIELD:
		return arena_printf(t->arena, "+field=%s", value);
	case CATALOG_BY_LANGUAGE:
		return arena_printf(t->arena, "+language=%s", value);
	case CATALOG_BY_MODE:
		return mode_item(t, value);
	case CATALOG_BY_COUNTRY:
		return country_item(t, value);
	case CATALOG_BY_LEVEL:
		return level_item(t, value);
	case CATALOG_BY_PRICE:
		return price_item(t, value);
	case CATALOG_BY_TYPE:
	case CATALOG_BY_LENGTH:
	case CATALOG_FACETS:
		break;
	}
	return NULL;
}

/* The button says what the wish would be: "online (45)". */
static void
offer_answer(struct turn *t, enum catalog_facet_id f, const struct catalog_count *c)
{
	const char *item = c->value[0] == '\0' ? NULL : item_of(t, f, c->value);
	struct wish w;

	wish_init(&w);
	if (item == NULL || !seek_press(t, str_of(item), &w) || wish_is_empty(&w))
		return;
	turn_bind_markdown(t, "want", seek_say(t, &w));
	turn_bind(t, "n", str_of(arena_printf(t->arena, "%zu", c->n)));
	turn_offer(t, OPTION_WISH, item, reply_text(t, "button.answer"));
}

void
seek_ask(struct turn *t, const struct catalog_answer *r)
{
	enum catalog_facet_id f = r->question;
	size_t before = t->n_offers;

	if (f >= CATALOG_FACETS)
		return;
	for (size_t i = 0; i < r->facets[f].n && t->n_offers - before < ANSWERS_MAX;
	     i++)
		offer_answer(t, f, &r->facets[f].at[i]);
	if (t->n_offers - before < 2) {
		t->n_offers = before;
		return;
	}
	reply_add(t, arena_printf(t->arena, "seek.ask_%s", catalog_facet_name(f)));
	turn_offer(t, OPTION_WISH, arena_printf(t->arena, "=%s", catalog_facet_name(f)),
	    reply_text(t, "button.no_matter"));
	t->conv.seek.question = str_of(catalog_facet_name(f));
	t->conv.seek.asked |= 1 << f;
}

enum turn_end
turn_skip_wish(struct turn *t)
{
	struct catalog_query q;
	struct catalog_answer r;
	struct wish w;

	if (t->conv.seek.question.len == 0 || !turn_has_catalog(t))
		return turn_say(t, "affirm.nothing");
	t->conv.seek.question = str_n("", 0);
	seek_touch(t);
	reply_add(t, "seek.skipped");
	seek_wish(t, &w);
	seek_query(t, &w, &q);
	q.limit = 0;
	q.facets = seek_askable(t);
	catalog_search(t->e->index, t->arena, &q, &r);
	seek_offer_page(t);
	turn_offer_intent(t, "more-results", "button.more_programs");
	seek_ask(t, &r);
	return TURN_DONE;
}

void
turn_offer_fields(struct turn *t)
{
	struct catalog_query q;
	struct catalog_answer r;
	const struct catalog_facet *f = &r.facets[CATALOG_BY_FIELD];

	catalog_query_init(&q, (int32_t)(t->in->now_ms / INT64_C(86400000)));
	q.limit = 0;
	q.facets = 1U << CATALOG_BY_FIELD;
	catalog_search(t->e->index, t->arena, &q, &r);
	for (size_t i = 0; i < f->n && t->n_offers < FIELDS_MAX; i++)
		offer_answer(t, CATALOG_BY_FIELD, &f->at[i]);
}
