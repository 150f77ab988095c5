#!/usr/bin/env python3
"""telegram_kill.py [N] - the kill test on Telegram: nothing lost, doubled only where it says so.

While students write, the daemon or Telegram or both are killed (SIGKILL) N times (20) at random
instants, also while they start. Telegram knows afterwards what it has carried out, answered or
not. At the end, in each chat: every question answered, in order; an answer stands there twice only
if the second one says that it may have come before, and if one of the two was killed within a
second after the first was delivered. Options: --seed N.
"""
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time

from lib.telegram import Telegram
from telegram import House, c

STUDENTS = 20
QUESTIONS = ["What is a micro-credential?", "How much does a micro-credential cost?",
             "How long does a micro-credential take?", "What is a digital badge?",
             "What is a bootcamp?", "Are micro-credentials recognised worldwide?"]
AGAIN = "\n\n(I have sent this a second time"
FINISH_S = 300
# Between an answer that was delivered and the disk that knows of it.
KNOWN_S = 1
DAEMON, TELEGRAM, BOTH = "daemon", "telegram", "both"


def learn(h):
    """What each question is answered with, when nothing goes wrong."""
    known = {}
    for i, q in enumerate(QUESTIONS):
        h.user(1000 + i, "Ida")
        h.say(q, 1000 + i)
        known[q] = h.wait(1, chat=1000 + i)[0]["text"]
    c.equal(len(set(known.values())), len(QUESTIONS), "the answers differ")
    return known


def judge(h, known, asked, uid, kills):
    """(lost, doubled without a word, doubled with one, of these without a kill, out of order)"""
    want = [known[q] for q in asked[uid]]
    at = lost = doubled = told = groundless = 0
    first = 0
    for m in h.answers(uid):
        marked = AGAIN in m["text"]
        text = m["text"].split(AGAIN)[0]
        if at < len(want) and text == want[at]:
            at += 1
            first = m["date"]
        elif at > 0 and text == want[at - 1]:
            told += marked
            doubled += not marked
            groundless += not any(first - 0.1 <= k <= first + KNOWN_S for k in kills)
        else:
            return len(want) - at, doubled, told, groundless, 1
    lost = len(want) - at
    return lost, doubled, told, groundless, 0


def kill(h, who, rnd):
    """One, or both in some order; what was killed is started again."""
    if who != DAEMON:
        h.tg.kill()
    if who == BOTH:
        time.sleep(rnd.uniform(0, 0.02))
    if who != TELEGRAM:
        h.daemon.stop(signal.SIGKILL)
    if who == BOTH and rnd.random() < 0.5:
        h.daemon.start()
        h.tg.revive()
        return
    if who != DAEMON:
        h.tg.revive()
    if who != TELEGRAM:
        h.daemon.start()


def main():
    args = [a for a in sys.argv[1:] if a.isdigit()]
    kills = int(args[0]) if args else 20
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 1
    rnd = random.Random(seed)
    folder = tempfile.TemporaryDirectory(prefix="credbot-kill-")
    telegram = Telegram(journal=os.path.join(folder.name, "journal"))
    killed = {DAEMON: 0, TELEGRAM: 0, BOTH: 0}
    times = []
    with folder, House(telegram, **{"chat.flood_burst": 1000, "log.level": "warn"}) as h:
        known = learn(h)
        students = list(range(1, STUDENTS + 1))
        asked = {uid: [] for uid in students}
        for uid in students:
            h.user(uid, f"S{uid}")
        # Telegram takes its time to say "got it", so that some kills fall in between.
        h.tg.control("faults", fault="delay", method="sendMessage", ms=30, times=10 ** 9)
        for _ in range(kills):
            end = time.monotonic() + rnd.uniform(0.0, 0.25)
            while time.monotonic() < end:
                uid = rnd.choice(students)
                # Not the same question twice running: then an answer shows which it is.
                if len(asked[uid]) - len(h.answers(uid)) < 6:
                    q = rnd.choice([x for x in QUESTIONS if x not in asked[uid][-1:]])
                    asked[uid].append(q)
                    h.say(q, uid)
                time.sleep(rnd.uniform(0, 0.02))
            who = rnd.choice((DAEMON, DAEMON, TELEGRAM, TELEGRAM, BOTH))
            killed[who] += 1
            times.append(time.time())
            kill(h, who, rnd)
            if rnd.random() < 0.7:
                h.polling()
        h.polling()
        end = time.monotonic() + FINISH_S
        for uid in students:
            while judge(h, known, asked, uid, times)[0] > 0 and time.monotonic() < end:
                h.tg.wait(chat=uid, bot_messages=len(h.answers(uid)) + 1, timeout=5)
        results = [judge(h, known, asked, uid, times) for uid in students]
        lost, doubled, told, groundless, disorder = (sum(r[i] for r in results) for i in range(5))
        n = sum(len(a) for a in asked.values())
        print(f"seed={seed} messages={n} kills={kills} {killed} lost={lost} doubled={doubled} "
              f"doubled and said so={told}", flush=True)
        c.equal(lost, 0, "lost")
        c.equal(doubled, 0, "doubled without a word")
        c.equal(groundless, 0, "doubled though nobody was killed")
        c.equal(disorder, 0, "chats out of order")
        c.check(n >= kills / 2, "they did talk", n)
        h.daemon.stop()
        with sqlite3.connect(h.daemon.databases()[0]) as db:
            c.equal(db.execute("PRAGMA integrity_check").fetchone()[0], "ok", "the database")
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
