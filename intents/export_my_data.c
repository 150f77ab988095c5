/*
 * export-my-data - "send me everything": a copy of all that is kept, in this chat, after a yes:
 * who borrows the phone of a friend should not get it by chance.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	if (turn_is_shared(t))
		return turn_say(t, "export.shared");
	return turn_ask(t, "export.ask", "send-my-data", NULL);
}

const struct intent intent_export_my_data = {
	.name = "export-my-data",
	.run = run,
};
