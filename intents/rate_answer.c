/*
 * rate-answer - asks for the rating that somebody wants to give.
 *
 * Has no phrases: feedback leads here.
 */
#include "intents/intents.h"

static const struct slot slots[] = {
	{ "rating", SLOT_RATING, "feedback.ask_rating" },
	{ NULL, SLOT_TEXT, NULL },
};

static enum turn_end
run(struct turn *t)
{
	const char *rating = turn_slot(t, "rating");

	turn_note(t, "rating", str_of(rating));
	return turn_say(t, rating[0] >= '4' ? "feedback.good" : "feedback.poor");
}

const struct intent intent_rate_answer = {
	.name = "rate-answer",
	.slots = slots,
	.run = run,
};
