#!/usr/bin/env python3
"""telegram_webhook.py - the program on Telegram when that brings the updates.

As telegram.py: each check is named after the requirement that it bears, the Bot API of
tests/fake must have seen no request that it does not know, and the log neither the token nor
what is derived from it. web.hosts names another host than the one that is called, as behind a
proxy that passes on the name.
"""
import http.client
import json
import os
import random
import re
import signal
import socket
import sqlite3
import sys
import time

from diskfull import preload
from lib.daemon import Daemon
from telegram import ANSWER, House, QUESTION, c

AGAIN = "\n\n(I have sent this a second time"
KINDS = ["callback_query", "edited_message", "message", "my_chat_member"]


class Hooked(House):
    def __init__(self, **options):
        super().__init__(**{"web.hosts": "[chat.example.org]", "web.max_per_address": 80,
                            **options})
        self.port = self.daemon.port
        self.daemon.options.setdefault("telegram.mode", "webhook")
        self.daemon.options["web.listen"] = f"127.0.0.1:{self.port}"
        self.daemon.options["telegram.webhook_url"] = f"http://127.0.0.1:{self.port}/"
        self.daemon.write_config()
        self.secrets = []

    def ready(self):
        return self.daemon.wait_log("telegram: ready bot=", timeout=20)

    def __enter__(self):
        self.start()
        c.check(self.ready(), "it is ready")
        self.remember()
        return self

    def remember(self):
        hook = self.info()
        self.path = hook["url"].split(str(self.port), 1)[1]
        self.secret = hook["secret_token"]
        self.secrets += [self.path.split("/")[2], self.secret]

    def switch(self, mode):
        self.daemon.options["telegram.mode"] = mode
        if mode == "webhook":
            self.daemon.options["telegram.webhook_url"] = f"http://127.0.0.1:{self.port}"
        else:
            self.daemon.options.pop("telegram.webhook_url", None)
        self.daemon.write_config()

    def info(self):
        return self.tg.control("webhook")

    def statuses(self):
        return [a[2] for a in self.info()["attempts"]]

    def post(self, body=b"{}", method="POST", path=None, host="bot.example.org", **headers):
        """As Telegram would, or nearly: (status, headers, body)."""
        h = {"Host": host, "Content-Type": "application/json",
             "X-Telegram-Bot-Api-Secret-Token": self.secret}
        h.update({k.replace("_", "-"): v for k, v in headers.items()})
        conn = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            conn.request(method, path or self.path, body,
                         {k: v for k, v in h.items() if v is not None})
            r = conn.getresponse()
            return r.status, r.headers, r.read()
        finally:
            conn.close()

    def status(self, *args, **more):
        return self.post(*args, **more)[0]

    def stored(self):
        with sqlite3.connect(self.daemon.databases()[0]) as db:
            return [r[0] for r in db.execute(
                "SELECT text FROM inbox WHERE seq > 0 ORDER BY peer, seq")]

    def __exit__(self, *more):
        log = self.daemon.log()
        for secret in self.secrets:
            c.check(secret not in log, "S-23: nothing in the log that opens the webhook")
        super().__exit__(*more)


def question(uid, message_id, text=QUESTION, update_id=1):
    return json.dumps({"update_id": update_id, "message": {
        "message_id": message_id, "date": int(time.time()), "text": text,
        "from": {"id": uid, "is_bot": False, "first_name": "Mia"},
        "chat": {"id": uid, "type": "private", "first_name": "Mia"}}}).encode()


def beginning():
    with Hooked() as h:
        methods = [r["method"] for r in h.tg.control("requests")]
        c.equal(methods[:3], ["getMe", "getWebhookInfo", "setWebhook"],
                "R-12: who we are, what is set, our webhook")
        c.check("getUpdates" not in methods and "deleteWebhook" not in methods,
                "R-12: nothing is fetched, nothing taken away", methods)
        p = h.requests("setWebhook")[0]["params"]
        c.check("drop_pending_updates" not in p, "R-12: the backlog stays")
        c.equal(sorted(p["allowed_updates"]), KINDS, "R-12: what we read")
        c.equal(p["max_connections"], 40, "R-12: connections")
        c.check(re.fullmatch(rf"http://127\.0\.0\.1:{h.port}/telegram/[A-Za-z0-9_-]{{22}}", p["url"]),
                "R-13: a part of the path cannot be guessed", p["url"])
        c.check(re.fullmatch(r"[A-Za-z0-9_-]{43}", p["secret_token"]), "R-13: and a secret")
        c.equal(h.daemon.stop(), 0, "stops")
        h.start()
        c.check(h.ready(), "again")
        c.equal(len(h.requests("setWebhook")), 1, "R-12: set only when it differs")
        for what, params in (("address", {"url": "https://other.example.org"}),
                             ("kinds", {"url": p["url"], "secret_token": p["secret_token"],
                                        "allowed_updates": ["message"]})):
            h.daemon.stop()
            n = len(h.requests("setWebhook"))
            h.tg.control("clock", advance=2)
            h.tg.call("setWebhook", **params)
            h.tg.control("clock", advance=2)
            h.start()
            c.check(h.ready(), "again")
            c.equal(len(h.requests("setWebhook")), n + 2, f"R-12: set again: another {what}")
            c.equal((h.info()["url"], sorted(h.info()["allowed_updates"])), (p["url"], KINDS),
                    f"R-12: another {what}")


