/*
 * search_words.c - a text as the words that are searched.
 */
#include <string.h>

#include "bot/catalog/search_words_priv.h"
#include "credbot/base/utf8.h"

/* Scripts that are written without spaces: Thai, Lao, Myanmar, Khmer, kana, Han. */
static bool
is_unspaced(int32_t r)
{
	return (r >= 0x0E00 && r <= 0x0EFF) || (r >= 0x1000 && r <= 0x109F) ||
	       (r >= 0x1780 && r <= 0x17FF) || (r >= 0x3040 && r <= 0x30FF) ||
	       (r >= 0x3400 && r <= 0x9FFF) || (r >= 0xF900 && r <= 0xFAFF) ||
	       (r >= 0x20000 && r <= 0x3FFFF);
}

/* The first max bytes, less what is cut off of a character. */
static struct str
cut(struct str s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && (s.p[max] & 0xC0) == 0x80)
		max--;
	return str_n(s.p, max);
}

struct walk {
	search_word_fn *fn;
	void *arg;
	bool wanted;
	const char *word;   /* of spaced script, under way; NULL */
	struct str last[1]; /* the character before, of unspaced script; len 0: none */
	bool paired;        /* last is in a pair already */
	char joined[SEARCH_WORD_MAX];
};

static void
give(struct walk *w, struct str word)
{
	if (w->wanted && word.len > 0)
		w->wanted = w->fn(w->arg, cut(word, SEARCH_WORD_MAX));
}

/* The part before an apostrophe is a word of its own in "l'art" and "dell'arte", and none in
 * "women's", which is looked for as womens. */
static void
give_spaced(struct walk *w, struct str word)
{
	const char *mark = memchr(word.p, '\'', word.len);
	size_t n = 0;

	if (mark == NULL) {
		give(w, word);
		return;
	}
	if (mark - word.p <= 2 || word.len - (size_t)(mark - word.p) > 4) {
		struct str rest = word;

		while (rest.p != NULL)
			give(w, str_cut(&rest, '\''));
		return;
	}
	for (size_t i = 0; i < word.len && n < sizeof(w->joined); i++)
		if (word.p[i] != '\'')
			w->joined[n++] = word.p[i];
	give(w, cut(str_n(w->joined, n), SEARCH_WORD_MAX - 1));
}

static void
end_word(struct walk *w, const char *end)
{
	if (w->word != NULL) {
		const char *p = w->word;

		w->word = NULL;
		while (end > p && end[-1] == '\'')
			end--;
		give_spaced(w, str_n(p, (size_t)(end - p)));
	}
}

static void
end_pairs(struct walk *w)
{
	if (w->last->len > 0 && !w->paired)
		give(w, *w->last);
	w->last->len = 0;
}

static void
take_unspaced(struct walk *w, struct str c)
{
	if (w->last->len > 0) {
		give(w, str_n(w->last->p, w->last->len + c.len));
		w->paired = true;
	} else {
		w->paired = false;
	}
	*w->last = c;
}

/* What belongs to the word that is under way. */
static bool
goes_on(const struct walk *w, struct str folded, const char *p, int32_t r)
{
	const char *end = folded.p + folded.len;

	if (w->word == NULL)
		return false;
	if (r == '\'')
		return p + 1 < end && p > w->word &&
		       ((unsigned char)p[1] >= 0x80 || (p[1] >= 'a' && p[1] <= 'z'));
	/* c++, c#, f#, g++: behind a single letter, or a sign of them. */
	return (r == '+' || r == '#') && (p - w->word == 1 || p[-1] == '+') &&
	       p - w->word < 3;
}

/* Folded text has no capitals. */
static inline bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Nearly all text is plain: without a look at each character's properties. */
static struct str
skip_plain(struct str s)
{
	size_t n = 1;

	while (n < s.len && is_plain(s.p[n]))
		n++;
	return str_n(s.p + n, s.len - n);
}

void
search_words(struct str text, struct buf *fold, search_word_fn *fn, void *arg)
{
	struct walk w = { .fn = fn, .arg = arg, .wanted = true };
	struct str folded, rest;

	buf_clear(fold);
	utf8_fold(text, fold);
	folded = rest = buf_str(fold);
	while (rest.len > 0 && w.wanted) {
		const char *p = rest.p;
		int32_t r;

		if (is_plain(*p)) {
			end_pairs(&w);
			if (w.word == NULL)
				w.word = p;
			rest = skip_plain(rest);
			continue;
		}
		r = utf8_next(&rest);

		if (r >= 0x0E00 && is_unspaced(r)) {
			end_word(&w, p);
			if (utf8_is_letter(r))
				take_unspaced(&w, str_n(p, (size_t)(rest.p - p)));
			continue;
		}
		end_pairs(&w);
		if (utf8_is_letter(r) || utf8_is_digit(r)) {
			if (w.word == NULL)
				w.word = p;
		} else if (!goes_on(&w, folded, p, r)) {
			end_word(&w, p);
		}
	}
	end_word(&w, folded.p + folded.len);
	end_pairs(&w);
}

uint64_t
search_hash(struct str word)
{
	uint64_t h = UINT64_C(0x9E3779B97F4A7C15) ^ word.len, v;
	size_t i = 0;

	for (; i + sizeof(v) <= word.len; i += sizeof(v)) {
		memcpy(&v, word.p + i, sizeof(v));
		h = (h ^ v) * UINT64_C(0xD6E8FEB86659FD93);
		h ^= h >> 32;
	}
	v = 0;
	memcpy(&v, word.p + i, word.len - i);
	h = (h ^ v) * UINT64_C(0xD6E8FEB86659FD93);
	h ^= h >> 29;
	h *= UINT64_C(0xA0761D6478BD642F);
	return h ^ h >> 32;
}

static bool
add_hash(void *arg, struct str word)
{
	uint64_t *h = arg;

	*h = (*h ^ search_hash(word)) * UINT64_C(0xE7037ED1A0B428DB);
	*h ^= *h >> 31;
	return true;
}

uint64_t
search_words_hash(struct str text, struct buf *fold)
{
	uint64_t h = 0;

	search_words(text, fold, add_hash, &h);
	return h;
}
