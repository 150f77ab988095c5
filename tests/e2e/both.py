#!/usr/bin/env python3
"""both.py - one program on Telegram and Matrix: what one of them does leaves the other alone, and
the secrets of both stand in nothing that the program says or leaves behind.
"""
import os
import resource
import signal
import subprocess
import sys
import time

from lib.daemon import ROOT, program, run_parts
from lib.telegram import TOKEN
from telegram import ANSWER, QUESTION, House, c

sys.path.insert(0, os.path.join(ROOT, "tests", "fake"))
from homeserver import Homeserver  # noqa: E402

BOT, MIA = "@bot:fake.test", "@mia:fake.test"
NOBODY = 65534


class BothHouse(House):
    """The Bot API and a homeserver."""

    def __init__(self, **options):
        super().__init__(**options)
        self.hs = Homeserver()
        self.hs.start()
        for user in (BOT, MIA):
            self.hs.call("add_user", user=user, password="sesame " + user)
        self.matrix_token = self.hs.call("access_token", user=BOT, device="D")["access_token"]
        self.daemon.plant(self.matrix_token)
        path = os.path.join(self.daemon.dir, "matrix-token")
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write(self.matrix_token + "\n")
        self.daemon.options["matrix.homeserver"] = f"http://127.0.0.1:{self.hs.port}"
        self.daemon.options["matrix.token_file"] = path
        self.daemon.write_config()
        self.asked = 0

    def __enter__(self):
        super().__enter__()
        self.user()
        self.hs.call("create_room", creator=MIA, label="dm", direct=True, invite=[BOT])
        self.hs.call("wait", timeout_s=20, joined="dm")
        return self

    def both_answer(self, what, timeout=60):
        self.asked += 1
        self.say(f"{QUESTION} ({self.asked})")
        self.hs.call("send", room="dm", user=MIA, text=f"{QUESTION} ({self.asked})")
        a = self.wait(self.asked, timeout=timeout)
        c.check(len(a) == self.asked and ANSWER in a[-1]["text"], f"{what}: Telegram",
                [(m["message_id"], m["text"]) for m in a], self.daemon.log()[-1500:])
        r = self.hs.call("wait", timeout_s=timeout, room="dm", bot_events=self.asked,
                         type="m.room.message")
        c.check(r["ok"], f"{what}: Matrix", r, self.daemon.log()[-800:])

    def __exit__(self, *_):
        self.hs.stop()
        super().__exit__()


def endless():
    """An answer of 10 GB: memory stays what it was, and both go on."""
    with BothHouse() as h:
        h.both_answer("before")
        before, most = h.daemon.rss_mb(), 0
        h.hs.call("fault", endpoint="sync", verb="bomb", mb=10_000, gzip=False)
        h.tg.control("faults", fault="endless", method="getUpdates", mb=10_000, times=1)
        h.tg.control("restart")
        h.hs.call("send", room="dm", user=MIA, text="hello?")  # ends the poll that is held
        end = time.monotonic() + 5
        h.asked += 1
        h.say("hello?")
        while time.monotonic() < end:
            most = max(most, h.daemon.rss_mb())
            time.sleep(0.05)
        h.both_answer("SYNC-18: after it")
        most = max(most, h.daemon.rss_mb())
        print(f"rss before={before:.0f} MB, at most={most:.0f} MB", flush=True)
        c.check(most - before < 24, "SYNC-18: memory stays what it was", before, most)


