/*
 * explain-suggestion - "why this one?": which wishes it meets, which it misses, and what the
 * catalog does not say.
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
		return turn_say(t, "seek.nothing_in_view");
	return turn_say_reasons(t, which.id[0]);
}

const struct intent intent_explain_suggestion = {
	.name = "explain-suggestion",
	.run = run,
};
