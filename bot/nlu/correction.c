/*
 * correction.c - "no, i meant the price": the part that counts.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "bot/nlu/correction_priv.h"
#include "credbot/base/utf8.h"

/* Longer ones first where one begins another. weak: means nothing by itself. */
static const struct {
	const char *words;
	bool weak;
} openings[] = {
	{ "no that's not what i meant", false },
	{ "that's not what i meant", false },
	{ "thats not what i meant", false },
	{ "that's not what i mean", false },
	{ "thats not what i mean", false },
	{ "what i meant is", false },
	{ "what i meant was", false },
	{ "what i mean is", false },
	{ "i was asking about", false },
	{ "i was asking", false },
	{ "i am asking about", false },
	{ "i'm asking about", false },
	{ "im asking about", false },
	{ "i asked about", false },
	{ "i meant", false },
	{ "i ment", false },
	{ "i mean", false },
	{ "i said", false },
	{ "not that one", true },
	{ "not that", true },
	{ "not this", true },
	{ "nope", true },
	{ "nah", true },
	{ "no", true },
	{ "sorry", true },
	{ "wait", true },
	{ "oops", true },
	{ "but", true },
	{ "oh", true },
};

static struct str
skip_signs(struct str s)
{
	while (s.len > 0 && ispunct((unsigned char)s.p[0]) != 0)
		s = str_trim(str_n(s.p + 1, s.len - 1));
	return str_trim(s);
}

static bool
begins_with(struct str s, const char *words)
{
	size_t n = strlen(words);

	return s.len >= n && strncasecmp(s.p, words, n) == 0 &&
	       (s.len == n || isalnum((unsigned char)s.p[n]) == 0);
}

struct str
correction_skip(struct str text)
{
	struct str rest = skip_signs(str_trim(text));
	bool corrects = false, found;

	do {
		found = false;
		for (size_t i = 0; i < ARRAY_LEN(openings) && !found; i++) {
			size_t n = strlen(openings[i].words);

			found = begins_with(rest, openings[i].words);
			if (!found)
				continue;
			corrects = corrects || !openings[i].weak;
			rest = skip_signs(str_n(rest.p + n, rest.len - n));
		}
	} while (found);
	return corrects && utf8_wordiness(rest) > 0 ? rest : text;
}
