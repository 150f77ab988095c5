/*
 * affirm - "yes": what was asked goes on.
 */
#include "intents/intents.h"

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
