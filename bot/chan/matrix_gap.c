/*
 * matrix_gap.c - what a /sync has left out.
 *
 * "Syncing": a timeline that is limited lacks the events between the last answer and its own
 * beginning; GET /messages gives them, forwards from the one token to the other. One room
 * after the other, one page after the other, and not without end: what is older than the
 * pages reach will not be answered in earnest any more.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/json_split.h"
#include "credbot/base/log.h"

#define PAGE_EVENTS 100
#define PAGES_MAX 20
#define TRIES_MAX 6
#define ANSWER_MAX ((size_t)64 * 1024 * 1024)
#define EVENT_SIZE_MAX ((size_t)256 * 1024)
#define EVENT_DEPTH_MAX 100

enum { SLICE_EVENT, SLICE_END };

struct gap {
	struct matrix *matrix;
	struct matrix_self self;
	struct news *news;
	struct buf since;
	struct room_news *room; /* the one that is being filled */
	struct event_list found;
	struct str from; /* in the arena of the news */
	struct str end;
	int pages, tries;
	struct json_split *split;
	struct matrix_call *call;
	struct timer *wait;
	loop_fn *done;
	void *arg;
};

static void step(void *arg);

/* Where we come in, all before is none of our business: there is nothing to fetch. */
static bool
has_our_join(const struct gap *g, const struct room_news *room)
{
	for (const struct event *e = room->timeline.first; e != NULL; e = e->next)
		if (e->kind == EVENT_MEMBER && str_is(e->user, g->self.user) &&
		    str_is(e->membership, "join") && !str_is(e->before, "join"))
			return true;
	return false;
}

static bool
has_gap(const struct gap *g, const struct room_news *room)
{
	const struct room *known = room_get(g->matrix, room->id, false);

	return room->kind == NEWS_JOINED && room->limited && room->prev_batch.len > 0 &&
	       (known == NULL || !known->encrypted) && !has_our_join(g, room);
}

static bool
on_piece(void *arg, const struct json_piece *p)
{
	struct gap *g = arg;
	struct json *json;
	struct event e;

	if (p->kind != JSON_PIECE_SLICE) {
		g->news->n_bad++;
		return true;
	}
	json = json_parse(p->text, EVENT_DEPTH_MAX + 1);
	if (p->id == SLICE_END) {
		(void)json_text(json, &g->end);
		g->end = arena_str(g->news->arena, g->end);
	} else if (json == NULL) {
		g->news->n_bad++;
	} else {
		event_read(json, &g->self, false, &e);
		e.is_old = true;
		if (e.kind != EVENT_NOTHING)
			event_add(&g->found, event_copy(g->news->arena, &e));
	}
	json_free(json);
	return true;
}

static bool
on_data(void *arg, struct str piece)
{
	struct gap *g = arg;

	(void)json_split_feed(g->split, piece.p, piece.len);
	return true;
}

/* What was found stands before the timeline. */
static void
finish_room(struct gap *g)
{
	struct event_list *timeline = &g->room->timeline;

	if (g->found.first != NULL) {
		*g->found.last = timeline->first;
		if (timeline->first == NULL)
			timeline->last = g->found.last;
		timeline->first = g->found.first;
	}
	g->found = (struct event_list){ 0 };
	g->room = g->room->next;
	g->from = STR("");
	g->pages = g->tries = 0;
}

static void
wait_to_step(struct gap *g, int64_t ms)
{
	g->wait = loop_after(g->matrix->ch.loop, ms, step, g);
}

static void
failed(struct gap *g, const struct matrix_reply *r)
{
	int64_t ms = matrix_backoff_ms(g->tries);

	if (r->retry_after_ms > ms)
		ms = r->retry_after_ms;
	if ((r->result == MATRIX_REFUSED && r->status != 429 && r->status != 401 &&
		r->status < 500) ||
	    ++g->tries == TRIES_MAX) {
		log_warn("matrix: a gap stays open: %s", r->description);
		finish_room(g);
		ms = 1000;
	}
	wait_to_step(g, ms);
}

static void
on_answer(void *arg, const struct matrix_reply *r)
{
	struct gap *g = arg;
	bool whole = json_split_end(g->split) == JSON_SPLIT_COMPLETE;

	g->call = NULL;
	json_split_free(g->split);
	g->split = NULL;
	if (r->result != MATRIX_OK || !whole) {
		struct matrix_reply broken = *r;

		if (r->result == MATRIX_OK)
			broken.result = MATRIX_UNCERTAIN;
		failed(g, &broken);
		return;
	}
	g->tries = 0;
	if (g->end.len == 0 || str_eq(g->end, g->from) ||
	    str_eq(g->end, g->room->prev_batch) || ++g->pages == PAGES_MAX)
		finish_room(g);
	else
		g->from = g->end;
	wait_to_step(g, 0);
}

static void
ask(struct gap *g)
{
	static const struct json_path paths[] = { { SLICE_EVENT, "chunk[]" },
		{ SLICE_END, "end" } };
	static const struct json_split_rules rules = { paths, ARRAY_LEN(paths),
		EVENT_DEPTH_MAX, EVENT_SIZE_MAX };
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "GET",
		.answer_max = ANSWER_MAX,
		.on_data = on_data };
	struct buf path = { 0 }, filter = { 0 };

	if (g->from.len == 0)
		g->from = buf_str(&g->since);
	g->end = STR("");
	buf_printf(&filter, "{\"types\":[%s]}", matrix_timeline_types);
	buf_adds(&path, CLIENT_API "/rooms/");
	buf_add_path(&path, g->room->id);
	buf_printf(&path, "/messages?dir=f&limit=%d&from=", PAGE_EVENTS);
	buf_add_path(&path, g->from);
	buf_adds(&path, "&to=");
	buf_add_path(&path, g->room->prev_batch);
	buf_adds(&path, "&filter=");
	buf_add_path(&path, buf_str(&filter));
	rq.path = buf_cstr(&path);
	g->split = json_split_new(&rules, on_piece, g);
	g->call = matrix_send(g->matrix, &rq, on_answer, g);
	buf_fini(&path);
	buf_fini(&filter);
}

static void
step(void *arg)
{
	struct gap *g = arg;

	g->wait = NULL;
	while (g->room != NULL && !has_gap(g, g->room))
		g->room = g->room->next;
	if (g->room == NULL)
		g->done(g->arg);
	else if (session_ready(g->matrix))
		ask(g);
	else
		wait_to_step(g, 1000);
}

struct gap *
gap_fill(struct matrix *m, struct news *n, struct str since, loop_fn *done, void *arg)
{
	struct gap *g = xcalloc(1, sizeof(*g));

	*g = (struct gap){ .matrix = m,
		.self = { m->session.user },
		.news = n,
		.from = STR(""),
		.end = STR(""),
		.done = done,
		.arg = arg };
	buf_addstr(&g->since, since);
	g->room = since.len == 0 ? NULL : n->first;
	wait_to_step(g, 0);
	return g;
}

void
gap_free(struct gap *g)
{
	if (g == NULL)
		return;
	loop_cancel(g->wait);
	matrix_cancel(g->call);
	json_split_free(g->split);
	buf_fini(&g->since);
	free(g);
}
