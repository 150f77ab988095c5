#!/usr/bin/env python3
"""matrix.py [NAME ...] - the Matrix channel against a homeserver of our own.

Each check is named after the requirement that it bears (AUTH, SYNC, MSG, SEND). At the end of
each scenario the homeserver must have nothing to complain about: it answers no request that the
Client-Server API does not document in this form. With names, only these scenarios run; a number says how
often the program is killed.
"""
import base64
import os
import random
import sqlite3
import sys
import time
import traceback

from lib.daemon import ROOT, Checks, Daemon, run_parts

sys.path.insert(0, os.path.join(ROOT, "tests", "fake"))
from homeserver import Homeserver  # noqa: E402

BOT, MIA, LEO = "@bot:fake.test", "@mia:fake.test", "@leo:fake.test"
QUESTION = "What is a micro-credential?"
ANSWER = "short, focused course"
KILLS = next((int(a) for a in sys.argv[1:] if a.isdigit()), 8)
checks = Checks()


class House:
    """A homeserver with some people, and the program that talks to it."""

    def __init__(self, **options):
        self.hs = Homeserver()
        self.hs.start()
        accept = options.pop("auto_accept", False)
        for user in (BOT, MIA, LEO):
            self.hs.call("add_user", user=user, password="sesame " + user,
                         auto_accept=accept and user == BOT)
        self.daemon = Daemon({"matrix.homeserver": f"http://127.0.0.1:{self.hs.port}",
                              "http.proxy": '""'})
        self.token(options.pop("device", "TESTDEVICE"))
        # Signs below answers are events, too; what counts events does without them.
        options.setdefault("tap_choices", "never")
        for name, value in options.items():
            self.daemon.options["matrix." + name] = value
        self.daemon.write_config()

    def token(self, device):
        given = self.hs.call("access_token", user=BOT, device=device)
        self.token_path = self.secret("token", given["access_token"])
        self.daemon.options["matrix.token_file"] = self.token_path

    def secret(self, name, text):
        self.daemon.plant(text)
        path = os.path.join(self.daemon.dir, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
            f.write(text + "\n")
        return path

    def start(self):
        self.daemon.start().wait()
        return self

    def call(self, command, **args):
        return self.hs.call(command, **args)

    def direct(self, label="dm", who=MIA, **more):
        self.call("create_room", creator=who, label=label, direct=True, invite=[BOT], **more)
        self.wait(joined=label)

    def wait(self, timeout_s=15, **what):
        return self.hs.call("wait", timeout_s=timeout_s, **what)

    def settle(self, quiet_ms=400):
        """Until the bot has nothing more to do."""
        self.wait(synced=True, quiet_ms=quiet_ms)

    def said(self, room):
        return [e["content"] for e in self.call("transcript", room=room)["events"]]

    def answered(self, room, n, what):
        r = self.wait(room=room, bot_events=n, type="m.room.message")
        checks.check(r["ok"], what, r.get("missing"), self.daemon.log()[-1500:])
        time.sleep(0.3)
        checks.equal(len(self.said(room)), n, what)
        return self.said(room)

    def close(self, name):
        wrong = self.call("violations")["violations"]
        checks.equal(wrong, [], f"{name}: the homeserver has nothing to complain about")
        self.daemon.close()
        self.hs.stop()


def first_words():
    h = House().start()
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    said = h.answered("dm", 1, "MSG-4 a question in a direct chat is answered")
    if said:
        checks.check(ANSWER in said[0]["body"], "with the article", said[0]["body"])
        checks.equal(said[0]["msgtype"], "m.text", "MSG-3 so that the phone rings")
        checks.equal(said[0]["m.mentions"], {}, "MSG-5 and names nobody")
    checks.equal(h.daemon.stop(), 0, "ends as told")
    h.close("first words")


def bodies(said):
    return [c["body"] for c in said]


def history():
    h = House()
    h.call("create_room", creator=MIA, label="old", direct=True, invite=[BOT])
    h.call("send_many", room="old", user=MIA, text=QUESTION + " {n}", count=20)
    h.start()
    h.wait(joined="old")
    h.settle()
    checks.equal(h.said("old"), [], "SYNC-10 what was written before we came is not answered")
    h.call("kick", room="old", user=BOT, sender=MIA)
    h.settle()
    h.call("send_many", room="old", user=MIA, text=QUESTION, count=5)
    h.call("invite", room="old", user=BOT, sender=MIA)
    h.wait(joined="old")
    h.settle()
    checks.equal(h.said("old"), [], "SYNC-11 nor what was written while we were out")
    h.call("send", room="old", user=MIA, text=QUESTION)
    h.answered("old", 1, "SYNC-11 what comes after it is")
    h.call("profile_set", user=BOT, displayname="Credbot")
    h.call("send", room="old", user=MIA, text="thanks")
    h.answered("old", 2, "SYNC-11 another name is no coming in")
    h.call("batch", commands=[["send", {"room": "old", "user": MIA, "text": QUESTION}],
                              ["profile_set", {"user": BOT, "displayname": "Bot"}]])
    h.answered("old", 3, "SYNC-11 also not in the same answer")
    h.close("history")


def restarts():
    h = House().start()
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "an answer before the restart")
    h.daemon.stop()
    h.call("send", room="dm", user=MIA, text="how much does it cost?")
    h.start()
    said = h.answered("dm", 2, "SYNC-12 what came meanwhile is answered")
    checks.check("away" not in said[-1]["body"], "SYNC-12 in earnest", said[-1])
    h.daemon.stop()
    old = int((time.time() - 7200) * 1000)
    h.call("send_many", room="dm", user=MIA, text=QUESTION, count=4, ts=old)
    h.start()
    said = h.answered("dm", 3, "SYNC-12 what is too old is answered once")
    checks.check("I was away" in said[-1]["body"], "SYNC-12 with a request", said[-1])
    filters = [r for r in h.call("log", endpoint="filter_put")["requests"]]
    checks.equal(len(filters), 1, "SYNC-1 the filter is made once")
    h.daemon.stop(9)
    h.start()
    h.settle()
    checks.equal(len(h.said("dm")), 3, "nothing is answered again")
    h.close("restarts")


def kills():
    """SYNC-7, SEND-2: killed at random, every question is answered exactly once."""
    h = House().start()
    h.direct()
    chance = random.Random(7)
    asked = 0
    for _ in range(KILLS):
        for _ in range(chance.randrange(1, 4)):
            asked += 1
            h.call("send", room="dm", user=MIA, text=f"{QUESTION} ({asked})")
        time.sleep(chance.random() * 0.25)
        h.daemon.stop(9)
        h.start()
    h.wait(room="dm", bot_events=asked, timeout_s=60)
    h.settle()
    said = h.said("dm")
    # Questions that wait together may share an answer; none is given twice.
    checks.equal(len(said), asked, "SYNC-7 each question is answered once")
    checks.check(h.call("counters")["counters"].get("early_retries", 0) == 0, "in time")
    h.close("kills")


