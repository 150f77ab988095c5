/*
 * start-over - "let us begin again": the conversation starts afresh.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_stop_dialog(t);
	turn_forget(t);
	turn_say(t, "start_over");
	turn_offer_first_steps(t);
	return TURN_DONE;
}

const struct intent intent_start_over = {
	.name = "start-over",
	.run = run,
};
