/*
 * notice_time.c - times of day, as people say when they want their rest: "10pm to 8am", "22-8",
 * "not before 9".
 *
 * A number up to twelve is in the morning or in the evening, and what it is said for tells which:
 * people rest from 10 to 8 and can be written to from 9 to 5. One time written as on a railway
 * clock ("22", "08:00") makes the other one of that kind, too.
 */
#include <ctype.h>
#include <string.h>

#include "bot/talk/notice_priv.h"

#define NOON (12 * 60)

struct clock_time {
	enum clock_form {
		FORM_BARE,  /* morning or evening: minute is that of the morning */
		FORM_HALF,  /* it was said which */
		FORM_WHOLE, /* of 24 hours */
	} form;
	int minute;
	bool pointed; /* "10:30": a time, whatever stands around it */
};

static size_t
at(const struct notice_words *w, const struct said_words *t, size_t i, size_t end,
    enum notice_list list)
{
	return i < end ? phrases_at(t, i, end, &w->lists[list]) : 0;
}

/* --- one time */

/* Two digits at most. */
static bool
take_number(struct str *s, int max, int *out)
{
	size_t n = 0;

	*out = 0;
	while (n < s->len && n < 3 && isdigit((unsigned char)s->p[n])) {
		*out = *out * 10 + (s->p[n] - '0');
		n++;
	}
	*s = str_n(s->p + n, s->len - n);
	return n > 0 && n < 3 && *out <= max;
}

static bool
is_phrase(const struct notice_words *w, struct str s, enum notice_list list)
{
	for (size_t i = 0; i < w->lists[list].n; i++)
		if (w->lists[list].v[i].n == 1 &&
		    words_same(s, w->lists[list].v[i].word[0]))
			return true;
	return false;
}

static void
set_half(struct clock_time *c, bool evening)
{
	if (c->form == FORM_BARE)
		*c = (struct clock_time){ FORM_HALF, c->minute + (evening ? NOON : 0),
			true };
}

/* "10", "22:30", "8.15pm", "22h", "07": all of one word. */
static bool
read_piece(const struct notice_words *w, struct str s, struct clock_time *out)
{
	bool padded = s.len > 1 && s.p[0] == '0';
	int hour, minute = 0;

	*out = (struct clock_time){ .form = FORM_BARE };
	if (!take_number(&s, 24, &hour))
		return false;
	if (s.len >= 3 && strchr(":.hH", s.p[0]) != NULL &&
	    isdigit((unsigned char)s.p[1])) {
		s = str_n(s.p + 1, s.len - 1);
		out->pointed = true;
		if (!take_number(&s, 59, &minute))
			return false;
	}
	if (padded || hour == 0 || hour > 12) {
		out->form = FORM_WHOLE;
		out->minute = hour % 24 * 60 + minute;
	} else {
		out->minute = hour % 12 * 60 + minute;
	}
	if (s.len == 0)
		return true;
	if (is_phrase(w, s, NOTICE_MORNINGS))
		set_half(out, false);
	else if (is_phrase(w, s, NOTICE_EVENINGS))
		set_half(out, true);
	else if (!is_phrase(w, s, NOTICE_CLOCK))
		return false;
	out->pointed = true;
	return true;
}

/* What stands behind the number: how many words. */
static size_t
read_suffix(const struct notice_words *w, const struct said_words *t, size_t i,
    size_t end, struct clock_time *c)
{
	size_t clock = at(w, t, i, end, NOTICE_CLOCK), n;

	if (clock > 0)
		c->pointed = true;
	i += clock;
	n = at(w, t, i, end, NOTICE_MORNINGS);
	if (n > 0) {
		set_half(c, false);
		return clock + n;
	}
	n = at(w, t, i, end, NOTICE_EVENINGS);
	/* "12 pm" is noon, "12 at night" is not. */
	if (n > 0)
		set_half(c, n == 1 || c->minute >= 60);
	return clock + n;
}

static size_t
time_at(const struct notice_words *w, const struct said_words *t, size_t i, size_t end,
    struct clock_time *out)
{
	size_t n;

	if (i >= end)
		return 0;
	n = at(w, t, i, end, NOTICE_MIDNIGHT);
	if (n > 0) {
		*out = (struct clock_time){ FORM_HALF, 0, true };
		return n;
	}
	n = at(w, t, i, end, NOTICE_NOON);
	if (n > 0) {
		*out = (struct clock_time){ FORM_HALF, NOON, true };
		return n;
	}
	if (!read_piece(w, t->v[i].text, out) ||
	    at(w, t, i + 1, end, NOTICE_LENGTHS) > 0)
		return 0;
	return 1 + read_suffix(w, t, i + 1, end, out);
}

/* --- two times */

/* "10pm-8am", with a hyphen or a dash. */
static bool
split_pair(const struct notice_words *w, struct str s, struct clock_time *a,
    struct clock_time *b)
{
	static const char *const dashes[] = { "-", "\xE2\x80\x93", "\xE2\x80\x94" };

	for (size_t i = 0; i < ARRAY_LEN(dashes); i++) {
		size_t len = strlen(dashes[i]);
		const char *dash = memmem(s.p, s.len, dashes[i], len);
		size_t before;

		if (dash == NULL)
			continue;
		before = (size_t)(dash - s.p);
		return read_piece(w, str_n(s.p, before), a) &&
		       read_piece(w, str_n(dash + len, s.len - before - len), b);
	}
	return false;
}

