/*
 * delete-kept - the no to delete-my-data: says plainly that nothing was deleted.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say(t, "delete.kept");
}

const struct intent intent_delete_kept = {
	.name = "delete-kept",
	.run = run,
};
