#!/usr/bin/env python3
"""botapi.py - the Bot API of the tests keeps the rules that it is there to check: HTTP, updates,
the webhook, limits and faults. Its methods: botapi_methods.py.

The clock of the double is moved by hand; only one long poll runs out in real time (a second).
"""
import base64
import gzip
import http.server
import importlib.util
import json
import os
import re
import socket
import sys
import tempfile
import threading

from lib.daemon import ROOT, Checks
from lib.telegram import Client, Refused, Telegram, description, keys


PIZZA = "\U0001f355"
OTHER = ("Conflict: terminated by other getUpdates request; make sure that only one bot "
         "instance is running")
checks = Checks()


class Poll(threading.Thread):
    """A getUpdates in the background."""

    def __init__(self, tg, **params):
        super().__init__()
        self.tg, self.params, self.answer = tg, params, None
        self.client = Client(tg.port)
        self.start()

    def run(self):
        try:
            self.answer = self.client.post(f"/bot{self.tg.token}/getUpdates", self.params)[1]
        except OSError as e:
            self.answer = type(e).__name__

    def end(self):
        self.join(10)
        self.client.close()
        return self.answer


def texts(answer):
    return [u["message"]["text"] for u in answer["result"]]


def test_paths(tg):
    t = tg.token
    rows = [
        ("/", 404, "Not Found"),
        ("/bot", 404, "Not Found"),
        (f"/bot{t}", 404, "Not Found"),
        (f"/bot{t}/getme/more", 404, "Not Found"),
        (f"/bot{t}/getNothing", 404, "Not Found: method not found"),
        ("/botnocolon/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot0:abc/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot1:" + "a" * 80 + "/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot1:abc/getMe", 401, "Unauthorized"),
    ]
    for path, code, text in rows:
        status, answer = tg.bot.post(path, {})
        checks.equal((status, answer), (code, {"ok": False, "error_code": code,
                                               "description": text}), path)
    checks.equal(tg.violations(), ["no such method"], "an unknown method is a violation")
    for method in ("getMe", "getme", "GETME"):
        checks.equal(tg.call(method)["result"]["id"], int(t.split(":")[0]), method)
    checks.equal(tg.bot.post(f"/bot{t}/test/getMe", {})[0], 200, "test environment")
    checks.equal(tg.bot.headers["Content-Type"], "application/json", "type")
    checks.equal(tg.bot.headers["Connection"], "keep-alive", "stays open")
    before = tg.control("counters")["connections"]
    for _ in range(5):
        tg.call("getMe")
    checks.equal(tg.control("counters")["connections"], before, "one connection for many calls")


def test_ways(tg):
    """Query, form, JSON and multipart mean the same."""
    mia, path = tg.user("Mia"), f"/bot{tg.token}/sendMessage"
    tg.control("send", user=mia, text="x")
    text = f"a+b & {PIZZA}"
    quoted = "a%2Bb+%26+%F0%9F%8D%95"
    part = "--X\nContent-Disposition: form-data; name=\"%s\"\n\n%s\n"
    parts = ((part % ("chat_id", mia) + part % ("text", text) +
              part % ("link_preview_options", '{"is_disabled":true}') + "--X--\n")
             .replace("\n", "\r\n").encode())
    form = f"chat_id={mia}&text={quoted}&link_preview_options=%7B%22is_disabled%22:true%7D"
    body = json.dumps({"chat_id": mia, "text": text,
                       "link_preview_options": {"is_disabled": True}}).encode()
    head = "POST %s HTTP/1.1\nHost: x\nContent-Type: %s\nContent-Length: %d"
    coded = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (body[:9], body[9:])) + b"0\r\n\r\n"
    ways = [
        ("query", f"GET {path}?{form} HTTP/1.1\nHost: x", b""),
        ("form", head % (path, "application/x-www-form-urlencoded", len(form)), form.encode()),
        ("json", head % (path, "application/json; charset=utf-8", len(body)), body),
        ("multipart", head % (path, "multipart/form-data; boundary=X", len(parts)), parts),
        ("chunked", f"POST {path} HTTP/1.1\nHost: x\nContent-Type: application/json\n"
                    "Transfer-Encoding: chunked", coded),
    ]
    for what, head, data in ways:
        answer = json.loads(tg.raw(head, data).partition(b"\r\n\r\n")[2])
        checks.equal(answer.get("result", answer).get("text"), text, what)
    checks.equal(tg.violations(), [], "as documented")

    bad = [
        ("text/plain", b"x", "a body of type 'text/plain'"),
        ("application/json", b"{", "body is not JSON"),
        ("application/json", b"[]", "body is not a JSON object"),
        ("application/json", b'{"a":1,"a":2}', "a name twice"),
        ("application/json", b'{"chat_id":NaN}', "NaN is not JSON"),
        ("application/json", b'{"chat_id":1,"text":"\\ud83c"}', "strings must be encoded in UTF-8"),
        ("application/x-www-form-urlencoded", b"text=%FF&chat_id=1", "form: "),
        ("multipart/form-data", parts, "multipart: no boundary"),
        ("multipart/form-data; boundary=X", parts[:-6], "multipart: does not begin or end"),
    ]
    for kind, data, want in bad:
        tg.raw(f"POST {path} HTTP/1.1\nHost: x\nContent-Type: {kind}\n"
                f"Content-Length: {len(data)}", data)
        got = tg.violations()
        checks.check(len(got) == 1 and want in got[0], f"{kind} {data[:20]}", got)
    tg.raw("GET /\nHost: x")
    checks.equal(tg.violations(), ["request line"], "not HTTP")

    # Two requests in one piece are answered in order.
    one = f"GET /bot{tg.token}/%s HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", tg.port), timeout=5) as s:
        s.sendall((one % "getMyName" + one % "getWebhookInfo").encode())
        data = b""
        while data.count(b'"ok":true') < 2:
            data += s.recv(65536)
    checks.check(data.find(b'"name"') < data.find(b'"url"'), "pipelined, in order")


