/*
 * compare-programs - "compare it with the first": side by side on the same points.
 */
#include "intents/intents.h"

/* One alone is compared with the one spoken of last, else with the first in view. */
static void
add_another(struct turn *t, struct program_refs *which)
{
	struct program_refs view;

	turn_in_view(t, &view);
	for (size_t i = 0; i < view.n && which->n < 2; i++)
		turn_add_ref(which, view.id[i]);
	turn_in_list(t, &view);
	for (size_t i = 0; i < view.n && which->n < 2; i++)
		turn_add_ref(which, view.id[i]);
}

static enum turn_end
run(struct turn *t)
{
	struct program_refs which;

	if (!turn_refer(t, &which))
		return TURN_DONE;
	if (which.n == 1)
		add_another(t, &which);
	return turn_compare(t, &which);
}

const struct intent intent_compare_programs = {
	.name = "compare-programs",
	.run = run,
};
