/*
 * matrix_room.c - what is known of rooms, over restarts: whether we are in, how many are, and
 * whether it is encrypted, which no later event takes back.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

#define ROOM_KEY "room "

/* --- what is to be kept */

void
values_init(struct values *v)
{
	*v = (struct values){ .arena = arena_new() };
}

void
values_fini(struct values *v)
{
	free(v->v);
	arena_free(v->arena);
	*v = (struct values){ 0 };
}

void
values_add(struct values *v, const char *prefix, struct str name, struct str value)
{
	struct flow_value *kept;

	xgrow(&v->v, &v->cap, v->n + 1);
	kept = &v->v[v->n++];
	kept->key = str_of(arena_printf(v->arena, "%s%.*s", prefix, STR_ARG(name)));
	kept->value = value.p == NULL ? value : arena_str(v->arena, value);
}

/* --- rooms */

struct room *
room_get(struct matrix *m, struct str id, bool make)
{
	struct room *r = map_get(m->rooms, id);

	if (r != NULL || !make)
		return r;
	r = xcalloc(1, sizeof(*r));
	r->id = xstrndup(id.p, id.len);
	r->members = -1;
	(void)map_put(m->rooms, id, r);
	return r;
}

static void
take_id(char **at, struct str id)
{
	free(*at);
	*at = id.len == 0 ? NULL : xstrndup(id.p, id.len);
}

/* Both rooms must say so, or anybody could take a conversation away by pointing at it. */
static void
move_conversation(struct matrix *m, const struct room *from, const struct room *to)
{
	static const struct str main = STR("");
	struct buf was = { 0 }, is = { 0 };

	if (from == NULL || to == NULL || from->successor == NULL ||
	    to->predecessor == NULL || strcmp(from->successor, to->id) != 0 ||
	    strcmp(to->predecessor, from->id) != 0)
		return;
	account_prefix(str_of(from->id), &main, &was);
	account_prefix(str_of(to->id), &main, &is);
	if (flow_move(m->ch.flow, m->ch.ops->name, buf_str(&was), buf_str(&is)) !=
	    RC_OK)
		log_warn("matrix: conversations could not follow a room: the disk is "
			 "full");
	buf_fini(&was);
	buf_fini(&is);
}

bool
room_replaced(struct matrix *m, struct room *r, struct str by)
{
	bool is_new = r->successor == NULL || !str_is(by, r->successor);

	take_id(&r->successor, by);
	move_conversation(m, r, room_get(m, by, false));
	return is_new;
}

bool
room_replaces(struct matrix *m, struct room *r, struct str what)
{
	bool is_new = r->predecessor == NULL || !str_is(what, r->predecessor);

	if (what.len == 0)
		return false;
	take_id(&r->predecessor, what);
	move_conversation(m, room_get(m, what, false), r);
	return is_new;
}

bool
room_load(struct matrix *m, struct str key, struct str value)
{
	size_t n = strlen(ROOM_KEY);
	struct json *json;
	struct room *r;

	if (!str_starts(key, ROOM_KEY))
		return false;
	json = json_parse(value, 4);
	r = room_get(m, str_n(key.p + n, key.len - n), true);
	r->joined = json_flag(json, "joined", false);
	r->direct = json_flag(json, "direct", false);
	r->encrypted = json_flag(json, "encrypted", false);
	r->members = json_int(json, "members", -1);
	take_id(&r->successor, json_str(json, "successor"));
	take_id(&r->predecessor, json_str(json, "predecessor"));
	json_free(json);
	return true;
}

static void
add_id(struct buf *b, const char *name, const char *id)
{
	if (id == NULL)
		return;
	buf_printf(b, ",\"%s\":", name);
	buf_add_json(b, str_of(id));
}

static const char *
word(bool b)
{
	return b ? "true" : "false";
}

void
room_keep(const struct room *r, struct values *v)
{
	struct buf b = { 0 };

	buf_printf(&b, "{\"joined\":%s,\"direct\":%s,\"encrypted\":%s,\"members\":%lld",
	    word(r->joined), word(r->direct), word(r->encrypted),
	    (long long)r->members);
	add_id(&b, "successor", r->successor);
	add_id(&b, "predecessor", r->predecessor);
	buf_adds(&b, "}");
	values_add(v, ROOM_KEY, str_of(r->id), buf_str(&b));
	buf_fini(&b);
}

void
rooms_free(struct matrix *m)
{
	struct str key;
	void *value;
	size_t pos = 0;

	while (map_next(m->rooms, &pos, &key, &value)) {
		struct room *r = value;

		free(r->id);
		free(r->read);
		free(r->read_thread);
		free(r->successor);
		free(r->predecessor);
		free(r);
	}
	map_free(m->rooms);
	m->rooms = NULL;
}

size_t
rooms_joined(const struct matrix *m)
{
	struct str key;
	void *value;
	size_t pos = 0, n = 0;

	while (map_next(m->rooms, &pos, &key, &value))
		n += ((const struct room *)value)->joined;
	return n;
}

bool
room_is_direct(const struct room *r)
{
	return r->members < 0 ? r->direct : r->members <= 2;
}
