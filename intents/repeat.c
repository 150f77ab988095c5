/*
 * repeat - "say that again": the last answer once more, unchanged.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	if (turn_say_again(t))
		return TURN_DONE;
	return turn_say(t, "repeat.nothing");
}

const struct intent intent_repeat = {
	.name = "repeat",
	.run = run,
	.keeps_place = true,
};
