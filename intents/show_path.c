/*
 * show-path - "how do I get there": the ways to a larger award that the catalog states.
 */
#include "intents/intents.h"

/* Of several, those to which there is a way. */
static void
keep_reachable(struct turn *t, struct program_refs *which)
{
	struct program_refs all = *which;

	which->n = 0;
	for (size_t i = 0; i < all.n; i++)
		if (turn_has_path(t, all.id[i]))
			turn_add_ref(which, all.id[i]);
	if (which->n == 0)
		*which = all;
}

static enum turn_end
run(struct turn *t)
{
	struct program_refs which;

	if (!turn_refer(t, &which))
		return TURN_DONE;
	if (which.n > 1)
		keep_reachable(t, &which);
	if (which.n > 1)
		return turn_say_which(t, "path.which");
	return turn_say_path(t, which.id[0]);
}

const struct intent intent_show_path = {
	.name = "show-path",
	.run = run,
};
