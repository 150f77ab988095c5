"""botapi_http.py - HTTP/1.1 for the double: keep-alive, pipelining, and misbehaving on order."""
import asyncio
import json
import socket
import struct
import urllib.parse
from email.utils import formatdate

from botapi_faults import TEXTS
from botapi_schema import File

HEAD_MAX = 65536
BODY_MAX = 64 << 20
SPACES = b" " * (1 << 20)
REASONS = {**TEXTS, 200: "OK", 405: "Method Not Allowed"}


class BadRequest(Exception):
    """Its text says what a client may not do."""


class Request:
    """lines: the header lines as they came."""
    __slots__ = ("method", "path", "query", "headers", "lines", "body", "conn")

    def __init__(self, method, target, headers, lines, conn):
        self.method, self.headers, self.lines, self.conn = method, headers, lines, conn
        self.path, _, self.query = target.partition("?")
        self.body = b""


def parse_head(head, conn):
    lines = head.decode("latin-1").split("\r\n")
    try:
        method, target, version = lines[0].split(" ")
    except ValueError:
        raise BadRequest("request line") from None
    if version not in ("HTTP/1.1", "HTTP/1.0") or not target.startswith("/"):
        raise BadRequest("request line")
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest(f"header {line!r}")
        headers[name.lower()] = value.strip()
    return Request(method, target, headers, head.partition(b"\r\n")[2], conn)


class Connection(asyncio.Protocol):
    """One client. handle(request) must end in exactly one of reply ... hang."""

    def __init__(self, server):
        self.server = server
        self.buf = bytearray()
        self.busy = self.inside = self.lost = False
        self.transport = None
        self.on_lost = None
        self.requests = 0

    def connection_made(self, transport):
        self.transport = transport
        self.id = self.server.connected(self)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connection_lost(self, exc):
        self.lost = True
        self.server.disconnected(self)
        if self.on_lost:
            self.on_lost(self)

    def data_received(self, data):
        self.buf += data
        if not self.busy:
            self.advance()

    def eof_received(self):
        return False

    def advance(self):
        self.inside = True
        try:
            while not self.busy and not self.lost:
                request = self.parse()
                if request is None:
                    break
                self.busy = True
                self.requests += 1
                self.server.handle(request)
        except BadRequest as e:
            self.busy = True
            self.server.violation("http", [str(e)])
            self.reply(400, b"", [("Connection", "close")])
            self.close()
        finally:
            self.inside = False

    def parse(self):
        """The next whole request, or None."""
        end = self.buf.find(b"\r\n\r\n")
        if end < 0:
            if len(self.buf) > HEAD_MAX:
                raise BadRequest("endless head")
            return None
        r = parse_head(bytes(self.buf[:end]), self)
        if r.headers.get("expect", "").lower() == "100-continue" and len(self.buf) == end + 4:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "transfer-encoding" in r.headers:
            rest = self.chunked(end + 4, r)
        else:
            length = r.headers.get("content-length", "0")
            if not length.isdigit() or int(length) > BODY_MAX:
                raise BadRequest(f"Content-Length {length!r}")
            rest = end + 4 + int(length)
            if len(self.buf) < rest:
                return None
            r.body = bytes(self.buf[end + 4:rest])
        if rest is None:
            return None
        del self.buf[:rest]
        return r

    def chunked(self, at, r):
        """Where the body ends, or None when it is not all there."""
        if r.headers["transfer-encoding"].lower() != "chunked":
            raise BadRequest("Transfer-Encoding")
        parts = []
        while True:
            line = self.buf.find(b"\r\n", at)
            if line < 0:
                return None
            try:
                size = int(bytes(self.buf[at:line]).split(b";")[0], 16)
            except ValueError:
                raise BadRequest("chunk size") from None
            if len(self.buf) < line + 4 + size:
                return None
            parts.append(bytes(self.buf[line + 2:line + 2 + size]))
            at = line + 4 + size
            if size == 0:
                r.body = b"".join(parts)
                return at

    # --- answering

    def head(self, status, length, headers=()):
        out = (f"HTTP/1.1 {status} {REASONS.get(status, 'Unknown')}\r\nServer: nginx/1.18.0\r\n"
               f"Date: {formatdate(self.server.world.clock.now(), usegmt=True)}\r\n"
               f"Content-Length: {length}\r\n")
        if not any(name == "Content-Type" for name, _ in headers):
            out += "Content-Type: application/json\r\n"
        if not any(name == "Connection" for name, _ in headers):
            out += "Connection: keep-alive\r\n"
        for name, value in headers:
            out += f"{name}: {value}\r\n"
        return out.encode("latin-1") + b"\r\n"

    def reply(self, status, body, headers=()):
        if not self.lost:
            self.transport.write(self.head(status, len(body), headers) + body)
        self.next()

    def answer(self, a):
        self.reply(a.status, a.body, a.headers)

    def next(self):
        self.busy = False
        if not self.inside and self.buf:
            self.advance()

    def raw(self, data):
        if not self.lost:
            self.transport.write(data)

    def later(self, ms, a):
        self.server.loop.call_later(ms / 1000, self.answer, a)

    def drip(self, data, ms, chunk):
        if self.lost:
            return
        self.transport.write(data[:chunk])
        if len(data) <= chunk:
            self.next()
        else:
            self.server.loop.call_later(ms / 1000, self.drip, data[chunk:], ms, chunk)

    def endless(self, head, begin):
        """Spaces, as fast as the client takes them, until it goes."""
        if not self.lost:
            self.transport.write(head + begin)
            self.more()

    def more(self):
        if self.lost or self.transport.is_closing():
            return
        if self.transport.get_write_buffer_size() < len(SPACES):
            self.transport.write(SPACES)
        self.server.loop.call_later(0.001, self.more)

    def hang(self):
        """Never answers; stays busy until the client goes."""

    def half_close(self):
        if not self.lost:
            self.transport.write_eof()

    def close(self):
        self.transport.close()

    def reset(self):
        """RST, so that the client sees an error and not an end."""
        if not self.lost:
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()


