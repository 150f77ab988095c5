#!/usr/bin/env python3
"""matrix_kill.py [N] - the kill test on Matrix: nothing lost, nothing doubled.

While six students write, the daemon, the homeserver or both are killed (SIGKILL) N times (20) at
random instants, also while they start. The homeserver has on disk what it has answered, like a
real one. At the end each question is answered once, in its room and in order. Options: --seed N.
"""
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time

from lib.daemon import Checks, Daemon
from lib.matrix import Homeserver

BOT = "@bot:fake.test"
STUDENTS = [f"@s{i}:fake.test" for i in range(6)]
QUESTION = "What is a micro-credential? ({})"
FINISH_S = 300
checks = Checks()


class House:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="credbot-matrix-kill-")
        self.hs = Homeserver(state=os.path.join(self.dir, "homeserver"))
        for user in (BOT, *STUDENTS):
            self.hs.add_user(user=user)
        token = os.path.join(self.dir, "token")
        with open(os.open(token, os.O_WRONLY | os.O_CREAT, 0o600), "w") as f:
            f.write(self.hs.access_token(user=BOT, device="DEV")["access_token"])
        self.daemon = Daemon({
            "matrix.homeserver": self.hs.url, "matrix.token_file": token, "http.proxy": '""',
            "matrix.answers_per_minute": 60000, "matrix.tap_choices": "always",
            "chat.flood_burst": 1000, "chat.flood_refill_ms": 1})
        self.asked = {s: [] for s in STUDENTS}

    def begin(self):
        self.daemon.start().wait()
        for s in STUDENTS:
            self.hs.create_room(creator=s, label=s, direct=True, invite=[BOT])
            checks.check(self.hs.wait(joined=s), "joined")

    def ask(self, s, n):
        self.hs.send(room=s, user=s, text=QUESTION.format(n))
        self.asked[s].append(QUESTION.format(n))

    def kill_daemon(self, rnd):
        self.daemon.stop(signal.SIGKILL)
        self.daemon.start()
        if rnd.random() < 0.5:
            self.daemon.wait()

    def kill_homeserver(self, rnd):
        self.hs.kill()
        time.sleep(rnd.random() * 0.1)
        self.hs.begin(self.hs.port)

    def close(self):
        self.daemon.close()
        self.hs.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


def judge(h):
    """(lost, doubled), by the rooms and by what the daemon has on disk."""
    lost = doubled = 0
    ids = set()
    for s in STUDENTS:
        events = h.hs.transcript(room=s)["events"]
        ids |= {e["event_id"] for e in events}
        lost += max(0, len(h.asked[s]) - len(events))
        doubled += max(0, len(events) - len(h.asked[s]))
    with sqlite3.connect(h.daemon.databases()[0]) as db:
        checks.equal(db.execute("PRAGMA integrity_check").fetchone()[0], "ok", "the database")
        for s in STUDENTS:
            rows = db.execute("SELECT i.text FROM inbox i JOIN peer p ON p.id = i.peer WHERE seq > 0"
                              " AND p.account LIKE '%' || ? ORDER BY seq", (s,)).fetchall()
            checks.equal([r[0] for r in rows], h.asked[s], f"{s}: taken once, in order")
        answers = db.execute("SELECT o.ext_id, o.peer, o.reply_to FROM outbox o JOIN peer p"
                             " ON p.id = o.peer WHERE p.channel = 'matrix'").fetchall()
    checks.equal(len({a[1:] for a in answers}), len(answers), "one answer to each question")
    checks.equal({a[0] for a in answers}, ids, "each stands in its room, and nothing else does")
    return lost, doubled


def main():
    args = [a for a in sys.argv[1:] if a.isdigit()]
    kills = int(args[0]) if args else 20
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 1
    rnd = random.Random(seed)
    h = House()
    done = {"daemon": 0, "homeserver": 0}
    try:
        h.begin()
        asked = 0
        while sum(done.values()) < kills:
            for _ in range(rnd.randrange(1, 4)):
                asked += 1
                h.ask(rnd.choice(STUDENTS), asked)
            time.sleep(rnd.random() * 0.3)
            which = rnd.choice(["daemon", "daemon", "homeserver", "both"])
            if which != "homeserver":
                h.kill_daemon(rnd)
                done["daemon"] += 1
            if which != "daemon":
                h.kill_homeserver(rnd)
                done["homeserver"] += 1
            if sum(done.values()) % 100 < 2:
                print(f"{sum(done.values())} kills", flush=True)
        h.daemon.wait()
        start = time.monotonic()
        end = start + FINISH_S
        for s in STUDENTS:
            while time.monotonic() < end and not h.hs.wait(
                    room=s, bot_events=len(h.asked[s]), timeout_s=30):
                print(h.daemon.log()[-600:], flush=True)
        took = time.monotonic() - start
        h.hs.wait(synced=True, quiet_ms=1000, timeout_s=30)
        checks.equal(h.hs.violations()["violations"], [], "the homeserver has nothing to complain of")
        h.daemon.stop()
        lost, doubled = judge(h)
        print(f"seed={seed} questions={asked} kills={sum(done.values())} "
              f"daemon={done['daemon']} homeserver={done['homeserver']} lost={lost} "
              f"doubled={doubled} answered after={took:.1f}s", flush=True)
        checks.equal((lost, doubled), (0, 0), "lost and doubled")
    finally:
        h.close()
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
