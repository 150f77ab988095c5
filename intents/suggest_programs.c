/*
 * suggest-programs - "something with data": a few programs that fit, each with its reasons.
 *
 * Nothing is asked before something is shown, but what it should be about.
 */
#include "intents/intents.h"

static const struct slot slots[] = {
	{ "want", SLOT_WISH, "seek.what" },
	{ NULL, SLOT_WISH, NULL },
};

static enum turn_end
run(struct turn *t)
{
	if (!turn_has_catalog(t))
		return turn_say(t, "seek.no_catalog");
	if (turn_seek(t))
		return turn_list(t);
	turn_say(t, "seek.not_understood");
	turn_offer_fields(t);
	turn_wait_again(t);
	return TURN_ASKED;
}

const struct intent intent_suggest_programs = {
	.name = "suggest-programs",
	.slots = slots,
	.run = run,
};
