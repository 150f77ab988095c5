/*
 * skip-wish - "any", "doesn't matter": the question below the list is left.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_skip_wish(t);
}

const struct intent intent_skip_wish = {
	.name = "skip-wish",
	.run = run,
};
