/*
 * notification-settings - "only reminders, and nothing at night": does what the message says,
 * says what cannot be done, and shows how it is now.
 *
 * Nothing is asked: what she sets limits what is sent. Only all of her saved searches do not end
 * without a yes, since they cannot be put back.
 */
#include "intents/intents.h"

static void
say_change(struct turn *t)
{
	switch (turn_change_notices(t)) {
	case NOTICES_CHANGED:
		turn_say(t, "notices.changed");
		break;
	case NOTICES_SAME:
		turn_say(t, "notices.same");
		break;
	case NOTICES_UNSAID:
		break;
	}
}

static enum turn_end
run(struct turn *t)
{
	if (!turn_keeps(t))
		return turn_say(t, "notices.not_kept");
	say_change(t);
	switch (turn_end_search(t)) {
	case SEARCHES_ENDED:
		turn_say(t, "notices.ended");
		break;
	case SEARCHES_NONE:
		turn_say(t, "notices.end_none");
		break;
	case SEARCHES_WHICH:
		turn_say(t, "notices.end_which");
		break;
	case SEARCHES_ALL:
		return turn_ask(t, "notices.end_ask", "end-searches", NULL);
	case SEARCHES_UNSAID:
		break;
	}
	turn_say_limits(t);
	turn_say_notices(t);
	return TURN_DONE;
}

const struct intent intent_notification_settings = {
	.name = "notification-settings",
	.not_shared = "notices.not_in_group",
	.run = run,
};
