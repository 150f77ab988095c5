#!/usr/bin/env python3
"""diskfull.py - when the disk is full the bot says that it cannot take messages now, loses
nothing, and recovers by itself when there is room; it also starts on a full disk.

The disk is tests/fake/nospace.c, put in front of the program.
"""
import os
import sqlite3
import subprocess
import sys
import time

from lib.chat import Chat, Session
from lib.daemon import ROOT, Checks, Daemon

checks = Checks()


def preload(folder):
    """Compiles the shim; the environment that puts it in front."""
    so = os.path.join(folder, "nospace.so")
    subprocess.run(["cc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o", so,
                    os.path.join(ROOT, "tests/fake/nospace.c"), "-ldl"], check=True)
    return {"LD_PRELOAD": so, "CREDBOT_NOSPACE": os.path.join(folder, "full"),
            # The sanitizer wants to be the first library; it does not need to be.
            "ASAN_OPTIONS": "verify_asan_link_order=0"}


def main():
    daemon = Daemon()
    env = preload(daemon.dir)
    os.environ.update(env)
    full = env["CREDBOT_NOSPACE"]
    with daemon:
        chat = Chat(Session(daemon.port))
        first = chat.ask("What is a bootcamp?", "q1")
        checks.check("bootcamp" in first["text"].lower(), "answers while there is room")

        open(full, "w").close()
        for i in range(3):
            chat.say("What is a nanodegree?", "q2")
            m = chat.wait(lambda m: m["t"] in ("later", "took"))
            checks.equal(m["t"], "later", "the disk is full: told to come back")
            checks.check(m.get("after", 0) > 0, "and when")
        checks.check(daemon.process.poll() is None, "the program goes on")
        checks.check("cannot take messages" in daemon.log(), "the operator is told")
        checks.check(daemon.log().count("cannot take messages") == 1, "once, not each time")

        checks.equal(daemon.stop(), 0, "ends well on a full disk")
        daemon.start().wait()
        again = Chat(chat.session)
        checks.check(any("bootcamp" in m["text"].lower() for m in again.lines.values()),
                     "starts on a full disk, and remembers")
        again.say("What is a nanodegree?", "q2")
        checks.equal(again.wait(lambda m: m["t"] in ("later", "took"))["t"], "later",
                     "still full")

        os.unlink(full)
        answer = again.ask("What is a nanodegree?", "q2")
        checks.check("nanodegree" in answer["text"].lower(), "recovers by itself")
        time.sleep(0.1)
        answers = [m for m in again.lines.values() if not m["mine"] and
                   m["seq"] > again.took["q2"]]
        checks.equal(len(answers), 1, "answered once")
        again.close()
        checks.equal(daemon.stop(), 0, "ends well")
        for path in daemon.databases():
            with sqlite3.connect(path) as db:
                checks.equal(db.execute("PRAGMA integrity_check").fetchone()[0], "ok",
                             "the database is whole")
                checks.equal(db.execute("SELECT count(*) FROM inbox WHERE ext_id = 'q2'")
                             .fetchone()[0], 1, "the message is there once")
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
