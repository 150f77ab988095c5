"""botapi_control.py - the commands of the double; botapi.py lists them."""
import base64
import json
import time
import urllib.parse
from collections import deque

from botapi_faults import Answer
from botapi_journal import READING
from botapi_schema import File, check
from botapi_text import check_entities, find_entities
from botapi_world import WEEK, Flood, dumps

MEDIA = {
    "voice": {"file_id": "voice1", "file_unique_id": "v1", "duration": 3,
              "mime_type": "audio/ogg", "file_size": 4000},
    "photo": [{"file_id": "photo1", "file_unique_id": "p1", "width": 90, "height": 90}],
    "document": {"file_id": "document1", "file_unique_id": "d1", "file_name": "a.pdf",
                 "mime_type": "application/pdf", "file_size": 1000},
    "sticker": {"file_id": "sticker1", "file_unique_id": "s1", "type": "regular", "width": 512,
                "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"},
    "location": {"latitude": 52.5, "longitude": 13.4},
    "contact": {"phone_number": "+12025550123", "first_name": "Mia"},
    "video": {"file_id": "video1", "file_unique_id": "w1", "width": 640, "height": 480,
              "duration": 5},
    "audio": {"file_id": "audio1", "file_unique_id": "a1", "duration": 60},
}


class Wrong(Exception):
    """A command that cannot be carried out."""


def shown(entry):
    n, at, verb, method, params, conn, lines, size = entry
    headers = (line.partition(":") for line in lines.decode("latin-1").split("\r\n"))
    return {"n": n, "date": at, "verb": verb, "method": method, "connection": conn,
            "headers": {name.lower(): value.strip() for name, _, value in headers if name},
            "body_size": size,
            "params": {k: {"name": v.name, "type": v.type, "size": len(v.data)}
                       if isinstance(v, File) else v for k, v in params.items()}}


