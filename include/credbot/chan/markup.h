/*
 * markup.h - the Markdown of replies, as web pages, scripts, terminals and networks show it.
 *
 * CommonMark is read once, with cmark, and only what a chat needs is kept: paragraphs,
 * bullet and numbered lists, block quotes (by which articles mark caveats), code, **bold**
 * and *emphasis*. Everything else becomes text that is safe to show: raw HTML as it was
 * written, a link as its words and its address, a heading as a bold paragraph. Loop thread
 * or any other; nothing is shared.
 */
#ifndef CREDBOT_CHAN_MARKUP_H
#define CREDBOT_CHAN_MARKUP_H

#include <stddef.h>

#include "credbot/base/buf.h"
#include "credbot/base/str.h"

/* Lists and quotes inside of each other; deeper ones are shown at this depth. */
#define MARKUP_BLOCKS_MAX 6
/* Bold and emphasis inside of each other. */
#define MARKUP_SPANS_MAX 4

struct markup;

/* text is UTF-8. Never NULL. */
struct markup *markup_parse(struct str text);
void markup_free(struct markup *m); /* NULL is fine */

/* Appends HTML of p, ul, ol, li, blockquote, pre, code, strong, em and br, without any
 * attribute but ol's start. */
void markup_html(const struct markup *m, struct buf *out);

/*
 * Appends a JSON array of blocks:
 *   {"k":"p","c":[INLINE...]}               paragraph
 *   {"k":"ul","c":[[BLOCK...]...]}          bullet list: each item an array of blocks
 *   {"k":"ol","start":1,"c":[[BLOCK...]...]} numbered list
 *   {"k":"quote","c":[BLOCK...]}            block quote
 *   {"k":"code","text":"..."}               lines of code
 * INLINE is a string, in which a line feed is a line break, or {"b":[INLINE...]} (bold),
 * {"i":[INLINE...]} (emphasis) or {"code":"..."}.
 */
void markup_json(const struct markup *m, struct buf *out);

/*
 * Appends plain text: "- " and "1. " for items, "> " for quotes, a blank line between
 * blocks, no line feed at the end. Lines are broken between words at width characters, or
 * nowhere if width is 0.
 */
void markup_text(const struct markup *m, size_t width, struct buf *out);

enum markup_kind {
	MARKUP_BOLD,
	MARKUP_ITALIC,
	MARKUP_CODE, /* within a line */
	MARKUP_PRE,  /* lines of code */
	MARKUP_QUOTE,
	MARKUP_KINDS, /* how many */
};

struct markup_span {
	enum markup_kind kind;
	size_t start, end; /* bytes of the text */
};

struct markup_spans {
	struct buf text;
	struct markup_span *v;
	size_t n, cap;
};

/*
 * Appends plain text, and what its parts are, to a zeroed *out: for networks that are told
 * so beside the text. As markup_text(), but with a bullet for items and nothing for quotes.
 * The text is clean (utf8_clean()), whatever characters the Markdown names by number.
 *
 * Spans are sorted, the outer before the inner; two of them nest or stand apart. None is
 * within its own kind, and none within code or around it, but quotes: bold and emphasis end
 * before code and begin again behind it. A span may be blank or empty.
 */
void markup_spans(const struct markup *m, struct markup_spans *out);
void markup_spans_fini(struct markup_spans *s);

#endif
