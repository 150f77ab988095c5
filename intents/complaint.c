/*
 * complaint - to be taken seriously: an apology without excuses, a record with a reference, a
 * person who follows up.
 */
#include "intents/intents.h"

static const struct slot slots[] = {
	{ "text", SLOT_TEXT, "complaint.ask_text" },
	{ NULL, SLOT_TEXT, NULL },
};

static enum turn_end
run(struct turn *t)
{
	turn_note(t, "complaint", str_of(turn_slot(t, "text")));
	turn_say(t, "complaint.recorded");
	if (turn_has_contact(t))
		turn_say_person(t);
	return TURN_DONE;
}

const struct intent intent_complaint = {
	.name = "complaint",
	.slots = slots,
	.run = run,
};
