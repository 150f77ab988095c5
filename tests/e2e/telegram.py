#!/usr/bin/env python3
"""telegram.py - the program on Telegram, against the Bot API of tests/fake.

Each check is named after the requirement that it bears; at the end the Bot API must have seen
no request that its documentation does not allow, and the log no token.
"""
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

from lib.daemon import ROOT, Checks, Daemon, program, run_parts
from lib.telegram import TOKEN, Telegram

c = Checks()
QUESTION = "What is a micro-credential?"
ANSWER = "short, focused course"


class House:
    """The Bot API, the program, and a student."""

    def __init__(self, telegram=None, **options):
        self.tg = telegram or Telegram()
        self.daemon = Daemon({"web.listen": '"off"', "telegram.api_url": self.tg.base_url,
                              "telegram.token_file": "TOKEN_FILE", "log.level": "debug",
                              **options})
        path = os.path.join(self.daemon.dir, "token")
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write(TOKEN + "\n")
        self.daemon.plant(TOKEN.split(":")[1])
        if self.daemon.options["telegram.token_file"] == "TOKEN_FILE":
            self.daemon.options["telegram.token_file"] = path
        self.daemon.write_config()
        self.seen = 0

    def start(self):
        self.daemon.start()
        self.daemon.wait_log("credbot is ready")
        return self

    def polling(self):
        return self.tg.wait(polling=True)

    def __enter__(self):
        self.start()
        c.check(self.polling(), "it polls")
        return self

    def user(self, uid=7, name="Mia"):
        self.tg.control("user", id=uid, first_name=name)
        return uid

    def say(self, text, uid=7, **more):
        return self.tg.control("send", user=uid, text=text, **more)

    def command(self, text, uid=7, **more):
        length = len(text.split()[0])
        return self.say(text, uid, entities=[{"type": "bot_command", "offset": 0,
                                              "length": length}], **more)

    def answers(self, chat=7):
        return [m for m in self.tg.control("transcript", chat=chat) if m["bot"]]

    def wait(self, n, chat=7, timeout=10):
        """n answers in all; returns them."""
        self.tg.wait(timeout=timeout, chat=chat, bot_messages=n)
        return self.answers(chat)

    def requests(self, method):
        return self.tg.control("requests", method=method)

    def __exit__(self, *_):
        for r in self.requests("setWebhook"):
            self.daemon.plant(r["params"].get("secret_token", TOKEN))
        log = self.daemon.log()
        self.daemon.stop()
        bad = self.tg.control("violations")
        c.equal(bad, [], "no request that the Bot API does not know")
        secret = TOKEN.split(":")[1]
        c.check(secret not in log and secret.replace("-", "%2D") not in log,
                "S-23: no token in the log")
        self.daemon.close()
        self.tg.close()


def beginning():
    with House() as h:
        methods = [r["method"] for r in h.tg.control("requests")]
        c.check(methods.index("getMe") < methods.index("deleteWebhook") < methods.index(
            "getUpdates"), "R-12: who we are, no webhook, then news", methods)
        c.check("drop_pending_updates" not in h.requests("deleteWebhook")[0]["params"],
                "R-12: the backlog stays")
        first = h.requests("getUpdates")[0]["params"]
        c.equal((first["timeout"], first["limit"]), (50, 100), "R-1: a long poll")
        c.equal(sorted(first["allowed_updates"]), ["callback_query", "edited_message", "message",
                                                   "my_chat_member"], "R-1: what we read")
        h.tg.wait(method="setMyCommands", requests=3)
        shown = {x["scope"]["type"]: [y["command"] for y in x["commands"]]
                 for x in h.tg.control("commands")}
        everything = ["help", "topics", "privacy", "export", "delete", "feedback", "restart"]
        c.equal(shown, {"default": everything, "all_private_chats": everything,
                        "all_group_chats": ["help", "topics", "privacy"]},
                "S-15: the menu of commands, of each kind of chat")
        c.equal(h.requests("setMyName") + h.requests("getMyDescription"), [],
                "S-16: what is not configured is left alone")
        h.daemon.stop()
        h.start()
        c.check(h.polling(), "again")
        h.tg.wait(method="getMyCommands", requests=6)
        h.user()
        h.say(QUESTION)
        h.wait(1)
        c.equal(len(h.requests("setMyCommands")), 3, "S-15: set only when it differs")


