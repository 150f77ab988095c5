/*
 * turn_priv.h - one turn from inside: what engine.c, policy.c, guard.c, turn.c and reply.c
 * share.
 */
#ifndef CREDBOT_TALK_TURN_PRIV_H
#define CREDBOT_TALK_TURN_PRIV_H

#include "bot/talk/conv_priv.h"
#include "bot/talk/link_code_priv.h"
#include "credbot/know/answer.h"
#include "credbot/talk/engine.h"

#define BINDS_MAX 24
/* Intents that run in another's place; more is a circle. */
#define RUNS_MAX 4

struct bind {
	const char *name;
	struct str value; /* escaped */
};

struct engine {
	const struct intent *const *intents; /* sorted by name */
	size_t n_intents;
	const struct config *config;
	struct chance *chance;
	const struct library *lib;
	struct store *store;               /* NULL: nothing is kept */
	const struct catalog_index *index; /* NULL: no catalog yet */
	const struct path_index *paths;    /* of the same catalog */
	const struct catalog_place *programs;
	struct capabilities caps;
	struct engine_trace trace;
};

struct turn {
	struct engine *e;
	struct arena *arena;
	const struct turn_in *in;
	struct turn_out *out;
	struct conv conv;
	struct nlu_reading reading;
	struct str text;
	const char *media;
	bool sensitive; /* a number was taken out of the message */
	bool unread;    /* not understood */
	enum link_code_found code_found;
	bool code_alone; /* and nothing else was written */
	bool holds_slots;
	bool waits_again;
	bool asks_slot; /* a dialog's question is part of what is said */
	char code[LINK_CODE_SIZE];

	int runs;
	const struct article *target; /* the article that is to be answered with */
	struct str category;          /* the group of topics that was chosen */
	bool chosen;                  /* by a button, or its number */
	struct str picked;            /* the id of the program that was chosen */
	/* What a button does: see seek_press() and notice_say_priv.h. */
	struct str pressed;
	struct bind binds[BINDS_MAX];
	size_t n_binds;

	struct buf said; /* paragraphs so far; freed by the engine */
	struct option offers[MESSAGE_BUTTONS_MAX];
	size_t n_offers;
	struct document documents[MESSAGE_DOCUMENTS_MAX];
	size_t n_documents;
	bool asked;
	struct str yes, no;
	struct str then; /* see struct conv */
	bool keeps_place;
	bool says_again;
	bool says_article; /* and nothing else: it can be said again from its id */
	bool forgotten;
};

/* What a message is to be answered with. */
struct decision {
	enum {
		DECIDE_RUN,     /* the intent, or the article of the topic */
		DECIDE_CLARIFY, /* "did you mean": the candidates */
		DECIDE_FILL,    /* it fills the slot that a dialog waits for */
		DECIDE_WAIT,    /* it looks unfinished */
	} what;
	const char *intent; /* DECIDE_RUN: its id */
};

/* policy.c */
struct decision policy_decide(struct turn *t);
/* The article of a label: a topic, or what stands in for an intent. */
const struct article *policy_article(const struct turn *t, const char *label);

/* turn_link.c */
/* Binds {here}: this chat, as it is called in the others. */
void link_bind_here(struct turn *t);

/* turn_profile.c */
/* Fill slots of the profile: with what the message says that begins a dialog, and with the
 * answer to the question for s. */
void profile_fill_at_once(struct turn *t, const struct intent *i);
void profile_fill(struct turn *t, const struct slot *s);

/* turn_plan.c */
/* What fills a slot of hours a week: what the message says that begins the dialog, or what she
 * said before; "" if she was never asked. */
struct str plan_hours_known(struct turn *t);
/* What an answer to that question says: a number, "-" for "no idea"; "" if it is none. */
struct str plan_hours_read(struct turn *t);

/* turn.c */
/* value is Markdown. */
void turn_bind_markdown(struct turn *t, const char *name, struct str value);
/* Whether the store did it. If not, nothing of the turn is kept. */
bool turn_stored(struct turn *t, enum rc rc);
/* A choice below the message; each once. */
void turn_offer(struct turn *t, enum option_kind kind, const char *target,
    struct str text);
/* "11 January 2027" */
struct str turn_date(struct turn *t, int64_t ms);

/* guard.c */
/* What stands in the place of a number that was taken out. */
#define GUARD_REMOVED "[removed]"
/* The text without card, bank and passport numbers; s itself if it has none. */
struct str guard_mask(struct arena *a, struct str s);
/* The text with every longer number taken out. */
struct str guard_mask_numbers(struct arena *a, struct str s);
bool guard_was_masked(struct str s);

/* engine.c */
const struct intent *engine_find(const struct engine *e, const char *name);
enum turn_end engine_run(struct turn *t, const char *label);
/* The slot that a dialog waits for; NULL: none. */
const struct slot *engine_awaited(const struct turn *t);

/* reply.c */
/* Appends a paragraph: the message's text with its variables filled in. */
void reply_add(struct turn *t, const char *message);
/* The same with Markdown of our own making; and a line more of the paragraph that stands. */
void reply_add_text(struct turn *t, struct str text);
void reply_add_line(struct turn *t, struct str line);
/* A message's text alone, for a button. */
struct str reply_text(struct turn *t, const char *message);
void reply_add_article(struct turn *t, const struct article *a, enum depth depth);
/* value, so that no character of it is Markdown. */
struct str reply_escape(struct arena *a, struct str value);

#endif
