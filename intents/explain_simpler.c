/*
 * explain-simpler - "easier words please": the same answer, shorter and plainer.
 *
 * When it was said in plain words already, a person may explain it better.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	const struct article *a = turn_topic(t);

	if (a == NULL)
		return turn_say(t, "simpler.nothing");
	if (turn_depth(t) != DEPTH_SIMPLE)
		return turn_say_article(t, a, DEPTH_SIMPLE);
	turn_say(t, "simpler.again");
	turn_say_person(t);
	turn_offer_intent(t, "more-detail", "button.more");
	return TURN_DONE;
}

const struct intent intent_explain_simpler = {
	.name = "explain-simpler",
	.run = run,
};
