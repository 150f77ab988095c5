/*
 * phrases.c - words of a message, and lists of phrases that are looked for in them.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "bot/talk/phrases_priv.h"

/* --- words */

static bool
is_inside(char c)
{
	return isalnum((unsigned char)c) != 0 || (unsigned char)c >= 0x80 ||
	       c == '\'' || c == '_' || c == '+' || c == '#' || c == '%' || c == '$' ||
	       c == '&' || c == '/' || c == '@';
}

/* "b.tech", "1,500", "pre-master", "10:30": held together by what stands between. */
static bool
joins(struct str s, size_t i)
{
	return strchr(".,-:", s.p[i]) != NULL && i > 0 && i + 1 < s.len &&
	       is_inside(s.p[i - 1]) && is_inside(s.p[i + 1]) &&
	       (s.p[i] == '-' || s.p[i] == '.' ||
		   (isdigit((unsigned char)s.p[i - 1]) != 0 &&
		       isdigit((unsigned char)s.p[i + 1]) != 0));
}

static size_t
word_len(struct str s)
{
	size_t n = 0;

	if (s.len >= 2 && memcmp(s.p, "{}", 2) == 0)
		return 2;
	while (n < s.len && (is_inside(s.p[n]) || joins(s, n)))
		n++;
	if (n == 0 && strchr(":=*-", s.p[0]) != NULL)
		return 1;
	return n;
}

bool
word_next(struct str *rest, struct word *out)
{
	size_t n = 0;

	while (rest->len > 0 && (n = word_len(*rest)) == 0)
		*rest = str_n(rest->p + 1, rest->len - 1);
	if (rest->len == 0)
		return false;
	*out = (struct word){ .text = str_n(rest->p, n) };
	*rest = str_n(rest->p + n, rest->len - n);
	for (size_t i = 0;
	     i < rest->len && word_len(str_n(rest->p + i, rest->len - i)) == 0; i++) {
		out->comma = out->comma || rest->p[i] == ',' || rest->p[i] == ';';
		out->ending = out->ending || strchr(".!?\n", rest->p[i]) != NULL;
	}
	return true;
}

void
words_split(struct str text, struct said_words *out)
{
	out->n = 0;
	while (out->n < WORDS_MAX && word_next(&text, &out->v[out->n]))
		out->n++;
}

bool
words_same(struct str a, struct str b)
{
	return a.len == b.len && strncasecmp(a.p, b.p, a.len) == 0;
}

/* Whether the phrase stands at i, before end. */
bool
phrase_at(const struct said_words *t, size_t i, size_t end, const struct phrase *p)
{
	if (i + p->n > end)
		return false;
	for (size_t k = 0; k < p->n; k++)
		if (!words_same(t->v[i + k].text, p->word[k]))
			return false;
	return true;
}

/* The longest phrase of the list that stands at i: how many words; 0: none. */
size_t
phrases_at(const struct said_words *t, size_t i, size_t end,
    const struct phrase_list *l)
{
	size_t best = 0;

	for (size_t k = 0; k < l->n; k++)
		if (l->v[k].n > best && phrase_at(t, i, end, &l->v[k]))
			best = l->v[k].n;
	return best;
}

/* --- reading the lists */

/* The words of a phrase; NULL after a fault. */
static struct phrase *
add_words(struct phrases_from *f, const struct yaml *y, struct phrase *p)
{
	struct word word;
	struct str rest;

	*p = (struct phrase){ .n = 0 };
	if (y->kind != YAML_SCALAR || str_trim(y->text).len == 0) {
		faults_add(f->faults, y->at, "expected some words");
		return NULL;
	}
	rest = arena_str(f->arena, y->text);
	while (word_next(&rest, &word)) {
		if (p->n == PHRASE_WORDS_MAX) {
			faults_add(f->faults, y->at, "more than %d words",
			    PHRASE_WORDS_MAX);
			return NULL;
		}
		p->word[p->n++] = word.text;
	}
	return p;
}

void
phrases_read(struct phrases_from *f, const struct yaml *y, struct phrase_list *out)
{
	if (y == NULL || y->kind != YAML_SEQ) {
		faults_add(f->faults,
		    y == NULL ? (struct place){ f->path, 0, 0 } : y->at,
		    "expected a list of words");
		return;
	}
	out->v = arena_zalloc(f->arena, y->n, sizeof(*out->v));
	for (size_t i = 0; i < y->n; i++)
		if (add_words(f, y->child[i], &out->v[out->n]) != NULL)
			out->n++;
}
