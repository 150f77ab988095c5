/*
 * send-my-data - the yes to export-my-data: one JSON file with all that is kept.
 */
#include "intents/intents.h"

/* "2026-01-14" */
#define DATE_CHARS 10

static enum turn_end
fail(struct turn *t, enum rc rc)
{
	if (rc == RC_NOTFOUND)
		return turn_say(t, "export.nothing");
	if (rc != RC_INVALID)
		return turn_say(t, "export.failed");
	turn_note(t, "export",
	    STR("the copy of the student's data is too long for one file"));
	return turn_say(t, "export.too_long");
}

static enum turn_end
run(struct turn *t)
{
	char iso[CLOCK_ISO_MAX];
	struct str data;
	enum rc rc;

	/* Somebody may have joined since it was asked. */
	if (turn_is_shared(t))
		return turn_say(t, "export.shared");
	rc = turn_export(t, &data);
	if (rc != RC_OK)
		return fail(t, rc);
	clock_format(turn_now(t), iso, sizeof(iso));
	turn_attach(t,
	    arena_printf(turn_arena(t), "my-data-%.*s.json", DATE_CHARS, iso),
	    "application/json", data);
	turn_say(t, "export.sent");
	turn_offer_intent(t, "delete-my-data", "button.delete");
	return TURN_DONE;
}

const struct intent intent_send_my_data = {
	.name = "send-my-data",
	.run = run,
};
