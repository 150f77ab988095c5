/*
 * consent-refused - the no, or the yes taken back: written down, and nothing new is kept.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	bool given = turn_consent(t) == CONSENT_GIVEN;

	turn_set_consent(t, false);
	if (!given)
		return turn_say(t, "consent.refused");
	turn_say(t, "consent.withdrawn");
	turn_offer_intent(t, "delete-my-data", "button.delete");
	return TURN_DONE;
}

const struct intent intent_consent_refused = {
	.name = "consent-refused",
	.run = run,
};
