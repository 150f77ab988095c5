/*
 * telegram_update.c - reads one update: who wrote what where, and whether it is for us.
 *
 * "Update", "Message", "CallbackQuery" of the Bot API. Every field is checked before it is
 * used; one of another type counts as missing. Kinds and fields that are not known here are
 * passed over.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bot/chan/telegram_priv.h"
#include "credbot/base/utf8.h"

/* An edit later than this corrects a conversation that has gone on. */
#define EDIT_MAX_S 60

static void
pass_over(struct update *u, const char *why)
{
	u->kind = UPDATE_NOTHING;
	u->why = why;
}

/* --- where an account is */

bool
address_read(struct str account, struct address *out)
{
	struct str rest = account, part[3];
	int64_t v[3];
	size_t n = 0;

	while (rest.p != NULL && n < ARRAY_LEN(part))
		part[n++] = str_cut(&rest, '/');
	if (rest.p != NULL || (n != 1 && n != 3))
		return false;
	for (size_t i = 0; i < n; i++)
		if (str_to_int(part[i], INT64_MIN, INT64_MAX, &v[i]) != RC_OK)
			return false;
	*out = n == 1 ? (struct address){ v[0], 0, false }
	              : (struct address){ v[0], v[1], true };
	return true;
}

void
account_of_chat(int64_t chat, bool group, char out[TELEGRAM_ACCOUNT_MAX])
{
	(void)snprintf(out, TELEGRAM_ACCOUNT_MAX, group ? "%lld/" : "%lld",
	    (long long)chat);
}

/* false: no person wrote it in a chat that we serve. */
static bool
read_account(struct update *u, const struct json *chat, const struct json *from,
    int64_t thread, bool *group)
{
	struct str type = json_str(chat, "type");
	int64_t id = json_int(chat, "id", 0), user = json_int(from, "id", 0);

	u->lang = json_str(from, "language_code");
	*group = str_is(type, "group") || str_is(type, "supergroup");
	if (!*group && !str_is(type, "private")) {
		pass_over(u, "a kind of chat that is not served");
		return false;
	}
	if (id == 0 || user == 0 || json_flag(from, "is_bot", true)) {
		pass_over(u, "written by no person");
		return false;
	}
	if (*group)
		(void)snprintf(u->account, sizeof(u->account), "%lld/%lld/%lld",
		    (long long)id, (long long)thread, (long long)user);
	else
		(void)snprintf(u->account, sizeof(u->account), "%lld", (long long)id);
	return true;
}

/* --- what is said to us */

/* The text of the i-th entity if it is of that type, else empty. */
static struct str
entity_text(const struct json *m, size_t i, const char *type, struct str text)
{
	const struct json *e = json_item(json_at(m, "entities"), i);
	struct str s;

	if (e == NULL || !str_is(json_str(e, "type"), type) ||
	    utf8_slice16(text, json_int(e, "offset", -1), json_int(e, "length", -1),
		&s) != RC_OK)
		return STR("");
	return s;
}

static bool
is_our_name(const struct telegram_self *self, struct str at_name)
{
	return at_name.len == strlen(self->username) + 1 && at_name.p[0] == '@' &&
	       strncasecmp(at_name.p + 1, self->username, at_name.len - 1) == 0;
}

/* The text without our name. */
static struct str
without(struct arena *a, struct str text, struct str name)
{
	size_t before = (size_t)(name.p - text.p);
	char *out = arena_alloc(a, text.len + 1), *at = out;

	(void)str_put(&at, str_n(text.p, before));
	(void)str_put(&at, str_n(name.p + name.len, text.len - before - name.len));
	return str_trim(str_n(out, (size_t)(at - out)));
}

/* Whether the message names us; then the text is without it. */
static bool
is_mentioned(const struct json *m, const struct telegram_self *self, struct arena *a,
    struct str *text)
{
	for (size_t i = 0; json_item(json_at(m, "entities"), i) != NULL; i++) {
		struct str name = entity_text(m, i, "mention", *text);

		if (name.len > 0 && is_our_name(self, name)) {
			*text = without(a, *text, name);
			return true;
		}
		name = entity_text(m, i, "text_mention", *text);
		if (name.len > 0 &&
		    json_int(json_at(json_item(json_at(m, "entities"), i), "user"),
			"id", 0) == self->id) {
			*text = without(a, *text, name);
			return true;
		}
	}
	return false;
}

