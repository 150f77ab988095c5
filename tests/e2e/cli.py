#!/usr/bin/env python3
"""cli.py - the command line as scripts depend on it: exit codes, --help, JSON; and the daemon
as a service manager meets it: signals, locks, bad states, sd_notify, installation."""
import json
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

from lib.chat import Session
from lib.daemon import ROOT, Checks, Daemon, free_port, program

c = Checks()
COMMANDS = ["ask", "bench", "catalog", "chat", "check", "doctor", "eval", "login", "logout", "nlu", "run", "train", "version"]
DONE, FAILED, USAGE, CONFIG = 0, 1, 2, 78


def credbot(*args, stdin=None, env=None, cwd=ROOT):
    return subprocess.run([os.path.abspath(os.path.join(ROOT, program())), *args], cwd=cwd,
                          capture_output=True, text=True, timeout=120, env=env,
                          **({"input": stdin} if stdin else {"stdin": subprocess.DEVNULL}))


def ended(done, code, what, out=None, err=None):
    """Checks exit code, and patterns in what was printed."""
    said = f"\n{done.stdout}{done.stderr}"
    c.equal(done.returncode, code, what + said)
    if out is not None:
        c.check(re.search(out, done.stdout), f"{what}: stdout has no {out!r}", said)
    if err is not None:
        c.check(re.search(err, done.stderr), f"{what}: stderr has no {err!r}", said)
        c.check("Try: credbot" in done.stderr or code != USAGE, what + ": where to look", said)
    return done


def data_copy(folder):
    """A data folder to be changed, with the model beside it, as an installation has it."""
    data = os.path.join(folder, "data")
    shutil.copytree(os.path.join(ROOT, "data"), data)
    os.symlink(os.path.join(ROOT, "build/en.model"), os.path.join(data, "en.model"))
    return data


def change(path, old, new):
    with open(path) as f:
        text = f.read()
    assert old in text, f"{path} has no {old!r}"
    with open(path, "w") as f:
        f.write(text.replace(old, new, 1))