def profile():
    about = 'Ask me about "micro-credentials": costs, credits, where to find one.'
    with House(**{"telegram.name": "Ask Cred", "telegram.about": f"'{about}'",
                  "telegram.description": "Über Micro-Credentials"}) as h:
        def set_calls():
            return [len(h.requests(x)) for x in ("setMyName", "setMyDescription",
                                                 "setMyShortDescription")]

        for method in ("setMyName", "setMyDescription", "setMyShortDescription"):
            h.tg.wait(method=method, requests=1)
        texts = h.tg.control("texts")
        c.equal((texts["name"][""], texts["description"][""], texts["short_description"][""]),
                ("Ask Cred", "Über Micro-Credentials", about), "S-16: set")
        h.daemon.options["telegram.name"] = "Cred"
        h.daemon.write_config()
        h.daemon.stop()
        h.start()
        c.check(h.polling(), "again")
        h.tg.wait(method="setMyName", requests=2)
        h.tg.wait(method="getMyShortDescription", requests=2)
        h.user()
        h.say(QUESTION)
        h.wait(1)
        c.equal(set_calls(), [2, 1, 1], "S-16: only what differs")
        c.equal(h.tg.control("texts")["name"][""], "Cred", "S-16: another name")


def conversation():
    with House() as h:
        h.user()
        h.command("/start")
        hello = h.wait(1)[0]
        c.check("I am a bot" in hello["text"], "P-1: /start says who we are", hello["text"])
        h.command("/start")
        c.check("ello" in h.wait(2)[1]["text"] or len(h.answers()) == 2,
                "/start again is greeted, too")
        h.say(QUESTION)
        a = h.wait(3)[2]
        c.check(ANSWER in a["text"], "an answer", a["text"])
        bold = [e for e in a["entities"] if e["type"] == "bold"][0]
        c.equal(a["text"][bold["offset"]:bold["offset"] + bold["length"]], "one specific skill",
                "S-4: plain text and entities")
        c.check(h.requests("sendMessage")[-1]["params"].get("parse_mode") is None, "S-4")
        c.equal(a["link_preview_options"], {"is_disabled": True}, "S-18: no preview")
        c.equal(a["reply_to"], None, "S-19: no reply in a private chat")
        buttons = [row[0] for row in a["keyboard"]["inline_keyboard"]]
        c.check(all(len(b["callback_data"]) <= 64 for b in buttons), "S-9: data fit")
        query = h.tg.control("press", chat=7, text=buttons[0]["text"])["query_id"]
        c.check(h.tg.wait(answered=query), "S-10: the press is answered")
        c.check(len(h.wait(4)) == 4, "a button does what it says")
        h.command("/help@credbot_bot")
        c.check(len(h.wait(5)) == 5, "R-18: a command with our name")
        h.tg.control("send", user=7, media={"voice": {}})
        c.check("voice message" in h.wait(6)[5]["text"], "a voice message is answered in words",
                h.answers()[-1]["text"])


def languages():
    """What a student's app is set to is a hint, and kept."""
    with House() as h:
        for uid, code in ((7, "en-GB"), (8, "de"), (9, None), (10, "pt-br"), (11, "EN")):
            h.tg.control("user", id=uid, first_name="S", language_code=code)
            h.command("/start", uid)
        told = {uid: "English only" in h.wait(1, chat=uid)[0]["text"] for uid in range(7, 12)}
        c.equal(told, {7: False, 8: True, 9: False, 10: True, 11: False},
                "S-20: a language that the bot has not is said plainly")
        with sqlite3.connect(h.daemon.databases()[0]) as db:
            kept = dict(db.execute("SELECT account, lang FROM peer"))
        c.equal(kept, {"7": "en-GB", "8": "de", "9": "", "10": "pt-br", "11": "EN"},
                "S-20: kept with who wrote")
        h.command("/start", 8)
        c.check("English only" not in h.wait(2, chat=8)[1]["text"], "S-20: once")


