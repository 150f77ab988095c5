"""botapi_faults.py - what goes wrong on the way, on order.

A fault is chosen before a call is carried out, by method ("*": any) and chat. kinds:

  not carried out:  hang, reset_before, html_502, error, garbage
  carried out, then: hang_after_effect, reset_after_effect, html_502_after_effect, half_close,
                    drip, delay, truncated_json, short_body, big, endless, gzip, gzip_bomb,
                    body
  for getUpdates:   duplicate, reorder

times (1; -1 is for ever), after (calls that pass first), for_s (seconds of the clock); ms and
chunk for drip and delay, body_size for big and gzip_bomb, mb for endless, error_code, description, parameters
and retry_after for error, close: "fin" for reset_after_effect, body or body_base64 for body.
Names that cannot be resolved and TLS that fails need no double: the address does it.
"""
import base64
import gzip
import json
import zlib

HTML = (b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
        b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n"
        b"</body>\r\n</html>\r\n")
BEFORE = ("hang", "reset_before", "html_502", "error", "garbage")
AFTER = ("hang_after_effect", "reset_after_effect", "html_502_after_effect", "half_close", "drip",
         "delay", "truncated_json", "short_body", "big", "endless", "gzip", "gzip_bomb", "body")
UPDATES = ("duplicate", "reorder")
TEXTS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
         409: "Conflict", 413: "Request Entity Too Large", 429: "Too Many Requests",
         500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
         504: "Gateway Timeout"}


class Answer:
    """What a method gives back: a status, a JSON body, headers beside the usual ones."""
    __slots__ = ("status", "body", "headers")

    def __init__(self, status, body, headers=()):
        self.status, self.body, self.headers = status, body, list(headers)


def ok(result, description=None):
    """result: JSON as bytes."""
    if description:
        return Answer(200, b'{"ok":true,"result":%s,"description":%s}' % (
            result, json.dumps(description).encode()))
    return Answer(200, b'{"ok":true,"result":%s}' % result)


def fail(code, description, parameters=None):
    body = {"ok": False, "error_code": code, "description": description}
    headers = []
    if parameters:
        body["parameters"] = parameters
        if "retry_after" in parameters:
            headers.append(("Retry-After", str(parameters["retry_after"])))
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Answer(code, text.encode(), headers)


def too_many(seconds):
    return fail(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


class Fault:
    """Raises ValueError for an order that cannot be carried out."""
    FIELDS = {"method", "chat", "times", "after", "for_s", "fault", "error_code", "description",
              "parameters", "retry_after", "body_size", "gzip_bomb", "mb", "ms", "chunk", "body",
              "body_base64", "close"}

    def __init__(self, order, now):
        unknown = set(order) - self.FIELDS
        self.kind = order.get("fault", "gzip_bomb" if order.get("gzip_bomb") else None)
        if unknown or self.kind not in BEFORE + AFTER + UPDATES:
            raise ValueError(f"fault {self.kind!r}, unknown fields {sorted(unknown)}")
        self.order = order
        self.method = order.get("method", "*")
        self.chat = order.get("chat")
        self.left = order.get("times", -1 if "for_s" in order else 1)  # -1: for ever
        self.skip = order.get("after", 0)
        self.until = now + order["for_s"] if "for_s" in order else None
        self.done = 0

    def fits(self, method, params, now):
        if self.left == 0 or self.method.lower() not in ("*", method.lower()):
            return False
        if self.chat is not None and params.get("chat_id") != self.chat:
            return False
        if self.until is not None and now >= self.until:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.left -= self.left > 0
        self.done += 1
        return True

    def record(self):
        return dict(self.order, done=self.done, left=self.left)

    def before(self, conn):
        """Has it answered (or will never)?"""
        o = self.order
        if self.kind == "hang":
            conn.hang()
        elif self.kind == "reset_before":
            conn.reset()
        elif self.kind == "html_502":
            conn.reply(502, HTML, [("Content-Type", "text/html")])
        elif self.kind == "garbage":
            conn.raw(b"\x15\x03\x03\x00\x02\x02\x28" * 8)
            conn.close()
        elif self.kind == "error":
            conn.answer(self.error(o))
        else:
            return False
        return True

    @staticmethod
    def error(o):
        code = o.get("error_code", 429 if "retry_after" in o else 400)
        parameters = dict(o.get("parameters") or {})
        if "retry_after" in o:
            parameters["retry_after"] = o["retry_after"]
        text = o.get("description")
        if text is None and code == 429 and "retry_after" in parameters:
            text = f"Too Many Requests: retry after {parameters['retry_after']}"
        return fail(code, text or TEXTS.get(code, "Error"), parameters)

    def after(self, conn, a):
        """The method was carried out and said a."""
        o, body = self.order, a.body
        if self.kind == "hang_after_effect":
            conn.hang()
        elif self.kind == "reset_after_effect":
            conn.reset() if o.get("close", "rst") == "rst" else conn.close()
        elif self.kind == "html_502_after_effect":
            conn.reply(502, HTML, [("Content-Type", "text/html")])
        elif self.kind == "half_close":
            conn.half_close()
        elif self.kind == "drip":
            conn.drip(conn.head(a.status, len(body), a.headers) + body, o.get("ms", 10),
                      o.get("chunk", 1))
        elif self.kind == "delay":
            conn.later(o.get("ms", 100), a)
        elif self.kind == "truncated_json":
            conn.reply(a.status, body[:len(body) // 2], a.headers)
        elif self.kind == "short_body":
            conn.raw(conn.head(a.status, len(body), a.headers) + body[:len(body) // 2])
            conn.close()
        elif self.kind == "big":
            conn.reply(a.status, padded(body, o.get("body_size", 8 << 20)), a.headers)
        elif self.kind == "endless":
            conn.endless(conn.head(a.status, o.get("mb", 10_000) << 20, a.headers), body[:-1])
        elif self.kind == "gzip":
            conn.reply(a.status, gzip.compress(body), a.headers + [("Content-Encoding", "gzip")])
        elif self.kind == "gzip_bomb":
            conn.reply(a.status, bomb(body, o.get("body_size", 64 << 20)),
                       a.headers + [("Content-Encoding", "gzip")])
        elif self.kind == "body":
            raw = o.get("body", "").encode()
            if "body_base64" in o:
                raw = base64.b64decode(o["body_base64"])
            conn.reply(o.get("error_code", a.status), raw, a.headers)
        else:
            conn.answer(a)


def padded(body, size):
    """The same JSON object with one more member, at least size bytes long."""
    return body[:-1] + b',"padding":"' + b"x" * max(0, size - len(body)) + b'"}'


def bomb(body, size):
    """Gzip of the JSON with size spaces behind it; made piece by piece."""
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    out, piece = [z.compress(body)], b" " * (1 << 20)
    for _ in range(-(-size // len(piece))):
        out.append(z.compress(piece))
    out.append(z.flush())
    return b"".join(out)


class Faults:
    def __init__(self, clock):
        self.clock = clock
        self.list = []

    def add(self, order):
        self.list.append(Fault(order, self.clock.now()))

    def clear(self):
        self.list.clear()

    def match(self, method, params):
        if not self.list:
            return None
        now = self.clock.now()
        return next((f for f in self.list if f.fits(method, params, now)), None)
