/*
 * abuse - one calm boundary, no retort. Said in full once; after that shorter.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_say(t, turn_count(t, "abuse", 1) == 1 ? "abuse.boundary" : "abuse.again");
	if (turn_has_contact(t))
		turn_say_person(t);
	return TURN_DONE;
}

const struct intent intent_abuse = {
	.name = "abuse",
	.run = run,
	.keeps_place = true,
};