def forged_buttons():
    with House() as h:
        h.user()
        h.user(8, "Bo")
        h.say(QUESTION)
        a = h.wait(1)[0]
        good = a["keyboard"]["inline_keyboard"][0][0]["callback_data"]
        h.say("hello", 8)
        his = h.wait(1, chat=8)[0]["message_id"]
        for what, data in (("another's", good), ("nonsense", "abc"), ("cut", good[:-1])):
            q = h.tg.control("press", chat=8, user=8, data=data, forge=True,
                             message_id=his)["query_id"]
            c.check(h.tg.wait(answered=q), "S-9: answered all the same", what)
        toast = [r for r in h.requests("answerCallbackQuery") if r["params"].get("text")]
        c.equal(len(toast), 3, "S-9: with a friendly word")
        q = h.tg.control("press", chat=7, user=7, data=good, message_id=a["message_id"],
                         inaccessible=True)["query_id"]
        c.check(h.tg.wait(answered=q), "S-11: a button of a message that is gone")
        c.equal(len(h.wait(2)), 2, "S-11: a new message")
        c.equal(len(h.answers(8)), 1, "S-9: and nothing else for the forger")


def groups():
    with House() as h:
        h.user()
        h.user(8, "Bo")
        g = h.tg.control("chat", type="supergroup", title="Class", members=[7, 8],
                         bot="member")["id"]
        h.tg.control("config", can_read_all_group_messages=True)
        h.say("what is a bootcamp?", chat=g)
        h.say("@credbot_bot " + QUESTION, 8, chat=g, entities=[
            {"type": "mention", "offset": 0, "length": 12}])
        a = h.wait(1, chat=g)
        c.equal(len(a), 1, "R-19: only what is said to us is answered")
        c.check(ANSWER in a[0]["text"], "R-19: a mention", a[0]["text"])
        c.check(a[0]["reply_to"], "S-19: as a reply")
        h.say("tell me more", 8, chat=g, reply_to=a[0]["message_id"])
        c.equal(len(h.wait(2, chat=g)), 2, "R-19: a reply to us")
        with sqlite3.connect(h.daemon.databases()[0]) as db:
            kept = [r[0] for r in db.execute("SELECT text FROM inbox")]
        c.check("what is a bootcamp?" not in kept, "P-7: what is not for us is not kept", kept)
        channel = h.tg.control("chat", type="channel", title="News", bot="administrator")["id"]
        h.tg.control("update", type="channel_post", object={
            "message_id": 1, "date": 1, "chat": {"id": channel, "type": "channel"},
            "text": QUESTION})
        h.tg.wait(pending=0)
        c.equal(h.answers(channel), [], "R-19: channels are passed over")


def moving():
    """A group becomes a supergroup in the middle of a conversation."""
    with House() as h:
        h.user()
        g = h.tg.control("chat", type="group", title="Class", members=[7], bot="member")["id"]
        h.command("/help@credbot_bot", chat=g)
        h.wait(1, chat=g)
        new = h.tg.control("migrate", chat=g, user=7)["chat"]
        h.tg.wait(pending=0)
        h.command("/topics@credbot_bot", chat=new)
        c.equal(len([m for m in h.answers(new)]) or len(h.wait(1, chat=new)), 1,
                "R-16: goes on in the new one")
        with sqlite3.connect(h.daemon.databases()[0]) as db:
            accounts = [r[0] for r in db.execute("SELECT account FROM peer")]
        c.equal(accounts, [f"{new}/0/7"], "R-16: as the same conversation")


