/*
 * seek_page.c - what a search found, said: a few programs, each with its reasons.
 */
#include <string.h>

#include "bot/talk/seek_priv.h"
#include "bot/talk/tell_priv.h"
#include "credbot/base/utf8.h"

/* A button is read at a glance, and fits into every network's. */
#define BUTTON_TITLE_BYTES 40

static void
bind_number(struct turn *t, const char *name, size_t n)
{
	turn_bind(t, name, str_of(arena_printf(t->arena, "%zu", n)));
}

/* --- reasons */

/* What one wish says in words: "online", "at most 400 USD". */
static struct str
say_part(struct turn *t, const struct wish *w, const struct catalog_note *n)
{
	struct wish part;

	seek_only(w, n->part, strncmp(n->want, "not ", 4) == 0, &part);
	if (!wish_is_empty(&part))
		return seek_say(t, &part);
	/* Words that only name a field are said by the field. */
	if (n->part != CATALOG_WORDS || t->conv.seek.words.len == 0)
		return STR("");
	return reply_escape(t->arena, str_of(n->want));
}

/* The point that tells how it is instead. */
static enum point
point_of(enum catalog_part part)
{
	static const enum point points[CATALOG_PARTS] = {
		[CATALOG_WORDS] = POINTS,
		[CATALOG_FIELD] = POINTS,
		[CATALOG_COUNTRY] = POINT_PLACE,
		[CATALOG_MODE] = POINT_MODE,
		[CATALOG_LANGUAGE] = POINT_LANGUAGE,
		[CATALOG_TYPE] = POINT_TYPE,
		[CATALOG_LEVEL] = POINT_LEVEL,
		[CATALOG_PROVIDER] = POINT_PROVIDER,
		[CATALOG_PRICE] = POINT_PRICE,
		[CATALOG_DURATION] = POINT_LENGTH,
		[CATALOG_HOURS] = POINT_HOURS,
		[CATALOG_WEEKLY_HOURS] = POINT_WEEKLY_HOURS,
		[CATALOG_ECTS] = POINT_CREDITS,
		[CATALOG_PACE] = POINTS,
		[CATALOG_START] = POINT_START,
		[CATALOG_DEADLINE] = POINT_DEADLINE,
		[CATALOG_STACKABLE] = POINT_STACKING,
		[CATALOG_ACCREDITED] = POINT_RECOGNITION,
		[CATALOG_RATING] = POINT_RATING,
	};

	return points[part];
}

static struct str
name_of(struct turn *t, enum catalog_part part)
{
	if (part == CATALOG_FIELD)
		return reply_text(t, "point.field");
	return point_of(part) == POINTS ? STR("") : point_name(t, point_of(part));
}

static struct str
say_miss(struct turn *t, const struct wish *w, const struct catalog_hit *h,
    const struct catalog_note *n)
{
	struct program_view v = { .hit = *h };
	struct str want = say_part(t, w, n), have = STR("");

	if (point_of(n->part) < POINTS)
		have = point_value(t, &v, point_of(n->part));
	if (want.len == 0 || have.len == 0)
		return want;
	turn_bind_markdown(t, "want", want);
	turn_bind_markdown(t, "have", have);
	return reply_text(t, "seek.but");
}

enum reason { REASON_FITS, REASON_MISSES, REASON_UNKNOWN };

static void
say_reasons(struct turn *t, const struct wish *w, const struct catalog_hit *h,
    enum reason reason)
{
	static const char *const messages[] = { "seek.fits", "seek.misses",
		"seek.unknown" };
	const struct catalog_notes *notes = reason == REASON_FITS     ? &h->because
	                                    : reason == REASON_MISSES ? &h->misses
	                                                              : &h->unknown;
	struct buf list = { 0 };

	for (size_t i = 0; i < notes->n; i++) {
		const struct catalog_note *n = &notes->at[i];

		tell_join(&list, ", ",
		    reason == REASON_UNKNOWN  ? name_of(t, n->part)
		    : reason == REASON_MISSES ? say_miss(t, w, h, n)
					      : say_part(t, w, n));
	}
	if (list.len > 0) {
		turn_bind_markdown(t, "list", arena_str(t->arena, buf_str(&list)));
		reply_add_line(t, reply_text(t, messages[reason]));
	}
	buf_fini(&list);
}

/* --- the list */

