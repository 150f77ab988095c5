/*
 * program-alert - "tell me when there is something new": the search that stands, or the one
 * the message names, goes on by itself, after a yes.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	if (!turn_has_catalog(t))
		return turn_say(t, "seek.no_catalog");
	if (!turn_keeps(t))
		return turn_say(t, "list.not_kept");
	/* "tell me when there are new nursing courses", and not the search that stands. */
	if (!turn_is_seeking(t) || turn_names_subject(t))
		(void)turn_seek(t);
	if (!turn_bind_search(t))
		return turn_say(t, "alert.what");
	return turn_ask(t, "alert.ask", "keep-alert", "no-alert");
}

const struct intent intent_program_alert = {
	.name = "program-alert",
	.not_shared = "list.not_in_group",
	.run = run,
};
