#!/usr/bin/env python3
"""homeserver.py - what the homeserver of tests/fake accepts, refuses, breaks and tells.

Each rule has a row or a check here, so that a test of the bot which finds no violation has
been looked at by something that is known to look.
"""
import base64
import contextlib
import gzip
import http.client
import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.parse
import zlib

from lib import matrix
from lib.daemon import ROOT, Checks

sys.path.insert(0, os.path.join(ROOT, "tests", "fake"))
from homeserver import Homeserver  # noqa: E402

BOT, MIA, LEO = "@bot:fake.test", "@mia:fake.test", "@leo:fake.test"
V3 = "/_matrix/client/v3"
V1 = "/_matrix/client/v1"
LOGIN = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": "bot"},
         "password": "pw", "device_id": "DEV"}
HI = {"msgtype": "m.text", "body": "hi", "m.mentions": {}}


def enc(text):
    return urllib.parse.quote(text, safe="")


class Client:
    """The bot's part, one connection."""

    def __init__(self, port, token=None):
        self.port, self.token = port, token
        self.conn = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.headers = {}
        self.txn = 0

    def raw(self, method, path, data=None, headers=None):
        """(status, bytes); self.headers are those of the answer."""
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        given.update(headers or {})
        given = {k: v for k, v in given.items() if v is not None}
        try:
            self.conn.request(method, path, data, given)
            r = self.conn.getresponse()
            body = r.read()
        except (OSError, http.client.HTTPException):
            self.conn.close()
            raise
        self.headers = {k.lower(): v for k, v in r.getheaders()}
        return r.status, body

    def __call__(self, method, path, body=None, **headers):
        data = None
        if body is not None:
            data = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        path = path if path.startswith(("/_", "/.", "/o")) else V3 + path
        status, text = self.raw(method, path, data, headers)
        try:
            return status, json.loads(text) if text else None
        except ValueError:
            return status, text

    def form(self, path, fields):
        status, text = self.raw("POST", path, urllib.parse.urlencode(fields),
                                {"Content-Type": "application/x-www-form-urlencoded"})
        return status, json.loads(text)

    def login(self, **more):
        status, answer = self("POST", "/login", {**LOGIN, **more})
        if status == 200:
            self.token = answer["access_token"]
        return status, answer

    def sync(self, since=None, timeout=0, **more):
        query = {"timeout": timeout, **more, **({"since": since} if since else {})}
        return self("GET", "/sync?" + urllib.parse.urlencode(query, quote_via=urllib.parse.quote))

    def send(self, room, content, kind="m.room.message", txn=None):
        self.txn += 1
        return self("PUT", f"/rooms/{enc(room)}/send/{kind}/{txn or f't{self.txn}'}", content)


@contextlib.contextmanager
def server(login=True):
    """(control, client, homeserver): people are there, and the bot is logged in."""
    hs = Homeserver()
    hs.start()
    for user in (BOT, MIA, LEO):
        hs.call("add_user", user=user, password="pw" if user == BOT else None)
    client = Client(hs.port)
    if login:
        client.login()
    try:
        yield hs.call, client, hs
    finally:
        client.conn.close()
        hs.stop()


def room_of(call, **more):
    """A room in which mia and the bot are."""
    return call("create_room", creator=MIA, members=[BOT], **more)["room_id"]


def found(call):
    return [v["what"] for v in call("violations", clear=True)["violations"]]


def refused(c, call, got, part, what):
    """got was answered 400 and recorded for this reason, and for no other."""
    reasons = found(call)
    c.check(got[0] == 400 and len(reasons) == 1 and part in reasons[0], what, got, reasons)


# --- the shape of a request

def shape_rows(room, event, path):
    user = enc(BOT)
    join = f"/join/{enc(room)}"
    long = enc("!" + "x" * 255)
    yield "GET", f"/rooms/{room}/state", None, "not percent-encoded"
    yield "GET", f"/rooms/{enc(room)[:-1]}%zz/state", None, "not percent-encoded"
    yield "GET", f"/rooms/%21%ff/state", None, "not UTF-8"
    yield "GET", f"/rooms/{enc(enc(room))}/state", None, "begins with !"
    yield "GET", f"/rooms/{long}/state", None, "255"
    yield "GET", f"/rooms/{enc(room)}/event/x", None, "begins with $"
    yield "GET", "/profile/bot", None, "begins with @"
    yield "GET", "/profile/%40bot", None, "no user id"
    yield "GET", "/sync?access_token=x", None, "token in the query"
    yield "GET", "/sync?presence=offline", None, "presence is unknown"
    yield "GET", "/sync?set_presence=away", None, "set_presence is not one of"
    yield "GET", "/sync?timeout=-1", None, "timeout is no number"
    yield "GET", "/sync?timeout=1&timeout=2", None, "twice"
    yield "GET", "/sync?full_state=1", None, "true or false"
    yield "GET", "/sync?use_state_after=yes", None, "true or false"
    yield "GET", "/sync?filter={}", None, "not percent-encoded"
    yield "GET", "/sync?filter=%7B%22rooms%22%3A1%7D", None, "filter.rooms is unknown"
    yield "GET", "/sync?since=s1", None, "not a token that was given out"
    yield "GET", "/sync?since=s999_1_fake", None, "not a token that was given out"
    yield "GET", f"/rooms/{enc(room)}/messages", None, "dir is missing"
    yield "GET", f"/rooms/{enc(room)}/messages?dir=x", None, "dir is not one of"
    yield "GET", f"/rooms/{enc(room)}/messages?dir=b&limit=x", None, "limit is no number"
    yield "GET", f"/rooms/{enc(room)}/messages?dir=b&filter=%7B%22room%22%3A1%7D", None, "unknown"
    yield "GET", "/account/whoami", {}, "GET with a body"
    yield "POST", join, [], "no object"
    yield "POST", join, {"reason": 1}, "reason is no string"
    yield "POST", join, {"server": "x"}, "server is unknown"
    yield "POST", join + "?server_name=x.y", {}, "server_name is unknown"
    yield "POST", join + "?via=a%20b", {}, "via is no server name"
    yield "POST", f"/user/{user}/filter", {"room": {"timeline": {"limit": "5"}}}, "limit is no int"
    yield "POST", f"/user/{user}/filter", {"room": {"timeline": {"limit": True}}}, "limit is no int"
    yield "POST", f"/user/{user}/filter", {"presence": {"types": "x"}}, "types is no list"
    yield "POST", f"/user/{user}/filter", {"event_format": "x"}, "event_format is not one of"
    yield "PUT", f"/rooms/{enc(room)}/typing/{user}", {"typing": 1}, "typing is no boolean"
    yield "PUT", f"/rooms/{enc(room)}/typing/{user}", {"timeout": 1}, "typing is missing"
    yield "PUT", f"/rooms/{enc(room)}/typing/{user}", {"typing": True}, "without a timeout"
    yield "POST", f"{path}/receipt/m.seen/{enc(event)}", {}, "receiptType is not one of"
    yield "POST", f"{path}/receipt/m.read/{enc(event)}", {"thread_id": None}, "no string"
    yield "POST", f"{path}/receipt/m.read/{enc(event)}", {"thread_id": "$x"}, "another thread"
    yield "POST", f"{path}/receipt/m.read/%24none", {}, "not in this room"
    yield "POST", f"{path}/receipt/m.fully_read/{enc(event)}", {"thread_id": "main"}, "thread_id"
    yield "POST", f"{path}/read_markers", {"m.read": "x"}, "begins with $"
    yield "POST", f"{path}/read_markers", {"m.seen": event}, "m.seen is unknown"
    yield "PUT", f"/profile/{user}/displayname", {"displayname": None}, "no string"
    yield "PUT", f"/profile/{user}/avatar_url", {"avatar_url": "http://x.y/z"}, "no mxc URI"
    yield "PUT", f"/user/{user}/account_data/m.direct", {MIA: "x"}, "is no list"
    yield "PUT", f"/user/{user}/account_data/m.push_rules", {}, "not one that a bot sets"
    yield "PUT", f"/user/{user}/account_data/m.ignored_user_list", {}, "ignored_users is missing"
    yield "PUT", f"{path}/redact/{enc(event)}/t1", {"why": "x"}, "why is unknown"
    yield "PUT", f"{path}/state/m.room.name", {"name": 1}, "name is no string"
    yield "PUT", f"{path}/state/m.room.power/x", {}, "not one that a bot sets"
    yield "POST", "/keys/upload", {"device_keys": {}}, "may not do this"
    yield "GET", V1 + "/media/download/fake.test/..%2Fx", None, "no media id"
    yield "GET", V1 + "/media/download/a%2Fb/x", None, "no server name"
    yield "POST", "/logout", {"x": 1}, "x is unknown"


def test_shape(c):
    with server() as (call, bot, _):
        room = room_of(call)
        event = call("send", room=room, user=MIA, text="hi")["event_id"]
        path = f"/rooms/{enc(room)}"
        call("state", room=room, user=MIA, type="m.room.power_levels", content={"users": {BOT: 100}})
        for method, where, body, part in shape_rows(room, event, path):
            got = bot(method, where, body)
            refused(c, call, got, part, f"{method} {where} {body}")
            c.check("errcode" in got[1], "has an errcode", got)
        # Bodies that are no good JSON.
        send = V3 + f"{path}/send/m.room.message/t"
        for data, part in [(b"", "no JSON"), (b"{", "no JSON"), (b"\xff", "no JSON"),
                           (b'{"a":1,"a":2}', "a key twice"), (b'{"a":1.5}', "no integer"),
                           (b'{"a":NaN}', "no integer"), (b'{"a":9007199254740993}', "2^53"),
                           (b'{"body":"\\ud800"}', "surrogate"), (b"[" * 99999, "no JSON")]:
            got = bot.raw("PUT", send, data, {"Content-Type": "application/json"})
            refused(c, call, got, part, data[:30])
        for headers, part in [({"Content-Type": "text/plain"}, "text/plain"),
                              ({"Content-Type": None}, "type none"),
                              ({"Content-Type": "application/json", "Content-Encoding": "gzip"},
                               "Content-Encoding")]:
            refused(c, call, bot.raw("PUT", send, b"{}", headers), part, headers)


