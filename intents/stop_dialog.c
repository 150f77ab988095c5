/*
 * stop-dialog - "never mind": what runs ends at once, and nothing is kept of it.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say(t, turn_stop_dialog(t) ? "dialog.stopped" : "dialog.none");
}

const struct intent intent_stop_dialog = {
	.name = "stop-dialog",
	.run = run,
};
