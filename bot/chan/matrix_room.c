/*
 * matrix_room.c - what is known of rooms, over restarts: whether we are in, how many are, and
 * whether it is encrypted, which no later event takes back.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"

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
	json_free(json);
	return true;
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

	buf_printf(&b,
	    "{\"joined\":%s,\"direct\":%s,\"encrypted\":%s,\"members\":%lld}",
	    word(r->joined), word(r->direct), word(r->encrypted),
	    (long long)r->members);
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
