/*
 * goodbye - "bye": a friendly close; what is open stays open.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say(t, "goodbye");
}

const struct intent intent_goodbye = {
	.name = "goodbye",
	.run = run,
	.keeps_place = true,
};
