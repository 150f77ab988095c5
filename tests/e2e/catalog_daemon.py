#!/usr/bin/env python3
"""catalog_daemon.py [NAME ...] - a bot that runs, and its catalog: imported, replaced, damaged,
killed, while students talk.

Checks bear the ids of requirements: CAT-C1 that searches go on while an index is built and
replaced, CAT-B4 that a kill leaves the old catalog or the new one.
"""
import datetime
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

from lib.chat import Chat, Session
from lib.daemon import ROOT, Checks, Daemon, program, run_parts

c = Checks()
PROGRAMS = os.path.join(ROOT, "tests/catalog/programs.jsonl")
LIVE = 64      # of its 65 one is ceased
SHIPPED = 18
PAUSE_S = 0.03  # nobody types faster
LARGE = 4000   # rows: an index of them takes a while


def command(state, *args, stdin=subprocess.DEVNULL):
    return [os.path.abspath(program()), *args[:2], "--state", state, *args[2:]], {"cwd": ROOT, "stdin": stdin}


def credbot(state, *args):
    argv, options = command(state, *args)
    return subprocess.run(argv, capture_output=True, text=True, timeout=120, **options)


def bring(state, path, *flags):
    done = credbot(state, "catalog", "import", "--format", "jsonl", *flags, path)
    c.equal(done.returncode, 0, f"import {path}: {done.stderr}")


def rows(n):
    return "".join(json.dumps({"id": f"r{i}", "title": f"Course number {i}", "provider": f"School {i % 97}",
                               "country": "DE", "status": "active", "skills": [f"skill {i % 1009}", "reading"]})
                   + "\n" for i in range(n))


def file_of(d, n):
    """n programs, in a file beside the state folder; the same name each time: one source."""
    path = os.path.join(d.dir, "many.jsonl")
    with open(path, "w", encoding="utf-8") as f:
        f.write(rows(n))
    return path


def says(d, n, what="replaced", imported=None):
    """Waits for the line of the journal; c.check."""
    line = f"catalog: {what} programs={n} imported={imported or ''}"
    return c.check(d.wait_log(line, 30), f"CAT-C1 the journal says: {line}", d.log()[d.log_from:][-1500:])


def house():
    """A bot that bears with students who ask without a pause."""
    return Daemon({"chat.flood_burst": 1000, "chat.flood_refill_ms": 1})


def begun(d):
    """The first import after this is a change, and not what the bot begins with."""
    d.wait_log("catalog: ready")


class Talk(threading.Thread):
    """A student who asks again and again, over one connection; each message must be answered."""

    def __init__(self, d):
        super().__init__(daemon=True)
        self.chat = Chat(Session(d.port))
        self.enough = threading.Event()
        self.answered = 0
        self.error = None
        self.start()

    def run(self):
        try:
            while not self.enough.wait(PAUSE_S):
                said = self.chat.ask(f"What is a micro-credential? ({self.answered})", f"t{self.answered}")
                if "short, focused course" not in said["text"]:
                    raise ValueError(said["text"])
                self.answered += 1
        except Exception as e:  # pylint: disable=broad-except
            self.error = e

    def end(self, what):
        self.enough.set()
        self.join(30)
        c.check(self.error is None and self.answered > 0 and self.chat.doubled == 0,
                f"CAT-C1 {what}: conversations go on", repr(self.error), self.answered)


def ask_once(d, what):
    chat = Chat(Session(d.port))
    said = chat.ask("What is a micro-credential?", "once")
    c.check("short, focused course" in said["text"], f"CAT-C1 {what}: the bot answers", said)
    chat.close()


# --- the ordinary course

