/*
 * similar-programs - "something like that, but cheaper": programs of its fields.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	struct program_refs which;

	if (!turn_has_catalog(t))
		return turn_say(t, "seek.no_catalog");
	turn_which(t, &which);
	if (which.n == 0)
		turn_in_view(t, &which);
	if (which.n == 0)
		return turn_run(t, "suggest-programs");
	return turn_list_similar(t, which.id[0]);
}

const struct intent intent_similar_programs = {
	.name = "similar-programs",
	.run = run,
};
