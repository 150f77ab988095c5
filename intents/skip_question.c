/*
 * skip-question - the button below a question that need not be answered.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_skip_slot(t);
}

const struct intent intent_skip_question = {
	.name = "skip-question",
	.run = run,
};
