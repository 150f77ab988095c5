"""chat.py - a student's web chat: the session's cookie, and the protocol of the page."""
import http.client
import re
import time
import urllib.parse

from wsclient import Closed, WebSocket


class Session:
    """A browser's cookie jar for our one cookie, and plain HTTP with it."""

    def __init__(self, port, cookie=None):
        self.port = port
        self.cookie = cookie
        self.csrf = None
        self.epoch = None
        self.page = ""
        if cookie is None:
            self.get()

    def request(self, method, path, body=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        headers = dict(headers or {})
        if self.cookie:
            headers["Cookie"] = f"credbot={self.cookie}"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(body)
        c.request(method, path, body, headers)
        r = c.getresponse()
        text = r.read().decode()
        c.close()
        given = re.match(r"credbot=([0-9A-Z]{26});", r.getheader("Set-Cookie") or "")
        if given:
            self.cookie = given.group(1)
        return r, text

    def get(self, **headers):
        """The page; notes what its forms need."""
        r, self.page = self.request("GET", "/", headers=headers)
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page)
        self.csrf = found and found.group(1)
        found = re.search(r'data-epoch="([0-9a-f]+)"', self.page)
        self.epoch = found and found.group(1)
        return r

    def post(self, text, id, csrf=None, origin=None):
        return self.request(
            "POST", "/say", {"text": text, "id": id, "csrf": csrf or self.csrf},
            {"Origin": origin or f"http://127.0.0.1:{self.port}"})[0]

    def articles(self):
        """[(seq, mine, html)] of the page that was got last."""
        return [(int(seq), kind == "mine", html) for kind, seq, html in re.findall(
            r'<article class="line (mine|bot)" data-seq="(\d+)"[^>]*>(.*?)</article>',
            self.page, re.S)]


class Chat:
    """One open page. lines: {seq: message}, as far as they came."""

    def __init__(self, session, seen=0, connect=True, timeout=15):
        self.session = session
        self.lines = {}
        self.doubled = 0  # lines that came again, which may only be after a hello
        self.said = {}
        self.took = {}
        self.later = {}
        self.no = {}
        self.timeout = timeout
        self.ws = None
        self.welcome = None
        if connect:
            self.connect(seen)

    def connect(self, seen=0):
        self.ws = WebSocket(self.session.port, cookie=self.session.cookie, timeout=self.timeout)
        self.ws.send_json(t="hello", seen=seen)
        self.wait(lambda m: m["t"] == "ready")
        return self

    @property
    def seen(self):
        """The last number before the first gap."""
        n = 0
        while n + 1 in self.lines:
            n += 1
        return n

    def note(self, m):
        t = m["t"]
        if t == "welcome":
            self.welcome = m
        elif t == "line":
            before = self.lines.get(m["seq"])
            self.doubled += before is not None and "unseen" not in before
            self.lines[m["seq"]] = m
        elif t == "took":
            self.took[m["id"]] = m["seq"]
            # Who wrote it is not given its line.
            if m["seq"] > 0 and m["id"] in self.said:
                self.lines.setdefault(m["seq"], {
                    "t": "line", "seq": m["seq"], "mine": True, "id": m["id"],
                    "text": self.said[m["id"]], "unseen": True})
        elif t == "later":
            self.later[m["id"]] = m["after"]
        elif t == "no":
            self.no[m["id"]] = m["why"]
        elif t != "ready":
            raise ValueError(f"unknown message {m}")

    def wait(self, until, timeout=None):
        """Reads until until(message); that message."""
        end = time.monotonic() + (timeout or self.timeout)
        while True:
            m = self.ws.recv_json(max(0.001, end - time.monotonic()))
            self.note(m)
            if until(m):
                return m

    def say(self, text, id):
        self.said[id] = text
        self.ws.send_json(t="say", id=id, text=text)

    def ask(self, text, id):
        """Says it, waits for took and the first line of the bot behind it."""
        self.say(text, id)
        if id not in self.took:
            self.wait(lambda m: m["t"] == "took" and m["id"] == id)
        seq = self.took[id]
        if not any(s > seq and not m["mine"] for s, m in self.lines.items()):
            self.wait(lambda m: m["t"] == "line" and not m["mine"] and m["seq"] > seq)
        return min((s, m) for s, m in self.lines.items() if s > seq and not m["mine"])[1]

    def close(self):
        try:
            return self.ws.close()
        except Closed as e:
            return e.code
