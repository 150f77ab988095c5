/*
 * stop-dialog - "never mind": what runs ends at once, and nothing is kept of it.
 *
 * "stop" is what the bot names to end the messages that it sends on its own: right behind one
 * it means these.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	static const char *const stop[] = { "stop", NULL };

	if (turn_says(t, stop) && turn_was_written_to(t))
		return turn_run(t, "stop-messages");
	return turn_say(t, turn_stop_dialog(t) ? "dialog.stopped" : "dialog.none");
}

const struct intent intent_stop_dialog = {
	.name = "stop-dialog",
	.run = run,
};
