/*
 * consent-given - the yes: written down with its time, and what it was asked for goes on.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	enum turn_end end;

	turn_set_consent(t, true);
	turn_say(t, "consent.given");
	return turn_take_consent(t, &end) ? end : TURN_DONE;
}

const struct intent intent_consent_given = {
	.name = "consent-given",
	.run = run,
};
