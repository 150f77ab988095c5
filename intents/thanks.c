/*
 * thanks - "thank you": a brief word, no new lecture.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say(t, "thanks");
}

const struct intent intent_thanks = {
	.name = "thanks",
	.run = run,
	.keeps_place = true,
};
