/*
 * keep-alert - yes: she is told when new programs fit.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	static const char *const messages[] = {
		[ALERT_DONE] = "alert.kept",
		[ALERT_BEFORE] = "alert.before",
		[ALERT_FULL] = "alert.full",
		[ALERT_NONE] = "alert.what",
	};

	return turn_say(t, messages[turn_keep_alert(t)]);
}

const struct intent intent_keep_alert = {
	.name = "keep-alert",
	.not_shared = "list.not_in_group",
	.run = run,
};