def another_secret():
    """Somebody gave Telegram our address by hand."""
    with Hooked() as h:
        h.user()
        h.tg.control("clock", advance=2)
        h.tg.call("setWebhook", url=h.info()["url"])
        h.say(QUESTION)
        c.check(h.daemon.wait_log("has not our secret", timeout=5), "the operator is told")
        c.equal(h.statuses()[0], 403, "R-13: refused")
        c.check(h.daemon.wait_log("the webhook failed at=", timeout=5), "the last error is logged")
        c.check("403" in h.daemon.log().split("the webhook failed", 1)[1], "with its reason")
        c.equal(len(h.wait(1)), 1, "set again, and the question is answered")
        c.equal(h.info()["secret_token"], h.secret, "with our secret")


def conversation():
    with Hooked() as h:
        h.user()
        h.command("/start")
        h.wait(1)
        h.say(QUESTION)
        a = h.wait(2)[1]
        c.check(ANSWER in a["text"], "R-13: a question is answered", a["text"])
        button = a["keyboard"]["inline_keyboard"][0][0]["text"]
        query = h.tg.control("press", chat=7, text=button)["query_id"]
        c.check(h.tg.wait(answered=query), "S-10: a press is answered")
        c.equal(len(h.wait(3)), 3, "and does what it says")
        c.check(h.tg.wait(delivered=3, delivering=0), "all are taken")
        c.equal(set(h.statuses()), {200}, "R-13: at the first try")
        for uid in range(100, 130):
            h.user(uid, f"S{uid}")
        h.tg.control("bulk", chats=30, per_chat=3, text="how much does it cost?")
        c.check(h.tg.wait(delivered=93, pending=0, timeout=20), "R-13: many at the same time")
        c.equal(set(h.statuses()), {200}, "R-13: none is refused")


def refusals():
    with Hooked() as h:
        h.user()
        token = "X_Telegram_Bot_Api_Secret_Token"
        good = question(7, 900)
        c.equal(h.status(good, **{token: "wrong"}), 403, "R-13: wrong secret")
        c.equal(h.status(good, **{token: None}), 403, "R-13: no secret")
        c.equal(h.status(good, **{token: h.secret[:-1]}), 403, "R-13: part of the secret")
        c.equal(h.status(good, **{token: h.secret + "x"}), 403, "R-13: more than the secret")
        c.equal(h.status(good, path=h.path[:-1]), 421, "R-13: another path is no webhook")
        c.equal(h.status(good, path=h.path[:-1], host="chat.example.org"), 404, "R-13: nor here")
        status, headers, _ = h.post(None, method="GET")
        c.equal((status, headers["Allow"]), (405, "POST"), "R-13: GET")
        c.equal(h.status(good, method="PUT"), 405, "R-13: PUT")
        c.equal(h.status(good, Content_Type="text/plain"), 415, "R-13: what is no JSON")
        c.equal(h.status(iter([good]), Transfer_Encoding="chunked"), 411, "R-13: chunked")
        c.equal(h.status(None, Content_Length=str(1024 * 1024 + 1)), 413, "R-13: too big")
        c.equal(h.status(None, path="/", method="GET"), 421, "other addresses keep their guard")
        c.equal(h.status(None, path="/", method="GET", host="chat.example.org"), 200,
                "the chat is where it was")
        c.equal(h.answers(), [], "R-13: nothing of this was taken")

        for what, body in (("nothing", b""), ("no JSON", b"{"), ("NaN", b'{"update_id":NaN}'),
                           ("no UTF-8", b'{"update_id":1,"message":{"text":"\xff"}}'),
                           ("a list", b"[]"), ("too deep", b'{"update_id":5,"message":' +
                                               b"[" * 10000 + b"]" * 10000 + b"}"),
                           ("a kind that is new", b'{"update_id":6,"widget":{"id":1}}'),
                           ("1 MiB", b'{"update_id":7,"message":"' + b"x" * (1024 * 1024 - 28) +
                            b'"}')):
            status, headers, answer = h.post(body)
            c.equal((status, answer), (200, b""), f"R-13: {what} is passed over")
        c.check("update=5" in h.daemon.log(), "R-13: and named in the log")
        status, headers, answer = h.post(good, Origin="https://evil.example",
                                         Content_Type="application/json; charset=utf-8")
        c.equal((status, answer, headers["Content-Length"]), (200, b"", "0"),
                "R-15: nothing is said in the response")
        c.equal(len(h.wait(1)), 1, "R-13: what is good is answered")
        c.equal(h.status(good), 200, "R-4: once more")
        h.say("how much does it cost?")
        c.equal(len(h.wait(2)), 2, "R-4: but answered once")
        h.daemon.stop()
        c.check("passed_over=2 unreadable=6" in h.daemon.log(), "R-13: counted",
                h.daemon.log()[-300:])


