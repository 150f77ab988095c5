/*
 * save-program - "save the first": it is on her list. She asked for it, so nothing is asked.
 */
#include "intents/intents.h"

static enum turn_end
save(struct turn *t, const char *id)
{
	static const char *const messages[] = {
		[LIST_DONE] = "list.saved",
		[LIST_BEFORE] = "list.saved_before",
		[LIST_FULL] = "list.full",
		[LIST_GONE] = "program.gone",
	};
	enum list_result r = turn_save_program(t, id);

	turn_say(t, messages[r]);
	if (r != LIST_GONE)
		turn_offer_intent(t, "shortlist", "button.list");
	return TURN_DONE;
}

static enum turn_end
run(struct turn *t)
{
	struct program_refs which;

	if (!turn_keeps(t))
		return turn_say(t, "list.not_kept");
	if (!turn_refer(t, &which))
		return TURN_DONE;
	if (which.n > 1 && !turn_names_several(t))
		return turn_say_which(t, "list.save_which");
	for (size_t i = 0; i < which.n; i++)
		(void)save(t, which.id[i]);
	return TURN_DONE;
}

const struct intent intent_save_program = {
	.name = "save-program",
	.not_shared = "list.not_in_group",
	.run = run,
};
