/*
 * help - "what can you do?": what to write, with examples.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_say(t, "help");
	turn_offer_intent(t, "list-topics", "button.topics");
	turn_offer_intent(t, "talk-to-advisor", "button.person");
	return TURN_DONE;
}

const struct intent intent_help = {
	.name = "help",
	.run = run,
};
