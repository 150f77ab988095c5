/*
 * refine-suggestion - "cheaper", "only online", "the same in canada": the search changes by
 * one wish, and keeps the others.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	if (!turn_has_catalog(t))
		return turn_say(t, "seek.no_catalog");
	/* What left nothing is said once more. */
	if (turn_seek_on(t) || turn_found_nothing(t))
		return turn_list(t);
	return turn_is_seeking(t) ? turn_say(t, "refine.how")
	                          : turn_run(t, "suggest-programs");
}

const struct intent intent_refine_suggestion = {
	.name = "refine-suggestion",
	.run = run,
};
