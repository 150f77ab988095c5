/*
 * turn_notices.c - what the bot may send on its own: changed by words and buttons.
 */
#include <string.h>

#include "bot/talk/notice_say_priv.h"
#include "credbot/store/alert.h"
#include "credbot/talk/notices.h"

bool
notice_of_turn(struct turn *t, struct notices *out)
{
	return turn_stored(t, notice_get(t->in->store, t->in->peer, out));
}

/* --- all or nothing */

static bool
switch_all(struct turn *t, bool on)
{
	struct notices n;

	if (!notice_of_turn(t, &n) || n.none == !on)
		return false;
	return turn_stored(t,
	    notice_set_all(t->in->store, t->in->peer, on, t->in->now_ms));
}

bool
turn_stop_notices(struct turn *t)
{
	return switch_all(t, false);
}

bool
turn_restore_notices(struct turn *t)
{
	return switch_all(t, true);
}

bool
turn_was_written_to(struct turn *t)
{
	bool told = false;

	return turn_keeps(t) &&
	       turn_stored(t,
		   alert_told_since_turn(t->in->store, t->in->peer, &told)) &&
	       told;
}

/* --- what is asked for */

static void
read_button(struct str target, struct notice_said *out)
{
	bool on = str_ends(target, NOTICE_PRESS_ON);
	bool off = str_ends(target, NOTICE_PRESS_OFF);
	size_t tail = strlen(on ? NOTICE_PRESS_ON : NOTICE_PRESS_OFF);
	enum notice_kind kind;
	struct str name;

	*out = (struct notice_said){ .quiet_from = -1, .quiet_to = -1 };
	if (!on && !off)
		return;
	name = str_n(target.p, target.len - tail);
	if (str_is(name, NOTICE_PRESS_ALL))
		out->all = on ? ALL_ON : ALL_OFF;
	else if (notice_kind_find(name, &kind) == RC_OK)
		out->kinds[kind] = on ? SWITCH_ON : SWITCH_OFF;
}

void
notice_read_turn(const struct turn *t, struct notice_said *out)
{
	if (t->pressed.len > 0)
		read_button(t->pressed, out);
	else
		notice_read(t->e->lib->notices, t->text, out);
}

bool
turn_wants_some_notices(const struct turn *t)
{
	struct notice_said s;
	bool some = false;

	notice_read_turn(t, &s);
	for (size_t k = 0; k < NOTICE_KINDS; k++)
		some = some || s.kinds[k] == SWITCH_ON;
	if (s.all == ALL_OFF)
		return some;
	return some || notice_says_kinds(&s) || notice_says_quiet(&s) ||
	       s.end != END_UNSAID;
}

bool
turn_ends_alerts(const struct turn *t)
{
	struct notice_said s;

	notice_read_turn(t, &s);
	return s.end != END_UNSAID || s.kinds[NOTICE_ALERTS] == SWITCH_OFF;
}

/* --- changes */

bool
notice_all_off(const bool on[NOTICE_KINDS])
{
	for (size_t k = 0; k < NOTICE_KINDS; k++)
		if (on[k])
			return false;
	return true;
}

static void
fill(bool on[NOTICE_KINDS], bool value)
{
	for (size_t k = 0; k < NOTICE_KINDS; k++)
		on[k] = value;
}

/* What the kinds shall be. */
static void
aim(const struct notices *now, const struct notice_said *s, bool on[NOTICE_KINDS])
{
	for (size_t k = 0; k < NOTICE_KINDS; k++)
		on[k] = notice_allows(now, (enum notice_kind)k);
	if (s->all == ALL_BACK && now->none)
		memcpy(on, now->on, sizeof(now->on));
	if (s->all == ALL_ON ||
	    (s->all == ALL_BACK && (!now->none || notice_all_off(on))))
		fill(on, true);
	if (s->all == ALL_OFF)
		fill(on, false);
	for (size_t k = 0; k < NOTICE_KINDS; k++) {
		enum notice_switch said = s->kinds[k] != SWITCH_UNSAID ? s->kinds[k]
		                                                       : s->rest;

		if (said != SWITCH_UNSAID)
			on[k] = said == SWITCH_ON;
	}
}

