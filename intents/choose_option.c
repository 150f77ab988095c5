/*
 * choose-option - "the second one": picks from what was shown last.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	enum turn_end end;

	if (turn_take_option(t, &end))
		return end;
	if (turn_choices(t) == 0)
		return turn_say(t, "choose.nothing");
	turn_bind(t, "n", str_of(arena_printf(turn_arena(t), "%zu", turn_choices(t))));
	return turn_say(t, "choose.range");
}

const struct intent intent_choose_option = {
	.name = "choose-option",
	.run = run,
	.keeps_place = true,
};
