/*
 * matrix_take.c - what the news of a room lead to: messages for the inbox, what is to be
 * kept, errands.
 *
 * Where a message stands decides whether it is ours: what stands before we joined was said
 * among others, whatever its time says, and the servers of senders say what time they like.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

/* An edit later than this corrects a conversation that has gone on. */
#define EDIT_MAX_MS 60000

struct taking {
	struct matrix *matrix;
	struct values *values;
	bool first;
	const struct room_news *news;
	struct room *room;
	struct arena *arena;
	bool replaces;     /* what the room replaces, or is replaced by, is new */
	struct map *late;  /* by account: the last event that came too late */
	struct map *taken; /* by account and id: messages of these news */
};

static bool
is_us(const struct taking *t, struct str user)
{
	return str_is(user, t->matrix->session.user);
}

/* --- where ours begins */

static bool
is_our_join(const struct taking *t, const struct event *e, bool joined)
{
	return e->kind == EVENT_MEMBER && is_us(t, e->user) &&
	       str_is(e->membership, "join") &&
	       /* Another name or picture is a join, too. */
	       (e->before.len > 0 ? !str_is(e->before, "join") : !joined);
}

/* The first event behind our last coming in. */
static const struct event *
find_start(const struct taking *t)
{
	const struct event *start = t->news->timeline.first;
	bool joined = t->room->joined, found = joined;

	for (const struct event *e = start; e != NULL; e = e->next) {
		if (is_our_join(t, e, joined)) {
			start = e->next;
			found = true;
		}
		if (e->kind == EVENT_MEMBER && is_us(t, e->user))
			joined = str_is(e->membership, "join");
	}
	/* It lies before the timeline, and behind what was fetched. */
	while (!found && start != NULL && start->is_old)
		start = start->next;
	return start;
}

/* --- state */

static void
move_to(struct taking *t, const struct event *e)
{
	const struct room *there = room_get(t->matrix, e->replacement, false);

	if (room_replaced(t->matrix, t->room, e->replacement))
		t->replaces = true;
	if (t->first)
		return;
	if (there == NULL || !there->joined)
		errands_add(t->matrix->errands, ERRAND_JOIN, e->replacement,
		    server_of(e->sender), room_is_direct(t->room), t->values);
}

static void
take_state(struct taking *t, const struct event_list *l)
{
	for (const struct event *e = l->first; e != NULL; e = e->next) {
		if (e->kind == EVENT_ENCRYPTION)
			t->room->encrypted = true;
		else if (e->kind == EVENT_CREATE)
			t->replaces = room_replaces(t->matrix, t->room,
					  e->predecessor) ||
			              t->replaces;
		else if (e->kind == EVENT_TOMBSTONE)
			move_to(t, e);
	}
}

/* --- messages */

static bool
is_late(const struct taking *t, const struct event *e)
{
	int64_t now = clock_now_ms(loop_clock(t->matrix->ch.loop));
	int64_t age = e->age >= 0 ? e->age : now - e->ts;

	return age > config_int(t->matrix->config, "matrix.max_age") * 1000;
}

static bool
is_to_us(const struct taking *t, const struct event *e)
{
	struct matrix *m = t->matrix;
	struct buf prefix = { 0 };
	bool yes = room_is_direct(t->room) || e->names_us;

	if (yes)
		return true;
	account_prefix(t->news->id, NULL, &prefix);
	if (e->reply_to.len > 0)
		yes = flow_said(m->ch.flow, m->ch.ops->name, buf_str(&prefix),
		    e->reply_to, NULL);
	if (!yes && e->thread.len > 0)
		yes = flow_said(m->ch.flow, m->ch.ops->name, buf_str(&prefix),
		    e->thread, NULL);
	buf_fini(&prefix);
	return yes;
}

static struct str
taken_key(struct taking *t, struct str account, struct str id)
{
	return str_of(
	    arena_printf(t->arena, "%.*s %.*s", STR_ARG(account), STR_ARG(id)));
}

