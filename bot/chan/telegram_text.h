/*
 * telegram_text.h - a reply's Markdown as Telegram messages: plain text and entities.
 *
 * There is no parse_mode: nothing in a text can break it, and nothing needs escapes. Code
 * and quotes become entities, too; items begin with "• " or "1. "; addresses are left to
 * the clients, which link them. A network that refuses the entities (400) is sent the
 * chunk again with n = 0. Offsets are UTF-16 code units. Nothing is shared.
 */
#ifndef CREDBOT_CHAN_TELEGRAM_TEXT_H
#define CREDBOT_CHAN_TELEGRAM_TEXT_H

#include "credbot/base/arena.h"
#include "credbot/base/buf.h"
#include "credbot/base/str.h"
#include "credbot/chan/markup.h"

/* sendMessage takes 1 to 4,096 characters "after entities parsing". Its manual leaves open
 * which; UTF-16 units are the strictest reading. */
#define TELEGRAM_UNITS_MAX 4096
/* The server refuses more ("text is too long") before it counts anything. 4,096 units are
 * at most 12,288 bytes of UTF-8: this one only matters if the first is ever raised. */
#define TELEGRAM_BYTES_MAX 32768
/* The server forgets those beyond without a word. */
#define TELEGRAM_ENTITIES_MAX 100
/* More in a row is a wall that nobody reads, and nears the limit of a message a second. */
#define TELEGRAM_CHUNKS_MAX 3

/* units >= 3, bytes >= 7 and entities >= 3: any character and the ellipsis fit, with all
 * the entities that it can be in (quote, bold, italic). chunks >= 1. */
struct telegram_limits {
	size_t units, bytes, entities, chunks;
};

/* Sorted, the outer before the inner; two of them nest or stand apart; code and pre hold
 * none. Never empty, and no white space at its ends. */
struct telegram_entity {
	enum markup_kind kind;
	size_t offset, length;
};

/* What one message holds: never blank, and no white space at its ends. */
struct telegram_chunk {
	struct str text;
	const struct telegram_entity *entities;
	size_t n;
};

/*
 * Makes chunks of a reply, in *out and in a, and returns how many: 0 if nothing of it can
 * be seen. limits NULL: those above. A chunk ends behind a paragraph; if none ends in
 * reach, behind a line, a sentence, a word, a grapheme cluster; within a cluster only if that
 * is longer than a chunk. The white space there is dropped; an entity that is cut goes on in
 * the next chunk. The last chunk that limits allow ends with "…" if there was more. Bytes
 * that are not UTF-8 and control characters are replaced or dropped as by utf8_clean().
 */
size_t telegram_text(struct arena *a, struct str markdown,
    const struct telegram_limits *limits, struct telegram_chunk **out);

/* sendDocument takes so many units below a file. */
#define TELEGRAM_CAPTION_MAX 1024

/* Appends the entities as an array. */
void telegram_entities_json(const struct telegram_chunk *c, struct buf *out);
/* Appends the members of sendMessage: "text":"...","entities":[...]; no entities if there
 * are none. */
void telegram_chunk_json(const struct telegram_chunk *c, struct buf *out);

#endif
