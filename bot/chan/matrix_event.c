/*
 * matrix_event.c - reads one event: what it is, who it is from, what it says.
 *
 * "Room event format" and "m.room.message msgtypes" of the specification. Every field is
 * checked before it is used; one of another type counts as missing, and one that is needed
 * and missing makes the event none of ours. HTML is never shown, and read for one thing: the
 * link by which older clients name somebody.
 */
#include <string.h>
#include <strings.h>

#include "bot/chan/matrix_priv.h"
#include "bot/chan/matrix_text.h"

static void
pass_over(struct event *e, const char *why)
{
	e->kind = EVENT_NOTHING;
	e->why = why;
}

/* --- who is named */

static bool
is_mentioned(const struct json *mentions, const struct matrix_self *self)
{
	const struct json *users = json_at(mentions, "user_ids"), *user;
	struct str s;

	for (size_t i = 0; (user = json_item(users, i)) != NULL; i++)
		if (json_text(user, &s) == RC_OK && str_is(s, self->user))
			return true;
	return false;
}

static bool
starts_nocase(struct str s, struct str with)
{
	return s.len >= with.len && strncasecmp(s.p, with.p, with.len) == 0;
}

/* The text of <a href="https://matrix.to/#/@us:server">Name</a>; empty if there is none. */
static struct str
find_pill(struct str html, const struct matrix_self *self)
{
	static const char address[] = "matrix.to/#/";
	struct buf id = { 0 };
	struct str name = STR("");

	buf_add_path(&id, str_of(self->user));
	for (struct str rest = html; name.len == 0 && rest.len > 0;) {
		const char *at = memmem(rest.p, rest.len, address, sizeof(address) - 1);
		struct str user;

		if (at == NULL)
			break;
		at += sizeof(address) - 1;
		rest = str_n(at, (size_t)(html.p + html.len - at));
		user = rest;
		if (starts_nocase(user, str_of(self->user)))
			user = str_n(user.p + strlen(self->user),
			    user.len - strlen(self->user));
		else if (starts_nocase(user, buf_str(&id)))
			user = str_n(user.p + id.len, user.len - id.len);
		else
			continue;
		if (user.len > 2 && (user.p[0] == '"' || user.p[0] == '\'') &&
		    user.p[1] == '>') {
			user = str_n(user.p + 2, user.len - 2);
			name = str_cut(&user, '<');
		}
	}
	buf_fini(&id);
	return name;
}

/* The text without a name at its beginning, and what sets that off. */
static struct str
without_name(struct str text, struct str name)
{
	if (name.len == 0 || !starts_nocase(text, name))
		return text;
	text = str_n(text.p + name.len, text.len - name.len);
	while (text.len > 0 && strchr(":, ", text.p[0]) != NULL && text.p[0] != '\0')
		text = str_n(text.p + 1, text.len - 1);
	return text;
}

static void
read_names(struct event *e, const struct json *content, const struct matrix_self *self)
{
	const struct json *mentions = json_at(content, "m.mentions");
	struct str pill = find_pill(json_str(content, "formatted_body"), self);
	struct str user = str_of(self->user), local;

	e->names_us = mentions != NULL ? is_mentioned(mentions, self) : pill.len > 0;
	if (!e->names_us)
		return;
	local = str_n(user.p + 1, user.len - 1);
	local = str_cut(&local, ':');
	e->text = without_name(e->text, pill);
	e->text = without_name(e->text, user);
	e->text = without_name(e->text, local);
	e->text = str_trim(e->text);
}

/* --- relations */

/* "Rich replies" were sent with what they answer quoted in front. */
static struct str
without_quote(struct str text)
{
	struct str rest = text;

	if (!str_starts(text, "> "))
		return text;
	while (rest.len > 0 && rest.p[0] == '>') {
		(void)str_cut(&rest, '\n');
		if (rest.p == NULL)
			return STR("");
	}
	return str_trim(rest);
}

