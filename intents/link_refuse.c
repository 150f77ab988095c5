/*
 * link-refuse - "no, that is not me": nothing is joined, and the code is worth nothing any more.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	turn_link_refuse(t);
	return turn_say(t, "link.refused");
}

const struct intent intent_link_refuse = {
	.name = "link-refuse",
	.run = run,
};
