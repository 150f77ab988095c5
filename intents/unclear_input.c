/*
 * unclear-input - fragments and noise: a short question back, with what may have been meant.
 */
#include "intents/intents.h"

#define MISSES_FOR_PERSON 2
#define GUESSES 2

static enum turn_end
run(struct turn *t)
{
	bool lost = turn_misses(t) >= MISSES_FOR_PERSON;

	turn_say(t, lost ? "unclear.again" : "unclear.first");
	if (lost)
		turn_say_person(t);
	for (size_t i = 0; i < GUESSES; i++) {
		const struct article *a = turn_candidate(t, i);

		if (a != NULL)
			turn_offer_topic(t, a);
	}
	turn_offer_intent(t, "list-topics", "button.topics");
	return TURN_DONE;
}

const struct intent intent_unclear_input = {
	.name = "unclear-input",
	.run = run,
};
