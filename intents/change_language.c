/*
 * change-language - she wants another language: this version has English alone, and says so
 * in words that are easy to read.
 */
#include "intents/intents.h"

static enum turn_end
run(struct turn *t)
{
	return turn_say(t, "language.english_only");
}

const struct intent intent_change_language = {
	.name = "change-language",
	.run = run,
	.keeps_place = true,
};
