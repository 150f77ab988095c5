/*
 * messages.c - the names of all messages, sorted; the variables that each may use; and how
 * many variants the wording must have where repetition would grate.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/talk/messages_priv.h"
#include "credbot/base/rc.h"

const struct message_row message_rows[] = {
	{ "abuse.again", "", 1 },
	{ "abuse.boundary", "", 1 },
	{ "affirm.nothing", "", 2 },
	{ "article.overdue", "date", 1 },
	{ "back.nothing", "", 1 },
	{ "back.to", "", 1 },
	{ "button.help", "", 1 },
	{ "button.more", "", 1 },
	{ "button.none_of_these", "", 1 },
	{ "button.person", "", 1 },
	{ "button.privacy", "", 1 },
	{ "button.stale", "", 1 },
	{ "button.topics", "", 1 },
	{ "category.abroad", "", 1 },
	{ "category.admission", "", 1 },
	{ "category.basics", "", 1 },
	{ "category.benefits", "", 1 },
	{ "category.career", "", 1 },
	{ "category.choosing", "", 1 },
	{ "category.cost", "", 1 },
	{ "category.destinations", "", 1 },
	{ "category.drawbacks", "", 1 },
	{ "category.fields", "", 1 },
	{ "category.future", "", 1 },
	{ "category.languages", "", 1 },
	{ "category.popularity", "", 1 },
	{ "category.providers", "", 1 },
	{ "category.recognition", "", 1 },
	{ "category.service", "", 1 },
	{ "category.stacking", "", 1 },
	{ "category.study-abroad", "", 1 },
	{ "category.types", "", 1 },
	{ "certainty.claim", "", 1 },
	{ "certainty.depends", "", 1 },
	{ "certainty.disputed", "", 1 },
	{ "certainty.forecast", "", 1 },
	{ "certainty.service", "", 1 },
	{ "certainty.settled", "", 1 },
	{ "certainty.usual", "", 1 },
	{ "choose.nothing", "", 1 },
	{ "choose.range", "n", 1 },
	{ "clarify.which", "", 3 },
	{ "command.feedback", "", 1 },
	{ "command.help", "", 1 },
	{ "command.privacy", "", 1 },
	{ "command.restart", "", 1 },
	{ "command.topics", "", 1 },
	{ "complaint.ask_text", "", 1 },
	{ "complaint.recorded", "reference", 1 },
	{ "deny", "", 2 },
	{ "dialog.let_go", "", 1 },
	{ "dialog.none", "", 1 },
	{ "dialog.stopped", "", 1 },
	{ "distress.again", "", 1 },
	{ "distress.calm", "", 1 },
	{ "distress.nearby", "", 1 },
	{ "distress.support", "support", 1 },
	{ "edit.seen", "", 1 },
	{ "feedback.ask_rating", "", 1 },
	{ "feedback.good", "", 2 },
	{ "feedback.poor", "", 1 },
	{ "feedback.remark", "", 2 },
	{ "flood.slow_down", "", 1 },
	{ "frustration", "", 2 },
	{ "goodbye", "", 2 },
	{ "greet.again", "", 2 },
	{ "greet.first", "name", 1 },
	{ "help", "", 1 },
	{ "human.no", "", 2 },
	{ "language.english_only", "", 1 },
	{ "late.ask_again", "", 1 },
	{ "late.sorry", "", 1 },
	{ "long.cut", "", 1 },
	{ "matrix.encrypted", "", 1 },
	{ "matrix.refused", "", 1 },
	{ "media.cannot_read", "media", 1 },
	{ "more.all_said", "", 1 },
	{ "more.nothing", "", 1 },
	{ "others.refused", "", 1 },
	{ "person.asked", "", 1 },
	{ "person.contact", "contact", 1 },
	{ "person.none", "", 1 },
	{ "privacy.notice", "privacy_url", 1 },
	{ "privacy.what", "", 1 },
	{ "promise.no", "", 1 },
	{ "repeat.nothing", "", 1 },
	{ "sensitive.removed", "", 1 },
	{ "sensitive.warning", "", 1 },
	{ "sent.again", "", 1 },
	{ "simpler.again", "", 1 },
	{ "simpler.nothing", "", 1 },
	{ "small_talk", "", 3 },
	{ "sorry.failed", "", 1 },
	{ "source.named", "date sources title", 1 },
	{ "source.nothing", "", 1 },
	{ "start_over", "", 1 },
	{ "thanks", "", 3 },
	{ "topics.categories", "", 1 },
	{ "topics.of_category", "", 1 },
	{ "unclear.again", "", 1 },
	{ "unclear.first", "", 3 },
	{ "unknown.again", "", 2 },
	{ "unknown.first", "", 3 },
	{ "who.alone", "name", 1 },
	{ "who.operated", "name operator", 1 },
	{ "wrong.no_answer", "reference", 1 },
	{ "wrong.recorded", "reference", 1 },
};

const size_t message_rows_len = ARRAY_LEN(message_rows);

static int
by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct message_row *)row)->name);
}

const struct message_row *
message_find(const char *name)
{
	return bsearch(name, message_rows, message_rows_len, sizeof(message_rows[0]),
	    by_name);
}
