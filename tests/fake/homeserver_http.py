"""homeserver_http.py - HTTP/1.1 for the double, with every way in which an answer can go wrong.

A connection reads one request after the other and gives it to the app, which answers with
Connection.answer(). The fault of an answer, if any, is a dict; homeserver.py lists the verbs.
When the peer goes, the task that serves it is cancelled: a long poll ends with its client.
"""
import asyncio
import email.utils
import gzip
import http
import re
import socket
import struct
import time
import urllib.parse
import zlib

HEAD_MAX = 65536
BODY_MAX = 64 << 20
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


class Gone(Exception):
    """The connection ends without an answer (or in the middle of it)."""


class Malformed(Exception):
    """What came is no HTTP request."""


class Request:
    def __init__(self, conn, method, target, headers, body):
        self.conn = conn
        self.method = method
        self.target = target
        self.path, _, self.query = target.partition("?")
        self.headers = headers  # [(lower case name, value)]
        self.body = body
        self.close = (self.header("connection") or "").lower() == "close"

    def header(self, name):
        """Its value; None if it is not there."""
        found = [v for n, v in self.headers if n == name]
        return found[0] if found else None

    def count(self, name):
        return sum(n == name for n, _ in self.headers)


class Response:
    def __init__(self, status, body=b"", headers=None, kind="application/json"):
        self.status = status
        self.body = body
        self.headers = {"Content-Type": kind} if kind else {}
        self.headers.update(headers or {})

    def head(self, length):
        try:
            phrase = http.HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {self.status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines.append(f"Date: {email.utils.formatdate(usegmt=True)}")
        lines.append("Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Connection(asyncio.Protocol):
    def __init__(self, app, number):
        self.app = app
        self.number = number
        self.buf = bytearray()
        self.more = asyncio.Event()
        self.drained = asyncio.Event()
        self.drained.set()
        self.transport = None
        self.task = None
        self.lost = False

    # --- asyncio.Protocol

    def connection_made(self, transport):
        self.transport = transport
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app.connections.add(self)
        self.task = asyncio.get_running_loop().create_task(self.run())

    def data_received(self, data):
        self.buf += data
        self.more.set()

    def connection_lost(self, exc):
        self.lost = True
        self.app.connections.discard(self)
        self.drained.set()
        self.task.cancel()

    def pause_writing(self):
        self.drained.clear()

    def resume_writing(self):
        self.drained.set()

    # --- reading

    async def run(self):
        try:
            while not self.lost:
                request = await self.read()
                if request is None:
                    break
                await self.app.serve(request)
                if request.close:
                    break
        except Malformed as e:
            self.app.malformed(self, str(e))
            self.write(Response(400, b"", {"Connection": "close"}, None).head(0))
        except (Gone, asyncio.CancelledError):
            pass
        finally:
            if not self.lost:
                self.transport.close()

    async def _fill(self):
        self.more.clear()
        await self.more.wait()

    async def _line_end(self, mark):
        while True:
            at = self.buf.find(mark)
            if at >= 0:
                break
            if len(self.buf) > HEAD_MAX:
                raise Malformed("endless head")
            await self._fill()
        data = bytes(self.buf[:at])
        del self.buf[:at + len(mark)]
        return data

    async def _exactly(self, n):
        if n > BODY_MAX:
            raise Malformed("endless body")
        while len(self.buf) < n:
            await self._fill()
        data = bytes(self.buf[:n])
        del self.buf[:n]
        return data

    async def read(self):
        head = (await self._line_end(b"\r\n\r\n")).split(b"\r\n")
        parts = head[0].split(b" ")
        if len(parts) != 3 or parts[2] != b"HTTP/1.1" or not TOKEN.match(parts[0]):
            raise Malformed(f"request line {head[0][:40]!r}")
        headers = []
        for line in head[1:]:
            name, colon, value = line.partition(b":")
            if not colon or not TOKEN.match(name):
                raise Malformed(f"header line {line[:20]!r}")
            headers.append((name.decode().lower(), value.strip(b" \t").decode("latin-1")))
        request = Request(self, parts[0].decode(), parts[1].decode("latin-1"), headers, b"")
        for name in ("host", "content-length", "transfer-encoding", "authorization", "content-type"):
            if request.count(name) > 1:
                raise Malformed(f"{name} twice")
        if not request.header("host"):
            raise Malformed("no Host")
        if not request.target.startswith("/"):
            raise Malformed("the target is no path")
        await self.read_body(request)
        return request

    async def read_body(self, request):
        length = request.header("content-length")
        coding = request.header("transfer-encoding")
        if coding is not None and (length is not None or coding.lower() != "chunked"):
            raise Malformed("body with two lengths, or an unknown coding")
        if length is not None and not (length.isascii() and length.isdigit()):
            raise Malformed("Content-Length is no number")
        if (request.header("expect") or "").lower() == "100-continue":
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if coding is not None:
            body = b""
            while True:
                size = int((await self._line_end(b"\r\n")).split(b";")[0], 16)
                if size == 0:
                    await self._line_end(b"\r\n")
                    break
                body += await self._exactly(size)
                await self._exactly(2)
            request.body = body
        elif length is not None:
            request.body = await self._exactly(int(length))

    # --- writing

    def write(self, data):
        if not self.lost:
            self.transport.write(data)

    def abort(self, reset=False):
        """Ends the connection now; reset: with RST, as a firewall or a crash would."""
        if reset and not self.lost:
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    async def send(self, data):
        if self.lost:
            raise Gone()
        self.transport.write(data)
        await self.drained.wait()

    async def hang(self):
        """Until the peer goes or the server stops."""
        await asyncio.Event().wait()

    async def drop(self, fault):
        # What was written goes out first, unless it is a reset.
        if fault.get("reset"):
            while self.transport.get_write_buffer_size():
                await asyncio.sleep(0)
            self.abort(reset=True)
        else:
            self.transport.close()
        raise Gone()

    async def answer(self, response, fault=None):
        fault = fault or {}
        verb = fault.get("verb")
        head = response.head(len(response.body))
        if verb in ("drop", "hang"):
            where = fault["where"]
            body = response.body
            if where == "mid_headers":
                await self.send(head[:len(head) // 2])
            elif where == "headers":
                await self.send(head)
            elif where == "body":
                await self.send(head + body[:len(body) // 2])
            if verb == "hang":
                await self.hang()
            await self.drop(fault)
        elif verb == "drip":
            await self.drip(head + response.body, fault)
        elif verb == "bomb":
            await self.bomb(fault["mb"], fault["gzip"])
        else:
            await self.send(head + response.body)

    async def drip(self, data, fault):
        for at in range(0, len(data), fault["bytes"]):
            await self.send(data[at:at + fault["bytes"]])
            await asyncio.sleep(fault["pause_ms"] / 1000)

    async def bomb(self, mb, zipped):
        """An object that begins well and goes on as spaces, mb of them."""
        response = Response(200, headers={"Content-Encoding": "gzip"} if zipped else None)
        await self.send(response.head(None))
        begin, block = b'{"next_batch":', b" " * (1 << 20)
        if zipped:
            # A block that ends with a full flush can be repeated as it is.
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            begin = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packer.compress(begin) + packer.flush(
                zlib.Z_FULL_FLUSH)
            block = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
        await self.send(chunk(begin))
        for _ in range(mb):
            if self.transport.is_closing():
                return
            await self.send(chunk(block))
        await self.send(b"0\r\n\r\n")


def chunk(data):
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def broken_gzip(body):
    """The right beginning, and then other bytes."""
    packed = bytearray(gzip.compress(body, mtime=0))
    for i in range(len(packed) // 2, len(packed)):
        packed[i] ^= 0x5A
    return bytes(packed)


def retry_headers(form, seconds):
    """The headers of a 429 and the fields of its body, in one of the forms servers use."""
    headers, fields = {}, {}
    if form in ("seconds", "both"):
        headers["Retry-After"] = str(max(0, -(-int(seconds * 1000) // 1000)))
    elif form == "date":
        headers["Retry-After"] = email.utils.formatdate(time.time() + seconds, usegmt=True)
    if form in ("ms", "both"):
        fields["retry_after_ms"] = int(seconds * 1000)
    return headers, fields


def percent_decode(text):
    """None if it is not UTF-8 in good percent-encoding."""
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        return None
    try:
        return urllib.parse.unquote(text, errors="strict")
    except UnicodeDecodeError:
        return None