def lost_answers():
    h = House().start()
    h.direct()
    h.call("fault", endpoint="send", verb="lose", times=2)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.wait(room="dm", bot_events=1)
    h.wait(endpoint="send", requests=3)
    h.settle()
    checks.equal(len(h.said("dm")), 1, "SEND-2 an answer that was lost makes no second event")
    h.call("fault", endpoint="send", verb="status", status=502, times=2)
    h.call("fault", endpoint="send", verb="drop", times=1)
    h.call("send", room="dm", user=MIA, text="how much does it cost?")
    h.answered("dm", 2, "SEND-4 the same once more after 502 and RST")
    h.call("fault", endpoint="send", verb="lose")
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.wait(room="dm", bot_events=3)
    h.daemon.stop(9)
    h.start()
    h.settle(1500)
    checks.equal(len(h.said("dm")), 3, "SEND-2 nor does one that was lost with the process")
    h.close("lost answers")


def outage():
    h = House().start()
    for i in range(8):
        h.call("add_user", user=f"@s{i}:fake.test")
        h.direct(f"room{i}", f"@s{i}:fake.test")
    h.settle()
    h.call("fault", endpoint="send", verb="status", status=503, times=5)
    first = len(h.call("log")["requests"])
    for i in range(8):
        h.call("send", room=f"room{i}", user=f"@s{i}:fake.test", text=QUESTION)
    for i in range(8):
        h.wait(room=f"room{i}", bot_events=1, timeout_s=30)
    h.settle()
    checks.equal([len(h.said(f"room{i}")) for i in range(8)], [1] * 8,
                 "SEND-4 after an outage each is answered once")
    sends = [r for r in h.call("log", endpoint="send")["requests"] if r["n"] > first]
    late = [r["t"] for r in sends if r["t"] > sends[0]["t"] + 0.5 and r["status"] == 503]
    checks.equal([b - a for a, b in zip(late, late[1:]) if b - a < 0.9], [],
                 "SEND-4 all rooms together ask once a second meanwhile")
    h.close("outage")


def unsent():
    h = House(unsent_after=3).start()
    h.direct()
    h.call("fault", endpoint="send", verb="status", status=503, times=0)
    for text in (QUESTION, "how much does it cost?", "Is it recognised?"):
        h.call("send", room="dm", user=MIA, text=text)
    checks.check(h.daemon.wait_log("not sent in time", 20), "SEND-4 an answer expires")
    h.call("faults_clear")
    said = h.answered("dm", 1, "SEND-4 one apology for all")
    checks.check("ask again" in said[0]["body"], "SEND-4 that asks to ask again", said)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    said = h.answered("dm", 2, "SEND-4 and the next question")
    checks.check(ANSWER in said[-1]["body"], "SEND-4 is answered", said[-1])
    h.close("unsent")


def limits():
    h = House().start()
    h.call("create_room", creator=LEO, label="leo", direct=True, invite=[BOT])
    h.direct()
    h.wait(joined="leo")
    for form in ("seconds", "date", "ms", "both", "none"):
        h.call("fault", endpoint="send", verb="limit", form=form, seconds=1)
        n = len(h.said("dm"))
        h.call("send", room="dm", user=MIA, text=QUESTION)
        h.wait(room="dm", bot_events=n + 1, timeout_s=30)  # it learns to be slow
        h.answered("dm", n + 1, f"SEND-3 waits as told by {form}")
    h.call("fault", endpoint="send", verb="limit", form="seconds", seconds=2)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.wait(endpoint="send", requests=6, status=429)
    time.sleep(0.3)
    before = len(h.call("log", endpoint="send")["requests"])
    h.call("send", room="leo", user=LEO, text=QUESTION)
    time.sleep(0.8)
    checks.equal(len(h.call("log", endpoint="send")["requests"]), before,
                 "SEND-3 the whole account waits")
    h.wait(room="leo", bot_events=1, timeout_s=40)  # it has learnt to be slow by now
    h.answered("leo", 1, "SEND-3 and goes on")
    checks.equal(h.call("counters")["counters"].get("early_retries", 0), 0, "SEND-3 never early")
    h.close("limits")


def synapse_limits():
    h = House()
    h.call("config", rate_limits={"rc_message": [0.2, 4]})
    h.start()
    h.direct()
    for i in range(12):
        h.call("send", room="dm", user=MIA, text=f"{QUESTION} {i}")
        time.sleep(0.05)
    h.call("send", room="dm", user=MIA, text="thanks")
    deadline = time.time() + 60
    while "welcome" not in " ".join(bodies(h.said("dm"))[-1:]) and time.time() < deadline:
        time.sleep(0.5)
    said = bodies(h.said("dm"))
    checks.equal(" ".join(said).count(ANSWER), 12, "SEND-7 all are said")
    checks.check(len(said) <= 8, "SEND-7 together, where there is little room", len(said))
    refused = [r for r in h.call("log", endpoint="send")["requests"] if r["status"] == 429]
    checks.check(len(refused) <= 2, "SEND-7 learns from 429", len(refused))
    checks.equal(h.call("counters")["counters"].get("early_retries", 0), 0, "SEND-3 never early")
    h.close("synapse limits")


def failing_sync():
    """SYNC-5: every failure backs off."""
    h = House().start()
    h.direct()
    for fault in ({"verb": "body", "kind": "empty"}, {"verb": "body", "kind": "html"},
                  {"verb": "body", "kind": "text", "body": "{}"}, {"verb": "status"},
                  {"verb": "status", "status": 500, "errcode": "M_UNKNOWN"},
                  {"verb": "drop", "reset": True}, {"verb": "body", "kind": "truncated"},
                  {"verb": "status", "status": 404}):
        h.call("fault", endpoint="sync", times=2, **fault)
        n = len(h.said("dm"))
        first = len(h.call("log")["requests"])
        h.call("send", room="dm", user=MIA, text=QUESTION)
        h.wait(room="dm", bot_events=n + 1, timeout_s=30)
        h.settle()
        checks.equal(len(h.said("dm")), n + 1, f"SYNC-5 answered after {fault}")
        polls = [r for r in h.call("log", endpoint="sync")["requests"] if r["n"] > first]
        close = [b["t"] - a["t"] for a, b in zip(polls, polls[1:])
                 if a.get("fault") and b.get("fault") and b["t"] - a["t"] < 0.95]
        checks.equal(close, [], f"SYNC-5 at most one request a second: {fault}")
        h.call("faults_clear")
    h.close("failing sync")


