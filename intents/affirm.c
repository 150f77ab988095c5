/*
 * affirm - "yes": what was asked goes on.
 */
#include "intents/intents.h"

/* "yes please delete it all": longer ones are looked at closely. */
#define PLAIN_YES_MAX 16

/* "ok" after an answer means that it was read, not that more is wanted. */
static bool
is_nod(struct str text)
{
	static const char *const nods[] = { "ok", "okay", "k", "kk", "oki", "okey",
		"ok.", "okay.", "fine", "alright", "aha", "hm", "right" };

	for (size_t i = 0; i < ARRAY_LEN(nods); i++)
		if (str_is_nocase(text, nods[i]))
			return true;
	return false;
}

static enum turn_end
run(struct turn *t)
{
	enum turn_end end;

	/* What cannot be undone needs more than a nod, and no "yes, if ...". */
	if (turn_was_asked_for(t, "erase-my-data") &&
	    (is_nod(turn_text(t)) || turn_text(t).len > PLAIN_YES_MAX))
		return turn_run(t, "delete-my-data");
	if (!turn_was_asked(t) && is_nod(turn_text(t)))
		return turn_run(t, "thanks");
	if (turn_take_answer(t, true, &end))
		return end;
	return turn_say(t, "affirm.nothing");
}

const struct intent intent_affirm = {
	.name = "affirm",
	.run = run,
};
