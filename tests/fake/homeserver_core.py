"""homeserver_core.py - takes each request through its checks, its faults and its log line."""
import asyncio
import collections
import gzip
import inspect
import json
import secrets
import time

import homeserver_faults as faults
import homeserver_schema as schema
from homeserver_api import Api
from homeserver_auth import Accounts, MatrixError, OAuthError
from homeserver_control import Control
from homeserver_http import Connection, Gone, Response
from homeserver_journal import Journal
from homeserver_rooms import Raw, World
from homeserver_schema import Wrong

DEFAULTS = {
    "versions": [f"v1.{n}" for n in range(1, 13)],
    "disabled": [],               # endpoints that are not there
    "login_flows": ["m.login.password", "m.login.token"],
    "refresh_tokens": True,       # given to who asks for them
    "access_lifetime_s": 300,     # of tokens that can be refreshed
    "refresh_soft_logout": False, # said with a refused refresh token
    "whoami_device": True,
    "well_known": None,           # {"status", "body" (text or JSON; $BASE), "location"}
    "oauth": True,
    "oauth_interval_s": 5,        # None: not given, which means 5
    "oauth_expires_s": 1800,
    "oauth_lifetime_s": 300,
    "state_after": True,          # False: the server is too old for use_state_after
    "duplicate_all": False,       # each event of a timeline twice
    "room_order": "normal",       # reverse, shuffle
    "messages_max": 1000,         # events in one page
    "messages_end": False,        # an end token even where nothing follows
    "upload_max": 50 << 20,
    "event_max": 65536,
    "server": "Double",           # as it names its software
    "device_keys": [],            # devices that have keys for encryption
    "ratelimit_override": None,   # as its administrators are told; None: we are none
    "media_redirect": None,       # downloads are a 307 to this
    "gzip": False,                # for clients that accept it
    "rate_limits": None,          # "synapse", or {name: [per second, burst]}
    "retry_form": "both",         # seconds, date, ms, both, none
}
SYNAPSE = {"rc_message": [0.2, 10], "rc_login": [0.003, 5], "rc_joins": [0.1, 10],
           "rc_joins_remote": [0.01, 10]}
SECRET = {"password", "token", "access_token", "refresh_token", "device_code"}
LOCKED_MAY = {"logout"}


class Call:
    """One request on its way."""

    def __init__(self, server, request, entry):
        self.server, self.request, self.entry = server, request, entry
        self.endpoint = None
        self.name = None
        self.params, self.query, self.body = {}, {}, None
        self.session = self.user = None
        self.base = "http://" + request.header("host")

    def violate(self, what):
        self.server.violate(what, self.name, self.entry["n"])


class Bucket:
    """What leaks with per_second and holds burst."""

    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.level, self.at = 0.0, None

    def take(self, now):
        """0, or the seconds until one more fits."""
        if self.at is not None:
            self.level = max(0.0, self.level - (now - self.at) * self.rate)
        self.at = now
        if self.level + 1 > self.burst + 1e-9:
            return (self.level + 1 - self.burst) / self.rate
        self.level += 1
        return 0