def odd_updates():
    with House() as h:
        h.user()
        for kind in ("widget_query", "guest_message", "subscription", "poll", "purchased_paid_media"):
            h.tg.control("update", type=kind, object={"id": 1, "new": [None, {}]})
        deep = "[" * 10000 + "]" * 10000
        h.tg.control("update", raw='{"update_id":%ID%,"message":' + deep + "}")
        h.tg.control("update", raw='{"update_id":%ID%,"message":{"text":"' + "x" * 1000000 + '"}}')
        h.tg.control("update", raw='{"update_id":%ID%,"message":{"message_id":NaN}}')
        for value in ("1", '"x"', "[]", "{}", "null", "true", "1.5", "-99999999999999999999"):
            h.tg.control("update", raw='{"update_id":%%ID%%,"message":%s}' % value)
            h.tg.control("update", raw=('{"update_id":%%ID%%,"message":{"message_id":1,"from":%s,'
                                        '"chat":%s,"text":%s,"entities":%s}}') % ((value,) * 4))
        h.say(QUESTION)
        c.check(ANSWER in (h.wait(1) or [{"text": ""}])[0]["text"],
                "R-8, R-9: the question behind them is answered")
        c.check(h.tg.wait(pending=0), "R-8: all are confirmed")


def edits():
    with House() as h:
        h.user()
        m = h.say("what is a bootcamp?")
        first = h.wait(1)[0]
        h.tg.control("edit", chat=7, message_id=m["message_id"], text=QUESTION)
        h.tg.wait(method="editMessageText", requests=1)
        a = h.answers()
        c.equal(len(a), 1, "R-20: an edit brings no second answer")
        c.equal(a[0]["message_id"], first["message_id"], "R-20: but changes the first")
        c.check(ANSWER in a[0]["text"], "R-20: to what is asked now", a[0]["text"])
        h.tg.control("edit", chat=7, message_id=m["message_id"], text=QUESTION + "?")
        h.tg.wait(method="editMessageText", requests=2)
        h.say("thanks")
        c.equal(len(h.wait(2)), 2, "S-12: not modified is no failure")
        h.tg.control("faults", fault="error", method="editMessageText", error_code=400,
                     description="Bad Request: message to edit not found", times=1)
        h.tg.control("edit", chat=7, message_id=m["message_id"], text="what is a digital badge?")
        c.equal(len(h.wait(3)), 3, "S-12: a message that is gone is sent anew")


def idle_week():
    with House() as h:
        h.user()
        h.say(QUESTION)
        h.wait(1)
        h.tg.control("idle")
        h.say("how much does it cost?")
        c.equal(len(h.wait(2)), 2, "R-4: ids that jump")
        h.tg.control("faults", fault="duplicate", method="getUpdates", times=2)
        h.say("how long does it take?")
        h.wait(3)
        h.say("thank you")
        h.wait(4)
        c.equal(len(h.answers()), 4, "R-4: what comes twice is answered once")


def outages():
    with House() as h:
        h.user()
        for fault, more in (("html_502", {}), ("reset_before", {}), ("truncated_json", {}),
                            ("error", {"error_code": 500, "description":
                                       "Internal Server Error: restart"}),
                            ("error", {"error_code": 429, "description": "Too Many Requests",
                                       "parameters": {"retry_after": 1}}),
                            ("gzip_bomb", {}), ("garbage", {})):
            h.tg.control("faults", fault=fault, method="getUpdates", times=1, **more)
            n = len(h.answers())
            h.tg.control("restart")
            h.say(f"{QUESTION} ({fault})")
            # An answer that left on a connection which died is sent again after half a minute.
            c.equal(len(h.wait(n + 1, timeout=60)), n + 1, f"R-11: polling goes on after {fault}")
        polls = len(h.requests("getUpdates"))
        h.tg.control("faults", fault="error", method="getUpdates", error_code=409,
                     description="Conflict: terminated by other getUpdates request; make sure "
                                 "that only one bot instance is running", times=1)
        h.tg.control("restart")
        c.check(h.daemon.wait_log("another program asks"), "R-10: a conflict is named")
        c.check(len(h.requests("getUpdates")) <= polls + 3, "R-10: no spinning")


