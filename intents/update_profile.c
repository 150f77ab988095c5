/*
 * update-profile - "actually my budget is 800 euro": entries change, or go, in one sentence.
 *
 * What she wants gone is gone at once. What is new is kept at once if she has allowed that, else
 * she is asked.
 */
#include "intents/intents.h"

static const struct slot slots[] = {
	{ "change", SLOT_CHANGE, "profile.ask_change" },
	{ NULL, SLOT_CHANGE, NULL },
};

static enum turn_end
run(struct turn *t)
{
	struct turn_changes c;

	c = turn_profile_change(t);
	if (c.set + c.removed == 0)
		return turn_say(t, "profile.not_read");
	if (c.removed > 0)
		turn_say(t, "profile.removed");
	if (c.set == 0)
		return TURN_DONE;
	if (turn_consent(t) == CONSENT_GIVEN) {
		(void)turn_profile_keep(t);
		return turn_say(t, "profile.changed");
	}
	(void)turn_profile_waiting(t);
	turn_hold_slots(t);
	turn_say(t, "profile.summary");
	(void)turn_may_keep(t, "keep-profile");
	return TURN_ASKED;
}

const struct intent intent_update_profile = {
	.name = "update-profile",
	.slots = slots,
	.not_shared = "profile.not_in_group",
	.run = run,
};
