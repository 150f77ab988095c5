/*
 * notice_reading_priv.h - a message about messages while it is read; see notice_read.c.
 */
#ifndef CREDBOT_TALK_NOTICE_READING_PRIV_H
#define CREDBOT_TALK_NOTICE_READING_PRIV_H

#include "bot/talk/notice_priv.h"

/* What can be switched: the kinds, and after them */
enum notice_target {
	TARGET_MESSAGES = NOTICE_KINDS,
	TARGET_EVERYTHING,
	TARGET_REST,
	TARGETS
};

enum notice_mode { MODE_NONE, MODE_OFF, MODE_ON, MODE_SEND, MODE_KEEP };

struct notice_reading {
	const struct notice_words *w;
	const struct said_words *t;
	struct notice_said *out;
	bool times; /* a bare number may be a time */

	enum notice_mode mode[TARGETS]; /* as the message has it so far */
	bool only;                      /* nothing but what is on */

	/* The clause. */
	size_t end;
	enum notice_mode verb;
	bool negated;
	bool sole;      /* "only" stands before what comes */
	bool dead;      /* the verb was for something else */
	unsigned lead;  /* targets named before a verb, bits */
	unsigned run;   /* named behind this one */
	unsigned named; /* last */
	bool quiet;     /* it speaks of quiet hours */
	bool ends;      /* it wants something ended */
	enum notice_list last;
	/* And of the one before it in the sentence. */
	enum notice_mode before;
	bool before_sole;
};

/* The longest phrase of the list at word i of the clause: how many words. */
size_t notice_at(const struct notice_reading *r, size_t i, enum notice_list list);

/* A target (a kind, or one of the enum) is named. */
void notice_name(struct notice_reading *r, unsigned target);
/* A verb, with its "not" if one stood before it. */
void notice_begin_verb(struct notice_reading *r, enum notice_mode mode);
/* "only", before or behind what it is about; not in "turn off only the reminders". */
void notice_begin_only(struct notice_reading *r);
/* "except": the opposite for what comes. */
void notice_begin_exception(struct notice_reading *r);
/* Whether nothing follows that belongs to what was said before i. */
bool notice_ends_at(const struct notice_reading *r, size_t i);
/* "on" and "off" at the end of what is said: of what waits, else of the last that was named. *n
 * words. */
bool notice_take_particle(struct notice_reading *r, size_t i, size_t *n);
/* The verb is about when, not about whether. */
void notice_take_back(struct notice_reading *r);
/* What was said stays for the clause behind a comma. */
void notice_end_clause(struct notice_reading *r, bool sentence);

#endif