static void
on_said(void *arg, const struct history_line *line)
{
	*(int64_t *)arg = line->out.at_ms;
}

/* Whether the account itself said, not long ago, what it corrects. */
static bool
may_edit(struct taking *t, struct str account, const struct event *e)
{
	struct matrix *m = t->matrix;
	int64_t now = clock_now_ms(loop_clock(m->ch.loop)), seq, said_ms = 0;
	enum message_kind kind;

	if (map_get(t->taken, taken_key(t, account, e->edit_of)) != NULL)
		return true;
	if (flow_find(m->ch.flow, m->ch.ops->name, account, e->edit_of, &seq, &kind) !=
		RC_OK ||
	    seq <= 0 || kind == MESSAGE_EDIT)
		return false;
	(void)flow_history(m->ch.flow, flow_peer(m->ch.flow, m->ch.ops->name, account),
	    seq - 1, 1, on_said, &said_ms);
	return now - said_ms <= EDIT_MAX_MS;
}

static void
put(struct taking *t, struct str account, const struct event *e, enum message_kind kind)
{
	struct matrix *m = t->matrix;
	struct inmsg in = { .channel = m->ch.ops->name,
		.account = account,
		.id = e->id,
		.edit_of = e->edit_of,
		.kind = kind,
		.text = e->text };

	flow_put(m->ch.flow, &in, NULL, NULL);
}

static void
set_text(char **at, struct str s)
{
	free(*at);
	*at = xstrndup(s.p, s.len);
}

static void
take_message(struct taking *t, const struct event *e)
{
	struct buf b = { 0 };
	struct str account;

	if (e->kind != EVENT_MESSAGE || map_get(t->matrix->ignored, e->sender) != NULL)
		return;
	if (!account_write(t->news->id, e->thread, e->sender, &b)) {
		log_warn("matrix: passed over a message: its ids are too long");
		goto out;
	}
	account = arena_str(t->arena, buf_str(&b));
	if (e->message == MESSAGE_EDIT ? !may_edit(t, account, e) : !is_to_us(t, e))
		goto out;
	if (!run_goes_on(t->matrix, account))
		goto out;
	set_text(&t->room->read, e->id);
	set_text(&t->room->read_thread, e->thread);
	if (!is_late(t, e)) {
		put(t, account, e, e->message);
		if (e->message != MESSAGE_EDIT)
			(void)map_put(t->taken, taken_key(t, account, e->id), t);
	} else if (e->message != MESSAGE_EDIT) {
		(void)map_put(t->late, account,
		    event_copy(t->arena, e)); /* the last one counts */
	}
out:
	buf_fini(&b);
}

static struct str
tap_id(struct arena *a, struct str reaction)
{
	return str_of(arena_printf(a, "tap %.*s", STR_ARG(reaction)));
}

/* Whose conversation a reaction belongs to. It does not say the thread, but at what it was put. */
static struct str
reacting_account(struct taking *t, const struct event *e)
{
	struct matrix *m = t->matrix;
	struct buf prefix = { 0 }, said = { 0 }, own = { 0 };
	struct str account = STR("");
	struct account to;

	account_prefix(t->news->id, NULL, &prefix);
	if (flow_said(m->ch.flow, m->ch.ops->name, buf_str(&prefix), e->target,
		&said) &&
	    account_read(buf_str(&said), t->arena, &to) && str_eq(to.user, e->sender))
		account = arena_str(t->arena, buf_str(&said));
	else if (account_write(t->news->id, STR(""), e->sender, &own))
		account = arena_str(t->arena, buf_str(&own));
	buf_fini(&prefix);
	buf_fini(&said);
	buf_fini(&own);
	return account;
}

struct choice {
	size_t n;
	struct str text;
	struct arena *arena;
};

static void
on_line(void *arg, const struct history_line *line)
{
	struct choice *c = arg;

	if (!line->mine && c->n <= line->out.n_buttons)
		c->text = arena_str(c->arena, line->out.buttons[c->n - 1]);
}