def disk_full():
    h = Hooked()
    env = preload(h.daemon.dir)
    os.environ.update(env)
    with h:
        h.user()
        h.say(QUESTION)
        h.wait(1)
        open(env["CREDBOT_NOSPACE"], "w").close()
        h.say("how much does it cost?")
        c.check(h.tg.wait(attempts=2), "tried")
        c.equal(h.statuses()[-1], 503, "R-14: the disk is full")
        status, headers, _ = h.post(question(7, 5000, "thank you"))
        c.check(status == 503 and int(headers["Retry-After"]) > 0, "R-14: and when to come again")
        h.tg.control("clock", advance=6)
        c.check(h.tg.wait(attempts=3), "R-14: Telegram comes again")
        c.equal((h.statuses()[-1], len(h.answers())), (503, 1), "R-14: it still is")
        os.unlink(env["CREDBOT_NOSPACE"])
        h.tg.control("clock", advance=6)
        c.equal(len(h.wait(2)), 2, "R-14: answered when there is room")
        h.say("how long does it take?")
        h.wait(3)
        c.check(h.tg.wait(pending=0), "R-14: nothing is left")
        c.equal((len(h.answers()), len(h.stored())), (3, 3), "R-14: each once")
    for name in env:
        os.environ.pop(name, None)


def killed():
    """Before the commit: the request has arrived, and nobody has read it."""
    with Hooked() as h:
        h.user()
        h.daemon.process.send_signal(signal.SIGSTOP)
        h.say(QUESTION)
        end = time.monotonic() + 5
        while h.info()["running"] == 0 and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.05)
        h.daemon.stop(signal.SIGKILL)
        c.check(h.tg.wait(attempts=1), "R-13: the connection ended")
        c.equal(h.tg.control("counters")["pending"], 1, "R-13: Telegram keeps it")
        h.start()
        c.check(h.ready(), "started")
        h.tg.control("clock", advance=200)
        c.equal(len(h.wait(1)), 1, "R-13: delivered again, and answered")
        h.say("how much does it cost?")
        h.wait(2)
        c.equal((len(h.answers()), len(h.stored())), (2, 2), "R-5: once")


def killed_at_random():
    rnd = random.Random(1)
    with Hooked(**{"chat.flood_burst": 1000}) as h:
        students, said = range(1, 7), 0
        for uid in students:
            h.user(uid, f"S{uid}")
        for _ in range(8):
            for _ in range(6):
                said += 1
                h.say(f"{QUESTION} ({said})", rnd.choice(students))
                time.sleep(rnd.uniform(0, 0.015))
            h.daemon.stop(signal.SIGKILL)
            h.start()
            h.daemon.wait_log("credbot is ready")
            h.tg.control("clock", advance=200)
        h.ready()
        end = time.monotonic() + 15
        while not h.tg.wait(pending=0, timeout=0.3) and time.monotonic() < end:
            h.tg.control("clock", advance=200)
        asked = {uid: [m["text"] for m in h.tg.control("transcript", chat=uid) if not m["bot"]]
                 for uid in students}
        for uid in students:
            h.wait(len(asked[uid]), chat=uid)
        stored = sorted(h.stored())
        c.equal(stored, sorted(t for texts in asked.values() for t in texts),
                "R-3: every message once on disk")
        for uid in students:
            # One that may have arrived comes once more, and says so.
            again = sum(AGAIN in m["text"] for m in h.answers(uid))
            fresh = len(h.answers(uid)) - again
            c.check(fresh <= len(asked[uid]) <= fresh + again, f"R-5: each answered once, chat {uid}",
                    fresh, again, len(asked[uid]))


