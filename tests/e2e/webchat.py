#!/usr/bin/env python3
"""webchat.py - the web chat of the real program, as browsers without and with script use it."""
import re
import signal
import sys
import time

from lib.chat import Chat, Session
from lib.daemon import Checks, Daemon
from wsclient import Closed, Refused, WebSocket

checks = Checks()


def test_page(d):
    s = Session(d.port)
    r = s.get()
    checks.equal(r.status, 200, "page")
    checks.check(s.cookie is not None and len(s.cookie) == 26, "cookie")
    checks.check(r.getheader("Set-Cookie") is None, "it stays")
    checks.check("not a person" in s.page, "says that it is a bot")
    checks.check("<script>" not in s.page and "style=" not in s.page and " onclick" not in s.page,
                 "nothing inline")
    csp = r.getheader("Content-Security-Policy")
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'",
                 "base-uri 'none'", "form-action 'self'"):
        checks.check(part in csp, f"CSP: {part}")
    checks.equal(r.getheader("X-Content-Type-Options"), "nosniff", "nosniff")
    checks.equal(r.getheader("Cache-Control"), "no-store", "a conversation is not kept by caches")
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', s.page):
        r, body = s.request("GET", path)
        checks.equal(r.status, 200, path)
        checks.check(len(body) > 200, f"{path} is not empty")
        again, _ = s.request("GET", path, headers={"If-None-Match": r.getheader("ETag")})
        checks.equal(again.status, 304, f"{path} is not sent again")
    for path in ("/favicon.ico", "/chat.js/", "/..%2fMakefile", "/web/chat.js", "/index.html"):
        checks.equal(s.request("GET", path)[0].status, 404, path)


def test_talk(d):
    s = Session(d.port)
    c = Chat(s)
    checks.equal(c.welcome["epoch"], s.epoch, "epoch of page and socket")
    hello = c.wait(lambda m: m["t"] == "line")
    checks.check(not hello["mine"] and hello["seq"] == 1, "greets who opens the chat")
    checks.check(isinstance(hello["body"], list) and hello["body"][0]["k"] == "p", "blocks")
    answer = c.ask("What is a micro-credential?", "q1")
    checks.equal(c.took["q1"], 2, "number of the question")
    checks.equal(answer["seq"], 3, "number of the answer")
    checks.check("credential" in answer["text"].lower(), "the answer is about it", answer["text"])
    c.say("What is a micro-credential?", "q1")
    again = c.wait(lambda m: m["t"] == "took")
    checks.equal(again["seq"], 2, "sent again, taken once")
    answer2 = c.ask("<b>bold</b> & \"quotes\" \u202e\u0007 \U0001f355", "q2")
    mine = {m["seq"]: m for m in Chat(s).lines.values() if m["mine"]}
    checks.equal(mine[4]["text"], "<b>bold</b> & \"quotes\"  \U0001f355", "cleaned, as it was written")
    checks.equal(answer2["seq"], 5, "answered")
    checks.equal(c.close(), 1000, "goodbye")
    return s


def test_reload(d, s):
    c = Chat(s)
    checks.equal(sorted(c.lines), list(range(1, len(c.lines) + 1)), "all lines, in a row")
    last = max(c.lines)
    c.close()
    c = Chat(s, seen=last - 2)
    checks.equal(sorted(c.lines), [last - 1, last], "only what was not seen")
    c.close()
    s.get()
    checks.equal([seq for seq, _, _ in s.articles()], list(range(1, last + 1)), "page has all")
    checks.check("<b>bold</b>" not in s.page, "nothing of the student's is HTML")
    checks.check("&lt;b&gt;bold&lt;/b&gt;" in s.page, "it is shown as text")


def test_two_tabs(d):
    s = Session(d.port)
    a, b = Chat(s), Chat(s)
    a.ask("Hello from the first tab", "a1")
    b.wait(lambda m: m["t"] == "line" and m["seq"] == max(a.lines))
    b.ask("Hello from the second tab", "b1")
    last = max(b.lines)
    while max(a.lines) < last:
        a.wait(lambda m: m["t"] == "line")
    both = [q for q in a.lines if q in b.lines]
    checks.check(all(a.lines[q]["text"] == b.lines[q]["text"] and
                     a.lines[q].get("body") == b.lines[q].get("body") for q in both),
                 "the same in both tabs")
    checks.check(len(both) >= 3, "both have all", both)
    checks.equal(a.doubled + b.doubled, 0, "no line twice")
    a.close()
    b.close()


def test_form(d):
    s = Session(d.port)
    r = s.post("How long does it take?", "form1")
    checks.equal((r.status, r.getheader("Location")), (303, "/#end"), "back to the page")
    s.get()
    lines = s.articles()
    checks.equal([mine for _, mine, _ in lines[:2]], [True, False], "question and answer")
    n = len(lines)
    s.post("How long does it take?", "form1")
    s.get()
    checks.equal(len(s.articles()), n, "the same form twice is one message")
    checks.equal(s.post("x", "form2", origin="https://evil.example").status, 403, "foreign origin")
    checks.equal(s.post("x", "form2", csrf="0" * 32).status, 403, "wrong token")
    other = Session(d.port)
    checks.equal(s.post("x", "form2", csrf=other.csrf).status, 403, "another's token")
    checks.equal(s.get(**{"Sec-Fetch-Site": "cross-site"}).status, 200, "with cookie from afar")
    nobody = Session(d.port, cookie="")
    r = nobody.get(**{"Sec-Fetch-Site": "cross-site"})
    checks.check(r.getheader("Set-Cookie") is None and "refresh" in nobody.page, "bounced")
    button = re.search(r'<button name="text" value="([^"]+)"', s.page)
    if button:
        checks.equal(s.post(button.group(1), "form3").status, 303, "a choice")


