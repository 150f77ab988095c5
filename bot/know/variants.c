/*
 * variants.c - the same question with the word that everything here is about.
 *
 * Articles' questions say "course", "certificate" or "this"; whoever knows the word says
 * "micro-credential". Without such examples the word would only ever mean "what is it?".
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "bot/know/variants.h"
#include "credbot/base/rc.h"

/* What stands for it in the questions; longer ones first where one ends another. */
static const struct {
	const char *words;
	const char *instead; /* NULL: an idiom that hides the word */
} names[] = {
	{ "of course", NULL },
	{ "short courses", "micro-credentials" },
	{ "short course", "micro-credential" },
	{ "short programs", "micro-credentials" },
	{ "short program", "micro-credential" },
	{ "small certificates", "micro-credentials" },
	{ "small certificate", "micro-credential" },
	{ "courses", "micro-credentials" },
	{ "course", "micro-credential" },
	{ "certificates", "micro-credentials" },
	{ "certificate", "micro-credential" },
	{ "programs", "micro-credentials" },
	{ "program", "micro-credential" },
	{ "programmes", "micro-credentials" },
	{ "programme", "micro-credential" },
	{ "badges", "micro-credentials" },
	{ "badge", "micro-credential" },
	{ "certs", "micro-credentials" },
	{ "cert", "micro-credential" },
	{ "they", "micro-credentials" },
	{ "them", "micro-credentials" },
	{ "these", "micro-credentials" },
	{ "those", "micro-credentials" },
	{ "this", "a micro-credential" },
	{ "it", "a micro-credential" },
};

static bool
is_word_char(char c)
{
	return (unsigned char)c >= 0x80 || isalnum((unsigned char)c) != 0 || c == '-';
}

/* The first of the words at a word's border at or behind *at; false: none. */
static bool
find_word(struct str text, const char *words, size_t *at)
{
	size_t n = strlen(words);

	for (size_t i = *at; i + n <= text.len; i++)
		if (strncasecmp(text.p + i, words, n) == 0 &&
		    (i == 0 || !is_word_char(text.p[i - 1])) &&
		    (i + n == text.len || !is_word_char(text.p[i + n]))) {
			*at = i;
			return true;
		}
	return false;
}

bool
variant_of(struct str text, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t at = 0, n = strlen(names[i].words);

		if (!find_word(text, names[i].words, &at))
			continue;
		if (names[i].instead == NULL)
			return false;
		buf_addstr(out, str_n(text.p, at));
		buf_adds(out, names[i].instead);
		buf_addstr(out, str_n(text.p + at + n, text.len - at - n));
		return true;
	}
	return false;
}
