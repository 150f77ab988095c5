/*
 * program_say.c - one program, or a few, told: all that is stated, the points that were asked
 * for, and all side by side. What the catalog does not state is called unknown.
 */
#include "bot/talk/seek_priv.h"
#include "bot/talk/tell_priv.h"
#include "credbot/base/utf8.h"
#include "credbot/catalog/program_facts.h"

static enum turn_end
gone(struct turn *t, enum rc rc)
{
	return turn_say(t, rc == RC_NOTFOUND ? "program.gone" : "program.unreadable");
}

static unsigned
asked_points(const struct turn *t)
{
	struct which w;

	if (t->chosen)
		return 0;
	which_read(t->e->lib->which, t->text, 0, &w);
	return w.points;
}

bool
turn_asks_point(const struct turn *t)
{
	return asked_points(t) != 0;
}

static struct str
point_line(struct turn *t, const struct program_view *v, enum point p, bool unknown)
{
	struct str value = point_value(t, v, p);

	if (value.len == 0 && !unknown)
		return value;
	turn_bind_markdown(t, "name", tell_capital(t, point_name(t, p)));
	turn_bind_markdown(t, "value",
	    value.len == 0 ? reply_text(t, "value.unknown") : value);
	return reply_text(t, "program.point");
}

/* --- one */

static void
say_summary(struct turn *t, const struct program *p)
{
	const char *text = text_in(p->summary.n > 0 ? &p->summary : &p->description,
	    t->e->lib->lang);

	if (text == NULL)
		return;
	turn_bind(t, "value", utf8_cut(str_of(text), 400));
	reply_add_text(t, reply_text(t, "wish.value"));
}

static void
say_all(struct turn *t, const struct program_view *v)
{
	struct buf list = { 0 }, unknown = { 0 };

	for (int p = 0; p < POINTS; p++) {
		struct str line = point_line(t, v, (enum point)p, false);

		if (line.len > 0)
			tell_join(&list, "\n",
			    str_of(arena_printf(t->arena, "- %.*s", STR_ARG(line))));
		else
			tell_join(&unknown, ", ", point_name(t, (enum point)p));
	}
	if (list.len > 0)
		reply_add_text(t, arena_str(t->arena, buf_str(&list)));
	if (unknown.len > 0) {
		turn_bind_markdown(t, "list", arena_str(t->arena, buf_str(&unknown)));
		reply_add(t, "program.not_stated");
	}
	buf_fini(&list);
	buf_fini(&unknown);
}

static void
say_source(struct turn *t, const struct program *p)
{
	if (p->fetched == NULL)
		return;
	turn_bind(t, "date", str_of(p->fetched));
	reply_add(t, "program.as_of");
}

static void
offer_next(struct turn *t, const char *id)
{
	turn_offer_intent(t, "save-program", "button.save");
	turn_offer_intent(t, "plan-weeks", "button.plan");
	if (turn_has_path(t, id))
		turn_offer_intent(t, "show-path", "button.path");
	turn_offer_intent(t, "similar-programs", "button.similar");
	if (turn_is_seeking(t))
		turn_offer_intent(t, "more-results", "button.more_programs");
}

static void
look_at(struct turn *t, const char *id)
{
	t->conv.seek.focus = str_of(arena_strdup(t->arena, id));
	seek_touch(t);
}

enum turn_end
turn_say_program(struct turn *t, const char *id)
{
	unsigned points = asked_points(t);
	struct program_view v;
	enum rc rc = program_view(t, id, true, &v);

	if (rc != RC_OK)
		return gone(t, rc);
	look_at(t, id);
	reply_add_text(t, program_title(t, &v.hit));
	if (v.program.status == STATUS_CEASED)
		reply_add(t, "program.ceased");
	if (points == 0) {
		say_summary(t, &v.program);
		say_all(t, &v);
		say_source(t, &v.program);
	}
	for (int p = 0; p < POINTS; p++)
		if (points >> p & 1)
			reply_add_line(t, point_line(t, &v, (enum point)p, true));
	if (points != 0)
		turn_offer_intent(t, "program-details", "button.details");
	offer_next(t, id);
	return TURN_DONE;
}