def half_open():
    """SYNC-6: the connection is there, and nobody at its other end."""
    h = House().start()
    h.direct()
    h.settle()
    h.call("fault", endpoint="sync", verb="hang", times=1)
    h.call("restart")
    h.wait(endpoint="sync", requests=1 + len(h.call("log", endpoint="sync")["requests"]))
    start = time.monotonic()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.wait(room="dm", bot_events=1, timeout_s=75)
    took = time.monotonic() - start
    h.answered("dm", 1, "SYNC-6 a dead connection is given up")
    checks.check(40 < took < 75, "SYNC-6 after twice the time of a poll", took)
    checks.check("nothing is under way" not in h.daemon.log(), "SYNC-6 the watchdog is fed")
    h.close("half open")


def backlog():
    h = House(answers_per_minute=60).start()
    h.direct()
    people = [f"@p{i}:fake.test" for i in range(24)]
    for p in people:
        h.call("add_user", user=p)
        h.direct(p, p)
    h.settle()
    h.daemon.stop()
    for p in people:
        h.call("send", room=p, user=p, text=QUESTION)
    h.start()
    start = time.monotonic()
    for p in people:
        h.wait(room=p, bot_events=1, timeout_s=40)
    took = time.monotonic() - start
    checks.equal([len(h.said(p)) for p in people], [1] * 24, "SYNC-14 all are answered once")
    # 12 at once, then one in 1.25 s.
    checks.check(took > 11, "SYNC-14 at the pace that was set", took)
    sent = sorted(r["t"] for r in h.call("log", endpoint="send")["requests"])
    checks.check(sent[11] - sent[0] < 3, "SYNC-14 the first at once", sent[11] - sent[0])
    h.close("backlog")


def poison():
    h = House().start()
    h.direct()
    bad = [b"[" * 10000 + b"]" * 10000, b'{"a":"' + b"x" * 1000000 + b'"}', b'{"n":NaN}',
           b'{"type":"m.room.message","event_id":"$nul","sender":"@mia:fake.test","content":'
           b'{"msgtype":"m.text","body":"a\\u0000b"}}', b'{"body":"\xff\xfe"}', b"17", b'"x"',
           b"{'a':1}", b'{"event_id":[],"sender":{},"type":1}']
    for i, data in enumerate(bad):
        h.call("raw", json_b64=base64.b64encode(data).decode(), room="dm", user=MIA,
               event_id="$nul" if b"$nul" in data else None)
        n = len(h.said("dm"))
        h.call("send", room="dm", user=MIA, text=QUESTION)
        h.wait(room="dm", bot_events=n + 1)
        h.settle()
        now = len(h.said("dm"))
        checks.check(now > n, f"SYNC-15 answered after a bad event {i}")
    for where in ("state", "room_account_data", "account_data", "to_device", "invite_state"):
        h.call("raw", json_b64=base64.b64encode(bad[0]).decode(), room="dm", user=BOT, where=where)
        n = len(h.said("dm"))
        h.call("send", room="dm", user=MIA, text=QUESTION)
        h.wait(room="dm", bot_events=n + 1)
        checks.check(len(h.said("dm")) > n, f"SYNC-15 answered after bad {where}")
    h.close("poison")


def gaps():
    h = House().start()
    h.direct()
    h.daemon.stop()
    h.call("send_many", room="dm", user=MIA, text=QUESTION + " ({n})", count=60)
    h.start()
    h.wait(room="dm", bot_events=5, timeout_s=30)
    h.settle(1500)
    said = h.said("dm")
    pages = h.call("log", endpoint="messages")["requests"]
    checks.check(len(pages) >= 1, "SYNC-13 a limited timeline is filled up")
    with sqlite3.connect(h.daemon.databases()[0]) as db:
        rows = [r[0] for r in db.execute("SELECT text FROM inbox ORDER BY seq")]
    numbers = [int(r.rsplit("(", 1)[1][:-1]) for r in rows if "(" in r]
    checks.equal(numbers, sorted(set(numbers)), "SYNC-13 each once, in order")
    checks.equal(len(numbers), 60, "SYNC-13 and none is missing")
    checks.check(said, "SYNC-13 and answered")
    h.daemon.stop()
    h.call("config", messages_max=30)
    h.call("fault", endpoint="messages", verb="status")
    h.call("send_many", room="dm", user=MIA, text=QUESTION + " ({n})", count=200)
    h.start()
    h.wait(endpoint="messages", requests=8, timeout_s=30)
    h.settle(1500)
    with sqlite3.connect(h.daemon.databases()[0]) as db:
        rows = [r[0] for r in db.execute("SELECT text FROM inbox ORDER BY seq")]
    numbers = [int(r.rsplit("(", 1)[1][:-1]) for r in rows if "(" in r][60:]
    checks.equal(numbers, list(range(1, 201)), "SYNC-13 200 in one go, page by page, in order")
    h.close("gaps")


def doubled():
    h = House()
    h.call("config", duplicate_all=True, room_order="reverse")
    h.start()
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "SYNC-8 what comes twice is answered once")
    h.call("config", duplicate_all=False)
    h.call("duplicate", room="dm", last=3)
    h.settle()
    checks.equal(len(h.said("dm")), 1, "SYNC-8 also later")
    h.close("doubled")


def old_server():
    h = House()
    h.call("config", state_after=False, versions=["v1.1"])
    h.start()
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "SYNC-3, AUTH-2 an old server does as well")
    h.call("encrypt", room="dm", user=MIA)
    h.wait(left="dm")
    h.close("old server")


def lost_since():
    h = House().start()
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "an answer before")
    h.call("forget_since")
    h.wait(endpoint="sync", requests=2, status=400)
    h.settle()
    time.sleep(3)
    h.settle()
    checks.equal(len(h.said("dm")), 1, "SYNC-9 nothing is answered again")
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 2, "SYNC-9 and it goes on")
    h.close("lost since")