def test_updates(tg):
    tg.control("clock", freeze=True)
    mia = tg.user("Mia")
    first = [tg.control("send", user=mia, text=f"m{i}")["update_id"] for i in range(5)]
    checks.equal(first, list(range(first[0], first[0] + 5)), "ids in a row")

    def get(**params):
        tg.control("clock", advance=10)  # so that nothing is forced
        return tg.call("getUpdates", **params)

    checks.equal(texts(get()), ["m0", "m1", "m2", "m3", "m4"], "without an offset all")
    checks.equal(texts(get()), ["m0", "m1", "m2", "m3", "m4"], "they stay until confirmed")
    checks.equal(texts(get(limit=2)), ["m0", "m1"], "limit")
    checks.equal(len(get(limit=0)["result"]), 1, "limit 0 is 1")
    checks.equal(texts(get(offset=first[1])), ["m1", "m2", "m3", "m4"], "an offset confirms")
    checks.equal(texts(get(offset=first[0])), ["m1", "m2", "m3", "m4"], "there is no way back")
    counters = tg.control("counters")
    checks.equal((counters["confirmed"], counters["last_confirmed"]), (1, first[0]), "counted")
    checks.equal(texts(get(offset=-2)), ["m3", "m4"], "-2: the last two")
    checks.equal(texts(get()), ["m3", "m4"], "the others are forgotten")
    checks.equal(texts(get(offset=first[4] + 1000)), ["m3", "m4"], "a far offset means nothing")
    checks.equal(get(offset=first[4] + 1, timeout=0)["result"], [], "all confirmed")
    tg.control("bulk", chats=1, per_chat=150)
    checks.equal(len(get(limit=1000)["result"]), 100, "limit 1000 is 100")
    checks.equal(get(offset=-1)["result"][0]["message"]["text"], "message 150", "-1: the newest")
    tg.drain()


def test_cap(tg):
    for _ in range(7):
        tg.control("update", raw='{"update_id":%ID%,"message":"' + "x" * 1_000_000 + '"}')
    size = len(json.dumps(tg.call("getUpdates")))
    checks.check(3_000_000 < size < 4 << 20, "an answer has at most 4 MiB", size)
    tg.drain()
    tg.control("update", raw='{"update_id":%ID%,"message":"' + "x" * 5_000_000 + '"}')
    checks.equal(len(tg.call("getUpdates", timeout=1)["result"]), 1, "but at least one")
    tg.drain()