def failures():
    """S-23: whatever goes wrong, no secret is named."""
    with BothHouse() as h:
        h.both_answer("before")
        h.daemon.settle()
        for fault in ("reset_before", "html_502", "garbage", "truncated_json"):
            h.tg.control("faults", fault=fault, method="getUpdates", times=1)
        h.tg.control("faults", fault="reset_before", method="sendMessage", times=1)
        for verb, more in (("drop", {}), ("status", {"status": 502}), ("status", {
                "status": 403, "errcode": "M_FORBIDDEN", "error": "no: " + h.matrix_token}),
                ("body", {"kind": "html"})):
            h.hs.call("fault", endpoint="sync", verb=verb, **more)
            if more.get("status") != 403:  # the last word on a message
                h.hs.call("fault", endpoint="send", verb=verb, **more)
        h.tg.control("faults", fault="error", method="getUpdates", error_code=500,
                     description="no: /bot" + TOKEN + "/getUpdates", times=1)
        h.tg.control("restart")
        h.both_answer("S-23: through all of it", timeout=80)
        for args in (["doctor", "-c", h.daemon.config, "--state", h.daemon.state],
                     ["check", "-c", h.daemon.config]):
            done = subprocess.run([program(), *args], capture_output=True, text=True, cwd=ROOT,
                                  timeout=120)
            for secret in h.daemon.secrets:
                c.check(secret not in done.stdout + done.stderr, f"S-23: {args[0]} names none")


def crash(allowed):
    """(whether the kernel dumped a core, what is in the core if it is a file)"""
    with BothHouse(**{"debug.core_dumps": allowed}) as h:
        h.both_answer("before")
        h.daemon.stop()

        def limits():
            hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

        folder = os.path.join(h.daemon.dir, "cores")
        os.mkdir(folder)
        with open(h.daemon.log_path, "ab") as log:
            p = subprocess.Popen([os.path.abspath(program()), "run", "-c", h.daemon.config,
                                  "--state", h.daemon.state], stdin=subprocess.DEVNULL, stdout=log,
                                 stderr=log, cwd=folder, preexec_fn=limits)
        c.check(h.polling(), "it polls")
        h.hs.call("wait", timeout_s=20, synced=True)
        p.send_signal(signal.SIGABRT)
        status = os.waitpid(p.pid, 0)[1]
        p.returncode = -signal.SIGABRT
        c.check(os.WIFSIGNALED(status), "it crashed", status)
        cores = b""
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as f:
                cores += f.read()
        found = [s for s in h.daemon.secrets if s.encode() in cores]
        return os.WCOREDUMP(status), len(cores), found


def cores():
    """A crash leaves nothing behind; where it may, the secrets are found: the check can fail."""
    dumped, size, found = crash(False)
    c.equal((dumped, size, found), (False, 0, []), "S-23: no core")
    with open("/proc/sys/kernel/core_pattern") as f:
        pattern = f.read().strip()
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if hard == 0 or os.environ.get("BUILD") == "asan":  # which ends without one
        print("no core can be had here; the other half is left out", flush=True)
        return
    dumped, size, found = crash(True)
    c.check(dumped, "a core where it is allowed")
    if not pattern.startswith(("|", "/")):
        c.check(size > 0 and TOKEN.split(":")[1] in found, "and the token in it", size, len(found))


def neighbours():
    """Another process of the same user cannot read the program's memory."""
    for allowed in (False, True):
        with BothHouse(**{"debug.core_dumps": allowed}) as h:
            pid = h.daemon.process.pid
            code = ("import os\n"
                    "try: os.setgroups([]); os.setgid(%d); os.setuid(%d)\n"
                    "except PermissionError: pass\n"
                    "try: open('/proc/%d/environ', 'rb').read(1); print('read')\n"
                    "except PermissionError: print('refused')\n" % (NOBODY, NOBODY, pid))
            # As root one may read everything: then somebody else is asked, who may nothing.
            said = subprocess.run([sys.executable, "-c", code], capture_output=True,
                                  text=True).stdout.strip()
            owner = os.stat(f"/proc/{pid}/mem").st_uid
            if not allowed:
                c.equal((said, owner), ("refused", 0), "S-23: its memory is nobody's to read")
            elif os.getuid() != 0:
                c.equal(said, "read", "and is where it is allowed")


def main():
    parts = [endless, failures, cores, neighbours]
    chosen = sys.argv[1:]
    if not chosen:
        return run_parts(__file__, [part.__name__ for part in parts])
    for part in parts:
        if part.__name__ in chosen:
            part()
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
