/*
 * faq - a question that an article answers.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	const struct article *a = turn_target(t);

	if (a == NULL)
		return turn_run(t, "help");
	return turn_say_article(t, a, DEPTH_BRIEF);
}

const struct intent intent_faq = {
	.name = "faq",
	.run = run,
};
