/*
 * matrix_news.c - reads an answer of /sync while it arrives: what is new in which room.
 *
 * Each event is cut out as raw text and parsed alone, so that one which is too large, too
 * deep or no JSON at all is passed over and counted, and the rest is read. Members of an
 * object come in any order: what belongs to a room is put aside until all has come.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/json_split.h"
#include "credbot/base/log.h"

/* The specification allows 64 KiB; servers add what is not signed. */
#define EVENT_SIZE_MAX ((size_t)256 * 1024)
#define EVENT_DEPTH_MAX 100

enum slice {
	SLICE_NEXT,
	SLICE_ACCOUNT,
	SLICE_JOINED,
	SLICE_LIMITED,
	SLICE_PREV,
	SLICE_TIMELINE,
	SLICE_STATE,
	SLICE_STATE_AFTER,
	SLICE_HAS_STATE_AFTER,
	SLICE_SUMMARY,
	SLICE_INVITED,
	SLICE_INVITE_STATE,
	SLICE_LEFT,
};

static const struct json_path paths[] = {
	{ SLICE_NEXT, "next_batch" },
	{ SLICE_ACCOUNT, "account_data.events[]" },
	{ SLICE_JOINED, "rooms.join.*{}" },
	{ SLICE_LIMITED, "rooms.join.*.timeline.limited" },
	{ SLICE_PREV, "rooms.join.*.timeline.prev_batch" },
	{ SLICE_TIMELINE, "rooms.join.*.timeline.events[]" },
	{ SLICE_STATE, "rooms.join.*.state.events[]" },
	{ SLICE_STATE_AFTER, "rooms.join.*.state_after.events[]" },
	{ SLICE_HAS_STATE_AFTER, "rooms.join.*.state_after{}" },
	{ SLICE_SUMMARY, "rooms.join.*.summary" },
	{ SLICE_INVITED, "rooms.invite.*{}" },
	{ SLICE_INVITE_STATE, "rooms.invite.*.invite_state.events[]" },
	{ SLICE_LEFT, "rooms.leave.*{}" },
};

struct news_reader {
	const struct matrix_self *self;
	bool first;
	struct json_split *split;
	struct news news;
	struct room_news *room; /* the one that is being read */
};

void
event_add(struct event_list *l, struct event *e)
{
	if (l->first == NULL)
		l->last = &l->first;
	*l->last = e;
	l->last = &e->next;
}

/* --- rooms */

static void
begin_room(struct news_reader *r, enum news_kind kind, struct str id)
{
	struct room_news *room = arena_zalloc(r->news.arena, 1, sizeof(*room));

	room->kind = kind;
	room->id = arena_str(r->news.arena, id);
	room->members = -1;
	room->prev_batch = STR("");
	r->room = room;
	if (!is_id(id, '!')) {
		r->news.n_bad++;
		return; /* it is read, and nobody hears of it */
	}
	if (r->news.first == NULL)
		r->news.last = &r->news.first;
	*r->news.last = room;
	r->news.last = &room->next;
}

/* The string that a slice is. */
static struct str
text_of(struct news_reader *r, struct str slice)
{
	struct json *json = json_parse(slice, 1);
	struct str s;

	(void)json_text(json, &s);
	s = arena_str(r->news.arena, s);
	json_free(json);
	return s;
}

static void
read_summary(struct news_reader *r, struct str slice)
{
	struct json *json = json_parse(slice, 8);
	int64_t joined = json_int(json, "m.joined_member_count", -1);

	if (joined >= 0)
		r->room->members = joined + json_int(json, "m.invited_member_count", 0);
	json_free(json);
}

/* --- events */

static bool
is_wanted(const struct news_reader *r, const struct event *e, enum slice slice)
{
	if (e->kind == EVENT_NOTHING)
		return false;
	/* Of a first answer, what was said is history. */
	return !(r->first && slice == SLICE_TIMELINE &&
		 (e->kind == EVENT_MESSAGE || e->kind == EVENT_REACTION));
}

static void
read_event(struct news_reader *r, enum slice slice, struct event_list *l,
    struct str text)
{
	struct json *json = json_parse(text, EVENT_DEPTH_MAX + 1);
	struct event e;

	if (json == NULL) {
		r->news.n_bad++;
		return;
	}
	event_read(json, r->self, slice == SLICE_INVITE_STATE, &e);
	if (is_wanted(r, &e, slice))
		event_add(l, event_copy(r->news.arena, &e));
	json_free(json);
}