def modes():
    """From polling to the webhook and back, with messages that wait."""
    with Hooked() as h:
        h.user()
        h.switch("polling")
        h.daemon.stop()
        said = 0

        def more(n):
            nonlocal said
            for _ in range(n):
                said += 1
                h.say(f"{QUESTION} ({said})")

        more(3)
        h.tg.control("clock", advance=2)
        h.start()
        c.check(h.polling(), "R-12: polling takes the webhook away")
        c.equal(h.info()["url"], "", "R-12: it is gone")
        c.equal(len(h.wait(3)), 3, "R-12: webhook to polling, none is lost")
        # The last ones are on disk, but Telegram has not heard it: it brings them again.
        h.tg.control("faults", fault="hang", method="getUpdates", times=1)
        more(1)
        h.wait(4)
        h.daemon.stop(signal.SIGKILL)
        h.tg.control("faults", clear=True)
        more(3)
        h.switch("webhook")
        h.tg.control("clock", advance=2)
        h.start()
        c.check(h.ready(), "R-12: the webhook")
        c.equal(len(h.wait(7)), 7, "R-12: polling to webhook, none is lost")
        c.check(h.tg.wait(pending=0), "R-12: nothing is left")
        h.daemon.stop()
        more(3)
        h.switch("polling")
        h.tg.control("clock", advance=200)
        h.start()
        c.equal(len(h.wait(10)), 10, "R-12: and back")
        c.equal(len(h.stored()), 10, "R-12: none twice")


def stopping():
    with Hooked() as h:
        h.user()
        h.tg.control("faults", fault="delay", method="sendMessage", ms=1500, times=1)
        h.say(QUESTION)
        h.tg.wait(method="sendMessage", requests=1)
        h.daemon.process.send_signal(signal.SIGTERM)
        c.check(h.daemon.wait_log("run: stopping"), "stopping")
        status, headers, _ = h.post(question(7, 5000, "thank you"))
        c.check(status == 503 and int(headers["Retry-After"]) > 0,
                "R-22: taken no more, Telegram keeps it", status)
        h.say("how much does it cost?")
        c.equal(h.daemon.process.wait(timeout=20), 0, "R-22: ends")
        h.daemon.process = None
        c.equal(len(h.answers()), 1, "R-22: what was taken is answered")
        h.start()
        c.check(h.ready(), "started")
        h.tg.control("clock", advance=200)
        c.equal(len(h.wait(2)), 2, "R-22: the rest after the start")


def not_ready():
    """The webhook is called before we know our own name."""
    with Hooked() as h:
        h.user()
        h.daemon.stop()
        h.tg.control("faults", fault="hang", method="getMe", times=1)
        h.start()
        c.equal(h.post(question(7, 900))[0], 503, "R-12: not before getMe")
        h.daemon.stop(signal.SIGKILL)


def behind_a_proxy():
    """All of Telegram's requests come from one address, at the same time."""
    with Hooked(**{"web.proxy": True, "web.max_per_address": 1}) as h:
        h.user()
        open_ones = []
        for i in range(45):
            body = question(7, 900 + i, "hello", i + 1)
            s = socket.create_connection(("127.0.0.1", h.port), timeout=10)
            s.sendall((f"POST {h.path} HTTP/1.1\r\nHost: bot.example.org\r\n"
                       "X-Forwarded-For: 149.154.167.220\r\nContent-Type: application/json\r\n"
                       f"X-Telegram-Bot-Api-Secret-Token: {h.secret}\r\n"
                       f"Content-Length: {len(body)}\r\n\r\n").encode() + body[:10])
            open_ones.append((s, body[10:]))
        for s, rest in open_ones:
            s.sendall(rest)
        answers = [s.recv(65536)[:12] for s, _ in open_ones]
        for s, _ in open_ones:
            s.close()
        c.equal(set(answers), {b"HTTP/1.1 200"}, "R-13: web.max_per_address refuses none")
        h.daemon.stop(signal.SIGKILL)


def bad_configurations():
    """check.py has the others."""
    for text, wanted in (
            ("telegram:\n  mode: webhook\n", "webhook needs telegram.webhook_url"),
            ("web:\n  listen: off\ntelegram:\n  mode: webhook\n"
             "  webhook_url: https://x.example\n", "web.listen: it cannot be off")):
        d = Daemon()
        with open(d.config, "w") as f:
            f.write(text)
        d.start()
        c.equal(d.process.wait(timeout=60), 78, f"exit code of {text}")
        c.check(wanted in d.log(), f"named: {text}", d.log())
        d.process = None
        d.close()


def main():
    parts = [beginning, another_secret, conversation, refusals, disk_full, killed,
             killed_at_random, modes, stopping, not_ready, behind_a_proxy, bad_configurations]
    chosen = sys.argv[1:]
    for part in parts:
        if not chosen or part.__name__ in chosen:
            began = time.monotonic()
            part()
            if os.environ.get("VERBOSE"):
                print(f"{part.__name__}: {time.monotonic() - began:.1f} s", flush=True)
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
