/*
 * greet - "hello", and the opening of the chat.
 *
 * The first time it says who is speaking (a bot, as students must know) and what to try.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	if (!turn_is_first(t))
		return turn_say(t, "greet.again");
	turn_say(t, "greet.first");
	turn_offer_first_steps(t);
	return TURN_DONE;
}

const struct intent intent_greet = {
	.name = "greet",
	.run = run,
	.keeps_place = true,
};
