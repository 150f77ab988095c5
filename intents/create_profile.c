/*
 * create-profile - "sign me up": a few questions about herself, each of which may be skipped.
 *
 * Nothing is kept before she has seen all of it and said yes.
 */
#include "intents/intents.h"

static const struct slot slots[] = {
	{ "name", SLOT_PROFILE, "profile.ask_name" },
	{ "home", SLOT_PROFILE, "profile.ask_home" },
	{ "destination", SLOT_PROFILE, "profile.ask_destination" },
	{ "goal", SLOT_PROFILE, "profile.ask_goal" },
	{ "field", SLOT_PROFILE, "profile.ask_field" },
	{ "level", SLOT_PROFILE, "profile.ask_level" },
	{ "language", SLOT_PROFILE, "profile.ask_language" },
	{ "budget", SLOT_PROFILE, "profile.ask_budget" },
	{ "start", SLOT_PROFILE, "profile.ask_start" },
	{ "timezone", SLOT_PROFILE, "profile.ask_timezone" },
	{ NULL, SLOT_PROFILE, NULL },
};

static enum turn_end
run(struct turn *t)
{
	if (turn_profile_waiting(t) == 0)
		return turn_say(t, "profile.all_skipped");
	turn_hold_slots(t);
	turn_say(t, "profile.summary");
	if (!turn_may_keep(t, "keep-profile"))
		return TURN_ASKED;
	return turn_ask(t, "profile.confirm", "keep-profile", "drop-profile");
}

const struct intent intent_create_profile = {
	.name = "create-profile",
	.slots = slots,
	.begin = "profile.begin",
	.not_shared = "profile.not_in_group",
	.run = run,
};
