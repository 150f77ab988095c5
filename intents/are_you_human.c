/*
 * are-you-human - a plain no, and how to reach a human.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_say(t, "human.no");
	turn_say_person(t);
	return TURN_DONE;
}

const struct intent intent_are_you_human = {
	.name = "are-you-human",
	.run = run,
	.keeps_place = true,
};