def test_forced(tg):
    tg.control("clock", freeze=True)
    mia = tg.user("Mia")
    tg.control("clock", advance=10)
    tg.call("getUpdates", offset=7, timeout=0)
    poll = Poll(tg, offset=7, timeout=0)
    checks.check(tg.wait(polling=True), "the same offset again at once: made to wait")
    checks.equal(tg.control("counters")["forced_timeouts"], 1, "counted")
    tg.control("send", user=mia, text="a")
    checks.equal(texts(poll.end()), ["a"], "woken by an update")
    tg.control("send", user=mia, text="b")
    checks.equal(texts(tg.call("getUpdates", offset=7)), ["a"], "within half a second: one only")
    tg.control("clock", advance=0.6)
    checks.equal(texts(tg.call("getUpdates", offset=7)), ["a", "b"], "later: all")
    tg.drain()
    poll = Poll(tg, timeout=1, offset=0)
    checks.equal(poll.end(), {"ok": True, "result": []}, "a poll runs out")
    poll = Poll(tg, timeout=50, offset=5)
    tg.wait(polling=True)
    tg.control("clock", advance=50, polls=True)
    checks.equal(poll.end(), {"ok": True, "result": []}, "or is let run out")
    tg.control("clock", freeze=False)


def test_conflict(tg):
    tg.control("clock", freeze=True)
    tg.control("clock", advance=10)
    mia = tg.user("Mia")
    a = Poll(tg, timeout=90)
    tg.wait(polling=True)
    b = Poll(tg, timeout=50)
    answer = a.end()
    checks.equal((answer["error_code"], description(answer)), (409, OTHER), "the older is ended")
    c = Poll(tg, timeout=50)
    tg.wait(conflicts=2)
    checks.check(b.is_alive(), "the second conflict is held back")
    tg.control("clock", advance=3)
    checks.equal(description(b.end()), OTHER, "for three seconds")
    tg.control("send", user=mia, text="a")
    checks.equal(texts(c.end()), ["a"], "the newest goes on")

    tg.drain()
    tg.control("clock", advance=10)
    poll = Poll(tg, timeout=50, offset=0)
    tg.wait(polling=True)
    checks.equal(tg.call("setWebhook", url="http://127.0.0.1:1/x")["description"],
                 "Webhook was set", "set")
    checks.equal(description(poll.end()), "Conflict: terminated by setWebhook request",
                 "a webhook ends the poll")
    tg.control("clock", advance=10)
    checks.equal(description(tg.call("getUpdates")),
                 "Conflict: can't use getUpdates method while webhook is active; use "
                 "deleteWebhook to delete the webhook first", "no polling with a webhook")
    checks.equal(tg.call("deleteWebhook")["description"], "Webhook was deleted", "deleted")
    poll = Poll(tg, timeout=50, offset=0)
    tg.wait(polling=True)
    tg.control("restart")
    checks.check(isinstance(poll.end(), str), "a restart drops the poll")
    tg.bot.close()
    checks.check(not tg.control("counters")["polling"], "a lost connection holds no poll")
    tg.control("clock", freeze=False)


def test_allowed(tg):
    tg.control("clock", freeze=True)
    mia = tg.user("Mia")
    m = tg.control("send", user=mia, text="a")["message_id"]

    def react():
        return tg.control("react", chat=mia, user=mia, message_id=m, emoji="👍")["update_id"]

    checks.check(react() is None, "reactions are not in the default set")
    tg.call("getUpdates", allowed_updates=["message_reaction"])
    checks.check(react() is not None, "now they are")
    checks.check(tg.control("send", user=mia, text="b")["update_id"] is None, "messages are not")
    tg.call("getUpdates", offset=1)
    checks.check(react() is not None, "the list stays")
    checks.equal(tg.call("getWebhookInfo")["result"]["allowed_updates"], ["message_reaction"],
                 "and is shown")
    tg.call("getUpdates", allowed_updates=[], offset=2)
    checks.check(react() is None, "an empty list is the default set")
    types = [next(k for k in u if k != "update_id")
             for u in tg.call("getUpdates", offset=3)["result"]]
    checks.equal(types, ["message"] + ["message_reaction"] * 2, "what is queued stays")
    tg.drain()


