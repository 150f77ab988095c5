/*
 * end-searches - yes: all saved searches end.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	if (!turn_keeps(t))
		return turn_say(t, "notices.not_kept");
	return turn_say(t,
	    turn_end_searches(t) ? "notices.ended_all" : "notices.end_none");
}

const struct intent intent_end_searches = {
	.name = "end-searches",
	.not_shared = "notices.not_in_group",
	.run = run,
};
