/*
 * greet - "hello", and the opening of the chat.
 *
 * The first time it says who is speaking (a bot, as students must know), what to try, and, to
 * who has set another language, which one it understands.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	if (!turn_is_first(t))
		return turn_say(t, "greet.again");
	turn_say(t, "greet.first");
	if (turn_is_foreign(t))
		turn_say(t, "language.english_only");
	turn_offer_first_steps(t);
	return TURN_DONE;
}

const struct intent intent_greet = {
	.name = "greet",
	.run = run,
	.keeps_place = true,
};
