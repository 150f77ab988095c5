/*
 * talk-to-advisor - "I want a person": how to reach one in this installation, or plainly that
 * this chat cannot connect anybody.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_say(t, "person.asked");
	turn_say_person(t);
	return TURN_DONE;
}

const struct intent intent_talk_to_advisor = {
	.name = "talk-to-advisor",
	.run = run,
};
