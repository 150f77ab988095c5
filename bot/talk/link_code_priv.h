/*
 * link_code_priv.h - the codes by which a person joins two of her chats: how they are made, shown
 * and read.
 *
 * Eight characters, shown in two groups of four, each of which has a digit and a letter: so no
 * word, no year and no room number is ever taken for one. There are 1.8e10 of them. A code lives
 * for minutes, and wrong ones are counted (turn_link.c), so that guessing is hopeless.
 */
#ifndef CREDBOT_TALK_LINK_CODE_PRIV_H
#define CREDBOT_TALK_LINK_CODE_PRIV_H

#include "credbot/base/chance.h"
#include "credbot/talk/turn.h"

#define LINK_CODE_CHARS 8
#define LINK_CODE_SIZE (LINK_CODE_CHARS + 1)
/* With the dash between the groups. */
#define LINK_CODE_SHOWN_SIZE (LINK_CODE_CHARS + 2)
/* Of its hash, as hex digits; the first LINK_TAG_CHARS of them find it. */
#define LINK_HASH_CHARS 64
#define LINK_TAG_CHARS 8

void link_code_make(struct chance *c, char out[LINK_CODE_SIZE]);
void link_code_show(const char code[LINK_CODE_SIZE], char out[LINK_CODE_SHOWN_SIZE]);
void link_code_hash(const char code[LINK_CODE_SIZE], char out[LINK_HASH_CHARS + 1]);
/* Whether the hashes are the same, in a time that does not tell where they differ. */
bool link_code_same(const char hash[LINK_HASH_CHARS + 1], struct str other);

/* Finds a code in text, however it is grouped and whatever its capitals. alone: the text is
 * nothing else. out is set for LINK_CODE_FOUND. */
enum link_code_found link_code_read(struct str text, char out[LINK_CODE_SIZE],
    bool *alone);

#endif
