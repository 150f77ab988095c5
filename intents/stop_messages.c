/*
 * stop-messages - "unsubscribe": nothing is sent on its own any more, at once and unasked.
 *
 * "Nothing but the reminders" is read as this, too, and gets what it says. In a room that others
 * read it works as well: whoever wants to be left alone shall not have to look for another
 * place, and it tells nobody more than she has just written there. What is hers beyond that is
 * not said there.
 */
#include "intents/intents.h"

static enum turn_end
stop_shared(struct turn *t)
{
	(void)turn_stop_notices(t);
	return turn_say(t, "notices.stopped_shared");
}

static enum turn_end
run(struct turn *t)
{
	(void)turn_stop_dialog(t);
	if (!turn_keeps(t))
		return turn_say(t, "notices.not_kept");
	if (turn_is_shared(t))
		return stop_shared(t);
	if (turn_wants_some_notices(t))
		return turn_run(t, "notification-settings");
	turn_say(t, turn_stop_notices(t) ? "notices.stopped" : "notices.all_off");
	turn_say_limits(t);
	if (turn_count_searches(t) > 0)
		turn_say(t, "notices.searches_kept");
	turn_say(t, "notices.how_on");
	turn_offer_intent(t, "notices-on", "button.undo");
	return TURN_DONE;
}

const struct intent intent_stop_messages = {
	.name = "stop-messages",
	.run = run,
};
