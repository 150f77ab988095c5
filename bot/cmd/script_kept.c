/*
 * script_kept.c - words of answers that later lines of a script need: a code, a reference.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/cmd/script.h"
#include "credbot/base/alloc.h"
#include "credbot/base/map.h"

struct kept {
	struct map *words;
};

struct kept *
kept_new(void)
{
	struct kept *k = xcalloc(1, sizeof(*k));

	k->words = map_new();
	return k;
}

void
kept_free(struct kept *k)
{
	struct str name;
	size_t pos = 0;
	void *word;

	if (k == NULL)
		return;
	while (map_next(k->words, &pos, &name, &word))
		free(word);
	map_free(k->words);
	free(k);
}

bool
kept_take(struct kept *k, struct str name, struct str text, struct str said)
{
	const char *at = memmem(said.p, said.len, text.p, text.len);
	struct str word;

	if (at == NULL)
		return false;
	at += text.len;
	word = str_trim(str_n(at, said.len - (size_t)(at - said.p)));
	word = str_n(word.p, strcspn(word.p, " \n"));
	while (word.len > 0 && strchr(".,:;!?", word.p[word.len - 1]) != NULL)
		word.len--;
	free(map_put(k->words, name, xstrndup(word.p, word.len)));
	return word.len > 0;
}

void
kept_fill_in(const struct kept *k, struct str line, struct buf *out)
{
	for (;;) {
		struct str name, rest;
		const char *word;

		buf_addstr(out, str_cut(&line, '{'));
		if (line.p == NULL)
			return;
		rest = line;
		name = str_cut(&rest, '}');
		word = rest.p == NULL ? NULL : map_get(k->words, name);
		if (word == NULL) {
			buf_addc(out, '{');
			continue;
		}
		buf_adds(out, word);
		line = rest;
	}
}