class Core:
    def __init__(self, name, state=None):
        self.name = name
        self.world = World(name)
        self.config = dict(DEFAULTS)
        self.accounts = Accounts(self.world, self.config)
        self.api = Api(self)
        self.control = Control(self)
        self.faults = faults.Faults()
        self.handlers = {}
        for e in schema.ENDPOINTS:
            for owner in (self.accounts, self.api):
                if hasattr(owner, "do_" + e.name):
                    self.handlers[e.name] = getattr(owner, "do_" + e.name)
        self.tokens = {}          # of /sync, that the test made known: position
        self.log = []
        self.violations = []
        self.counters = collections.Counter()
        self.buckets = {}
        self.until = {}           # (user, endpoint): when a 429 ends
        self.syncing = {}         # session: connection
        self.connections = set()
        self.accepted = 0
        self.started = time.monotonic()
        self.last_request = self.started
        self.moved = asyncio.Event()
        self.server = None
        self.port = None
        self.later = None         # the task that listens again
        self.journal = None       # what is on disk; None: nothing
        if state is not None:
            self.journal = Journal(self, state)

    # --- life

    async def listen(self, port):
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(self.accept, "127.0.0.1", port, backlog=512)
        self.port = self.server.sockets[0].getsockname()[1]

    def accept(self):
        self.accepted += 1
        return Connection(self, self.accepted)

    def drop_all(self, but=None):
        for conn in list(self.connections):
            if conn is not but:
                conn.abort()

    async def close(self):
        self.server.close()
        self.drop_all()
        await asyncio.sleep(0)

    async def down(self, ms):
        """Nobody listens for so long."""
        self.server.close()
        await asyncio.sleep(ms / 1000)
        await self.listen(self.port)

    def progress(self):
        """Something that a wait may wait for."""
        old, self.moved = self.moved, asyncio.Event()
        old.set()

    # --- what is noted

    def violate(self, what, endpoint=None, n=None):
        for secret in self.accounts.secrets:
            what = what.replace(secret, "TOKEN")
        self.violations.append({"n": n, "endpoint": endpoint, "what": what})
        self.progress()

    def malformed(self, conn, what):
        self.violate(f"not HTTP: {what}")

    def note(self, request):
        entry = {"n": len(self.log) + 1, "t": round(time.monotonic() - self.started, 4),
                 "clock": round(self.world.now(), 3), "connection": request.conn.number,
                 "method": request.method, "endpoint": None, "path": None, "params": {},
                 "query": {}, "body": None, "user": None, "device": None, "fault": None,
                 "status": None, "end": None}
        self.log.append(entry)
        return entry

    def redacted(self, value):
        if isinstance(value, bytes):
            return {"bytes": len(value)}
        if isinstance(value, dict):
            return {k: "HIDDEN" if k in SECRET else self.redacted(v) for k, v in value.items()}
        return value

    # --- one request

    async def serve(self, request):
        if request.path.startswith("/control/"):
            await self.control.serve(request)
            return
        entry = self.note(request)
        call = Call(self, request, entry)
        call.endpoint, raw = schema.find(request.method, request.path)
        room = None
        if call.endpoint:
            call.name = entry["endpoint"] = call.endpoint.name
            entry["path"] = call.endpoint.path
            room = schema.percent_decode(raw.get("roomId") or raw.get("roomIdOrAlias") or "")
        self.counters[call.name or "unknown"] += 1
        if call.name != "sync":
            self.last_request = time.monotonic()
        fault = self.faults.take(call.name, room)
        self.progress()
        try:
            response = await self.respond(call, raw, fault)
            entry["status"] = response.status
            self.counters[f"status_{response.status}"] += 1
            if self.journal is not None:
                self.journal.write(call.name)
            await request.conn.answer(response, fault)
            entry["end"] = "answered"
        except Gone:
            entry["end"] = "dropped"
            raise
        except asyncio.CancelledError:
            entry["end"] = "client gone"
            raise
        finally:
            self.finish(call)

    def finish(self, call):
        if call.name in ("send", "redact") and call.user is not None:
            room = self.world.rooms.get(call.params["roomId"])
            if room is not None and call in room.in_flight:
                room.in_flight.remove(call)
        if self.syncing.get(call.session) is call:
            del self.syncing[call.session]
        call.entry["took"] = round(
            time.monotonic() - self.started - call.entry["t"], 4)
        if call.name != "sync":
            self.last_request = time.monotonic()
        self.progress()

    async def respond(self, call, raw, fault):
        good = None
        try:
            self.check(call, raw)
            good = await self.work(call, fault)
        except Wrong as e:
            call.violate(str(e))
            return self.wrong(call, e)
        except MatrixError as e:
            good = Response(e.status, json.dumps(e.body).encode(), e.headers)
        except OAuthError as e:
            good = Response(e.status, json.dumps(e.body).encode())
        except Exception as e:  # a fault of ours must not look like one of the network
            call.violate(f"the double itself failed: {e!r}")
            good = Response(500, json.dumps({"errcode": "M_UNKNOWN", "error": repr(e)}).encode())
        if fault is not None:
            return faults.response(fault, good)
        return good

    def wrong(self, call, e):
        if call.name and call.name.startswith("oauth_"):
            error = "invalid_client_metadata" if call.name == "oauth_register" else \
                "invalid_request"
            body = {"error": error, "error_description": str(e)}
        else:
            body = {"errcode": e.errcode, "error": str(e)}
        return Response(400, json.dumps(body).encode())

    async def work(self, call, fault):
        """Its answer; None if a fault keeps it from being worked on."""
        if fault is not None:
            call.entry["fault"] = fault["verb"]
            if fault["verb"] == "delay":
                await asyncio.sleep(fault["ms"] / 1000)
            elif fault["verb"] == "run" and fault["when"] == "before":
                await self.control.batch(fault["commands"])
            elif fault["verb"] == "limit" and fault["form"] != "none":
                self.pause(call, fault["seconds"])
            if not fault["effect"]:
                return None
        if call.name == "login":
            self.limit(call, "rc_login")
        result = self.handlers[call.name](call)
        if inspect.isawaitable(result):
            result = await result
        response = self.response(call, result)
        if fault is not None and fault["verb"] == "run" and fault["when"] == "after":
            await self.control.batch(fault["commands"])
        return response

    # --- checks

    def check(self, call, raw):
        request = call.request
        if call.endpoint is None:
            if raw:
                call.violate(f"no {request.method} for {request.path}")
                raise MatrixError(405, "M_UNRECOGNIZED", "Unrecognized request")
            call.violate(f"no such endpoint: {request.method} {request.path}")
            raise MatrixError(404, "M_UNRECOGNIZED", "Unrecognized request")
        if call.endpoint.auth == "forbidden":
            raise Wrong("the bot may not do this")
        if call.name in self.config["disabled"]:
            raise MatrixError(404, "M_UNRECOGNIZED", "Unrecognized request")
        if any(s in request.target for s in self.accounts.secrets):
            raise Wrong("a token in the address", "M_INVALID_PARAM")
        call.params = call.entry["params"] = schema.path_params(raw)
        call.query = call.entry["query"] = schema.query_params(call.endpoint.query, request.query)
        call.body = schema.request_body(call.endpoint, request)
        call.entry["body"] = self.redacted(call.body)
        self.authorize(call)
        self.order(call)

    def authorize(self, call):
        header = call.request.header("authorization")
        auth = call.endpoint.auth
        if header is None:
            if auth == "yes":
                call.violate("no Authorization")
                raise MatrixError(401, "M_MISSING_TOKEN", "Missing access token")
            return
        if auth == "no":
            raise Wrong("a token for a request that needs none")
        scheme, _, token = header.partition(" ")
        if scheme != "Bearer" or not token or " " in token:
            call.violate("Authorization is not a Bearer token")
            raise MatrixError(401, "M_MISSING_TOKEN", "Missing access token")
        if token not in self.accounts.secrets:
            call.violate("a token that was never given out")
        call.session = self.accounts.authenticate(token)
        call.user = call.session.user
        call.entry["user"], call.entry["device"] = call.user.id, call.session.device
        if call.user.state == "locked" and call.name not in LOCKED_MAY:
            raise MatrixError(401, "M_USER_LOCKED", "Your account is locked", soft_logout=True)

    def order(self, call):
        """What may not be asked at the same time, or not yet."""
        user = call.user.id if call.user else None
        if time.monotonic() < self.until.get((user, call.name), 0):
            self.counters["early_retries"] += 1
        if call.name in ("send", "redact") and call.params["roomId"] in self.world.rooms:
            flying = self.world.rooms[call.params["roomId"]].in_flight
            if any(c.user is call.user and c.params["txnId"] != call.params["txnId"]
                   and not c.request.conn.lost for c in flying):
                call.violate("a send into a room where another is not answered yet")
            flying.append(call)
        if call.name == "sync":
            other = self.syncing.get(call.session)
            if other is not None and not other.request.conn.lost:
                call.violate("two /sync of one device at the same time")
            self.syncing[call.session] = call

    # --- rates

    def limit(self, call, name):
        """Raises MatrixError 429 when the bucket is full."""
        limits = self.config["rate_limits"]
        limits = SYNAPSE if limits == "synapse" else limits or {}
        if name not in limits:
            return
        key = (name, call.user.id if call.user else None)
        bucket = self.buckets.setdefault(key, Bucket(*limits[name]))
        wait = bucket.take(self.world.now())
        if wait:
            if self.config["retry_form"] != "none":
                self.pause(call, wait)
            r = faults.limited(self.config["retry_form"], wait)
            error = MatrixError(429, "M_LIMIT_EXCEEDED", "Too Many Requests",
                                {"Retry-After": r.headers["Retry-After"]}
                                if "Retry-After" in r.headers else None)
            error.body = json.loads(r.body)
            raise error

    def pause(self, call, seconds):
        user = call.user.id if call.user else None
        self.until[(user, call.name)] = time.monotonic() + seconds * 0.9

    # --- answers

    def encode(self, value):
        """JSON, with raw bytes where a Raw stands."""
        raws, mark = [], secrets.token_hex(8)

        def default(v):
            raws.append(v.data)
            return f"{mark}:{len(raws) - 1}"

        data = json.dumps(value, default=default, ensure_ascii=False).encode(
            "utf-8", "surrogatepass")
        for i, raw in enumerate(raws):
            data = data.replace(f'"{mark}:{i}"'.encode(), raw)
        return data

    def response(self, call, result):
        status = 200
        if isinstance(result, tuple):
            status, result = result
        if not isinstance(result, Response):
            result = Response(status, self.encode(result))
        if self.config["gzip"] and "gzip" in (call.request.header("accept-encoding") or ""):
            result.body = gzip.compress(result.body)
            result.headers["Content-Encoding"] = "gzip"
        return result