def invites():
    h = House(allow='["*:fake.test"]', deny='["@leo:*"]', max_rooms=3).start()
    h.call("create_room", creator=MIA, label="space", type="m.space", invite=[BOT])
    h.wait(left="space")
    checks.equal(h.call("rooms", user=BOT)["join"], [], "SYNC-20 no spaces")
    h.call("create_room", creator=LEO, label="denied", invite=[BOT])
    h.wait(left="denied")
    checks.equal(h.call("rooms", user=BOT)["join"], [], "SYNC-20 not from everybody")
    h.call("add_user", user="@spam:fake.test")
    h.call("account_data_set", user=BOT, type="m.ignored_user_list",
           content={"ignored_users": {"@spam:fake.test": {}}})
    h.settle()
    h.daemon.stop()
    h.start()
    h.wait(synced=True)
    h.call("create_room", creator="@spam:fake.test", label="spam", invite=[BOT])
    h.wait(left="spam")
    checks.equal(h.call("rooms", user=BOT)["join"], [], "SYNC-20 not from who is ignored")
    h.call("fault", endpoint="join", verb="status", status=403, errcode="M_FORBIDDEN", times=2)
    h.call("create_room", creator=MIA, label="late", direct=True, invite=[BOT])
    r = h.wait(endpoint="join", requests=2)
    checks.check(r["ok"], "SYNC-21 403 is tried again")
    h.daemon.stop(9)
    h.start()
    r = h.wait(joined="late", timeout_s=45)
    checks.check(r["ok"], "SYNC-21 until it is in, over a restart")
    log = h.call("log", endpoint="join")["requests"]
    checks.check(log[1]["t"] - log[0]["t"] > 0.9, "SYNC-21 not at once")
    h.call("fault", endpoint="join", verb="limit", seconds=2)
    h.call("create_room", creator=MIA, label="limited", direct=True, invite=[BOT])
    checks.check(h.wait(joined="limited")["ok"], "SYNC-21 429 is waited for")
    h.call("create_room", creator=MIA, label="far", direct=True, invite=[BOT], remote="fake.test",
           version="12")
    checks.check(h.wait(joined="far")["ok"], "SYNC-21, SYNC-17 by way of the inviter's server")
    h.call("send", room="far", user=MIA, text=QUESTION)
    h.answered("far", 1, "SYNC-17 in a room without a domain")
    h.call("create_room", creator=MIA, label="many", direct=True, invite=[BOT])
    checks.check(h.wait(left="many")["ok"], "SYNC-20 not in more rooms than allowed")
    h.call("kick", room="far", user=BOT, sender=MIA)
    h.settle()
    checks.check(not h.wait(joined="far", timeout_s=1)["ok"], "SYNC-23 does not come back")
    h.close("invites")


def moved_rooms():
    h = House().start()
    h.direct()
    new = h.call("upgrade", room="dm", user=MIA, label="new")
    checks.check(h.wait(joined=new["room_id"])["ok"], "SYNC-24 follows a tombstone")
    h.call("send", room="new", user=MIA, text=QUESTION)
    h.answered("new", 1, "SYNC-24 and answers there")
    for label in ("newer", "newest"):
        new = h.call("upgrade", room="new" if label == "newer" else "newer", user=MIA, label=label)
        checks.check(h.wait(joined=new["room_id"])["ok"], "SYNC-24 a chain of three")
    h.settle()
    h.daemon.stop(9)
    h.start()
    h.call("send", room="newest", user=MIA, text="1")
    said = h.answered("newest", 1, "SYNC-24 and after a restart")
    checks.check("no list" not in said[0]["body"], "SYNC-24 the conversation goes on", said)
    h.direct("other")
    h.call("send", room="other", user=MIA, text=QUESTION)
    h.answered("other", 1, "a conversation in another room")
    new = h.call("upgrade", room="other", user=MIA, label="forged", forged=True)
    checks.check(h.wait(joined=new["room_id"])["ok"], "SYNC-24 a room that knows nothing of it")
    h.call("send", room="forged", user=MIA, text="1")
    said = h.answered("forged", 1, "SYNC-24 is answered")
    checks.check("no list" in said[0]["body"], "SYNC-24 but takes no conversation", said)
    h.close("moved rooms")


def lonely_rooms():
    h = House(alone=2).start()
    h.direct()
    h.direct("leo", LEO)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "an answer before")
    h.call("leave", room="dm", user=MIA)
    h.call("leave", room="leo", user=LEO)
    h.settle(100)
    h.call("join", room="leo", user=LEO)
    h.daemon.stop(9)
    h.start()
    checks.check(h.wait(left="dm")["ok"], "SYNC-23 leaves a room where nobody else is")
    checks.check(h.wait(endpoint="forget", requests=1)["ok"], "SYNC-23 and forgets it")
    h.settle(1000)
    checks.equal(len(h.call("log", endpoint="leave")["requests"]), 1,
                 "SYNC-23 not where somebody came back")
    h.call("send", room="leo", user=LEO, text=QUESTION)
    h.answered("leo", 1, "SYNC-23 who is answered")
    h.close("lonely rooms")


def accepted_for_us():
    h = House(auto_accept=True).start()
    h.settle()
    h.direct()
    h.settle()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "SYNC-22 a server that joins for us")
    h.close("accepted for us")
    for status, errcode in ((403, "M_FORBIDDEN"), (200, None)):
        h = House().start()
        h.call("create_room", creator=MIA, label="dm", direct=True)
        fault = {"verb": "status", "status": 403, "errcode": errcode} if errcode else {
            "verb": "delay", "ms": 200}
        h.call("fault", endpoint="join", times=1, **fault)
        h.call("invite", room="dm", user=BOT, sender=MIA)
        h.wait(endpoint="join", requests=1)
        h.call("batch", commands=[["join", {"room": "dm", "user": BOT}],
                                  ["send", {"room": "dm", "user": MIA, "text": QUESTION}]])
        h.answered("dm", 1, f"SYNC-22 {status} after the join was seen")
        h.settle(2500)
        checks.equal(len(h.call("log", endpoint="join")["requests"]), 1, "SYNC-22 is success")
        h.close("accepted for us")


def inviters():
    h = House(invites_per_hour=2).start()
    for i in range(3):
        h.call("create_room", creator=MIA, label=f"m{i}", direct=True, invite=[BOT])
    checks.check(h.wait(left="m2")["ok"], "SYNC-20 a rate for each inviter")
    checks.check(h.wait(joined="m0")["ok"] and h.wait(joined="m1")["ok"], "SYNC-20 up to it")
    h.direct("leo", LEO)
    checks.equal(len(h.call("rooms", user=BOT)["join"]), 3, "SYNC-20 others are not concerned")
    h.close("inviters")
    h = House(decline=False, max_rooms=1).start()
    h.direct()
    h.call("create_room", creator=MIA, label="more", direct=True, invite=[BOT])
    h.settle()
    checks.equal(len(h.call("rooms", user=BOT)["invite"]), 1, "SYNC-20 refused without a word")
    h.close("inviters")


