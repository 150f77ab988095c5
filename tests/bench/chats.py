#!/usr/bin/env python3
"""chats.py - opens many web chats and measures how long answers take.

  --chats N      open chats (1000)           --rate R        messages a second and chat (1)
  --seconds S    how long they talk (60)     --processes P   of this client (2)
  --connect N    new chats a second (200)    --text TEXT     what they say; {} is a number
  --port PORT    measures a running daemon instead of starting one (no RSS then)
  --json         one line of JSON

An answer's time is from the write of the message to the arrival of the bot's line, as this
client sees it: its own work and waiting are in it. How late its event loop is, is printed
as "client lag"; when that is not small against the answers, add processes or cores.
"""
import argparse
import asyncio
import base64
import hashlib
import json
import multiprocessing
import os
import random
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))

from lib.daemon import Daemon  # noqa: E402

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PATIENCE_S = 10  # an answer that takes longer is an error


class Chat:
    """One student: a cookie, a WebSocket, messages by the clock."""

    def __init__(self, args, n):
        self.args, self.n = args, n
        self.times, self.errors = [], []
        self.sent = {}     # id -> when
        self.seqs = []     # (seq, id) of taken messages that wait for their answer
        self.reader = self.writer = None

    async def page(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.args.port)
        writer.write(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{self.args.port}\r\n"
                     "Connection: close\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        return head.split(b"Set-Cookie: credbot=")[1][:26].decode()

    async def open(self):
        cookie = await self.page()
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.args.port)
        key = base64.b64encode(os.urandom(16))
        self.writer.write((
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{self.args.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key.decode()}\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:{self.args.port}\r\n"
            f"Sec-WebSocket-Protocol: credbot.v1\r\nCookie: credbot={cookie}\r\n\r\n").encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        if base64.b64encode(hashlib.sha1(key + GUID).digest()) not in head:
            raise ConnectionError(head[:40].decode())
        self.send({"t": "hello", "seen": 0})
        while (await self.recv())["t"] != "ready":
            pass

    def send(self, msg):
        data = json.dumps(msg).encode()
        n = len(data)
        head = bytes([0x81, 0x80 | n]) if n < 126 else struct.pack(">BBH", 0x81, 0xFE, n)
        self.writer.write(head + b"\0\0\0\0" + data)  # the zero mask is a mask

    async def recv(self):
        while True:
            b0, n = await self.reader.readexactly(2)
            if n == 126:
                n, = struct.unpack(">H", await self.reader.readexactly(2))
            elif n == 127:
                n, = struct.unpack(">Q", await self.reader.readexactly(8))
            data = await self.reader.readexactly(n)
            if b0 == 0x81:
                return json.loads(data)
            if b0 == 0x89:
                self.writer.write(bytes([0x8A, 0x80 | n]) + b"\0\0\0\0" + data)
            elif b0 == 0x88:
                raise ConnectionError(f"closed {data[:2].hex()}")

    async def listen(self):
        while True:
            m = await self.recv()
            now = time.perf_counter()
            if m["t"] == "took":
                self.seqs.append((m["seq"], m["id"]))
            elif m["t"] == "line" and not m["mine"] and self.seqs and m["seq"] > self.seqs[0][0]:
                self.times.append(now - self.sent.pop(self.seqs.pop(0)[1]))
            elif m["t"] in ("later", "no"):
                self.sent.pop(m["id"], None)
                self.errors.append(m["t"])

    async def speak(self, start):
        period = 1 / self.args.rate
        at = start + random.random() * period
        k = 0
        while at < start + self.args.seconds:
            await asyncio.sleep(max(0, at - time.perf_counter()))
            i = f"b{self.n}-{k}"
            self.sent[i] = time.perf_counter()
            self.send({"t": "say", "id": i, "text": self.args.text.replace("{}", str(k))})
            k += 1
            at += period
        return k


async def watch_lag(lags):
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        lags.append(time.perf_counter() - before - 0.01)


async def run_part(args, part, barrier):
    chats = [Chat(args, n) for n in range(part, args.chats, args.processes)]
    failed = []
    for n, chat in enumerate(chats):
        try:
            await chat.open()
        except (OSError, EOFError, ConnectionError, IndexError) as e:
            failed.append(f"open: {e!r}")
        await asyncio.sleep(args.processes / args.connect)
    chats = [c for c in chats if c.writer is not None and not c.writer.is_closing()]
    listeners = [asyncio.create_task(c.listen()) for c in chats]
    await asyncio.to_thread(barrier.wait)
    lags = []
    lag = asyncio.create_task(watch_lag(lags))
    cpu = time.process_time()
    counts = await asyncio.gather(*(c.speak(time.perf_counter()) for c in chats),
                                  return_exceptions=True)
    cpu = time.process_time() - cpu
    end = time.perf_counter() + PATIENCE_S
    while any(c.sent for c in chats) and time.perf_counter() < end:
        await asyncio.sleep(0.05)
    lag.cancel()
    for t in listeners:
        if t.done() and not t.cancelled():
            failed.append(f"connection: {t.exception()!r}")
        t.cancel()
    for c in chats:
        failed += c.errors + ["no answer"] * len(c.sent)
        c.writer.close()
    failed += [repr(n) for n in counts if not isinstance(n, int)]
    return {"open": len(chats), "sent": sum(n for n in counts if isinstance(n, int)),
            "times": [t for c in chats for t in c.times], "errors": failed, "lags": lags,
            "cpu": cpu / args.seconds}


def work(args, part, barrier, queue):
    queue.put(asyncio.run(run_part(args, part, barrier)))


def at(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] * 1000 if values else 0.0


def measure(args, daemon):
    barrier = multiprocessing.Barrier(args.processes + 1)
    queue = multiprocessing.Queue()
    parts = [multiprocessing.Process(target=work, args=(args, n, barrier, queue))
             for n in range(args.processes)]
    for p in parts:
        p.start()
    barrier.wait()
    idle_mb = daemon.rss_mb() if daemon else 0
    cpu = cpu_of(daemon)
    time.sleep(args.seconds)
    cpu = (cpu_of(daemon) - cpu) / args.seconds
    rss_mb = daemon.rss_mb() if daemon else 0
    results = [queue.get() for _ in parts]
    for p in parts:
        p.join()
    times = [t for r in results for t in r["times"]]
    lags = [t for r in results for t in r["lags"]]
    errors = [e for r in results for e in r["errors"]]
    return {
        "chats": sum(r["open"] for r in results), "sent": sum(r["sent"] for r in results),
        "answered": len(times), "errors": len(errors),
        "p50_ms": round(at(times, 0.5), 2), "p99_ms": round(at(times, 0.99), 2),
        "max_ms": round(at(times, 1), 2), "rss_mb": round(rss_mb, 1),
        "rss_idle_mb": round(idle_mb, 1), "daemon_cpu": round(cpu, 2),
        "client_cpu": round(sum(r["cpu"] for r in results), 2),
        "client_lag_p50_ms": round(at(lags, 0.5), 2), "client_lag_p99_ms": round(at(lags, 0.99), 2),
    }, errors


def cpu_of(daemon):
    """Seconds of CPU that the daemon has used."""
    if daemon is None:
        return 0
    with open(f"/proc/{daemon.process.pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--chats", type=int, default=1000)
    p.add_argument("--seconds", type=float, default=60)
    p.add_argument("--rate", type=float, default=1)
    p.add_argument("--connect", type=float, default=200)
    p.add_argument("--processes", type=int, default=2)
    p.add_argument("--text", default="What is a micro-credential? ({})")
    p.add_argument("--port", type=int)
    p.add_argument("--json", action="store_true")
    args = p.parse_args()
    daemon = None
    try:
        if args.port is None:
            daemon = Daemon({
                "chat.flood_burst": 1000, "chat.flood_refill_ms": 1, "chat.debounce_ms": 0,
                "web.max_connections": 3 * args.chats + 100,
                "web.max_per_address": 3 * args.chats + 100}).start().wait()
            args.port = daemon.port
        result, errors = measure(args, daemon)
    finally:
        if daemon:
            daemon.close()
    if args.json:
        print(json.dumps(result))
        return 0
    r = result
    print(f"chats={r['chats']} sent={r['sent']} answered={r['answered']} errors={r['errors']}")
    print(f"answer: p50={r['p50_ms']} ms  p99={r['p99_ms']} ms  max={r['max_ms']} ms")
    if daemon:
        print(f"daemon: rss={r['rss_mb']} MB (before they talked: {r['rss_idle_mb']})  "
              f"cpu={r['daemon_cpu']} cores")
    print(f"client: cpu={r['client_cpu']} cores  lag p50={r['client_lag_p50_ms']} ms  "
          f"p99={r['client_lag_p99_ms']} ms (is part of the answers' time)")
    for e in sorted(set(errors))[:10]:
        print(f"error: {errors.count(e)}x {e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