def test_paths(c):
    with server() as (call, bot, _):
        for method, path, status in [
                ("GET", "/nowhere", 404), ("GET", "/_matrix/client/r0/sync", 404),
                ("GET", "/_matrix/media/v3/download/fake.test/x", 404), ("GET", "/pushrules", 404),
                ("POST", "/sync", 405), ("PUT", "/logout", 405), ("DELETE", "/login", 405)]:
            got = bot(method, path)
            c.equal((got[0], got[1]["errcode"], len(found(call))), (status, "M_UNRECOGNIZED", 1),
                    f"{method} {path}")
        call("config", disabled=["auth_metadata"])
        got = Client(bot.port)("GET", V1 + "/auth_metadata")
        c.equal((got[0], got[1]["errcode"], found(call)), (404, "M_UNRECOGNIZED", []), "disabled")
        # The ordinary ones, in order and without a violation.
        room = room_of(call)
        user, path = enc(BOT), f"/rooms/{enc(room)}"
        event = call("send", room=room, user=MIA, text="hi")["event_id"]
        for method, where, body in [
                ("GET", "/_matrix/client/versions", None), ("GET", "/capabilities", None),
                ("GET", "/pushrules/", None), ("GET", "/account/whoami", None),
                ("GET", "/joined_rooms", None), ("GET", f"{path}/state", None),
                ("GET", f"{path}/state/m.room.create/", None),
                ("GET", f"{path}/state/m.room.member/{user}", None),
                ("GET", f"{path}/joined_members", None), ("GET", f"{path}/event/{enc(event)}", None),
                ("PUT", f"{path}/typing/{user}", {"typing": True, "timeout": 30000}),
                ("PUT", f"{path}/typing/{user}", {"typing": False}),
                ("POST", f"{path}/receipt/m.read/{enc(event)}", {"thread_id": "main"}),
                ("POST", f"{path}/read_markers", {"m.fully_read": event, "m.read": event}),
                ("PUT", f"/user/{user}/account_data/m.direct", {MIA: [room]}),
                ("GET", f"/user/{user}/account_data/m.direct", None),
                ("PUT", f"/user/{user}/account_data/m.ignored_user_list",
                 {"ignored_users": {LEO: {}}}),
                ("PUT", f"/profile/{user}/displayname", {"displayname": "Credbot"}),
                ("GET", f"/profile/{user}/displayname", None), ("GET", f"/profile/{user}", None),
                ("PUT", f"/profile/{user}/avatar_url", {"avatar_url": "mxc://fake.test/abc"}),
                ("GET", f"/profile/{enc(MIA)}/avatar_url", None),
                ("GET", V1 + "/media/config", None)]:
            c.equal((bot(method, where, body)[0], found(call)), (200, []), f"{method} {where}")
        c.equal([r["thread_id"] for r in call("receipts", room=room)["receipts"]],
                ["main", None, None], "receipts")
        c.equal(call("typing", room=room)["typing"], {BOT: [True, False]}, "typing")
        c.equal(call("account_data", user=BOT)["account_data"]["m.direct"], {MIA: [room]}, "m.direct")
        c.equal(call("profile_get", user=BOT)["profile"]["displayname"], "Credbot", "profile")
        # As servers do it: the new name is one more join event of the bot.
        joins = [e for e in call("events", room=room)["events"]
                 if e["state_key"] == BOT and e["type"] == "m.room.member"]
        c.equal([e["content"].get("displayname") for e in joins], [None, "Credbot", "Credbot"],
                "a profile changes the member")
        got = bot("PUT", f"{path}/typing/{enc(MIA)}", {"typing": False})
        c.equal((got[0], len(found(call))), (403, 1), "typing for somebody else")


def denied_rows(room, other):
    """What is documented and yet refused, each (method, path, body, status, errcode)."""
    mia, user, path = enc(MIA), enc(BOT), f"/rooms/{enc(room)}"
    for where in (f"/rooms/{enc(other)}", "/rooms/%21none"):
        for tail in ("/state", "/messages?dir=b", "/joined_members"):
            yield "GET", where + tail, None, 403, "M_FORBIDDEN"
        yield "PUT", where + "/send/m.room.message/d1", HI, 403, "M_FORBIDDEN"
        yield "POST", where + "/leave", {}, 403, "M_FORBIDDEN"
    yield "GET", f"{path}/state/m.room.topic", None, 404, "M_NOT_FOUND"
    yield "GET", f"{path}/event/%24none", None, 404, "M_NOT_FOUND"
    yield "GET", f"/directory/room/{enc('#none:fake.test')}", None, 404, "M_NOT_FOUND"
    yield "GET", f"/profile/{enc('@none:fake.test')}", None, 404, "M_NOT_FOUND"
    yield "GET", f"/user/{user}/account_data/m.direct", None, 404, "M_NOT_FOUND"
    yield "PUT", f"{path}/state/m.room.topic", {"topic": "x" * 70000}, 413, "M_TOO_LARGE"
    # Somebody else's, which is a violation besides.
    yield "POST", f"/user/{mia}/filter", {}, 403, None
    yield "GET", f"/user/{mia}/account_data/m.direct", None, 403, None
    yield "PUT", f"/user/{mia}/account_data/m.direct", {}, 403, None
    yield "PUT", f"/profile/{mia}/displayname", {"displayname": "x"}, 403, None


def test_denied(c):
    with server() as (call, bot, _):
        room = room_of(call)
        other = call("create_room", creator=MIA, join_rule="public")["room_id"]
        call("mute", room=room, user=BOT, sender=MIA, level=50)
        for method, where, body, status, errcode in denied_rows(room, other):
            got = bot(method, where, body)
            c.equal((got[0], got[1]["errcode"], len(found(call))),
                    (status, errcode or "M_FORBIDDEN", 0 if errcode else 1), f"{method} {where}")
        put = lambda name: bot("PUT", f"/profile/{enc(BOT)}/displayname", {"displayname": name})
        events = lambda r: len(call("events", room=r)["events"])
        before = (events(room), events(other))
        put("x")
        put("x")
        c.equal((events(room), events(other)), (before[0] + 1, before[1]),
                "a name that is set again changes nothing, and nothing in other rooms")
        call("account", user=BOT, state="suspended")
        got = [put("y"), bot("POST", f"/join/{enc(other)}", {})]
        c.equal([g[1]["errcode"] for g in got], ["M_USER_SUSPENDED"] * 2, "suspended")


