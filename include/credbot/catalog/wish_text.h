/*
 * wish_text.h - a wish as one line of text, for what is kept of a conversation, and back.
 *
 *	field=data-analytics|!destination=united-kingdom|cost=40000,USD|months=3|stackable
 *
 * One item a value, parted by "|"; "!" rules it out. Money is in minor units. The line is for programs: what a
 * student is shown comes from wish_say.h.
 */
#ifndef CREDBOT_CATALOG_WISH_TEXT_H
#define CREDBOT_CATALOG_WISH_TEXT_H

#include "credbot/base/buf.h"
#include "credbot/catalog/wish.h"

/* Appends the line, without a line break; nothing for an empty wish. */
void wish_write(const struct wish *w, struct buf *out);

/* Adds what the line says to w, made by wish_init(): a value takes the place of one, and
 * stands beside others of its slot. Items that are not understood, from another version, are
 * passed over. */
void wish_parse(struct str line, struct wish *w);

/* "field" ...: the slots' names, as they stand in the line and in the labelled requests. */
const char *wish_slot_name(enum wish_slot slot);

#endif
