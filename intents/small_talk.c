/*
 * small-talk - a short friendly word, and the way back to the subject.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say(t, "small_talk");
}

const struct intent intent_small_talk = {
	.name = "small-talk",
	.run = run,
	.keeps_place = true,
};
