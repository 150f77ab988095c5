/*
 * notice_read.c - what a message asks for about messages that the bot sends on its own.
 *
 * From left to right, clause by clause: a comma, the end of a sentence and "but" end a clause. A
 * verb ("turn off", "send me only") holds for what is named behind it, until the next verb; what
 * is named before any verb waits for one ("reminders: off"), and if none comes, takes that of the
 * clause before it. Times take what they stand with out again: "no messages at night" does not
 * end the messages. Questions change nothing.
 */
#include <string.h>

#include "bot/talk/notice_reading_priv.h"

/* --- when */

static bool
is_allowed(const struct notice_reading *r)
{
	return !r->quiet && (r->sole || r->verb == MODE_ON || r->verb == MODE_SEND ||
				r->verb == MODE_KEEP);
}

static size_t
take_time(struct notice_reading *r, size_t i)
{
	struct notice_span s;
	bool allowed = is_allowed(r);
	size_t n = notice_time_at(r->w, r->t, i, r->end,
	    allowed ? TIME_ALLOWED : TIME_QUIET, r->times, &s);

	if (n == 0 || (s.from == s.to && s.from >= 0))
		return 0;
	/* "between 9 and 5, please": nobody sleeps by day. */
	if (r->verb == MODE_NONE && !allowed && !r->quiet && s.from >= 0 &&
	    s.from < s.to)
		(void)notice_time_at(r->w, r->t, i, r->end, TIME_ALLOWED, r->times, &s);
	if (s.from >= 0)
		r->out->quiet_from = s.from;
	if (s.to >= 0)
		r->out->quiet_to = s.to;
	notice_take_back(r);
	return n;
}

static void
no_quiet(struct notice_reading *r)
{
	r->out->quiet_from = r->out->quiet_to = 0;
	r->out->night = false;
}

static void
take_night(struct notice_reading *r)
{
	if (r->sole) { /* "only at night" */
		r->out->quiet_from = NOTICE_QUIET_TO;
		r->out->quiet_to = NOTICE_QUIET_FROM;
	} else if (is_allowed(r)) {
		no_quiet(r);
	} else {
		r->out->night = true;
	}
	notice_take_back(r);
}

/* "no quiet hours"; else which they are stands somewhere, or is asked for. */
static void
take_quiet(struct notice_reading *r)
{
	if (r->verb == MODE_OFF || r->negated)
		no_quiet(r);
	else
		r->quiet = true;
	r->negated = false;
	notice_take_back(r);
}

/* --- a word */

/* "messages about nursing" are not all of them. */
static bool
is_about_some(const struct notice_reading *r, size_t behind)
{
	size_t n = notice_at(r, behind, NOTICE_ABOUT);

	return n > 0 && !notice_ends_at(r, behind + n) &&
	       notice_at(r, behind, NOTICE_ABOUT_ME) == 0 &&
	       notice_at(r, behind, NOTICE_PAUSE) == 0 &&
	       notice_at(r, behind, NOTICE_WEEKENDS) == 0;
}

static void
take_search(struct notice_reading *r, enum notice_end which)
{
	/* "stop search 2" ends it, "mute my searches" does not. */
	if (r->ends || (r->verb == MODE_OFF && which == END_SEARCH))
		r->out->end = which;
	else
		notice_name(r, NOTICE_ALERTS);
}

static void
cannot(struct notice_reading *r, enum notice_cannot what)
{
	r->out->cannot |= what;
	if (what != CANNOT_NEVER)
		notice_take_back(r);
}

static void
take_verb(struct notice_reading *r, enum notice_list list)
{
	static const enum notice_mode modes[] = { [NOTICE_OFF] = MODE_OFF,
		[NOTICE_ON] = MODE_ON,
		[NOTICE_SEND] = MODE_SEND,
		[NOTICE_KEEP] = MODE_KEEP };

	notice_begin_verb(r, list == NOTICE_END ? MODE_OFF : modes[list]);
	r->ends = list == NOTICE_END;
}

