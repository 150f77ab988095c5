/*
 * stem.c - the stems of words, by Snowball; opened when a language first needs one.
 */
#include <stdlib.h>
#include <string.h>

#include <libstemmer.h>

#include "bot/catalog/index_priv.h"
#include "credbot/base/alloc.h"

/* Words of less are their own stem. */
#define STEM_WORD_MIN 4
#define STEM_MIN 3

static const struct {
	const char *tag, *name;
} languages[STEM_LANGS] = {
	{ "en", "english" },
	{ "ar", "arabic" },
	{ "ca", "catalan" },
	{ "da", "danish" },
	{ "de", "german" },
	{ "el", "greek" },
	{ "es", "spanish" },
	{ "eu", "basque" },
	{ "fi", "finnish" },
	{ "fr", "french" },
	{ "ga", "irish" },
	{ "hu", "hungarian" },
	{ "hy", "armenian" },
	{ "id", "indonesian" },
	{ "it", "italian" },
	{ "lt", "lithuanian" },
	{ "nl", "dutch" },
	{ "no", "norwegian" },
	{ "pt", "portuguese" },
	{ "ro", "romanian" },
	{ "ru", "russian" },
	{ "sr", "serbian" },
	{ "sv", "swedish" },
	{ "tr", "turkish" },
};

struct stemmers {
	struct sb_stemmer *of[STEM_LANGS];
};

struct stemmers *
stemmers_new(void)
{
	return xcalloc(1, sizeof(struct stemmers));
}

void
stemmers_free(struct stemmers *s)
{
	for (size_t i = 0; s != NULL && i < STEM_LANGS; i++)
		if (s->of[i] != NULL)
			sb_stemmer_delete(s->of[i]);
	free(s);
}

size_t
stem_lang(const char *tag)
{
	for (size_t i = 0; tag != NULL && i < STEM_LANGS; i++)
		if (strncmp(tag, languages[i].tag, 2) == 0 &&
		    (tag[2] == '\0' || tag[2] == '-'))
			return i;
	return 0;
}

/* Codes and names of versions ("ccna2") have no stem. */
static bool
has_digit(struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.p[i] >= '0' && word.p[i] <= '9')
			return true;
	return false;
}

struct str
stem_of(struct stemmers *s, size_t lang, struct str word)
{
	const sb_symbol *out;

	if (word.len < STEM_WORD_MIN || word.p[0] == TABLES_PHRASE || has_digit(word))
		return word;
	if (s->of[lang] == NULL)
		s->of[lang] = sb_stemmer_new(languages[lang].name, "UTF_8");
	if (s->of[lang] == NULL)
		return word;
	out = sb_stemmer_stem(s->of[lang], (const sb_symbol *)word.p, (int)word.len);
	if (out == NULL || sb_stemmer_length(s->of[lang]) < STEM_MIN)
		return word;
	return str_n((const char *)out, (size_t)sb_stemmer_length(s->of[lang]));
}
