/*
 * who-are-you - what this is, who runs it, what it can do.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_say(t, turn_has_operator(t) ? "who.operated" : "who.alone");
	turn_offer_intent(t, "help", "button.help");
	turn_offer_intent(t, "privacy", "button.privacy");
	return TURN_DONE;
}

const struct intent intent_who_are_you = {
	.name = "who-are-you",
	.run = run,
};
