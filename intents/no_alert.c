/*
 * no-alert - no: nothing is sent.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say(t, "alert.not_kept");
}

const struct intent intent_no_alert = {
	.name = "no-alert",
	.run = run,
};
