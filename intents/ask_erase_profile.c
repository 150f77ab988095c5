/*
 * ask-erase-profile - the button below the profile: is she sure?
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_ask(t, "profile.ask_erase", "erase-profile", NULL);
}

const struct intent intent_ask_erase_profile = {
	.name = "ask-erase-profile",
	.run = run,
};
