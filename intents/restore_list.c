/*
 * restore-list - what was taken off the list last is on it again.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	static const char *const messages[] = {
		[LIST_DONE] = "list.restored",
		[LIST_BEFORE] = "list.nothing_to_restore",
		[LIST_FULL] = "list.full",
		[LIST_GONE] = "program.unreadable",
	};

	if (!turn_keeps(t))
		return turn_say(t, "list.not_kept");
	turn_say(t, messages[turn_restore_list(t)]);
	turn_offer_intent(t, "shortlist", "button.list");
	return TURN_DONE;
}

const struct intent intent_restore_list = {
	.name = "restore-list",
	.not_shared = "list.not_in_group",
	.run = run,
};