def test_http(c):
    with server() as (call, bot, hs):
        for data, part in [(b"HELO x\r\n\r\n", "request line"), (b"GET / HTTP/1.1\r\n\r\n", "no Host"),
                           (b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "no path"),
                           (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "host twice"),
                           (b"GET / HTTP/1.1\r\nHost: x\r\na b: c\r\n\r\n", "header line"),
                           (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "number")]:
            with socket.create_connection(("127.0.0.1", hs.port)) as s:
                s.sendall(data)
                answer = s.recv(100)
            reasons = found(call)
            c.check(b" 400 " in answer and len(reasons) == 1 and part in reasons[0], data, reasons)
        # A body in chunks; one that waits to be asked for; two requests in one packet.
        with socket.create_connection(("127.0.0.1", hs.port)) as s:
            head = f"POST {V3}/logout HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {bot.token}\r\n"
            get = f"GET {V3}/account/whoami HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {bot.token}\r\n\r\n"
            s.sendall(get.encode() * 2)
            got = b""
            while got.count(b'"DEV"') < 2:
                got += s.recv(4096)
            s.sendall((head + "Content-Type: application/json\r\nExpect: 100-continue\r\n"
                              "Transfer-Encoding: chunked\r\n\r\n").encode())
            c.check(s.recv(100).startswith(b"HTTP/1.1 100 "), "100 Continue")
            s.sendall(b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
            c.check(s.recv(100).startswith(b"HTTP/1.1 200 "), "chunks")
        c.equal(found(call), [], "HTTP as it may be")


# --- contents

def message(**more):
    return {**HI, **more}


def html_rows():
    for good in ["<p>hi &amp; <b>x</b> &#39;</p>", "<ol start=\"3\"><li>x</li></ol>", "a > b<br><hr/>",
                 '<a href="https://x.y/?a=1&amp;b=2">x</a>', '<a href="mailto:a@b.c">x</a>',
                 '<code class="language-c">x</code>', '<span data-mx-color="#00ff00">x</span>',
                 "<table><thead><tr><th>x</th></tr></thead></table>", "<b>" * 100 + "</b>" * 100]:
        yield good, None
    yield "<script>x</script>", "<script>"
    yield "<font color='red'>x</font>", "<font>"
    yield "<mx-reply>x</mx-reply>", "<mx-reply>"
    yield "<p onclick='x'>x</p>", "onclick"
    yield "<a href='javascript:x'>x</a>", "href"
    yield "<a href='/x'>x</a>", "href"
    yield "<a href>x</a>", "href"
    yield "<img src='https://x.y/z'>", "src"
    yield "<code class='x'>x</code>", "class"
    yield "<ol start='x'></ol>", "start"
    yield "<span data-mx-color='red'>x</span>", "data-mx-color"
    yield "<a href='https://x.y' href='https://x.z'>x</a>", "twice"
    yield "<b>x", "open"
    yield "<b>x</i></b>", "stray </i>"
    yield "<b><i>x</b></i>", "stray </b>"
    yield "<b/>x", "<b/>"
    yield "<li>x</li>", "<li> in"
    yield "a <b", "inside of a tag"
    yield "a & b", "& unescaped"
    yield "a < b", "< unescaped"
    yield "&nosuch; x", "unknown &nosuch;"
    yield "<!-- x -->", "comment"
    yield "<!DOCTYPE html>x", "declaration"
    yield "<?php x ?>", "instruction"
    yield "x\0", "control character"
    yield "<b>" * 101 + "</b>" * 101, "deeper than 100"


def content_rows():
    """(content, what is wrong with it; None: nothing)"""
    for text, part in html_rows():
        yield message(format="org.matrix.custom.html", formatted_body=text), part
    file = {"msgtype": "m.file", "body": "x.ics", "filename": "x.ics", "m.mentions": {},
            "url": "mxc://fake.test/abc", "info": {"mimetype": "text/calendar", "size": 5}}
    yield HI, None
    yield file, None
    yield message(msgtype="m.notice", **{"m.mentions": {"user_ids": [MIA]}}), None
    yield message(**{"m.mentions": {"room": True}}), None
    yield {"msgtype": "m.text", "body": "hi"}, "m.mentions is missing"
    yield message(**{"m.mentions": {"user_ids": MIA}}), "is no list"
    yield message(**{"m.mentions": {"user_ids": ["mia"]}}), "begins with @"
    yield message(**{"m.mentions": {"user_ids": [MIA, MIA]}}), "twice"
    yield message(**{"m.mentions": {"room": False}}), "not true"
    yield message(**{"m.mentions": {"users": []}}), "unknown"
    yield {"body": "hi", "m.mentions": {}}, "msgtype"
    yield message(msgtype="m.server_notice"), "msgtype"
    yield {"msgtype": "m.text", "m.mentions": {}}, "body is missing"
    yield message(body=""), "an empty one"
    yield message(body=1), "no string"
    yield message(body="a\0b"), "NUL"
    yield message(extra=1), "extra is unknown"
    yield message(url="mxc://fake.test/abc"), "url is unknown"
    yield message(format="org.matrix.custom.html"), "together"
    yield message(formatted_body="x"), "together"
    yield message(format="text/html", formatted_body="x"), "format is not one of"
    yield {**file, "url": "https://x.y"}, "no mxc URI"
    yield {**file, "info": {"size": "5"}}, "no integer"
    yield {k: v for k, v in file.items() if k != "url"}, "url is missing"
    yield message(**{"m.new_content": HI}), "m.new_content is unknown"


def relation_rows(ids):
    def rel(more=HI, **relates):
        return {**more, "m.relates_to": {k.replace("_in_", "m.in_"): v for k, v in relates.items()}}

    to = lambda e: {"event_id": e}
    thread = {"rel_type": "m.thread", "event_id": ids["root"], "is_falling_back": True}
    edit = {"rel_type": "m.replace", "event_id": ids["own"]}
    new = message(body="* hi", **{"m.new_content": HI})
    yield rel(_in_reply_to=to(ids["root"])), None
    yield rel(_in_reply_to=to("$none")), "no event $none"
    yield rel(_in_reply_to=to(ids["elsewhere"])), "no event"
    yield rel(_in_reply_to=ids["root"]), "no object"
    yield rel(), "m.in_reply_to is missing"
    yield rel(message(body="> <@mia:fake.test> x\n\nhi"), _in_reply_to=to(ids["root"])), "fallback"
    yield rel(_in_reply_to=to(ids["root"]), event_id=ids["root"]), "event_id is unknown"
    yield rel(**thread, _in_reply_to=to(ids["threaded"])), None
    yield rel(**thread, _in_reply_to=to(ids["root"])), None
    yield rel(**thread), "m.in_reply_to is missing"
    yield rel(**{**thread, "is_falling_back": 1}, _in_reply_to=to(ids["root"])), "no boolean"
    yield rel(**thread, _in_reply_to=to(ids["other"])), "outside of it"
    yield rel(**{**thread, "event_id": ids["threaded"]}, _in_reply_to=to(ids["threaded"])), \
        "has a relation itself"
    yield rel(**{**thread, "event_id": "$none"}, _in_reply_to=to(ids["root"])), "no event $none"
    yield rel(rel_type="m.reference", event_id=ids["root"]), "rel_type is not one of"
    yield rel(rel_type=1, event_id=ids["root"]), "rel_type is not one of"
    yield rel(new, **edit), None
    yield rel(**edit), "m.new_content is missing"
    yield rel(new, **edit, _in_reply_to=to(ids["root"])), "m.in_reply_to is unknown"
    yield rel({**new, "m.new_content": {"msgtype": "m.text", "body": "x"}}, **edit), "m.mentions"
    yield rel({**new, "m.new_content": rel(_in_reply_to=to(ids["root"]))}, **edit), "unknown"
    yield rel(new, **{**edit, "event_id": ids["root"]}), "somebody else"
    yield rel(new, **{**edit, "event_id": ids["edit"]}), "edits an edit"
    yield rel(new, **{**edit, "event_id": ids["redacted"]}), "a redacted event"
    yield rel(new, **{**edit, "event_id": ids["member"]}), "a state event"


def test_contents(c):
    with server() as (call, bot, _):
        room = room_of(call)
        for body, part in content_rows():
            got = bot.send(room, body)
            if part:
                refused(c, call, got, part, body)
            else:
                c.equal((got[0], found(call)), (200, []), body)
        other = room_of(call)
        say = lambda text, r=room, **more: call("send", room=r, user=MIA, text=text, **more)["event_id"]
        mine = lambda body: bot.send(room, body)[1]["event_id"]
        root = say("root")
        ids = {"root": root, "other": say("other"), "threaded": say("in it", thread=root),
               "elsewhere": say("elsewhere", other), "own": mine(HI), "redacted": mine(HI)}
        ids["edit"] = mine(message(**{"m.new_content": HI, "m.relates_to": {
            "rel_type": "m.replace", "event_id": ids["own"]}}))
        call("redact", room=room, user=MIA, event_id=ids["redacted"])
        ids["member"] = [e for e in call("events", room=room)["events"]
                         if e["state_key"] == BOT][0]["event_id"]
        for body, part in relation_rows(ids):
            got = bot.send(room, body)
            if part:
                refused(c, call, got, part, body["m.relates_to"])
            else:
                c.equal((got[0], found(call)), (200, []), body["m.relates_to"])
        react = {"m.relates_to": {"rel_type": "m.annotation", "event_id": root, "key": "👍"}}
        c.equal(bot.send(room, react, "m.reaction")[0], 200, "a reaction")
        got = bot.send(room, react, "m.reaction")
        c.equal((got[0], got[1]["errcode"], found(call)), (400, "M_DUPLICATE_ANNOTATION", []),
                "the same reaction again")
        for kind, body, part in [
                ("m.reaction", {"m.relates_to": {**react["m.relates_to"], "key": ""}}, "empty"),
                ("m.reaction", {**react, "body": "x"}, "unknown"),
                ("m.reaction", {"m.relates_to": {**react["m.relates_to"], "event_id": "$n"}}, "$n"),
                ("m.room.redaction", {"redacts": root}, "/redact"), ("m.sticker", {}, "not one that"),
                ("m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2"}, "without keys")]:
            refused(c, call, bot.send(room, body, kind), part, kind)


# --- accounts

def test_login(c):
    with server(login=False) as (call, bot, hs):
        c.equal(bot("GET", "/login")[1]["flows"][0], {"type": "m.login.password"}, "flows")
        for more, part in [({"user": "bot"}, "user is unknown"), ({"type": "m.login.x"}, "type is not"),
                           ({"identifier": {"type": "m.id.user"}}, "user is missing"),
                           ({"identifier": {"type": "m.id.phone", "user": "x"}}, "not one of"),
                           ({"refresh_token": "yes"}, "no boolean"), ({"device_id": "a b"}, "device id")]:
            refused(c, call, bot.login(**more), part, more)
        c.equal(bot.login(password="no")[1]["errcode"], "M_FORBIDDEN", "wrong password")
        status, answer = bot.login(identifier={"type": "m.id.user", "user": BOT})
        c.equal((status, "refresh_token" in answer), (200, False), "by full id")
        first = bot.token
        refused(c, call, bot("POST", "/login", LOGIN), "needs none", "a token with a login")
        bot.token = None
        answer = bot.login(refresh_token=True)[1]
        c.check(answer["expires_in_ms"] == 300000 and answer["refresh_token"], "refreshable", answer)
        c.equal(call("devices", user=BOT)["devices"], ["DEV"], "one device")
        second, bot.token = bot.token, first
        got = bot("GET", "/account/whoami")
        c.equal((got[0], got[1]["errcode"]), (401, "M_UNKNOWN_TOKEN"), "the device's older token")
        bot.token = second
        c.equal(bot("GET", "/account/whoami")[1]["device_id"], "DEV", "whoami")
        call("config", whoami_device=False)
        c.check("device_id" not in bot("GET", "/account/whoami")[1], "whoami without a device")
        # Without a token, with another scheme, with one that was made up.
        bot.token = None
        got = bot("GET", "/sync")
        c.equal((got[0], got[1]["errcode"], found(call)),
                (401, "M_MISSING_TOKEN", ["no Authorization"]), "no token")
        got = bot("GET", "/sync", Authorization="Basic x")
        c.equal((got[0], len(found(call))), (401, 1), "another scheme")
        got = bot("GET", "/sync", Authorization="Bearer made-up")
        c.equal((got[0], found(call)), (401, ["a token that was never given out"]), "made up")
        bot.token = second
        refused(c, call, bot("GET", f"/sync?since={second}"), "in the address", "a token in the query")
        c.equal((bot("POST", "/logout")[0], bot("GET", "/sync")[1]["soft_logout"],
                 call("devices", user=BOT)["devices"]), (200, False, []), "logout")
        bot.token = None
        token = call("login_token", user=BOT)["token"]
        body = {"type": "m.login.token", "token": token}
        c.equal([bot("POST", "/login", body)[0] for _ in (1, 2)], [200, 403], "a login token, once")
        call("config", login_flows=["m.login.token"])
        refused(c, call, bot.login(), "was not offered", "a type that was not offered")
        call("config", login_flows=[])
        c.equal((bot("GET", "/login")[0], found(call)), (404, []), "no login here")
        bot.token = call("access_token", user=BOT, device="ADMIN")["access_token"]
        c.equal(bot("GET", "/joined_rooms")[0], 200, "an admin's token")


