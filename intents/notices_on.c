/*
 * notices-on - the button that takes "stop messages" back: all comes again as it was set before.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	if (!turn_keeps(t))
		return turn_say(t, "notices.not_kept");
	turn_say(t, turn_restore_notices(t) ? "notices.on_again" : "notices.same");
	turn_say_notices(t);
	return TURN_DONE;
}

const struct intent intent_notices_on = {
	.name = "notices-on",
	.not_shared = "notices.not_in_group",
	.run = run,
};
