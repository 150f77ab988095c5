#!/usr/bin/env python3
"""terminal.py - credbot chat: from a pipe, from a file, and at a terminal with line editing."""
import os
import pty
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from lib.daemon import ROOT, Checks, program

checks = Checks()
LINES = ["What is a bootcamp?", "tell me more", "What is a nanodegree?", "source please",
         "thank you", "bye"]


def command(state, name):
    return [program(), "chat", "--state", state, "--as", name]


def said(state):
    """What is on disk: [(seq, text)] of the students, and how many answers."""
    with sqlite3.connect(os.path.join(state, "credbot.db")) as db:
        mine = [t for (t,) in db.execute("SELECT text FROM inbox WHERE seq > 0 ORDER BY seq")]
        return mine, db.execute("SELECT count(*) FROM outbox WHERE status = 0").fetchone()[0]


def from_pipe():
    state = tempfile.mkdtemp(prefix="credbot-e2e-")
    done = subprocess.run(command(state, "mia"), input="\n".join(LINES) + "\n", text=True,
                          capture_output=True, cwd=ROOT, timeout=120)
    checks.equal(done.returncode, 0, "a pipe: ends well")
    mine, answers = said(state)
    checks.equal(mine, LINES, "a pipe: every line is taken, in order")
    checks.equal(answers, len(LINES) + 1, "a pipe: every line is answered, and a greeting")
    checks.check(done.stdout.index("ootcamp") < done.stdout.index("anodegree"),
                 "a pipe: answers in order")
    checks.equal(done.stderr, "", "a pipe: nothing on standard error")
    shutil.rmtree(state)


def from_file():
    state = tempfile.mkdtemp(prefix="credbot-e2e-")
    path = os.path.join(state, "lines")
    with open(path, "w") as f:
        f.write("\n".join(LINES))  # the last line lacks its end
    with open(path) as f:
        done = subprocess.run(command(state, "mia"), stdin=f, text=True, capture_output=True,
                              cwd=ROOT, timeout=120)
    checks.equal(done.returncode, 0, "a file: ends well")
    checks.equal(said(state)[0], LINES, "a file: every line is taken, in order")
    shutil.rmtree(state)


class Terminal:
    def __init__(self, state, **env):
        self.seen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(env, TERM="xterm")
            os.chdir(ROOT)
            os.execv(program(), command(state, "leo"))

    def wait(self, pattern, seconds=60):
        """Until pattern is on the screen, behind what was waited for before."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.search(pattern, self.seen, re.S)
            if found:
                self.seen = self.seen[found.end():]
                return True
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.fd, 65536).decode(errors="replace")
                except OSError:
                    return False
        return False

    def type(self, keys):
        os.write(self.fd, keys.encode())


def at_a_terminal():
    state = tempfile.mkdtemp(prefix="credbot-e2e-")
    t = Terminal(state)
    checks.check(t.wait("I am a bot, not a person.*you> "), "greets, then asks")
    t.type("What is a bootcxx\x7f\x7famp?\r")
    checks.check(t.wait(r"\[1\] Tell me more.*you> "), "answers a line that was edited")
    t.type("1\r")
    checks.check(t.wait("you> "), "a choice by its number")
    t.type("\x1b[A\x1b[A\r")
    checks.check(t.wait(r"\[1\] Tell me more.*you> "), "the line before the last, by its history")
    t.type("/quit\r")
    _, status = os.waitpid(t.pid, 0)
    checks.equal(os.waitstatus_to_exitcode(status), 0, "/quit ends it")
    mine, answers = said(state)
    checks.equal(mine, ["What is a bootcamp?", "1", "What is a bootcamp?"], "what was typed")
    checks.equal(answers, 4, "all answered")

    t = Terminal(state)
    checks.check(t.wait("you> "), "comes back")
    checks.check("not a person" not in t.seen, "without greeting as if for the first time")
    t.type("\x04")
    _, status = os.waitpid(t.pid, 0)
    checks.equal(os.waitstatus_to_exitcode(status), 0, "Ctrl-D ends it")
    shutil.rmtree(state)


def two_at_once():
    """One process a name; others talk at the same time, and nobody gets her answers."""
    state = tempfile.mkdtemp(prefix="credbot-e2e-")
    t = Terminal(state)
    checks.check(t.wait("you> "), "the first one")
    done = subprocess.run(command(state, "leo"), stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, cwd=ROOT, timeout=60)
    checks.equal(done.returncode, 1, "the same name again")
    checks.check("leo talks already in another terminal" in done.stderr, done.stderr)
    done = subprocess.run(command(state, "mia"), input="What is a nanodegree?\n", text=True,
                          capture_output=True, cwd=ROOT, timeout=60)
    checks.equal(done.returncode, 0, "another name at the same time")
    checks.check("anodegree" in done.stdout, "who asks is answered", done.stdout)
    t.type("thanks\r")
    checks.check(t.wait("you> "), "the first one goes on")
    checks.check("anodegree" not in t.seen, "and does not see the other's answers")
    t.type("/quit\r")
    _, status = os.waitpid(t.pid, 0)
    checks.equal(os.waitstatus_to_exitcode(status), 0, "and ends well")
    shutil.rmtree(state)


def other_letters():
    """Letters beyond ASCII can be typed, also where nobody has set a locale."""
    state = tempfile.mkdtemp(prefix="credbot-e2e-")
    t = Terminal(state, LC_ALL="C")
    checks.check(t.wait("you> "), "starts in the locale C")
    t.type("Kann ich in K\u00f6ln studieren?\r")
    checks.check(t.wait("you> "), "answers")
    t.type("/quit\r")
    os.waitpid(t.pid, 0)
    checks.equal(said(state)[0], ["Kann ich in K\u00f6ln studieren?"], "every letter is kept")
    shutil.rmtree(state)


def main():
    from_pipe()
    from_file()
    at_a_terminal()
    two_at_once()
    other_letters()
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
