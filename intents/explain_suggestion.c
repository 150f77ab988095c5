/*
 * explain-suggestion - "why this one?": which wishes it meets, which it misses, and what the
 * catalog does not say.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	struct program_refs which;

	if (!turn_refer(t, &which))
		return TURN_DONE;
	return turn_say_reasons(t, which.id[0]);
}

const struct intent intent_explain_suggestion = {
	.name = "explain-suggestion",
	.run = run,
};