static void
take_item(struct notice_reading *r, enum notice_list list, size_t behind)
{
	switch (list) {
	case NOTICE_OFF:
	case NOTICE_ON:
	case NOTICE_SEND:
	case NOTICE_KEEP:
	case NOTICE_END:
		take_verb(r, list);
		break;
	case NOTICE_NOT:
		r->negated = true;
		break;
	case NOTICE_ONLY:
		notice_begin_only(r);
		break;
	case NOTICE_ALONE:
		r->only = true;
		break;
	case NOTICE_EXCEPT:
		notice_begin_exception(r);
		break;
	case NOTICE_BACK:
		r->out->all = ALL_BACK;
		break;
	case NOTICE_MESSAGES:
		if (!is_about_some(r, behind))
			notice_name(r, TARGET_MESSAGES);
		break;
	case NOTICE_EVERYTHING:
		notice_name(r, TARGET_EVERYTHING);
		break;
	case NOTICE_NOTHING:
		notice_begin_verb(r, MODE_OFF);
		notice_name(r, TARGET_EVERYTHING);
		break;
	case NOTICE_REST:
		notice_name(r, TARGET_REST);
		break;
	case NOTICE_NEVER:
		cannot(r, CANNOT_NEVER);
		break;
	case NOTICE_QUIET:
		take_quiet(r);
		break;
	case NOTICE_NIGHT:
		take_night(r);
		break;
	case NOTICE_ANY_TIME:
		no_quiet(r);
		break;
	case NOTICE_ELSEWHERE:
		cannot(r, CANNOT_ELSEWHERE);
		break;
	case NOTICE_OFTEN:
		cannot(r, CANNOT_OFTEN);
		break;
	case NOTICE_PAUSE:
		cannot(r, CANNOT_PAUSE);
		break;
	case NOTICE_WEEKENDS:
		cannot(r, CANNOT_WEEKENDS);
		break;
	case NOTICE_SEARCH:
		take_search(r, END_SEARCH);
		break;
	case NOTICE_SEARCHES:
		take_search(r, END_SEARCHES);
		break;
	case NOTICE_ALERT:
		/* "stop the alert for robotics" is about one, "stop the alert" is not. */
		if (r->ends || (r->verb == MODE_OFF && is_about_some(r, behind)))
			r->out->end = END_SEARCH;
		else
			notice_name(r, NOTICE_ALERTS);
		break;
	default:
		break;
	}
	r->last = list;
}

/* The longest phrase at i: a kind, or one of the lists. */
static size_t
find_item(const struct notice_reading *r, size_t i, enum notice_list *list,
    unsigned *kind)
{
	size_t best = 0;

	*list = NOTICE_LISTS;
	for (unsigned k = 0; k < NOTICE_KINDS; k++) {
		size_t n = phrases_at(r->t, i, r->end, &r->w->kinds[k]);

		if (n > best) {
			best = n;
			*kind = k;
		}
	}
	for (unsigned l = 0; l < NOTICE_ITEMS; l++) {
		size_t n = notice_at(r, i, (enum notice_list)l);

		if (n > best) {
			best = n;
			*list = (enum notice_list)l;
		}
	}
	return best;
}

/* --- a clause */

static size_t
clause_end(const struct notice_reading *r, size_t i)
{
	while (i < r->t->n && !r->t->v[i].comma && !r->t->v[i].ending)
		i++;
	return i < r->t->n ? i + 1 : i;
}

static size_t
skip_filler(const struct notice_reading *r, size_t i)
{
	size_t n;

	while ((n = notice_at(r, i, NOTICE_FILLER)) > 0)
		i += n;
	return i;
}

static bool
is_all(enum notice_list list)
{
	return list == NOTICE_EVERYTHING || list == NOTICE_NOTHING ||
	       list == NOTICE_MESSAGES;
}

/* Whether "but" stands at i, and another clause begins: how many words. */
static size_t
take_but(struct notice_reading *r, size_t i)
{
	size_t n = notice_at(r, i, NOTICE_BUT);

	if (n == 0 || notice_at(r, i, NOTICE_EXCEPT) > n)
		return 0;
	if (is_all(r->last)) /* "everything but feedback" */
		notice_begin_exception(r);
	else
		notice_end_clause(r, false);
	r->last = NOTICE_LISTS;
	return n;
}

/* How many words from i on. */
static size_t
read_word(struct notice_reading *r, size_t i)
{
	enum notice_list list;
	unsigned kind = 0;
	size_t n = take_but(r, i);

	if (n == 0)
		n = take_time(r, i);
	if (n > 0 || notice_take_particle(r, i, &n))
		return n;
	n = find_item(r, i, &list, &kind);
	if (n == 0) {
		r->last = NOTICE_LISTS;
		return 1;
	}
	if (list == NOTICE_ASKING)
		return r->end - i;
	if (list == NOTICE_LISTS) {
		notice_name(r, kind);
		r->last = NOTICE_LISTS;
	} else {
		take_item(r, list, i + n);
	}
	return n;
}