class Control:
    def __init__(self, api):
        self.api = api
        self.world = api.world
        self.waiters = []
        self.looking = False

    def handle(self, r):
        name = r.path.removeprefix("/control/")
        try:
            p = self.arguments(r)
            if name == "wait":
                return self.wait(p, r.conn)
            fn = getattr(self, "do_" + name, None)
            if fn is None:
                raise Wrong(f"no command {name!r}")
            self.conn = r.conn
            if name not in READING:
                self.api.journal.add("command", name, p)
            result = fn(p)
        except Wrong as e:
            return r.conn.reply(400, dumps({"error": str(e)}))
        except (KeyError, TypeError, ValueError) as e:
            return r.conn.reply(400, dumps({"error": f"{name}: {type(e).__name__} {e}"}))
        self.look()
        r.conn.answer(Answer(200, dumps({"ok": True} if result is None else result)))

    @staticmethod
    def arguments(r):
        if r.body:
            p = json.loads(r.body)
            if not isinstance(p, dict):
                raise Wrong("not an object")
            return p
        p = {}
        for k, v in urllib.parse.parse_qsl(r.query):
            try:
                p[k] = json.loads(v)
            except ValueError:
                p[k] = v
        return p

    # --- waiting

    def wait(self, p, conn):
        start = time.monotonic()
        unknown = set(p) - set(self.CONDITIONS) - {"timeout", "chat", "method", "text"}
        if unknown:
            raise Wrong(f"wait: unknown {sorted(unknown)}")
        timer = self.api.loop.call_later(p.get("timeout", 10), self.give_up, conn)
        waiter = (p, conn, start, timer)
        self.waiters.append(waiter)
        conn.on_lost = self.give_up
        self.check_waiters()

    def give_up(self, conn):
        for w in [w for w in self.waiters if w[1] is conn]:
            self.finish(w, False)

    def finish(self, w, good):
        p, conn, start, timer = w
        self.waiters.remove(w)
        timer.cancel()
        conn.on_lost = None
        conn.answer(Answer(200, dumps({"ok": good, "took": time.monotonic() - start,
                                       "missing": [] if good else self.missing(p)})))

    def look(self):
        """Something changed: whoever waits is served once the loop is free."""
        if self.waiters and not self.looking:
            self.looking = True
            self.api.loop.call_soon(self.check_waiters)

    def check_waiters(self):
        self.looking = False
        for w in list(self.waiters):
            if not self.missing(w[0]):
                self.finish(w, True)

    def missing(self, p):
        return [k for k in p if k in self.CONDITIONS and not self.CONDITIONS[k](self, p)]

    def of_bot(self, p):
        chat = self.world.chats.get(p["chat"])
        return [m for m in chat.messages.values() if m.sender is self.world.bot
                and not m.deleted] if chat else []

    def has_text(self, p):
        return "chat" not in p or any(p["text"] in (m.content.get("text") or "")
                                      for m in self.of_bot(p))

    CONDITIONS = {
        "bot_messages": lambda s, p: len(s.of_bot(p)) >= p["bot_messages"],
        "text": has_text,
        "requests": lambda s, p: (s.api.calls[p["method"]] if "method" in p else
                                  s.api.total) >= p["requests"],
        "confirmed": lambda s, p: s.world.queue.confirmed >= p["confirmed"],
        "update": lambda s, p: all(u.id != p["update"] for u in s.world.queue.items),
        "pending": lambda s, p: len(s.world.queue.items) <= p["pending"],
        "polling": lambda s, p: (s.api.poller.held is not None) == bool(p["polling"]),
        "answered": lambda s, p: s.world.queries[p["answered"]]["answer"] is not None,
        "connections": lambda s, p: s.api.opened >= p["connections"],
        "violations": lambda s, p: len(s.api.violations) >= p["violations"],
        "action": lambda s, p: any(a["chat"] == p["action"] for a in s.world.actions),
        "conflicts": lambda s, p: s.api.poller.conflicts >= p["conflicts"],
        "delivered": lambda s, p: s.api.sender.sent >= p["delivered"],
        "attempts": lambda s, p: len(s.api.sender.attempts) >= p["attempts"],
        "delivering": lambda s, p: len(s.api.sender.running) <= p["delivering"],
    }

    # --- people and chats

    def chat(self, p, key="chat"):
        chat = self.world.chats.get(p[key])
        if chat is None:
            if p[key] in self.world.users:
                return self.world.private(p[key])
            raise Wrong(f"no chat {p[key]}")
        return chat

    def user(self, p, key="user"):
        user = self.world.users.get(p.get(key))
        if user is None:
            raise Wrong(f"no user {p.get(key)}")
        return user

    def do_user(self, p):
        return self.world.add_user(p.pop("id", None), **p)

    def do_chat(self, p):
        if p["type"] not in ("group", "supergroup", "channel"):
            raise Wrong(f"type {p['type']!r}: a private chat is there with its user")
        chat = self.world.add_chat(p["type"], p.get("id"), p.get("title"), p.get("username"),
                                   bool(p.get("is_forum")), p.get("bot", "member"))
        chat.rights.update(p.get("rights", {}))
        chat.members = dict.fromkeys(p.get("members", []), "member")
        return chat.short()

    def do_topic(self, p):
        chat = self.chat(p)
        if not chat.forum:
            raise Wrong("not a forum")
        return {"message_thread_id": self.world.open_topic(chat, self.user(p), p["name"])}

    def do_topic_delete(self, p):
        self.world.delete_topic(self.chat(p), p["thread"])

    def do_topic_close(self, p):
        chat = self.chat(p)
        chat.topics[p["thread"]]["closed"] = True
        by = self.user(p) if "user" in p else self.world.bot
        self.world.service(chat, by, {"forum_topic_closed": {}}, p["thread"])

    def do_send(self, p):
        user = self.user(p)
        chat = self.chat(p) if "chat" in p else self.world.private(user["id"])
        if chat.type == "private" and user["id"] in self.world.blocked:
            raise Wrong("who blocked the bot unblocks it first")
        if chat.type != "private" and user["id"] not in chat.members:
            chat.members[user["id"]] = "member"
        if "media" in p:
            content = {k: {**MEDIA[k], **v} if isinstance(MEDIA[k], dict) else v or MEDIA[k]
                       for k, v in p["media"].items()}
            if "caption" in p:
                content["caption"] = p["caption"]
                found = self.entities(p, p["caption"])
                if found:
                    content["caption_entities"] = found
        else:
            content = self.world.text(p["text"], self.entities(p, p["text"]))
        reply = None
        if p.get("reply_to") is not None:
            reply = chat.live(p["reply_to"])
            if reply is None:
                raise Wrong(f"no message {p['reply_to']}")
        thread = p.get("thread")
        if thread is not None and chat.topic(thread) is None:
            raise Wrong(f"no topic {thread}")
        m, update = self.world.say(chat, user, content, thread, reply, p.get("date"))
        return {"message_id": m.id, "update_id": update}

    @staticmethod
    def entities(p, text):
        if "entities" not in p:
            return find_entities(text)
        wrong = []
        check(p["entities"], ("array", "MessageEntity"), "entities", wrong)
        if not wrong:
            check_entities(text, p["entities"], "entities", wrong)
        if wrong:
            raise Wrong(wrong[0])
        return p["entities"]

    def do_edit(self, p):
        m = self.chat(p).live(p["message_id"])
        if m is None:
            raise Wrong(f"no message {p['message_id']}")
        m.edits.append({"date": m.changed, "text": m.content.get("text"),
                        "entities": m.content.get("entities", []), "keyboard": m.markup})
        m.content = self.world.text(p["text"], self.entities(p, p["text"]))
        m.edit_date = m.changed = self.world.clock.now()
        return {"update_id": self.world.tell(m, edited=True)}

    def do_press(self, p):
        chat = self.chat(p)
        user = self.user(p) if "user" in p else chat.user
        if user is None:
            raise Wrong("who presses?")
        if p.get("forge") or p.get("inaccessible"):
            m = None if p.get("inaccessible") else chat.messages[p["message_id"]]
            id, update = self.world.press(chat, user, m, p["data"], p.get("message_id"))
        else:
            m, data = self.button(chat, p)
            id, update = self.world.press(chat, user, m, data)
        return {"query_id": id, "update_id": update}

    @staticmethod
    def button(chat, p):
        """The message and the data of a button by its text, or by its data."""
        want = ("text", p["text"]) if "text" in p else ("callback_data", p["data"])
        ids = [p["message_id"]] if "message_id" in p else reversed(chat.messages)
        shown = []
        for id in ids:
            m = chat.live(id)
            for row in (m.markup or {}).get("inline_keyboard", []) if m else []:
                for b in row:
                    if b.get(want[0]) == want[1]:
                        if "callback_data" not in b:
                            raise Wrong(f"button {want[1]!r} has no callback_data")
                        return m, b["callback_data"]
                    shown.append(b["text"])
        raise Wrong(f"no button {want[1]!r} among {shown}")

    def do_react(self, p):
        chat, user = self.chat(p), self.user(p)
        m = chat.live(p["message_id"])
        old = m.reactions.get(str(user["id"]), [])
        m.reactions[str(user["id"])] = [p["emoji"]]
        reaction = {"chat": chat.short(), "message_id": m.id, "user": user,
                    "date": int(self.world.clock.now()),
                    "old_reaction": [{"type": "emoji", "emoji": e} for e in old],
                    "new_reaction": [{"type": "emoji", "emoji": p["emoji"]}]}
        return {"update_id": self.world.queue.push("message_reaction", reaction,
                                                   ("chat", chat.id))}

    def do_block(self, p):
        user = self.user(p)
        update = self.world.member(self.world.private(user["id"]), "kicked", user)
        self.world.blocked.add(user["id"])
        return {"update_id": update}

    def do_unblock(self, p):
        user = self.user(p)
        self.world.blocked.discard(user["id"])
        return {"update_id": self.world.member(self.world.private(user["id"]), "member", user)}

    def do_deactivate(self, p):
        self.world.deactivated.add(self.user(p)["id"])

    def do_member(self, p):
        chat, user, status = self.chat(p), self.user(p), p["status"]
        if status not in ("member", "administrator", "left", "kicked"):
            raise Wrong(f"status {status!r}")
        was_in = chat.bot in ("member", "administrator")
        update = self.world.member(chat, status, user)
        chat.rights.update(p.get("rights", {}))
        if not was_in and status in ("member", "administrator"):
            self.world.service(chat, user, {"new_chat_members": [self.world.bot]})
        return {"update_id": update}

    def do_migrate(self, p):
        chat = self.chat(p)
        if chat.type != "group":
            raise Wrong("not a basic group")
        return {"chat": self.world.migrate(chat, self.user(p)).id}

    # --- updates

    def do_update(self, p):
        if "raw" in p or "raw_base64" in p:
            body = p["raw"].encode() if "raw" in p else base64.b64decode(p["raw_base64"])
            return {"update_id": self.world.queue.push_raw(body, ("raw", 0))}
        type, obj = p["type"], p["object"]
        if type == "callback_query":
            self.world.queries[obj["id"]] = {"date": self.world.clock.now(), "answer": None}
        return {"update_id": self.world.queue.push(type, obj, ("raw", type), force=True)}

    def do_body(self, p):
        order = {"method": "getUpdates", "fault": "body", "times": p.get("times", 1)}
        if "base64" in p:
            order["body_base64"] = p["base64"]
        else:
            order["body"] = p["text"]
        self.api.faults.add(order)

    def do_bulk(self, p):
        users = [self.world.add_user() for _ in range(p["chats"])]
        last = None
        for i in range(p["per_chat"]):
            for u in users:
                text = p.get("text", "message %d").replace("%d", str(i + 1))
                _, last = self.world.say(self.world.private(u["id"]), u, {"text": text})
        return {"users": [u["id"] for u in users], "last_update_id": last}

    def do_idle(self, p):
        if self.world.queue.items:
            raise Wrong("there are updates that were not confirmed")
        self.world.clock.advance(WEEK + 1)
        q = self.world.queue
        q.next_id = p.get("next") or self.world.rng.randrange(1_000_000, 900_000_000)
        q.last_push = self.world.clock.now()
        return {"next": q.next_id}

    # --- the server

    def do_clock(self, p):
        c = self.world.clock
        if "freeze" in p or "set" in p:
            c.set(p.get("set"), p.get("freeze"))
        if "advance" in p:
            c.advance(p["advance"])
        if p.get("polls"):
            self.api.poller.end()
        return {"now": c.now(), "frozen": c.frozen}

    def do_flood(self, p):
        limits = dict(Flood.REAL) if p.pop("real", False) else {}
        limits.update(p)
        if set(limits) - set(Flood.REAL):
            raise Wrong(f"limits are {sorted(Flood.REAL)}")
        self.world.flood.set(limits)
        return limits

    def do_faults(self, p):
        faults = self.api.faults
        if p.get("clear"):
            faults.clear()
        elif p:
            faults.add(p)
        return [f.record() for f in faults.list]

    def do_config(self, p):
        for k, v in p.items():
            if k in ("query_window", "keep_messages"):
                setattr(self.world, k, v)
            elif k == "keep_requests":
                self.api.log = deque(self.api.log, maxlen=v)
            elif k in self.world.bot_more:
                self.world.bot_more[k] = v
            elif k in self.world.bot:
                self.world.bot[k] = v
            else:
                raise Wrong(f"no setting {k!r}")

    def do_restart(self, p):
        self.api.drop_all(but=self.conn)

    # --- what happened

    def do_transcript(self, p):
        chat = self.chat(p)
        return [m.record() for m in chat.messages.values()
                if "thread" not in p or m.thread == p["thread"]]

    def do_requests(self, p):
        method, since = p.get("method"), p.get("since", 0)
        return [shown(e) for e in self.api.log
                if e[0] > since and (method is None or e[3] == method)]

    def do_counters(self, p):
        a, q, poll = self.api, self.world.queue, self.api.poller
        q.expire()
        return {"connections": a.opened, "open": len(a.connections), "requests": a.total,
                "methods": dict(a.calls), "pushed": q.pushed, "confirmed": q.confirmed,
                "last_confirmed": q.last_confirmed, "dropped": q.dropped, "expired": q.expired,
                "filtered": q.filtered, "pending": len(q.items), "next_update": q.next_id,
                "conflicts": poll.conflicts, "polls_answered": poll.answered,
                "polling": poll.held is not None, "forced_timeouts": poll.forced_timeouts,
                "forced_limits": poll.forced_limits, "delivered": a.sender.sent,
                "violations": len(a.violations)}

    def do_violations(self, p):
        found = list(self.api.violations)
        if p.get("clear"):
            self.api.violations.clear()
        return found

    def do_queries(self, p):
        return self.world.queries

    def do_actions(self, p):
        return self.world.actions

    def do_commands(self, p):
        return [{"scope": dict(json.loads(scope)), "language_code": language, "commands": c}
                for (scope, language), c in self.world.commands.items()]

    def do_texts(self, p):
        return self.world.texts

    def do_webhook(self, p):
        return dict(self.api.webhook.info(), secret_token=self.api.webhook.secret,
                    attempts=self.api.sender.attempts, running=len(self.api.sender.running))

    def do_file(self, p):
        f = self.world.files[p["id"]]
        return {"name": f.name, "type": f.type, "base64": base64.b64encode(f.data).decode()}
