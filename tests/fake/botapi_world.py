"""botapi_world.py - Telegram's side of the double: the clock, people, chats, messages, and the
queue of updates for the bot. Nothing here knows of HTTP or of parameters.
"""
import heapq
import json
import random
import time
from collections import deque

from botapi_text import cut, find_entities

DAY = 86400
WEEK = 7 * DAY
NOT_BY_DEFAULT = frozenset(("chat_member", "message_reaction", "message_reaction_count"))
LIFE = {"callback_query": 150, "shipping_query": 150, "pre_checkout_query": 150,
        "inline_query": 30, "chosen_inline_result": 600}
BODY_MAX = 4 << 20
RIGHTS = ("can_manage_chat", "can_delete_messages", "can_manage_video_chats",
          "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
          "can_pin_messages", "can_manage_topics")


def dumps(obj):
    return json.dumps(obj, ensure_ascii=False, separators=(",", ":")).encode()


class Clock:
    """Unix seconds: the real clock plus what was advanced; frozen, only what was advanced.

    Timers are due by this clock, so that advance() runs them at once.
    """

    def __init__(self):
        self.base = time.time()
        self.mono = time.monotonic()
        self.frozen = False
        self.loop = None
        self.timers = []
        self.seq = 0
        self.armed = None

    def now(self):
        return self.base if self.frozen else self.base + time.monotonic() - self.mono

    def set(self, when=None, frozen=None):
        self.base = self.now() if when is None else when
        self.mono = time.monotonic()
        if frozen is not None:
            self.frozen = frozen
        self._run()

    def advance(self, seconds):
        """Timer after timer, so that what one starts is seen by the next."""
        end = self.now() + seconds
        while self.timers and self.timers[0][0] <= end:
            if self.timers[0][0] > self.now():
                self.base, self.mono = self.timers[0][0], time.monotonic()
            self._pop()
        self.set(max(end, self.now()))

    def after(self, seconds, fn, *args):
        """A list to give to cancel()."""
        self.seq += 1
        timer = [self.now() + seconds, self.seq, fn, args]
        heapq.heappush(self.timers, timer)
        if self.timers[0] is timer:
            self._arm()
        return timer

    @staticmethod
    def cancel(timer):
        if timer is not None:
            timer[2] = None

    def _pop(self):
        _, _, fn, args = heapq.heappop(self.timers)
        if fn is not None:
            fn(*args)

    def _run(self):
        while self.timers and self.timers[0][0] <= self.now():
            self._pop()
        self._arm()

    def _arm(self):
        if self.armed is not None:
            self.armed.cancel()
            self.armed = None
        if self.timers and not self.frozen and self.loop is not None:
            self.armed = self.loop.call_later(max(0, self.timers[0][0] - self.now()), self._run)


class Update:
    __slots__ = ("id", "type", "key", "expires", "body")

    def __init__(self, id, type, key, expires, body):
        self.id, self.type, self.key, self.expires, self.body = id, type, key, expires, body


