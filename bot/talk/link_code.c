/*
 * link_code.c - codes: how they are made, shown and read.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "bot/talk/link_code_priv.h"

/* Digits and letters that are told apart by eye and by ear: no vowels (so no words), nothing
 * that looks like a digit, and of the letters that sound alike (B C D G P T V Z, F S, M N) one
 * or two that are furthest apart. */
static const char alphabet[] = "23456789FGHJKMQRTWXY";

#define GROUP (LINK_CODE_CHARS / 2)
/* Pieces that a code is typed in: 8 of one character at most. */
#define PIECES_MAX LINK_CODE_CHARS
/* "my code is 482913": shorter numbers are something else. */
#define NUMBER_MIN 5

/* Each group has a digit and a letter. */
static bool
is_mixed(const char *code)
{
	for (int group = 0; group < 2; group++) {
		int digits = 0;

		for (int i = 0; i < GROUP; i++)
			digits += isdigit((unsigned char)code[group * GROUP + i]) != 0;
		if (digits == 0 || digits == GROUP)
			return false;
	}
	return true;
}

void
link_code_make(struct chance *c, char out[LINK_CODE_SIZE])
{
	do
		for (int i = 0; i < LINK_CODE_CHARS; i++)
			out[i] = alphabet[chance_below(c, sizeof(alphabet) - 1)];
	while (!is_mixed(out));
	out[LINK_CODE_CHARS] = '\0';
}

void
link_code_show(const char code[LINK_CODE_SIZE], char out[LINK_CODE_SHOWN_SIZE])
{
	(void)snprintf(out, LINK_CODE_SHOWN_SIZE, "%.4s-%.4s", code, code + GROUP);
}

/* It keeps codes out of backups and of the eyes of who looks something up; who steals the
 * database could try all codes, but not before this one has expired. */
void
link_code_hash(const char code[LINK_CODE_SIZE], char out[LINK_HASH_CHARS + 1])
{
	static const char context[] = "credbot link code 1:";
	unsigned char hash[LINK_HASH_CHARS / 2];
	crypto_generichash_state st;

	crypto_generichash_init(&st, NULL, 0, sizeof(hash));
	crypto_generichash_update(&st, (const unsigned char *)context,
	    sizeof(context) - 1);
	crypto_generichash_update(&st, (const unsigned char *)code, LINK_CODE_CHARS);
	crypto_generichash_final(&st, hash, sizeof(hash));
	sodium_bin2hex(out, LINK_HASH_CHARS + 1, hash, sizeof(hash));
}

bool
link_code_same(const char hash[LINK_HASH_CHARS + 1], struct str other)
{
	return other.len == LINK_HASH_CHARS &&
	       sodium_memcmp(hash, other.p, LINK_HASH_CHARS) == 0;
}

/* --- reading */

static bool
is_word_char(char c)
{
	return isalnum((unsigned char)c) != 0 || c == '_' || (unsigned char)c >= 0x80;
}

/* The next run of letters and digits; empty at the end. */
static struct str
next_piece(struct str *rest)
{
	size_t i = 0, n = 0;

	while (i < rest->len && !is_word_char(rest->p[i]))
		i++;
	*rest = str_n(rest->p + i, rest->len - i);
	while (n < rest->len && is_word_char(rest->p[n]))
		n++;
	*rest = str_n(rest->p + n, rest->len - n);
	return str_n(rest->p - n, n);
}

/* A deep link's payload, when it is typed. */
static struct str
without_prefix(struct str s)
{
	return str_starts(s, "link_") ? str_n(s.p + 5, s.len - 5) : s;
}

/*
 * Takes a code off the beginning of text: one piece, or pieces of the same length. *rest is
 * what follows.
 */
static enum link_code_found
read_here(struct str text, char out[LINK_CODE_SIZE], struct str *rest)
{
	struct str piece = without_prefix(next_piece(&text));
	size_t n = 0, len = piece.len;
	bool good = true;

	if (len == 0 || LINK_CODE_CHARS % len != 0)
		return LINK_CODE_NONE;
	for (; n < LINK_CODE_CHARS; piece = next_piece(&text)) {
		if (piece.len != len)
			return LINK_CODE_NONE;
		for (size_t i = 0; i < len; i++) {
			out[n] = (char)toupper((unsigned char)piece.p[i]);
			if (isalnum((unsigned char)out[n]) == 0)
				return LINK_CODE_NONE;
			good = good && strchr(alphabet, out[n]) != NULL;
			n++;
		}
		*rest = text;
	}
	out[LINK_CODE_CHARS] = '\0';
	if (!is_mixed(out))
		return LINK_CODE_NONE;
	return good ? LINK_CODE_FOUND : LINK_CODE_MISTYPED;
}

static bool
is_number(struct str s)
{
	size_t n = 0;

	while (n < s.len && isdigit((unsigned char)s.p[n]))
		n++;
	return n == s.len && n >= NUMBER_MIN;
}

/* "my code is 482913" speaks of one. */
static bool
names_number(struct str text)
{
	bool code = false, number = false;

	for (struct str piece = next_piece(&text); piece.len > 0;
	     piece = next_piece(&text)) {
		code = code || str_is_nocase(piece, "code");
		number = number || is_number(piece);
	}
	return code && number;
}

enum link_code_found
link_code_read(struct str text, char out[LINK_CODE_SIZE], bool *alone)
{
	struct str rest = text, behind;
	bool first = true, mistyped = false;
	char code[LINK_CODE_SIZE];

	*alone = false;
	do {
		enum link_code_found found = read_here(rest, code, &behind);

		if (found == LINK_CODE_FOUND) {
			memcpy(out, code, LINK_CODE_SIZE);
			*alone = first && next_piece(&behind).len == 0;
			return found;
		}
		if (found == LINK_CODE_MISTYPED) {
			mistyped = true;
			*alone = first && next_piece(&behind).len == 0;
		}
		first = false;
	} while (next_piece(&rest).len > 0);
	return mistyped || names_number(text) ? LINK_CODE_MISTYPED : LINK_CODE_NONE;
}
