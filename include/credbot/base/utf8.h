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

/* Takes the first of those off *s and returns it; empty at the end. */
struct str utf8_next_grapheme(struct str *s);

/* What shows nothing by itself: white space, but joiners and fillers, too. */
bool utf8_is_blank(int32_t rune);
bool utf8_blank(struct str s); /* all of it */

/* Without blank graphemes at both ends. A space that bears an accent is not blank. */
struct str utf8_trim(struct str s);

/* Its length in UTF-16 code units, in which some networks count. s must be valid. */
size_t utf8_units16(struct str s);

/* What such a network means by offset and length. RC_INVALID, and the empty string, if they
 * lie outside of s or within a character. s must be valid. */
enum rc utf8_slice16(struct str s, int64_t offset, int64_t length, struct str *out);

bool utf8_is_letter(int32_t rune);
bool utf8_is_digit(int32_t rune);

/* Letters and digits in s; 0 for emoji, dots and other wordless text. */
size_t utf8_wordiness(struct str s);

#endif