static void
say_hit(struct turn *t, const struct wish *w, const struct catalog_hit *h, size_t place)
{
	turn_bind(t, "place", str_of(arena_printf(t->arena, "%zu", place)));
	turn_bind(t, "title", str_of(h->title));
	turn_bind(t, "provider", str_of(h->provider));
	reply_add(t, h->provider[0] == '\0' ? "seek.hit" : "seek.hit_by");
	reply_add_line(t, program_facts_line(t, h));
	say_reasons(t, w, h, REASON_FITS);
	say_reasons(t, w, h, REASON_MISSES);
	say_reasons(t, w, h, REASON_UNKNOWN);
	if (h->same > 0) {
		bind_number(t, "n", h->same);
		reply_add_line(t, reply_text(t, "seek.same"));
	}
}

static bool
is_sure(const struct catalog_hit *h)
{
	return h->unknown.n == 0 && h->misses.n == 0;
}

static void
say_words(struct turn *t, const struct catalog_answer *r)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < r->n_corrected; i++) {
		turn_bind(t, "typed", str_of(r->corrected[i].typed));
		turn_bind(t, "used", str_of(r->corrected[i].used));
		reply_add(t, "seek.corrected");
	}
	for (size_t i = 0; i < r->n_not_found; i++)
		tell_join(&list, ", ", reply_escape(t->arena, str_of(r->not_found[i])));
	if (list.len > 0) {
		turn_bind_markdown(t, "list", arena_str(t->arena, buf_str(&list)));
		reply_add(t, "seek.not_found");
	}
	buf_fini(&list);
}

/* How many there are: what the first line says. */
static void
say_count(struct turn *t, const struct wish *w, const struct catalog_answer *r,
    bool more)
{
	struct str wish = seek_say_all(t, w);

	bind_number(t, "n", r->total);
	bind_number(t, "unsure", r->total - r->sure);
	turn_bind_markdown(t, "wish",
	    wish.len == 0 ? reply_text(t, "seek.anything") : wish);
	if (r->total == 0 && r->n_relaxed == 0 && r->n > 0)
		reply_add(t, "seek.near");
	else if (r->total == 0)
		return;
	else if (more)
		reply_add(t, "seek.more");
	else if (r->sure == 0)
		reply_add(t, r->total == 1 ? "seek.unsure_one" : "seek.unsure_all");
	else
		reply_add(t, r->total == 1      ? "seek.one"
			     : r->total <= r->n ? "seek.all"
						: "seek.some");
}

static void
say_hits(struct turn *t, const struct wish *w, const struct catalog_answer *r)
{
	bool parted = false;

	for (size_t i = 0; i < r->n; i++) {
		const struct catalog_hit *h = &r->hits[i];

		if (!parted && i > 0 && r->sure > 0 && r->n_relaxed == 0 &&
		    !is_sure(h) && is_sure(&r->hits[i - 1])) {
			reply_add(t,
			    h->misses.n > 0 ? "seek.near_too" : "seek.unsure_too");
			parted = true;
		}
		say_hit(t, w, h, i + 1);
	}
}

void
seek_offer_page(struct turn *t)
{
	const struct conv_seek *s = &t->conv.seek;

	for (size_t i = 0; i < s->n_page; i++) {
		struct catalog_hit h;
		struct str title;

		if (catalog_card(t->e->index, t->arena,
			arena_cstr(t->arena, s->page[i]), "", &h) != RC_OK)
			continue;
		title = utf8_cut(str_of(h.title), BUTTON_TITLE_BYTES);
		turn_offer(t, OPTION_PROGRAM, arena_printf(t->arena, "%zu", i + 1),
		    str_of(arena_printf(t->arena, "%zu. %.*s%s", i + 1, STR_ARG(title),
			title.len < strlen(h.title) ? "…" : "")));
	}
}

static void
remember(struct turn *t, const struct catalog_answer *r)
{
	struct conv_seek *s = &t->conv.seek;
	const char *ids[SEEK_PAGE];

	for (size_t i = 0; i < r->n; i++) {
		ids[i] = r->hits[i].id;
		if (s->n_shown == CONV_SHOWN_MAX)
			memmove(s->shown, s->shown + 1,
			    --s->n_shown * sizeof(s->shown[0]));
		s->shown[s->n_shown++] = str_of(ids[i]);
	}
	seek_view(t, ids, r->n);
}