def groups():
    h = House().start()
    h.call("create_room", creator=MIA, label="group", members=[LEO], invite=[BOT])
    h.wait(joined="group")
    h.settle()
    h.call("send", room="group", user=LEO, text=QUESTION)
    h.settle()
    checks.equal(h.said("group"), [], "MSG-4 not what people say to each other")
    for mentions in ({"room": True}, {"user_ids": BOT}, {"user_ids": [7, MIA]}, [], "x"):
        h.call("send", room="group", user=LEO, text=QUESTION, mentions=mentions)
    h.settle()
    checks.equal(h.said("group"), [], "MSG-4 nor what names others")
    q = h.call("send", room="group", user=LEO, text=f"Credbot: {QUESTION}",
               mentions={"user_ids": [BOT]},
               html=f'<a href="https://matrix.to/#/{BOT}">Credbot</a>: {QUESTION}')
    said = h.answered("group", 1, "MSG-4 what names us is answered")
    checks.equal(said[0]["msgtype"], "m.notice", "MSG-3 without a sound")
    checks.equal(said[0]["m.relates_to"], {"m.in_reply_to": {"event_id": q["event_id"]}},
                 "MSG-6 as a reply")
    checks.equal(said[0]["m.mentions"], {}, "MSG-5 names nobody")
    h.call("send", room="group", user=MIA, text=QUESTION,
           html=f'<a href="https://matrix.to/#/%40bot%3Afake.test">Credbot</a> {QUESTION}')
    h.answered("group", 2, "MSG-4 an older client's link, too")
    ours = h.call("transcript", room="group")["events"][0]["event_id"]
    h.call("send", room="group", user=LEO, text="how much does it cost?", reply_to=ours,
           fallback=True)
    said = h.answered("group", 3, "MSG-4 a reply to us is answered")
    with sqlite3.connect(h.daemon.databases()[0]) as db:
        texts = [r[0] for r in db.execute("SELECT text FROM inbox")]
    checks.check("how much does it cost?" in texts, "MSG-6 without what it quotes", texts)
    checks.check(QUESTION in texts and not any("Credbot" in t for t in texts),
                 "MSG-4 without our name", texts)
    root = h.call("send", room="group", user=MIA, text="About studies")["event_id"]
    h.call("send", room="group", user=MIA, text=QUESTION, thread=root,
           mentions={"user_ids": [BOT]})
    said = h.answered("group", 4, "MSG-7 a question in a thread is answered")
    checks.equal(said[3]["m.relates_to"].get("event_id"), root, "MSG-7 there")
    checks.equal(said[3]["m.relates_to"].get("rel_type"), "m.thread", "MSG-7 as part of it")
    ours = h.call("transcript", room="group")["events"][3]["event_id"]
    h.call("react", room="group", user=LEO, event_id=ours, key="\U0001F44E")
    h.call("react", room="group", user=MIA, event_id=ours, key="\U0001F44D")
    h.settle()
    checks.equal(ratings(h), ["\U0001F44D"], "MSG-11 a thumb of hers at our answer there counts")
    receipts = h.call("receipts", room="group")["receipts"]
    checks.check(root in [r["thread_id"] for r in receipts], "MSG-13 receipts", receipts)
    h.close("groups")


def edits():
    h = House().start()
    h.direct()
    q = h.call("send", room="dm", user=MIA, text="What is a micro-credential")["event_id"]
    h.answered("dm", 1, "a question")
    e = h.call("send", room="dm", user=MIA, text="how much does it cost?", edit=q)["event_id"]
    said = h.answered("dm", 2, "MSG-8 an edit soon after is answered")
    first = h.call("transcript", room="dm")["events"][0]["event_id"]
    checks.equal(said[-1].get("m.relates_to"), {"rel_type": "m.replace", "event_id": first},
                 "MSG-8, MSG-9 in the place of the first answer, and as no reply")
    new = said[-1].get("m.new_content", {})
    checks.equal((said[-1]["body"], said[-1].get("formatted_body")),
                 ("* " + new.get("body", ""), "* " + new.get("formatted_body", "")),
                 "MSG-8 with the old form for clients that know of no edits")
    checks.check("cost" in new.get("body", "") or "price" in new.get("body", ""),
                 "MSG-8 and answers the new question", new)
    for content in (
            {"m.relates_to": {"rel_type": "m.replace", "event_id": q}},
            {"m.relates_to": {"rel_type": "m.replace"}, "m.new_content": {
                "msgtype": "m.text", "body": QUESTION}},
            {"m.relates_to": {"rel_type": "m.replace", "event_id": e}, "m.new_content": {
                "msgtype": "m.text", "body": QUESTION}},
            {"m.relates_to": {"rel_type": "m.replace", "event_id": "$nothing"},
             "m.new_content": {"msgtype": "m.text", "body": QUESTION}},
            {"m.relates_to": {"rel_type": "m.replace", "event_id": q}, "m.new_content": "x"},
            {"m.relates_to": {"rel_type": "m.replace", "event_id": q}, "m.new_content": {
                "msgtype": "m.notice", "body": QUESTION}}):
        h.call("event", room="dm", user=MIA, type="m.room.message",
               content={"msgtype": "m.text", "body": "* " + QUESTION, **content})
    h.call("send", room="dm", user=LEO, text=QUESTION, edit=q)
    h.settle()
    checks.equal(len(h.said("dm")), 2, "MSG-8 other edits are no questions")
    for content in ({}, {"msgtype": "m.notice", "body": QUESTION}, {"msgtype": 7, "body": QUESTION},
                    {"msgtype": "m.text", "body": [QUESTION]}):
        h.call("event", room="dm", user=MIA, type="m.room.message", content=content)
    h.settle()
    checks.equal(len(h.said("dm")), 2, "MSG-1 nor are notices and redacted messages")
    h.call("event", room="dm", user=MIA, type="m.room.message", content={
        "msgtype": "m.image", "body": "a.png", "url": "mxc://fake.test/x"})
    said = h.answered("dm", 3, "a picture gets an answer")
    checks.check("picture" in said[-1]["body"], "that says what it was", said[-1]["body"])
    checks.equal(h.call("log", endpoint="download")["requests"], [],
                 "SEND-9 nothing that people send is fetched")
    h.call("add_user", user="@ann:fake.test")
    h.direct("ann", "@ann:fake.test")
    q = h.call("send", room="ann", user="@ann:fake.test", text=QUESTION)["event_id"]
    h.answered("ann", 1, "another question")
    ours = h.call("transcript", room="ann")["events"][0]["event_id"]
    h.call("fault", endpoint="send", verb="lose")
    h.call("send", room="ann", user="@ann:fake.test", text="how much does it cost?", edit=q)
    h.wait(room="ann", bot_events=2)
    h.daemon.stop(9)
    h.start()
    h.answered("ann", 2, "MSG-8, SEND-2 an edit that was lost with the process is made once")
    h.call("send", room="ann", user="@ann:fake.test", text="Is it recognised?", edit=q)
    said = h.answered("ann", 3, "MSG-8 a second edit")
    checks.equal(said[-1].get("m.relates_to", {}).get("event_id"), ours,
                 "MSG-8 is one of the first answer, not of the edit")
    h.call("redact", room="ann", user=BOT, event_id=ours)
    h.call("fault", endpoint="send", verb="status", status=400, errcode="M_UNKNOWN")
    h.call("send", room="ann", user="@ann:fake.test", text=QUESTION, edit=q)
    said = h.answered("ann", 4, "MSG-8 an answer that cannot be changed any more")
    checks.check("m.relates_to" not in said[-1], "MSG-8 is given anew", said[-1])
    h.close("edits")


