/*
 * message.h - what comes in from a network and what goes out to it.
 *
 * A message is known by its peer and a sequence number: each peer's conversation counts
 * 1, 2, 3 ... over what the student wrote and what the bot said, so that a client that
 * knows the last number it saw can be given exactly the rest.
 */
#ifndef CREDBOT_FLOW_MESSAGE_H
#define CREDBOT_FLOW_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/str.h"

/* The longest text that is read: twice what Telegram lets people write. A longer one is
 * kept up to here and answered with the request to be shorter. */
#define MESSAGE_TEXT_MAX ((size_t)8192)
/* Ids of all networks fit (Matrix: 255 bytes). */
#define MESSAGE_ID_MAX ((size_t)255)
/* Accounts, too: Matrix names a room, a thread and a person. */
#define MESSAGE_ACCOUNT_MAX ((size_t)800)
/* The longest list of choices is that of the topics' categories; answers offer three or
 * four. */
#define MESSAGE_BUTTONS_MAX 20

/* A language tag (BCP 47). */
#define MESSAGE_LANG_MAX ((size_t)35)
/* Files that one message of ours can carry: a copy of somebody's data, dates for a calendar. */
#define MESSAGE_DOCUMENTS_MAX 4
/* One of them: less than Telegram (50 MB) and Matrix (50 MiB as servers are set up) take, and
 * more than a year of talk. */
#define MESSAGE_DOCUMENT_MAX ((size_t)8 * 1024 * 1024)
#define MESSAGE_DOCUMENT_NAME_MAX ((size_t)100)

enum message_kind {
	MESSAGE_TEXT,
	MESSAGE_MEDIA,  /* voice, picture, file: text says which, in one word */
	MESSAGE_EDIT,   /* replaces the message whose id is edit_of */
	MESSAGE_OPEN,   /* the student opened the chat and has said nothing yet */
	MESSAGE_RATING, /* a thumb, up or down, at our message whose id is edit_of */
	MESSAGE_LATE,   /* came too late to be answered: the student may ask again */
	MESSAGE_OLD,    /* in the inbox alone: a text that was written long ago */
	/* The student came by a link to us that says what for: text is "topic_ID", "link_CODE"
	 * (see docs/OPERATING.md), or what this version does not know. */
	MESSAGE_START,
};

/* From a network; borrowed for the call. */
struct inmsg {
	const char *channel; /* literal: the channel's name */
	struct str account;  /* who wrote, as the network knows them; an opaque id */
	struct str
	    id; /* the network's id of the message: seen twice, it is taken once */
	struct str edit_of; /* MESSAGE_EDIT: id of the message that it replaces */
	enum message_kind kind;
	int64_t sent_ms; /* wall: when it was written, as the network says; 0: now */
	struct str text; /* any bytes; cleaned on entry (utf8.h) */
	/* The language that she has set there, as a BCP 47 tag: a hint. Empty: unsaid. */
	struct str lang;
};

/* A file that goes with a message. */
struct document {
	struct str name;  /* letters, digits, ".", "-", "_": a file name anywhere */
	struct str type;  /* "application/json" */
	struct str bytes; /* empty in a history, and when it is no longer kept */
	size_t size;
	/* Unguessable: where it must be fetched (CHANNEL_PULL), this is what it is asked by. */
	struct str token;
	/* What the network calls it once it has it: see flow_uploaded(). Empty: not yet. */
	struct str remote;
};

/* To a network. */
struct outmsg {
	int64_t peer;
	int64_t seq;
	struct str account;
	/* The network's id of what it answers; empty: nothing. */
	struct str reply_to;
	/* The network's id of an answer that this one takes the place of, since the question
	 * was edited; empty: none. Where messages cannot be changed it is one of its own. */
	struct str replaces;
	int64_t replaces_seq; /* its number in the conversation */
	struct str
	    text; /* Markdown as in articles: paragraphs, lists, **bold**, quotes */
	struct str buttons[MESSAGE_BUTTONS_MAX]; /* typing the text does the same */
	size_t n_buttons;
	const struct document *documents; /* text may be empty if there are some */
	size_t n_documents;
	int64_t at_ms;
};

/* One line of a conversation as it is kept. */
struct history_line {
	int64_t seq;
	bool mine;         /* the student's, else the bot's */
	struct str id;     /* mine: the id that the client gave it */
	struct outmsg out; /* text and time of either; buttons of the bot's */
};

#endif
