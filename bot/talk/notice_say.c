/*
 * notice_say.c - what the bot may send on its own, as it is shown: kinds, quiet hours by her own
 * clock, saved searches, and buttons to change each.
 */
#include <string.h>

#include "bot/talk/notice_say_priv.h"
#include "bot/talk/profile_priv.h"
#include "credbot/base/zone.h"
#include "credbot/talk/notices.h"

static void
offer(struct turn *t, const char *target, const char *button)
{
	turn_offer(t, OPTION_NOTICE, target, reply_text(t, button));
}

static void
offer_switch(struct turn *t, enum notice_kind k, bool on)
{
	const char *name = notice_kind_name(k);

	offer(t,
	    arena_printf(t->arena, "%s%s", name,
		on ? NOTICE_PRESS_OFF : NOTICE_PRESS_ON),
	    arena_printf(t->arena, "button.notice_%s_%s", name, on ? "off" : "on"));
}

static void
say_kinds(struct turn *t, const struct notices *n)
{
	struct buf list = { 0 };

	for (size_t k = 0; k < NOTICE_KINDS; k++) {
		const char *label = arena_printf(t->arena, "notices.kind_%s",
		    notice_kind_name((enum notice_kind)k));

		turn_bind(t, "state",
		    reply_text(t, n->on[k] ? "notices.on" : "notices.off"));
		buf_adds(&list, k == 0 ? "- " : "\n- ");
		buf_addstr(&list, reply_text(t, label));
	}
	turn_bind_markdown(t, "list", arena_str(t->arena, buf_str(&list)));
	buf_fini(&list);
	reply_add(t, "notices.kinds");
}

/* By which the quiet hours go. */
struct her_clock {
	struct turn *turn;
	struct zone *zone; /* NULL: UTC */
	struct str said;   /* in her profile; empty: nothing */
};

static void
on_entry(void *arg, const struct profile_row *row)
{
	struct her_clock *c = arg;

	if (!str_is(row->key, profile_keys[PROFILE_TIMEZONE]))
		return;
	c->said = arena_str(c->turn->arena, row->value);
	(void)zone_load_said(&c->zone, ZONE_DIR, row->value, c->turn->in->now_ms);
}

/* false: hers is not known, and another stands in. */
static bool
find_clock(struct turn *t, struct her_clock *c)
{
	const char *usual = config_str(t->e->config, "notices.timezone");
	struct err err;

	*c = (struct her_clock){ .turn = t };
	(void)turn_stored(t, profile_each(t->in->store, t->in->peer, on_entry, c));
	if (c->zone != NULL)
		return true;
	(void)zone_load(&c->zone, ZONE_DIR, str_of(usual), &err);
	return false;
}

static void
bind_minute(struct turn *t, const char *name, int minute)
{
	turn_bind(t, name,
	    str_of(arena_printf(t->arena, "%02d:%02d", minute / 60, minute % 60)));
}

static void
say_clock(struct turn *t)
{
	struct her_clock c;
	bool hers = find_clock(t, &c);
	const char *name = c.zone == NULL ? "UTC" : zone_name(c.zone);
	int64_t now = t->in->now_ms;

	bind_minute(t, "time",
	    c.zone != NULL ? zone_minute(c.zone, now)
			   : (int)(now / 60000 % NOTICE_DAY_MINUTES));
	turn_bind(t, "zone",
	    strcmp(name, "local") == 0 ? reply_text(t, "notices.zone_here")
				       : str_of(name));
	turn_bind(t, "words", c.said);
	reply_add(t, hers              ? "notices.zone"
		     : c.said.len == 0 ? "notices.zone_unsaid"
				       : "notices.zone_unread");
	zone_free(c.zone);
}

static void
say_quiet(struct turn *t, const struct notices *n)
{
	if (n->quiet_from == n->quiet_to) {
		reply_add(t, "notices.quiet_none");
		return;
	}
	bind_minute(t, "from", n->quiet_from);
	bind_minute(t, "to", n->quiet_to);
	reply_add(t, "notices.quiet");
	say_clock(t);
}

static void
say_searches(struct turn *t, const struct notices *n, const struct notice_searches *all)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < all->n; i++) {
		buf_adds(&list,
		    arena_printf(t->arena, "%s%zu. ", i == 0 ? "" : "\n", i + 1));
		buf_addstr(&list, reply_escape(t->arena, all->v[i].label));
	}
	turn_bind_markdown(t, "list", arena_str(t->arena, buf_str(&list)));
	buf_fini(&list);
	if (all->n == 0) {
		reply_add(t, "notices.searches_none");
		return;
	}
	reply_add(t, "notices.searches");
	if (!notice_allows(n, NOTICE_ALERTS))
		reply_add(t, "notices.searches_silent");
	reply_add(t, "notices.searches_end");
}

static void
offer_changes(struct turn *t, const struct notices *n,
    const struct notice_searches *all)
{
	if (n->none)
		turn_offer_intent(t, "notices-on", "button.notices_on");
	for (size_t k = 0; k < NOTICE_KINDS; k++)
		offer_switch(t, (enum notice_kind)k,
		    notice_allows(n, (enum notice_kind)k));
	if (!n->none && !notice_all_off(n->on))
		offer(t, NOTICE_PRESS_ALL NOTICE_PRESS_OFF, "button.notices_off");
	for (size_t i = 0; i < all->n; i++) {
		turn_bind(t, "place", str_of(arena_printf(t->arena, "%zu", i + 1)));
		offer(t,
		    arena_printf(t->arena, NOTICE_PRESS_END "%lld",
			(long long)all->v[i].id),
		    "button.end_search");
	}
}

/* --- the page */

enum part { PART_KINDS = 1 << 0, PART_QUIET = 1 << 1, PART_SEARCHES = 1 << 2 };

/* What was changed, or asked for in vain; else all of it. */
static unsigned
parts_of(const struct turn *t)
{
	struct notice_said s;
	unsigned parts = 0;

	notice_read_turn(t, &s);
	if (notice_says_kinds(&s))
		parts |= PART_KINDS;
	if (notice_says_quiet(&s))
		parts |= PART_QUIET;
	if (s.end != END_UNSAID || str_starts(t->pressed, NOTICE_PRESS_END))
		parts |= PART_SEARCHES;
	if (parts == 0 && (s.cannot & (CANNOT_SAY_WHEN | CANNOT_WEEKENDS)) != 0)
		parts = PART_QUIET;
	if (parts == 0 && s.cannot != 0)
		parts = PART_KINDS;
	return parts != 0 ? parts : PART_KINDS | PART_QUIET | PART_SEARCHES;
}

void
turn_say_notices(struct turn *t)
{
	unsigned parts = parts_of(t);
	struct notices n;
	struct notice_searches all;

	if (!notice_of_turn(t, &n))
		return;
	notice_find_searches(t, &all);
	if (n.none)
		reply_add(t, "notices.all_off");
	else if (parts & PART_KINDS)
		say_kinds(t, &n);
	/* While nothing comes they are of no interest, unless she speaks of nothing else. */
	if ((parts & PART_QUIET) && (!n.none || !(parts & PART_SEARCHES)))
		say_quiet(t, &n);
	if (parts & PART_SEARCHES)
		say_searches(t, &n, &all);
	offer_changes(t, &n, &all);
}
