/*
 * out-of-scope - what the bot does not know or do: said honestly, with a way forward.
 *
 * After two misses in a row a person is named. Topics that came near are offered, never
 * answered: a guess is worse than a question.
 */
#include "intents/intents.h"

/* Once can be a slip of the keys; twice, and the student needs somebody else. */
#define MISSES_FOR_PERSON 2
/* Topics that came near. */
#define GUESSES 2

static void
offer_guesses(struct turn *t)
{
	for (size_t i = 0; i < GUESSES; i++) {
		const struct article *a = turn_candidate(t, i);

		if (a != NULL)
			turn_offer_topic(t, a);
	}
}

static enum turn_end
run(struct turn *t)
{
	bool again = turn_misses(t) >= MISSES_FOR_PERSON;

	turn_say(t, again ? "unknown.again" : "unknown.first");
	if (turn_misses(t) > 0)
		offer_guesses(t);
	turn_offer_intent(t, "list-topics", "button.topics");
	if (again)
		turn_say_person(t);
	else
		turn_offer_intent(t, "talk-to-advisor", "button.person");
	return TURN_DONE;
}

const struct intent intent_out_of_scope = {
	.name = "out-of-scope",
	.run = run,
};