def until(fn, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if fn():
            return True
        time.sleep(0.02)
    return False


# --- arguments


def test_usage(folder):
    done = ended(credbot(), USAGE, "no command")
    c.check("usage: credbot COMMAND" in done.stderr, "no command: the usage")
    for word in ("--help", "-h", "help"):
        done = ended(credbot(word), DONE, word, out="usage: credbot COMMAND")
        c.equal(re.findall(r"^  (\w+) ", done.stdout, re.M)[:len(COMMANDS)], COMMANDS, word)
    ended(credbot("aks"), USAGE, "no such command", err="did you mean ask")
    ended(credbot("help", "aks"), USAGE, "help for no such command")
    ended(credbot("help", "chat"), DONE, "help chat", out="usage: credbot chat")
    for name in COMMANDS:
        done = ended(credbot(name, "--help"), DONE, f"{name} --help",
                     out=rf"usage: credbot {name}")
        c.check(re.search(rf"example:\n  credbot {name}", done.stdout), f"{name}: an example")
        c.equal(done.stderr, "", f"{name} --help: nothing on stderr")
        ended(credbot(name, "--nosuch"), USAGE, f"{name} --nosuch", err="--nosuch is no option")
    for args, err in [
            (("ask",), "what is the question"), (("ask", "--at", "soon", "x"), "is no time"),
            (("ask", "--lang", "xx", "x"), "speaks en"), (("ask", "--at"), "needs a value"),
            (("eval",), "which files"), (("nlu",), "bench"), (("nlu", "bench"), "--train"),
            (("nlu", "bench", "--train", "x", "--test", "x", "--typos", "2"), "share of 1"),
            (("run", "x"), 'takes no argument "x"'), (("chat", "x"), "takes no argument"),
            (("version", "x"), "takes no argument"), (("chat", "--as", ""), "a name has"),
            (("chat", "--as", "x" * 256), "a name has"), (("bench", "-n", "0"), "whole number")]:
        ended(credbot(*args), USAGE, " ".join(args), err=err)
    ended(credbot("version"), DONE, "version", out=r"^credbot \d+\.\d+\.\d+$")
    ended(credbot("--version"), DONE, "--version", out=r"^credbot \d+\.\d+\.\d+$")


def test_configuration(folder):
    bad = os.path.join(folder, "bad.yaml")
    with open(bad, "w") as f:
        f.write("web:\n  lisen: off\nbot:\n  nmae: x\n")
    state = os.path.join(folder, "state-of-bad")
    for args in (["run"], ["chat"], ["ask", "x"], ["check"], ["doctor"], ["train"], ["eval", "x"], ["bench"]):
        done = ended(credbot(*args, "-c", bad, "--state", state), CONFIG, f"{args[0]}, bad file")
        said = done.stdout + done.stderr
        c.check(f"{bad}:2:3: unknown option web.lisen" in said and f"{bad}:4:3:" in said,
                f"{args[0]}: all faults at their places", said)
        ended(credbot(*args, "-c", folder, "--state", state), CONFIG,
              f"{args[0]}, a folder as configuration")
        ended(credbot(*args, "-c", bad + "x", "--state", state), CONFIG, f"{args[0]}, no such file")
    with open(bad, "w") as f:
        f.write(f"data:\n  dir: {ROOT}/tests/broken\n")
    for args in (["run"], ["ask", "x"], ["train"]):
        done = ended(credbot(*args, "-c", bad, "--state", state), CONFIG, f"{args[0]}, bad data")
        # A review date that has passed is no reason not to answer.
        c.equal(len(done.stderr.splitlines()), 24, f"{args[0]}: all faults of the data at once")
    c.check(not os.path.exists(os.path.join(state, "credbot.db")), "nothing was written")


# --- commands that answer and end


def test_ask(folder):
    done = ended(credbot("ask", "how", "long does it take?", "--at", "2026-12-01"), DONE, "ask")
    c.check(len(done.stdout) > 40 and all(len(x) <= 80 for x in done.stdout.splitlines()),
            "ask: lines that fit", done.stdout)
    c.equal(done.stderr, "", "ask: nothing else")
    done = ended(credbot("ask", "--json", "how long does it take?"), DONE, "ask --json")
    c.equal(done.stdout.count("\n"), 1, "ask --json: one line")
    v = json.loads(done.stdout)
    c.equal(sorted(v), ["lang", "parts", "replies", "text", "us"], "ask --json: keys")
    c.equal(sorted(v["parts"][0]), ["also", "intent", "score", "slots", "text", "topic"], "parts")
    c.equal(sorted(v["replies"][0]), ["buttons", "text"], "replies")
    c.equal((v["text"], v["lang"]), ("how long does it take?", "en"), "ask --json: text, lang")
    c.equal((v["parts"][0]["intent"], v["parts"][0]["topic"]), ("faq", "how-long-does-it-take"),
            "ask --json: understood")
    c.check(0 < v["parts"][0]["score"] <= 1 and isinstance(v["us"], int), "ask --json: numbers")
    for text in ("\u202e\U0001f355\U0001f355", "a\ud800".encode("utf-8", "surrogatepass"), "x" * 50000, "\t"):
        done = ended(credbot("ask", "--json", "--", text), DONE, f"ask {text[:8]!r}")
        c.check(json.loads(done.stdout)["replies"], f"ask {text[:8]!r}: a reply")


def test_eval(folder):
    path = os.path.join(folder, "q.tsv")
    with open(path, "w") as f:
        f.write("how-long-does-it-take\thow long does it take?\tplain\n"
                "greet|small-talk\thello\tplain\n"
                "out-of-scope\twho won the football match last night\tplain\n")
    v = json.loads(ended(credbot("eval", "--json", path), DONE, "eval --json").stdout)
    c.equal((v["file"], v["n"]), (path, 3), "eval --json: file, n")
    c.check(0 <= v["strict"] <= v["lenient"] <= 1 and "oos_recall" in v, "eval --json", v)
    v = json.loads(ended(credbot("eval", "--json", path, path), DONE, "two files").stdout)
    c.equal(len(v), 2, "eval --json: one element a file")
    ended(credbot("eval", path), DONE, "eval", out="3 lines")
    ended(credbot("eval", path + "x"), FAILED, "eval, no such file", err="No such file")


def test_nlu_bench(folder):
    path = os.path.join(folder, "train.tsv")
    with open(path, "w") as f:
        for i in range(12):
            f.write(f"tea\tsome green tea for {i} guests\nbus\twhen does bus {i} go to the town\n")
    v = json.loads(ended(credbot("nlu", "bench", "--train", path, "--test", path, "--json"), DONE,
                         "nlu bench").stdout)
    c.equal(sorted(v), sorted(["n", "accuracy", "macro_f1", "oos_recall", "oos_precision", "train_s",
                               "us_p50", "us_p99", "model_bytes"]), "nlu bench --json: keys")
    ended(credbot("nlu", "bench", "--train", path + "x", "--test", path), FAILED, "no such file",
          err="No such file")


def test_bench(folder):
    state = os.path.join(folder, "bench")
    v = json.loads(ended(credbot("bench", "--json", "-n", "300", "--state", state), DONE,
                         "bench").stdout)
    c.equal(sorted(v), ["cpu_us_per_turn", "p50_ms", "p99_ms", "rss_mb", "turns_per_s"],
            "bench --json: keys")
    c.equal(os.listdir(state), [], "bench leaves nothing")


def test_chat(folder):
    state = os.path.join(folder, "chat")
    done = ended(credbot("chat", "--as", "mia", "--state", state,
                         stdin="how long does it take?\n"), DONE, "chat", out="weeks")
    done = ended(credbot("chat", "--as", "mia", "--state", state, stdin="tell me more\n"), DONE,
                 "chat goes on where it was", out="(?i)weeks|months|hours")
    c.check("Tell me more about what" not in done.stdout, "chat remembers the topic", done.stdout)
    for name, row in (("programs", "wq-1;Water"), ("broken", "wq-1;Water\nwq-2;")):
        with open(os.path.join(folder, f"{name}.csv"), "w", encoding="utf-8") as f:
            f.write(f"id;title\n{row}\n")
    ended(credbot("chat", "--script", "/nowhere.chat"), FAILED, "no such script",
          err="No such file")
    path = os.path.join(folder, "x.chat")
    with open(path, "w") as f:
        f.write("mia> hello\nmia< *never said*\n")
    ended(credbot("chat", "--script", path), FAILED, "a script that fails",
          out="x.chat:2: was not said(.|\n)*\n0 passed, 1 failed$")
    for lines, code, out in (("catalog programs.csv", DONE, "1 passed, 0 failed"),
                             ("leo> hello\ncatalog programs.csv", DONE, "1 passed, 0 failed"),
                             ("catalog nowhere.jsonl", FAILED, "nowhere.jsonl"),
                             ("catalog broken.csv", FAILED, "broken.csv:3: wq-2 title is missing")):
        with open(path, "w", encoding="utf-8") as f:
            f.write(f"clock 2026-01-14T10:00Z\n{lines}\nmia> hello\nmia< *credbot*\n")
        ended(credbot("chat", "--script", path), code, f"a script with {lines!r}", out=out)


# --- the daemon


def test_states(folder):
    """Databases and folders that a daemon must not use."""
    d = Daemon()
    with d:
        c.equal(d.databases(), [os.path.join(d.state, "credbot.db")], "where the database is")
        c.equal(os.stat(d.state).st_mode & 0o777, 0o700, "the state is nobody else's business")
        other = credbot("run", "-c", d.config, "--state", d.state)
        ended(other, FAILED, "a second daemon", err="another credbot runs on")
        c.check(d.process.poll() is None, "the first one goes on")
        other = credbot("run", "-c", d.config, "--state", os.path.join(folder, "other"))
        ended(other, FAILED, "the port is taken", err="web.listen: .*in use")
        c.equal(d.stop(), DONE, "SIGTERM")
        db = sqlite3.connect(os.path.join(d.state, "credbot.db"))
        version = db.execute("PRAGMA user_version").fetchone()[0]
        c.equal(db.execute("PRAGMA integrity_check").fetchone()[0], "ok", "integrity")
        db.execute("PRAGMA user_version = 999")
        db.close()
        ended(credbot("run", "-c", d.config, "--state", d.state), FAILED, "a newer database",
              err=f"written by a newer credbot .schema 999, this program knows {version}.")
        db = sqlite3.connect(os.path.join(d.state, "credbot.db"))
        c.equal(db.execute("PRAGMA user_version").fetchone()[0], 999, "it was left alone")
        db.close()
    for name, fill in (("foreign", lambda p: sqlite3.connect(p).execute("CREATE TABLE t (x)")),
                       ("garbage", lambda p: open(p, "wb").write(b"no database at all" * 999))):
        state = os.path.join(folder, name)
        os.mkdir(state)
        fill(os.path.join(state, "credbot.db"))
        ended(credbot("run", "--state", state), FAILED, f"a {name} file as database",
              err="credbot.db: .*database")
    with open(os.path.join(folder, "file"), "w"):
        pass
    ended(credbot("run", "--state", os.path.join(folder, "file/state")), FAILED,
          "a state that cannot be made", err="Not a directory")
    env = dict(os.environ, STATE_DIRECTORY=os.path.join(folder, "from-environment"))
    ended(credbot("chat", stdin="hello\n", env=env), DONE, "STATE_DIRECTORY")
    c.check(os.path.exists(os.path.join(folder, "from-environment/credbot.db")), "is used")


def test_drain(folder):
    with Daemon({"chat.debounce_ms": 9000}) as d:
        s = Session(d.port)
        # A fragment waits for what follows; the form comes back without an answer.
        r = s.post("and the", "first")
        c.equal(r.status, 303, "a fragment is taken")
        start = time.monotonic()
        c.equal(d.stop(), DONE, "SIGTERM")
        took = time.monotonic() - start
        c.check(took < 8, f"drains at once, not after its wait: {took:.1f} s")
        db = sqlite3.connect(os.path.join(d.state, "credbot.db"))
        c.equal(db.execute("SELECT count(*) FROM inbox WHERE status <> 0").fetchone()[0], 0,
                "nothing waits")
        c.equal(db.execute("SELECT count(*) FROM outbox WHERE reply_to > 0").fetchone()[0], 1,
                "what was taken is answered")
        db.close()
        c.check("and the" not in d.log(), "no message text in the log")
        d.start().wait()
        s.get()
        c.equal([mine for _, mine, _ in s.articles()], [True, False], "it is there again")
        c.equal(d.stop(signal.SIGINT), DONE, "SIGINT")


def test_reload(folder):
    data = data_copy(folder)
    with Daemon({"data.dir": data}) as d:
        s = Session(d.port)

        def answer(text, n=[0]):
            n[0] += 1
            s.post(text, f"r{n[0]}")
            s.get()
            return s.articles()[-1][2]

        def reload():
            before = d.log().count("reload: ")
            d.process.send_signal(signal.SIGHUP)
            c.check(until(lambda: d.log().count("reload: ") > before), "the log tells of it")
            time.sleep(0.1)  # its last line
            return d.log().split("reload: ", before + 1)[-1]

        c.check("Goodbye" in answer("goodbye") or "See you" in answer("goodbye"), "before")
        locale = os.path.join(data, "locale/en.yaml")
        change(locale, "\ngoodbye:", "\ngoodbye: [Farewell one., Farewell two.]\nx:")
        c.check(":" in reload() and "stays in use" in d.log(), "a fault: the old stays", d.log())
        c.check(f"{locale}:" in d.log() and "no message is named x" in d.log(), "says where", d.log())
        c.check("Farewell" not in answer("goodbye"), "answers as before")
        change(locale, "\nx:", "\n#x:")
        change(locale, '  - "Goodbye', '#  - "Goodbye')
        change(locale, '  - "See you', '#  - "See you')
        c.check("done" in reload(), "mended: reloaded", d.log())
        c.check("Farewell" in answer("goodbye"), "answers anew")
        article = os.path.join(data, "kb/en/visa-help.md")
        change(article, "category:", "kategory:")
        reload()
        c.check("kb/en/visa-help.md:" in d.log(), "a broken article", d.log())
        c.check("Farewell" in answer("goodbye"), "the reloaded stays")
        c.equal(d.stop(), DONE, "SIGTERM")


def test_notify(folder):
    """What Type=notify and WatchdogSec= of systemd see."""
    path = os.path.join(folder, "notify")
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(path)
    sock.settimeout(60)
    os.environ.update(NOTIFY_SOCKET=path, WATCHDOG_USEC="400000")
    try:
        with Daemon() as d:
            c.equal(sock.recv(500), b"READY=1", "ready")
            c.equal([sock.recv(500) for _ in range(3)], 3 * [b"WATCHDOG=1"], "watchdog")
            d.process.send_signal(signal.SIGHUP)
            seen = []
            while b"READY=1" not in seen:
                seen.append(sock.recv(500))
            seen = [m for m in seen if m != b"WATCHDOG=1"]
            c.check(re.fullmatch(rb"RELOADING=1\nMONOTONIC_USEC=\d+", seen[0]), "reloading", seen)
            c.equal(len(seen), 2, "then ready again")
            d.process.send_signal(signal.SIGTERM)
            seen = []
            while b"STOPPING=1" not in seen:
                seen.append(sock.recv(500))
            c.equal(d.process.wait(20), DONE, "stopping, and the end")
            d.process = None
    finally:
        del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]
        sock.close()


