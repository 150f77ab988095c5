/*
 * utf8.h - Unicode text at the border: checked and cleaned once, on entry to the inbox.
 *
 * Built on utf8proc (Unicode 15). Everything behind the border may rely on valid UTF-8 in
 * normal form C without control characters.
 */
#ifndef CREDBOT_BASE_UTF8_H
#define CREDBOT_BASE_UTF8_H

#include <stdbool.h>

#include "credbot/base/buf.h"
#include "credbot/base/str.h"

bool utf8_valid(struct str s);

/* Decodes the character at *s and moves *s behind it; -1 at the end. s must be valid. */
int32_t utf8_next(struct str *s);

/*
 * Appends s to out as clean text: invalid bytes become U+FFFD, the rest is brought to NFC;
 * NUL, other controls (but line feed and tab) and bidirectional controls (a reader could be
 * shown another text than was typed: Unicode TR36, 2.1) are dropped; CR LF becomes LF.
 */
void utf8_clean(struct str s, struct buf *out);

/*
 * Appends s folded for comparison: compatibility decomposition, case folded, marks
 * stripped, typographic apostrophes to '. ASCII takes a short path.
 */
void utf8_fold(struct str s, struct buf *out);

/* The longest start of s of at most max bytes that ends between grapheme clusters. */
struct str utf8_cut(struct str s, size_t max);

/* Characters as a reader counts them (extended grapheme clusters, UAX #29). */
size_t utf8_graphemes(struct str s);

bool utf8_is_letter(int32_t rune);
bool utf8_is_digit(int32_t rune);

/* Letters and digits in s; 0 for emoji, dots and other wordless text. */
size_t utf8_wordiness(struct str s);

#endif
