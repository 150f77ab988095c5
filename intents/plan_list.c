/*
 * plan-list - the button below her list: all of it laid into her weeks.
 */
#include "intents/intents.h"

static const struct slot slots[] = {
	{ "hours", SLOT_HOURS, "plan.ask_hours" },
	{ NULL, SLOT_HOURS, NULL },
};

const struct intent intent_plan_list = {
	.name = "plan-list",
	.slots = slots,
	.ready = turn_plan_of_list,
	.run = turn_say_plan,
	.not_shared = "plan.not_in_group",
};