def test_listen(folder):
    path = os.path.join(folder, "web.sock")
    d = Daemon({"web.listen": f"unix:{path}", "web.hosts": "[chat.example.org]", "web.proxy": True})
    try:
        d.start()
        c.check(until(lambda: os.path.exists(path), 60), "a UNIX socket")
        c.equal(os.stat(path).st_mode & 0o777, 0o660, "for the proxy's group")
        for host, status in (("chat.example.org", b"200"), ("localhost", b"421")):
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(path)
                s.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                c.equal(s.recv(12)[9:12], status, f"as {host}")
        c.equal(d.stop(), DONE, "SIGTERM")
        c.check(not os.path.exists(path), "the socket is gone")
    finally:
        d.close()
    ended(credbot("run", "-c", config(folder, "web:\n  listen: nowhere\n"), "--state",
                  os.path.join(folder, "listen")), CONFIG, "no such address",
          err='web.listen: "nowhere" is not an address and a port')


def config(folder, text):
    path = os.path.join(folder, "credbot.yaml")
    with open(path, "w") as f:
        f.write(text)
    return path


def test_install(folder):
    """The installed program finds its data and model from anywhere."""
    kind = os.environ.get("BUILD", "release")
    dest = os.path.join(folder, "dest")
    done = subprocess.run(["make", "-s", f"BUILD={kind}", f"DESTDIR={dest}", "PREFIX=/opt/credbot",
                           "CC=" + os.environ.get("CC", "gcc"), "install"], cwd=ROOT,
                          capture_output=True, text=True)
    c.equal(done.returncode, 0, "make install" + done.stdout + done.stderr)
    installed = os.path.join(dest, "opt/credbot/bin/credbot")
    done = subprocess.run([installed, "ask", "--state", "/nonexistent", "how long does it take?"],
                          cwd="/", capture_output=True, text=True)
    c.check(done.returncode == 0 and "weeks" in done.stdout and not done.stderr,
            "the installed program answers", done)
    for name in ("lib/systemd/system/credbot.service", "share/man/man1/credbot.1",
                 "share/doc/credbot/OPERATING.md", "share/credbot/LICENSE"):
        c.check(os.path.getsize(os.path.join(dest, "opt/credbot", name)) > 100, name)
    with open(os.path.join(dest, "opt/credbot/lib/systemd/system/credbot.service")) as f:
        unit = f.read()
    c.check("ExecStart=/opt/credbot/bin/credbot run" in unit and "/usr/local" not in unit, "unit")


def main():
    for test in [v for k, v in sorted(globals().items()) if k.startswith("test_")]:
        folder = tempfile.mkdtemp(prefix="credbot-cli-")
        try:
            test(folder)
        except Exception as e:  # the other tests still say what they see
            c.check(False, f"{test.__name__}: {type(e).__name__}: {e}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
