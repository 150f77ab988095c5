/*
 * promise-request - an honest no to guarantees, and what does help.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	const struct article *a = kb_find(turn_kb(t), "job-guarantee");

	turn_say(t, "promise.no");
	if (a != NULL)
		turn_offer_topic(t, a);
	a = kb_find(turn_kb(t), "visa-strengthen-later-application");
	if (a != NULL)
		turn_offer_topic(t, a);
	return TURN_DONE;
}

const struct intent intent_promise_request = {
	.name = "promise-request",
	.run = run,
};