def test_refresh(c):
    with server(login=False) as (call, bot, _):
        answer = bot.login(refresh_token=True)[1]
        old, bot.token = bot.token, None
        again = lambda token: bot("POST", "/refresh", {"refresh_token": token})
        one = again(answer["refresh_token"])[1]
        two = again(answer["refresh_token"])[1]
        c.check(one["refresh_token"] != two["refresh_token"], "the old one is good until the new is used")
        bot.token = old
        c.equal(bot("GET", "/joined_rooms")[0], 200, "so is the old access token")
        bot.token = two["access_token"]
        c.equal(bot("GET", "/joined_rooms")[0], 200, "the new access token")
        bot.token = None
        c.equal((again(answer["refresh_token"])[0], again(one["refresh_token"])[0]), (401, 401),
                "the old refresh token is gone now")
        bot.token = two["access_token"]
        call("advance", seconds=301)
        got = bot("GET", "/joined_rooms")
        c.equal((got[0], got[1]["soft_logout"]), (401, True), "expired")
        bot.token = None
        three = again(two["refresh_token"])[1]
        c.equal(again(three["refresh_token"])[0], 200, "a refresh is a use, too")
        refused(c, call, bot("POST", "/refresh", {}), "refresh_token is missing", "empty refresh")
        c.equal(again("mar_x")[1]["soft_logout"], False, "unknown refresh token")
        call("fault", endpoint="refresh", verb="status", status=401, errcode="M_UNKNOWN_TOKEN",
             fields={"soft_logout": True})
        c.equal(again("mar_x")[1]["soft_logout"], True, "with soft logout")
        # An answer that is lost, and the same refresh token once more.
        answer = bot.login(refresh_token=True, device_id="TWO")[1]
        bot.token = None
        call("fault", endpoint="refresh", verb="lose")
        c.check(broke(lambda: again(answer["refresh_token"])), "lost")
        c.equal(again(answer["refresh_token"])[0], 200, "the lost refresh again")
        c.equal(found(call), [], "refresh")


def test_accounts(c):
    with server() as (call, bot, _):
        room = room_of(call)
        for state, want in [("locked", (401, "M_USER_LOCKED")), ("suspended", (403, "M_USER_SUSPENDED")),
                            ("active", (200, None))]:
            call("account", user=BOT, state=state)
            got = bot.send(room, HI)
            c.equal((got[0], got[1].get("errcode")), want, state)
            c.equal(bot.sync()[0], 401 if state == "locked" else 200, f"{state}: sync")
        call("logout", user=BOT, soft=True)
        got = bot.sync()
        c.equal((got[0], got[1]["soft_logout"]), (401, True), "soft logout")
        call("logout", user=BOT)
        c.equal(bot.sync()[1]["soft_logout"], False, "logout")
        bot.token = None
        bot.login()
        call("expire", user=BOT)
        c.equal(bot.sync()[1]["soft_logout"], True, "expire")
        call("account", user=BOT, state="deactivated")
        c.equal(bot.sync()[1]["soft_logout"], False, "deactivated")
        bot.token = None
        c.equal(bot.login()[1]["errcode"], "M_USER_DEACTIVATED", "deactivated: login")
        c.equal(found(call), [], "accounts")


def test_own_faults(c):
    with server() as (call, bot, _):
        room = room_of(call)
        call("state", room=room, user=MIA, type="m.room.member", state_key=LEO, content=5)
        got = bot("GET", f"/rooms/{enc(room)}/joined_members")
        c.check(got[0] == 500 and "itself failed" in found(call)[0], "the double's own fault", got)


CLIENT = {"client_name": "credbot", "client_uri": "https://credbot.example/",
          "application_type": "native", "token_endpoint_auth_method": "none",
          "grant_types": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"]}
SCOPE = "urn:matrix:client:api:* urn:matrix:client:device:CREDBOT1234"


def test_oauth(c):
    with server(login=False) as (call, bot, hs):
        meta = bot("GET", V1 + "/auth_metadata")[1]
        c.equal(meta, bot("GET", "/.well-known/oauth-authorization-server")[1], "RFC 8414")
        path = lambda name: urllib.parse.urlsplit(meta[name]).path
        register, device, token, revoke = (path(n) for n in (
            "registration_endpoint", "device_authorization_endpoint", "token_endpoint",
            "revocation_endpoint"))
        for more, part in [({"client_uri": "x"}, "no http URI"), ({"grant_types": ["x"]}, "not one of"),
                           ({"token_endpoint_auth_method": "client_secret_post"}, "not one of"),
                           ({"scope": "x"}, "scope is unknown"),
                           ({"grant_types": ["authorization_code"]}, "no redirect_uris")]:
            got = bot("POST", register, {**CLIENT, **more})
            c.equal(got[1]["error"], "invalid_client_metadata", more)
            refused(c, call, got, part, more)
        status, answer = bot("POST", register, CLIENT)
        client = answer["client_id"]
        c.equal((status, answer["client_name"]), (201, "credbot"), "registered")
        ask = lambda **more: bot.form(device, {"client_id": client, "scope": SCOPE, **more})
        for more, part in [({"scope": "openid"}, "scope is not"), ({"x": "y"}, "x is unknown"),
                           ({"scope": SCOPE[:-4]}, "scope is not")]:
            refused(c, call, ask(**more), part, more)
        refused(c, call, bot("POST", device, {"client_id": client}), "a form of type", "JSON for a form")
        c.equal(ask(client_id="nobody")[0], 401, "unknown client")
        lesser = bot("POST", register, {**CLIENT, "grant_types": ["refresh_token"]})[1]["client_id"]
        c.equal(ask(client_id=lesser)[1]["error"], "unauthorized_client", "without the grant")
        grant = ask()[1]
        c.equal((grant["interval"], grant["expires_in"]), (5, 1800), "a grant")
        kind = CLIENT["grant_types"][0]
        poll = lambda code=grant["device_code"]: bot.form(
            token, {"grant_type": kind, "device_code": code, "client_id": client})
        c.equal(poll()[1]["error"], "authorization_pending", "pending")
        c.equal((poll()[1]["error"], len(found(call))), ("slow_down", 1), "polled too fast")
        call("advance", seconds=6)
        c.equal((poll()[1]["error"], len(found(call))), ("slow_down", 1), "slow_down adds 5 seconds")
        call("oauth", answer="slow_down")
        call("advance", seconds=20)
        c.equal((poll()[1]["error"], found(call)), ("slow_down", []), "slow_down as asked for")
        call("advance", seconds=21)
        c.equal((poll()[1]["error"], found(call)), ("authorization_pending", []), "once")
        call("oauth", answer="approved", user=BOT)
        call("advance", seconds=20)
        status, pair = poll()
        c.equal((status, pair["token_type"], pair["scope"]), (200, "Bearer", SCOPE), "approved")
        c.equal(poll()[1]["error"], "invalid_grant", "a code is good once")
        bot.token = pair["access_token"]
        c.equal(bot("GET", "/account/whoami")[1]["device_id"], "CREDBOT1234", "the scope's device")
        refused(c, call, bot("POST", "/logout"), "/revoke", "the other API's logout")
        bot.token = None
        refused(c, call, bot("POST", "/refresh", {"refresh_token": pair["refresh_token"]}),
                "other login API", "the other API's refresh")
        refresh = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"],
                   "client_id": client}
        status, new = bot.form(token, refresh)
        c.equal((status, new["expires_in"]), (200, 300), "refresh")
        refused(c, call, bot.form(token, {**refresh, "grant_type": "password"}), "grant_type", "grant")
        c.equal(bot.form(token, {**refresh, "refresh_token": "x"})[1]["error"], "invalid_grant",
                "unknown refresh token")
        second = Client(hs.port, call("access_token", user=BOT)["access_token"])
        c.equal(bot.form(revoke, {"token": new["access_token"], "client_id": client})[0], 200, "revoke")
        c.equal(second.sync()[0], 200, "another session goes on")
        bot.token = new["access_token"]
        c.equal(bot.sync()[0], 401, "revoked")
        bot.token = None
        for answer in ("access_denied", "expired_token"):
            code = ask()[1]["device_code"]
            if answer == "access_denied":
                call("oauth", answer=answer)
            else:
                call("advance", seconds=1801)
            c.equal(poll(code)[1]["error"], answer, answer)
        call("config", oauth_interval_s=None)
        c.check("interval" not in ask()[1], "no interval")
        call("config", oauth=False)
        c.equal(bot("GET", V1 + "/auth_metadata")[0], 404, "no OAuth here")
        c.equal(found(call), [], "oauth")


def test_discovery(c):
    with server(login=False) as (call, bot, hs):
        base = f"http://127.0.0.1:{hs.port}"
        path = "/.well-known/matrix/client"
        c.equal(bot("GET", path)[1], {"m.homeserver": {"base_url": base}}, "well-known")
        for given, want in [({"status": 404}, (404, None)), ({"body": "<html>"}, (200, b"<html>")),
                            ({"body": {"m.homeserver": {"base_url": "$BASE/"}}},
                             (200, {"m.homeserver": {"base_url": base + "/"}}))]:
            call("config", well_known=given)
            c.equal(bot("GET", path), want, given)
        call("config", well_known={"status": 301, "location": "https://x.y/"})
        c.equal((bot("GET", path)[0], bot.headers["location"]), (301, "https://x.y/"), "redirect")
        call("config", versions=["v1.1"])
        c.equal(bot("GET", "/_matrix/client/versions")[1]["versions"], ["v1.1"], "versions")


# --- sync

def bodies(answer, room):
    events = answer["rooms"].get("join", {}).get(room, {"timeline": {"events": []}})["timeline"]["events"]
    return [e["content"].get("body") for e in events if e["type"] == "m.room.message"]


def joined(answer, room):
    return answer["rooms"]["join"][room]