def taken_back():
    for version, where in (("11", "content"), ("10", "top"), ("11", "both")):
        h = House().start()
        h.direct(version=version)
        q = h.call("send", room="dm", user=MIA, text="What is a zebraword?")["event_id"]
        h.answered("dm", 1, "a question")
        h.call("redact", room="dm", user=MIA, event_id=q, where=where)
        h.call("send", room="dm", user=MIA, text=QUESTION)
        h.answered("dm", 2, "MSG-10 and another one")
        with sqlite3.connect(h.daemon.databases()[0]) as db:
            texts = [r[0] for r in db.execute("SELECT text FROM inbox ORDER BY seq")]
        checks.equal(texts, ["", QUESTION], f"MSG-10 the text is gone ({where})")
        h.close("taken back")


def reactions():
    h = House().start()
    h.direct()
    q = h.call("send", room="dm", user=MIA, text=QUESTION)["event_id"]
    h.answered("dm", 1, "a question")
    ours = h.call("transcript", room="dm")["events"][0]["event_id"]
    h.settle()
    for target, key in ((ours, "\U0001F44D"), (ours, "\U0001F44D\U0001F3FD"), (q, "\U0001F44E"),
                        (ours, "\U0001F389"), (ours, "x" * 3000), (ours, "\U0001F44E")):
        down = h.call("react", room="dm", user=MIA, event_id=target, key=key)["event_id"]
    h.call("react", room="dm", user=LEO, event_id=ours, key="\U0001F44E")
    h.settle()
    with sqlite3.connect(h.daemon.databases()[0]) as db:
        notes = [r for r in db.execute("SELECT kind, text FROM note ORDER BY id")]
    checks.equal(notes, [("rating", "\U0001F44D"), ("rating", "\U0001F44E")],
                 "MSG-11 thumbs at our own messages are feedback")
    checks.equal(len(h.said("dm")), 1, "MSG-11 without an answer")
    h.call("redact", room="dm", user=MIA, event_id=down)
    h.settle()
    checks.equal(ratings(h), ["\U0001F44D"], "MSG-11 one that is taken back is gone")
    h.call("react", room="dm", user=MIA, event_id=ours, key="\U0001F44E")
    h.settle()
    checks.equal(ratings(h), ["\U0001F44D", "\U0001F44E"], "MSG-11 and may be given again")
    h.close("reactions")


def ratings(h):
    with sqlite3.connect(h.daemon.databases()[0]) as db:
        return [r[0] for r in db.execute("SELECT text FROM note WHERE kind = 'rating' ORDER BY id")]


def signs(h, room):
    return [e["content"]["m.relates_to"]["key"]
            for e in h.call("transcript", room=room, type="m.reaction")["events"]]


def taps():
    h = House(tap_choices="auto").start()
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    said = h.answered("dm", 1, "a question with choices")
    r = h.wait(room="dm", bot_events=1, type="m.reaction")
    h.settle()
    n = len(signs(h, "dm"))
    lines = [line for line in said[0]["body"].split("\n") if line[:2] == f"{n}."]
    checks.check(r["ok"] and n >= 2 and lines, "choices can be tapped, each of them", n, said[0])
    checks.equal(signs(h, "dm"), [f"{i + 1}\ufe0f\u20e3" for i in range(n)], "in their order")
    ours = h.call("transcript", room="dm")["events"][0]["event_id"]
    tap = h.call("react", room="dm", user=MIA, event_id=ours, key="1\ufe0f\u20e3")["event_id"]
    said = h.answered("dm", 2, "a tap is answered")
    checks.check("no list" not in said[1]["body"], "with that choice", said[1])
    with sqlite3.connect(h.daemon.databases()[0]) as db:
        text = db.execute("SELECT text FROM inbox WHERE seq > 0 ORDER BY seq DESC").fetchone()[0]
    checks.check(text in said[0]["body"] and len(text) > 3, "as if it had been said", text)
    h.call("redact", room="dm", user=MIA, event_id=tap)
    h.call("react", room="dm", user=MIA, event_id=ours, key="9\ufe0f\u20e3")
    h.call("react", room="dm", user=LEO, event_id=ours, key="1\ufe0f\u20e3")
    h.call("react", room="dm", user=MIA, event_id="$nothing", key="1\ufe0f\u20e3")
    h.settle()
    checks.equal(len(h.said("dm")), 2, "MSG-11 others, and one taken back, are no choices")
    with sqlite3.connect(h.daemon.databases()[0]) as db:
        kept = db.execute("SELECT count(*) FROM inbox WHERE text = ?", (text,)).fetchone()[0]
    checks.equal(kept, 0, "MSG-10 what was taken back is erased")
    before = len(signs(h, "dm"))
    for i in range(6):
        h.call("send", room="dm", user=MIA, text=f"{QUESTION} ({i})")
    h.wait(room="dm", bot_events=8)
    h.settle()
    checks.equal(len(signs(h, "dm")), before, "SEND-7 none where they would delay answers")
    h.close("taps")
    h = House(tap_choices="auto")
    h.call("config", rate_limits="synapse")
    h.start()
    h.direct()
    for i in range(5):
        h.call("send", room="dm", user=MIA, text=f"{QUESTION} ({i})")
        h.wait(room="dm", bot_events=i + 1)
        h.settle()
    checks.check(len(signs(h, "dm")) > 0, "SEND-7 as Synapse limits it, there are some")
    refused = [r for r in h.call("log", endpoint="send")["requests"] if r["status"] == 429]
    checks.equal(len(refused), 0, "SEND-7 and no answer waits for them")
    h.close("taps")
    h = House(tap_choices="always")
    h.call("fault", endpoint="send", verb="limit", seconds=1, skip=1)
    h.start()
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.wait(endpoint="send", requests=2, status=None)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 2, "SEND-3 a 429 to a sign")
    h.settle()
    checks.equal(signs(h, "dm"), [], "SEND-7 ends them")
    checks.equal(h.call("counters")["counters"].get("early_retries", 0), 0, "SEND-3 never early")
    h.close("taps")


