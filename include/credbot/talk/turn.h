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
	/* An entry of the profile: read from the words of the student, may be skipped. What else
	 * the message says fills the other slots of the kind. */
	SLOT_PROFILE,
	SLOT_CHANGE, /* what is to change in the profile, in one sentence */
	SLOT_WISH,   /* what programs are looked for: anything that the catalog has */
	SLOT_SOUGHT, /* the same, and words that it may not have */
	/* Hours a week, as a number; asked for once in a conversation, may be skipped: "-". */
	SLOT_HOURS,
};

struct slot {
	const char *name; /* NULL ends the table */
	enum slot_kind kind;
	const char *ask; /* message name of the question */
};

/* Slots of one intent at most. */
#define SLOTS_MAX 14

struct intent {
	const char *name;
	const struct slot *slots; /* filled by the time run is called; NULL: none */
	enum turn_end (*run)(struct turn *t);
	const char *begin; /* message before the first question; NULL: none */
	/* Called before the first question; false: it cannot be, and why was said. NULL: it can. */
	bool (*ready)(struct turn *t);
	/* It is about the student herself: where others read along, this message is said in its
	 * place. NULL: it may run anywhere. */
	const char *not_shared;
	/* Says nothing new: what was said and offered before it stays in force. */
	bool keeps_place;
};

/* --- what this installation is */

bool turn_has_contact(const struct turn *t);     /* turn_say_person() can name one */
bool turn_has_operator(const struct turn *t);    /* {operator} is known */
bool turn_has_support(const struct turn *t);     /* {support}: help in distress */
bool turn_has_privacy_url(const struct turn *t); /* {privacy_url} */

/* Days after which what was said is forgotten. */
int turn_keep_days(const struct turn *t);
/* Hours for which files can be fetched, and what is left of the erased is kept. */
int turn_raw_hours(const struct turn *t);

/* --- what was said */

struct arena *turn_arena(struct turn *t);
int64_t turn_now(const struct turn *t);
struct str turn_text(const struct turn *t); /* all of it, cleaned */
/* A slot's value, "" if it was not given. Besides the intent's own: "option". */
const char *turn_slot(const struct turn *t, const char *name);
/* Others read along: nothing of the student's own may be said or sent here. */
bool turn_is_shared(const struct turn *t);
/* What a choice led to: a group of topics (empty: none), an article (NULL: none). */
struct str turn_category(const struct turn *t);
const struct article *turn_target(const struct turn *t);
/* Topics that the message may be about, best first; NULL behind the last, and if nothing
 * came near. */
const struct article *turn_candidate(const struct turn *t, size_t i);
/* "voice", "picture" ... for what cannot be read; "" for text. */
const char *turn_media(const struct turn *t);

/* Whether one of the words, ended by NULL, stands in the message; ASCII case does not count. */
bool turn_says(const struct turn *t, const char *const words[]);

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
/* Whether a yes to it would lead to this intent. */
bool turn_was_asked_for(const struct turn *t, const char *intent);
/* How many choices are open. */
size_t turn_choices(const struct turn *t);
/* Whether the student has heard anything from the bot before. */
bool turn_is_first(const struct turn *t);
/* Whether her device is set to a language that the bot has not; false: also when nobody says. */
bool turn_is_foreign(const struct turn *t);

/* --- her other chats
 *
 * A person may join her chats on several networks, by a code. Where others read along nothing
 * of this is done, and nothing that is hers is shown.
 */

/* Whether anything can be kept: credbot ask keeps nothing. */
bool turn_keeps(const struct turn *t);

enum link_code_found {
	LINK_CODE_NONE,
	LINK_CODE_MISTYPED, /* what she takes for a code can be none of ours */
	LINK_CODE_FOUND,
};
/* Whether the message has a code in it. */
enum link_code_found turn_link_code(const struct turn *t);

