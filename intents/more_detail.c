/*
 * more-detail - "tell me more": the longer answer; after it, what is near.
 */
#include "intents/intents.h"

/* Neighbours that are offered when all was said. */
#define RELATED_MAX 4

static enum turn_end
run(struct turn *t)
{
	const struct article *a = turn_topic(t);

	if (a == NULL)
		return turn_say(t, "more.nothing");
	if (turn_depth(t) != DEPTH_MORE)
		return turn_say_article(t, a, DEPTH_MORE);
	turn_say(t, "more.all_said");
	for (size_t i = 0; i < a->n_related && i < RELATED_MAX; i++)
		turn_offer_topic(t, a->related[i]);
	return TURN_DONE;
}

const struct intent intent_more_detail = {
	.name = "more-detail",
	.run = run,
};
