/*
 * sensitive-data-posted - a card or passport number was written here: a warning, and neither
 * a repetition nor a record of it.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say(t,
	    turn_mask_text(t) ? "sensitive.removed" : "sensitive.warning");
}

const struct intent intent_sensitive_data_posted = {
	.name = "sensitive-data-posted",
	.run = run,
	.keeps_place = true,
};
