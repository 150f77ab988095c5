/*
 * feedback - a rating or a remark, taken in one step with thanks.
 */
#include "intents/intents.h"

/* "i want to give feedback" is not yet any. */
static const char *const announcing[] = { "feedback", "rate", "rating", "review",
	NULL };

static enum turn_end
run(struct turn *t)
{
	const char *rating = turn_slot(t, "rating");

	if (rating[0] == '\0' && turn_says(t, announcing))
		return turn_run(t, "rate-answer");
	if (rating[0] == '\0') {
		turn_note(t, "remark", turn_text(t));
		return turn_say(t, "feedback.remark");
	}
	turn_note(t, "rating", str_of(rating));
	return turn_say(t, rating[0] >= '4' ? "feedback.good" : "feedback.poor");
}

const struct intent intent_feedback = {
	.name = "feedback",
	.run = run,
	.keeps_place = true,
};
