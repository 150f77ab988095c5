/*
 * remove-from-shortlist - "take the second off my list": gone, with a way back.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	struct program_refs which;
	size_t n = turn_view_list(t), removed = 0;

	if (n == 0)
		return turn_say(t, "list.empty");
	if (turn_means_all(t)) {
		(void)turn_unsave_all(t);
		turn_say(t, "list.emptied");
		turn_offer_intent(t, "restore-list", "button.undo");
		return TURN_DONE;
	}
	turn_which(t, &which);
	if (which.n == 0 && n == 1)
		turn_in_list(t, &which);
	if (which.n == 0)
		return turn_say_list(t) ? turn_say(t, "list.remove_which") : TURN_DONE;
	for (size_t i = 0; i < which.n; i++) {
		bool gone = turn_unsave_program(t, which.id[i]) == LIST_DONE;

		turn_say(t, gone ? "list.removed" : "list.not_on_it");
		removed += gone;
	}
	if (removed > 0)
		turn_offer_intent(t, "restore-list", "button.undo");
	turn_offer_intent(t, "shortlist", "button.list");
	return TURN_DONE;
}

const struct intent intent_remove_from_shortlist = {
	.name = "remove-from-shortlist",
	.not_shared = "list.not_in_group",
	.run = run,
};
