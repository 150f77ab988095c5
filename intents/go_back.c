/*
 * go-back - one step back: the answer, or the search, before the present one.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	const struct article *a;

	if (turn_seek_back(t))
		return turn_list(t);
	a = turn_back(t);
	if (a == NULL)
		return turn_say(t, "back.nothing");
	turn_say(t, "back.to");
	return turn_say_article(t, a, DEPTH_BRIEF);
}

const struct intent intent_go_back = {
	.name = "go-back",
	.run = run,
};
