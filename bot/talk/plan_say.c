/*
 * plan_say.c - a week plan in words: from when to when, how full the weeks are, what is not
 * known, and what would fit instead.
 */
#include "bot/talk/plan_priv.h"
#include "bot/talk/tell_priv.h"
#include "credbot/catalog/program_facts.h"

#define WEEK 7

const char *
plan_title(const struct turn *t, const struct program *p)
{
	const char *title = text_in(&p->title, t->e->lib->lang);

	return title == NULL ? p->id : title;
}

const struct semester_plan *
plan_best(const struct plan *p)
{
	return p->easy ? &p->asked : &p->fits;
}

bool
plan_changes_nothing(const struct plan *p)
{
	for (size_t i = 0; i < p->fits.n; i++)
		if (p->fits.items[i].start != p->asked.items[i].start ||
		    p->fits.items[i].last != p->asked.items[i].last)
			return false;
	return !p->easy;
}

static void
bind_number(struct turn *t, const char *name, size_t n)
{
	turn_bind(t, name, str_of(arena_printf(t->arena, "%zu", n)));
}

/* "one" and "many" of a message. */
static void
say_counted(struct turn *t, const char *message, size_t n)
{
	bind_number(t, "n", n);
	reply_add(t,
	    arena_printf(t->arena, "%s_%s", message, n == 1 ? "one" : "other"));
}

static void
bind_days(struct turn *t, int32_t from, int32_t until)
{
	turn_bind_markdown(t, "from", tell_day(t, from));
	turn_bind_markdown(t, "until", tell_day(t, until));
}

/* --- one program */

static double
weekly(const struct semester_item *i)
{
	int32_t days = i->last - i->start + 1;

	return days < WEEK ? i->load.hours : i->load.hours / days * WEEK;
}

static struct str
hours_of(struct turn *t, const struct semester_item *i)
{
	if (i->load.hours < 0)
		return reply_text(t, "plan.hours_unknown");
	turn_bind_markdown(t, "about", tell_counted(t, "unit.weekly_hour", weekly(i)));
	turn_bind_markdown(t, "value", tell_counted(t, "unit.hour", i->load.hours));
	return reply_text(t, "plan.hours");
}

static void
add_remark(struct turn *t, struct buf *line, bool holds, const char *message)
{
	if (holds)
		tell_join(line, " · ", reply_text(t, message));
}

static struct str
place_of(struct turn *t, const struct semester_item *i)
{
	struct buf line = { 0 };
	struct str s;

	bind_days(t, i->start, i->last);
	tell_join(&line, " · ", reply_text(t, "plan.days"));
	tell_join(&line, " · ", hours_of(t, i));
	add_remark(t, &line, i->begin == SEMESTER_ANY_DAY, "plan.start_unknown");
	add_remark(t, &line, i->begin == SEMESTER_ROLLING, "plan.any_time");
	add_remark(t, &line, i->about, "plan.month_only");
	add_remark(t, &line, i->own_pace, "plan.own_pace");
	add_remark(t, &line, i->early, "plan.early");
	s = arena_str(t->arena, buf_str(&line));
	buf_fini(&line);
	return s;
}

static const char *
trouble_message(enum semester_trouble trouble)
{
	static const char *const messages[SEMESTER_TROUBLES] = {
		[SEMESTER_FINE] = "plan.days",
		[SEMESTER_NO_LENGTH] = "plan.no_length",
		[SEMESTER_NO_START] = "plan.no_start",
		[SEMESTER_TOO_HEAVY] = "plan.too_heavy",
		[SEMESTER_NO_ROOM] = "plan.no_room",
		[SEMESTER_WAITS] = "plan.waits",
	};

	return messages[trouble];
}

static void
say_items(struct turn *t, const struct semester_plan *p)
{
	for (size_t k = 0; k < p->n; k++) {
		const struct semester_item *i = &p->items[k];

		turn_bind(t, "title", str_of(plan_title(t, i->program)));
		turn_bind(t, "provider", str_of(i->program->provider));
		reply_add(t, i->program->provider == NULL ? "program.title"
							  : "program.title_by");
		reply_add_line(t, i->trouble == SEMESTER_FINE
				      ? place_of(t, i)
				      : reply_text(t, trouble_message(i->trouble)));
	}
}

