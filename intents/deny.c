/*
 * deny - "no": what was asked is dropped, and nothing is done.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	enum turn_end end;

	if (turn_stop_dialog(t))
		return turn_say(t, "dialog.stopped");
	if (turn_take_answer(t, false, &end))
		return end;
	return turn_say(t, "deny");
}

const struct intent intent_deny = {
	.name = "deny",
	.run = run,
};