class Queue:
    """Updates that the bot has not confirmed yet, the oldest first."""

    def __init__(self, clock, rng):
        self.clock = clock
        self.rng = rng
        self.items = deque()
        self.next_id = rng.randrange(100_000_000, 900_000_000)
        self.allowed = frozenset()  # empty: the default set
        self.last_push = clock.now()
        self.next_expiry = float("inf")
        self.confirmed = self.dropped = self.expired = self.filtered = self.pushed = 0
        self.last_confirmed = 0
        self.woken = []  # called after each push

    def wants(self, type):
        return type in self.allowed if self.allowed else type not in NOT_BY_DEFAULT

    def push(self, type, obj, key, date=None, force=False):
        """The update's id, or None when the bot does not want this type."""
        if not force and not self.wants(type):
            self.filtered += 1
            return None
        now = self.clock.now()
        self._idle(now)
        id = self.next_id
        self.next_id += 1
        body = b'{"update_id":%d,"%s":%s}' % (id, type.encode(), dumps(obj))
        life = LIFE.get(type)
        expires = now + life if life else (date or now) + DAY
        self._put(Update(id, type, key, expires, body), now)
        return id

    def push_raw(self, body, key):
        """body as it stands; %ID% in it is replaced by the next id."""
        now = self.clock.now()
        self._idle(now)
        id = self.next_id
        self.next_id += 1
        body = body.replace(b"%ID%", str(id).encode())
        self._put(Update(id, "raw", key, now + DAY, body), now)
        return id

    def _put(self, update, now):
        self.items.append(update)
        self.pushed += 1
        self.last_push = now
        self.next_expiry = min(self.next_expiry, update.expires)
        for fn in self.woken:
            fn()

    def _idle(self, now):
        """After a week without updates the next id is any id."""
        if not self.items and now - self.last_push >= WEEK:
            self.next_id = self.rng.randrange(1_000_000, 900_000_000)

    def expire(self):
        now = self.clock.now()
        if now < self.next_expiry:
            return
        kept = deque(u for u in self.items if u.expires > now)
        self.expired += len(self.items) - len(kept)
        self.items = kept
        self.next_expiry = min((u.expires for u in kept), default=float("inf"))

    def forget(self, offset):
        """What an offset confirms. Far outside of the queue it means nothing."""
        items = self.items
        if offset < 0:
            while len(items) > -offset:
                items.popleft()
                self.dropped += 1
            return
        head = items[0].id if items else self.next_id
        if not head - 100_000 <= offset <= self.next_id + 10:
            return
        while items and items[0].id < offset:
            self.last_confirmed = items.popleft().id
            self.confirmed += 1

    def take(self, limit):
        """At most limit, and about 4 MiB; they stay in the queue."""
        out, size = [], 0
        for u in self.items:
            if len(out) == limit or size > BODY_MAX:
                break
            size += len(u.body)
            if size > BODY_MAX and out:
                break
            out.append(u)
        return out

    def remove(self, update):
        """Delivered by a webhook."""
        try:
            self.items.remove(update)
        except ValueError:
            return
        self.confirmed += 1
        self.last_confirmed = update.id

    def clear(self):
        self.dropped += len(self.items)
        self.items.clear()


class Message:
    """One message of a chat; content is what differs by kind (text, document, ...)."""

    __slots__ = ("chat", "id", "date", "sender", "content", "markup", "thread", "reply_to",
                 "edit_date", "edits", "deleted", "file", "options", "reactions", "changed")

    def __init__(self, chat, id, date, sender, content):
        self.chat, self.id, self.date = chat, id, date
        self.sender, self.content = sender, content
        self.markup = self.thread = self.reply_to = self.edit_date = self.file = None
        self.edits, self.deleted, self.options, self.reactions = [], False, {}, {}
        self.changed = 0.0

    def api(self, nested=False):
        """As the Bot API shows it."""
        chat = self.chat
        m = {"message_id": self.id}
        if chat.type == "channel":
            m["sender_chat"] = chat.short()
        else:
            m["from"] = self.sender
        m["chat"] = chat.short()
        m["date"] = int(self.date)
        if self.edit_date:
            m["edit_date"] = int(self.edit_date)
        reply = self.reply_to
        if self.thread:
            m["message_thread_id"] = self.thread
            m["is_topic_message"] = True
            if reply is None and self.thread != self.id:
                reply = chat.messages.get(self.thread)  # as if it answered the topic's first
        elif reply is not None and chat.type == "supergroup":
            m["message_thread_id"] = self.root()  # of no use: nobody can send there
        if reply is not None and not nested and not reply.deleted:
            m["reply_to_message"] = reply.api(True)
        m.update(self.content)
        if self.markup and "inline_keyboard" in self.markup:
            m["reply_markup"] = self.markup
        return m

    def root(self):
        m = self
        while m.reply_to is not None:
            m = m.reply_to
        return m.id

    def record(self):
        """As a transcript shows it."""
        c = self.content
        out = {"message_id": self.id, "date": self.date,
               "from": self.sender["id"] if self.sender else self.chat.id,
               "bot": bool(self.sender and self.sender["is_bot"]), "text": c.get("text"),
               "entities": c.get("entities", []), "keyboard": self.markup, "edits": self.edits,
               "deleted": self.deleted, "message_thread_id": self.thread,
               "reply_to": self.reply_to.id if self.reply_to else None,
               "options": self.options, "reactions": self.reactions}
        out.update((k, v) for k, v in c.items() if k not in ("text", "entities"))
        return out