/* As on a railway clock: 12 is noon. */
static int
as_whole(const struct clock_time *c)
{
	return c->form == FORM_BARE && c->minute < 60 ? c->minute + NOON : c->minute;
}

/* A bare time that rest begins at: six to eleven in the evening, else at night. */
static int
as_evening(const struct clock_time *c)
{
	bool evening = c->form == FORM_BARE && c->minute >= 6 * 60;

	return c->minute + (evening ? NOON : 0);
}

/* The first of morning and evening that comes after that minute; else the morning. */
static int
first_after(const struct clock_time *c, int minute)
{
	if (c->form != FORM_BARE || c->minute > minute)
		return c->minute;
	return c->minute + NOON > minute ? c->minute + NOON : c->minute;
}

/* The last of both that comes before it; else the morning. */
static int
last_before(const struct clock_time *c, int minute)
{
	return c->form == FORM_BARE && c->minute + NOON < minute ? c->minute + NOON
	                                                         : c->minute;
}

static struct notice_span
quiet_pair(const struct clock_time *a, const struct clock_time *b)
{
	bool evening = a->form == FORM_HALF && a->minute >= NOON;

	if (a->form == FORM_BARE && b->form == FORM_HALF && b->minute >= NOON)
		return (struct notice_span){ last_before(a, b->minute), b->minute };
	if (a->form == FORM_BARE || evening)
		return (struct notice_span){ as_evening(a), b->minute };
	return (struct notice_span){ a->minute, first_after(b, a->minute) };
}

static struct notice_span
allowed_pair(const struct clock_time *a, const struct clock_time *b)
{
	int from = a->minute;

	if (a->form == FORM_BARE && b->form == FORM_BARE)
		return (struct notice_span){ from, b->minute + NOON };
	if (a->form == FORM_BARE)
		return (struct notice_span){ a->minute < b->minute ? a->minute
								   : a->minute + NOON,
			b->minute };
	return (struct notice_span){ from, first_after(b, from) };
}

static struct notice_span
pair(const struct clock_time *a, const struct clock_time *b, enum notice_use use)
{
	struct notice_span s;

	if (a->form == FORM_WHOLE || b->form == FORM_WHOLE)
		s = (struct notice_span){ as_whole(a), as_whole(b) };
	else if (use == TIME_QUIET)
		return quiet_pair(a, b);
	else
		s = allowed_pair(a, b);
	if (use == TIME_ALLOWED)
		return (struct notice_span){ s.to, s.from };
	return s;
}

static size_t
pair_at(const struct notice_words *w, const struct said_words *t, size_t i, size_t end,
    enum notice_use use, bool bare, struct notice_span *out)
{
	size_t from = at(w, t, i, end, NOTICE_FROM), n, to, m;
	struct clock_time a, b;

	i += from;
	if (i < end && split_pair(w, t->v[i].text, &a, &b)) {
		n = 1;
		m = read_suffix(w, t, i + 1, end, &b);
		to = 0;
	} else {
		n = time_at(w, t, i, end, &a);
		to = n == 0 ? 0 : at(w, t, i + n, end, NOTICE_TO);
		if (n > 0 && to == 0 && from > 0) /* "between 9 and 5" */
			to = at(w, t, i + n, end, NOTICE_JOINT);
		m = to == 0 ? 0 : time_at(w, t, i + n + to, end, &b);
		if (m == 0)
			return 0;
	}
	if (from == 0 && !bare && !a.pointed && !b.pointed)
		return 0;
	*out = pair(&a, &b, use);
	return from + n + to + m;
}

/* --- one end */

/* "not before 9", "only after 9": the end of the rest. */
static int
end_of_rest(const struct clock_time *c, bool allowed)
{
	/* What is allowed after 1 is so in the afternoon. */
	if (allowed && c->form == FORM_BARE && c->minute < 5 * 60)
		return c->minute + NOON;
	return c->minute;
}

/* "not after 10", "only before 10": its beginning. */
static int
start_of_rest(const struct clock_time *c, bool allowed)
{
	if (allowed && c->form == FORM_BARE)
		return c->minute + NOON;
	if (c->form == FORM_BARE && c->minute >= 5 * 60)
		return c->minute + NOON;
	return c->minute;
}

static size_t
end_at(const struct notice_words *w, const struct said_words *t, size_t i, size_t end,
    enum notice_use use, struct notice_span *out)
{
	size_t before = at(w, t, i, end, NOTICE_BEFORE);
	size_t after = at(w, t, i, end, NOTICE_AFTER);
	bool allowed = use == TIME_ALLOWED;
	struct clock_time c;
	size_t n = 0, lead = before > after ? before : after;

	if (lead > 0)
		n = time_at(w, t, i + lead, end, &c);
	if (n == 0)
		return 0;
	*out = (struct notice_span){ -1, -1 };
	if ((before == lead) != allowed)
		out->to = end_of_rest(&c, allowed);
	else
		out->from = start_of_rest(&c, allowed);
	return lead + n;
}

size_t
notice_time_at(const struct notice_words *w, const struct said_words *t, size_t i,
    size_t end, enum notice_use use, bool bare, struct notice_span *out)
{
	size_t n = pair_at(w, t, i, end, use, bare, out);

	return n > 0 ? n : end_at(w, t, i, end, use, out);
}