def black_hole():
    """A poll that nobody ever answers: the next one goes over a connection of its own."""
    with House() as h:
        h.user()
        h.tg.control("faults", fault="hang", method="getUpdates", times=1)
        began = time.monotonic()
        h.tg.control("restart")  # ends the poll that is held; the next one falls into the hole
        h.tg.wait(method="getUpdates", requests=2)
        polls = len(h.requests("getUpdates"))
        h.say(QUESTION)
        a = h.wait(1, timeout=90)
        took = time.monotonic() - began
        c.check(a and ANSWER in a[0]["text"], "R-2: polling goes on", a)
        c.check(55 < took < 75, "R-2: when its time is up, and soon", took)
        asked = h.requests("getUpdates")
        c.check(asked[polls]["connection"] != asked[polls - 1]["connection"],
                "R-2: over a fresh connection")


FLOOD_CHATS, FLOOD_EACH, FLOOD_RSS_MB = 5000, 10, 90


def flood():
    """50,000 updates wait: none is lost, each chat in order, and memory stays bounded."""
    with House(**{"chat.flood_burst": 1000, "log.level": "warn"}) as h:
        h.daemon.stop()
        h.tg.control("config", keep_requests=100)
        users = h.tg.control("bulk", chats=FLOOD_CHATS, per_chat=FLOOD_EACH,
                             text="what is a micro-credential? %d")["users"]
        h.start()
        most, n = 0, 0
        end = time.monotonic() + 400
        while time.monotonic() < end and not (
                h.tg.wait(timeout=2, pending=0) and
                h.tg.wait(timeout=2, method="sendMessage", requests=FLOOD_CHATS * FLOOD_EACH)):
            most = max(most, h.daemon.rss_mb())
        lost = disorder = 0
        for uid in users:
            said = h.answers(uid)
            lost += FLOOD_EACH - len(said)
        with sqlite3.connect(h.daemon.databases()[0]) as db:
            rows = db.execute("SELECT peer, text FROM inbox ORDER BY peer, seq").fetchall()
            sent = db.execute("SELECT peer, reply_to, CAST(ext_id AS INTEGER) FROM outbox "
                              "ORDER BY peer, CAST(ext_id AS INTEGER)").fetchall()
        n = len(rows)
        for before, after in zip(sent, sent[1:]):
            disorder += before[0] == after[0] and before[1] > after[1]
        numbers = [int(text.rsplit(" ", 1)[1]) for _, text in rows]
        disorder += sum(a[0] == b[0] and x > y for a, b, x, y in
                        zip(rows, rows[1:], numbers, numbers[1:]))
        print(f"updates={n} lost={lost} out of order={disorder} rss={most:.0f} MB", flush=True)
        c.equal(n, FLOOD_CHATS * FLOOD_EACH, "R-7: all on disk")
        c.equal(lost, 0, "R-7: all answered")
        c.equal(disorder, 0, "R-7: in order")
        if os.environ.get("BUILD") != "asan":  # which keeps what was freed
            c.check(0 < most < FLOOD_RSS_MB, "R-7: bounded memory", most)


def presses_first():
    """A press is answered while all answers to messages hang."""
    with House() as h:
        h.user()
        h.say(QUESTION)
        button = h.wait(1)[0]["keyboard"]["inline_keyboard"][0][0]["text"]
        h.tg.control("faults", fault="hang", method="sendMessage", times=-1)
        for uid in range(101, 121):
            h.user(uid, f"S{uid}")
            h.say(QUESTION, uid)
        h.tg.wait(method="sendMessage", requests=9)
        h.tg.wait(pending=0)
        query = h.tg.control("press", chat=7, text=button)["query_id"]
        c.check(h.tg.wait(answered=query, timeout=5), "R-33: a press passes all that waits")
        c.equal(len(h.requests("sendMessage")), 9, "R-33: which waits still")


def long_answer(h):
    """An article whose second half takes three messages, in a copy of the data."""
    data = os.path.join(h.daemon.dir, "data")
    shutil.copytree(os.path.join(ROOT, "data"), data)
    path = os.path.join(data, "kb/en/what-is-a-microcredential.md")
    with open(path) as f:
        head, mark, _ = f.read().partition("<!-- more -->")
    more = "".join(f"\n\nParagraph {i}: " + "more and more of it, so that it grows long. " * 22
                   for i in range(9))
    with open(path, "w") as f:
        f.write(head + mark + more + "\n")
    shutil.copy(os.path.join(ROOT, "build/en.model"), data)
    h.daemon.options["data.dir"] = data
    h.daemon.write_config()


