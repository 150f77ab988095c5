/*
 * keep-profile - "yes, keep that": what she said about herself is her profile now.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	/* The yes came too late: something else has been said meanwhile. */
	if (turn_profile_waiting(t) == 0)
		return turn_say(t, "affirm.nothing");
	if (!turn_may_keep(t, "keep-profile")) {
		turn_hold_slots(t);
		return TURN_ASKED;
	}
	(void)turn_profile_keep(t);
	turn_say(t, "profile.kept");
	turn_offer_intent(t, "show-profile", "button.profile");
	return TURN_DONE;
}

const struct intent intent_keep_profile = {
	.name = "keep-profile",
	.not_shared = "profile.not_in_group",
	.run = run,
};
