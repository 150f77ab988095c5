/*
 * seek_ways.c - when nothing fits all of a wish: what leaves nothing, what would be left
 * without it, and buttons to say so.
 */
#include <ctype.h>
#include <string.h>

#include "bot/talk/seek_priv.h"
#include "bot/talk/tell_priv.h"

/* Ways out in one message. */
#define WAYS_SHOWN 4

static struct str
part_said(struct turn *t, const struct wish *w, const struct catalog_way *way)
{
	struct wish part;

	if (way->part == CATALOG_WORDS) {
		turn_bind(t, "words",
		    t->conv.seek.words.len > 0 ? t->conv.seek.words
					       : str_of(way->want));
		return reply_text(t, "seek.words");
	}
	seek_only(w, way->part, strncmp(way->want, "not ", 4) == 0, &part);
	return wish_is_empty(&part) ? reply_escape(t->arena, str_of(way->want))
	                            : seek_say(t, &part);
}

/* "625.00 EUR" as an item of a wish: "cost=62500,EUR". */
static const char *
cost_item(struct turn *t, const char *money)
{
	char digits[24];
	size_t n = 0;

	for (; *money != '\0' && *money != ' '; money++)
		if (isdigit((unsigned char)*money) && n + 1 < sizeof(digits))
			digits[n++] = *money;
	digits[n] = '\0';
	return arena_printf(t->arena, "+cost=%s%s%s", digits, *money == ' ' ? "," : "",
	    *money == ' ' ? money + 1 : "");
}

static void
bind_way(struct turn *t, const struct wish *w, const struct catalog_way *way)
{
	turn_bind_markdown(t, "want", part_said(t, w, way));
	turn_bind(t, "instead", str_of(way->instead == NULL ? "" : way->instead));
	turn_bind(t, "n", str_of(arena_printf(t->arena, "%zu", way->count)));
}

static void
offer_way(struct turn *t, const struct catalog_way *way)
{
	const char *target = way->part == CATALOG_PRICE && way->instead != NULL
	                         ? cost_item(t, way->instead)
	                         : arena_printf(t->arena, "-%s",
				       catalog_part_name(way->part));

	turn_offer(t, OPTION_WISH, target,
	    reply_text(t, way->instead != NULL ? "button.instead" : "button.without"));
}

/* Given up already for what is shown. */
static void
say_relaxed(struct turn *t, const struct wish *w, const struct catalog_answer *r)
{
	for (size_t i = 0; i < r->n_relaxed; i++) {
		bind_way(t, w, &r->relaxed[i]);
		reply_add(t,
		    r->relaxed[i].instead != NULL ? "seek.relaxed_to" : "seek.relaxed");
	}
}

/* It takes several: what there is on the subject alone. */
static bool
offer_subject(struct turn *t, const struct wish *w)
{
	struct wish subject = *w;
	struct catalog_query q;
	struct catalog_answer r;

	seek_subject(&subject);
	if (wish_equal(&subject, w) ||
	    (wish_is_empty(&subject) && t->conv.seek.words.len == 0))
		return false;
	seek_query(t, &subject, &q);
	q.limit = 0;
	q.n_exclude = 0;
	q.keep_wishes = true;
	catalog_search(t->e->index, t->arena, &q, &r);
	if (r.total == 0)
		return false;
	turn_bind_markdown(t, "wish", seek_say_all(t, &subject));
	turn_bind(t, "n", str_of(arena_printf(t->arena, "%zu", r.total)));
	reply_add(t, r.total == 1 ? "seek.subject_one" : "seek.subject");
	turn_offer(t, OPTION_WISH, "*", reply_text(t, "button.subject"));
	return true;
}

/* No program has any of the words, and nothing else was wished for. */
static bool
only_words(const struct wish *w, const struct catalog_answer *r)
{
	return wish_is_empty(w) && r->n_not_found > 0;
}

void
seek_say_ways(struct turn *t, const struct wish *w, const struct catalog_answer *r)
{
	struct buf list = { 0 };
	size_t n = 0;

	if (only_words(w, r)) {
		reply_add(t, "seek.try_words");
		turn_offer_fields(t);
		return;
	}
	turn_bind_markdown(t, "wish", seek_say_all(t, w));
	reply_add(t, "seek.none");
	if (r->n_relaxed > 0) {
		say_relaxed(t, w, r);
		return;
	}
	for (size_t i = 0; i < r->n_ways && n < WAYS_SHOWN; i++) {
		const struct catalog_way *way = &r->ways[i];

		if (way->count == 0)
			continue;
		bind_way(t, w, way);
		tell_join(&list, "\n",
		    reply_text(t, way->instead != NULL ? "seek.way_to" : "seek.way"));
		offer_way(t, way);
		n++;
	}
	if (n > 0) {
		turn_bind_markdown(t, "list", arena_str(t->arena, buf_str(&list)));
		reply_add(t, "seek.ways");
	} else if (r->n == 0 && !offer_subject(t, w)) {
		reply_add(t, "seek.no_way");
	}
	buf_fini(&list);
}
