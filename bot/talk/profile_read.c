/*
 * profile_read.c - what a message says about the entries of a profile.
 *
 * Patterns are laid over the words of the message. At a word, the pattern with the most words of
 * its own wins; a value that is open at its end reaches to the end of the sentence, or to where
 * the next entry begins. Then what belongs to the sentence rather than to the value is taken off
 * its ends.
 */
#include <ctype.h>
#include <string.h>

#include "bot/talk/profile_words_priv.h"

/* Words of a value. */
#define VALUE_WORDS_MAX 16

/* The same with the phrase ending at end. */
static size_t
any_before(const struct said_words *t, size_t from, size_t end,
    const struct phrase_list *l)
{
	size_t best = 0;

	for (size_t k = 0; k < l->n; k++)
		if (l->v[k].n > best && from + l->v[k].n <= end &&
		    phrase_at(t, end - l->v[k].n, end, &l->v[k]))
			best = l->v[k].n;
	return best;
}

/* --- patterns */

struct match {
	enum profile_entry entry;
	size_t start;       /* of the pattern */
	size_t from, until; /* the value's words; until is behind the last */
	bool open;          /* it may end earlier: where another begins */
	size_t own;         /* words of the pattern itself: the more, the surer */
};

static size_t
sentence_end(const struct said_words *t, size_t i)
{
	while (i < t->n && !t->v[i].ending)
		i++;
	return i < t->n ? i + 1 : t->n;
}

/* Lays pattern p over the words at i; name stands for {}. */
static bool
lay(const struct profile_words *w, const struct said_words *t, size_t i,
    const struct phrase *p, const struct phrase *name, struct match *m)
{
	size_t end = sentence_end(t, i);

	m->start = m->from = m->until = i;
	m->open = false;
	m->own = 0;
	for (size_t k = 0; k < p->n; k++) {
		if (str_is(p->word[k], "*")) {
			m->from = i;
			m->open = k + 1 == p->n;
			m->until = end;
			if (m->open)
				return i < end;
			/* One word at least, then the first place where the rest fits. */
			do
				i++;
			while (i < end && i < m->from + VALUE_WORDS_MAX &&
			       !words_same(t->v[i].text, p->word[k + 1]));
			m->until = i;
		} else if (str_is(p->word[k], "{}")) {
			if (name == NULL || !phrase_at(t, i, end, name))
				return false;
			i += name->n;
			i += phrases_at(t, i, end, &w->lists[PHRASES_ASIDE]);
			m->own += name->n;
		} else {
			if (i >= end || !words_same(t->v[i].text, p->word[k]))
				return false;
			i++;
			m->own++;
		}
	}
	return true;
}

/* "the name in my profile" names it and says nothing. */
static bool
is_value(const struct profile_words *w, const struct said_words *t,
    const struct match *m)
{
	return phrases_at(t, m->from, m->until, &w->lists[PHRASES_NEVER]) == 0;
}

static void
better(const struct profile_words *w, const struct said_words *t, struct match *best,
    const struct match *m, size_t words)
{
	/* A bare "{} *" is the weakest pattern, and must not take what is no value. */
	if (m->own > best->own && (m->own > words || is_value(w, t, m)))
		*best = *m;
}

/* The best pattern at i; own is 0 if there is none. */
static struct match
match_at(const struct profile_words *w, const struct said_words *t, size_t i)
{
	struct match best = { .own = 0 }, m;

	for (size_t e = 0; e < PROFILE_ENTRIES; e++) {
		const struct entry_words *ew = &w->entries[e];

		m.entry = (enum profile_entry)e;
		for (size_t k = 0; k < ew->set.n; k++)
			if (lay(w, t, i, &ew->set.v[k], NULL, &m))
				better(w, t, &best, &m, 0);
		for (size_t n = 0; n < ew->names.n; n++)
			for (size_t k = 0; k < w->set.n; k++)
				if (lay(w, t, i, &w->set.v[k], &ew->names.v[n], &m))
					better(w, t, &best, &m, ew->names.v[n].n);
	}
	return best;
}

/* The entry that is named at i, by the longest name; false: none. */
static bool
name_at(const struct profile_words *w, const struct said_words *t, size_t i,
    enum profile_entry *entry, size_t *len)
{
	*len = 0;
	for (size_t e = 0; e < PROFILE_ENTRIES; e++) {
		size_t n = phrases_at(t, i, t->n, &w->entries[e].names);

		if (n > *len) {
			*len = n;
			*entry = (enum profile_entry)e;
		}
	}
	return *len > 0;
}

/* --- a value without the sentence around it */

/* "ghana not guyana" is ghana; "not law, its marketing" is marketing. */
static void
correct(const struct profile_words *w, const struct said_words *t, struct match *m)
{
	size_t i = m->from;

	while (
	    i < m->until && phrases_at(t, i, m->until, &w->lists[PHRASES_AGAINST]) == 0)
		i++;
	if (i == m->until)
		return;
	if (i > m->from) {
		m->until = i;
		return;
	}
	for (i = m->from + 1; i < m->until; i++) {
		size_t n = phrases_at(t, i, m->until, &w->lists[PHRASES_CORRECTION]);

		if (n > 0) {
			m->from = i + n;
			return;
		}
	}
	m->from = m->until;
}