def broken_middle():
    """The second of three parts fails: the third is sent all the same."""
    h = House()
    long_answer(h)
    with h:
        h.user()
        h.say(QUESTION)
        h.wait(1)
        h.tg.control("faults", fault="reset_before", method="sendMessage", times=1, after=1)
        h.say("tell me more")
        h.tg.wait(method="sendMessage", requests=4)
        a = [m["text"] for m in h.wait(3)[1:]]
        c.equal(len(a), 2, "S-3: what comes behind it is sent")
        c.check("Paragraph 0" in a[0] and "Paragraph 8" in a[1], "S-3: first and last", a)
        a = [m["text"] for m in h.wait(6, timeout=60)[1:]]
        c.check("Paragraph 4" in "".join(a[2:]) and "second time" in a[-1],
                "S-3: and all of it once more, which it says", a[2:])


def bad_token():
    h = House()
    h.tg.control("faults", fault="error", method="getMe", error_code=401,
                 description="Unauthorized", times=100)
    h.start()
    c.check(h.daemon.wait_log("token is not accepted"), "R-11: a token that is refused is named")
    c.equal(len(h.requests("getMe")), 1, "R-11: and not tried again")
    c.check(h.daemon.process.poll() is None, "R-11: the program goes on")
    h.__exit__()


def sending():
    with House() as h:
        h.user()
        h.tg.control("faults", fault="error", method="sendMessage", chat=7, error_code=429,
                     description="Too Many Requests: retry after 1",
                     parameters={"retry_after": 1}, times=2)
        h.say(QUESTION)
        c.equal(len(h.wait(1)), 1, "R-31: sent when it may be")
        c.equal(len(h.requests("sendMessage")), 3, "R-31: not more often than that")
        h.tg.control("faults", fault="error", method="sendMessage", chat=7, error_code=400,
                     description="Bad Request: can't parse entities: unsupported", times=1)
        h.say(QUESTION + " (2)")
        a = h.wait(2)
        c.equal(a[1]["entities"], [], "S-5: once more without entities")
        h.tg.control("faults", fault="error", method="sendMessage", chat=7, error_code=500,
                     description="Internal Server Error: restart", times=1)
        h.say(QUESTION + " (3)")
        c.equal(len(h.wait(3)), 3, "S-2: a server that restarts")


def blocked():
    with House() as h:
        h.user()
        h.tg.control("faults", fault="error", method="sendMessage", chat=7, error_code=403,
                     description="Forbidden: bot was blocked by the user", times=1)
        h.say(QUESTION)
        c.check(h.daemon.wait_log("cannot be reached any more"), "R-17: a student who blocked us")
        n = len(h.requests("sendMessage"))
        h.say("hello again")
        c.equal(len(h.wait(1)), 1, "R-17: later messages are answered")
        c.equal(len(h.requests("sendMessage")), n + 1, "R-17: the refused one is not tried again")
        # Several wait while Telegram takes its time; the first that is refused ends all of them.
        h.tg.control("faults", fault="delay", method="sendMessage", ms=1000, times=1)
        for i in range(4):
            h.say(f"{QUESTION} ({i})")
        h.tg.wait(method="sendMessage", requests=n + 2)
        h.tg.wait(pending=0)
        h.tg.control("block", user=7)
        h.tg.wait(pending=0)
        c.check(h.daemon.wait_log("we were blocked"), "R-17: told by Telegram")
        h.user(8, "Bo")
        h.say(QUESTION, 8)
        h.wait(1, chat=8)

        def gone():
            with sqlite3.connect(h.daemon.databases()[0]) as db:
                return db.execute("SELECT account, gone_why FROM peer WHERE gone_at > 0").fetchall()

        c.equal(gone(), [("7", "we were blocked")], "R-17: remembered, with the reason")
        h.daemon.stop()
        h.start()
        h.polling()
        c.equal(len(h.requests("sendMessage")), n + 3, "R-17: no request for each that waited")
        h.tg.control("unblock", user=7)
        h.command("/start")
        h.tg.wait(pending=0)
        h.wait(3)
        c.equal(gone(), [], "R-17: reachable again")
        g = h.tg.control("chat", type="group", title="Class", members=[7, 8], bot="member")["id"]
        h.command("/help@credbot_bot", chat=g)
        h.command("/help@credbot_bot", 8, chat=g)
        h.wait(2, chat=g)
        h.tg.control("member", chat=g, status="kicked", user=7)
        h.tg.wait(pending=0)
        h.say("hello", 8)
        h.wait(2, chat=8)
        c.equal(sorted(a for a, _ in gone()), sorted([f"{g}/0/7", f"{g}/0/8"]),
                "R-17: all of a group that we were taken out of")
        h.tg.control("member", chat=g, status="member", user=7)
        h.tg.wait(pending=0)
        h.say("thanks", 8)
        h.wait(3, chat=8)
        c.equal(gone(), [], "R-17: and back")


