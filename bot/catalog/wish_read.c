/*
 * wish_read.c - from what a student writes to what she wishes: the steps, in their order.
 */
#include <string.h>

#include "bot/catalog/reading_priv.h"

static struct str
cut(struct str s)
{
	size_t n = WISH_TEXT_MAX;

	if (s.len <= n)
		return s;
	while (n > 0 && (s.p[n] & 0xC0) == 0x80)
		n--;
	return str_n(s.p, n);
}

static void
note_manner(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++) {
		r->correction = r->correction ||
		                has_cue(r->marks[i].cues, CUE_CORRECTION);
		r->adds = r->adds || has_cue(r->marks[i].cues, CUE_ADD);
	}
	r->adds = r->adds && !r->correction;
}

/* Everything but the wish itself. */
static void
read_all(struct reading *r, const struct vocab *v, struct str text,
    const struct wish *before)
{
	/* The large arrays are filled as far as they are used. */
	memset(r, 0, offsetof(struct reading, tokens));
	r->v = v;
	r->n = 0;
	r->n_mentions = 0;
	r->before = before;
	memset(&r->cost, 0, sizeof(r->cost));
	memset(&r->monthly, 0, sizeof(r->monthly));
	memset(&r->bare, 0, sizeof(r->bare));
	r->currency = "";
	memset(&r->length, 0, sizeof(r->length));
	memset(r->start, 0, sizeof(r->start));
	r->correction = false;
	r->adds = false;
	token_read(&r->tokens, cut(text));
	vocab_words(v, &r->tokens, r->words);
	reading_marks(r);
	note_manner(r);
	reading_scopes(r);
	reading_dates(r);
	reading_amounts(r);
	reading_mentions(r);
}

bool
wish_read(const struct vocab *v, struct str text, struct wish *w,
    struct wish_changes *changes)
{
	struct wish_changes c = { 0 };
	struct reading r;
	struct wish before = *w;
	bool any;

	read_all(&r, v, text, &before);
	any = reading_apply(&r, w, &c);
	if (changes != NULL)
		*changes = c;
	return any;
}

/* Shorter words tell nothing: "u", "im". */
#define TOPIC_LETTERS 3

/* A word, or a field, that is hers to look for: nobody else's, and not ruled out. */
static bool
is_topic(const struct reading *r, size_t i)
{
	const struct mark *m = &r->marks[i];

	if (m->used || m->kind != MARK_WORD ||
	    (m->scope & ~(unsigned)SCOPE_NEWBIE) != 0)
		return false;
	if (m->node == NULL)
		return !reading_is_common(r, i) &&
		       reading_text(r, i).len >= TOPIC_LETTERS;
	return reading_slot(r, i) == (enum term_kind)WISH_FIELD;
}

size_t
wish_topic(const struct vocab *v, struct str text, struct buf *out)
{
	struct wish none;
	struct reading r;
	size_t n = 0;

	wish_init(&none);
	read_all(&r, v, text, &none);
	for (size_t i = 0; i < r.n; i++) {
		if (r.marks[i].kind != MARK_QUOTE && !is_topic(&r, i))
			continue;
		for (size_t k = 0; k < r.marks[i].n; k++) {
			buf_adds(out, out->len > 0 ? " " : "");
			buf_adds(out, r.marks[i].kind == MARK_QUOTE ? "\"" : "");
			buf_addstr(out, r.tokens.v[r.marks[i].tok + k].text);
			buf_adds(out, r.marks[i].kind == MARK_QUOTE ? "\"" : "");
			n++;
		}
	}
	return n;
}