static void
read_clause(struct notice_reading *r, size_t i)
{
	i = skip_filler(r, i);
	if (notice_at(r, i, NOTICE_ASKING_FIRST) > 0)
		return;
	while (i < r->end)
		i += read_word(r, i);
}

/* --- the message */

static enum notice_switch
as_switch(enum notice_mode m)
{
	return m == MODE_NONE ? SWITCH_UNSAID : m == MODE_OFF ? SWITCH_OFF : SWITCH_ON;
}

static void
conclude(const struct notice_reading *r)
{
	struct notice_said *out = r->out;
	enum notice_mode all = r->mode[TARGET_EVERYTHING],
			 some = r->mode[TARGET_MESSAGES];
	bool any = false;

	for (size_t k = 0; k < NOTICE_KINDS; k++) {
		out->kinds[k] = as_switch(r->mode[k]);
		any = any || out->kinds[k] == SWITCH_ON;
	}
	/* "keep the rest", "you send me too many messages": as it is. */
	if (r->mode[TARGET_REST] == MODE_OFF)
		out->rest = SWITCH_OFF;
	else if (r->mode[TARGET_REST] == MODE_ON)
		out->rest = SWITCH_ON;
	if (r->only && any) {
		out->rest = SWITCH_OFF;
		out->all = ALL_UNSAID;
	} else if (all == MODE_OFF || some == MODE_OFF) {
		out->all = ALL_OFF;
	} else if (all == MODE_ON) {
		out->all = ALL_ON;
	} else if (some == MODE_ON) {
		out->all = ALL_BACK;
	}
	if (r->quiet && out->quiet_from < 0 && out->quiet_to < 0 && !out->night &&
	    (out->cannot & (CANNOT_WEEKENDS | CANNOT_PAUSE)) == 0)
		out->cannot |= CANNOT_SAY_WHEN;
}

/* Typographic apostrophes as those of keyboards, which the phrases have. */
static struct str
straighten(struct str s, char *room)
{
	char *at = room;

	for (size_t i = 0; i < s.len; i++) {
		if (i + 2 < s.len && memcmp(s.p + i, "\xE2\x80\x99", 3) == 0) {
			*at++ = '\'';
			i += 2;
		} else {
			*at++ = s.p[i];
		}
	}
	return str_n(room, (size_t)(at - room));
}

/* The point of "10 p.m." ends no sentence. */
static void
join_halves(const struct notice_words *w, struct said_words *t)
{
	for (size_t i = 0; i + 1 < t->n; i++)
		if (memchr(t->v[i].text.p, '.', t->v[i].text.len) != NULL &&
		    (phrases_at(t, i, i + 1, &w->lists[NOTICE_MORNINGS]) > 0 ||
			phrases_at(t, i, i + 1, &w->lists[NOTICE_EVENINGS]) > 0))
			t->v[i].ending = false;
}

static bool
says_list(const struct notice_words *w, const struct said_words *t,
    enum notice_list list)
{
	for (size_t i = 0; i < t->n; i++)
		if (phrases_at(t, i, t->n, &w->lists[list]) > 0)
			return true;
	return false;
}

void
notice_read(const struct notice_words *w, struct str text, struct notice_said *out)
{
	struct arena *a = arena_new();
	struct said_words t;
	struct notice_reading r = { .w = w, .t = &t, .out = out, .last = NOTICE_LISTS };

	*out = (struct notice_said){ .quiet_from = -1, .quiet_to = -1 };
	words_split(straighten(text, arena_alloc(a, text.len + 1)), &t);
	join_halves(w, &t);
	r.times = says_list(w, &t, NOTICE_QUIET);
	for (size_t i = 0; i < t.n; i = r.end) {
		r.end = clause_end(&r, i);
		read_clause(&r, i);
		notice_end_clause(&r, t.v[r.end - 1].ending);
	}
	conclude(&r);
	arena_free(a);
}

bool
notice_says_kinds(const struct notice_said *s)
{
	bool any = s->all != ALL_UNSAID || s->rest != SWITCH_UNSAID;

	for (size_t k = 0; k < NOTICE_KINDS; k++)
		any = any || s->kinds[k] != SWITCH_UNSAID;
	return any;
}

bool
notice_says_quiet(const struct notice_said *s)
{
	return s->quiet_from >= 0 || s->quiet_to >= 0 || s->night;
}

bool
notice_says(const struct notice_said *s)
{
	return notice_says_kinds(s) || notice_says_quiet(s) || s->cannot != 0 ||
	       s->end != END_UNSAID;
}