def uncertain():
    """The answer is lost after the message was delivered."""
    with House() as h:
        h.user()
        h.tg.control("faults", fault="hang_after_effect", method="sendMessage", chat=7, times=1)
        h.say(QUESTION)
        h.wait(1)
        h.daemon.stop(signal.SIGKILL)
        h.start()
        a = h.wait(2)
        c.equal(len(a), 2, "S-2: sent once more")
        c.check("second time" in a[1]["text"] and "second time" not in a[0]["text"],
                "S-2: and it says so", [x["text"] for x in a])
        h.tg.control("faults", fault="reset_after_effect", method="sendMessage", chat=7, times=1)
        h.say("how much does it cost?")
        h.wait(3)
        c.check(h.daemon.wait_log("nobody knows"), "S-2: an answer that is lost is noticed")
        c.equal(len(h.requests("sendMessage")), 3, "C-2: libcurl sends nothing twice")


def one_slow_chat():
    """A chat that is throttled keeps no other waiting."""
    with House() as h:
        for uid in range(100, 130):
            h.user(uid, f"S{uid}")
        h.user()
        h.tg.control("faults", fault="error", method="sendMessage", chat=7, error_code=429,
                     description="Too Many Requests: retry after 30",
                     parameters={"retry_after": 30}, times=1)
        h.say(QUESTION)
        h.tg.wait(method="sendMessage", requests=1)
        began = time.monotonic()
        for uid in range(100, 130):
            h.say(QUESTION, uid)
        for uid in range(100, 130):
            c.equal(len(h.wait(1, chat=uid)), 1, f"R-31: chat {uid}")
        c.check(time.monotonic() - began < 20, "R-31: long before the slow one")
        c.equal(h.answers(), [], "R-31: which still waits")


def stopping():
    with House() as h:
        h.user()
        for i in range(5):
            h.say(f"{QUESTION} ({i})")
        h.wait(1)
        c.equal(h.daemon.stop(), 0, "R-22: stops when told")
        n = len(h.answers())
        c.check(h.tg.control("counters")["pending"] == 0 or n < 5, "R-22: what is on disk is confirmed")
        h.start()
        c.equal(len(h.wait(5)), 5, "R-22: the rest after the start")
        h.say("thanks")
        c.equal(len(h.wait(6)), 6, "R-22: and none twice")


def stopping_in_line():
    """What waits behind other requests when the program stops is sent later, as new."""
    with House() as h:
        students = range(101, 121)
        for uid in students:
            h.user(uid, f"S{uid}")
        h.tg.control("faults", fault="hang", method="sendMessage", times=-1)
        for uid in students:
            h.say(QUESTION, uid)
        h.tg.wait(method="sendMessage", requests=8)
        h.tg.wait(pending=0)
        h.daemon.stop()
        c.equal(len(h.requests("sendMessage")), 8, "the others wait in line")
        h.tg.control("faults", clear=True)
        h.start()
        said = [h.wait(1, chat=uid, timeout=60)[0]["text"] for uid in students]
        c.equal(len([x for x in said if "second time" in x]), 8,
                "S-2: only what had left says that it may have come before")


