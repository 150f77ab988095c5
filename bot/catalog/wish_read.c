/*
 * wish_read.c - from what a student writes to what she wishes: the steps, in their order.
 */
#include <string.h>

#include "bot/catalog/reading_priv.h"

/* Shorter words tell nothing: "u", "im". */
#define TOPIC_LETTERS 3

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
	for (size_t i = 0; i < r.n; i++)
		c.newcomer = c.newcomer || (r.marks[i].scope &
					       (SCOPE_BACKGROUND | SCOPE_NEWBIE)) != 0;
	if (changes != NULL)
		*changes = c;
	return any;
}

/* Shorter words tell nothing: "u", "im". */
#define TOPIC_LETTERS 3

/* Hers to look for: nobody else's, and not ruled out. */
static bool
is_topic(const struct mark *m)
{
	return !m->used && (m->scope & ~(unsigned)SCOPE_NEWBIE) == 0 &&
	       (m->kind == MARK_QUOTE || m->kind == MARK_WORD);
}

static void
add_token(const struct reading *r, size_t tok, bool quoted, struct buf *out)
{
	struct str s = r->tokens.v[tok].text;

	if (!quoted && (s.len < TOPIC_LETTERS || vocab_is_common(r->v, r->words[tok])))
		return;
	buf_adds(out, out->len > 0 ? " " : "");
	buf_adds(out, quoted ? "\"" : "");
	buf_addstr(out, s);
	buf_adds(out, quoted ? "\"" : "");
}

void
wish_topic(const struct vocab *v, struct str text, struct buf *words, struct buf *hints)
{
	struct wish none;
	struct reading r;

	wish_init(&none);
	read_all(&r, v, text, &none);
	for (size_t i = 0; i < r.n; i++) {
		const struct mark *m = &r.marks[i];
		bool field = reading_slot(&r, i) == (enum term_kind)WISH_FIELD;

		if (!is_topic(m) || (m->node != NULL && !field))
			continue;
		for (size_t k = 0; k < m->n; k++)
			add_token(&r, m->tok + k, m->kind == MARK_QUOTE,
			    field ? hints : words);
	}
}