/* A number below our own message: as if she had said that choice. */
static void
take_tap(struct taking *t, const struct event *e, size_t n)
{
	struct matrix *m = t->matrix;
	struct choice c = { .n = n, .text = STR(""), .arena = t->arena };
	struct event said = *e;
	struct str account = reacting_account(t, e);
	int64_t seq;

	if (flow_find_said(m->ch.flow, m->ch.ops->name, account, e->target, &seq) !=
	    RC_OK)
		return;
	(void)flow_history(m->ch.flow, flow_peer(m->ch.flow, m->ch.ops->name, account),
	    seq - 1, 1, on_line, &c);
	if (c.text.len == 0 || !run_goes_on(m, account))
		return;
	/* No event that can be answered, as clients show answers. */
	said.id = tap_id(t->arena, e->id);
	said.text = c.text;
	if (is_late(t, e))
		(void)map_put(t->late, account, event_copy(t->arena, &said));
	else
		put(t, account, &said, MESSAGE_TEXT);
}

/* Thumbs, with whatever colour of skin; other signs mean too much. */
static void
take_thumb(struct taking *t, const struct event *e)
{
	static const char up[] = "\xf0\x9f\x91\x8d", down[] = "\xf0\x9f\x91\x8e";
	bool is_up = str_starts(e->text, up);
	struct matrix *m = t->matrix;
	struct inmsg in = { .channel = m->ch.ops->name,
		.id = e->id,
		.edit_of = e->target,
		.kind = MESSAGE_RATING,
		.text = str_of(is_up ? up : down) };

	if (!is_up && !str_starts(e->text, down))
		return;
	in.account = reacting_account(t, e);
	if (in.account.len > 0)
		flow_put(m->ch.flow, &in, NULL, NULL);
}

static void
take_reaction(struct taking *t, const struct event *e)
{
	size_t n = tap_read(e->text);

	if (map_get(t->matrix->ignored, e->sender) != NULL)
		return;
	if (n > 0)
		take_tap(t, e, n);
	else
		take_thumb(t, e);
}

/* Of a message, a rating or a tap. */
static void
take_redaction(struct taking *t, const struct event *e)
{
	struct buf prefix = { 0 };

	account_prefix(t->news->id, NULL, &prefix);
	flow_erase(t->matrix->ch.flow, t->matrix->ch.ops->name, buf_str(&prefix),
	    e->target);
	flow_erase(t->matrix->ch.flow, t->matrix->ch.ops->name, buf_str(&prefix),
	    tap_id(t->arena, e->target));
	buf_fini(&prefix);
}

static void
take_event(struct taking *t, const struct event *e)
{
	if (e->kind == EVENT_REDACTION)
		take_redaction(t, e);
	else if (t->first || t->room->encrypted)
		return;
	else if (e->kind == EVENT_MESSAGE)
		take_message(t, e);
	else if (e->kind == EVENT_REACTION)
		take_reaction(t, e);
}

/* Once for each conversation, however much came. */
static void
put_late(struct taking *t)
{
	struct str account;
	void *value;
	size_t pos = 0;

	while (map_next(t->late, &pos, &account, &value))
		put(t, account, value, MESSAGE_LATE);
}

/* --- rooms */

static void
take_joined(struct taking *t)
{
	const struct room_news *n = t->news;
	const struct event *start = find_start(t);
	struct room before = *t->room;

	take_state(t, n->has_state_after ? &n->state_after : &n->state);
	take_state(t, &n->timeline);
	if (n->members >= 0)
		t->room->members = n->members;
	t->room->joined = true;
	if (!before.joined)
		errands_drop(t->matrix->errands, n->id, t->values);
	if (t->room->encrypted)
		errands_add(t->matrix->errands,
		    strcmp(config_str(t->matrix->config, "matrix.encrypted"),
			"leave") == 0
			? ERRAND_LEAVE
			: ERRAND_TELL,
		    n->id, STR(""), false, t->values);
	errands_alone(t->matrix->errands, n->id, t->room->members == 1, t->values);
	if (before.joined != t->room->joined ||
	    before.encrypted != t->room->encrypted ||
	    before.members != t->room->members || t->replaces)
		room_keep(t->room, t->values);
	for (const struct event *e = start; e != NULL; e = e->next)
		take_event(t, e);
	put_late(t);
}