static bool
breaks(const struct profile_words *w, const struct said_words *t, const struct match *m,
    size_t i)
{
	bool joined = i > m->from + 1 && words_same(t->v[i - 1].text, STR("and"));

	return (t->v[i - 1].comma || joined) &&
	       phrases_at(t, i, m->until, &w->lists[PHRASES_STOP]) > 0;
}

static void
trim(const struct profile_words *w, const struct said_words *t, struct match *m)
{
	size_t n;

	if (m->until > m->from + VALUE_WORDS_MAX)
		m->until = m->from + VALUE_WORDS_MAX;
	while (m->from < m->until &&
	       (n = phrases_at(t, m->from, m->until, &w->lists[PHRASES_LEAD])) > 0)
		m->from += n;
	correct(w, t, m);
	for (size_t i = m->from + 1; i < m->until; i++)
		if (breaks(w, t, m, i))
			m->until = i;
	for (;;) {
		if (m->until > m->from &&
		    words_same(t->v[m->until - 1].text, STR("and")))
			m->until--;
		n = any_before(t, m->from, m->until, &w->lists[PHRASES_TAIL]);
		if (n == 0)
			return;
		m->until -= n;
	}
}

static struct str
slice(const struct said_words *t, size_t from, size_t until)
{
	const char *start;
	size_t len;

	if (from >= until)
		return STR("");
	start = t->v[from].text.p;
	len = (size_t)(t->v[until - 1].text.p + t->v[until - 1].text.len - start);
	while (len > PROFILE_VALUE_MAX) { /* whole words, so whole characters */
		until--;
		if (from >= until)
			return STR("");
		len = (size_t)(t->v[until - 1].text.p + t->v[until - 1].text.len -
			       start);
	}
	return str_n(start, len);
}

/* --- a message */

struct found {
	struct match v[PROFILE_ENTRIES * 2];
	size_t n;
};

static void
find(const struct profile_words *w, const struct said_words *t, struct found *f,
    struct profile_said out[PROFILE_ENTRIES])
{
	enum profile_entry entry;
	size_t len;

	f->n = 0;
	for (size_t i = 0; i < t->n && f->n < ARRAY_LEN(f->v);) {
		struct match m = match_at(w, t, i);

		if (m.own > 0) {
			if (f->n > 0 && f->v[f->n - 1].open && f->v[f->n - 1].until > i)
				f->v[f->n - 1].until = i;
			f->v[f->n++] = m;
			i = m.open ? m.from : m.until;
		} else if (name_at(w, t, i, &entry, &len)) {
			out[entry].named = true;
			i += len;
		} else {
			i++;
		}
	}
}

static bool
says_any(const struct said_words *t, const struct phrase_list *l)
{
	for (size_t i = 0; i < t->n; i++)
		if (phrases_at(t, i, t->n, l) > 0)
			return true;
	return false;
}

static size_t
read_words(const struct profile_words *w, const struct said_words *t,
    struct profile_said out[PROFILE_ENTRIES], struct found *f)
{
	bool remove = says_any(t, &w->lists[PHRASES_REMOVE]);
	size_t n = 0;

	memset(out, 0, PROFILE_ENTRIES * sizeof(*out));
	find(w, t, f, out);
	for (size_t i = 0; i < f->n; i++) {
		struct profile_said *s = &out[f->v[i].entry];

		trim(w, t, &f->v[i]);
		s->named = true;
		s->value = slice(t, f->v[i].from, f->v[i].until);
	}
	for (size_t e = 0; e < PROFILE_ENTRIES; e++) {
		if (remove && out[e].named)
			out[e] = (struct profile_said){ .named = true, .remove = true };
		n += out[e].remove || out[e].value.len > 0;
	}
	return n;
}

size_t
profile_read(const struct profile_words *w, struct str text,
    struct profile_said out[PROFILE_ENTRIES])
{
	struct said_words t;
	struct found f;

	words_split(text, &t);
	return read_words(w, &t, out, &f);
}

static bool
is_just(const struct said_words *t, const struct phrase_list *l)
{
	return t->n > 0 && phrases_at(t, 0, t->n, l) == t->n;
}

enum profile_answer
profile_read_answer(const struct profile_words *w, struct str text,
    enum profile_entry e, struct profile_said others[PROFILE_ENTRIES],
    struct str *value)
{
	struct said_words t;
	struct found f;
	struct match all = { .from = 0 };

	*value = STR("");
	words_split(text, &t);
	(void)read_words(w, &t, others, &f);
	if (is_just(&t, &w->lists[PHRASES_SKIP]))
		return PROFILE_SKIP;
	if (is_just(&t, &w->lists[PHRASES_ENOUGH]))
		return PROFILE_ENOUGH;
	*value = others[e].value;
	if (value->len > 0)
		return PROFILE_VALUE;
	/* Not "my budget is ...": what stands before anything else that she says. */
	all.until = f.n > 0 && f.v[0].start > 0 ? f.v[0].start : t.n;
	trim(w, &t, &all);
	*value = slice(&t, all.from, all.until);
	return value->len > 0 ? PROFILE_VALUE : PROFILE_SKIP;
}
