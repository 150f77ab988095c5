/*
 * notice_switch.c - which verb holds for what, in one clause of a message.
 */
#include "bot/talk/notice_reading_priv.h"

size_t
notice_at(const struct notice_reading *r, size_t i, enum notice_list list)
{
	return i < r->end ? phrases_at(r->t, i, r->end, &r->w->lists[list]) : 0;
}

static void
set(struct notice_reading *r, unsigned targets, enum notice_mode mode, bool sole)
{
	for (unsigned k = 0; k < TARGETS; k++)
		if (targets & 1U << k)
			r->mode[k] = mode;
	if (sole && mode != MODE_OFF && (targets & ((1U << NOTICE_KINDS) - 1)) != 0)
		r->only = true;
}

static enum notice_mode
opposite(enum notice_mode m)
{
	return m == MODE_OFF ? MODE_ON : MODE_OFF;
}

void
notice_name(struct notice_reading *r, unsigned target)
{
	unsigned bit = 1U << target;

	if (r->negated) /* "but not the reminders" */
		r->verb = opposite(r->verb != MODE_NONE ? r->verb : r->before);
	r->negated = false;
	if (r->dead)
		return;
	if (r->verb == MODE_NONE && !r->sole) {
		r->lead |= bit;
		return;
	}
	if (r->verb == MODE_NONE)
		r->verb = MODE_SEND;
	set(r, bit, r->verb, r->sole);
	r->run |= bit;
	r->named = bit;
}

/* What waited for a verb that has nothing behind it, or for any. */
static void
settle(struct notice_reading *r)
{
	if (r->lead == 0)
		return;
	if (r->verb != MODE_NONE)
		set(r, r->lead, r->verb, r->sole);
	else if (r->before != MODE_NONE)
		set(r, r->lead, r->before, r->before_sole);
	else
		return; /* the next clause may tell */
	r->lead = 0;
}

void
notice_begin_verb(struct notice_reading *r, enum notice_mode mode)
{
	if (r->verb != MODE_NONE)
		settle(r);
	if (mode == MODE_OFF || mode == MODE_ON)
		r->sole = false; /* "just turn off ..." */
	if (r->negated)
		mode = mode == MODE_OFF ? MODE_KEEP : MODE_OFF;
	r->negated = false;
	r->verb = mode;
	r->dead = false;
	r->run = 0;
}

void
notice_begin_only(struct notice_reading *r)
{
	if (r->verb == MODE_OFF)
		return;
	r->sole = true;
	if ((r->lead | r->run) != 0) {
		set(r, r->lead | r->run, MODE_SEND, true);
		r->lead = r->run = 0;
	}
}

void
notice_begin_exception(struct notice_reading *r)
{
	enum notice_mode of = r->verb != MODE_NONE ? r->verb : r->before;

	settle(r);
	r->lead = 0;
	r->verb = opposite(of == MODE_NONE ? MODE_ON : of);
	r->negated = r->sole = r->dead = false;
	r->run = 0;
}

bool
notice_ends_at(const struct notice_reading *r, size_t i)
{
	return i >= r->end || notice_at(r, i, NOTICE_JOINT) > 0 ||
	       notice_at(r, i, NOTICE_BUT) > 0 || notice_at(r, i, NOTICE_EXCEPT) > 0;
}

bool
notice_take_particle(struct notice_reading *r, size_t i, size_t *n)
{
	size_t on = notice_at(r, i, NOTICE_AFTER_ON),
	       off = notice_at(r, i, NOTICE_AFTER_OFF);
	enum notice_mode mode = on > off ? MODE_ON : MODE_OFF;

	*n = on > off ? on : off;
	if (*n == 0 || (r->lead | r->run) == 0 || !notice_ends_at(r, i + *n))
		return false;
	if (r->run != 0)
		settle(r);
	if (r->negated)
		mode = opposite(mode);
	set(r, r->lead != 0 ? r->lead : r->named, mode, r->sole);
	r->before = mode;
	r->verb = MODE_NONE;
	r->negated = r->sole = false;
	r->lead = r->run = 0;
	return true;
}

void
notice_take_back(struct notice_reading *r)
{
	if (r->verb == MODE_OFF || r->verb == MODE_NONE) {
		set(r, r->run | r->lead, MODE_NONE, false);
		r->lead = r->run = 0;
		r->dead = r->verb == MODE_OFF;
	}
}

void
notice_end_clause(struct notice_reading *r, bool sentence)
{
	settle(r);
	if (r->verb != MODE_NONE) {
		r->before = r->verb;
		r->before_sole = r->sole;
	}
	if (sentence) {
		r->before = MODE_NONE;
		r->lead = 0;
	}
	r->verb = MODE_NONE;
	r->run = 0;
	r->negated = r->sole = r->dead = r->ends = false;
	r->last = NOTICE_LISTS;
}
