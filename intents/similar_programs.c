/*
 * similar-programs - "something like that, but cheaper": programs of its fields.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	struct program_refs which;

	if (!turn_refer(t, &which))
		return TURN_DONE;
	return turn_list_similar(t, which.id[0]);
}

const struct intent intent_similar_programs = {
	.name = "similar-programs",
	.run = run,
};
