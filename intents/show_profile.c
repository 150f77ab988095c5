/*
 * show-profile - "what do you know about me": every entry, and in which words it was said.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	bool any = turn_profile_kept(t) > 0;

	turn_bind(t, "days",
	    str_of(arena_printf(turn_arena(t), "%d", turn_keep_days(t))));
	turn_say(t, any ? "profile.all" : "profile.none");
	turn_say(t, "profile.other_kinds");
	if (!any) {
		turn_offer_intent(t, "create-profile", "button.create_profile");
		turn_offer_intent(t, "privacy", "button.privacy");
		return TURN_DONE;
	}
	turn_offer_intent(t, "update-profile", "button.update_profile");
	turn_offer_intent(t, "ask-erase-profile", "button.erase_profile");
	return TURN_DONE;
}

const struct intent intent_show_profile = {
	.name = "show-profile",
	.not_shared = "profile.not_in_group",
	.run = run,
};