class Chat:
    """A private chat has the id of its user. bot: the bot's status there."""

    def __init__(self, id, type, title=None, username=None, forum=False, bot="member"):
        self.id, self.type, self.title = id, type, title
        self.username, self.forum, self.bot = username, forum, bot
        self.user = None  # of a private chat
        self.rights = dict.fromkeys(RIGHTS, True) if bot == "administrator" else {}
        self.members = {}  # user id: status
        self.messages = {}
        self.next_message = 1 if type == "private" else 2  # 1 was its creation, and is General
        self.topics = {}  # thread id: {name, closed, deleted}
        self.migrated_to = None
        self._short = None

    def short(self):
        if self._short is None:
            c = {"id": self.id, "type": self.type}
            if self.user is not None:
                c.update((k, self.user[k]) for k in ("first_name", "last_name", "username")
                         if k in self.user)
            else:
                c["title"] = self.title
                if self.username:
                    c["username"] = self.username
                if self.forum:
                    c["is_forum"] = True
            self._short = c
        return self._short

    @property
    def kind_name(self):
        return {"group": "group chat", "supergroup": "supergroup chat",
                "channel": "channel chat"}.get(self.type, "chat")

    def may(self, right):
        return self.bot == "administrator" and self.rights.get(right, False)

    def add(self, message, keep):
        """Forgets the oldest when there are more than keep."""
        self.messages[message.id] = message
        self.next_message = message.id + 1
        if len(self.messages) > keep:
            del self.messages[next(iter(self.messages))]
        return message

    def live(self, id):
        m = self.messages.get(id)
        return None if m is None or m.deleted else m

    def topic(self, thread):
        """None: there is none, or it was deleted."""
        t = self.topics.get(thread) if self.forum else None
        return None if t is None or t["deleted"] else t