static void
say_unmet(struct turn *t, const struct wish *w)
{
	if (w->unmet[0] == '\0')
		return;
	turn_bind(t, "words", str_of(w->unmet));
	reply_add(t, "seek.unmet");
}

static void
run(struct turn *t, const struct wish *w, unsigned facets, struct catalog_answer *r)
{
	struct catalog_query q;

	seek_query(t, w, &q);
	q.facets = facets;
	catalog_search(t->e->index, t->arena, &q, r);
}

enum turn_end
turn_list(struct turn *t)
{
	struct catalog_answer r;
	struct wish w;

	seek_wish(t, &w);
	/* Said once more: what was shown then may be shown again. */
	if (t->conv.seek.nothing != 0)
		t->conv.seek.n_shown = 0;
	run(t, &w, seek_askable(t), &r);
	t->conv.seek.nothing = r.total == 0;
	say_words(t, &r);
	if (r.total == 0)
		seek_say_ways(t, &w, &r);
	say_count(t, &w, &r, false);
	say_hits(t, &w, &r);
	say_unmet(t, &w);
	if (r.n == 0) {
		seek_touch(t);
		t->conv.seek.n_page = 0;
		t->conv.seek.focus = str_n("", 0);
		return TURN_DONE;
	}
	remember(t, &r);
	seek_offer_page(t);
	if (r.total > r.n)
		turn_offer_intent(t, "more-results", "button.more_programs");
	if (r.total > r.n)
		seek_ask(t, &r);
	return TURN_DONE;
}

enum turn_end
turn_list_more(struct turn *t)
{
	struct catalog_answer r;
	struct wish w;

	seek_wish(t, &w);
	run(t, &w, 0, &r);
	if (r.n == 0) {
		seek_touch(t);
		return turn_say(t, "seek.no_more");
	}
	say_count(t, &w, &r, true);
	say_hits(t, &w, &r);
	remember(t, &r);
	seek_offer_page(t);
	turn_offer_intent(t, "more-results", "button.more_programs");
	return TURN_DONE;
}

/* --- why this one */

/* The hit as the search has it; false: it is not among the first. */
static bool
find_hit(struct turn *t, const struct wish *w, const char *id, struct catalog_hit *out)
{
	struct catalog_query q;
	struct catalog_answer r;

	seek_query(t, w, &q);
	q.n_exclude = 0;
	q.limit = CATALOG_LIMIT_MAX;
	catalog_search(t->e->index, t->arena, &q, &r);
	for (size_t i = 0; i < r.n; i++)
		if (strcmp(r.hits[i].id, id) == 0) {
			*out = r.hits[i];
			return true;
		}
	return false;
}

enum turn_end
turn_say_reasons(struct turn *t, const char *id)
{
	struct catalog_hit h;
	struct wish w;

	seek_wish(t, &w);
	if (!turn_is_seeking(t) || !find_hit(t, &w, id, &h))
		return turn_say_program(t, id);
	t->conv.seek.focus = str_of(arena_strdup(t->arena, id));
	seek_touch(t);
	reply_add_text(t, program_title(t, &h));
	reply_add_line(t, program_facts_line(t, &h));
	turn_bind_markdown(t, "wish", seek_say_all(t, &w));
	reply_add(t, "explain.wish");
	say_reasons(t, &w, &h, REASON_FITS);
	say_reasons(t, &w, &h, REASON_MISSES);
	say_reasons(t, &w, &h, REASON_UNKNOWN);
	reply_add(t, t->conv.seek.order == CATALOG_BEST ? "explain.order"
							: "explain.order_other");
	seek_offer_page(t);
	return TURN_DONE;
}

/* --- others like it */

enum turn_end
turn_list_similar(struct turn *t, const char *id)
{
	struct wish w;
	struct catalog_hit h;
	struct str rest;

	if (catalog_card(t->e->index, t->arena, id, "", &h) != RC_OK)
		return turn_say(t, "program.gone");
	seek_similar(t, &h);
	seek_wish(t, &w);
	rest = str_of(h.title);
	turn_bind(t, "title", rest);
	reply_add(t, "similar.begin");
	return turn_list(t);
}

enum turn_end
turn_say_catalog(struct turn *t)
{
	bind_number(t, "n", catalog_index_programs(t->e->index));
	return turn_say(t, "seek.catalog");
}
