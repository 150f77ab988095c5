/*
 * distress - calm words, where help is, and no counselling by a bot.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	bool again = turn_count(t, "distress", 1) > 1;

	turn_say(t, again ? "distress.again" : "distress.calm");
	turn_say(t, turn_has_support(t) ? "distress.support" : "distress.nearby");
	turn_offer_intent(t, "talk-to-advisor", "button.person");
	return TURN_DONE;
}

const struct intent intent_distress = {
	.name = "distress",
	.run = run,
};
