/*
 * erase-profile - the profile goes, all of it; what was said in the conversation stays.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_profile_erase(t);
	return turn_say(t, "profile.erased");
}

const struct intent intent_erase_profile = {
	.name = "erase-profile",
	.run = run,
};
