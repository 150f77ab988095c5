#!/usr/bin/env python3
"""matrix_login.py [NAME ...] - finding the homeserver, and logging in once with a person.

Each check is named after the requirement that it bears (AUTH). The homeserver is that of
tests/fake; /.well-known is asked over https, of a server with an authority of the test.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import traceback

from lib.daemon import ROOT, Checks, Daemon, program, run_parts
from lib.https import HttpsServer

sys.path.insert(0, os.path.join(ROOT, "tests", "fake"))
from homeserver import Homeserver  # noqa: E402

QUESTION = "What is a micro-credential?"
WELL_KNOWN = "/.well-known/matrix/client"
checks = Checks()


class House:
    """A homeserver, and a program without token and password."""

    def __init__(self, name="fake.test", **options):
        self.name = name
        self.bot, self.mia = f"@bot:{name}", f"@mia:{name}"
        self.hs = Homeserver(name)
        self.hs.start()
        for user in (self.bot, self.mia):
            self.hs.call("add_user", user=user, password="sesame " + user)
        self.hs.call("config", oauth_interval_s=1)
        self.daemon = Daemon({"matrix.user": f'"{self.bot}"', "http.proxy": '""'})
        if "homeserver" not in options:
            options["homeserver"] = f"http://127.0.0.1:{self.hs.port}"
        for key, value in options.items():
            self.daemon.options["matrix." + key] = f'"{value}"'
        self.daemon.write_config()

    def call(self, command, **args):
        return self.hs.call(command, **args)

    def command(self, *args):
        return [program(), *args, "-c", self.daemon.config, "--state", self.daemon.state]

    def login(self, *how, secret=""):
        return subprocess.run(self.command("login", *how), input=secret, capture_output=True,
                              text=True, timeout=60)

    def begin_login(self, *how):
        """Waits until the person is told what to do. What was printed so far."""
        p = subprocess.Popen(self.command("login", *how), stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        said = ""
        while "Waiting" not in said:
            line = p.stdout.readline()
            if line == "":
                break
            said += line
        return p, said

    def ask(self, n, what):
        """Mia's n-th question is answered."""
        self.call("send", room="dm", user=self.mia, text=QUESTION)
        ok = self.call("wait", timeout_s=20, room="dm", bot_events=n, type="m.room.message")
        checks.check(ok["ok"], what, self.daemon.log()[-1500:])

    def meet(self):
        self.call("create_room", creator=self.mia, label="dm", direct=True, invite=[self.bot])
        self.call("wait", timeout_s=20, joined="dm")

    def kept(self, key):
        db = sqlite3.connect(os.path.join(self.daemon.state, "credbot.db"))
        row = db.execute("SELECT value FROM channel_value WHERE channel = 'matrix' AND key = ?",
                         [key]).fetchone()
        db.close()
        return row and (row[0].decode() if isinstance(row[0], bytes) else row[0])

    def close(self, name):
        checks.equal(self.call("violations")["violations"], [],
                     f"{name}: the homeserver has nothing to complain about")
        self.daemon.close()
        self.hs.stop()


def device_grant():
    h = House()
    before = set(h.call("devices", user=h.bot)["devices"])
    p, said = h.begin_login()
    checks.check("/oauth/link?code=" in said and "Homeserver: http" in said,
                 "AUTH-9 says which page to open", said)
    h.call("oauth", answer="slow_down")
    h.call("wait", timeout_s=20, endpoint="oauth_token", requests=2)
    h.call("oauth", answer="approved", user=h.bot)
    out, err = p.communicate(timeout=40)
    checks.equal(p.returncode, 0, "AUTH-9 the device grant ends well" + err)
    checks.check(f"Logged in as {h.bot}" in out, "AUTH-9 and says who we are", out)
    checks.check("mat_" not in said + out + err and "mar_" not in said + out + err,
                 "AUTH-11 no token is shown")
    tokens = json.loads(h.kept("tokens"))
    checks.check(tokens["refresh_token"] and tokens["oauth"]["client"], "AUTH-9 kept")
    h.daemon.start().wait()
    h.meet()
    h.ask(1, "AUTH-9 the bot works with it")
    h.call("expire", user=h.bot)
    h.call("restart")
    h.ask(2, "AUTH-9 and renews it at the token endpoint")
    checks.equal(h.call("log", endpoint="refresh")["requests"], [], "AUTH-9 and nowhere else")
    h.daemon.stop(9)
    h.daemon.start().wait()
    h.ask(3, "AUTH-9 also after a kill")
    done = h.login()
    checks.check(done.returncode == 1 and "stop it first" in done.stderr,
                 "AUTH-9 not while the bot runs", done.stderr)
    h.daemon.stop()
    p, said = h.begin_login("--device")
    h.call("oauth", answer="approved", user=h.bot)
    p.communicate(timeout=40)
    made = set(h.call("devices", user=h.bot)["devices"]) - before
    checks.equal(len(made), 1, "AUTH-6 another login is the same device")
    done = subprocess.run(h.command("logout"), capture_output=True, text=True, timeout=30)
    checks.equal((done.returncode, done.stdout), (0, "Logged out.\n"), "AUTH-9 logout")
    checks.equal(len(h.call("log", endpoint="oauth_revoke")["requests"]), 1, "AUTH-9 revokes")
    checks.equal(h.kept("tokens"), None, "AUTH-9 and forgets the tokens")
    h.daemon.start().wait()
    checks.check(h.daemon.wait_log("nobody is logged in") and h.daemon.stop() == 0,
                 "AUTH-9 then Matrix is off, and says why", h.daemon.log())
    log = h.daemon.log()
    checks.check("mat_" not in log and "mar_" not in log, "AUTH-11 no token is in the log")
    h.close("device grant")