def imports():
    """Noticed, whoever does it, and known after a restart; what a list no longer has is gone."""
    with house() as d:
        says(d, SHIPPED, "ready", "never")
        talk = Talk(d)
        bring(d.state, PROGRAMS, "--at", "2026-11-20T08:00Z")
        says(d, LIVE, imported="2026-11-20T08:00:00Z")
        bring(d.state, file_of(d, LARGE))
        says(d, LIVE + LARGE)
        bring(d.state, file_of(d, 10))
        says(d, LIVE + 10)
        talk.end("imports")
        done = credbot(d.state, "doctor")
        c.check(f"{LIVE + 10} programs, imported: 20" in done.stdout, "CAT-C1 doctor says it", done.stdout)
        d.stop()
        d.start().wait()
        says(d, LIVE + 10, "ready")


def dry_run():
    """Changes nothing, and nothing is taken for a change."""
    with house() as d:
        begun(d)
        bring(d.state, PROGRAMS)
        says(d, LIVE)
        bring(d.state, file_of(d, 50), "--dry-run")
        bring(d.state, file_of(d, 20))
        says(d, LIVE + 20)
        c.equal(d.log().count("catalog: replaced"), 2, "CAT-C1 two imports, two new indexes")


def reload():
    with house() as d:
        says(d, SHIPPED, "ready", "never")
        d.process.send_signal(signal.SIGHUP)
        says(d, SHIPPED, "replaced", "never")
        c.check(d.wait_log("reload: done"), "CAT-C1 and articles and phrases, too")


def another_day():
    """An index of yesterday serves at once, and one of today follows."""
    d = house()
    bring(d.state, PROGRAMS)
    yesterday = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)).strftime("%Y-%m-%d")
    c.equal(credbot(d.state, "catalog", "search", "--at", yesterday, "data").returncode, 0, "CAT-C1 yesterday")
    with d:
        says(d, LIVE, "ready")
        says(d, LIVE)


# --- files that are replaced, damaged, broken off

def replaced_files():
    """Another catalog.db in its place: moved there, copied over it, taken away."""
    other = tempfile.mkdtemp(prefix="credbot-e2e-")
    with house() as d:
        db = os.path.join(d.state, "catalog.db")
        begun(d)
        bring(d.state, PROGRAMS)
        says(d, LIVE)
        talk = Talk(d)
        bring(other, file_of(d, 30))
        shutil.copy(os.path.join(other, "catalog.db"), db + ".new")
        os.rename(db + ".new", db)
        says(d, 30)
        bring(other, file_of(d, LARGE))
        shutil.copy(os.path.join(other, "catalog.db"), db)
        says(d, LARGE)
        os.remove(db)
        says(d, SHIPPED, imported="never")
        talk.end("replaced files")
    shutil.rmtree(other)


def damaged_index():
    """Built anew, whatever stands in it; and what a killed writer left goes."""
    d = house()
    bring(d.state, file_of(d, LARGE))
    c.equal(credbot(d.state, "catalog", "search", "reading").returncode, 0, "CAT-C1 an index")
    index = os.path.join(d.state, "catalog.index")
    size = os.path.getsize(index)
    chance = random.Random(1)
    for how in ("flipped", "cut", "empty", "zeros"):
        with open(index, "r+b") as f:
            if how == "flipped":
                f.seek(chance.randrange(size))
                f.write(bytes([chance.randrange(256)]) * 16)
            elif how == "zeros":
                f.write(bytes(8192))
            else:
                f.truncate(0 if how == "empty" else chance.randrange(1, size))
        left = index + ".Kk9zQ0"
        shutil.copy(index, left)
        os.utime(left, (1, 1))
        d.start().wait()
        says(d, LARGE, "ready")
        c.check(how == "empty" or "builds the index anew" in d.log()[d.log_from:], f"CAT-C1 {how}: said")
        c.check(not os.path.exists(left), f"CAT-C1 {how}: what was left is gone")
        ask_once(d, how)
        d.stop()
    d.close()


