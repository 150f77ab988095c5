/*
 * drop-profile - "no": what waited is forgotten.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	(void)turn_stop_dialog(t);
	return turn_say(t, "profile.dropped");
}

const struct intent intent_drop_profile = {
	.name = "drop-profile",
	.run = run,
};
