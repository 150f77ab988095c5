/*
 * privacy - what is stored, why, who sees it, and how to control it.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_bind(t, "days",
	    str_of(arena_printf(turn_arena(t), "%d", turn_keep_days(t))));
	turn_say(t, "privacy.what");
	turn_say(t, "privacy.delete");
	if (turn_has_privacy_url(t))
		turn_say(t, "privacy.notice");
	if (turn_has_contact(t))
		turn_say_person(t);
	return TURN_DONE;
}

const struct intent intent_privacy = {
	.name = "privacy",
	.run = run,
	.keeps_place = true,
};
