/*
 * report-wrong-answer - "that is not correct": recorded with the answer it is about; and a
 * person is named who may know better.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_note(t, "wrong-answer", turn_text(t));
	turn_say(t, turn_topic(t) == NULL ? "wrong.no_answer" : "wrong.recorded");
	if (turn_has_contact(t))
		turn_say_person(t);
	return TURN_DONE;
}

const struct intent intent_report_wrong_answer = {
	.name = "report-wrong-answer",
	.run = run,
};