static void
read_relation(struct event *e, const struct json *relates)
{
	struct str type = json_str(relates, "rel_type");
	struct str target = json_str(relates, "event_id");
	struct str reply = json_str(json_at(relates, "m.in_reply_to"), "event_id");

	if (str_is(type, "m.replace")) {
		if (is_id(target, '$'))
			e->edit_of = target;
		else
			pass_over(e, "an edit of nothing");
		return;
	}
	if (str_is(type, "m.thread") && is_id(target, '$')) {
		e->thread = target;
		if (json_flag(relates, "is_falling_back", false))
			return;
	}
	if (is_id(reply, '$')) {
		e->reply_to = reply;
		e->text = without_quote(e->text);
	}
}

/* --- messages */

static const struct {
	const char *type, *media;
} media_kinds[] = {
	{ "m.audio", "audio" },
	{ "m.file", "file" },
	{ "m.image", "picture" },
	{ "m.location", "location" },
	{ "m.video", "video" },
};

static void
read_media(struct event *e, const struct json *content, struct str type)
{
	struct str name = json_str(content, "filename");

	for (size_t i = 0; i < ARRAY_LEN(media_kinds); i++) {
		if (!str_is(type, media_kinds[i].type))
			continue;
		/* With a file name beside it, the body is what was written about it. */
		if (name.len > 0 && e->text.len > 0 && !str_eq(name, e->text))
			return;
		e->message = MESSAGE_MEDIA;
		e->text = str_of(media_kinds[i].media);
		if (json_at(content, "org.matrix.msc3245.voice") != NULL)
			e->text = STR("voice message");
	}
}

static void
read_body(struct event *e, const struct json *content)
{
	struct str type = json_str(content, "msgtype");

	e->text = json_str(content, "body");
	if (type.len == 0 || e->text.len == 0)
		pass_over(e, "without text, or redacted");
	else if (str_is(type, "m.notice") ||
		 json_flag(content, MATRIX_AUTOMATED, false))
		pass_over(e, "written by no person");
	else
		read_media(e, content, type);
}

static void
read_message(struct event *e, const struct json *content,
    const struct matrix_self *self)
{
	const struct json *edit = json_at(content, "m.new_content");

	e->kind = EVENT_MESSAGE;
	if (str_is(e->sender, self->user)) {
		pass_over(e, "our own");
		return;
	}
	read_body(e, content);
	if (e->kind == EVENT_MESSAGE)
		read_relation(e, json_at(content, "m.relates_to"));
	/* What the edit itself says is for clients that know of none. */
	if (e->kind == EVENT_MESSAGE && e->edit_of.len > 0) {
		e->message = MESSAGE_EDIT;
		content = edit;
		e->text = json_str(content, "body");
		if (!str_is(json_str(content, "msgtype"), "m.text") || e->text.len == 0)
			pass_over(e, "an edit without text");
	}
	if (e->kind == EVENT_MESSAGE)
		read_names(e, content, self);
	if (e->kind == EVENT_MESSAGE && e->text.len == 0)
		pass_over(e, "our name alone");
}

static void
read_sticker(struct event *e, const struct json *content,
    const struct matrix_self *self)
{
	e->kind = EVENT_MESSAGE;
	e->message = MESSAGE_MEDIA;
	e->text = STR("sticker");
	if (str_is(e->sender, self->user))
		pass_over(e, "our own");
	else if (json_str(content, "body").len == 0)
		pass_over(e, "without text, or redacted");
	else
		read_relation(e, json_at(content, "m.relates_to"));
}

/* --- about other messages */

static void
read_reaction(struct event *e, const struct json *content,
    const struct matrix_self *self)
{
	const struct json *relates = json_at(content, "m.relates_to");

	e->kind = EVENT_REACTION;
	e->target = json_str(relates, "event_id");
	e->text = json_str(relates, "key");
	if (str_is(e->sender, self->user))
		pass_over(e, "our own");
	else if (!str_is(json_str(relates, "rel_type"), "m.annotation") ||
		 !is_id(e->target, '$') || e->text.len == 0)
		pass_over(e, "a reaction to nothing, or taken back");
}