/* --- all of them */

/* The weeks for which a flag of semester.h is set: the first, the last, the most hours. */
struct weeks {
	int32_t first, last;
	double most;
};

static void
look(struct weeks *w, const struct semester_week *week)
{
	if (w->first == DAY_UNKNOWN)
		w->first = week->monday;
	w->last = week->monday;
	if (week->hours > w->most)
		w->most = week->hours;
}

static void
bind_weeks(struct turn *t, const struct weeks *w)
{
	turn_bind_markdown(t, "about", tell_counted(t, "unit.hour", w->most));
	bind_days(t, w->first, w->last);
}

static void
say_span(struct turn *t, const struct semester_plan *p)
{
	struct weeks all = { DAY_UNKNOWN, DAY_UNKNOWN, 0 };

	for (size_t i = 0; i < p->n_weeks; i++)
		look(&all, &p->weeks[i]);
	if (p->placed == 0)
		return;
	bind_weeks(t, &all);
	turn_bind_markdown(t, "value", tell_counted(t, "unit.hour", p->hours));
	bind_days(t, p->first, p->last);
	reply_add(t, p->hours_unknown < p->placed ? "plan.span" : "plan.span_unknown");
	if (p->hours_unknown > 0)
		say_counted(t, "plan.unknown", p->hours_unknown);
	if (p->cut)
		reply_add(t, "plan.weeks_cut");
}

/* Weeks that are too full, and those with more programs than the rule allows. */
static void
say_trouble(struct turn *t, const struct plan *p)
{
	struct weeks over = { DAY_UNKNOWN, DAY_UNKNOWN, 0 }, many = over;

	for (size_t i = 0; i < p->asked.n_weeks; i++) {
		if (p->asked.weeks[i].overload)
			look(&over, &p->asked.weeks[i]);
		if (p->asked.weeks[i].too_many)
			look(&many, &p->asked.weeks[i]);
	}
	if (p->asked.overloaded > 0) {
		turn_bind_markdown(t, "value",
		    tell_counted(t, "unit.weekly_hour", p->q.weekly_hours));
		bind_weeks(t, &over);
		say_counted(t, "plan.overload", p->asked.overloaded);
	}
	if (p->asked.crowded > 0) {
		bind_weeks(t, &many);
		say_counted(t, "plan.crowded", p->asked.crowded);
	}
}

static void
say_easy(struct turn *t, const struct plan *p)
{
	if (p->q.weekly_hours < 0)
		reply_add(t, "plan.fits_rule");
	else
		reply_add(t,
		    p->asked.hours_unknown > 0 ? "plan.fits_as_far" : "plan.fits");
}

static void
say_instead(struct turn *t, const struct plan *p)
{
	if (p->fits.placed == 0) {
		reply_add(t, "plan.nothing_fits");
		if (!plan_changes_nothing(p))
			say_items(t, &p->fits);
		return;
	}
	if (plan_changes_nothing(p))
		return;
	reply_add(t, p->all ? "plan.instead" : "plan.instead_some");
	say_items(t, &p->fits);
	say_span(t, &p->fits);
}

static void
say_begin(struct turn *t, const struct plan *p)
{
	if (p->q.weekly_hours < 0) {
		reply_add(t, "plan.begin_unknown");
		return;
	}
	turn_bind_markdown(t, "value",
	    tell_counted(t, "unit.weekly_hour", p->q.weekly_hours));
	reply_add(t, "plan.begin");
}

void
plan_say(struct turn *t, const struct plan *p)
{
	say_begin(t, p);
	say_items(t, &p->asked);
	say_span(t, &p->asked);
	say_trouble(t, p);
	if (p->easy)
		say_easy(t, p);
	else
		say_instead(t, p);
	if (p->q.weekly_hours < 0)
		reply_add(t, "plan.no_hours");
	if (p->cut) {
		bind_number(t, "n", SEMESTER_PROGRAMS_MAX);
		reply_add(t, "plan.cut");
	}
	if (plan_best(p)->placed > 0)
		reply_add(t, p->easy || plan_changes_nothing(p) ? "plan.file"
								: "plan.file_instead");
}
