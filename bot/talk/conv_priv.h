/*
 * conv_priv.h - the state of one conversation: what must be known to read the next message.
 *
 * Kept as one text in the peer's row: a line for each value, its name first, so that it is
 * read in a few microseconds by the program and at a glance by a person. Ids of articles and
 * intents are texts, looked up when they are used: a reload may have taken one away.
 */
#ifndef CREDBOT_TALK_CONV_PRIV_H
#define CREDBOT_TALK_CONV_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/arena.h"
#include "credbot/base/buf.h"
#include "credbot/base/str.h"
#include "credbot/flow/message.h"
#include "credbot/talk/turn.h"

/* Steps that "back" can undo. */
#define CONV_PAST_MAX 8
#define CONV_COUNTS_MAX 8
/* Programs that can be spoken of by their place: a list saved is shown so far. */
#define CONV_PAGE_MAX 10
/* Programs of one search that are not shown twice; nobody reads so far down. */
#define CONV_SHOWN_MAX 60

enum option_kind {
	OPTION_TOPIC = 't',
	OPTION_INTENT = 'i',
	OPTION_CATEGORY = 'c',
	OPTION_PROGRAM = 'p', /* of the page: its place, from 1 */
	OPTION_WISH = 'w',    /* see seek_press() */
	OPTION_NOTICE = 'n',  /* see notice_say_priv.h */
};

/* A search for programs, and the programs in view. Ids are texts: an import may have taken a
 * program away. */
struct conv_seek {
	struct str wish;   /* wish_text.h */
	struct str before; /* the wish as it was before its last change; empty: none */
	struct str words;  /* to search for besides */
	struct str hints;  /* what fields were called: nothing has to have these */
	int order;         /* enum catalog_order */
	int asked; /* bits 1 << enum catalog_facet_id: asked for, or of no matter */
	struct str question; /* the facet asked for last, as long as it is open */
	struct str page[CONV_PAGE_MAX]; /* listed last, in their order */
	size_t n_page;
	struct str shown[CONV_SHOWN_MAX]; /* by this search */
	size_t n_shown;
	struct str focus; /* spoken of last; empty: none */
	int nothing;      /* 1: nothing fitted all of the wish */
	int at;           /* the turn in which programs were spoken of last; 0: never */
};

struct option {
	enum option_kind kind;
	struct str target; /* topic, intent, category ...; without blanks */
	struct str text;   /* as it was shown; not kept for a topic: it is the title */
};

struct conv {
	int turns;
	struct str topic; /* answered last; empty: none */
	enum depth depth;
	struct str past[CONV_PAST_MAX]; /* topics before it, oldest first */
	size_t n_past;
	struct option options[MESSAGE_BUTTONS_MAX];
	size_t n_options;
	bool asked;         /* a yes-or-no question is open */
	struct str yes, no; /* intents that follow; empty: nothing */
	struct str then;    /* the intent that a consent was asked for; empty: none */
	struct str
	    said; /* the last message; empty: none, or an article, rendered anew */
	/* A dialog that waits for a slot. */
	struct str dialog; /* the intent; empty: none */
	struct str waits_for;
	int reasked;
	struct {
		struct str name, value;
	} slots[SLOTS_MAX];
	size_t n_slots;
	int misses;
	struct {
		struct str what;
		int n;
	} counts[CONV_COUNTS_MAX];
	size_t n_counts;
	struct conv_seek seek;
};

/* Texts live in a. A state that cannot be read (from another version) is a new one. */
void conv_read(struct arena *a, struct str state, struct conv *c);
void conv_write(const struct conv *c, struct buf *out);

/* Remembers id as the topic, and the one before it as the past. */
void conv_set_topic(struct conv *c, struct str id, enum depth depth);
/* Takes the last of the past; empty if there is none. */
struct str conv_back(struct conv *c);

int conv_count(struct conv *c, struct str what, int add);
void conv_end_dialog(struct conv *c);
void conv_set_slot(struct conv *c, struct str name, struct str value);
struct str conv_slot(const struct conv *c, const char *name);

#endif
