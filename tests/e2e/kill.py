#!/usr/bin/env python3
"""kill.py [N] - the kill test: nothing is lost and nothing is doubled when the power goes.

While three students talk, the daemon is killed (SIGKILL) N times (30) at random instants,
also while it starts. Each student sends numbered messages without waiting for answers,
with pauses of 0 to 80 ms, and after each kill goes on as the page's script does: says which
lines it has seen, sends again, with the same ids, what was not taken.

At the end, as each student saw it: every message taken once, in order, and answered once;
lines without a gap and none changed; and the database is whole. Options: --seed N.
"""
import itertools
import random
import signal
import sqlite3
import sys
import threading
import time

from lib.chat import Chat, Session
from lib.daemon import Checks, Daemon
from wsclient import Closed, Refused

STUDENTS = 3
PAUSE_S = 0.08
# A question that has one answer; the number makes it another message.
QUESTION = "What is a micro-credential? ({})"
FINISH_S = 120

checks = Checks()


class Student(threading.Thread):
    def __init__(self, name, port, seed):
        super().__init__(daemon=True)
        self.label = name
        self.random = random.Random(seed)
        self.session = Session(port)
        self.chat = Chat(self.session, connect=False, timeout=5)
        self.written = []     # ids, in order
        self.enough = False   # writes nothing more
        self.connects = 0
        self.changed = []     # lines that came again with another text
        self.error = None

    def open_questions(self):
        return [i for i in self.written if i not in self.chat.took]

    def done(self):
        """All taken, and a line of the bot is behind each."""
        if not self.enough or self.open_questions():
            return False
        last = self.chat.took[self.written[-1]] if self.written else 0
        return any(s > last for s in self.chat.lines) and self.chat.seen == max(self.chat.lines)

    def reconnect(self):
        while True:
            try:
                before = dict(self.chat.lines)
                self.chat.connect(seen=self.chat.seen)
                self.connects += 1
                for seq, m in before.items():
                    if self.chat.lines[seq].get("text") != m.get("text"):
                        self.changed.append(seq)
                for i in self.open_questions():
                    self.chat.say(QUESTION.format(i), i)
                return
            except (OSError, Closed, Refused, TimeoutError):
                time.sleep(0.02)

    def listen(self, seconds):
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            try:
                m = self.chat.ws.recv_json(max(0.001, left))
            except TimeoutError:
                return
            self.chat.note(m)
            if m["t"] == "later":  # busy: once more
                time.sleep(m["after"] / 1000)
                self.chat.say(QUESTION.format(m["id"]), m["id"])

    def talk(self):
        self.reconnect()
        while not self.done():
            try:
                if not self.enough:
                    i = f"{self.label}-{len(self.written)}"
                    self.written.append(i)
                    self.chat.say(QUESTION.format(i), i)
                self.listen(self.random.uniform(0, PAUSE_S) if not self.enough else 0.5)
            except (OSError, Closed):
                self.reconnect()

    def run(self):
        try:
            self.talk()
        except Exception as e:
            self.error = e


def kill_often(d, kills, rng):
    for n in range(kills):
        d.start()
        if rng.random() < 0.2:
            time.sleep(rng.uniform(0, 0.3))  # while it starts
        else:
            d.wait()
            time.sleep(rng.uniform(0, 0.7))
        d.stop(signal.SIGKILL)
        if (n + 1) % 100 == 0:
            print(f"{n + 1} kills", flush=True)


def judge(student):
    """(lost, doubled) of one student."""
    lines = sorted(student.chat.lines.items())
    seqs = [s for s, _ in lines]
    gaps = sorted(set(range(1, max(seqs, default=0) + 1)) - set(seqs))
    checks.equal(gaps, [], f"{student.label}: no gap")
    checks.equal(student.changed, [], f"{student.label}: no line changed")
    mine = [m["id"] for _, m in lines if m["mine"]]
    lost = len(set(student.written) - set(mine))
    doubled = len(mine) - len(set(mine))
    wrong = [(a, b) for a, b in itertools.zip_longest(mine, student.written) if a != b]
    checks.equal(wrong[:5], [], f"{student.label}: taken once, in the order of writing")
    answers, at = {}, None
    for _, m in lines:
        if m["mine"]:
            at = m["id"]
            answers[at] = 0
        elif at is not None:
            answers[at] += 1
    wrong = {i: n for i, n in answers.items() if n != 1}
    lost += sum(1 for n in wrong.values() if n == 0)
    doubled += sum(n - 1 for n in wrong.values() if n > 1)
    checks.equal(wrong, {}, f"{student.label}: each answered once")
    return lost, doubled


def judge_database(d):
    for path in d.databases():
        db = sqlite3.connect(path)
        checks.equal(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)], f"{path} is whole")
        twice = db.execute("SELECT peer, ext_id, count(*) FROM inbox GROUP BY 1, 2 "
                           "HAVING count(*) > 1").fetchall()
        checks.equal(twice, [], "inbox: no id twice")
        db.close()
    checks.check(len(d.databases()) > 0, "there is a database")


def main():
    args = sys.argv[1:]
    seed = int(time.time())
    if "--seed" in args:
        at = args.index("--seed")
        seed = int(args[at + 1])
        del args[at:at + 2]
    kills = int(args[0]) if args else 30
    rng = random.Random(seed)
    d = Daemon({"chat.flood_burst": 1000, "chat.flood_refill_ms": 1, "chat.debounce_ms": 0,
                "web.max_per_address": 1000})
    try:
        d.start().wait()  # the first start may train its model
        students = [Student(f"s{i}", d.port, rng.random()) for i in range(STUDENTS)]
        for s in students:
            s.start()
        time.sleep(0.3)
        d.stop(signal.SIGKILL)
        kill_often(d, kills - 1, rng)
        d.start().wait()
        for s in students:
            s.enough = True
        for s in students:
            s.join(FINISH_S)
            checks.check(not s.is_alive() and s.error is None, f"{s.label}: came to an end",
                         repr(s.error), s.open_questions()[:3], s.chat.seen)
        results = [judge(s) for s in students]
        checks.equal(d.stop(), 0, "stops cleanly")
        judge_database(d)
        print(f"seed={seed} messages={sum(len(s.written) for s in students)} kills={kills} "
              f"connections={sum(s.connects for s in students)} "
              f"lost={sum(r[0] for r in results)} doubled={sum(r[1] for r in results)}")
    finally:
        d.close()
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
