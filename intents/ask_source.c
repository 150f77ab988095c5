/*
 * ask-source - "where did you get that?": the sources of the last answer, and how sure it is.
 */
#include "intents/intents.h"

static const char *const certainty_messages[] = {
	[CERTAINTY_SETTLED] = "certainty.settled",
	[CERTAINTY_USUAL] = "certainty.usual",
	[CERTAINTY_DEPENDS] = "certainty.depends",
	[CERTAINTY_DISPUTED] = "certainty.disputed",
	[CERTAINTY_FORECAST] = "certainty.forecast",
	[CERTAINTY_CLAIM] = "certainty.claim",
	[CERTAINTY_SERVICE] = "certainty.service",
};

/* "Title" (publisher, date); before the last of several stands "and". */
static void
add_source(struct buf *b, const struct kb_source *s, size_t last_of)
{
	const char *by = s->publisher[0] == '\0' ? "publisher not named" : s->publisher;
	const char *when = s->date[0] == '\0' ? "not dated" : s->date;

	if (b->len > 0)
		buf_adds(b, last_of > 0 ? " and " : ", ");
	buf_printf(b, "\"%s\" (%s, %s)", s->title, by, when);
}

static enum turn_end
run(struct turn *t)
{
	const struct article *a = turn_topic(t);
	struct buf list = { 0 };

	if (a == NULL)
		return turn_say(t, "source.nothing");
	for (size_t i = 0; i < a->n_sources; i++)
		add_source(&list, a->sources[i], i + 1 == a->n_sources ? i : 0);
	turn_bind(t, "sources", arena_str(turn_arena(t), buf_str(&list)));
	buf_fini(&list);
	turn_bind(t, "title", str_of(a->title));
	turn_bind_date(t, "date", a->reviewed_ms);
	turn_say(t, "source.named");
	return turn_say(t, certainty_messages[a->certainty]);
}

const struct intent intent_ask_source = {
	.name = "ask-source",
	.run = run,
	.keeps_place = true,
};
