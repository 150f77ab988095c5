/*
 * turn_plan.c - programs laid into her weeks: which ones, how many hours she has, and the plan
 * as a calendar file.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/talk/plan_priv.h"
#include "bot/talk/seek_priv.h"
#include "bot/talk/tell_priv.h"
#include "credbot/catalog/wish_read.h"

#define DAY_MS INT64_C(86400000)
/* Beside the hours: the ids of what is planned, one a line. */
#define SLOT_PROGRAMS "programs"
/* A count of the conversation: 0 never asked, 1 she does not know, else tenths of an hour a
 * week, and 1. */
#define COUNT_HOURS "plan-hours"
#define NOT_SAID "-"
/* An answer of more words is about something else. */
#define ANSWER_WORDS 6
#define HOURS_A_WEEK 168
/* What was spoken of before so many turns is no longer what "my weeks" are about. */
#define RECENT_TURNS 4

/* --- hours a week */

static double
read_hours(const struct turn *t, struct str text)
{
	struct wish *w = arena_alloc(t->arena, sizeof(*w));

	wish_init(w);
	(void)wish_read(t->e->lib->vocab, text, w, NULL);
	return w->max_weekly_hours > 0 && w->max_weekly_hours <= HOURS_A_WEEK
	           ? w->max_weekly_hours
	           : NUMBER_UNKNOWN;
}

static double
remembered(struct turn *t)
{
	int n = turn_count(t, COUNT_HOURS, 0);

	return n > 1 ? (n - 1) / 10.0 : NUMBER_UNKNOWN;
}

static void
remember(struct turn *t, double hours)
{
	int n = hours < 0 ? 1 : (int)(hours * 10 + 0.5) + 1;

	(void)turn_count(t, COUNT_HOURS, n - turn_count(t, COUNT_HOURS, 0));
}

double
plan_hours(struct turn *t)
{
	struct wish *w = arena_alloc(t->arena, sizeof(*w));

	seek_wish(t, w);
	return w->max_weekly_hours > 0 ? w->max_weekly_hours : remembered(t);
}

static struct str
hours_text(struct turn *t, double hours)
{
	return hours < 0 ? STR("") : str_of(arena_printf(t->arena, "%g", hours));
}

struct str
plan_hours_known(struct turn *t)
{
	double hours = t->chosen ? NUMBER_UNKNOWN : read_hours(t, t->text);

	if (hours < 0)
		hours = plan_hours(t);
	if (hours < 0 && turn_count(t, COUNT_HOURS, 0) != 0)
		return STR(NOT_SAID);
	return hours_text(t, hours);
}

struct str
plan_hours_read(struct turn *t)
{
	/* "10 hours", and "10": the rest is what was asked for. */
	static const char *const rests[] = { "plan.answer_as_is", "plan.answer_hours",
		"plan.answer_number" };
	double hours = NUMBER_UNKNOWN;

	if (seek_shrugs(t))
		return STR(NOT_SAID);
	if (t->reading.words > ANSWER_WORDS || str_ends(t->text, "?"))
		return STR("");
	for (size_t i = 0; i < ARRAY_LEN(rests) && hours < 0; i++) {
		turn_bind_markdown(t, "value", t->text);
		hours = read_hours(t, reply_text(t, rests[i]));
	}
	return hours_text(t, hours);
}

/* --- what is planned */

static bool
hold(struct turn *t, const char *const ids[], size_t n)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < n; i++)
		tell_join(&list, "\n", str_of(ids[i]));
	conv_set_slot(&t->conv, STR(SLOT_PROGRAMS),
	    arena_str(t->arena, buf_str(&list)));
	buf_fini(&list);
	return n > 0;
}

bool
turn_plan_of_list(struct turn *t)
{
	const char *ids[SEMESTER_PROGRAMS_MAX + 1];
	size_t n = list_ids(t, ids, ARRAY_LEN(ids));

	if (n == 0)
		reply_add(t, "plan.nothing");
	return hold(t, ids, n < ARRAY_LEN(ids) ? n : ARRAY_LEN(ids));
}

static bool
hold_page(struct turn *t)
{
	const char *ids[CONV_PAGE_MAX];
	size_t n = t->conv.seek.n_page;

	for (size_t i = 0; i < n; i++)
		ids[i] = arena_cstr(t->arena, t->conv.seek.page[i]);
	return hold(t, ids, n);
}

/* The message names none: the one spoken of just now, else all of her list, else the one that
 * is in view. */
static bool
hold_in_view(struct turn *t)
{
	struct program_refs view;
	int age = seek_age(t);

	turn_in_view(t, &view);
	if (view.n == 1 && age >= 0 && age <= RECENT_TURNS)
		return hold(t, view.id, view.n);
	if (list_ids(t, NULL, 0) > 0)
		return turn_plan_of_list(t);
	if (view.n > 1) {
		(void)turn_say_which(t, "plan.which");
		return false;
	}
	if (view.n == 0)
		reply_add(t, "plan.nothing");
	return hold(t, view.id, view.n);
}