class Flood:
    """Limits, each {"rate": per second, "burst": n, "penalty": seconds}; none is set at first.

    chat counts sends to and edits in one private chat, group the same for one group, bulk
    all sends of the bot. Who goes over a limit waits until it is refilled, or for penalty
    when that is longer; asking again earlier is refused with what is left.
    """
    REAL = {"chat": {"rate": 1, "burst": 3}, "group": {"rate": 20 / 60, "burst": 20},
            "bulk": {"rate": 30, "burst": 30}}

    def __init__(self, clock):
        self.clock = clock
        self.limits = {}
        self.buckets = {}

    def set(self, limits):
        self.limits, self.buckets = limits, {}

    def take(self, chat, send):
        """0, or the seconds to wait; then nothing was counted."""
        if not self.limits:
            return 0
        kinds = [("chat" if chat.type == "private" else "group", chat.id)]
        if send:
            kinds.append(("bulk", 0))
        now, found = self.clock.now(), []
        for kind, id in kinds:
            limit = self.limits.get(kind)
            if limit is None:
                continue
            b = self.buckets.setdefault((kind, id), [limit["burst"], now, 0.0])
            b[0] = min(limit["burst"], b[0] + (now - b[1]) * limit["rate"])
            b[1] = now
            if b[2] <= now and b[0] < 1 - 1e-9:
                b[2] = now + max((1 - b[0]) / limit["rate"], limit.get("penalty", 0))
            if b[2] > now:
                return max(1, int(-(-(b[2] - now - 1e-6) // 1)))
            found.append(b)
        for b in found:
            b[0] -= 1
        return 0


class World:
    """All of it. Raises KeyError for ids that nobody has."""

    def __init__(self, token, seed=1, username="credbot_bot"):
        self.rng = random.Random(seed)
        self.clock = Clock()
        self.queue = Queue(self.clock, self.rng)
        self.flood = Flood(self.clock)
        self.bot = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "credbot",
                    "username": username}
        self.bot_more = {"can_join_groups": True, "can_read_all_group_messages": False,
                         "supports_inline_queries": False, "can_connect_to_business": False,
                         "has_main_web_app": False, "has_topics_enabled": False,
                         "allows_users_to_create_topics": False}
        self.users = {self.bot["id"]: self.bot}
        self.chats = {}
        self.blocked = set()      # users who blocked the bot
        self.deactivated = set()
        self.queries = {}         # id: {chat, message_id, user, date, answer}
        self.query_window = 15    # seconds in which a callback can be answered
        self.keep_messages = 10_000  # of each chat
        self.commands = {}        # (scope, language): [BotCommand]
        self.texts = {"name": {"": "credbot"}, "description": {}, "short_description": {}}
        self.files = {}           # file_id: File
        self.actions = []

    # --- people and chats

    def add_user(self, id=None, **fields):
        if id is None:
            id = max((u for u in self.users if u != self.bot["id"]), default=1000) + 1
        user = {"id": id, "is_bot": bool(fields.pop("is_bot", False)),
                "first_name": fields.pop("first_name", f"User{id}")}
        user.update({k: v for k, v in fields.items() if v is not None})
        self.users[id] = user
        return user

    def private(self, user_id):
        """The chat with a user; made when they first write."""
        chat = self.chats.get(user_id)
        if chat is None:
            chat = Chat(user_id, "private")
            chat.user = self.users[user_id]
            self.chats[user_id] = chat
        return chat

    def add_chat(self, type, id=None, title=None, username=None, forum=False, bot="member"):
        if id is None:
            base = -1 if type == "group" else -1_000_000_000_001
            used = [c for c, chat in self.chats.items() if chat.user is None and
                    (chat.type == "group") == (type == "group")]
            id = min(used, default=base + 1) - 1
        chat = Chat(id, type, title or f"{type} {-id}", username, forum, bot)
        self.chats[id] = chat
        return chat

    def find(self, id):
        """By number or "@name"; None when the bot cannot know it."""
        if isinstance(id, str):
            name = id.lstrip("@").lower()
            return next((c for c in self.chats.values() if c.user is None and
                         (c.username or "").lower() == name), None)
        return self.chats.get(id)

    # --- what people do

    def post(self, chat, sender, content, thread=None, reply_to=None, date=None):
        m = Message(chat, chat.next_message, self.clock.now() if date is None else date,
                    sender, content)
        m.thread, m.reply_to = thread, reply_to
        m.changed = m.date
        return chat.add(m, self.keep_messages)

    def say(self, chat, sender, content, thread=None, reply_to=None, date=None):
        """(message, update id); the id is None when the bot is not told."""
        m = self.post(chat, sender, content, thread, reply_to, date)
        return m, self.tell(m)

    def tell(self, m, edited=False):
        if not self.hears(m):
            return None
        type = "channel_post" if m.chat.type == "channel" else "message"
        return self.queue.push(("edited_" if edited else "") + type, m.api(),
                               ("chat", m.chat.id), m.edit_date or m.date)

    def hears(self, m):
        """Is the bot told of this message? Privacy mode hides most of a group's."""
        chat = m.chat
        if chat.type == "private":
            return m.sender["id"] not in self.blocked
        if chat.bot in ("left", "kicked") or m.sender and m.sender["id"] == self.bot["id"]:
            return False
        if chat.type == "channel" or chat.bot == "administrator":
            return True
        text = m.content.get("text", m.content.get("caption"))
        if self.bot_more["can_read_all_group_messages"]:
            return True
        if m.reply_to is not None and m.reply_to.sender is self.bot:
            return True
        return text is not None and self.addressed(text, m.content)

    def addressed(self, text, content):
        me = "@" + self.bot["username"].lower()
        for e in content.get("entities", content.get("caption_entities", [])):
            part = cut(text, e["offset"], e["length"]).lower()
            if e["type"] == "bot_command" and ("@" not in part or part.endswith(me)):
                return True
            if e["type"] == "mention" and part == me:
                return True
            if e["type"] == "text_mention" and e["user"]["id"] == self.bot["id"]:
                return True
        return False

    @staticmethod
    def text(text, entities=None):
        content = {"text": text}
        entities = find_entities(text) if entities is None else entities
        if entities:
            content["entities"] = entities
        return content

    def press(self, chat, user, message, data, message_id=None):
        """(query id, update id). message None: too old for the bot to see."""
        id = str(self.rng.randrange(10 ** 17, 10 ** 18))
        if message is not None:
            shown = message.api()
        else:
            shown = {"chat": chat.short(), "message_id": message_id, "date": 0}
        self.queries[id] = {"chat": chat.id, "message_id": shown["message_id"],
                            "user": user["id"], "date": self.clock.now(), "data": data,
                            "answer": None}
        query = {"id": id, "from": user, "message": shown, "data": data,
                 "chat_instance": str(10 ** 15 + abs(chat.id))}
        return id, self.queue.push("callback_query", query, ("user", user["id"]))

    def member(self, chat, status, by):
        """The bot's own status changes: blocked, added, kicked."""
        old, chat.bot = chat.bot, status
        chat.rights = dict.fromkeys(RIGHTS, True) if status == "administrator" else {}
        change = {"chat": chat.short(), "from": by, "date": int(self.clock.now()),
                  "old_chat_member": self.bot_member(old, {}),
                  "new_chat_member": self.bot_member(status, chat.rights)}
        return self.queue.push("my_chat_member", change, ("member", chat.id))

    def bot_member(self, status, rights):
        m = {"user": self.bot, "status": status}
        if status == "kicked":
            m["until_date"] = 0
        if status == "administrator":
            m.update({"can_be_edited": False, "is_anonymous": False}, **rights)
        return m

    def migrate(self, chat, by):
        """A group becomes a supergroup with another id."""
        new = self.add_chat("supergroup", title=chat.title, bot=chat.bot)
        new.rights, new.members = dict(chat.rights), dict(chat.members)
        chat.migrated_to = new.id
        self.service(chat, by, {"migrate_to_chat_id": new.id})
        self.service(new, by, {"migrate_from_chat_id": chat.id})
        return new

    def service(self, chat, by, content, thread=None):
        """A service message; bots always hear those of others."""
        m = self.post(chat, by, content, thread)
        if by["id"] != self.bot["id"] and (chat.type == "private" or
                                           chat.bot not in ("left", "kicked")):
            self.queue.push("message", m.api(), ("chat", chat.id), m.date)
        return m

    def open_topic(self, chat, by, name, color=7322096):
        m = self.post(chat, by, {"forum_topic_created": {"name": name, "icon_color": color}})
        m.thread = m.id
        chat.topics[m.id] = {"name": name, "closed": False, "deleted": False, "color": color}
        if by["id"] != self.bot["id"]:
            self.queue.push("message", m.api(), ("chat", chat.id), m.date)
        return m.id

    def delete_topic(self, chat, thread):
        chat.topics[thread]["deleted"] = True
        for m in chat.messages.values():
            if m.thread == thread:
                m.deleted = True
