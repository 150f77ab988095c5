/*
 * wish_read.h - from what a student writes to what she wishes.
 *
 * Reads one message on top of what was said before: "data analytics online, max 500 eur", and
 * then "make it in spanish", "actually 800", "not in the uk", "forget the budget". What she
 * says of herself, of a friend, an employer or her home fills nothing, and neither do words
 * like "certificate" and "course", nor a question about things in general ("is a bootcamp
 * worth it?"). What she asks for on behalf of somebody ("a badge for my mum") is a wish, but not
 * beside one of her own ("and for me ..."). What she rules out is kept as ruled out.
 *
 * A value in a message replaces the values of that slot from earlier messages, unless she
 * says "also"; several in one message are alternatives. Of several fields, and places, that
 * contain each other only the most special stay.
 *
 * No clock is asked: dates stay as they were said (see wish.h).
 */
#ifndef CREDBOT_CATALOG_WISH_READ_H
#define CREDBOT_CATALOG_WISH_READ_H

#include "credbot/base/buf.h"
#include "credbot/catalog/vocab.h"

/* Of longer messages only so many bytes are read. */
#define WISH_TEXT_MAX 2000

/* Comparatives: also when there was no earlier value to compare with. */
enum wish_than { WISH_CHEAPER = 1, WISH_DEARER = 2, WISH_SHORTER = 4, WISH_LONGER = 8 };

struct wish_changes {
	unsigned said; /* bits 1 << enum wish_part: what the message is about */
	unsigned than; /* bits of enum wish_than */
	bool extras;   /* known_price and the like, or wishes that no column can hold */
	/* Words to search for were added. With nothing else this is a weak sign of a wish:
	 * any word that is no ordinary one can be the subject of a course. */
	bool words;
	bool
	    newcomer; /* she says what she has done until now, or that it is new to her */
};

/*
 * Adds what text (valid UTF-8, any length) says to w, which was made by wish_init() or an
 * earlier call. changes may be NULL. True if the message wished for anything, or took back
 * anything. Needs no memory but the stack (some 50 kB).
 */
bool wish_read(const struct vocab *v, struct str text, struct wish *w,
    struct wish_changes *changes);

/*
 * Appends the words of text that tell what it is about and are part of no wish: "do u have
 * phlebotomy in newark under 2000" gives "phlebotomy newark". hints: those by which fields
 * were named, "data" of "something with data"; they say more than the field.
 */
void wish_topic(const struct vocab *v, struct str text, struct buf *words,
    struct buf *hints);

#endif