bool
turn_plan_of_programs(struct turn *t)
{
	struct program_refs refs;
	struct which w;

	if (!turn_has_catalog(t)) {
		reply_add(t, "seek.no_catalog");
		return false;
	}
	which_read(t->e->lib->which, t->text, t->conv.seek.n_page, &w);
	if (!t->chosen && w.mine && w.places == 0 && !w.last)
		return turn_plan_of_list(t);
	if (turn_means_all(t) && t->conv.seek.n_page > 0)
		return hold_page(t);
	turn_which(t, &refs);
	if (refs.n > 0)
		return hold(t, refs.id, refs.n);
	if (refs.beyond)
		return turn_refer(t, &refs); /* says how many there are */
	return hold_in_view(t);
}

/* --- the plan */

/* Reads those that the slot names; adds the names of those that are offered no more to
 * *gone. */
static size_t
read_programs(struct turn *t, struct semester_wish wishes[SEMESTER_PROGRAMS_MAX],
    struct buf *gone, bool *cut)
{
	struct str rest = conv_slot(&t->conv, SLOT_PROGRAMS);
	size_t n = 0;

	while (rest.len > 0) {
		struct str id = str_cut(&rest, '\n');
		struct program *p = arena_alloc(t->arena, sizeof(*p));
		struct err err = { "" };
		bool there = catalog_find(t->e->programs, t->arena, id, p, &err) ==
		             RC_OK;

		if (n == SEMESTER_PROGRAMS_MAX)
			*cut = true;
		else if (there && p->status != STATUS_CEASED)
			wishes[n++] = (struct semester_wish){ p, DAY_UNKNOWN };
		else
			tell_join(gone, ", ",
			    reply_escape(t->arena,
				there ? str_of(plan_title(t, p)) : id));
	}
	return n;
}

static void
make(struct turn *t, const struct semester_wish *wishes, size_t n, double hours,
    struct plan *p)
{
	semester_query_init(&p->q, (int32_t)(t->in->now_ms / DAY_MS));
	p->q.weekly_hours = hours;
	/* RC_INVALID: there are too many, and there are not. */
	(void)semester_ask(t->arena, &p->q, wishes, n, &p->asked);
	p->easy = p->all = semester_is_easy(&p->asked);
	if (!p->easy)
		p->all = semester_fit(t->arena, &p->q, wishes, n, &p->fits) == RC_OK;
}

static void
attach(struct turn *t, const struct semester_plan *p)
{
	const char *titles[SEMESTER_PROGRAMS_MAX], *texts[SEMESTER_PROGRAMS_MAX];
	struct semester_calendar c = {
		.owner = arena_printf(t->arena, "peer %lld", (long long)t->in->peer),
		.now_ms = t->in->now_ms,
		.summaries = titles,
		.descriptions = texts,
	};
	struct buf file = { 0 };

	for (size_t i = 0; i < p->n; i++) {
		titles[i] = plan_title(t, p->items[i].program);
		texts[i] = p->items[i].program->provider;
	}
	(void)semester_ics(p, &c, &file);
	turn_attach(t, "my-weeks.ics", "text/calendar",
	    arena_str(t->arena, buf_str(&file)));
	buf_fini(&file);
}

static void
offer_next(struct turn *t)
{
	const struct article *rule = kb_find(turn_kb(t), "limit-how-many-at-once");

	if (list_ids(t, NULL, 0) > 0)
		turn_offer_intent(t, "shortlist", "button.list");
	if (rule != NULL)
		turn_offer_topic(t, rule);
}

enum turn_end
turn_say_plan(struct turn *t)
{
	struct semester_wish wishes[SEMESTER_PROGRAMS_MAX];
	struct plan *p = arena_zalloc(t->arena, 1, sizeof(*p));
	struct str said = conv_slot(&t->conv, "hours");
	double hours = str_is(said, NOT_SAID)
	                   ? NUMBER_UNKNOWN
	                   : strtod(arena_cstr(t->arena, said), NULL);
	struct buf gone = { 0 };
	size_t n;

	remember(t, hours);
	if (!turn_has_catalog(t))
		return turn_say(t, "seek.no_catalog");
	n = read_programs(t, wishes, &gone, &p->cut);
	turn_bind_markdown(t, "list", arena_str(t->arena, buf_str(&gone)));
	if (gone.len > 0)
		reply_add(t, "plan.gone");
	buf_fini(&gone);
	if (n == 0)
		return TURN_DONE;
	make(t, wishes, n, hours, p);
	plan_say(t, p);
	if (plan_best(p)->placed > 0)
		attach(t, plan_best(p));
	offer_next(t);
	seek_touch(t);
	return TURN_DONE;
}
