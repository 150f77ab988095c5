/*
 * erase-my-data - the yes to delete-my-data: all that is kept is gone when this turn ends.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_erase(t);
	return turn_say(t, "delete.done");
}

const struct intent intent_erase_my_data = {
	.name = "erase-my-data",
	.run = run,
};