def damaged_db():
    """From the start: the bot runs without, and says what to do. Later: with what it has."""
    with house() as d:
        db = os.path.join(d.state, "catalog.db")
        begun(d)
        bring(d.state, PROGRAMS)
        says(d, LIVE)
        with open(db, "rb") as f:
            sound = f.read()
        talk = Talk(d)
        with open(db, "wb") as f:
            f.write(random.Random(2).randbytes(200000))
        c.check(d.wait_log("until then those of before are found", 30), "CAT-C1 damaged while it runs", d.log()[-800:])
        talk.end("damaged while it runs")
        d.stop()
        d.start().wait()
        c.check(d.wait_log("until then no program is found", 30), "CAT-C1 damaged from the start", d.log()[-800:])
        line = [x for x in d.log().splitlines() if "no program is found" in x][-1]
        c.check(db in line and "not a database" in line and "move it away" in line, "CAT-C1 what, where, what to do", line)
        ask_once(d, "damaged from the start")
        done = credbot(d.state, "doctor")
        c.check(done.returncode == 1 and "catalog    FAIL" in done.stdout and db in done.stdout, "CAT-C1 doctor", done.stdout)
        done = subprocess.run([os.path.abspath(program()), "ask", "--state", d.state, "hello"], cwd=ROOT,
                              capture_output=True, text=True, timeout=120)
        c.check(done.returncode == 0 and "credbot" in done.stdout and "not a database" in done.stderr,
                "CAT-C1 ask answers without", done.stderr)
        with open(db + ".new", "wb") as f:
            f.write(sound)
        os.rename(db + ".new", db)
        says(d, LIVE, "ready")
        # A page in the middle: the file opens, but a record cannot be read.
        bring(d.state, file_of(d, LARGE))
        says(d, LIVE + LARGE)
        d.stop()
        os.remove(os.path.join(d.state, "catalog.index"))
        with open(db, "r+b") as f:
            for page in range(40, os.path.getsize(db) // 4096 - 1, 3):
                f.seek(page * 4096)
                f.write(b"\xa5" * 4096)
        d.start().wait()
        c.check(d.wait_log("until then no program is found", 30), "CAT-C1 damaged within", d.log()[-800:])
        ask_once(d, "damaged within")


def killed_imports():
    """The catalog of before stays in use, and the next import works."""
    with house() as d:
        begun(d)
        bring(d.state, PROGRAMS)
        says(d, LIVE)
        talk = Talk(d)
        for i in range(4):
            argv, options = command(d.state, "catalog", "import", "--format", "jsonl", "--source", "k", "-",
                                    stdin=subprocess.PIPE)
            process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
            process.stdin.write(rows(LARGE * (i + 1)).encode())
            process.stdin.flush()
            process.kill()
            process.wait()
        bring(d.state, file_of(d, 25))
        says(d, LIVE + 25)
        c.equal(d.log().count("catalog: replaced"), 2, "CAT-B4 what was broken off is not there")
        talk.end("killed imports")


def killed_swaps():
    """Killed at any instant after an import, the next start has the new catalog."""
    chance = random.Random(3)
    d = house()
    for i in range(8):
        d.start().wait()
        bring(d.state, file_of(d, LARGE + i))
        # The index is begun one or two seconds from here: half of them die while it is built.
        d.wait_log("catalog: replaced", chance.uniform(1.0, 2.4))
        d.stop(signal.SIGKILL)
        d.start().wait()
        says(d, LARGE + i, "ready")
        ask_once(d, "killed")
        d.stop()
    left = [n for n in os.listdir(d.state) if n.startswith("catalog.index.")]
    c.check(len(left) <= 8, "CAT-C1 not more files than kills", left)
    d.close()


PARTS = [imports, dry_run, reload, another_day, replaced_files, damaged_index, damaged_db, killed_imports,
         killed_swaps]


def main():
    if len(sys.argv) == 2:
        {p.__name__: p for p in PARTS}[sys.argv[1]]()
        return c.end()
    return run_parts(__file__, [p.__name__ for p in PARTS], at_a_time=3)


if __name__ == "__main__":
    sys.exit(main())
