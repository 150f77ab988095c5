/*
 * policy.c - what a message is to be answered with: an answer, a question back, an honest
 * "I don't know", or a little patience.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/talk/seek_priv.h"
#include "bot/talk/turn_priv.h"
#include "credbot/base/utf8.h"
#include "credbot/nlu/choice.h"

/*
 * Two answers are close when neither is likely and the second is nearly as likely as the
 * first; then the student chooses. Set on the development questions: asking back more often
 * annoys more students than it helps.
 */
#define CLOSE_BELOW 0.22f
#define CLOSE_RATIO 0.85f

/* Missing distress is worse than asking once too often: it need not be the likeliest. */
#define DISTRESS_MIN 0.30f
/* More than the number and what it is. */
#define STORY_WORDS 8

/* A message of at most so many words that is not understood may be the first half of one. */
#define UNFINISHED_WORDS 4

/* So clearly one of our topics that it is asked about, with or without a question mark. */
#define QUESTION_SCORE 0.5f

/* Nearly all of a text's words are unknown: keys were hit, not words written. */
#define GIBBERISH_SHARE 0.6f

const struct article *
policy_article(const struct turn *t, const char *label)
{
	const struct article *a = kb_find(t->e->lib->kb, label);
	const char *topic;

	if (a != NULL)
		return a;
	topic = library_stand_in(t->e->lib, label);
	return topic == NULL ? NULL : kb_find(t->e->lib->kb, topic);
}

static struct decision
run(const char *intent)
{
	return (struct decision){ DECIDE_RUN, intent };
}

/* What emoji alone say, as far as anybody can tell. */
static const char *
read_emoji(const struct turn *t)
{
	static const struct {
		int32_t rune;
		const char *pending, *otherwise; /* with a question open, and without */
	} meanings[] = {
		{ 0x1F44D, "affirm", "thanks" },            /* thumbs up */
		{ 0x1F44C, "affirm", "thanks" },            /* OK hand */
		{ 0x2705, "affirm", "thanks" },             /* check mark */
		{ 0x1F64F, "thanks", "thanks" },            /* folded hands */
		{ 0x2764, "thanks", "thanks" },             /* heart */
		{ 0x1F44E, "deny", "report-wrong-answer" }, /* thumbs down */
		{ 0x1F44B, "greet", "greet" },              /* waving hand */
	};
	struct str rest = t->text;
	int32_t r;

	while ((r = utf8_next(&rest)) >= 0)
		for (size_t i = 0; i < ARRAY_LEN(meanings); i++)
			if (r == meanings[i].rune)
				return t->conv.asked ? meanings[i].pending
				                     : meanings[i].otherwise;
	return NULL;
}

static struct decision
wordless(struct turn *t)
{
	const char *meaning = read_emoji(t);

	if (nlu_slot_value(&t->reading, "rating") != NULL)
		return run("feedback");
	if (meaning != NULL)
		return run(meaning);
	t->unread = true;
	return run("unclear-input");
}

static bool
ends_a_sentence(struct str s)
{
	return s.len > 0 && strchr(".?!", s.p[s.len - 1]) != NULL &&
	       !str_ends(s, "...");
}

static bool
looks_unfinished(const struct turn *t)
{
	return t->reading.words <= UNFINISHED_WORDS && !ends_a_sentence(t->text) &&
	       t->reading.unknown_words == 0;
}

static bool
is_gibberish(const struct turn *t)
{
	return t->reading.words == 0 ||
	       (float)t->reading.unknown_words / (float)t->reading.words >
	           GIBBERISH_SHARE;
}

/* Half a sentence was understood as just that. */
static bool
is_fragment(const struct turn *t)
{
	return strcmp(t->reading.ranked[0].intent, "unclear-input") == 0;
}

static struct decision
not_known(struct turn *t)
{
	bool fragment = t->reading.known && is_fragment(t);

	if (!t->in->last_call && looks_unfinished(t))
		return (struct decision){ DECIDE_WAIT, NULL };
	t->unread = true;
	return run(fragment || is_gibberish(t) ? "unclear-input" : "out-of-scope");
}

/* Whether the two likeliest are articles between which nobody can choose but the student. */
static bool
is_close(const struct turn *t)
{
	const struct nlu_reading *r = &t->reading;

	return r->n >= 2 && r->ranked[0].score < CLOSE_BELOW &&
	       r->ranked[1].score >= CLOSE_RATIO * r->ranked[0].score &&
	       kb_find(t->e->lib->kb, r->ranked[0].intent) != NULL &&
	       kb_find(t->e->lib->kb, r->ranked[1].intent) != NULL;
}

static bool
is_distress(const struct turn *t)
{
	for (size_t i = 0; i < t->reading.n; i++)
		if (strcmp(t->reading.ranked[i].intent, "distress") == 0)
			return t->reading.ranked[i].score >= DISTRESS_MIN;
	return false;
}

/* Words that are heard even while a dialog waits for a text. */
static bool
is_control(const char *label)
{
	static const char *const controls[] = { "stop-dialog", "go-back", "start-over",
		"help", "distress", "talk-to-advisor", "deny", "stop-messages",
		"sensitive-data-posted" };

	for (size_t i = 0; i < ARRAY_LEN(controls); i++)
		if (strcmp(controls[i], label) == 0)
			return true;
	return false;
}

