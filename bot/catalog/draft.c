/*
 * draft.c - a record while it is put together in its arena.
 */
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "credbot/base/utf8.h"
#include "credbot/catalog/program_json.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* No control characters, no bytes beyond ASCII, no two spaces in a row. */
static bool
is_tidy(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c >= 0x7F || (c == ' ' && i > 0 && s.p[i - 1] == ' '))
			return false;
	}
	return true;
}

/* White space of all kinds as single spaces, in place. */
static void
join_lines(struct buf *b)
{
	size_t w = 0;

	for (size_t i = 0; i < b->len; i++) {
		if (!is_space(b->data[i]))
			b->data[w++] = b->data[i];
		else if (w > 0 && b->data[w - 1] != ' ')
			b->data[w++] = ' ';
	}
	b->len = w;
}

static const char *
cleaned(struct arena *a, struct str s, size_t max, bool one_line)
{
	struct buf b = { 0 };
	struct str kept;
	const char *out = NULL;

	/* Nobody reads what is cut off; four bytes may become one. */
	if (s.len > 4 * max)
		s.len = 4 * max;
	utf8_clean(s, &b);
	if (one_line)
		join_lines(&b);
	kept = utf8_trim(buf_str(&b));
	if (kept.len > max)
		kept = utf8_trim(utf8_cut(kept, max));
	if (kept.len > 0)
		out = arena_cstr(a, kept);
	buf_fini(&b);
	return out;
}

const char *
draft_line(struct arena *a, struct str s)
{
	s = str_trim(s);
	if (s.len == 0)
		return NULL;
	if (s.len <= PROGRAM_LINE_MAX && is_tidy(s))
		return arena_cstr(a, s);
	return cleaned(a, s, PROGRAM_LINE_MAX, true);
}

const char *
draft_block(struct arena *a, struct str s)
{
	s = str_trim(s);
	if (s.len == 0)
		return NULL;
	if (s.len <= PROGRAM_BLOCK_MAX && is_tidy(s))
		return arena_cstr(a, s);
	return cleaned(a, s, PROGRAM_BLOCK_MAX, false);
}

/* A copy of n elements with room for one more behind them; NULL if there may be no more. */
static void *
grown(struct arena *a, const void *v, size_t n, size_t elem)
{
	void *more;

	if (n >= PROGRAM_LIST_MAX)
		return NULL;
	more = arena_alloc(a, (n + 1) * elem);
	if (n > 0)
		memcpy(more, v, n * elem);
	return more;
}

bool
draft_name(struct arena *a, struct names *n, const char *name)
{
	const char **more;

	if (name == NULL)
		return true;
	for (size_t i = 0; i < n->n; i++)
		if (strcmp(n->at[i], name) == 0)
			return true;
	more = grown(a, n->at, n->n, sizeof(*more));
	if (more == NULL)
		return false;
	more[n->n++] = name;
	n->at = more;
	return true;
}

bool
draft_text(struct arena *a, struct texts *t, const char *lang, const char *text)
{
	const struct text_lang one = { lang == NULL ? "" : lang, text };
	struct text_lang *more;

	if (text == NULL)
		return true;
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->at[i].lang, one.lang) == 0)
			return true;
	more = grown(a, t->at, t->n, sizeof(*more));
	if (more == NULL)
		return false;
	more[t->n++] = one;
	t->at = more;
	return true;
}

bool
draft_outcome(struct arena *a, struct program *p, struct program_outcome o)
{
	struct program_outcome *more;

	if (o.text.n == 0 && o.skill == NULL)
		return true;
	more = grown(a, p->outcomes, p->n_outcomes, sizeof(*more));
	if (more == NULL)
		return false;
	more[p->n_outcomes++] = o;
	p->outcomes = more;
	return true;
}

bool
draft_credit(struct arena *a, struct program *p, const char *system, double value)
{
	struct program_credit *more;

	for (size_t i = 0; i < p->n_credits; i++)
		if (strcmp(p->credits[i].system, system) == 0)
			return true; /* the first that is stated counts */
	more = grown(a, p->credits, p->n_credits, sizeof(*more));
	if (more == NULL)
		return false;
	more[p->n_credits++] = (struct program_credit){ system, value };
	p->credits = more;
	return true;
}

bool
draft_offer(struct arena *a, struct program *p, struct program_offer o)
{
	struct program_offer *more;

	more = grown(a, p->offers, p->n_offers, sizeof(*more));
	if (more == NULL)
		return false;
	more[p->n_offers++] = o;
	p->offers = more;
	return true;
}

bool
draft_run(struct arena *a, struct program *p, struct program_run run)
{
	struct program_run *more;

	more = grown(a, p->runs, p->n_runs, sizeof(*more));
	if (more == NULL)
		return false;
	more[p->n_runs++] = run;
	p->runs = more;
	return true;
}