def refusals():
    h = House()
    for answer, words in (("access_denied", "said no"), ("expired_token", "in time")):
        p, _ = h.begin_login("--device")
        h.call("oauth", answer=answer)
        _, err = p.communicate(timeout=40)
        checks.check(p.returncode == 1 and words in err, f"AUTH-9 {answer}", err)
        checks.equal(h.kept("tokens"), None, f"AUTH-9 {answer} keeps nothing")
    p, _ = h.begin_login("--device")
    h.call("oauth", answer="approved", user=h.mia)
    _, err = p.communicate(timeout=40)
    checks.check(p.returncode == 1 and f"this is {h.mia}" in err,
                 "AUTH-4 somebody else's account is refused", err)
    checks.equal(h.kept("tokens"), None, "AUTH-4 and not kept")
    h.call("config", oauth=False, login_flows=[])
    done = h.login()
    checks.check(done.returncode == 1 and "none that credbot knows" in done.stderr,
                 "a server without any way says so", done.stderr)
    done = h.login("--device", "--token")
    checks.equal(done.returncode, 2, "one way at a time")
    h.close("refusals")


def secrets_typed():
    h = House()
    h.call("config", oauth=False, login_flows=["m.login.password", "m.login.token"])
    done = h.login(secret="open sesame\n")
    checks.check(done.returncode == 1 and "Invalid username" in done.stderr,
                 "AUTH-6 a wrong password", done.stderr)
    done = h.login(secret="")
    checks.check(done.returncode == 1 and "nothing was given" in done.stderr, "none", done.stderr)
    done = h.login(secret=f"sesame {h.bot}\n")
    checks.equal(done.returncode, 0, "AUTH-6 the right one" + done.stderr)
    checks.equal(len(h.call("log", endpoint="login")["requests"]), 2,
                 "AUTH-6 each password is tried once")
    h.daemon.start().wait()
    h.meet()
    h.ask(1, "AUTH-6 the bot works with what came of it")
    h.call("expire", user=h.bot)
    h.call("restart")
    h.ask(2, "AUTH-7 and renews it")
    h.call("logout", user=h.bot)
    h.call("restart")
    checks.check(h.daemon.wait_log("nobody is logged in"), "AUTH-8 a session that is gone")
    h.daemon.stop()
    token = h.call("login_token", user=h.bot)["token"]
    done = h.login("--token", secret=token + "\n")
    checks.equal(done.returncode, 0, "a login token of another client" + done.stderr)
    done = h.login("--token", secret=token + "\n")
    checks.equal(done.returncode, 1, "is good once")
    h.daemon.start().wait()
    h.ask(3, "the bot is the same as before")
    h.daemon.stop()
    done = subprocess.run(h.command("logout"), capture_output=True, text=True, timeout=30)
    checks.equal((done.returncode, len(h.call("log", endpoint="logout")["requests"])), (0, 1),
                 "AUTH-9 logout by the older API" + done.stderr)
    h.close("secrets")


def say(value, status=200, **headers):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return status, headers, body


