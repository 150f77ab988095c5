/*
 * plan-weeks - "does that fit beside my job?", "plan both": programs laid into her weeks, and
 * a calendar file of it.
 */
#include "intents/intents.h"

static const struct slot slots[] = {
	{ "hours", SLOT_HOURS, "plan.ask_hours" },
	{ NULL, SLOT_HOURS, NULL },
};

const struct intent intent_plan_weeks = {
	.name = "plan-weeks",
	.slots = slots,
	.ready = turn_plan_of_programs,
	.run = turn_say_plan,
	.not_shared = "plan.not_in_group",
};