/* Since room version 11 it stands in the content. */
static void
read_redaction(struct event *e, const struct json *json, const struct json *content)
{
	e->kind = EVENT_REDACTION;
	e->target = json_str(content, "redacts");
	if (!is_id(e->target, '$'))
		e->target = json_str(json, "redacts");
	if (!is_id(e->target, '$'))
		pass_over(e, "takes back nothing");
}

/* --- state */

static void
read_member(struct event *e, const struct json *json, const struct json *content)
{
	const struct json *before = json_at(json_at(json, "unsigned"), "prev_content");

	e->kind = EVENT_MEMBER;
	e->user = json_str(json, "state_key");
	e->membership = json_str(content, "membership");
	e->before = json_str(before, "membership");
	e->direct = json_flag(content, "is_direct", false);
	if (!is_id(e->user, '@') || e->membership.len == 0)
		pass_over(e, "a member without a name");
}

/* Of which there is one in a room. */
static void
read_room_state(struct event *e, struct str type, const struct json *content)
{
	if (str_is(type, "m.room.encryption")) {
		e->kind = EVENT_ENCRYPTION;
	} else if (str_is(type, "m.room.create")) {
		e->kind = EVENT_CREATE;
		e->space = str_is(json_str(content, "type"), "m.space");
		e->predecessor = json_str(json_at(content, "predecessor"), "room_id");
		if (!is_id(e->predecessor, '!'))
			e->predecessor = STR("");
	} else if (str_is(type, "m.room.tombstone")) {
		e->kind = EVENT_TOMBSTONE;
		e->replacement = json_str(content, "replacement_room");
		if (!is_id(e->replacement, '!'))
			pass_over(e, "a tombstone that names no room");
	} else {
		pass_over(e, "state of a kind that is not used");
	}
}

static void
read_state(struct event *e, const struct json *json, const struct json *content)
{
	struct str type = json_str(json, "type");

	if (str_is(type, "m.room.member")) {
		read_member(e, json, content);
	} else if (json_str(json, "state_key").len == 0) {
		read_room_state(e, type, content);
	} else {
		pass_over(e, "state of a kind that is not used");
	}
}

static bool
has_state_key(const struct json *json)
{
	struct str key;

	return json_text(json_at(json, "state_key"), &key) == RC_OK;
}

void
event_read(const struct json *json, const struct matrix_self *self, bool stripped,
    struct event *e)
{
	const struct json *content = json_at(json, "content");
	struct str type = json_str(json, "type");

	*e = (struct event){
		.id = json_str(json, "event_id"),
		.sender = json_str(json, "sender"),
		.ts = json_int(json, "origin_server_ts", 0),
		.age = json_int(json_at(json, "unsigned"), "age", -1),
	};
	if ((!stripped && !is_id(e->id, '$')) || !is_id(e->sender, '@'))
		pass_over(e, "an event without a name");
	else if (has_state_key(json))
		read_state(e, json, content);
	else if (stripped)
		pass_over(e, "no state");
	else if (str_is(type, "m.room.message"))
		read_message(e, content, self);
	else if (str_is(type, "m.sticker"))
		read_sticker(e, content, self);
	else if (str_is(type, "m.reaction"))
		read_reaction(e, content, self);
	else if (str_is(type, "m.room.redaction"))
		read_redaction(e, json, content);
	else if (str_is(type, "m.room.encrypted"))
		e->kind = EVENT_ENCRYPTION;
	else
		pass_over(e, "of a kind that is not used");
}

struct event *
event_copy(struct arena *a, const struct event *e)
{
	struct event *c = arena_alloc(a, sizeof(*c));
	struct str *texts[] = { &c->id, &c->sender, &c->text, &c->thread, &c->reply_to,
		&c->edit_of, &c->target, &c->user, &c->membership, &c->before,
		&c->replacement, &c->predecessor };

	*c = *e;
	c->next = NULL;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_str(a, *texts[i]);
	return c;
}
