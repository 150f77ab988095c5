/*
 * keep-list-private - no: nobody else sees the list.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say(t, "list.not_shared");
}

const struct intent intent_keep_list_private = {
	.name = "keep-list-private",
	.run = run,
};
