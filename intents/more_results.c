/*
 * more-results - "more": the next programs of the same search.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	if (turn_is_seeking(t) && turn_has_catalog(t))
		return turn_list_more(t);
	return turn_run(t, "more-detail");
}

const struct intent intent_more_results = {
	.name = "more-results",
	.run = run,
};