static void
add_ignored(void *arg, const char *user, const struct json *value)
{
	struct news *n = arg;

	(void)value;
	n->ignored[n->n_ignored++] = arena_str(n->arena, str_of(user));
}

static void
count_one(void *arg, const char *user, const struct json *value)
{
	(void)user;
	(void)value;
	++*(size_t *)arg;
}

static void
read_account(struct news_reader *r, struct str text)
{
	struct json *json = json_parse(text, EVENT_DEPTH_MAX + 1);
	const struct json *users = json_at(json_at(json, "content"), "ignored_users");

	if (str_is(json_str(json, "type"), "m.ignored_user_list")) {
		size_t n = 0;

		json_each(users, count_one, &n);
		r->news.has_ignored = true;
		r->news.n_ignored = 0;
		r->news.ignored = arena_zalloc(r->news.arena, n + 1,
		    sizeof(struct str));
		json_each(users, add_ignored, &r->news);
	}
	json_free(json);
}

/* An id is near the beginning of most; nothing else of it is logged. */
static void
count_bad(struct news_reader *r, const struct json_piece *p)
{
	r->news.n_bad++;
	log_warn("matrix: passed over an event that is too %s",
	    p->kind == JSON_PIECE_TOO_LONG ? "long" : "deep");
}

static void
take_slice(struct news_reader *r, enum slice slice, struct str text)
{
	switch (slice) {
	case SLICE_NEXT:
		r->news.next_batch = text_of(r, text);
		break;
	case SLICE_ACCOUNT:
		read_account(r, text);
		break;
	case SLICE_LIMITED:
		r->room->limited = str_is(text, "true");
		break;
	case SLICE_PREV:
		r->room->prev_batch = text_of(r, text);
		break;
	case SLICE_TIMELINE:
		read_event(r, slice, &r->room->timeline, text);
		break;
	case SLICE_STATE:
	case SLICE_INVITE_STATE:
		read_event(r, slice, &r->room->state, text);
		break;
	case SLICE_STATE_AFTER:
		read_event(r, slice, &r->room->state_after, text);
		break;
	case SLICE_SUMMARY:
		read_summary(r, text);
		break;
	default:
		break;
	}
}

static void
take_begin(struct news_reader *r, enum slice slice, struct str key)
{
	switch (slice) {
	case SLICE_JOINED:
		begin_room(r, NEWS_JOINED, key);
		break;
	case SLICE_INVITED:
		begin_room(r, NEWS_INVITED, key);
		break;
	case SLICE_LEFT:
		begin_room(r, NEWS_LEFT, key);
		break;
	case SLICE_HAS_STATE_AFTER:
		r->room->has_state_after = true;
		break;
	default:
		break;
	}
}

static bool
on_piece(void *arg, const struct json_piece *p)
{
	struct news_reader *r = arg;

	switch (p->kind) {
	case JSON_PIECE_SLICE:
		take_slice(r, (enum slice)p->id, p->text);
		break;
	case JSON_PIECE_BEGIN:
		take_begin(r, (enum slice)p->id, p->key);
		break;
	case JSON_PIECE_END:
		break;
	case JSON_PIECE_TOO_DEEP:
	case JSON_PIECE_TOO_LONG:
	case JSON_PIECE_BROKEN:
		count_bad(r, p);
		break;
	}
	return true;
}

/* --- the whole */

struct news_reader *
news_reader_new(const struct matrix_self *self, bool first)
{
	static const struct json_split_rules rules = { paths, ARRAY_LEN(paths),
		EVENT_DEPTH_MAX, EVENT_SIZE_MAX };
	struct news_reader *r = xcalloc(1, sizeof(*r));

	r->self = self;
	r->first = first;
	r->news.arena = arena_new();
	r->news.next_batch = STR("");
	r->split = json_split_new(&rules, on_piece, r);
	return r;
}

void
news_reader_free(struct news_reader *r)
{
	if (r == NULL)
		return;
	json_split_free(r->split);
	arena_free(r->news.arena);
	free(r);
}

bool
news_feed(struct news_reader *r, struct str piece)
{
	return json_split_feed(r->split, piece.p, piece.len);
}

struct news *
news_end(struct news_reader *r)
{
	if (json_split_end(r->split) != JSON_SPLIT_COMPLETE ||
	    r->news.next_batch.len == 0)
		return NULL;
	if (r->news.n_bad > 0)
		log_warn("matrix: passed over what cannot be read n=%d", r->news.n_bad);
	return &r->news;
}
