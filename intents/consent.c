/*
 * consent - may something be kept beyond the conversation? Given, taken back, or asked about.
 */
#include <string.h>

#include "intents/intents.h"

/* Sorted by nothing: few, and the first that is found decides. */
static const struct {
	const char *words; /* as they stand in the text, in small letters */
	bool given;
} signs[] = {
	{ "withdraw", false },
	{ "revoke", false },
	{ "take back", false },
	{ "took back", false },
	{ "retract", false },
	{ "no longer", false },
	{ "not ", false },
	{ "dont", false },
	{ "don't", false },
	{ "do not", false },
	{ "never", false },
	{ "stop", false },
	{ "cancel", false },
	{ "refuse", false },
	{ "disagree", false },
	{ "decline", false },
	{ "forbid", false },
	{ "remove", false },
	{ "undo", false },
	{ "object", false },
	{ "changed my mind", false },
	{ "opt out", false },
	{ "no permission", false },
	{ "no consent", false },
	{ "say no", false },
	{ "give consent", true },
	{ "i give", true },
	{ "agree", true },
	{ "accept", true },
	{ "allow", true },
	{ "you may", true },
	{ "u may", true },
	{ "you can", true },
	{ "u can", true },
	{ "permission", true },
	{ "i consent", true },
	{ "my consent", true },
	{ "fine with", true },
	{ "ok", true },
	{ "yes", true },
};

/* 1: given; 0: taken back; -1: it does not say. */
static int
read_word(struct turn *t)
{
	struct str text = turn_text(t);
	char *small = arena_cstr(turn_arena(t), text);
	size_t len = strlen(small);

	for (size_t i = 0; i < len; i++)
		if (small[i] >= 'A' && small[i] <= 'Z')
			small[i] = (char)(small[i] - 'A' + 'a');
	if (len > 0 && small[len - 1] == '?')
		return -1; /* a question decides nothing */
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (strstr(small, signs[i].words) != NULL)
			return signs[i].given;
	return -1;
}

static enum turn_end
say_state(struct turn *t)
{
	switch (turn_consent(t)) {
	case CONSENT_GIVEN:
		turn_say(t, "consent.is_given");
		turn_offer_intent(t, "consent-refused", "button.consent_no");
		return TURN_DONE;
	case CONSENT_WITHDRAWN:
		turn_say(t, "consent.is_withdrawn");
		break;
	case CONSENT_UNASKED:
		break;
	}
	return turn_ask(t, "consent.ask", "consent-given", "consent-refused");
}

static enum turn_end
run(struct turn *t)
{
	switch (read_word(t)) {
	case 1:
		return turn_run(t, "consent-given");
	case 0:
		return turn_run(t, "consent-refused");
	default:
		return say_state(t);
	}
}

const struct intent intent_consent = {
	.name = "consent",
	.run = run,
};