static bool
is_reply_to_us(const struct json *m, const struct telegram_self *self)
{
	const struct json *to = json_at(m, "reply_to_message");

	return json_int(json_at(to, "from"), "id", 0) == self->id && self->id != 0;
}

enum command { NO_COMMAND, OUR_COMMAND, THEIR_COMMAND };

/* "/help" and "/help@ourbot" at the very beginning. */
static enum command
read_command(struct update *u, const struct json *m, const struct telegram_self *self,
    struct arena *a)
{
	struct str s = entity_text(m, 0, "bot_command", u->text), name;
	char *lower;

	if (s.len < 2 || s.p != u->text.p || s.p[0] != '/')
		return NO_COMMAND;
	s = str_n(s.p + 1, s.len - 1);
	name = str_cut(&s, '@');
	if (s.p != NULL && (s.len != strlen(self->username) ||
			       strncasecmp(s.p, self->username, s.len) != 0))
		return THEIR_COMMAND;
	lower = arena_cstr(a, name);
	for (char *c = lower; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	u->name = str_of(lower);
	return OUR_COMMAND;
}

static const struct {
	const char *key, *media;
} media_kinds[] = {
	/* An animation comes as a document, too. */
	{ "animation", "animation" },
	{ "audio", "audio" },
	{ "contact", "contact" },
	{ "dice", "dice" },
	{ "document", "file" },
	{ "game", "game" },
	{ "location", "location" },
	{ "photo", "picture" },
	{ "poll", "poll" },
	{ "sticker", "sticker" },
	{ "story", "story" },
	{ "venue", "location" },
	{ "video", "video" },
	{ "video_note", "video" },
	{ "voice", "voice message" },
};

static void
read_media(struct update *u, const struct json *m)
{
	struct str caption = json_str(m, "caption");

	if (caption.len > 0) {
		u->text = caption;
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(media_kinds); i++)
		if (json_at(m, media_kinds[i].key) != NULL) {
			u->message = MESSAGE_MEDIA;
			u->text = str_of(media_kinds[i].media);
			return;
		}
}

static void
read_edit(struct update *u, const struct json *m, int64_t id)
{
	int64_t edited = json_int(m, "edit_date", 0);

	if (edited - json_int(m, "date", 0) > EDIT_MAX_S) {
		pass_over(u, "an edit of an old message");
		return;
	}
	u->message = MESSAGE_EDIT;
	(void)snprintf(u->edit_of, sizeof(u->edit_of), "%lld", (long long)id);
	(void)snprintf(u->ext_id, sizeof(u->ext_id), "%lld.%lld", (long long)id,
	    (long long)edited);
}

static void
read_message(struct update *u, const struct json *m, bool edit,
    const struct telegram_self *self, struct arena *a)
{
	int64_t id = json_int(m, "message_id", 0);
	int64_t thread = json_flag(m, "is_topic_message", false)
	                     ? json_int(m, "message_thread_id", 0)
	                     : 0;
	enum command command;
	bool group;

	u->moved_from = json_int(json_at(m, "chat"), "id", 0);
	u->moved_to = json_int(m, "migrate_to_chat_id", 0);
	u->kind = u->moved_to != 0 && u->moved_from != 0 ? UPDATE_MOVED
	                                                 : UPDATE_MESSAGE;
	if (u->kind == UPDATE_MOVED)
		return;
	if (!read_account(u, json_at(m, "chat"), json_at(m, "from"), thread, &group))
		return;
	u->text = json_str(m, "text");
	command = read_command(u, m, self, a);
	if (u->text.len == 0)
		read_media(u, m);
	if (id == 0 || (u->text.len == 0 && u->message == MESSAGE_TEXT)) {
		pass_over(u, "a message about the chat itself");
		return;
	}
	if (command == THEIR_COMMAND ||
	    (group && command == NO_COMMAND && !is_mentioned(m, self, a, &u->text) &&
		!is_reply_to_us(m, self))) {
		pass_over(u, "not said to us");
		return;
	}
	(void)snprintf(u->ext_id, sizeof(u->ext_id), "%lld", (long long)id);
	u->sent_ms = 1000 * json_int(m, edit ? "edit_date" : "date", 0);
	if (edit)
		read_edit(u, m, id);
	else if (command == OUR_COMMAND)
		u->kind = UPDATE_COMMAND;
}

static void
read_press(struct update *u, const struct json *q)
{
	const struct json *m = json_at(q, "message");
	int64_t thread = json_flag(m, "is_topic_message", false)
	                     ? json_int(m, "message_thread_id", 0)
	                     : 0;
	bool group;

	u->kind = UPDATE_PRESS;
	u->press_id = json_str(q, "id");
	u->press_data = json_str(q, "data");
	if (u->press_id.len == 0 || u->press_id.len + 2 > sizeof(u->ext_id)) {
		pass_over(u, "a press without an id");
		return;
	}
	(void)snprintf(u->ext_id, sizeof(u->ext_id), "p%.*s", STR_ARG(u->press_id));
	(void)read_account(u, json_at(m, "chat"), json_at(q, "from"), thread, &group);
}

/* What became of us in a chat. */
static void
read_member(struct update *u, const struct json *change)
{
	const struct json *chat = json_at(change, "chat");
	struct str type = json_str(chat, "type");
	struct str now = json_str(json_at(change, "new_chat_member"), "status");
	bool group = str_is(type, "group") || str_is(type, "supergroup");
	int64_t id = json_int(chat, "id", 0);

	if (id == 0 || (!group && !str_is(type, "private"))) {
		pass_over(u, "a kind of chat that is not served");
		return;
	}
	account_of_chat(id, group, u->account);
	if (str_is(now, "kicked") || str_is(now, "left")) {
		u->kind = UPDATE_GONE;
		u->why = group ? "we were taken out of the group" : "we were blocked";
	} else if (str_is(now, "member") || str_is(now, "administrator")) {
		u->kind = UPDATE_BACK;
	} else {
		pass_over(u, "a change of what we may do");
	}
}

void
update_read(const struct json *json, const struct telegram_self *self, struct arena *a,
    struct update *u)
{
	const struct json *m = json_at(json, "message"),
			  *edited = json_at(json, "edited_message"),
			  *press = json_at(json, "callback_query"),
			  *member = json_at(json, "my_chat_member");