static bool
is_choice(const struct turn *t)
{
	return t->conv.n_options > 0 && t->reading.n > 0 &&
	       strcmp(t->reading.ranked[0].intent, "choose-option") == 0;
}

/* A question that an article answers is no story about what went wrong. */
static bool
is_question(const struct turn *t)
{
	return t->reading.known && str_ends(t->text, "?") &&
	       kb_find(t->e->lib->kb, t->reading.ranked[0].intent) != NULL;
}

/* An answer about herself is in no training text, so what it was likened to counts little; "no"
 * means that there is nothing to say. */
static bool
fills_profile(const struct turn *t, const struct slot *s, const char *top)
{
	if (str_ends(t->text, "?") || is_choice(t))
		return false;
	if (s->kind == SLOT_CHANGE && strcmp(top, "affirm") == 0)
		return false; /* yes, but what? */
	return !is_control(top) || strcmp(top, "deny") == 0;
}

/* Whether the message is the value that a dialog waits for. */
static bool
fills_slot(struct turn *t, const struct slot *s)
{
	const char *top = t->reading.known ? t->reading.ranked[0].intent : "";

	switch (s->kind) {
	case SLOT_TEXT:
		return !is_control(top) && !is_question(t) && !is_choice(t);
	case SLOT_RATING:
		return rating_read(t->text) > 0;
	case SLOT_HOURS:
		return plan_hours_read(t).len > 0;
	case SLOT_PROFILE:
	case SLOT_CHANGE:
		return fills_profile(t, s, top);
	case SLOT_WISH:
	case SLOT_SOUGHT:
		return seek_shrugs(t) ||
		       (!is_control(top) && !is_question(t) && !is_choice(t) &&
			   (!t->reading.known || seek_understands(t, s->kind)));
	}
	return false;
}

/* A number that should not be here, within the text that a dialog waits for: she need not
 * write it all again. */
static bool
tells_story(const struct turn *t, const struct slot *s)
{
	return s != NULL && s->kind == SLOT_TEXT && t->reading.words >= STORY_WORDS &&
	       !is_question(t);
}

/* Numbers and signs. What they were likened to is chance, unless they choose. */
static bool
has_no_letter(const struct turn *t)
{
	struct str rest = t->text;
	int32_t r;

	while ((r = utf8_next(&rest)) >= 0)
		if (utf8_is_letter(r))
			return false;
	return !t->reading.known ||
	       strcmp(t->reading.ranked[0].intent, "choose-option") != 0;
}

/* No word of it was ever learnt. Other languages are told by the pieces of their words. */
static bool
is_strange(const struct turn *t)
{
	return t->reading.unknown_words == t->reading.words &&
	       strcmp(t->reading.ranked[0].intent, "change-language") != 0;
}

/* One letter, where a yes or a no was asked for. NULL: it is neither. */
static const char *
one_letter(const struct turn *t)
{
	if (!t->conv.asked || t->text.len != 1)
		return NULL;
	if (str_is_nocase(t->text, "y"))
		return "affirm";
	return str_is_nocase(t->text, "n") ? "deny" : NULL;
}

/* While "shall I delete all of it?" is open, these are about that, whatever else they name:
 * "keep the appointment but delete the rest". */
static bool
is_about_deleting(const struct turn *t)
{
	static const char *const words[] = { "delete", "erase", "remove", "wipe",
		"rest", "everything", "but", "except" };
	struct str rest = t->text;

	if (!t->conv.asked || !str_is(t->conv.yes, "erase-my-data") || is_question(t))
		return false;
	while (rest.p != NULL) {
		struct str word = str_cut(&rest, ' ');

		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			if (str_is_nocase(word, words[i]))
				return true;
	}
	return false;
}

struct decision
policy_decide(struct turn *t)
{
	const struct slot *awaited = engine_awaited(t);
	const char *claimed;

	if (t->media[0] != '\0')
		return run("unsupported-message");
	if (t->sensitive)
		return tells_story(t, awaited) ? (struct decision){ DECIDE_FILL, NULL }
		                               : run("sensitive-data-posted");
	if (is_distress(t))
		return run("distress");
	if (t->code_found == LINK_CODE_FOUND ||
	    (t->code_found == LINK_CODE_MISTYPED && t->code_alone))
		return run("link-channels");
	if (awaited != NULL && !t->reading.wordless && fills_slot(t, awaited))
		return (struct decision){ DECIDE_FILL, NULL };
	if (one_letter(t) != NULL)
		return run(one_letter(t));
	/* Before choices: "delete everything but ..." is not the button that it resembles. */
	if (is_about_deleting(t))
		return run("delete-my-data");
	if (t->reading.wordless || has_no_letter(t))
		return wordless(t);
	claimed = seek_claims(t);
	if (claimed != NULL)
		return run(claimed);
	if (!t->reading.known || is_fragment(t) || is_strange(t) ||
	    strcmp(t->reading.ranked[0].intent, "out-of-scope") == 0)
		return seek_finds(t) ? run("search-programs") : not_known(t);
	if (is_close(t))
		return (struct decision){ DECIDE_CLARIFY, NULL };
	return run(t->reading.ranked[0].intent);
}
