/*
 * unsupported-message - voice, pictures and files cannot be read here.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	const char *media = turn_media(t);

	turn_bind(t, "media", str_of(media[0] == '\0' ? "files" : media));
	turn_say(t, "media.cannot_read");
	turn_say_person(t);
	return TURN_DONE;
}

const struct intent intent_unsupported_message = {
	.name = "unsupported-message",
	.run = run,
	.keeps_place = true,
};