static void
take_left(struct taking *t)
{
	errands_left(t->matrix->errands, t->news->id, t->values);
	if (!t->room->joined)
		return;
	log_info("matrix: left a room, or was sent away rooms=%zu",
	    rooms_joined(t->matrix) - 1);
	t->room->joined = false;
	t->room->direct = false;
	t->room->members = -1;
	room_keep(t->room, t->values);
}

static void
take_invited(struct taking *t)
{
	struct str inviter = STR("");
	bool direct = false, space = false, encrypted = false, wanted;

	for (const struct event *e = t->news->state.first; e != NULL; e = e->next) {
		if (e->kind == EVENT_MEMBER && is_us(t, e->user) &&
		    str_is(e->membership, "invite")) {
			inviter = e->sender;
			direct = e->direct;
		}
		space = space || (e->kind == EVENT_CREATE && e->space);
		encrypted = encrypted || e->kind == EVENT_ENCRYPTION;
	}
	wanted = invite_is_wanted(t->matrix, inviter, direct, space);
	if (encrypted &&
	    strcmp(config_str(t->matrix->config, "matrix.encrypted"), "leave") == 0)
		wanted = false;
	log_info("matrix: invited accepted=%d", wanted);
	if (!wanted && !config_bool(t->matrix->config, "matrix.decline"))
		return;
	errands_add(t->matrix->errands, wanted ? ERRAND_JOIN : ERRAND_REFUSE,
	    t->news->id, server_of(inviter), direct, t->values);
}

static void
take_room(struct taking *t)
{
	t->room = room_get(t->matrix, t->news->id, true);
	t->replaces = false;
	t->late = map_new();
	t->taken = map_new();
	switch (t->news->kind) {
	case NEWS_JOINED:
		take_joined(t);
		break;
	case NEWS_INVITED:
		take_invited(t);
		break;
	case NEWS_LEFT:
		take_left(t);
		break;
	}
	map_free(t->late);
	map_free(t->taken);
}

#define IGNORED_KEY "ignored"

bool
ignored_load(struct matrix *m, struct str key, struct str value)
{
	struct json *list;
	struct str user;

	if (!str_is(key, IGNORED_KEY))
		return false;
	list = json_parse(value, 4);
	for (size_t i = 0; json_text(json_item(list, i), &user) == RC_OK; i++)
		(void)map_put(m->ignored, user, m);
	json_free(list);
	return true;
}

/* The server tells it when it changes, not at every start. */
static void
take_ignored(struct matrix *m, const struct news *n, struct values *v)
{
	struct buf b = { 0 };

	map_free(m->ignored);
	m->ignored = map_new();
	for (size_t i = 0; i < n->n_ignored; i++) {
		(void)map_put(m->ignored, n->ignored[i], m);
		buf_addc(&b, i == 0 ? '[' : ',');
		buf_add_json(&b, n->ignored[i]);
	}
	buf_adds(&b, n->n_ignored == 0 ? "[]" : "]");
	values_add(v, IGNORED_KEY, STR(""), buf_str(&b));
	buf_fini(&b);
}

void
news_take(struct matrix *m, const struct news *n, bool first, struct values *v)
{
	struct taking t = { .matrix = m,
		.values = v,
		.first = first,
		.arena = arena_new() };

	if (n->has_ignored)
		take_ignored(m, n, v);
	for (const struct room_news *r = n->first; r != NULL; r = r->next) {
		t.news = r;
		take_room(&t);
		arena_reset(t.arena);
	}
	arena_free(t.arena);
}