def test_edit(d):
    c = Chat(Session(d.port))
    c.ask("How log does it take?", "e1")
    c.ws.send_json(t="edit", id="e2", of="e1", text="How long does it take?")
    m = c.wait(lambda m: m["t"] in ("took", "no"))
    checks.equal((m["t"], m["id"]), ("took", "e2"), "an edit is taken")
    if m["seq"] > 0:
        c.wait(lambda m: m["t"] == "line" and not m["mine"] and m["seq"] > c.took["e2"])
    c.close()


def test_restart(d, how, name):
    """While one message is said after the other the program is ended and started."""
    s = Session(d.port)
    c = Chat(s)
    c.ask("Hello", "r0")
    for i in range(1, 4):
        c.say(f"What does it cost? {i}", f"r{i}")
    code = d.stop(how)
    if how == signal.SIGTERM:
        checks.equal(code, 0, f"{name}: exit code")
        try:
            while True:
                c.wait(lambda m: False, timeout=3)
        except Closed as e:
            checks.equal(e.code, 1001, f"{name}: said goodbye")
    d.start().wait()
    c2 = Chat(s, connect=False)
    c2.lines = dict(c.lines)
    c2.connect(seen=c.seen)
    for i in range(1, 4):
        c2.ask(f"What does it cost? {i}", f"r{i}")
    s.get()
    c3 = Chat(s)
    mine = [m["id"] for _, m in sorted(c3.lines.items()) if m["mine"]]
    checks.equal(mine, ["r0", "r1", "r2", "r3"], f"{name}: all taken, once, in order")
    checks.equal(sorted(c3.lines), list(range(1, len(c3.lines) + 1)), f"{name}: no gap")
    checks.check(s.csrf is not None and s.post("and by form", "r4").status == 303,
                 f"{name}: an old page's form still works")
    c2.close()
    c3.close()


def test_refusals(d):
    s = Session(d.port)

    def refused(**how):
        try:
            WebSocket(d.port, **{"cookie": s.cookie, **how}).close()
            return 101
        except Refused as e:
            return e.status

    checks.equal(refused(cookie=None), 403, "no cookie")
    checks.equal(refused(origin="https://evil.example"), 403, "foreign origin")
    checks.equal(refused(origin=""), 403, "no origin")
    checks.equal(refused(subprotocol="credbot.v0"), 400, "another subprotocol")
    checks.equal(refused(path="/"), 404, "another path")
    checks.equal(refused(path="/other"), 404, "another path")

    def closed(*texts, hello=True):
        ws = WebSocket(d.port, cookie=s.cookie)
        if hello:
            ws.send_json(t="hello", seen=0)
        for text in texts:
            ws.send(text)
        try:
            while True:
                ws.recv(timeout=5)
        except Closed as e:
            return e.code

    checks.equal(closed("{}"), 1008, "not understood")
    checks.equal(closed('{"t":"say","id":"x","text":"y"}', hello=False), 1008, "no hello")
    checks.equal(closed("x" * 20000), 1009, "too long")
    c = Chat(s)
    c.say("x" * 9000, "long")
    checks.equal(c.wait(lambda m: m["t"] == "no")["why"], "long", "too long for a message")
    c.say(" ", "blank")
    checks.equal(c.wait(lambda m: m["t"] == "no")["why"], "empty", "empty")
    c.close()


def test_hello_timeout(d):
    ws = WebSocket(d.port, cookie=Session(d.port).cookie)
    start = time.monotonic()
    try:
        ws.recv(timeout=15)
    except Closed as e:
        checks.equal(e.code, 1008, "who says nothing is hung up on")
    checks.check(9 < time.monotonic() - start < 12, "after ten seconds")


def test_ping(d):
    """The server pings after 30 s and hangs up after 60 s without a pong."""
    ws = WebSocket(d.port, cookie=Session(d.port).cookie, timeout=70)
    ws.send_json(t="hello", seen=0)
    start = time.monotonic()
    ws.sock.settimeout(70)
    pinged = None
    try:
        while True:
            _, opcode, _ = ws._frame()
            if opcode == 9 and pinged is None:
                pinged = time.monotonic() - start
    except Closed:
        pass
    checks.check(pinged is not None and 28 < pinged < 33, "pinged after 30 s", pinged)
    took = time.monotonic() - start
    checks.check(57 < took < 64, "dropped after 60 s", took)


def main():
    slow = "--slow" in sys.argv
    with Daemon({"chat.flood_burst": 1000, "chat.flood_refill_ms": 1,
                 "web.max_per_address": 1000}) as d:
        test_page(d)
        s = test_talk(d)
        test_reload(d, s)
        test_two_tabs(d)
        test_form(d)
        test_edit(d)
        test_refusals(d)
        test_restart(d, signal.SIGTERM, "SIGTERM")
        test_restart(d, signal.SIGKILL, "SIGKILL")
        test_reload(d, s)
        test_hello_timeout(d)
        if slow:
            test_ping(d)
        checks.equal(d.stop(), 0, "stops cleanly")
        bad = [l for l in d.log().splitlines() if "error" in l or "ERROR:" in l]
        checks.equal(bad, [], "no error in the log")
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
