/*
 * link-join - "yes, that is me": joins the chat with the one whose code was typed, and says so
 * in both.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	switch (turn_link_join(t)) {
	case LINK_OK:
		turn_tell_others(t, "link.notice");
		return turn_say(t, "link.joined");
	case LINK_SAME:
		return turn_say(t, "link.same");
	case LINK_FULL:
		return turn_say(t, "link.full");
	default:
		return turn_say(t, "link.expired");
	}
}

const struct intent intent_link_join = {
	.name = "link-join",
	.run = run,
};
