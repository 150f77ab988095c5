/*
 * delete-my-data - "erase all": says what will be gone and what cannot be deleted from here,
 * and waits for one clear yes.
 *
 * "yes delete" is read as this intent, and is that yes, if it was asked for; "delete the rest,
 * but keep ..." is none, and is asked again.
 */
#include <string.h>

#include "intents/intents.h"

#define CONFIRMED "erase-my-data"

/* Words that a clear yes begins with. */
static bool
begins_with_yes(struct str text)
{
	static const char *const words[] = { "yes", "y", "yep", "yeah", "sure",
		"confirm", "confirmed", "definitely", "absolutely" };
	size_t len = 0;

	while (len < text.len && strchr(" ,.!", text.p[len]) == NULL)
		len++;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is_nocase(str_n(text.p, len), words[i]))
			return true;
	return false;
}

/* "yes but not my notes" takes some of it back. */
static bool
has_reserve(struct str text)
{
	static const char *const words[] = { "but", "except", "keep", "not", "dont",
		"don't", "only", "wait", "without", "no" };
	struct str rest = text;

	while (rest.p != NULL) {
		struct str word = str_cut(&rest, ' ');

		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			if (str_is_nocase(word, words[i]))
				return true;
	}
	return false;
}

static enum turn_end
run(struct turn *t)
{
	bool asked = turn_was_asked_for(t, CONFIRMED);

	if (asked && begins_with_yes(turn_text(t)) && !has_reserve(turn_text(t)))
		return turn_run(t, CONFIRMED);
	if (asked)
		turn_say(t, "delete.all_or_nothing");
	else
		turn_say(t, "delete.what");
	turn_bind(t, "hours",
	    str_of(arena_printf(turn_arena(t), "%d", turn_raw_hours(t))));
	if (!asked)
		turn_say(t, "delete.cannot");
	turn_offer_intent(t, CONFIRMED, "button.delete_yes");
	turn_offer_intent(t, "delete-kept", "button.delete_no");
	return turn_ask(t, "delete.ask", CONFIRMED, "delete-kept");
}

const struct intent intent_delete_my_data = {
	.name = "delete-my-data",
	.run = run,
};