	*u = (struct update){ .id = json_int(json, "update_id", -1), .text = STR("") };
	if (m != NULL)
		read_message(u, m, false, self, a);
	else if (edited != NULL)
		read_message(u, edited, true, self, a);
	else if (press != NULL)
		read_press(u, press);
	else if (member != NULL)
		read_member(u, member);
	else
		pass_over(u, "of a kind that is not used");
}

/* A text too large or too deep to be read: its id is near its beginning. */
int64_t
update_find_id(struct str text)
{
	static const char key[] = "\"update_id\":";
	const char *at = memmem(text.p, text.len, key, strlen(key));
	int64_t id = 0;

	if (at == NULL)
		return -1;
	for (at += strlen(key); at < text.p + text.len && *at == ' ';)
		at++;
	if (at == text.p + text.len || *at < '0' || *at > '9')
		return -1;
	for (; at < text.p + text.len && *at >= '0' && *at <= '9' && id < INT32_MAX;
	     at++)
		id = id * 10 + (*at - '0');
	return id;
}

/* --- what we ask for */

static const char *const wanted[] = {
	"message",
	"edited_message",
	"callback_query",
	"my_chat_member",
};

void
update_add_wanted(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		buf_printf(out, "%c\"%s\"", i == 0 ? '[' : ',', wanted[i]);
	buf_adds(out, "]");
}

static bool
is_wanted(const struct json *kind)
{
	struct str name;

	if (json_text(kind, &name) != RC_OK)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (str_is(name, wanted[i]))
			return true;
	return false;
}

/* No kind stands there twice. */
bool
update_are_wanted(const struct json *kinds)
{
	for (size_t i = 0; i < json_count(kinds); i++)
		if (!is_wanted(json_item(kinds, i)))
			return false;
	return json_count(kinds) == ARRAY_LEN(wanted);
}
