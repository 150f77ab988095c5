/*
 * data-of-others - a refusal that does not even say whether somebody is known.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say(t, "others.refused");
}

const struct intent intent_data_of_others = {
	.name = "data-of-others",
	.run = run,
	.keeps_place = true,
};
