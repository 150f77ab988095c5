/*
 * hand-over-list - yes: a person of this service may see the list.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	struct str text = turn_list_text(t);

	if (text.len == 0)
		return turn_say(t, "list.empty");
	(void)turn_note(t, "shortlist", text);
	return turn_say(t, "list.shared");
}

const struct intent intent_hand_over_list = {
	.name = "hand-over-list",
	.not_shared = "list.not_in_group",
	.run = run,
};
