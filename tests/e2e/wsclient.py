#!/usr/bin/env python3
"""wsclient.py - a small strict WebSocket client (RFC 6455), of the standard library alone.

Strict: whatever a server may not do raises ProtocolError. One connection, blocking, with
timeouts. Run as a program it tests itself against a scripted server.
"""
import base64
import hashlib
import json
import os
import socket
import struct
import time

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUED, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


class ProtocolError(Exception):
    pass


class Closed(Exception):
    """The connection ended; code is the server's, or 1006 without a close frame."""

    def __init__(self, code, reason=""):
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Refused(Exception):
    """The handshake was answered with another status than 101."""

    def __init__(self, status, body=b""):
        super().__init__(f"{status} {body[:200]!r}")
        self.status = status
        self.body = body


def _mask(data, key):
    n = len(data)
    pad = (key * (n // 4 + 1))[:n]
    return (int.from_bytes(data, "big") ^ int.from_bytes(pad, "big")).to_bytes(n, "big")


class WebSocket:
    def __init__(self, port, path="/ws", host="127.0.0.1", subprotocol="credbot.v1",
                 cookie=None, origin=None, headers=(), timeout=10.0, connect=True):
        self.host, self.port, self.path = host, port, path
        self.subprotocol = subprotocol
        self.cookie = cookie
        self.origin = origin if origin is not None else f"http://{host}:{port}"
        self.headers = list(headers)
        self.timeout = timeout
        self.sock = None
        self.buf = b""
        self.closed = None
        if connect:
            self.connect()

    # --- handshake

    def connect(self):
        self.sock = socket.create_connection((self.host, self.port), timeout=self.timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.handshake()

    def handshake(self):
        key = base64.b64encode(os.urandom(16))
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {self.host}:{self.port}",
                 "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key.decode()}", "Sec-WebSocket-Version: 13"]
        if self.origin:
            lines.append(f"Origin: {self.origin}")
        if self.subprotocol:
            lines.append(f"Sec-WebSocket-Protocol: {self.subprotocol}")
        if self.cookie:
            lines.append(f"Cookie: credbot={self.cookie}")
        lines += self.headers
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        got = {}
        for line in head[1:]:
            if line:
                name, value = line.split(":", 1)
                got[name.strip().lower()] = value.strip()
        if status != 101:
            body = self._exactly(int(got.get("content-length", 0)))
            self.sock.close()
            raise Refused(status, body)
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        if got.get("upgrade", "").lower() != "websocket":
            raise ProtocolError("no Upgrade: websocket")
        if "upgrade" not in got.get("connection", "").lower():
            raise ProtocolError("no Connection: Upgrade")
        if got.get("sec-websocket-accept") != accept:
            raise ProtocolError("wrong Sec-WebSocket-Accept")
        if got.get("sec-websocket-protocol") != self.subprotocol:
            raise ProtocolError("wrong subprotocol")
        if "sec-websocket-extensions" in got:
            raise ProtocolError("an extension that was not asked for")

    # --- bytes

    def _more(self):
        try:
            data = self.sock.recv(65536)
        except socket.timeout:
            raise TimeoutError("nothing came") from None
        except OSError:
            data = b""
        if not data:
            self.closed = self.closed or 1006
            raise Closed(self.closed)
        self.buf += data

    def _exactly(self, n):
        while len(self.buf) < n:
            self._more()
        data, self.buf = self.buf[:n], self.buf[n:]
        return data

    def _until(self, mark):
        while mark not in self.buf:
            if len(self.buf) > 65536:
                raise ProtocolError("endless head")
            self._more()
        head, self.buf = self.buf.split(mark, 1)
        return head

    # --- frames

    def send_frame(self, opcode, data=b"", fin=True, masked=True, rsv=0):
        n = len(data)
        head = bytes([(0x80 if fin else 0) | rsv | opcode])
        bit = 0x80 if masked else 0
        if n < 126:
            head += bytes([bit | n])
        elif n < 65536:
            head += bytes([bit | 126]) + struct.pack(">H", n)
        else:
            head += bytes([bit | 127]) + struct.pack(">Q", n)
        if masked:
            key = os.urandom(4)
            head += key
            data = _mask(data, key) if n else b""
        try:
            self.sock.sendall(head + data)
        except OSError:
            raise Closed(self.closed or 1006) from None

    def _frame(self):
        # Peek first: a timeout in between must not lose bytes.
        while len(self.buf) < 2:
            self._more()
        b0, b1 = self.buf[0], self.buf[1]
        if b0 & 0x70:
            raise ProtocolError("reserved bit")
        if b1 & 0x80:
            raise ProtocolError("a server must not mask")
        n, at = b1 & 0x7F, 2
        if n == 126:
            while len(self.buf) < 4:
                self._more()
            n, at = struct.unpack(">H", self.buf[2:4])[0], 4
            if n < 126:
                raise ProtocolError("length is not minimal")
        elif n == 127:
            while len(self.buf) < 10:
                self._more()
            n, at = struct.unpack(">Q", self.buf[2:10])[0], 10
            if n < 65536:
                raise ProtocolError("length is not minimal")
        while len(self.buf) < at + n:
            self._more()
        data, self.buf = self.buf[at:at + n], self.buf[at + n:]
        return bool(b0 & 0x80), b0 & 0x0F, data

    # --- messages

    def recv(self, timeout=None):
        """The next text message. Answers pings; raises Closed at the end."""
        parts = None
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            self.sock.settimeout(max(0.001, end - time.monotonic()))
            fin, opcode, data = self._frame()
            if opcode >= 8 and (not fin or len(data) > 125):
                raise ProtocolError("bad control frame")
            if opcode == PING:
                self.send_frame(PONG, data)
            elif opcode == PONG:
                continue
            elif opcode == CLOSE:
                if len(data) == 1:
                    raise ProtocolError("half a close code")
                code = struct.unpack(">H", data[:2])[0] if data else 1005
                reason = data[2:].decode("utf-8")
                self.closed = code
                try:
                    self.send_frame(CLOSE, data[:2])
                except Closed:
                    pass
                self.sock.close()
                raise Closed(code, reason)
            elif opcode == CONTINUED:
                if parts is None:
                    raise ProtocolError("continues nothing")
                parts.append(data)
                if fin:
                    return b"".join(parts).decode("utf-8")
            elif opcode == TEXT:
                if parts is not None:
                    raise ProtocolError("a message inside of another")
                if fin:
                    return data.decode("utf-8")
                parts = [data]
            else:
                raise ProtocolError(f"opcode {opcode}")

    def send(self, text):
        self.send_frame(TEXT, text.encode())

    def send_json(self, **msg):
        self.send(json.dumps(msg))

    def recv_json(self, timeout=None):
        return json.loads(self.recv(timeout))

    def close(self, code=1000):
        """Says goodbye and waits for the answer; the server's code."""
        try:
            self.send_frame(CLOSE, struct.pack(">H", code))
            while True:
                self.recv(timeout=5)
        except Closed as e:
            return e.code
        except (OSError, TimeoutError):
            return 1006
        finally:
            self.sock.close()

    def drop(self):
        """As if the network had gone."""
        self.sock.close()


def _self_test():
    import threading
    from lib.daemon import Checks

    checks = Checks()
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    def serve(script):
        sock, _ = server.accept()
        data = b""
        while b"\r\n\r\n" not in data:
            data += sock.recv(4096)
        key = [l.split(b": ")[1] for l in data.split(b"\r\n") if l.startswith(b"Sec-WebSocket-Key")]
        accept = base64.b64encode(hashlib.sha1(key[0] + GUID).digest())
        script(sock, accept)
        sock.close()

    def head(accept, protocol=b"credbot.v1"):
        return (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept +
                b"\r\nSec-WebSocket-Protocol: " + protocol + b"\r\n\r\n")

    def run(script, use):
        t = threading.Thread(target=serve, args=(script,))
        t.start()
        try:
            return use()
        except Exception as e:  # the kind is the result
            return type(e).__name__
        finally:
            t.join()

    def first():
        return WebSocket(port, timeout=2).recv()

    rows = [
        ("text", b"\x81\x02hi", "hi"),
        ("parts", b"\x01\x01h\x89\x00\x80\x01i", "hi"),
        ("long", b"\x81\x7e\x00\x80" + b"x" * 128, "x" * 128),
        ("masked", b"\x81\x82abcdhi", "ProtocolError"),
        ("reserved bit", b"\xc1\x02hi", "ProtocolError"),
        ("not minimal", b"\x81\x7e\x00\x02hi", "ProtocolError"),
        ("opcode", b"\x83\x00", "ProtocolError"),
        ("not UTF-8", b"\x81\x01\xff", "UnicodeDecodeError"),
        ("continues nothing", b"\x80\x01x", "ProtocolError"),
        ("close", b"\x88\x02\x03\xe9", "Closed"),
        ("end", b"", "Closed"),
    ]
    for what, frames, want in rows:
        got = run(lambda sock, accept, f=frames: sock.sendall(head(accept) + f), first)
        checks.equal(got, want, what)
    checks.equal(run(lambda sock, accept: sock.sendall(head(b"x")), first), "ProtocolError",
                 "accept")
    checks.equal(run(lambda sock, accept: sock.sendall(head(accept, b"other")), first),
                 "ProtocolError", "subprotocol")
    checks.equal(run(lambda sock, accept: sock.sendall(
        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"), first), "Refused", "refused")
    checks.equal(_mask(b"hello", b"\x01\x02\x03\x04"), bytes(
        c ^ k for c, k in zip(b"hello", b"\x01\x02\x03\x04\x01")), "mask")
    return checks.end()


if __name__ == "__main__":
    import sys
    sys.exit(_self_test())