def test_sync(c):
    with server() as (call, bot, hs):
        room = room_of(call, name="Talk")
        call("join", room=room, user=LEO)
        call("send_many", room=room, user=MIA, text="old {n}", count=20)
        a = bot.sync()[1]
        j = joined(a, room)
        c.equal(bodies(a, room), [f"old {n}" for n in range(11, 21)], "an initial timeline has 10 events")
        c.check(j["timeline"]["limited"] and j["timeline"]["prev_batch"], "and is limited")
        c.check({e["type"] for e in j["state"]["events"]} >= {
            "m.room.create", "m.room.member", "m.room.power_levels", "m.room.name"}, "full state")
        c.equal(sorted(e["state_key"] for e in j["state"]["events"] if e["type"] == "m.room.member"),
                [BOT, LEO, MIA], "all members, unless they are loaded lazily")
        c.equal(j["summary"]["m.joined_member_count"], 3, "summary")
        c.check("room_id" not in j["timeline"]["events"][0], "no room_id in /sync")
        since = a["next_batch"]
        began = time.monotonic()
        a = bot.sync(since, timeout=50)[1]
        c.check(a["rooms"] == {} and a["next_batch"] == since and time.monotonic() - began > 0.045,
                "nothing new", a)
        # A poll that is woken.
        got = []
        t = threading.Thread(target=lambda: got.append(bot.sync(since, timeout=9000)))
        t.start()
        c.check(call("wait", synced=True)["ok"], "wait: synced")
        call("send", room=room, user=MIA, text="new")
        t.join()
        a = got[0][1]
        c.equal((bodies(a, room), joined(a, room)["timeline"]["limited"]), (["new"], False), "woken")
        c.equal(bodies(bot.sync(since)[1], room), ["new"], "the same since gives the same")
        # Own events carry the transaction, for their own device alone.
        since = a["next_batch"]
        bot.send(room, HI, txn="own1")
        other = Client(hs.port, call("access_token", user=BOT, device="OTHER")["access_token"])
        for who, want in [(bot, "own1"), (other, None)]:
            e = joined(who.sync(since)[1], room)["timeline"]["events"][0]
            c.equal(e["unsigned"].get("transaction_id"), want, "transaction_id")
        # What changed in the state before the timeline, and after it.
        since = bot.sync(since)[1]["next_batch"]
        call("state", room=room, user=MIA, type="m.room.topic", content={"topic": "one"})
        call("send_many", room=room, user=MIA, text="q{n}", count=12)
        call("state", room=room, user=MIA, type="m.room.topic", content={"topic": "two"})
        topics = lambda part: [e["content"]["topic"] for e in part["events"] if e["type"] == "m.room.topic"]
        j = joined(bot.sync(since)[1], room)
        c.equal((topics(j["state"]), "state_after" in j), (["one"], False), "state")
        j = joined(bot.sync(since, use_state_after="true")[1], room)
        c.equal((topics(j["state_after"]), "state" in j), (["two"], False), "state_after")
        call("config", state_after=False)
        c.check("state" in joined(bot.sync(since, use_state_after="true")[1], room), "an old server")
        call("config", state_after=True)
        member = [e for e in joined(bot.sync(since, full_state="true")[1], room)["state"]["events"]
                  if e["type"] == "m.room.member"]
        c.equal(len(member), 3, "full_state")
        e = joined(bot.sync(since)[1], room)["timeline"]["events"][-1]
        c.equal(e["unsigned"]["prev_content"], {"topic": "one"}, "prev_content")
        call("config", gzip=True)
        status, data = bot.raw("GET", V3 + "/sync?timeout=0", headers={"Accept-Encoding": "gzip"})
        c.check(b"next_batch" in gzip.decompress(data), "gzip for who accepts it")
        c.check("next_batch" in bot.sync()[1], "and for nobody else")
        c.equal(found(call), [], "sync")


def test_filter(c):
    with server() as (call, bot, _):
        room, other = room_of(call), room_of(call)
        rule = {"room": {"timeline": {"limit": 3, "types": ["m.room.message"]},
                         "state": {"lazy_load_members": True, "types": ["m.room.mem*"]},
                         "ephemeral": {"not_types": ["*"]}, "account_data": {"not_types": ["*"]},
                         "not_rooms": [other]},
                "account_data": {"types": ["m.direct"]}, "presence": {"not_types": ["*"]}}
        user = enc(BOT)
        number = bot("POST", f"/user/{user}/filter", rule)[1]["filter_id"]
        c.equal(bot("GET", f"/user/{user}/filter/{number}")[1], rule, "a stored filter")
        call("join", room=room, user=LEO)
        call("send_many", room=room, user=MIA, text="{n}", count=5)
        call("ephemeral", room=room, type="m.typing", content={"user_ids": [MIA]})
        for kind in ("m.direct", "m.push_rules"):
            call("account_data_set", user=BOT, type=kind, content={})
        for given in (number, json.dumps(rule)):
            a = bot.sync(filter=given)[1]
            j = joined(a, room)
            c.equal(list(a["rooms"]["join"]), [room], "not_rooms")
            c.equal((bodies(a, room), j["timeline"]["limited"]), (["3", "4", "5"], True), "limit")
            c.equal(sorted(e["state_key"] for e in j["state"]["events"]), [BOT, MIA], "lazy members")
            c.equal((j["ephemeral"]["events"], j["account_data"]["events"]), ([], []), "ephemeral")
            c.equal([e["type"] for e in a["account_data"]["events"]], ["m.direct"], "account data")
        a = bot.sync()[1]
        c.equal([e["type"] for e in joined(a, room)["ephemeral"]["events"]], ["m.typing"], "no filter")
        c.equal(len(a["rooms"]["join"]), 2, "no filter: rooms")
        since = a["next_batch"]
        call("state", room=room, user=MIA, type="m.room.topic", content={"topic": "x"})
        call("send", room=room, user=LEO, text="from leo")
        only = json.dumps({"room": {"timeline": {"senders": [MIA], "not_types": ["m.room.topic"]},
                                    "state": {"not_types": ["*"]}}})
        c.equal(bot.sync(since, filter=only)[1]["rooms"], {}, "senders and not_types")
        c.equal(bot.sync(filter="999")[0], 404, "no such filter")
        got = bot("GET", f"/user/{enc(MIA)}/filter/0")
        c.equal((got[0], len(found(call))), (403, 1), "somebody else's filter")


def test_gaps(c):
    with server() as (call, bot, _):
        room, r = room_of(call, label="r"), "r"
        since = bot.sync()[1]["next_batch"]
        call("batch", commands=[["send_many", {"room": r, "user": MIA, "text": "{n}", "count": 5}],
                                ["gap", {"room": r, "missing": 3}]])
        a = bot.sync(since)[1]
        t = joined(a, room)["timeline"]
        c.equal((bodies(a, room), t["limited"]), (["4", "5"], True), "a gap")
        path = f"/rooms/{enc(room)}/messages?"
        page = bot("GET", f"{path}dir=f&from={since}&to={t['prev_batch']}")[1]
        c.equal([e["content"]["body"] for e in page["chunk"]], ["1", "2", "3"], "what was missing")
        c.check("end" not in page and page["chunk"][0]["room_id"] == room, "the last page", page)
        since = a["next_batch"]
        for missing, limited in [(0, True), (1, False)]:
            call("gap", room=r, missing=missing, limited=limited)
            call("send_many", room=r, user=MIA, text="{n}", count=2)
            a = bot.sync(since)[1]
            c.equal((bodies(a, room), joined(a, room)["timeline"]["limited"]),
                    (["1", "2"][missing:], limited), f"gap of {missing}, {limited}")
            since = a["next_batch"]
        call("duplicate", room=r, last=2)
        a = bot.sync(since, timeout=1000)[1]
        c.equal(bodies(a, room), ["1", "2"], "duplicates")
        call("config", duplicate_all=True)
        call("send", room=r, user=MIA, text="x")
        c.equal(bodies(bot.sync(since)[1], room), ["x", "x"], "all of them twice")
        call("config", duplicate_all=False)
        # Pages, both ways.
        call("send_many", room=r, user=MIA, text="p{n}", count=7)
        seen, token = [], ""
        while True:
            page = bot("GET", f"{path}dir=b&limit=3{token}")[1]
            seen += [e["content"]["body"] for e in page["chunk"] if e["type"] == "m.room.message"]
            if "end" not in page:
                break
            token = "&from=" + page["end"]
        c.equal(seen[:8], [f"p{n}" for n in range(7, 0, -1)] + ["x"], "backwards")
        c.equal(len(seen), 17, "to the beginning")
        rule = enc('{"types":["m.room.create"]}')
        page = bot("GET", f"{path}dir=f&filter={rule}")[1]
        c.equal([e["type"] for e in page["chunk"]], ["m.room.create"], "a filter of messages")
        call("config", messages_end=True)
        c.check("end" in bot("GET", f"{path}dir=f&limit=999")[1], "an end where nothing follows")
        # Tokens that are not known any more.
        call("forget_since")
        got = bot.sync(since)
        c.equal((got[0], got[1]["errcode"], found(call)), (400, "M_UNKNOWN", []), "since is forgotten")
        c.equal(bot.sync()[0], 200, "a new beginning")


def test_poison(c):
    with server() as (call, bot, _):
        room = room_of(call)
        since = bot.sync()[1]["next_batch"]
        raws = {"timeline": b'{"a":' + b"[" * 10000 + b"]" * 10000 + b"}", "state": b'{"x":NaN}',
                "ephemeral": b'{"e":"\xff"}', "room_account_data": b"{'q':1}"}
        for where, data in raws.items():
            call("raw", room=room, user=MIA, where=where, json_b64=base64.b64encode(data).decode())
        call("raw", user=BOT, where="to_device", json='{"td":1,"td":2}')
        call("raw", user=BOT, where="account_data", json='{"ad":1e999}')
        _, data = bot.raw("GET", f"{V3}/sync?timeout=0&since={since}")
        for piece in [*raws.values(), b'{"td":1,"td":2}', b'{"ad":1e999}']:
            c.check(piece in data, "raw bytes", piece[:20])
        _, data = bot.raw("GET", f"{V3}/sync?timeout=0&since={since}")
        c.check(raws["timeline"] in data and b"NaN" not in data and b'"td"' in data,
                "a timeline keeps them, and to_device until it is acknowledged")
        token = call("next_sync", json={"next_batch": "x1", "rooms": 5}, token="x1")
        c.equal(bot.sync(since)[1], {"next_batch": "x1", "rooms": 5}, "the next answer")
        c.equal((bot.sync("x1")[0], found(call)), (200, []), "its token")
        call("next_sync", body='{"next_batch":"$NEXT"}', status=200)
        token = bot.sync()[1]["next_batch"]
        c.equal(bot.sync(token)[1]["to_device"]["events"], [], "$NEXT acknowledges")
        call("next_sync", body_b64=base64.b64encode(b"\xff\xfe").decode(), status=503, kind="text/x",
             headers={"Retry-After": "7"})
        status, data = bot.raw("GET", V3 + "/sync")
        c.equal((status, data, bot.headers["retry-after"]), (503, b"\xff\xfe", "7"), "raw body")
        second = call("create_room", creator=MIA, invite=[BOT])["room_id"]
        call("raw", room=second, where="invite_state", json="[]")
        events = bot.sync(token)[1]["rooms"]["invite"][second]["invite_state"]["events"]
        c.equal(events[-1], [], "in an invite")


