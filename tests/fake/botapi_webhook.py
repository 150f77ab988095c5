"""botapi_webhook.py - sends updates to the webhook: in order within a queue, queues in parallel,
again and again until they are taken or too old.
"""
import asyncio
import json
import urllib.parse

from botapi_schema import NAMES

TIMEOUT_S = 60
IDLE_S = 10
GONE_S = 23 * 3600
RETRY_AFTER_MAX = 3600
UNWANTED = ("setwebhook", "deletewebhook", "close", "logout")


class Failed(Exception):
    """Its text goes to last_error_message."""

    def __init__(self, text, status=0, retry_after=None):
        super().__init__(text)
        self.status, self.retry_after = status, retry_after


class Sender:
    def __init__(self, api):
        self.api = api
        self.world = api.world
        self.webhook = api.webhook
        self.queue = api.world.queue
        self.clock = api.world.clock
        self.running = {}    # queue key: task
        self.idle = []       # kept connections: (reader, writer)
        self.tries = {}      # queue key: (failures, not before)
        self.sent = 0
        self.attempts = []   # (time, update id, status or error), for tests
        self.last_good = float("-inf")
        self.gone_since = None
        self.webhook.changed = self.restart
        self.queue.woken.append(self.look)

    def stop(self):
        for task in self.running.values():
            task.cancel()
        self.running.clear()
        for _, writer in self.idle:
            writer.close()
        self.idle.clear()

    def restart(self):
        self.stop()
        self.tries.clear()
        self.gone_since = None
        self.look()

    def slots(self):
        """After some quiet one connection must succeed before others are made."""
        if self.clock.now() - self.last_good > IDLE_S:
            return 1
        return self.webhook.max_connections

    def look(self):
        """Starts what may be sent now."""
        if not self.webhook.url:
            return
        self.queue.expire()
        now, seen = self.clock.now(), set(self.running)
        for u in self.queue.items:
            if len(self.running) >= self.slots():
                return
            if u.key in seen:
                continue
            seen.add(u.key)
            if self.tries.get(u.key, (0, 0))[1] <= now:
                self.running[u.key] = self.api.loop.create_task(self.deliver(u))

    async def deliver(self, update):
        try:
            status, body = await self.timed(self.post(update.body))
            if not 200 <= status < 300:
                raise Failed(f"Wrong response from the webhook: {status}", status)
        except Failed as e:
            self.failed(update, e)
        except (OSError, EOFError, ValueError, asyncio.IncompleteReadError) as e:
            self.failed(update, Failed("Connection closed" if not str(e) else str(e)))
        else:
            self.attempts.append((self.clock.now(), update.id, status))
            self.taken(update, body)
        self.running.pop(update.key, None)
        self.look()
        self.api.control.look()

    def taken(self, update, body):
        self.tries.pop(update.key, None)
        self.last_good = self.clock.now()
        self.gone_since = None
        self.api.journal.add("taken", update.id)
        self.queue.remove(update)
        self.sent += 1
        try:
            call = json.loads(body) if body.strip() else {}
        except ValueError:
            call = {}
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            name = NAMES.get(call.pop("method").lower())
            if name and not name.startswith("get") and name.lower() not in UNWANTED:
                self.api.calls[name] += 1
                self.api.carry_out(name, call, None, lambda answer: None)

    def failed(self, update, e):
        now = self.clock.now()
        self.attempts.append((now, update.id, e.status or str(e)))
        self.webhook.error_date, self.webhook.error = now, str(e)
        if e.status == 410:
            self.gone_since = now if self.gone_since is None else self.gone_since
            if now - self.gone_since >= GONE_S:
                self.webhook.url = ""
                return
        else:
            self.gone_since = None
        self.queue.expire()
        if update not in self.queue.items:
            self.tries.pop(update.key, None)
            return
        failures = self.tries.get(update.key, (0, 0))[0] + 1
        wait = 0 if failures == 1 else min(2 ** (failures - 1), self.world.rng.uniform(60, 120))
        if e.retry_after is not None:
            wait = min(e.retry_after, RETRY_AFTER_MAX)
        self.tries[update.key] = (failures, now + wait)
        self.clock.after(wait, self.look)

    async def timed(self, what):
        """what, or Failed after a minute of our clock."""
        task = self.api.loop.create_task(what)
        timer = self.clock.after(TIMEOUT_S, task.cancel)
        try:
            return await task
        except asyncio.CancelledError:
            if timer[2] is not None and self.clock.now() < timer[0]:
                raise  # we are stopped
            raise Failed("Read timeout expired") from None
        finally:
            self.clock.cancel(timer)
            task.cancel()

    async def post(self, body):
        url = urllib.parse.urlsplit(self.webhook.url)
        port = url.port or (443 if url.scheme == "https" else 80)
        kept = bool(self.idle)
        reader, writer = self.idle.pop() if kept else await asyncio.open_connection(
            url.hostname, port)
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        head = (f"POST {target} HTTP/1.1\r\nHost: {url.netloc}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                "Connection: keep-alive\r\nAccept-Encoding: gzip, deflate\r\n")
        if self.webhook.secret:
            head += f"X-Telegram-Bot-Api-Secret-Token: {self.webhook.secret}\r\n"
        good = False
        try:
            writer.write(head.encode() + b"\r\n" + body)
            status, headers, answer = await self.read(reader)
            good = headers.get("connection", "").lower() != "close"
        finally:
            if good:
                self.idle.append((reader, writer))
            else:
                writer.close()
        if not 200 <= status < 300:
            after = headers.get("retry-after", "")
            raise Failed(f"Wrong response from the webhook: {status}", status,
                         int(after) if after.isdigit() else None)
        return status, answer

    @staticmethod
    async def read(reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status, headers = int(head[0].split(" ")[1]), {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = b""
            while True:
                size = int((await reader.readline()).split(b";")[0], 16)
                body += await reader.readexactly(size)
                await reader.readexactly(2)
                if size == 0:
                    return status, headers, body
        return status, headers, await reader.readexactly(int(headers.get("content-length", 0)))