def old_backlog():
    """What was written while the program was away for long."""
    with House() as h:
        h.user()
        h.say(QUESTION)
        h.wait(1)
        h.daemon.stop()
        ago = int(time.time()) - 3600
        h.say("How much does a micro-credential cost?", date=ago)
        h.say("What is a bootcamp?", date=ago + 60)
        h.say("What is a digital badge?")
        h.start()
        a = [m["text"] for m in h.wait(3)]
        c.equal([x.startswith("I was away") for x in a], [False, True, False],
                "R-21: one apology, with one answer")
        c.check("several messages" in a[1] and "bootcamp" in a[1].lower(),
                "R-21: to the last; and it says so", a[1])
        h.daemon.stop()
        ago = int(time.time()) - 1200
        for uid in (11, 12, 13):
            h.user(uid, f"S{uid}")
        for i in range(200):
            h.say(f"{QUESTION} ({i})", 11 + i % 3, date=ago + i)
        h.start()
        for uid in (11, 12, 13):
            a = h.wait(1, chat=uid)
            c.check(a and a[0]["text"].startswith("I was away"), f"R-21: {uid} of a burst", a)
        h.say("thanks")
        h.wait(4)
        c.equal([len(h.answers(uid)) for uid in (11, 12, 13)], [1, 1, 1],
                "R-21: not an answer to each of 200")


def doctor():
    with House() as h:
        def ask():
            done = subprocess.run([program(), "doctor", "-c", h.daemon.config, "--state",
                                   h.daemon.state], capture_output=True, text=True, cwd=ROOT,
                                  timeout=60)
            c.check(TOKEN not in done.stdout + done.stderr, "S-23: no token is shown")
            return done.returncode, done.stdout

        code, said = ask()
        c.equal(code, 0, "doctor: all is well")
        c.check("@credbot_bot answers" in said and "clocks agree" in said, "doctor: named", said)
        c.check(h.tg.wait(polling=True, timeout=2), "doctor: takes nothing from the one that runs")
        h.tg.control("faults", fault="error", method="getMe", error_code=401,
                     description="Unauthorized", times=1)
        code, said = ask()
        c.equal(code, 1, "doctor: a token that is refused")
        c.check("not accepted" in said and "BotFather" in said, "doctor: and what to do", said)
        h.daemon.stop()
        h.tg.control("faults", clear=True)
        h.tg.control("clock", advance=2)
        h.tg.call("setWebhook", url="https://example.org/hook")
        code, said = ask()
        c.check("a webhook is set" in said, "doctor: somebody else's webhook", said)
        h.tg.call("deleteWebhook")
        h.tg.control("clock", advance=600)
        said = ask()[1]
        c.check(re.search("clock is 60[0-9] s behind", said), "doctor: a clock that is wrong", said)
        os.chmod(h.daemon.options["telegram.token_file"], 0o644)
        code, said = ask()
        c.equal(code, 1, "doctor: a token that everybody can read")
        c.check("chmod 600" in said, "doctor: and what to do", said)


def bad_configurations():
    for text, wanted in (('token: "123:abc"', "this is no token of a bot"),
                         ("token_file: /nowhere/token", "/nowhere/token"),
                         ('api_url: "http://example.org"', "must begin with https://")):
        d = Daemon({"web.listen": '"off"'})
        with open(d.config, "a") as f:
            f.write("telegram:\n  " + text + "\n")
        d.start()
        c.equal(d.process.wait(timeout=60), 78, f"exit code of {text}")
        c.check(wanted in d.log(), f"named: {text}", d.log())
        c.check("123:abc" not in d.log(), "no token, however wrong, is shown", d.log())
        d.process = None
        d.close()


def main():
    parts = [beginning, profile, conversation, languages, forged_buttons, groups, moving, odd_updates, edits, idle_week,
             outages, black_hole, flood, presses_first, broken_middle, bad_token, sending, blocked, uncertain, one_slow_chat, stopping, stopping_in_line, old_backlog, doctor,
             bad_configurations]
    chosen = sys.argv[1:]
    if not chosen:
        return run_parts(__file__, [part.__name__ for part in parts])
    for part in parts:
        if part.__name__ in chosen:
            part()
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