def test_order(c):
    with server() as (call, bot, _):
        rooms = [room_of(call) for _ in range(3)]
        for order, want in [("normal", rooms), ("reverse", rooms[::-1]), ("shuffle", None)]:
            call("config", room_order=order)
            got = list(bot.sync()[1]["rooms"]["join"])
            c.equal(got if want else sorted(got), want or sorted(rooms), order)


# --- membership

def test_membership(c):
    with server() as (call, bot, _):
        join = lambda room, via="", **body: bot("POST", f"/join/{enc(room)}{via}", body)
        since = bot.sync()[1]["next_batch"]
        room = call("create_room", creator=MIA, label="dm", direct=True, name="Hi", version="12",
                    encrypted=True, type="m.space", invite=[BOT])["room_id"]
        c.check(":" not in room and len(room) == 44, "an id of version 12", room)
        a = bot.sync(since)[1]
        state = {(e["type"], e["state_key"]): e for e in
                 a["rooms"]["invite"][room]["invite_state"]["events"]}
        c.check({k for k, _ in state} == {"m.room.create", "m.room.name", "m.room.join_rules",
                                          "m.room.encryption", "m.room.member"}, "stripped state")
        c.equal(state["m.room.create", ""]["content"], {"room_version": "12", "type": "m.space"}, "create")
        c.equal(state["m.room.member", BOT]["content"], {"membership": "invite", "is_direct": True},
                "the invite")
        c.check(all(set(e) == {"type", "sender", "state_key", "content"} for e in state.values()),
                "nothing else in a stripped event")
        c.equal(bot.sync(a["next_batch"])[1]["rooms"], {}, "an invite comes once")
        c.equal(join(room, "?via=fake.test&via=other.test"), (200, {"room_id": room}), "join")
        c.check(call("wait", joined="dm")["ok"], "wait: joined")
        c.equal(join(room)[0], 200, "join again")
        c.check(room in bot.sync(a["next_batch"])[1]["rooms"]["join"], "joined")
        since = bot.sync()[1]["next_batch"]
        call("send", room=room, user=MIA, text="last")
        call("kick", room=room, user=BOT, sender=MIA, reason="x")
        left = bot.sync(since)[1]["rooms"]["leave"][room]["timeline"]["events"]
        c.equal([e["type"] for e in left], ["m.room.message", "m.room.member"], "kicked")
        c.check(call("wait", left="dm")["ok"], "wait: left")
        got = bot.send(room, HI)
        c.equal((got[0], got[1]["errcode"]), (403, "M_FORBIDDEN"), "send after a kick")
        c.equal(join(room)[1]["errcode"], "M_FORBIDDEN", "not invited")
        c.check(room not in bot.sync()[1]["rooms"].get("leave", {}), "no leave in an initial sync")
        call("invite", room=room, user=BOT, sender=MIA)
        call("kick", room=room, user=BOT, sender=MIA)
        c.equal(join(room)[0], 403, "withdrawn")
        call("ban", room=room, user=BOT, sender=MIA)
        c.equal((join(room)[0], call("rooms", user=BOT)["ban"]), (403, [room]), "banned")
        call("unban", room=room, user=BOT, sender=MIA)
        # Leaving, refusing, forgetting.
        call("invite", room=room, user=BOT, sender=MIA)
        leave = lambda r: bot("POST", f"/rooms/{enc(r)}/leave", {"reason": "encrypted"})[0]
        forget = lambda r: bot("POST", f"/rooms/{enc(r)}/forget")[0]
        c.equal([forget(room), leave(room), leave(room), forget(room)], [400, 200, 403, 200], "refuse")
        c.equal(call("events", room=room)["events"][-1]["content"]["reason"], "encrypted", "reason")
        # The old questions are there when one comes back.
        talk = room_of(call, label="talk", join_rule="public", alias="#talk:fake.test")
        leave(talk)
        since = bot.sync()[1]["next_batch"]
        call("send_many", room="talk", user=MIA, text="{n}", count=3)
        c.equal(bot.sync(since)[1]["rooms"], {}, "not told while away")
        c.equal(join("#talk:fake.test")[1]["room_id"], talk, "by alias")
        c.equal(bot("GET", f"/directory/room/{enc('#talk:fake.test')}")[1]["room_id"], talk, "directory")
        c.equal(bodies(bot.sync(since)[1], talk), ["1", "2", "3"], "a timeline from before the join")
        # A room that can be joined through one server only.
        far = call("create_room", creator=MIA, invite=[BOT], version="12", remote="far.test")["room_id"]
        c.equal([join(far)[0], join(far, "?via=far.test")[0]], [404, 200], "via")
        call("add_user", user="@auto:fake.test", auto_accept=True)
        call("invite", room="talk", user="@auto:fake.test", sender=MIA)
        c.check(talk in call("rooms", user="@auto:fake.test")["join"], "auto_accept")
        c.equal(join("!none:fake.test")[0], 404, "no such room")
        for version in range(1, 13):
            r = call("create_room", creator=MIA, version=version)
            event = call("events", room=r["room_id"])["events"][0]["event_id"]
            c.equal((":" in r["room_id"], ":" in event), (version < 12, version < 3), f"v{version}")
        c.equal(found(call), [], "membership")


def test_upgrade(c):
    with server() as (call, bot, _):
        room = room_of(call, label="old")
        call("join", room="old", user=LEO)
        since = bot.sync()[1]["next_batch"]
        for forged in (False, True):
            new = call("upgrade", room="old", user=MIA, forged=forged)["room_id"]
            a = bot.sync(since)[1]
            e = joined(a, room)["timeline"]["events"][-1]
            c.equal((e["type"], e["content"]["replacement_room"]), ("m.room.tombstone", new), "tombstone")
            c.equal([new in call("rooms", user=u)["join"] for u in (MIA, LEO, BOT)],
                    [True, True, False], "people go there, the bot must go itself")
            c.equal(bot("POST", f"/join/{enc(new)}?via=fake.test", {})[0], 200, "the new room is open")
            create = bot("GET", f"/rooms/{enc(new)}/state/m.room.create")[1]
            c.equal(create.get("predecessor"), None if forged else {"room_id": room}, f"forged {forged}")
        c.equal(found(call), [], "upgrade")


# --- what people send

def test_people(c):
    with server() as (call, bot, _):
        room = room_of(call)
        say = lambda **more: call("send", room=room, user=MIA, **more)["event_id"]
        content = lambda e: bot("GET", f"/rooms/{enc(room)}/event/{enc(e)}")[1]["content"]
        q = say(text="q\nline", html="<b>q</b>", mentions={"user_ids": [BOT]}, ts=5)
        c.equal(content(q), {"msgtype": "m.text", "body": "q\nline", "format": "org.matrix.custom.html",
                             "formatted_body": "<b>q</b>", "m.mentions": {"user_ids": [BOT]}}, "text")
        c.equal(bot("GET", f"/rooms/{enc(room)}/event/{enc(q)}")[1]["origin_server_ts"], 5, "ts")
        r = content(say(text="a", reply_to=q, fallback=True))
        c.equal(r["body"], f"> <{MIA}> q\n> line\n\na", "the old fallback")
        c.check(r["formatted_body"].startswith("<mx-reply>") and
                r["m.relates_to"] == {"m.in_reply_to": {"event_id": q}}, "and its HTML", r)
        one = say(text="t", thread=q)
        two = content(say(text="t", thread=q))["m.relates_to"]
        c.equal(two, {"rel_type": "m.thread", "event_id": q, "is_falling_back": True,
                      "m.in_reply_to": {"event_id": one}}, "thread")
        c.equal(content(say(text="t", thread=q, reply_to=q))["m.relates_to"]["is_falling_back"], False,
                "a reply in a thread")
        e = content(say(text="e", edit=q))
        c.equal((e["body"], e["m.new_content"]["body"], e["m.relates_to"]["rel_type"]),
                ("* e", "e", "m.replace"), "edit")
        c.equal(content(say(text="n", msgtype="m.notice"))["msgtype"], "m.notice", "notice")
        k = call("react", room=room, user=MIA, event_id=q, key="👍")["event_id"]
        c.equal(content(k)["m.relates_to"]["key"], "👍", "reaction")
        x = call("event", room=room, user=MIA, type="m.sticker", content={"a": 1}, event_id="$given")
        c.equal((x["event_id"], content("$given")), ("$given", {"a": 1}), "any event")
        for where, (inside, top) in [("content", (True, False)), ("top", (False, True)),
                                     ("both", (True, True)), (None, (True, False))]:
            target = say(text="secret")
            r = call("redact", room=room, user=MIA, event_id=target, where=where)["event_id"]
            r = bot("GET", f"/rooms/{enc(room)}/event/{enc(r)}")[1]
            c.equal(("redacts" in r["content"], "redacts" in r), (inside, top), f"redacts: {where}")
            gone = bot("GET", f"/rooms/{enc(room)}/event/{enc(target)}")[1]
            c.check(gone["content"] == {} and "redacted_because" in gone["unsigned"], "redacted")
        old = room_of(call, version="10")
        e = call("send", room=old, user=MIA, text="x")["event_id"]
        r = call("redact", room=old, user=MIA, event_id=e)["event_id"]
        c.check("redacts" in bot("GET", f"/rooms/{enc(old)}/event/{enc(r)}")[1], "redacts: version 10")
        away = call("create_room", creator=LEO)["room_id"]
        call("profile_set", user=MIA, displayname="Registrar")
        c.equal(len(call("events", room=away)["events"]), 5, "not in rooms where she is not")
        c.equal(bot("GET", f"/profile/{enc(MIA)}")[1], {"displayname": "Registrar"}, "profile_set")
        c.equal(bot("GET", f"/rooms/{enc(room)}/state/m.room.member/{enc(MIA)}")[1]["displayname"],
                "Registrar", "in the room")
        c.equal(found(call), [], "people")


# --- what the bot sends

