/*
 * norm.c - a text as words.
 *
 * "Can't you send me 300 $?" becomes can not you send me #3 $ ?. What people type on
 * phones ("u", "plsss") is written out here, so that training and asking see one form.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/nlu/hash_priv.h"
#include "bot/nlu/norm_priv.h"
#include "credbot/base/utf8.h"
#include "credbot/nlu/classify.h"

/* "IT?" is all capitals because it is short; "WHEN DOES IT START" because it is loud. */
#define IT_ALONE_MAX 3

/* Sorted by the first column. Only what has one reading: "ill" and "were" stay. */
static const struct short_form {
	const char *in, *out;
} short_forms[] = {
	{ "abt", "about" },
	{ "arent", "are not" },
	{ "b4", "before" },
	{ "bc", "because" },
	{ "can't", "can not" },
	{ "cannot", "can not" },
	{ "cant", "can not" },
	{ "couldnt", "could not" },
	{ "coz", "because" },
	{ "cuz", "because" },
	{ "didnt", "did not" },
	{ "doesnt", "does not" },
	{ "dont", "do not" },
	{ "dunno", "do not know" },
	{ "gimme", "give me" },
	{ "gonna", "going to" },
	{ "gotta", "got to" },
	{ "hadnt", "had not" },
	{ "hasnt", "has not" },
	{ "havent", "have not" },
	{ "how's", "how is" },
	{ "hows", "how is" },
	{ "i'm", "i am" },
	{ "idk", "i do not know" },
	{ "im", "i am" },
	{ "isnt", "is not" },
	{ "it's", "it is" },
	{ "ive", "i have" },
	{ "lemme", "let me" },
	{ "let's", "let us" },
	{ "mustnt", "must not" },
	{ "okay", "ok" },
	{ "pls", "please" },
	{ "plz", "please" },
	{ "ppl", "people" },
	{ "r", "are" },
	{ "shouldnt", "should not" },
	{ "that's", "that is" },
	{ "thats", "that is" },
	{ "there's", "there is" },
	{ "theres", "there is" },
	{ "theyre", "they are" },
	{ "thru", "through" },
	{ "thx", "thanks" },
	{ "tmrw", "tomorrow" },
	{ "u", "you" },
	{ "ur", "your" },
	{ "wanna", "want to" },
	{ "wasnt", "was not" },
	{ "werent", "were not" },
	{ "what's", "what is" },
	{ "whats", "what is" },
	{ "where's", "where is" },
	{ "wheres", "where is" },
	{ "who's", "who is" },
	{ "whos", "who is" },
	{ "won't", "will not" },
	{ "wont", "will not" },
	{ "wouldnt", "would not" },
	{ "youre", "you are" },
};

/* Endings that are words of their own. */
static const struct {
	const char *ending, *word;
} endings[] = {
	{ "n't", "not" },
	{ "'re", "are" },
	{ "'ve", "have" },
	{ "'ll", "will" },
	{ "'d", "would" },
	{ "'s", "'s" },
};

/* Numbers count by their length: years, prices and ages keep apart, their values do not. */
static const char *const shapes[] = { "#1", "#2", "#3", "#4", "#5" };

static bool
is_plain_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_plain_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
norm_is_alpha(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_plain_letter(s.p[i]) && (unsigned char)s.p[i] < 0x80)
			return false;
	return true;
}

static bool
is_number(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_plain_digit(s.p[i]))
			return false;
	return s.len > 0;
}

struct word
norm_word(struct str text)
{
	struct word w = { .text = text, .shape = text, .id = WORD_UNKNOWN };

	if (is_number(text)) {
		size_t n = text.len < ARRAY_LEN(shapes) ? text.len : ARRAY_LEN(shapes);

		w.shape = str_of(shapes[n - 1]);
	}
	w.hash = hash_text(w.shape);
	return w;
}

static void
add(struct words *w, struct str text)
{
	if (text.len > 0 && w->n < NORM_WORDS_MAX)
		w->v[w->n++] = norm_word(text);
}

static int
by_form(const void *key, const void *row)
{
	const struct str *s = key;
	const char *in = ((const struct short_form *)row)->in;
	int c = strncmp(s->p, in, s->len);

	return c != 0 ? c : in[s->len] == '\0' ? 0 : -1;
}

/* Adds what a short form stands for; false if s is none. */
static bool
add_short_form(struct words *w, struct str s)
{
	const struct short_form *f = bsearch(&s, short_forms, ARRAY_LEN(short_forms),
	    sizeof(short_forms[0]), by_form);
	struct str rest;

	if (f == NULL)
		return false;
	for (rest = str_of(f->out); rest.p != NULL;)
		add(w, str_cut(&rest, ' '));
	return true;
}

/* Cuts runs of one letter to at most keep; false if none was that long. Works in place. */
static bool
cut_runs(struct str *s, size_t keep, char *p)
{
	size_t n = 0, run = 0;

	for (size_t i = 0; i < s->len; i++) {
		run = i > 0 && s->p[i] == s->p[i - 1] ? run + 1 : 1;
		if (run <= keep || !is_plain_letter(s->p[i]))
			p[n++] = s->p[i];
	}
	if (n == s->len)
		return false;
	*s = str_n(p, n);
	return true;
}

