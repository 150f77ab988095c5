/*
 * frustration - notices it, stops looping, says what it can do, names a person.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_say(t, "frustration");
	turn_say_person(t);
	turn_offer_intent(t, "list-topics", "button.topics");
	return TURN_DONE;
}

const struct intent intent_frustration = {
	.name = "frustration",
	.run = run,
};