def test_send(c):
    with server() as (call, bot, hs):
        room = room_of(call, label="r")
        c.equal(bot.send(room, HI, txn="a"), bot.send(room, HI, txn="a"), "once")
        c.equal(len(call("transcript", room="r")["events"]), 1, "one event")
        c.equal(call("counters")["counters"]["repeats"], 1, "counted")
        refused(c, call, bot.send(room, message(body="x"), txn="a"), "another body", "other body")
        other = Client(hs.port, call("access_token", user=BOT, device="OTHER")["access_token"])
        c.check(other.send(room, HI, txn="a") != bot.send(room, HI, txn="a"), "another device")
        bot.token = None
        bot.login()
        bot.send(room, HI, txn="a")
        c.equal(len(call("transcript", room="r")["events"]), 2, "the same device after a login")
        got = bot.send(room, message(body="x" * 65536))
        c.equal((got[0], got[1]["errcode"], found(call)), (413, "M_TOO_LARGE", []), "too large")
        c.equal(bot.send(room, message(body="x" * 60000))[0], 200, "large")
        call("mute", room="r", user=BOT, sender=MIA)
        c.equal(bot.send(room, HI)[1]["errcode"], "M_FORBIDDEN", "muted")
        call("mute", room="r", user=BOT, sender=MIA, level=0)
        put = lambda name: bot("PUT", f"/rooms/{enc(room)}/state/m.room.name", {"name": name})[0]
        c.equal(put("x"), 403, "state without the power")
        call("mute", room="r", user=BOT, sender=MIA, level=50)
        c.equal((put("x"), call("events", room="r")["events"][-1]["content"]), (200, {"name": "x"}), "state")
        call("mute", room="r", user=BOT, sender=MIA, level=0)
        question = call("send", room="r", user=MIA, text="q")["event_id"]
        mine = bot.send(room, HI)[1]["event_id"]
        redact = lambda e, t: bot("PUT", f"/rooms/{enc(room)}/redact/{enc(e)}/{t}", {"reason": "x"})
        c.equal(redact(question, "r1")[0], 403, "somebody else's event")
        c.equal(redact(mine, "r2"), redact(mine, "r2"), "redact, once")
        c.equal((redact("$none", "r3")[0], len(call("transcript", room="r", type="m.room.redaction")
                                               ["events"])), (404, 1), "no such event")
        refused(c, call, bot("POST", f"/rooms/{enc(room)}/receipt/m.read/{enc(mine)}", {}),
                "own event", "a receipt for one's own event")
        # In the clear: allowed until the bot has been told, then one notice.
        secret = room_of(call, label="secret")
        since = bot.sync()[1]["next_batch"]
        call("encrypt", room="secret", user=MIA)
        c.equal(bot.send(secret, HI)[0], 200, "it cannot know")
        since = bot.sync(since)[1]["next_batch"]
        bot.sync(since)
        call("state", room="secret", user=MIA, type="m.room.encryption", content={})
        refused(c, call, bot.send(secret, HI), "in the clear", "in the clear")
        c.equal(bot.send(secret, message(msgtype="m.notice"))[0], 200, "one notice")
        refused(c, call, bot.send(secret, message(msgtype="m.notice")), "in the clear", "two")
        # One after the other in a room: while h1 has no answer, h1 may come again, h2 may not.
        call("fault", endpoint="send", verb="hang", room="r", effect=True)
        t = threading.Thread(target=lambda: broke(lambda: other.send(room, HI, txn="h1")))
        n = len(call("transcript", room="r")["events"])
        t.start()
        call("wait", room="r", bot_events=n + 1)
        c.equal((bot.send(room, HI, txn="h2")[0], found(call)),
                (200, ["a send into a room where another is not answered yet"]), "two at once")
        c.equal((bot.send(room_of(call), HI)[0], found(call)), (200, []), "in another room")
        call("restart")
        t.join()
        bot.conn.close()
        c.equal((bot.send(room, HI, txn="h3")[0], found(call)), (200, []), "no one waits any more")


def test_rates(c):
    with server() as (call, bot, _):
        room = room_of(call)
        call("config", rate_limits="synapse", retry_form="both")
        got = [bot.send(room, HI)[0] for _ in range(11)]
        c.equal(got, [200] * 10 + [429], "rc_message: 10 at once")
        status, answer = bot.send(room, HI)
        c.check(answer["errcode"] == "M_LIMIT_EXCEEDED" and bot.headers["retry-after"] in "345" and
                3000 < answer["retry_after_ms"] <= 5000, "and one each 5 s", answer)
        c.equal(call("counters")["counters"]["early_retries"], 1, "asked too early")
        c.equal(bot.sync()[0], 200, "/sync is not limited")
        call("advance", seconds=5.1)
        c.equal([bot.send(room, HI)[0] for _ in range(2)], [200, 429], "later")
        c.equal(bot.send(room, HI, txn="t1")[0], 200, "a repeat is free")
        for form, want in [("seconds", (True, False)), ("date", (True, False)), ("ms", (False, True)),
                           ("none", (False, False))]:
            call("config", retry_form=form)
            answer = bot.send(room, HI)[1]
            c.equal(("retry-after" in bot.headers, "retry_after_ms" in answer), want, form)
            if form == "date":
                c.check(bot.headers["retry-after"].endswith("GMT"), "a date", bot.headers)
        call("config", rate_limits={"rc_joins": [0.1, 1], "rc_login": [0.003, 2]})
        rooms = [call("create_room", creator=MIA, invite=[BOT])["room_id"] for _ in range(2)]
        c.equal([bot("POST", f"/join/{enc(r)}", {})[0] for r in rooms], [200, 429], "rc_joins")
        bot.token = None
        got = []
        for _ in range(3):
            got.append(bot.login(password="wrong")[0])
        c.equal(got, [403, 403, 429], "rc_login")
        c.equal(found(call), [], "rates")


def test_media(c):
    with server() as (call, bot, _):
        post = lambda data, kind="text/calendar", name="?filename=x.ics": bot.raw(
            "POST", "/_matrix/media/v3/upload" + name, data, {"Content-Type": kind})
        status, answer = post(b"BEGIN:VCALENDAR")
        mxc = json.loads(answer)["content_uri"]
        path = V1 + "/media/download/" + mxc[len("mxc://"):]
        c.equal(bot.raw("GET", path), (200, b"BEGIN:VCALENDAR"), "download")
        c.equal((bot.headers["content-type"], bot.headers["content-disposition"]),
                ("text/calendar", "attachment; filename*=utf-8''x.ics"), "its headers")
        c.equal(bot.raw("GET", path + "/other.ics?timeout_ms=5")[0], 200, "with a name")
        c.equal([(u["filename"], "content_b64" in u) for u in call("uploads")["uploads"]],
                [("x.ics", False)], "uploads")
        c.equal(call("log", endpoint="upload")["requests"][0]["body"], {"bytes": 15}, "noted")
        got = call("uploads", content=True)["uploads"][0]["content_b64"]
        c.equal(base64.b64decode(got), b"BEGIN:VCALENDAR", "its bytes")
        refused(c, call, post(b"x", None), "without Content-Type", "no type")
        refused(c, call, post(b"x", name="?name=x"), "name is unknown", "another parameter")
        call("config", upload_max=4)
        c.equal((post(b"12345")[0], bot("GET", V1 + "/media/config")[1]), (413, {"m.upload.size": 4}),
                "limit")
        c.equal(bot.raw("GET", V1 + "/media/download/fake.test/none")[0], 404, "nothing there")
        mxc = call("media_add", content_b64="eA==", type="text/plain")["mxc"]
        c.equal(bot.raw("GET", V1 + "/media/download/" + mxc[6:])[1], b"x", "media_add")
        call("config", media_redirect="http://127.0.0.1:1/x")
        c.equal((bot.raw("GET", path)[0], bot.headers["location"]), (307, "http://127.0.0.1:1/x"), "307")
        bot.token = None
        c.equal((bot.raw("GET", path)[0], len(found(call))), (401, 1), "media without a token")


# --- faults

def broke(do):
    """Whether the connection broke; the client's own timeout counts."""
    try:
        do()
    except (OSError, http.client.HTTPException):
        return True
    return False


def wire(port, token):
    """(all bytes of an answer, whether a reset ended it)"""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
        s.sendall(f"GET {V3}/account/whoami HTTP/1.1\r\nHost: x\r\n"
                  f"Authorization: Bearer {token}\r\n\r\n".encode())
        try:
            while data := s.recv(4096):
                got += data
        except ConnectionResetError:
            return got, True
    return got, False


