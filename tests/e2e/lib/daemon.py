"""daemon.py - starts the program under test on a free port, with a state folder of its own.

The program is build/$BUILD/credbot (BUILD: release), or what $CREDBOT names.
"""
import base64
import concurrent.futures
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
START_S = 180  # a first start may train its model


def program():
    given = os.environ.get("CREDBOT")
    return os.path.join(ROOT, given) if given else os.path.join(ROOT, "build", os.environ.get("BUILD", "release"), "credbot")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Daemon:
    """options: {"section.key": value}; the port stays the same over restarts."""

    def __init__(self, options=None):
        self.dir = tempfile.mkdtemp(prefix="credbot-e2e-")
        self.state = os.path.join(self.dir, "state")
        self.log_path = os.path.join(self.dir, "log")
        self.port = free_port()
        self.process = None
        self.secrets = []
        self.log_from = 0
        self.options = {"web.listen": f"127.0.0.1:{self.port}"}
        self.options.update(options or {})
        self.config = os.path.join(self.dir, "credbot.yaml")
        self.write_config()

    def write_config(self):
        sections = {}
        for name, value in self.options.items():
            section, key = name.split(".")
            sections.setdefault(section, []).append((key, value))
        with open(self.config, "w") as f:
            for section, pairs in sections.items():
                f.write(f"{section}:\n")
                for key, value in pairs:
                    text = str(value).lower() if isinstance(value, bool) else value
                    f.write(f"  {key}: {text}\n")

    def plant(self, secret):
        """What must stand in nothing that the program says; Checks.end() tells if it did."""
        self.secrets.append(secret)
        return secret

    def leaks(self):
        """The secrets that the program said, also in other spellings."""
        log = self.log()
        return [s for s in self.secrets if any(x in log for x in spellings(s))]

    def start(self):
        self.log_from = len(self.log())
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [program(), "run", "-c", self.config, "--state", self.state],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT)
        return self

    def wait(self):
        """Until it accepts connections."""
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.005)
        raise RuntimeError(f"the program did not start:\n{self.log()[-2000:]}")

    def stop(self, how=signal.SIGTERM):
        """The exit code."""
        if self.process is None:
            return None
        self.process.send_signal(how)
        try:
            code = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process = None
        return code

    def log(self):
        try:
            with open(self.log_path, errors="replace") as f:
                return f.read()
        except OSError:
            return ""

    def wait_log(self, text, timeout=START_S):
        """Until the log says so, since the last start. Did it?"""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if text in self.log()[self.log_from:]:
                return True
            if self.process is not None and self.process.poll() is not None:
                return text in self.log()[self.log_from:]
            time.sleep(0.005)
        return False

    def rss_mb(self):
        with open(f"/proc/{self.process.pid}/status") as f:
            for line in f:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return 0

    def databases(self):
        """The SQLite files of the state folder."""
        found = []
        for folder, _, names in os.walk(self.state):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as f:
                    if f.read(16) == b"SQLite format 3\0":
                        found.append(path)
        return found

    def settle(self, timeout=10):
        """Until what was said has arrived, as it stands on disk: what is broken off before that
        is said once more."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            db = sqlite3.connect(os.path.join(self.state, "credbot.db"))
            left = db.execute("SELECT count(*) FROM outbox WHERE status IN (1, 3)").fetchone()[0]
            db.close()
            if left == 0:
                return
            time.sleep(0.05)

    def close(self):
        self.stop(signal.SIGKILL)
        for secret in self.leaks():
            line = next((x for x in self.log().split("\n") if secret in x), "(spelt otherwise)")
            Checks.leaked.append(line)
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self.start().wait()

    def __exit__(self, *_):
        self.close()


def spellings(secret):
    """As it stands, in an address, and in a header for HTTP's basic authentication."""
    raw = secret.encode()
    yield secret
    yield urllib.parse.quote(secret, safe="")
    yield secret.replace("-", "%2D")
    # All but the ends, which depend on what stands beside it.
    for before in range(3):
        yield base64.b64encode(b"x" * before + raw).decode()[4:-4]


class Checks:
    """Counts, and prints what failed; end() gives the exit code."""
    leaked = []  # lines with a secret in them, of all programs that were closed

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what, *more):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print("FAIL", what, *more, flush=True)
        return good

    def equal(self, got, want, what):
        return self.check(got == want, what, f"\n\tgot  {got!r}\n\twant {want!r}")

    def end(self):
        for line in Checks.leaked:
            self.check(False, "a secret was said:", line[:200])
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0


def run_parts(path, names, at_a_time=8):
    """Runs the parts of a test, each in a process of its own: they mostly wait. The exit code."""
    def run(name):
        # A file, and a group of its own: what a part that died leaves running holds nobody up.
        with tempfile.TemporaryFile("w+") as out:
            part = subprocess.Popen([sys.executable, path, name], stdout=out, stderr=out,
                                    start_new_session=True)
            code = part.wait()
            try:
                os.killpg(part.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            out.seek(0)
            return name, code, out.read()

    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(at_a_time) as pool:
        for name, code, said in pool.map(run, names):
            counts = re.search(r"^(\d+) passed, (\d+) failed$", said, re.M)
            if code != 0 or counts is None:
                print(f"FAIL {name} (exit {code})\n{said}", flush=True)
            passed += int(counts[1]) if counts else 0
            failed += int(counts[2]) if counts else 1
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0
