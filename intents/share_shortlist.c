/*
 * share-shortlist - "send my list to the advisor": her list as a file that she can pass on,
 * and, after a yes, with the people who run this service.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	struct str text = turn_list_text(t);

	if (text.len == 0)
		return turn_say(t, "list.empty");
	turn_attach(t, "my-programs.txt", "text/plain", text);
	turn_say(t, "list.file");
	return turn_ask(t, "list.share_ask", "hand-over-list", "keep-list-private");
}

const struct intent intent_share_shortlist = {
	.name = "share-shortlist",
	.not_shared = "list.not_in_group",
	.run = run,
};