def test_faults(c):
    with server() as (call, bot, hs):
        room = room_of(call, label="r")
        who = lambda: bot("GET", "/account/whoami")
        fault = lambda verb, endpoint="whoami", **more: call("fault", endpoint=endpoint, verb=verb, **more)
        for where, head, body in [("before", "no", 0), ("mid_headers", "half", 0),
                                  ("headers", "all", 0), ("body", "all", 1)]:
            for reset in (False, True):
                fault("drop", where=where, reset=reset)
                got, was_reset = wire(hs.port, bot.token)
                begin, end, rest = got.partition(b"\r\n\r\n")
                c.equal(("all" if end else "half" if begin else "no", bool(rest), was_reset),
                        (head, bool(body), reset), f"drop {where} {reset}")
                c.equal(who()[0], 200, "once")
        bot.conn.timeout = 0.05
        for where in ("before", "mid_headers", "headers", "body"):
            bot.conn.close()
            fault("hang", where=where)
            c.check(broke(who), f"hang {where}")
        bot.conn.close()
        fault("drip", bytes=1, pause_ms=500)
        c.check(broke(who), "drip")
        bot.conn.close()
        bot.conn.timeout = 10
        fault("drip", bytes=20, pause_ms=1)
        c.equal(who()[0], 200, "a drip ends")
        for kind, want in [("empty", b""), ("html", b"<html>"), ("truncated", b'{"user_id"')]:
            fault("body", kind=kind)
            status, data = bot.raw("GET", V3 + "/account/whoami")
            c.check(status == 200 and data.startswith(want) and (want or not data), kind, data)
        fault("body", kind="text", body="[]")
        c.equal(who(), (200, []), "text")
        fault("body", kind="gzip_broken")
        _, data = bot.raw("GET", V3 + "/account/whoami")
        with contextlib.suppress(EOFError, OSError, zlib.error):
            gzip.decompress(data)
            c.check(False, "broken gzip")
        c.equal(bot.headers["content-encoding"], "gzip", "broken gzip says gzip")
        fault("status", status=503)
        c.equal((bot.raw("GET", V3 + "/account/whoami")[0], bot.headers["content-type"]),
                (503, "text/html"), "a proxy's error")
        fault("status", endpoint="send", status=403, errcode="M_FORBIDDEN", times=2, skip=1)
        c.equal(who()[0], 200, "only at its endpoint")
        c.equal([bot.send(room, HI)[0] for _ in range(4)], [200, 403, 403, 200], "skip and times")
        c.equal(len(call("transcript", room="r")["events"]), 2, "not done")
        for form, want in [("seconds", "3"), ("ms", None), ("none", None)]:
            fault("limit", form=form, seconds=3)
            status, answer = who()
            c.equal((status, bot.headers.get("retry-after"), answer.get("retry_after_ms")),
                    (429, want, 3000 if form == "ms" else None), f"429 {form}")
        c.equal(call("counters")["counters"]["early_retries"], 2, "asked again at once")
        fault("limit", form="seconds", seconds=86400)
        c.equal((who()[0], bot.headers["retry-after"]), (429, "86400"), "absurd")
        # The work done, the answer lost.
        before = len(call("transcript", room="r")["events"])
        fault("lose", endpoint="send")
        c.check(broke(lambda: bot.send(room, HI, txn="lost")), "lose")
        c.equal(len(call("transcript", room="r")["events"]), before + 1, "done")
        c.equal((bot.send(room, HI, txn="lost")[0], len(call("transcript", room="r")["events"])),
                (200, before + 1), "once")
        fault("drop", endpoint="send", effect=True)
        fault("status", endpoint="send", status=502, effect=True)
        c.check(broke(lambda: bot.send(room, HI, txn="e1")), "drop with effect")
        c.equal((bot.send(room, HI, txn="e2")[0], len(call("transcript", room="r")["events"])),
                (502, before + 3), "502 with effect")
        # Only in one room; only there a fault strikes.
        second = room_of(call, label="second")
        fault("status", endpoint="send", room="second", status=500)
        c.equal((bot.send(room, HI)[0], bot.send(second, HI)[0]), (200, 500), "of one room")
        # Something happens in between.
        fault("run", endpoint="send", commands=[["kick", {"room": "r", "user": BOT, "sender": MIA}]])
        c.equal(bot.send(room, HI)[0], 403, "kicked during a send")
        fault("run", endpoint="send", when="after", commands=[["encrypt", {"room": "second", "user": MIA}]])
        c.equal((bot.send(second, HI)[0], call("events", room="second")["events"][-1]["type"]),
                (200, "m.room.encryption"), "encrypted after a send")
        began = time.monotonic()
        fault("delay", ms=60)
        c.check(who()[0] == 200 and time.monotonic() - began > 0.055, "delay")
        for zipped in (True, False):
            fault("bomb", mb=3, gzip=zipped)
            _, data = bot.raw("GET", V3 + "/account/whoami")
            text = zlib.decompressobj(31).decompress(data) if zipped else data
            c.check(text.startswith(b'{"next_batch":   ') and len(text) > 3 << 20, f"bomb {zipped}")
        c.check(len(data) > 3 << 20, "bomb")
        fault("status", endpoint="*", status=500, times=0)
        c.equal((who()[0], bot.sync()[0]), (500, 500), "any, always")
        call("faults_clear")
        c.equal(who()[0], 200, "cleared")
        c.equal(call("log")["requests"][-2]["fault"], "status", "noted")
        c.equal(found(call), [], "faults")


def test_restart(c):
    with matrix.Homeserver(name="other.test") as hs:
        hs.add_user(user="@bot:other.test", password="pw")
        bot = Client(hs.port)
        bot.login()
        since = bot.sync()[1]["next_batch"]
        got = []
        t = threading.Thread(target=lambda: got.append(broke(lambda: bot.sync(since, timeout=9000))))
        t.start()
        c.check(hs.wait(synced=True), "polling")
        hs.restart()
        t.join()
        c.equal(got, [True], "connections are dropped")
        c.equal(bot.sync(since)[0], 200, "state is kept")
        hs.restart(down_ms=300)
        c.check(broke(lambda: bot.sync(since)) and broke(lambda: bot.sync(since)), "down")
        deadline = time.monotonic() + 5
        while broke(lambda: bot.sync(since)) and time.monotonic() < deadline:
            pass
        c.equal(bot.sync(since)[0], 200, "up again")
        c.equal(hs.violations()["violations"], [], "restart")
        hs.process.send_signal(signal.SIGTERM)
        c.equal(hs.process.wait(timeout=5), 0, "SIGTERM")


def test_kill(c):
    """What it has answered is there after it was killed."""
    with tempfile.TemporaryDirectory() as folder, matrix.Homeserver(
            name="other.test", state=os.path.join(folder, "state")) as hs:
        hs.add_user(user="@bot:other.test", password="pw")
        hs.add_user(user="@mia:other.test")
        bot = Client(hs.port)
        bot.login()
        hs.create_room(creator="@mia:other.test", label="dm", members=["@bot:other.test"])
        room = hs.rooms(user="@bot:other.test")["join"][0]
        since = bot.sync()[1]["next_batch"]
        first = bot.send(room, HI, txn="k1")
        asked = hs.send(room="dm", user="@mia:other.test", text="hello")["event_id"]
        hs.kill()
        hs.begin(hs.port)
        bot.conn.close()
        c.equal(bot.send(room, HI, txn="k1"), first, "a transaction is known")
        c.equal([e["event_id"] for e in hs.transcript(room="dm")["events"]],
                [first[1]["event_id"]], "and made one event")
        new = bot.sync(since)[1]["rooms"]["join"][room]["timeline"]["events"]
        c.equal([e["event_id"] for e in new], [first[1]["event_id"], asked], "the stream goes on")
        bot.send(room, {**HI, "body": "other"}, txn="k1")
        bot.conn.close()
        hs.kill()
        hs.begin(hs.port)
        c.equal(len(hs.violations()["violations"]), 1, "violations are kept, too")


# --- control

def test_control(c):
    with server() as (call, bot, hs):
        def fails(name, **args):
            try:
                call(name, **args)
            except ValueError:
                return True
            return False

        room = room_of(call, label="r")
        for name, args in [("nothing", {}), ("send", {}), ("send", {"room": "x", "user": MIA, "text": ""}),
                           ("add_user", {"user": "mia"}), ("add_user", {"user": MIA}),
                           ("config", {"nothing": 1}), ("account", {"user": BOT, "state": "x"}),
                           ("fault", {"endpoint": "x", "verb": "drop"}), ("oauth", {"answer": "approved"}),
                           ("fault", {"endpoint": "send", "verb": "x"}),
                           ("fault", {"endpoint": "send", "verb": "drop", "where": "x"}),
                           ("fault", {"endpoint": "send", "verb": "drop", "ms": 1}),
                           ("create_room", {"creator": "@no:fake.test"}), ("logout", {"usr": BOT}),
                           ("raw", {"json": "{}", "room": room, "where": "x"})]:
            c.check(fails(name, **args), f"refused: {name} {args}")
        plain = Client(hs.port)
        c.equal(plain.raw("GET", "/control/violations"), (200, b'{"ok": true, "violations": []}'), "GET")
        c.equal(plain.raw("POST", "/control/nothing", b"{}")[0], 400, "POST of what is not there")
        c.equal(json.loads(plain.raw("GET", f"/control/rooms?user={BOT}")[1])["join"], [room], "arguments")
        bot("GET", "/nowhere")
        c.equal([len(call("violations", clear=yes)["violations"]) for yes in (False, True, False)],
                [1, 1, 0], "violations are kept until they are cleared")
        # Waiting: true at once, in time, and not at all.
        c.check(call("wait", endpoint="login", requests=1, status=200)["ok"], "wait: at once")
        got = call("wait", timeout_s=0.02, room="r", bot_events=1, joined="r", left="r", violations=1,
                   connections=99, contains="x", endpoint="sync", requests=1, synced=True)
        c.equal((got["ok"], len(got["missing"])), (False, 7), "wait: not at all")
        result = []
        t = threading.Thread(target=lambda: result.append(
            call("wait", room="r", bot_events=2, contains="two", type="m.room.message")))
        t.start()
        bot.send(room, HI)
        bot.send(room, message(body="number two"))
        t.join()
        c.check(result[0]["ok"], "wait: in time", result)
        began = time.monotonic()
        bot("GET", "/account/whoami")
        c.check(call("wait", quiet_ms=40)["ok"] and time.monotonic() - began > 0.038, "wait: quiet")
        # The log has neither tokens nor passwords.
        bot.form("/oauth/revoke", {"token": bot.token})
        found(call)
        text = json.dumps(call("log"))
        c.check(bot.token not in text and '"pw"' not in text and "HIDDEN" in text, "secrets in the log")
        entry = call("log", endpoint="send")["requests"][0]
        c.equal((entry["method"], entry["path"], entry["params"]["roomId"], entry["user"], entry["device"],
                 entry["status"], entry["body"], entry["end"]),
                ("PUT", V3 + "/rooms/{roomId}/send/{eventType}/{txnId}", room, BOT, "DEV", 200, HI,
                 "answered"), "an entry")
        c.check(entry["connection"] >= 1 and entry["took"] >= 0 and entry["t"] > 0, "times", entry)
        n = call("counters")["counters"]
        c.equal((n["send"], n["login"]), (2, 1), "counters")
        events = call("transcript", room="r")["events"]
        c.equal([(e["content"]["body"], e["txn_id"]) for e in events],
                [("hi", "t1"), ("number two", "t2")], "transcript")
        # Two polls of one device.
        bot.token = None
        bot.login()
        since = bot.sync()[1]["next_batch"]
        t = threading.Thread(target=lambda: broke(lambda: bot.sync(since, timeout=9000)))
        t.start()
        call("wait", synced=True)
        c.equal((Client(hs.port, bot.token).sync(since)[0], found(call)),
                (200, ["two /sync of one device at the same time"]), "two polls")
        call("restart")
        t.join()


def main():
    c = Checks()
    for test in (test_shape, test_paths, test_denied, test_http, test_contents, test_login,
                 test_refresh, test_accounts, test_own_faults, test_oauth, test_discovery,
                 test_sync, test_filter, test_gaps, test_poison, test_order, test_membership,
                 test_upgrade, test_people, test_send, test_rates, test_media, test_faults,
                 test_restart, test_kill, test_control):
        test(c)
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