enum link_result {
	LINK_OK,
	LINK_WRONG, /* no such code, or one that nobody remembers */
	LINK_EXPIRED,
	LINK_USED,
	LINK_OWN,       /* this chat was given it */
	LINK_SAME,      /* the chats are joined already */
	LINK_FULL,      /* the person would have more chats than LINK_CHATS_MAX */
	LINK_TOO_OFTEN, /* too many wrong ones lately */
};
#define LINK_CHATS_MAX 8
/* Makes a code for this chat and binds {code}, {minutes}; LINK_FULL if she has too many chats. */
enum link_result turn_link_offer(struct turn *t);
/* Takes the code that is in the message: for LINK_OK this chat must now be asked whether it is
 * hers. Binds {there}, the other chat, and {here}. */
enum link_result turn_link_claim(struct turn *t);
/* It is: joins the chats, and binds as before. */
enum link_result turn_link_join(struct turn *t);
/* It is not, or others have read the code: nobody can use it any more. */
void turn_link_refuse(struct turn *t);
void turn_link_spoil(struct turn *t);
/* Parts her chats on that network (NULL: all of them) from the others, and tells them in the
 * words of message. False: there was nothing to part. */
bool turn_unlink(struct turn *t, const char *channel, const char *message);
/* Adds {chats}, their names, and returns how many there are, this one included. */
size_t turn_bind_chats(struct turn *t);
/* Says message in her other chats. */
void turn_tell_others(struct turn *t, const char *message);
/* The bot's name on a network that this process serves, and this chat is not on; NULL: none. */
const char *turn_bot_name(const struct turn *t, const char *channel);

/* --- her profile
 *
 * What she said in a dialog waits in the slots of the conversation, named like the entries, until
 * it is kept; see turn_hold_slots().
 */

/* What she said was not the answer: the dialog's question stays open. */
void turn_wait_again(struct turn *t);
/* The slots live on until the next message, for the intent that a yes leads to. */
void turn_hold_slots(struct turn *t);
/* Gives the dialog's open question up, and goes on. */
enum turn_end turn_skip_slot(struct turn *t);
/* Entries that wait, or that are kept; binds {entries}, a list of them, and returns how many. */
size_t turn_profile_waiting(struct turn *t);
size_t turn_profile_kept(struct turn *t);
/* Keeps those that wait, and binds them as {entries}. */
size_t turn_profile_keep(struct turn *t);
struct turn_changes {
	size_t set;     /* they wait now */
	size_t removed; /* they are gone already, whatever becomes of the rest */
};
/* Reads what the slot "change" says, and binds {removed}. */
struct turn_changes turn_profile_change(struct turn *t);
void turn_profile_erase(struct turn *t);

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
/* A file that goes with what is said. name: letters, digits, ".", "-" and "_"; type: like
 * "text/calendar"; bytes: 1 to MESSAGE_DOCUMENT_MAX, borrowed until the turn has ended. At most
 * MESSAGE_DOCUMENTS_MAX in a turn. */
void turn_attach(struct turn *t, const char *name, const char *type, struct str bytes);
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

/* --- what is kept of the student (own_data.c) */

/* All of it, for people to read: JSON, in the turn's arena. RC_NOTFOUND: nothing is kept here;
 * RC_INVALID: it is too long for one file; else it cannot be read now. */
enum rc turn_export(struct turn *t, struct str *out);
/* All of it goes when the turn ends, this message too; what the turn says is the beginning of
 * a new conversation. */
void turn_erase(struct turn *t);

enum consent {
	CONSENT_UNASKED,
	CONSENT_GIVEN,
	CONSENT_WITHDRAWN, /* or given to another text than the one in force */
};
/* Whether something may be kept beyond the conversation: profile, appointment, what an advisor
 * is shown. Binds {date}, if there is one. */
enum consent turn_consent(struct turn *t);
void turn_set_consent(struct turn *t, bool given);
/*
 * For an intent that is about to keep something: true if it may. Else asks, once, and on a yes
 * goes on with the intent then; the caller returns TURN_ASKED.
 */
bool turn_may_keep(struct turn *t, const char *then);
/* Goes on with what the consent was asked for; false: nothing waits for it. */
bool turn_take_consent(struct turn *t, enum turn_end *end);

#endif
