"""botapi_methods.py - what the methods do, when their parameters are of the right kind."""
from botapi_faults import fail, ok, too_many
from botapi_schema import ICON_COLORS, File
from botapi_text import (MAX_BYTES, MAX_CAPTION, MAX_UNITS, HtmlError, check_entities, parse_html,
                         trim, units)
from botapi_world import DAY, RIGHTS, dumps

MARKUP_MAX = 10240
FILE_MAX = 50 << 20
NOT_MODIFIED = ("message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message")
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Refused(Exception):
    """What the bot is told instead of a result."""

    def __init__(self, code, description, parameters=None):
        super().__init__(description)
        self.answer = fail(code, description, parameters)


def bad(text, parameters=None):
    """The first letter is small unless the word is written in capitals."""
    if len(text) > 1 and not (text[1] == "_" or text[1].isupper()):
        text = text[0].lower() + text[1:]
    return Refused(400, "Bad Request: " + text, parameters)


class Methods:
    """Each method_x(params) gives the result as JSON bytes, or raises Refused."""

    def __init__(self, world):
        self.world = world
        self.logged_out = False

    def call(self, name, p):
        if self.logged_out:
            return fail(400, "Logged out")
        try:
            result = getattr(self, "method_" + name)(p)
        except Refused as e:
            return e.answer
        return ok(result)

    # --- common parts

    def chat(self, p, key="chat_id"):
        id = p[key]
        if id in (0, "", "@"):
            raise bad("chat_id is empty")
        chat = self.world.find(id)
        if chat is None:
            if id in self.world.users:
                raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
            raise bad("chat not found")
        return chat

    def writable(self, p, counts=None):
        """The chat, when the bot may write there now. counts: "send" or "edit", by the limits
        for floods."""
        chat, world = self.chat(p), self.world
        if chat.migrated_to:
            raise bad("group chat was upgraded to a supergroup chat",
                      {"migrate_to_chat_id": chat.migrated_to})
        if chat.type == "private":
            if chat.id in world.deactivated:
                raise Refused(403, "Forbidden: user is deactivated")
            if chat.id in world.blocked:
                raise Refused(403, "Forbidden: bot was blocked by the user")
            if chat.user["is_bot"]:
                raise Refused(403, "Forbidden: bot can't send messages to bots")
        elif chat.bot == "kicked":
            raise Refused(403, f"Forbidden: bot was kicked from the {chat.kind_name}")
        elif chat.bot == "left":
            raise Refused(403, f"Forbidden: bot is not a member of the {chat.kind_name}")
        elif chat.type == "channel" and chat.bot != "administrator":
            raise bad("need administrator rights in the channel chat")
        wait = world.flood.take(chat, counts == "send") if counts else 0
        if wait:
            e = Refused(429, "")
            e.answer = too_many(wait)
            raise e
        return chat

    def thread(self, chat, p):
        id = p.get("message_thread_id")
        if not id:
            return None
        topic = chat.topic(id)
        if topic is None:
            raise bad("message thread not found")
        if topic["closed"] and not chat.may("can_manage_topics"):
            raise bad("TOPIC_CLOSED")
        return id

    def reply_to(self, chat, p):
        r = p.get("reply_parameters")
        if not r:
            return None
        other = r.get("chat_id", chat.id)
        m = self.chat(r).live(r["message_id"]) if other != chat.id else chat.live(r["message_id"])
        if m is None and not r.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        if m is not None and "quote" in r and r["quote"] not in m.content.get("text", ""):
            raise bad("QUOTE_TEXT_INVALID")
        return m

    @staticmethod
    def markup(p):
        m = p.get("reply_markup")
        if m is not None and len(dumps(m)) > MARKUP_MAX:
            raise bad("reply markup is too long")
        return m if m is None or m.get("inline_keyboard") != [] else None

    @staticmethod
    def text(p, field, entities_field, most):
        """(text, entities) as clients will see them."""
        text, entities = p.get(field, ""), p.get(entities_field, [])
        if p.get("parse_mode"):
            if len(text.encode()) > MAX_BYTES:
                raise bad("text is too long")
            try:
                text, entities = parse_html(text)
            except HtmlError as e:
                raise bad(f"can't parse entities: {e}") from None
            wrong = []
            check_entities(text, entities, "entities", wrong)
            if wrong:
                raise bad(f"can't parse entities: {wrong[0]}")
        text, entities = trim(text, entities)
        if field == "text" and not text:
            raise bad("message text is empty")
        if units(text) > most:
            raise bad("message is too long" if field == "text" else
                      "message caption is too long")
        return text, entities

    def content(self, p):
        text, entities = self.text(p, "text", "entities", MAX_UNITS)
        content = {"text": text}
        if entities:
            content["entities"] = entities
        if "link_preview_options" in p:
            content["link_preview_options"] = p["link_preview_options"]
        return content

    def caption(self, p, content):
        text, entities = self.text(p, "caption", "caption_entities", MAX_CAPTION)
        if text:
            content["caption"] = text
        if entities:
            content["caption_entities"] = entities
        return content

    def send(self, p, content, file=None):
        markup = self.markup(p)
        chat = self.writable(p, "send")
        thread, reply = self.thread(chat, p), self.reply_to(chat, p)
        m = self.world.post(chat, self.world.bot, content, thread, reply)
        m.markup, m.file = markup, file
        m.options = {k: p[k] for k in ("disable_notification", "protect_content",
                                       "reply_parameters", "message_effect_id") if k in p}
        return m

    def mine(self, p, what):
        """The bot's own message that is to be changed."""
        chat = self.writable(p, "edit")
        m = chat.live(p["message_id"])
        if m is None:
            raise bad(f"message to {what} not found")
        if m.sender is not self.world.bot:
            raise bad(f"message can't be {what}ed")
        return m

    # --- about the bot

    def method_getMe(self, p):
        return dumps({**self.world.bot, **self.world.bot_more})

    def method_logOut(self, p):
        self.logged_out = True
        return b"true"

    def method_close(self, p):
        return b"true"

    def scope(self, p):
        s = p.get("scope", {"type": "default"})
        if "chat_id" in s:
            self.chat(s)
        return (dumps(sorted(s.items(), key=str)), p.get("language_code", ""))

    def method_setMyCommands(self, p):
        self.world.commands[self.scope(p)] = p["commands"]
        return b"true"

    def method_getMyCommands(self, p):
        return dumps(self.world.commands.get(self.scope(p), []))

    def method_deleteMyCommands(self, p):
        self.world.commands.pop(self.scope(p), None)
        return b"true"

    def set_text(self, p, name):
        self.world.texts[name][p.get("language_code", "")] = p.get(name, "")
        if name == "name" and not p.get("language_code") and p.get("name"):
            self.world.bot["first_name"] = p["name"]
        return b"true"

    def get_text(self, p, name):
        return dumps({name: self.world.texts[name].get(p.get("language_code", ""), "")})

    def method_setMyName(self, p):
        return self.set_text(p, "name")

    def method_getMyName(self, p):
        texts = self.world.texts["name"]
        return dumps({"name": texts.get(p.get("language_code", "")) or texts[""]})

    def method_setMyDescription(self, p):
        return self.set_text(p, "description")

    def method_getMyDescription(self, p):
        return self.get_text(p, "description")

    def method_setMyShortDescription(self, p):
        return self.set_text(p, "short_description")

    def method_getMyShortDescription(self, p):
        return self.get_text(p, "short_description")

    # --- messages

    def method_sendMessage(self, p):
        return dumps(self.send(p, self.content(p)).api())

    def method_sendDocument(self, p):
        given, world = p["document"], self.world
        if isinstance(given, File):
            if not given.data:
                raise bad("file must be non-empty")
            if len(given.data) > FILE_MAX:
                raise Refused(413, "Request Entity Too Large")
            id = f"BQACAgQAAx{len(world.files):06d}"
            file = given
        elif given in world.files:
            id, file = given, world.files[given]
        elif given.startswith("attach://"):
            raise bad("there is no document in the request")
        else:
            raise bad("wrong file identifier/HTTP URL specified")
        document = {"file_id": id, "file_unique_id": "u" + id[-6:], "file_size": len(file.data),
                    "file_name": file.name, "mime_type": file.type}
        m = self.send(p, self.caption(p, {"document": document}), file)
        world.files[id] = file
        return dumps(m.api())

    def method_copyMessage(self, p):
        source = self.chat(p, "from_chat_id")
        m = source.live(p["message_id"])
        if m is None:
            raise bad("message to copy not found")
        kinds = ("text", "document", "photo", "voice", "sticker", "location", "contact", "video",
                 "audio")
        if not any(k in m.content for k in kinds):
            raise bad("message can't be copied")
        content = dict(m.content)
        if "caption" in p and "text" not in content:
            content.pop("caption", None)
            content.pop("caption_entities", None)
            content = self.caption(p, content)
        copy = self.send(p, content, m.file)
        copy.options["copy_of"] = [source.id, m.id]
        return b'{"message_id":%d}' % copy.id

    def method_editMessageText(self, p):
        if "inline_message_id" in p:
            raise bad("MESSAGE_ID_INVALID")
        content, markup = self.content(p), self.markup(p)
        m = self.mine(p, "edit")
        if "text" not in m.content:
            raise bad("there is no text in the message to edit")
        self.change(m, content, markup)
        return dumps(m.api())

    def method_editMessageReplyMarkup(self, p):
        if "inline_message_id" in p:
            raise bad("MESSAGE_ID_INVALID")
        markup = self.markup(p)
        m = self.mine(p, "edit")
        self.change(m, m.content, markup)
        return dumps(m.api())

    def change(self, m, content, markup):
        if (content, markup) == (m.content, m.markup):
            raise bad(NOT_MODIFIED)
        m.edits.append({"date": m.changed, "text": m.content.get("text"),
                        "entities": m.content.get("entities", []), "keyboard": m.markup})
        m.content, m.markup = content, markup
        m.edit_date = m.changed = self.world.clock.now()

    def deletable(self, chat, m):
        if chat.type != "private" and chat.may("can_delete_messages"):
            return True
        if self.world.clock.now() - m.date > 2 * DAY:
            return False
        return chat.type == "private" or m.sender is self.world.bot

    def method_deleteMessage(self, p):
        chat = self.writable(p)
        m = chat.live(p["message_id"])
        if m is None:
            raise bad("message to delete not found")
        if not self.deletable(chat, m):
            raise bad("message can't be deleted")
        m.deleted = True
        return b"true"

    def method_deleteMessages(self, p):
        chat = self.writable(p)
        found = [m for m in map(chat.live, p["message_ids"]) if m is not None]
        if not all(self.deletable(chat, m) for m in found):
            raise bad("message can't be deleted")
        for m in found:
            m.deleted = True
        return b"true"

    def method_answerCallbackQuery(self, p):
        q, now = self.world.queries.get(p["callback_query_id"]), self.world.clock.now()
        if q is None or q["answer"] is not None or now > q["date"] + self.world.query_window:
            raise bad(TOO_OLD)
        q["answer"] = {"text": p.get("text", ""), "show_alert": p.get("show_alert", False),
                       "url": p.get("url"), "after_s": now - q["date"]}
        return b"true"

    def method_sendChatAction(self, p):
        chat = self.writable(p)
        self.thread(chat, p)
        self.world.actions.append({"chat": chat.id, "action": p["action"],
                                   "message_thread_id": p.get("message_thread_id"),
                                   "date": self.world.clock.now()})
        return b"true"

    def method_setMessageReaction(self, p):
        chat = self.writable(p)
        m = chat.live(p["message_id"])
        if m is None:
            raise bad("message to react not found")
        m.reactions[str(self.world.bot["id"])] = [r["emoji"] for r in p.get("reaction", [])]
        return b"true"

    # --- topics and chats

    def forum(self, p):
        chat = self.writable(p)
        if not chat.forum:
            raise bad("the chat is not a forum")
        return chat

    def method_createForumTopic(self, p):
        chat = self.forum(p)
        if not chat.may("can_manage_topics"):
            raise bad("not enough rights to create a topic")
        color = p.get("icon_color", ICON_COLORS[0])
        id = self.world.open_topic(chat, self.world.bot, p["name"].strip(), color)
        return dumps({"message_thread_id": id, "name": p["name"].strip(), "icon_color": color})

    def method_closeForumTopic(self, p):
        chat = self.forum(p)
        topic = chat.topic(p["message_thread_id"])
        if topic is None:
            raise bad("message thread not found")
        if not chat.may("can_manage_topics"):
            raise bad("not enough rights to close the topic")
        if topic["closed"]:
            raise bad("TOPIC_NOT_MODIFIED")
        topic["closed"] = True
        self.world.post(chat, self.world.bot, {"forum_topic_closed": {}}, p["message_thread_id"])
        return b"true"

    def method_leaveChat(self, p):
        chat = self.chat(p)
        if chat.type == "private":
            raise bad("chat member status can't be changed in private chats")
        if chat.bot in ("left", "kicked"):
            raise Refused(403, f"Forbidden: bot is not a member of the {chat.kind_name}")
        self.world.member(chat, "left", self.world.bot)
        return b"true"

    def method_getChat(self, p):
        chat = self.chat(p)
        full = dict(chat.short(), accent_color_id=0, max_reaction_count=11,
                    accepted_gift_types={"unlimited_gifts": False, "limited_gifts": False,
                                         "unique_gifts": False, "premium_subscription": False,
                                         "gifts_from_channels": False})
        if chat.type in ("group", "supergroup"):
            full["permissions"] = {"can_send_messages": True, "can_manage_topics": chat.forum}
        return dumps(full)

    def method_getChatMember(self, p):
        chat, id = self.chat(p), p["user_id"]
        if id == self.world.bot["id"]:
            return dumps(self.world.bot_member(chat.bot, chat.rights))
        user = self.world.users.get(id)
        if user is None:
            raise bad("invalid user_id specified")
        status = "member" if chat.id == id else chat.members.get(id)
        if status is None:
            if chat.type == "private":
                raise bad("member not found")
            status = "left"
        m = {"user": user, "status": status}
        if status == "creator":
            m["is_anonymous"] = False
        if status == "administrator":
            m.update({"can_be_edited": False, "is_anonymous": False}, **dict.fromkeys(RIGHTS, True))
        return dumps(m)
