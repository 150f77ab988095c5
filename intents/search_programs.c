/*
 * search-programs - "phlebotomy in newark under 2000": programs by words, title, provider.
 */
#include "intents/intents.h"

static const struct slot slots[] = {
	{ "want", SLOT_SOUGHT, "seek.what_words" },
	{ NULL, SLOT_SOUGHT, NULL },
};

static enum turn_end
run(struct turn *t)
{
	if (!turn_has_catalog(t))
		return turn_say(t, "seek.no_catalog");
	if (turn_look_up(t))
		return turn_list(t);
	turn_say(t, "seek.not_understood");
	turn_offer_fields(t);
	turn_wait_again(t);
	return TURN_ASKED;
}

const struct intent intent_search_programs = {
	.name = "search-programs",
	.slots = slots,
	.run = run,
};