static enum rc
set_kinds(struct turn *t, const struct notices *now, const bool on[NOTICE_KINDS])
{
	struct store *st = t->in->store;
	int64_t peer = t->in->peer, at = t->in->now_ms;
	enum rc rc = RC_OK;

	if (now->none && !notice_all_off(on))
		rc = notice_set_all(st, peer, true, at);
	for (size_t k = 0; rc == RC_OK && k < NOTICE_KINDS; k++)
		if (now->on[k] != on[k])
			rc = notice_set(st, peer, (enum notice_kind)k, on[k], at);
	return rc;
}

/* While nothing comes: what is switched off now stays so when all comes again. */
static enum rc
set_off(struct turn *t, const struct notice_said *s)
{
	enum rc rc = RC_OK;

	for (size_t k = 0; rc == RC_OK && k < NOTICE_KINDS; k++)
		if (s->kinds[k] == SWITCH_OFF)
			rc = notice_set(t->in->store, t->in->peer, (enum notice_kind)k,
			    false, t->in->now_ms);
	return rc;
}

static enum notices_change
change_kinds(struct turn *t, const struct notices *now, const struct notice_said *s)
{
	bool on[NOTICE_KINDS], differs = false;
	enum rc rc;

	if (!notice_says_kinds(s))
		return NOTICES_UNSAID;
	aim(now, s, on);
	for (size_t k = 0; k < NOTICE_KINDS; k++)
		differs = differs || on[k] != notice_allows(now, (enum notice_kind)k);
	if (s->all == ALL_OFF && notice_all_off(on))
		rc = notice_set_all(t->in->store, t->in->peer, false, t->in->now_ms);
	else if (now->none && notice_all_off(on))
		rc = set_off(t, s);
	else
		rc = set_kinds(t, now, on);
	(void)turn_stored(t, rc);
	return differs ? NOTICES_CHANGED : NOTICES_SAME;
}

static enum notices_change
change_quiet(struct turn *t, const struct notices *now, const struct notice_said *s)
{
	int from = s->quiet_from, to = s->quiet_to;
	bool none = now->quiet_from == now->quiet_to;

	if (!notice_says_quiet(s))
		return NOTICES_UNSAID;
	/* At night, but not before nine: the one end that she names, and the other as it is. */
	if (from < 0)
		from = none ? NOTICE_QUIET_FROM : now->quiet_from;
	if (to < 0)
		to = none ? NOTICE_QUIET_TO : now->quiet_to;
	if (from == now->quiet_from && to == now->quiet_to)
		return NOTICES_SAME;
	(void)turn_stored(t,
	    notice_set_quiet(t->in->store, t->in->peer, from, to, t->in->now_ms));
	return NOTICES_CHANGED;
}

enum notices_change
turn_change_notices(struct turn *t)
{
	struct notice_said s;
	struct notices now;
	enum notices_change kinds, quiet;

	notice_read_turn(t, &s);
	if (!notice_of_turn(t, &now))
		return NOTICES_UNSAID;
	kinds = change_kinds(t, &now, &s);
	quiet = change_quiet(t, &now, &s);
	return kinds > quiet ? kinds : quiet;
}

void
turn_say_limits(struct turn *t)
{
	static const struct {
		unsigned bit;
		const char *message;
	} limits[] = {
		{ CANNOT_ELSEWHERE, "notices.cannot_elsewhere" },
		{ CANNOT_OFTEN, "notices.cannot_often" },
		{ CANNOT_PAUSE, "notices.cannot_pause" },
		{ CANNOT_WEEKENDS, "notices.cannot_weekends" },
		{ CANNOT_NEVER, "notices.cannot_never" },
		{ CANNOT_SAY_WHEN, "notices.say_when" },
	};
	struct notice_said s;

	notice_read_turn(t, &s);
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (s.cannot & limits[i].bit)
			reply_add(t, limits[i].message);
}
