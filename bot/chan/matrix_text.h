/*
 * matrix_text.h - a reply's Markdown as contents of m.room.message events.
 *
 * A plain body that is complete by itself, and HTML beside it where that says more. Nothing
 * is shared, and the same reply always gives the same bytes: a server that is sent an event
 * twice compares nothing, but people would see which of the two it kept.
 */
#ifndef CREDBOT_CHAN_MATRIX_TEXT_H
#define CREDBOT_CHAN_MATRIX_TEXT_H

#include "credbot/base/arena.h"
#include "credbot/base/buf.h"
#include "credbot/base/str.h"

/* In contents that no person wrote (MSC3955; the name is that of its draft). */
#define MATRIX_AUTOMATED "org.matrix.msc1767.automated"
/* What a phone shows without becoming a wall. Characters as a reader counts them. */
#define MATRIX_CHARS_MAX 4000
/* Letters can bear marks without end. */
#define MATRIX_BYTES_MAX 12000
#define MATRIX_PARTS_MAX 3
/* An event may have 65,536 bytes with all that servers add; HTML is left out beyond this. */
#define MATRIX_CONTENT_MAX 48000

struct matrix_part {
	struct str body; /* never blank */
	struct str html; /* empty: says no more than the body */
};

struct matrix_limits {
	size_t chars, bytes, parts;
};

/*
 * Makes parts of a reply, in *out and in a, and returns how many: 0 if nothing of it can be
 * seen. limits NULL: those above. A part ends behind a paragraph, else a line, a sentence, a
 * word, a character; the last one that limits allow ends with "…" if there was more. Buttons
 * become a numbered list at the end of the last one.
 */
size_t matrix_text(struct arena *a, struct str markdown, const struct str *buttons,
    size_t n_buttons, const struct matrix_limits *limits, struct matrix_part **out);

/* Appends the content without its closing brace: msgtype, body, m.mentions, HTML unless
 * plain. */
void matrix_part_json(const struct matrix_part *p, bool notice, bool plain,
    struct buf *out);
/* Appends the whole content by which p takes the place of the event of that id ("Event
 * replacements"): for clients that know of no edits it is a message that begins with "* ". */
void matrix_edit_json(const struct matrix_part *p, bool notice, bool plain,
    struct str replaces, struct buf *out);

#endif
