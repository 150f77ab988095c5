/*
 * program-details - "tell me about the second", "how long is that": what the catalog states
 * of a program. What it does not state is called unknown.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	struct program_refs which;

	if (!turn_refer(t, &which))
		return TURN_DONE;
	if (which.n == 1)
		return turn_say_program(t, which.id[0]);
	if (turn_asks_point(t))
		return turn_say_points(t, &which);
	return turn_say_which(t, "program.which");
}

const struct intent intent_program_details = {
	.name = "program-details",
	.run = run,
};
