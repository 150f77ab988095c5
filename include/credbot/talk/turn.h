/*
 * turn.h - what an intent may call.
 *
 * An intent reads what was said, binds values, and answers with message names and articles;
 * it sends nothing itself and frees nothing: all lives in the turn's arena. What it says in
 * one turn becomes one message, its parts as paragraphs.
 */
#ifndef CREDBOT_TALK_TURN_H
#define CREDBOT_TALK_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/arena.h"
#include "credbot/base/str.h"
#include "credbot/know/kb.h"

struct turn;

/* How run ended; a handler cannot forget to say it. */
enum turn_end {
	TURN_DONE,  /* answered */
	TURN_ASKED, /* asked something: the next message may answer it */
};

enum slot_kind {
	SLOT_TEXT,   /* whatever is written next */
	SLOT_RATING, /* 1 to 5 */
};

struct slot {
	const char *name; /* NULL ends the table */
	enum slot_kind kind;
	const char *ask; /* message name of the question */
};

/* Slots of one intent at most. */
#define SLOTS_MAX 4

struct intent {
	const char *name;
	const struct slot *slots; /* filled by the time run is called; NULL: none */
	enum turn_end (*run)(struct turn *t);
	/* Says nothing new: what was said and offered before it stays in force. */
	bool keeps_place;
};

/* --- what this installation is */

bool turn_has_contact(const struct turn *t);     /* turn_say_person() can name one */
bool turn_has_operator(const struct turn *t);    /* {operator} is known */
bool turn_has_support(const struct turn *t);     /* {support}: help in distress */
bool turn_has_privacy_url(const struct turn *t); /* {privacy_url} */

/* --- what was said */

struct arena *turn_arena(struct turn *t);
int64_t turn_now(const struct turn *t);
struct str turn_text(const struct turn *t); /* all of it, cleaned */
/* A slot's value, "" if it was not given. Besides the intent's own: "option". */
const char *turn_slot(const struct turn *t, const char *name);
/* What a choice led to: a group of topics (empty: none), an article (NULL: none). */
struct str turn_category(const struct turn *t);
const struct article *turn_target(const struct turn *t);
/* Topics that the message may be about, best first; NULL behind the last, and if nothing
 * came near. */
const struct article *turn_candidate(const struct turn *t, size_t i);
/* "voice", "picture" ... for what cannot be read; "" for text. */
const char *turn_media(const struct turn *t);

/* --- what went before */

const struct kb *turn_kb(const struct turn *t);
/* The article answered last, NULL if none. */
const struct article *turn_topic(const struct turn *t);
enum depth { DEPTH_BRIEF, DEPTH_SIMPLE, DEPTH_MORE };
enum depth turn_depth(const struct turn *t);
/* Messages in a row that were not understood, this one included. */
int turn_misses(const struct turn *t);
/* Counts that live with the conversation; each starts at 0. */
int turn_count(struct turn *t, const char *what, int add);
/* Whether the last message asked for a yes or a no. */
bool turn_was_asked(const struct turn *t);
/* How many choices are open. */
size_t turn_choices(const struct turn *t);
/* Whether the student has heard anything from the bot before. */
bool turn_is_first(const struct turn *t);
/* Whether her device is set to a language that the bot has not; false: also when nobody says. */
bool turn_is_foreign(const struct turn *t);

/* --- what is said */

/* {name} in message texts. Values are escaped: they are never read as Markdown. */
void turn_bind(struct turn *t, const char *name, struct str value);
void turn_bind_date(struct turn *t, const char *name, int64_t ms);

enum turn_end turn_say(struct turn *t, const char *message);
/* Says an article, remembers it as the topic, and offers what fits after it. */
enum turn_end turn_say_article(struct turn *t, const struct article *a,
    enum depth depth);
/* Says again what was said last, choices included; false if nothing was. */
bool turn_say_again(struct turn *t);

/* Choices below the message; typing the text, or its number, does the same. */
void turn_offer_topic(struct turn *t, const struct article *a);
/* What somebody asks who does not know what to ask. */
void turn_offer_first_steps(struct turn *t);
/* message is the name of the button's text. */
void turn_offer_intent(struct turn *t, const char *intent, const char *message);
void turn_offer_category(struct turn *t, const char *category);
/* How to reach a person, as this installation knows it. */
void turn_say_person(struct turn *t);
/* yes and no are intents to go on with when the student says so; NULL: nothing. */
enum turn_end turn_ask(struct turn *t, const char *message, const char *yes,
    const char *no);

/* --- what is done */

/* What the choice at "option" leads to; false: no such choice is open. */
bool turn_take_option(struct turn *t, enum turn_end *end);
/* Goes on with the intent that a yes or no leads to; false: nothing was asked. */
bool turn_take_answer(struct turn *t, bool yes, enum turn_end *end);
/* Runs another intent in this one's place. */
enum turn_end turn_run(struct turn *t, const char *intent);
/* One step back: from a longer or simpler answer to the short one, else to the article before
 * it, which becomes the topic again. NULL if there was none. */
const struct article *turn_back(struct turn *t);
/* Ends a dialog that waits for a slot; false if none does. */
bool turn_stop_dialog(struct turn *t);
/* Forgets the conversation's state. */
void turn_forget(struct turn *t);
/* Takes every longer number out of what is kept of the message; false if it had none. */
bool turn_mask_text(struct turn *t);
/* Leaves a line for a person and returns its reference, told to the student. */
const char *turn_note(struct turn *t, const char *kind, struct str text);

#endif
