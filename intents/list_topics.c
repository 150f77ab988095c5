/*
 * list-topics - what the bot can be asked, by category.
 *
 * Without a category it lists them; a choice leads to the topics of one: first those at the top
 * of a menu, then the others, as many as can be shown.
 */
#include <string.h>

#include "intents/intents.h"

/* What most ask about first. */
static const char *const menu[] = { "basics", "choosing", "cost", "types", "fields",
	"recognition", "stacking", "career", "admission", "benefits", "drawbacks",
	"destinations", "abroad", "study-abroad", "providers", "languages", "service",
	"popularity", "future" };

static bool
has_articles(const struct kb *kb, const char *category)
{
	for (size_t i = 0; i < kb_len(kb); i++)
		if (strcmp(kb_at(kb, i)->category, category) == 0)
			return true;
	return false;
}

static void
offer_categories(struct turn *t)
{
	for (size_t i = 0; i < ARRAY_LEN(menu); i++)
		if (has_articles(turn_kb(t), menu[i]))
			turn_offer_category(t, menu[i]);
}

/* Offers the category's topics whose parent is, or is not, in the same category. */
static size_t
offer_topics(struct turn *t, struct str category, bool children)
{
	const struct kb *kb = turn_kb(t);
	size_t n = 0;

	for (size_t i = 0; i < kb_len(kb); i++) {
		const struct article *a = kb_at(kb, i);
		bool child = a->parent != NULL && str_is(category, a->parent->category);

		if (!str_is(category, a->category) || child != children)
			continue;
		turn_offer_topic(t, a);
		n++;
	}
	return n;
}

static bool
list_category(struct turn *t, struct str category)
{
	size_t n = offer_topics(t, category, false);

	n += offer_topics(t, category, true);
	if (n > 0)
		turn_say(t, "topics.of_category");
	return n > 0;
}

static enum turn_end
run(struct turn *t)
{
	struct str chosen = turn_category(t);

	if (chosen.len > 0 && list_category(t, chosen))
		return TURN_DONE;
	turn_say(t, "topics.categories");
	offer_categories(t);
	return TURN_DONE;
}

const struct intent intent_list_topics = {
	.name = "list-topics",
	.run = run,
};