def parameters(r, bad):
    """(params, typed): typed is false when they are all texts."""
    params = {}
    if r.query:
        params.update(form(r.query, bad))
    kind = r.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not r.body:
        return params, False
    if kind == "application/json":
        try:
            body = json.loads(r.body, object_pairs_hook=once, parse_constant=constant)
        except (ValueError, RecursionError) as e:
            bad.append(f"body is not JSON: {e}")
            return params, True
        if not isinstance(body, dict):
            bad.append("body is not a JSON object")
            return params, True
        if params:
            bad.append("parameters in the address and in a JSON body")
        return body, True
    if kind == "application/x-www-form-urlencoded":
        try:
            params.update(form(r.body.decode("ascii"), bad))
        except UnicodeDecodeError:
            bad.append("form is not ASCII")
    elif kind == "multipart/form-data":
        params.update(multipart(r, bad))
    else:
        bad.append(f"a body of type {kind!r}")
    return params, False


def once(pairs):
    obj = dict(pairs)
    if len(obj) != len(pairs):
        raise ValueError("a name twice in one object")
    return obj


def constant(name):
    raise ValueError(f"{name} is not JSON")


def form(text, bad):
    try:
        pairs = urllib.parse.parse_qsl(text, keep_blank_values=True, errors="strict",
                                       strict_parsing=True)
    except (ValueError, UnicodeDecodeError) as e:
        bad.append(f"form: {e}")
        return {}
    if len({name for name, _ in pairs}) != len(pairs):
        bad.append("form: a name twice")
    return dict(pairs)


def multipart(r, bad):
    """Every part, strictly: what a lenient parser would guess is an error here."""
    fields = fields_of(r.headers["content-type"])
    boundary = fields.get("boundary", "")
    if not 1 <= len(boundary) <= 70:
        bad.append("multipart: no boundary")
        return {}
    mark = b"\r\n--" + boundary.encode("latin-1")
    pieces = (b"\r\n" + r.body).split(mark)
    if pieces[0] != b"" or pieces[-1].strip() != b"--":
        bad.append("multipart: does not begin or end with its boundary")
        return {}
    params = {}
    for piece in pieces[1:-1]:
        head, _, data = piece.partition(b"\r\n\r\n")
        headers = {}
        for line in head.decode("utf-8", "replace").split("\r\n")[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        given = fields_of(headers.get("content-disposition", ""))
        name = given.get("name")
        if given.get("") != "form-data" or not name or name in params:
            bad.append(f"multipart: Content-Disposition of part {name!r}")
        elif "filename" in given:
            params[name] = File(given["filename"], headers.get("content-type"), data)
        else:
            try:
                params[name] = data.decode()
            except UnicodeDecodeError:
                bad.append(f"{name}: strings must be encoded in UTF-8")
    return params


def fields_of(header):
    """'form-data; name="a"' as {"": "form-data", "name": "a"}."""
    out, rest = {}, header
    first, _, rest = rest.partition(";")
    out[""] = first.strip().lower()
    while rest.strip():
        name, _, rest = rest.partition("=")
        rest = rest.lstrip()
        if rest.startswith('"'):
            value, i = "", 1
            while i < len(rest) and rest[i] != '"':
                i += rest[i] == "\\" and i + 1 < len(rest)
                value += rest[i]
                i += 1
            rest = rest[i + 1:].lstrip().removeprefix(";")
        else:
            value, _, rest = rest.partition(";")
        out[name.strip().lower()] = value.strip() if not value.startswith(" ") else value
    return out