enum turn_end
turn_say_points(struct turn *t, const struct program_refs *which)
{
	unsigned points = asked_points(t);

	for (size_t i = 0; i < which->n; i++) {
		struct program_view v;

		if (program_view(t, which->id[i], true, &v) != RC_OK)
			continue;
		reply_add_text(t, program_title(t, &v.hit));
		for (int p = 0; p < POINTS; p++)
			if (points >> p & 1)
				reply_add_line(t,
				    point_line(t, &v, (enum point)p, true));
	}
	seek_touch(t);
	return t->said.len > 0 ? TURN_DONE : gone(t, RC_NOTFOUND);
}

/* --- several */

/* The points that a choice turns on. */
static const enum point compared[] = { POINT_PRICE, POINT_LENGTH, POINT_HOURS,
	POINT_MODE, POINT_PLACE, POINT_LANGUAGE, POINT_TYPE, POINT_LEVEL,
	POINT_RECOGNITION, POINT_CREDITS, POINT_STACKING, POINT_START };

/* Those asked for; 0: all, if none of them can be compared. */
static unsigned
compared_points(unsigned asked)
{
	unsigned points = 0;

	for (size_t k = 0; k < ARRAY_LEN(compared); k++)
		points |= asked & 1U << compared[k];
	return points;
}

static void
compare_point(struct turn *t, const struct program_view *v, size_t n, enum point p,
    size_t *unknown)
{
	struct buf line = { 0 };
	bool any = false;

	buf_printf(&line, "**%.*s**", STR_ARG(tell_capital(t, point_name(t, p))));
	for (size_t i = 0; i < n; i++) {
		struct str value = point_value(t, &v[i], p);

		any = any || value.len > 0;
		unknown[i] += value.len == 0;
		if (value.len == 0)
			value = reply_text(t, "value.unknown");
		buf_printf(&line, "\\\n%zu: %.*s", i + 1, STR_ARG(value));
	}
	/* What is unknown of all is no difference; it is counted all the same. */
	if (any)
		reply_add_text(t, arena_str(t->arena, buf_str(&line)));
	buf_fini(&line);
}

static void
say_unknown(struct turn *t, size_t n, const size_t *unknown)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < n; i++) {
		turn_bind(t, "place", str_of(arena_printf(t->arena, "%zu", i + 1)));
		turn_bind(t, "n", str_of(arena_printf(t->arena, "%zu", unknown[i])));
		tell_join(&list, ", ", reply_text(t, "compare.unknown_of"));
	}
	turn_bind_markdown(t, "list", arena_str(t->arena, buf_str(&list)));
	turn_bind(t, "total",
	    str_of(arena_printf(t->arena, "%zu", ARRAY_LEN(compared))));
	reply_add(t, "compare.unknown");
	buf_fini(&list);
}

enum turn_end
turn_compare(struct turn *t, const struct program_refs *which)
{
	struct program_view *v = arena_zalloc(t->arena, PROGRAMS_MAX, sizeof(*v));
	const char *ids[PROGRAMS_MAX];
	size_t unknown[PROGRAMS_MAX] = { 0 }, n = 0;
	unsigned points = compared_points(asked_points(t));

	for (size_t i = 0; i < which->n; i++)
		if (program_view(t, which->id[i], true, &v[n]) == RC_OK)
			ids[n++] = which->id[i];
	if (n < 2)
		return turn_say(t, "compare.which");
	seek_view(t, ids, n);
	reply_add(t, "compare.begin");
	for (size_t i = 0; i < n; i++) {
		struct str line = str_of(arena_printf(t->arena, "%zu: %.*s", i + 1,
		    STR_ARG(program_title(t, &v[i].hit))));

		if (i == 0)
			reply_add_text(t, line);
		else
			reply_add_line(t, line);
	}
	for (size_t k = 0; k < ARRAY_LEN(compared); k++)
		if (points == 0 || (points >> compared[k] & 1) != 0)
			compare_point(t, v, n, compared[k], unknown);
	if (points == 0)
		say_unknown(t, n, unknown);
	seek_offer_page(t);
	return TURN_DONE;
}