def discovery():
    """AUTH-1: what a server name's .well-known may say."""
    folder = tempfile.mkdtemp(prefix="credbot-tls-")
    now = {}
    server = HttpsServer(folder, lambda path: now["answer"](path))
    name = f"localhost:{server.port}"
    h = House(name, homeserver="")
    h.daemon.options["http.ca_file"] = server.certificates.ca
    h.daemon.write_config()
    h.call("config", oauth=False)
    here, home = f"https://{name}", f"http://127.0.0.1:{h.hs.port}"

    def named(url):
        return lambda path: say({"m.homeserver": {"base_url": url}})

    def moved(path, target):
        return say(b"", 302, Location=target) if path == WELL_KNOWN else \
            say({"m.homeserver": {"base_url": home}})

    def at_its_name(path):
        return say({"versions": ["v1.1"]}) if path.endswith("/versions") else say({}, 404)

    table = [
        ("as it says", named(home), home, None),
        ("with a slash at the end", named(home + "/"), home, None),
        ("404: at its name", at_its_name, here, None),
        ("a redirect", lambda p: moved(p, here + "/elsewhere"), home, None),
        ("a redirect to plain http", lambda p: moved(p, home + "/x"), None, "cannot be read"),
        ("a circle", lambda p: say(b"", 302, Location=WELL_KNOWN), None, "cannot be read"),
        ("500", lambda p: say({}, 500), None, "status 500"),
        ("empty", lambda p: say(b""), None, "no JSON"),
        ("a page of somebody else", lambda p: say(b"<html>hello"), None, "no JSON"),
        ("no base_url", lambda p: say({"m.homeserver": {}}), None, "names no m.homeserver"),
        ("base_url is no text", named(7), None, "names no m.homeserver"),
        ("base_url is plain http", named("http://example.org"), None, "https"),
        ("it is no homeserver", named(here), None, "is no homeserver"),
    ]
    for what, answer, found, wrong in table:
        now["answer"] = answer
        done = h.login("--password", secret="wrong\n")
        if found:
            checks.check(f"Homeserver: {found}\n" in done.stdout, f"AUTH-1 {what}",
                         done.stdout, done.stderr)
        else:
            checks.check(done.returncode == 1 and wrong in done.stderr, f"AUTH-1 {what}",
                         done.stdout, done.stderr)
    now["answer"] = named(home)
    done = h.login("--password", secret=f"sesame {h.bot}\n")
    checks.equal(done.returncode, 0, "AUTH-1 an id with a port: " + done.stderr)
    h.daemon.start().wait()
    h.meet()
    h.ask(1, "AUTH-1 the bot finds its server by its name")
    asked = len(server.asked)
    h.daemon.stop()
    h.daemon.start().wait()
    h.ask(2, "AUTH-1 again")
    checks.equal(len(server.asked), asked, "AUTH-1 and asks only once where it is")
    h.close("discovery")
    server.close()
    shutil.rmtree(folder)


def doctor():
    h = House()

    def look(code, what, *words):
        done = subprocess.run(h.command("doctor"), capture_output=True, text=True, timeout=60)
        lines = "\n".join(x for x in done.stdout.splitlines() if x.startswith("matrix"))
        checks.equal(done.returncode, code, f"doctor: {what}\n{done.stdout}{done.stderr}")
        for word in words:
            checks.check(word in lines, f"doctor: {what}", lines)
        checks.check("mat_" not in lines, "AUTH-11 doctor shows no token", lines)

    look(0, "nobody is logged in yet", '"credbot login" is needed')
    h.call("config", oauth=False)
    checks.equal(h.login(secret=f"sesame {h.bot}\n").returncode, 0, "logged in")
    look(0, "all is well", "ok    http://127.0.0.1", f"ok    {h.bot}, device ", "has no keys")
    h.call("config", device_keys=["PHONE"], server="Synapse", upload_max=1000)
    look(0, "what hinders", "look  1 device(s) of this account have keys", "curl -X POST",
         "/_synapse/admin/v1/users/%40bot%3Afake.test/override_ratelimit", "of more than 1000 bytes")
    h.call("config", ratelimit_override={"messages_per_second": 0, "burst_count": 0})
    look(0, "a limit that was lifted", "ok    the server does not limit")
    h.call("config", whoami_device=False)
    look(0, "SEND-2 a token without a device", "has no device")
    h.call("expire", user=h.bot)
    look(0, "a token that has to be renewed", "the bot renews it when it starts")
    h.daemon.start().wait()
    look(0, "not while the bot runs", "either the bot runs and has it")
    h.daemon.stop()
    h.daemon.options["matrix.token_file"] = path = os.path.join(h.daemon.dir, "token")
    h.daemon.write_config()
    given = h.call("access_token", user=h.mia, device="X")["access_token"]
    for token, words in (("mat_wrong", "is not accepted"), (given, f"the token is {h.mia}'s")):
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
            f.write(token)
        look(1, words, "FAIL  ", words)
    h.hs.stop()
    look(1, "a server that is not there", "FAIL  ")
    h.daemon.close()


PARTS = [device_grant, refusals, secrets_typed, discovery, doctor]


def main():
    names = sys.argv[1:]
    if not names:
        return run_parts(__file__, [p.__name__ for p in PARTS])
    for part in PARTS:
        if part.__name__ in names:
            try:
                part()
            except Exception as e:  # the others are still worth running
                traceback.print_exc()
                checks.check(False, f"{part.__name__}: {e}")
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