/* "plsss" is "pls" and so "please"; "sooo" stays "soo" for spelling repair to decide. */
static void
add_stretched(struct words *w, struct str two)
{
	char copy[16];
	struct str one = two;

	if (w->n == NORM_WORDS_MAX)
		return;
	if (one.len <= sizeof(copy) && cut_runs(&one, 1, copy) &&
	    add_short_form(w, one))
		return;
	add(w, two);
	w->v[w->n - 1].stretched = true;
}

/* "do'nt" and "is'nt": without the apostrophe they are short forms. */
static bool
add_misplaced(struct words *w, struct str s)
{
	char copy[16];
	size_t n = 0;

	if (s.len > sizeof(copy) || memchr(s.p, '\'', s.len) == NULL)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != '\'')
			copy[n++] = s.p[i];
	return add_short_form(w, str_n(copy, n));
}

static void
add_token(struct words *w, struct str t)
{
	/* In place: t lies in w->folded, which is ours. */
	char *own = w->folded.data + (t.p - w->folded.data);

	if (add_short_form(w, t))
		return;
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		size_t n = strlen(endings[i].ending);

		if (t.len <= n || !str_ends(t, endings[i].ending))
			continue;
		add(w, str_n(t.p, t.len - n));
		add(w, str_of(endings[i].word));
		return;
	}
	if (add_misplaced(w, t))
		return;
	if (cut_runs(&t, 2, own))
		add_stretched(w, t);
	else
		add(w, t);
}

/* Bytes of the letter or digit at the start of s; 0 if it is something else. */
static size_t
letter_size(struct str s)
{
	struct str rest = s;
	int32_t r;

	if (s.len == 0)
		return 0;
	if ((unsigned char)s.p[0] < 0x80)
		return is_plain_letter(s.p[0]) || is_plain_digit(s.p[0]) ? 1 : 0;
	r = utf8_next(&rest);
	return utf8_is_letter(r) || utf8_is_digit(r) ? s.len - rest.len : 0;
}

/* Takes letters and digits off *rest, with apostrophes between them. */
static struct str
take_word(struct str *rest)
{
	struct str s = *rest, w = { s.p, 0 };
	size_t n;

	while ((n = letter_size(s)) > 0) {
		s = str_n(s.p + n, s.len - n);
		w.len = (size_t)(s.p - w.p);
		if (s.len > 0 && s.p[0] == '\'')
			s = str_n(s.p + 1, s.len - 1);
	}
	*rest = str_n(w.p + w.len, rest->len - w.len);
	return w;
}

/* Signs that mean something: a question, a share, money of whatever kind. */
static const char *
sign_of(int32_t rune)
{
	switch (rune) {
	case '?':
	case 0xBF: /* the Spanish one at the start */
		return "?";
	case '%':
		return "%";
	case '$':
	case 0xA3:
	case 0xA5:
	case 0x20AC:
		return "$";
	default:
		return NULL;
	}
}

/* The first max bytes of s, less what is cut off of a character. */
static struct str
cut(struct str s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && (s.p[max] & 0xC0) == 0x80)
		max--;
	return str_n(s.p, max);
}

/* Whether capitals are used as a choice, and not for all of it. */
static bool
has_small_letters(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] >= 'a' && s.p[i] <= 'z')
			return true;
	return false;
}

static bool
is_inside_word(char c)
{
	return (unsigned char)c >= 0x80 || c == '\'' || is_plain_digit(c) ||
	       is_plain_letter((char)(c | 0x20));
}

/*
 * "courses in IT": folded it would be the pronoun, the one word that only capitals tell
 * apart here. Appends text with it spelt out.
 */
static void
spell_out_it(struct str text, struct buf *out)
{
	bool capitals_tell = has_small_letters(text) || text.len <= IT_ALONE_MAX;

	for (size_t i = 0; i < text.len; i++) {
		bool starts = i == 0 || !is_inside_word(text.p[i - 1]);
		bool ends = i + 2 >= text.len || !is_inside_word(text.p[i + 2]);

		if (capitals_tell && starts && ends && i + 2 <= text.len &&
		    memcmp(text.p + i, "IT", 2) == 0) {
			buf_adds(out, "infotech");
			i++;
		} else {
			buf_addc(out, text.p[i]);
		}
	}
}

void
norm_words(struct words *w, struct str text)
{
	struct str rest, t;

	w->n = 0;
	text = cut(text, CLASSIFY_TEXT_MAX);
	if (text.len > 0 && memmem(text.p, text.len, "IT", 2) != NULL) {
		buf_clear(&w->spelt);
		spell_out_it(text, &w->spelt);
		text = buf_str(&w->spelt);
	}
	buf_clear(&w->folded);
	utf8_fold(text, &w->folded);
	/* Again: one character may fold to eighteen. */
	rest = cut(buf_str(&w->folded), CLASSIFY_TEXT_MAX);
	while (rest.len > 0) {
		t = take_word(&rest);
		if (t.len > 0) {
			add_token(w, t);
		} else {
			const char *sign = sign_of(utf8_next(&rest));

			add(w, str_of(sign));
		}
	}
}

void
norm_words_fini(struct words *w)
{
	buf_fini(&w->spelt);
	buf_fini(&w->folded);
	w->n = 0;
}