def test_expiry(tg):
    tg.control("clock", freeze=True)
    mia = tg.user("Mia")
    tg.control("send", user=mia, text="a")
    tg.call("sendMessage", chat_id=mia, text="b", reply_markup=keys([("A", "a")]))
    tg.control("press", chat=mia, text="A")
    tg.control("update", type="inline_query", object={"id": "1"})
    pending = [tg.control("counters")["pending"]]
    for seconds in (29, 2, 118, 2, 86000, 400):
        tg.control("clock", advance=seconds)
        tg.call("getUpdates", offset=seconds)
        pending.append(tg.control("counters")["pending"])
    checks.equal(pending, [3, 3, 2, 2, 1, 1, 0], "30 s, 150 s, a day")
    tg.control("send", user=mia, text="old", date=tg.control("clock")["now"] - 86000)
    tg.control("clock", advance=401)
    checks.equal(tg.call("getUpdates", offset=9)["result"], [], "a day from the date of a message")

    before = tg.control("counters")["next_update"]
    tg.control("idle", next=5000)
    checks.equal(tg.control("send", user=mia, text="a")["update_id"], 5000, "any id after a week")
    checks.equal(texts(tg.call("getUpdates", offset=before)), ["a"],
                 "the old offset does not confirm it")
    checks.equal(tg.call("getUpdates", offset=5001)["result"], [], "its own does")
    tg.control("clock", advance=8 * 86400)
    got = tg.control("send", user=mia, text="b")["update_id"]
    checks.check(got not in (5001, before), "a quiet week on the clock does the same", got)
    tg.drain()


def test_raw(tg):
    """Bytes that no library would write."""
    tg.control("update", raw='{"update_id":%ID%,"message":{"text":7}}')
    n = tg.control("update", raw='{"update_id":%ID%,"widget_query":{}}')["update_id"]
    got = tg.call("getUpdates")["result"]
    checks.equal((got[0]["message"], got[1]), ({"text": 7}, {"update_id": n, "widget_query": {}}),
                 "raw updates")
    tg.control("update", raw_base64=base64.b64encode(b'{"update_id":%ID%,"x":"\xff"}').decode())
    data = tg.raw(f"GET /bot{tg.token}/getUpdates?offset={n + 1} HTTP/1.1\nHost: x")
    checks.check(b'"x":"\xff"}]' in data, "even not UTF-8")
    tg.control("body", text="[[[[")
    checks.equal(tg.call("getUpdates", offset=n + 2), b"[[[[", "a whole body")
    tg.drain()


class Hook:
    """A web server that notes what comes and answers by its plan."""

    def __init__(self):
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with hook.lock:
                    hook.seen.append((json.loads(body), dict(self.headers), self.path))
                    status, headers, answer = hook.plan.pop(0) if hook.plan else (200, {}, b"")
                    hook.now += 1
                    hook.most = max(hook.most, hook.now)
                    hook.lock.notify_all()
                if hook.gate:
                    hook.gate.wait(5)
                with hook.lock:
                    hook.now -= 1
                self.send_response(status)
                for k, v in headers.items():
                    self.send_header(k, v)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.seen, self.plan, self.lock = [], [], threading.Condition()
        self.now = self.most = 0
        self.gate = None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # the double hung up
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, n):
        """Until n requests are under way."""
        with self.lock:
            self.lock.wait_for(lambda: self.now == n, 10)

    def texts(self):
        return [u["message"]["text"] for u, _, _ in self.seen]


