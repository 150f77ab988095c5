"""botapi_poll.py - getUpdates: one long poll at a time, as the real server holds it."""
import random

from botapi_faults import fail, ok, too_many

LIMIT = 100
TIMEOUT = 50
WINDOW_S = 0.001  # an update waits so long for others to go with it
CONFLICT_S = 3
OTHER = ("terminated by other getUpdates request; make sure that only one bot instance is "
         "running")
WEBHOOK = ("can't use getUpdates method while webhook is active; use deleteWebhook to delete "
           "the webhook first")


class Poll:
    __slots__ = ("offset", "limit", "done", "timer", "conn", "fault")


class Poller:
    """Holds at most one poll. loop is set when the server starts."""

    def __init__(self, world, webhook):
        self.world = world
        self.queue = world.queue
        self.webhook = webhook
        self.clock = world.clock
        self.loop = None
        self.held = None
        self.waking = None
        self.last_offset, self.last_start = None, float("-inf")
        self.next_conflict = float("-inf")
        self.last_batch = []
        self.conflicts = self.forced_timeouts = self.forced_limits = self.answered = 0
        self.queue.woken.append(self.wake)

    def get(self, p, conn, done, fault=None):
        if self.webhook.url:
            return self.conflict(WEBHOOK, done)
        offset = p.get("offset", 0)
        limit = min(max(p.get("limit", LIMIT), 1), LIMIT)
        timeout = min(max(p.get("timeout", 0), 0), TIMEOUT)
        now = self.clock.now()
        if offset == self.last_offset and now < self.last_start + 3 and timeout < 3:
            self.forced_timeouts += timeout != 3
            timeout = 3
        if offset == self.last_offset and now < self.last_start + 0.5:
            self.forced_limits += 1
            limit = 1
        self.last_offset, self.last_start = offset, now

        if self.held is not None:
            self.stop(OTHER)
        self.confirm(p)
        poll = Poll()
        poll.offset, poll.limit, poll.done, poll.conn, poll.fault = offset, limit, done, conn, fault
        poll.timer = None
        if self.queue.items or timeout == 0 or fault is not None and fault.kind == "duplicate":
            return self.answer(poll)
        # Real time: advancing the clock is for what is scheduled, not for who waits.
        poll.timer = self.loop.call_later(timeout, self.end)
        self.held = poll
        conn.on_lost = self.lost

    def confirm(self, p):
        """What of a request outlives it."""
        if "allowed_updates" in p:
            self.queue.allowed = frozenset(p["allowed_updates"])
        self.queue.expire()
        self.queue.forget(p.get("offset", 0))

    def lost(self, conn):
        if self.held is not None and self.held.conn is conn:
            self.release()

    def release(self):
        poll, self.held = self.held, None
        poll.timer.cancel()
        poll.conn.on_lost = None
        return poll

    def wake(self):
        if self.held is not None and self.waking is None:
            self.waking = self.loop.call_later(WINDOW_S, self.end)

    def end(self):
        """There is something, or time is up."""
        if self.waking is not None:
            self.waking.cancel()
            self.waking = None
        if self.held is not None:
            self.answer(self.release())

    def answer(self, poll):
        self.queue.expire()
        self.answered += 1
        batch = self.queue.take(poll.limit)
        if poll.fault is not None:
            batch = self.disturb(poll.fault, batch)
        self.last_batch = batch or self.last_batch
        poll.done(ok(b"[" + b",".join([u.body for u in batch]) + b"]"))

    def disturb(self, fault, batch):
        if fault.kind == "duplicate":
            return self.last_batch + batch
        if fault.kind == "reorder":
            # Only the order within one queue is promised.
            keys = [u.key for u in batch]
            random.Random(len(keys)).shuffle(keys)  # the world's chance is for what lasts
            by_key = {k: iter([u for u in batch if u.key == k]) for k in set(keys)}
            return [next(by_key[k]) for k in keys]
        return batch

    def stop(self, why):
        if self.held is not None:
            self.conflict(why, self.release().done)

    def conflict(self, why, done):
        """The first is told at once, others within three seconds later."""
        self.conflicts += 1
        now = self.clock.now()
        a = fail(409, f"Conflict: {why}")
        if now >= self.next_conflict:
            self.next_conflict = now + CONFLICT_S
            done(a)
        else:
            self.clock.after(CONFLICT_S, done, a)


class Webhooks:
    """setWebhook and its relatives; sending is in botapi_webhook.py."""

    def __init__(self, world):
        self.world = world
        self.url = ""
        self.secret = None
        self.max_connections = 40
        self.certificate = False
        self.last_set = float("-inf")
        self.error_date, self.error = None, None
        self.changed = None  # called when url is another
        self.poller = None

    def set(self, p, done):
        url, now = p["url"], self.world.clock.now()
        if url:
            why = self.refuse(url)
            if why:
                return done(fail(400, f"Bad Request: bad webhook: {why}"))
        if now < self.last_set + 1:
            return done(too_many(1))
        self.last_set = now
        if "allowed_updates" in p:
            self.world.queue.allowed = frozenset(p["allowed_updates"])
        if p.get("drop_pending_updates"):
            self.world.queue.clear()
        if url:
            self.poller.stop("terminated by setWebhook request")
        if not url and not self.url:
            return done(ok(b"true", "Webhook is already deleted"))
        same = (url, p.get("secret_token"), p.get("max_connections", 40)) == (
            self.url, self.secret, self.max_connections)
        self.put(url, p)
        if not url:
            return done(ok(b"true", "Webhook was deleted"))
        done(ok(b"true", "Webhook is already set" if same else "Webhook was set"))

    def put(self, url, p):
        self.url, self.secret = url, p.get("secret_token")
        self.max_connections = p.get("max_connections", 40)
        self.certificate = "certificate" in p
        self.error_date = self.error = None
        if self.changed:
            self.changed()

    @staticmethod
    def refuse(url):
        """Plain HTTP is for the loopback alone: there is no TLS in a test."""
        scheme, _, rest = url.partition("://")
        place = rest.partition("/")[0]
        if place.startswith("["):
            return "IPv6-only addresses are not allowed"
        host, _, port = place.partition(":")
        if scheme == "http" and host in ("127.0.0.1", "localhost"):
            return None
        if scheme != "https":
            return "An HTTPS URL must be provided for webhook"
        if port not in ("", "80", "88", "443", "8443"):
            return "Webhook can be set up only on ports 80, 88, 443 or 8443"
        return None if host else "URL host is empty"

    def info(self):
        info = {"url": self.url, "has_custom_certificate": self.certificate,
                "pending_update_count": len(self.world.queue.items)}
        if self.url:
            info["max_connections"] = self.max_connections
            info["ip_address"] = "127.0.0.1"
        if self.error:
            info["last_error_date"] = int(self.error_date)
            info["last_error_message"] = self.error
        if self.world.queue.allowed:
            info["allowed_updates"] = sorted(self.world.queue.allowed)
        return info
