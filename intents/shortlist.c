/*
 * shortlist - "show my list": the programs she saved, to open, compare or take off.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say_list(t) ? TURN_DONE : turn_say(t, "list.empty");
}

const struct intent intent_shortlist = {
	.name = "shortlist",
	.not_shared = "list.not_in_group",
	.run = run,
};