def typing():
    h = House(answers_per_minute=10).start()
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 2, "two at once")
    checks.equal(h.call("typing", room="dm")["typing"], {}, "MSG-12 not for what comes at once")
    h.call("fault", endpoint="typing", verb="status", status=500)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.wait(endpoint="typing", requests=1, status=500)
    h.answered("dm", 3, "MSG-12 that it fails harms nobody")
    h.wait(endpoint="typing", requests=2)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    checks.check(h.wait(endpoint="typing", requests=3)["ok"], "MSG-12 shown while an answer waits")
    checks.equal(h.call("log", endpoint="typing")["requests"][-1]["body"],
                 {"typing": True, "timeout": 30000}, "MSG-12 for 30 s at most")
    h.answered("dm", 4, "MSG-12 until it is there")
    h.wait(endpoint="typing", requests=4)
    checks.equal(h.call("typing", room="dm")["typing"].get(BOT), [False, True, False],
                 "MSG-12 then it ends")
    h.close("typing")
    h = House().start()
    h.direct()
    h.call("fault", endpoint="send", verb="limit", seconds=2)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "after a 429")
    checks.equal(h.call("log", endpoint="typing")["requests"], [],
                 "SEND-3 not while the server wants to be left alone")
    h.close("typing")


def profile():
    h = House(display_name='"Study advice"', avatar='"mxc://fake.test/abc"')
    h.call("fault", endpoint="avatar_put", verb="status", status=500)
    h.start()
    h.direct()
    h.wait(endpoint="avatar_put", requests=1)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "SEND-11 a failure harms nobody")
    for _ in range(2):
        h.daemon.stop()
        h.start()
        h.settle()
    checks.equal(h.call("profile_get", user=BOT)["profile"],
                 {"displayname": "Study advice", "avatar_url": "mxc://fake.test/abc"},
                 "SEND-11 the profile is as configured")
    checks.equal([len(h.call("log", endpoint=e)["requests"]) for e in
                  ("displayname_put", "avatar_put")], [1, 2], "SEND-11 set when it is another")
    h.daemon.stop()
    h.daemon.options["matrix.avatar"] = '"https://example.org/me.png"'
    h.daemon.write_config()
    h.daemon.start()
    checks.equal(h.daemon.process.wait(20), 78, "SEND-11 no address of another kind")
    h.daemon.process = None
    h.close("profile")


def names():
    """SYNC-25: two people of one name are two people; a name gives no rights."""
    h = House(deny='["@eve:*"]').start()
    h.call("add_user", user="@eve:fake.test", displayname="Registrar")
    h.call("profile_set", user=MIA, displayname="Registrar")
    h.call("profile_set", user=LEO, displayname="Registrar")
    h.call("create_room", creator=MIA, label="group", members=[LEO], invite=[BOT])
    h.wait(joined="group")
    h.call("send", room="group", user=MIA, text=QUESTION, mentions={"user_ids": [BOT]})
    h.answered("group", 1, "a question of one of them")
    h.call("send", room="group", user=LEO, text="1", mentions={"user_ids": [BOT]})
    said = h.answered("group", 2, "a choice of the other")
    checks.check("no list" in said[1]["body"], "SYNC-25 is not of the first one's list", said[1])
    h.call("create_room", creator="@eve:fake.test", label="eve", direct=True, invite=[BOT])
    checks.check(h.wait(left="eve")["ok"], "SYNC-25 a name opens no door")
    h.close("names")


def encrypted():
    h = House(other_ways='"Or write to me at https://chat.example.org."').start()
    h.call("create_room", creator=MIA, label="secret", direct=True, encrypted=True, invite=[BOT])
    r = h.wait(left="secret")
    h.wait(room="secret", bot_events=1)
    h.settle()
    said = h.said("secret")
    checks.check(r["ok"] and len(said) == 1, "MSG-15 says so once and leaves", said)
    if said:
        checks.equal(said[0]["msgtype"], "m.notice", "MSG-15 as a notice")
        checks.check("chat.example.org" in said[0]["body"], "MSG-15 with the other doors", said)
    h.direct()
    h.call("batch", commands=[["send", {"room": "dm", "user": MIA, "text": QUESTION}],
                              ["encrypt", {"room": "dm", "user": MIA}]])
    h.wait(left="dm")
    h.settle()
    checks.equal(len(h.said("dm")), 1, "MSG-15 a room that becomes encrypted hears no answer")
    h.call("create_room", creator=MIA, label="later", direct=True, invite=[BOT])
    h.wait(joined="later")
    h.settle()
    h.daemon.stop()
    h.call("send", room="later", user=MIA, text=QUESTION)
    h.call("encrypt", room="later", user=MIA)
    h.start()
    h.wait(left="later")
    h.settle()
    checks.equal([c["msgtype"] for c in h.said("later")], ["m.notice"],
                 "MSG-15 also when it became so while we were away")
    checks.equal(h.call("log", endpoint="keys_upload")["requests"], [], "no keys are uploaded")
    h.close("encrypted")


def tokens():
    h = House()
    h.call("fault", endpoint="whoami", verb="status", status=500, times=2)
    h.start()
    time.sleep(1.5)
    log = {r["endpoint"] for r in h.call("log")["requests"]}
    checks.equal(log, {"whoami"}, "AUTH-4 without our name nothing is asked")
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "AUTH-4 then it works")
    h.daemon.stop()
    h.token("OTHERDEVICE")
    h.start()
    time.sleep(1)
    checks.check("channel is off" in h.daemon.log(), "AUTH-4 another device stops the channel")
    h.daemon.stop()
    h.daemon.options["matrix.device_id"] = "OTHERDEVICE"
    h.daemon.write_config()
    h.start()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 2, "AUTH-4 unless it is named")
    h.daemon.stop()
    h.secret("token", h.call("access_token", user=LEO, device="OTHERDEVICE")["access_token"])
    h.start()
    time.sleep(1)
    checks.check("another account" in h.daemon.log(), "AUTH-4 another account stops it")
    syncs = [r for r in h.call("log", endpoint="sync")["requests"] if r["user"] == LEO]
    checks.equal(syncs, [], "AUTH-4 before it reads anything")
    h.close("tokens")


