#!/usr/bin/env python3
"""alerts.py [N] - new programs for a saved search: from an import to the student's chat, by a bot
that runs.

The daemon is killed (SIGKILL) N times (8), each time about when it tells a student: whatever the
instant, she is told once.
"""
import datetime
import json
import os
import random
import signal
import sqlite3
import sys
import time

from catalog_daemon import bring
from lib.chat import Chat, Session
from lib.daemon import Checks, Daemon

c = Checks()
FILLER = 100  # programs that nobody wants to hear of


def zone(hour):
    """A time zone in which it is that hour now."""
    ahead = hour - datetime.datetime.now(datetime.timezone.utc).hour
    return f"UTC{(ahead + 12) % 24 - 12:+d}"


def house(hour=14):
    return Daemon({"notices.timezone": zone(hour), "chat.flood_burst": 1000})


class Catalog:
    """A list that grows. As many imports, as many revisions."""

    def __init__(self, d):
        self.d = d
        self.rows = []
        self.add("Course", FILLER)

    def add(self, title, n=1):
        """Programs of that title; waits until the bot has them."""
        for _ in range(n):
            self.rows.append({"id": f"p{len(self.rows)}", "title": f"{title} {len(self.rows)}",
                              "provider": f"School {len(self.rows) % 7}", "country": "DE", "mode": "online",
                              "price_minor": 14900, "currency": "EUR", "status": "active"})
        path = os.path.join(self.d.dir, "list.jsonl")
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(json.dumps(row) + "\n" for row in self.rows)
        bring(self.d.state, path)
        c.check(self.d.wait_log(f"programs={len(self.rows)} imported=2", 30), "the bot has the list", self.d.log())


def store(d, sql, *values):
    db = sqlite3.connect(os.path.join(d.state, "credbot.db"), timeout=30)
    try:
        with db:
            return db.execute(sql, values).fetchall()
    finally:
        db.close()


def student(d, words):
    """One who wants to hear of programs with these words."""
    chat = Chat(Session(d.port))
    chat.ask("What is a micro-credential?", "a1")
    peer = store(d, "SELECT max(id) FROM peer")[0][0]
    known = sqlite3.connect(os.path.join(d.state, "catalog.db")).execute("SELECT number FROM revision").fetchone()[0]
    store(d, "INSERT INTO alert (peer, wish, words, label, revision, created_at, run_at, sent_at)"
          " VALUES (?, '', ?, ?, ?, 0, 0, 0)", peer, words, words, known)
    return chat


def news(chat):
    return [m for _, m in sorted(chat.lines.items()) if not m["mine"] and "new programs. Here is" in m["text"]]


def is_news(m):
    return m["t"] == "line" and "new programs. Here is" in m["text"]


def told():
    with house() as d:
        catalog = Catalog(d)
        mia = student(d, "welding")
        leo = student(d, "underwater welding")
        catalog.add("Welding", 5)
        text = mia.wait(is_news, 30)["text"]
        c.check("5 new programs fit your search \"welding\"" in text, "program-alert: how many", text)
        c.equal(text.count("\n- Welding 10"), 3, "program-alert: the first three")
        c.check("149 EUR" in text and "online" in text, "program-alert: a line each", text)
        c.check("and 2 more" in text and "Write stop" in text, "program-alert: the rest, how to stop", text)
        c.equal(news(mia)[0].get("buttons"), ["Stop these messages"], "program-alert: with one press")
        catalog.add("Welding for all")
        d.stop()
        d.start().wait()
        d.wait_log("catalog: ready")
        time.sleep(1)  # nothing is to come
        c.equal(len(news(Chat(mia.session, seen=0))), 1, "program-alert: once a week")
        c.equal(len(news(Chat(leo.session, seen=0))), 0, "program-alert: with all the words, or not at all")
        c.check("alerts: told persons=1" in d.log(), "the journal says how many", d.log())


def stopped():
    """One word behind such a line is enough; the button, too. Elsewhere the word ends what runs."""
    with house() as d:
        catalog = Catalog(d)
        mia, leo = student(d, "welding"), student(d, "welding")
        c.check("Done" not in mia.ask("stop", "a2")["text"], "stop-dialog: nothing was sent yet")
        catalog.add("Welding")
        mia.wait(is_news, 30)
        leo.wait(is_news, 30)
        c.check("write nothing to you on my own" in mia.ask("stop", "a3")["text"], "stop-messages: stop")
        c.check("write nothing to you on my own" in leo.ask("Stop these messages", "a3")["text"],
                "stop-messages: the button")
        c.equal(store(d, "SELECT key, value FROM notice"), [("all", "off")] * 2, "stop-messages: both, for good")
        c.check("as it was before" in leo.ask("Undo", "a4")["text"], "stop-messages: and back")
        c.equal(store(d, "SELECT value FROM notice ORDER BY peer"), [("off",), ("on",)], "stop-messages: hers alone")


def at_night():
    with house(hour=23) as d:
        catalog = Catalog(d)
        mia = student(d, "welding")
        catalog.add("Welding")
        time.sleep(1)  # nothing is to come
        c.equal(len(news(Chat(mia.session, seen=0))), 0, "notification-settings: not at night")
        d.stop()
        d.options["notices.timezone"] = zone(14)
        d.write_config()
        d.start().wait()
        mia = Chat(mia.session, seen=0)
        if not news(mia):
            mia.wait(is_news, 30)
        c.equal(len(news(mia)), 1, "notification-settings: by day")


def erased():
    with house() as d:
        catalog = Catalog(d)
        mia = student(d, "welding")
        mia.ask("delete my data", "a2")
        mia.ask("yes, delete it", "a3")
        c.equal(store(d, "SELECT count(*) FROM alert")[0][0], 0, "P-4: her alert is gone")
        catalog.add("Welding")
        time.sleep(1)  # nothing is to come
        c.equal(len(news(Chat(mia.session, seen=0))), 0, "P-4: and nobody writes to her")


def kills(n):
    rnd = random.Random(5)
    with house() as d:
        catalog = Catalog(d)
        students = [student(d, f"zebra{i}") for i in range(n)]
        for i in range(n):
            catalog.add(f"Zebra{i}")
            time.sleep(rnd.uniform(0, 0.06))
            d.stop(signal.SIGKILL)
            d.start().wait()
            chat = Chat(students[i].session, seen=0)
            if not news(chat):
                chat.wait(is_news, 30)
            c.check(f'"zebra{i}"' in news(chat)[0]["text"], "the right search", news(chat)[0]["text"])
        d.stop(signal.SIGKILL)
        d.start().wait()
        d.wait_log("catalog: ready")
        time.sleep(1)  # nothing is to come
        for i, s in enumerate(students):
            c.equal(len(news(Chat(s.session, seen=0))), 1, f"student {i} is told once")


def main():
    told()
    stopped()
    at_night()
    erased()
    kills(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