def test_webhook(tg):
    tg.control("clock", freeze=True)
    mia, leo = tg.user("Mia"), tg.user("Leo")
    hook = Hook()
    rows = [
        ("http://example.org/", "An HTTPS URL must be provided for webhook"),
        ("https://example.org:8080/", "Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("https://[::1]/", "IPv6-only addresses are not allowed"),
    ]
    for url, why in rows:
        checks.equal(description(tg.call("setWebhook", url=url)),
                     f"Bad Request: bad webhook: {why}", url)
    answer = tg.call("setWebhook", url=hook.url, secret_token="s3", allowed_updates=["message"],
                     max_connections=5)
    checks.equal(answer["description"], "Webhook was set", "set")
    checks.equal(tg.call("setWebhook", url=hook.url).get("parameters"), {"retry_after": 1},
                 "not twice a second")
    tg.control("clock", advance=2)
    tg.control("send", user=mia, text="m1")
    checks.check(tg.wait(delivered=1), "delivered")
    update, headers, path = hook.seen[0]
    checks.equal((update["message"]["text"], path), ("m1", "/hook"), "the update")
    checks.equal(headers.get("X-Telegram-Bot-Api-Secret-Token"), "s3", "secret")
    checks.check("Content-Length" in headers and headers["Accept-Encoding"] == "gzip, deflate",
                 "headers", headers)
    info = tg.call("getWebhookInfo")["result"]
    checks.equal((info["url"], info["max_connections"], info["pending_update_count"]),
                 (hook.url, 5, 0), "info")

    # One queue waits for its own failure, another does not.
    hook.plan = [(500, {}, b""), (500, {}, b"")]
    tg.control("send", user=mia, text="m2")
    tg.wait(attempts=3, delivering=0)
    tg.control("send", user=mia, text="m3")
    tg.control("send", user=leo, text="l1")
    checks.check(tg.wait(delivered=2), "another chat goes on")
    checks.equal(hook.texts(), ["m1", "m2", "m2", "l1"], "one retry at once, then none")
    info = tg.call("getWebhookInfo")["result"]
    checks.equal(info.get("last_error_message"), "Wrong response from the webhook: 500", "why")
    tg.control("clock", advance=1.9)
    checks.equal(len(hook.seen), 4, "not before two seconds")
    tg.control("clock", advance=0.2)
    checks.check(tg.wait(delivered=4), "then again")
    checks.equal(hook.texts()[4:], ["m2", "m3"], "in order")

    hook.plan = [(503, {"Retry-After": "100"}, b"")]
    tg.control("send", user=mia, text="m4")
    tg.wait(attempts=7, delivering=0)
    tg.control("clock", advance=99)
    checks.equal(len(hook.seen), 7, "Retry-After is kept")
    tg.control("clock", advance=2)
    checks.check(tg.wait(delivered=5), "and then it comes")

    # Queues in parallel, at most max_connections.
    hook.gate = threading.Event()
    tg.control("bulk", chats=8, per_chat=2, text="p%d")
    hook.wait(5)
    hook.gate.set()
    checks.check(tg.wait(delivered=21), "all delivered")
    checks.equal(hook.most, 5, "five at once")
    by_chat = {}
    for u, _, _ in hook.seen[8:]:
        by_chat.setdefault(u["message"]["chat"]["id"], []).append(u["message"]["text"])
    checks.equal(set(map(tuple, by_chat.values())), {("p1", "p2")}, "each chat in order")

    answer = json.dumps({"method": "sendMessage", "chat_id": mia, "text": "from the answer"})
    hook.plan = [(200, {}, answer.encode()), (200, {}, b'{"method":"deleteWebhook"}')]
    tg.control("send", user=mia, text="m5")
    checks.check(tg.wait(chat=mia, text="from the answer"), "a method in the answer")
    tg.control("send", user=mia, text="m6")
    tg.wait(delivered=23)
    checks.equal(tg.call("getWebhookInfo")["result"]["url"], hook.url, "but not deleteWebhook")

    # What nobody takes for a day is dropped.
    hook.plan = [(500, {}, b"")] * 1000
    tg.control("send", user=mia, text="never")
    tg.wait(attempts=28, delivering=0)
    tg.control("clock", advance=86401)
    checks.equal([tg.control("counters")[k] for k in ("pending", "expired")], [0, 1], "expired")
    tg.wait(delivering=0)
    hook.plan = []

    # After some quiet there is one connection until it succeeds.
    hook.gate = threading.Event()
    tg.control("bulk", chats=3, per_chat=1)
    checks.equal(tg.control("webhook")["running"], 1, "one at first")
    hook.gate.set()
    checks.check(tg.wait(pending=0), "then the others")

    # A minute without an answer; 410 for 23 hours.
    hook.gate = threading.Event()
    tg.control("send", user=mia, text="m7")
    hook.wait(1)
    tries = len(tg.control("webhook")["attempts"])
    tg.control("clock", advance=61)
    tg.wait(attempts=tries + 1)
    checks.check("Read timeout expired" in [a[2] for a in tg.control("webhook")["attempts"]],
                 "a minute without an answer")
    hook.gate.set()
    tg.wait(pending=0, delivering=0)
    hook.plan = [(410, {}, b"")] * 1000
    tg.control("send", user=leo, text="g")
    hours = 0
    while tg.wait(delivering=0) and tg.control("webhook")["url"] and hours < 30:
        tg.control("clock", advance=3600)
        hours += 1
    checks.equal(hours, 23, "gone for 23 hours: removed")
    checks.equal(tg.violations(), [], "as documented")
    hook.server.shutdown()
    tg.drain()


def test_flood(tg):
    tg.control("clock", freeze=True)
    mia, leo = tg.user("Mia"), tg.user("Leo")
    for u in (mia, leo):
        tg.control("send", user=u, text="x")
    group = tg.control("chat", type="group")["id"]
    tg.control("flood", chat={"rate": 0.5, "burst": 2}, group={"rate": 1 / 3, "burst": 4})

    def say(chat, method="sendMessage", **more):
        a = tg.call(method, chat_id=chat, text=f"x{say.n}", **more)
        say.n += 1
        return a.get("parameters", {}).get("retry_after", 0)
    say.n = 0

    checks.equal([say(mia) for _ in range(4)], [0, 0, 2, 2], "a burst of two, then wait")
    checks.equal(tg.bot.headers["Retry-After"], "2", "header")
    checks.equal(say(leo), 0, "another chat goes on")
    tg.control("clock", advance=1)
    checks.equal(say(mia), 1, "what is left")
    tg.control("clock", advance=1)
    checks.equal([say(mia), say(mia)], [0, 2], "one more")
    checks.check(tg.call("sendChatAction", chat_id=mia, action="typing")["ok"],
                 "actions are not counted")
    id = tg.call("sendMessage", chat_id=group, text="x")["result"]["message_id"]
    checks.equal([say(group, "editMessageText", message_id=id) for _ in range(4)], [0, 0, 0, 3],
                 "edits are counted in groups")
    answer = tg.call("sendMessage", chat_id=group, text="x")
    checks.equal((answer["error_code"], answer["description"]),
                 (429, "Too Many Requests: retry after 3"), "text")
    tg.control("flood", bulk={"rate": 10, "burst": 3, "penalty": 30})
    checks.equal([say(c) for c in (mia, leo, group, mia)], [0, 0, 0, 30], "all chats together")
    tg.control("clock", advance=30)
    checks.equal(say(mia), 0, "after the penalty")
    tg.control("flood")
    checks.equal({say(mia) for _ in range(50)}, {0}, "no limits")
    checks.equal(tg.violations(), [], "as documented")
    tg.control("clock", freeze=False)
    tg.drain()


def test_faults(tg):
    mia = tg.user("Mia")
    tg.control("send", user=mia, text="x")

    def send(fault, text="hello", timeout=5, **more):
        """(what came, was it carried out?)"""
        tg.control("faults", fault=fault, method="sendMessage", **more)
        n = len(tg.control("transcript", chat=mia))
        body = json.dumps({"chat_id": mia, "text": text}).encode()
        try:
            data = tg.raw(f"POST /bot{tg.token}/sendMessage HTTP/1.1\nHost: x\n"
                       f"Content-Type: application/json\nContent-Length: {len(body)}", body,
                       timeout)
        except OSError as e:
            data = type(e).__name__
        return data, len(tg.control("transcript", chat=mia)) > n

    checks.equal(send("hang", timeout=0.1), ("TimeoutError", False), "hangs")
    checks.equal(send("hang_after_effect", timeout=0.1), ("TimeoutError", True), "hangs later")
    checks.equal(send("reset_before"), ("ConnectionResetError", False), "reset")
    checks.equal(send("reset_after_effect"), ("ConnectionResetError", True), "reset later")
    checks.equal(send("reset_after_effect", close="fin"), (b"", True), "closed without a byte")
    checks.equal(send("half_close"), (b"", True), "half closed")
    data, done = send("html_502")
    checks.check(data.startswith(b"HTTP/1.1 502 Bad Gateway") and b"text/html" in data and
                 b"<html>" in data and not done, "502 with HTML")
    data, done = send("html_502_after_effect")
    checks.check(b" 502 " in data and done, "502, but done")
    data, done = send("drip", ms=1, chunk=40)
    checks.check(json.loads(data.partition(b"\r\n\r\n")[2])["ok"] and done, "drip by drip")
    data, done = send("delay", ms=1)
    checks.check(data.endswith(b"}}") and done, "later")
    data, done = send("truncated_json")
    body = data.partition(b"\r\n\r\n")[2]
    checks.check(done and body.startswith(b'{"ok":true') and not body.endswith(b"}}"), "half JSON")
    data, done = send("short_body")
    size = int(re.search(rb"Content-Length: (\d+)", data).group(1))
    checks.check(done and len(data.partition(b"\r\n\r\n")[2]) == size // 2, "half a body")
    data, done = send("garbage")
    checks.check(data.startswith(b"\x15\x03") and not done, "not HTTP")
    data, done = send("big", body_size=1 << 20)
    checks.check(done and len(data) > 1 << 20 and json.loads(data.partition(b"\r\n\r\n")[2])["ok"],
                 "a big answer")
    data, done = send("gzip")
    checks.check(done and b"Content-Encoding: gzip" in data and
                 json.loads(gzip.decompress(data.partition(b"\r\n\r\n")[2]))["ok"], "gzip")
    data, done = send("gzip_bomb", body_size=8 << 20)
    body = data.partition(b"\r\n\r\n")[2]
    checks.check(len(body) < 50_000 and len(gzip.decompress(body)) > 8 << 20, "a gzip bomb")
    data, done = send("error", retry_after=60)
    checks.check(b"HTTP/1.1 429 Too Many Requests" in data and b"Retry-After: 60" in data and
                 b"Too Many Requests: retry after 60" in data and not done, "429")
    data, done = send("error", error_code=500, description="Internal Server Error: restart")
    checks.check(b'"error_code":500,"description":"Internal Server Error: restart"' in data, "500")

    tg.control("faults", clear=True)
    tg.control("clock", freeze=True)

    def codes(n, chat=mia):
        return [tg.call("sendMessage", chat_id=chat, text="x").get("error_code", 0)
                for _ in range(n)]

    tg.control("faults", fault="error", error_code=500, times=2, after=1)
    checks.equal(codes(4), [0, 500, 500, 0], "times and after")
    tg.control("faults", fault="error", error_code=500, for_s=5)
    first = codes(2)
    tg.control("clock", advance=6)
    checks.equal((first, codes(1)), ([500, 500], [0]), "for some seconds")
    leo = tg.user("Leo")
    tg.control("send", user=leo, text="x")
    tg.control("faults", fault="error", error_code=403, chat=leo, times=-1)
    checks.equal((codes(1), codes(2, leo)), ([0], [403, 403]), "for one chat")
    checks.equal(tg.control("faults")[-1]["done"], 2, "counted")
    checks.check(tg.call("getMe")["ok"], "not for others")
    tg.control("faults", clear=True)
    checks.equal(codes(1, leo), [0], "cleared")
    for order in ({"fault": "magic"}, {"fault": "hang", "time": 1}):
        try:
            tg.control("faults", **order)
            checks.check(False, f"{order}")
        except Refused:
            checks.check(True, "")

    tg.drain()
    for i in range(3):
        for u in (mia, leo):
            tg.control("send", user=u, text=f"{u}-{i}")
    tg.control("clock", advance=10)
    whole = tg.call("getUpdates", offset=1)["result"]
    tg.control("faults", fault="reorder", method="getUpdates")
    tg.control("clock", advance=10)
    mixed = tg.call("getUpdates", offset=2)["result"]
    by_chat = [[u for u in mixed if u["message"]["chat"]["id"] == c] ==
               [u for u in whole if u["message"]["chat"]["id"] == c] for c in (mia, leo)]
    checks.check(mixed != whole and all(by_chat), "queues are mixed, each in order")
    tg.control("faults", fault="duplicate", method="getUpdates")
    again = tg.call("getUpdates", offset=whole[-1]["update_id"] + 1)["result"]
    checks.equal(sorted(u["update_id"] for u in again), [u["update_id"] for u in whole],
                 "what was confirmed comes again")
    tg.control("clock", freeze=False)
    checks.equal(tg.violations(), [], "as documented")


def test_control(tg):
    for name, params in (("nothing", {}), ("send", {"user": 5, "text": "x"}), ("send", {}),
                         ("chat", {"type": "private"}), ("transcript", {"chat": 5}),
                         ("wait", {"foo": 1}), ("config", {"foo": 1}), ("flood", {"foo": 1})):
        try:
            tg.control(name, **params)
            checks.check(False, f"{name} {params}")
        except Refused:
            checks.check(True, "")
    mia = tg.user("Mia")
    tg.control("send", user=mia, text="x")
    checks.check(not tg.wait(timeout=0.01, chat=mia, bot_messages=1), "waits in vain")
    threading.Timer(0.01, lambda: Client(tg.port).post(
        f"/bot{tg.token}/sendMessage", {"chat_id": mia, "text": "hello"})).start()
    checks.check(tg.wait(chat=mia, bot_messages=1, text="hell", method="sendMessage",
                         requests=1), "waits")
    [r] = tg.control("requests", since=0)
    checks.equal((r["method"], r["verb"], r["params"], r["headers"]["content-type"]),
                 ("sendMessage", "POST", {"chat_id": mia, "text": "hello"}, "application/json"),
                 "the log")
    checks.check(tg.token not in json.dumps(tg.control("requests")), "without the token")
    checks.check(tg.call("logOut")["result"], "logOut")
    checks.equal(description(tg.call("getMe")), "Logged out", "logged out")


def test_seed():
    with Telegram(seed=7) as a, Telegram(seed=7) as b, Telegram(seed=8) as c:
        ids = [x.control("counters")["next_update"] for x in (a, b, c)]
        checks.check(ids[0] == ids[1] != ids[2], "ids by the seed", ids)
    with Telegram(token="42:" + "b" * 35) as tg:
        checks.equal(tg.call("getMe")["result"]["id"], 42, "another token")
        checks.equal(tg.close(), 0, "SIGTERM")


def test_thread():
    path = os.path.join(ROOT, "tests/fake/botapi.py")
    spec = importlib.util.spec_from_file_location("fake_botapi", path)
    fake = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fake)
    api = fake.BotApi().start()
    client = Client(api.port)
    checks.check(client.post(f"/bot{api.token}/getMe", {})[1]["ok"], "in a thread")
    client.close()
    api.stop()
    checks.check(not api.thread.is_alive(), "ends")


def timeless(value):
    """Without dates, which are those of the record: a little earlier."""
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [timeless(v) for v in value]
    return None if isinstance(value, float) else value


def test_journal():
    """What was carried out is known after a kill, answered or not; what was not is not."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "journal")
        tg = Telegram(journal=path)
        tg.user("Mia", id=7)
        first = tg.control("send", user=7, text="one")
        tg.control("send", user=7, text="two")
        tg.call("getUpdates", offset=first["update_id"] + 1, timeout=0)
        tg.call("sendMessage", chat_id=7, text="said")
        tg.control("faults", fault="hang_after_effect", method="sendMessage", times=1)
        quiet = socket.create_connection(("127.0.0.1", tg.port))
        body = b'{"chat_id":7,"text":"unanswered"}'
        quiet.sendall(b"POST /bot%s/sendMessage HTTP/1.1\r\nContent-Type: application/json\r\n"
                      b"Content-Length: %d\r\n\r\n%s" % (tg.token.encode(), len(body), body))
        tg.wait(chat=7, bot_messages=2)
        tg.control("clock", advance=100)
        button = tg.call("sendMessage", chat_id=7, text="b", reply_markup=keys([("yes", "y")]))
        query = tg.control("press", chat=7, text="yes")
        tg.call("sendMessage", chat_id=7, txt="wrong")
        before = (tg.control("transcript", chat=7), tg.control("queries"),
                  tg.control("counters")["next_update"], tg.control("violations"))
        now = tg.control("clock")["now"]
        with open(path, "ab") as f:
            f.write(b"\x80\x04half a rec")  # as a kill may leave it
        tg.kill()
        quiet.close()
        tg.revive()
        after = (tg.control("transcript", chat=7), tg.control("queries"),
                 tg.control("counters")["next_update"], tg.control("violations"))
        checks.equal(timeless(after), timeless(before), "journal: all as before")
        checks.check(0 <= tg.control("clock")["now"] - now < 30, "journal: the clock goes on")
        pending = tg.call("getUpdates", timeout=0)["result"]
        checks.equal([u.get("message", {}).get("text") for u in pending], ["two", None],
                     "journal: what was confirmed does not come again")
        checks.check(tg.call("answerCallbackQuery", callback_query_id=query["query_id"])["ok"],
                     "journal: queries are known")
        said = tg.call("sendMessage", chat_id=7, text="next")["result"]
        checks.equal(said["message_id"], button["result"]["message_id"] + 1, "journal: goes on")
        tg.close()


TESTS = (test_paths, test_ways, test_updates, test_cap, test_forced, test_conflict, test_allowed,
         test_expiry, test_raw, test_webhook, test_flood, test_faults, test_control)


def main():
    test_seed()
    test_thread()
    test_journal()
    for test in TESTS:
        with Telegram() as tg:
            test(tg)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