def no_device():
    h = House()
    h.call("config", whoami_device=False)
    h.start()
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "AUTH-5 a token without a device works")
    checks.check("has no device" in h.daemon.log(), "AUTH-5 and is warned of")
    h.close("no device")


def accounts():
    h = House().start()
    h.direct()
    h.call("account", user=BOT, state="suspended")
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.wait(endpoint="send", requests=1, status=403)
    h.settle()
    sends = len(h.call("log", endpoint="send")["requests"])
    time.sleep(2)
    checks.equal(len(h.call("log", endpoint="send")["requests"]), sends,
                 "AUTH-10 suspended: pauses")
    h.call("account", user=BOT, state="active")
    h.daemon.stop(9)
    h.start()
    h.wait(room="dm", bot_events=1, timeout_s=45)
    h.answered("dm", 1, "AUTH-10 and says it later")
    h.call("account", user=BOT, state="locked")
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.wait(endpoint="sync", requests=1, status=401)
    time.sleep(2)
    n = len([r for r in h.call("log")["requests"] if r["status"] == 401])
    checks.check(n <= 4, "AUTH-10 locked: asks slowly", n)
    checks.check("channel is off" not in h.daemon.log(), "AUTH-10 and keeps all")
    h.call("account", user=BOT, state="deactivated")
    h.daemon.stop()
    h.start()
    time.sleep(1)
    checks.check("channel is off" in h.daemon.log(), "AUTH-10 deactivated: stops")
    h.close("accounts")


def logged_out():
    h = House().start()
    h.direct()
    h.call("logout", user=BOT)
    h.call("restart")
    time.sleep(2)
    checks.check("channel is off" in h.daemon.log(), "AUTH-8 a session that is gone stops it")
    n = len(h.call("log")["requests"])
    time.sleep(2)
    checks.equal(len(h.call("log")["requests"]), n, "AUTH-8 nothing more is asked")
    h.close("logged out")


def passwords():
    h = House()
    del h.daemon.options["matrix.token_file"]
    h.daemon.options["matrix.user"] = f'"{BOT}"'
    h.daemon.options["matrix.password_file"] = h.secret("password", "sesame " + BOT)
    h.daemon.write_config()
    before = set(h.call("devices", user=BOT)["devices"])
    h.call("fault", endpoint="login", verb="status", status=500)
    h.start()
    h.direct()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 1, "AUTH-6 logs in with a password")
    for how in (15, 9, 15):
        h.daemon.stop(how)
        h.start()
        h.wait(synced=True)
    made = set(h.call("devices", user=BOT)["devices"]) - before
    checks.equal(len(made), 1, "AUTH-6 one device, however often it starts")
    logins = len(h.call("log", endpoint="login")["requests"])
    checks.equal(logins, 2, "AUTH-6 and logs in once")
    h.call("expire", user=BOT)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.call("restart")
    h.answered("dm", 2, "AUTH-7 renews an expired token")
    checks.equal(len(h.call("log", endpoint="refresh")["requests"]), 1, "AUTH-7 once")
    h.call("fault", endpoint="refresh", verb="lose", times=1)
    h.call("expire", user=BOT)
    h.call("restart")
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 3, "AUTH-7 also if the answer is lost")
    h.daemon.stop(9)
    h.start()
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 4, "AUTH-7 and goes on after a kill")
    h.call("logout", user=BOT, soft=True)
    h.call("restart")
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.answered("dm", 5, "AUTH-8 a soft logout is followed by a login")
    made = set(h.call("devices", user=BOT)["devices"]) - before
    checks.equal(len(made), 1, "AUTH-8 of the same device")
    checks.check("sesame" not in h.daemon.log() and "mat_" not in h.daemon.log() and
                 "mar_" not in h.daemon.log(), "AUTH-11 no secret is in the log")
    h.close("passwords")


def wrong_password():
    h = House()
    del h.daemon.options["matrix.token_file"]
    h.daemon.options["matrix.user"] = f'"{BOT}"'
    h.daemon.options["matrix.password_file"] = h.secret("password", "open sesame")
    h.daemon.write_config()
    h.start()
    h.wait(endpoint="login", requests=3, timeout_s=20)
    time.sleep(5)
    checks.equal(len(h.call("log", endpoint="login")["requests"]), 3, "AUTH-6 three tries")
    checks.check("channel is off" in h.daemon.log(), "AUTH-6 then it is off")
    os.chmod(h.daemon.options["matrix.password_file"], 0o644)
    h.daemon.stop()
    h.daemon.start()
    checks.equal(h.daemon.process.wait(20), 78, "AUTH-11 a file that all can read is refused")
    h.daemon.process = None
    h.close("wrong password")


def long_polls():
    h = House().start()
    h.direct()
    h.settle()
    h.call("fault", endpoint="send", verb="delay", ms=700)
    h.call("send", room="dm", user=MIA, text=QUESTION)
    h.call("create_room", creator=LEO, label="leo", direct=True, invite=[BOT])
    h.wait(joined="leo")
    h.call("send", room="leo", user=LEO, text=QUESTION)
    start = time.monotonic()
    h.answered("leo", 1, "SEND-1 one room does not wait for another")
    checks.check(time.monotonic() - start < 3, "SYNC-4 nor for the poll")
    sync = h.call("log", endpoint="sync")["requests"][-1]["query"]
    checks.equal(sync.get("timeout"), "30000", "SYNC-4 a poll of 30 s")
    checks.equal(sync.get("set_presence"), "offline", "SYNC-2 offline")
    checks.equal(sync.get("use_state_after"), "true", "SYNC-3 asks for state_after")
    h.close("long polls")


SCENARIOS = [first_words, history, restarts, kills, lost_answers, outage, unsent, limits, synapse_limits,
             failing_sync, half_open, backlog,
             poison, gaps, doubled, old_server, lost_since, invites, inviters, accepted_for_us,
             lonely_rooms, moved_rooms,
             groups, edits, taken_back, reactions, taps,
             typing, profile, names, encrypted, tokens, no_device, accounts, logged_out, passwords,
             wrong_password, long_polls]


def main():
    names = [a for a in sys.argv[1:] if not a.isdigit()]
    if not names:
        return run_parts(__file__, [scenario.__name__ for scenario in SCENARIOS])
    for scenario in SCENARIOS:
        if scenario.__name__ in names:
            try:
                scenario()
            except Exception as e:  # the others are still worth running
                traceback.print_exc()
                checks.check(False, f"{scenario.__name__}: {e}")
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
