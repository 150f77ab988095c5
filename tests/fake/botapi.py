#!/usr/bin/env python3
"""botapi.py - a Telegram Bot API that checks every request, for tests.

    python3 tests/fake/botapi.py [--port 0] [--token 123456:ABC...] [--seed 1] [--journal FILE]

prints "listening PORT" and serves until SIGTERM. In a test: tests/e2e/lib/telegram.py, which
starts it and sends the commands below, or BotApi().start() in the same process. With a journal it
may be killed: the next one goes on where it stood.

The bot's side is /bot<token>/<method>, as the real server does it. What the documentation does
not allow (unknown names, other types, bad entities, ...) is answered 400 and is kept in the
list of violations; a test ends by asking that the list is empty. What may go wrong in a correct
program (chat not found, message is not modified, blocked, too many) is only answered.

The clock (dates, expiry, flood limits, back-off) is the real one plus what "clock" advanced;
timers that become due run before the command returns. Only two things take real time: a long
poll that waits for its timeout (unless "clock" ends it), and "wait".

Commands: POST /control/<name> with a JSON object, or GET with ?name=value. The answer is JSON;
400 {"error": ...} for a command that makes no sense. Ids of chats and users are chosen when not
given; a private chat has the id of its user.

  user      {id?, first_name?, last_name?, username?, language_code?}     -> the user
  chat      {type: group|supergroup|channel, id?, title?, username?, is_forum?, members?: [ids],
             bot?: member|administrator|left, rights?: {name: bool}}      -> the chat
  topic     {chat, name, user}; topic_delete {chat, thread}; topic_close {chat, thread, user?}
  send      {chat?, user, text | media: {kind: {...}}, caption?, entities?, reply_to?, thread?,
             date?}                                   -> {message_id, update_id or null}
             media kinds: voice, photo, document, sticker, location, contact, video, audio
  edit      {chat, message_id, text, entities?}
  press     {chat, user?, message_id?, text | data, forge?, inaccessible?}
             without message_id: the newest message with such a button. forge: the data need not
             be on a button. inaccessible: the message is too old -> {query_id, update_id}
  react     {chat, user, message_id, emoji}
  block, unblock, deactivate {user}
  member    {chat, status: member|administrator|left|kicked, user, rights?}   the bot itself
  migrate   {chat, user}                              -> {chat: the new id}
  update    {type, object} | {raw: text} | {raw_base64}; %ID% in raw becomes the next id. It is
             delivered whatever allowed_updates says
  body      {text | base64, times?}                   whole body of the next getUpdates
  bulk      {chats, per_chat, text}                   interleaved messages of many users
  idle      {next?}                                   a week passes; the next id is another
  clock     {advance?: s, set?: unix time, freeze?: bool, polls?: true}; {} tells the time. polls:
             the poll that waits runs out, too
  flood     {chat?, group?, bulk?: {rate, burst, penalty?}} | {real: true}; {} for no limits
  faults    {fault, method?, chat?, times?, after?, for_s?, ...} | {clear: true}; GET: the list
             kinds and fields: botapi_faults.py
  config    {query_window?, keep_messages?, keep_requests?, can_read_all_group_messages?, ...}
  restart   {}                                        all connections drop, the state stays
  wait      {timeout?, chat?, bot_messages?, text?, method?, requests?, confirmed?, update?,
             pending?, polling?, conflicts?, answered?, connections?, violations?, action?,
             delivered?, attempts?, delivering?}
             waits until all hold: chat has bot_messages messages of the bot, one contains text;
             method was called requests times; confirmed updates in all; update is confirmed;
             at most pending are not; a poll is held; callback answered; an action in chat
             action; the webhook took delivered, was tried attempts times, has at most
             delivering under way -> {ok, took, missing}
  transcript {chat, thread?}    requests {method?, since?}    counters    violations {clear?}
  queries    actions    commands    texts    webhook    file {id}: name, type, base64    clock

Files: botapi_schema.py (what methods take), botapi_text.py (entities), botapi_methods.py (what
they do), botapi_poll.py (getUpdates, setWebhook), botapi_webhook.py (its sender),
botapi_world.py (chats, queue, clock, limits), botapi_control.py (commands), botapi_journal.py
(what outlives a kill), botapi_faults.py, botapi_http.py.
"""
import argparse
import asyncio
import gc
import os
import re
import signal
import sys
import threading
from collections import Counter, deque

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from botapi_control import Control
from botapi_faults import Faults, fail, ok
from botapi_http import Connection, parameters
from botapi_journal import Journal
from botapi_methods import Methods
from botapi_poll import Poller, Webhooks
from botapi_schema import METHODS, NAMES, check_call, from_text
from botapi_webhook import Sender
from botapi_world import World, dumps

TOKEN = "123456789:AAtests-tests-tests-tests-tests-tests0"
LOG_MAX = 100_000  # calls that are kept
PATH = re.compile(r"/bot([^/]*)/(?:test/)?([^/]*)")
# What the real server says itself, in these words, instead of about a schema.
REAL_TEXTS = ("message text is empty", "message is too long", "text is too long",
              "message caption is too long", "wrong parameter action in request")


class BotApi:
    """The double. Start it with start() in a thread of its own, or await serve()."""

    def __init__(self, token=TOKEN, seed=1, journal=None):
        self.token = token
        self.world = World(token, seed)
        self.faults = Faults(self.world.clock)
        self.methods = Methods(self.world)
        self.webhook = Webhooks(self.world)
        self.poller = Poller(self.world, self.webhook)
        self.webhook.poller = self.poller
        self.sender = Sender(self)
        self.control = Control(self)
        self.journal = Journal(self, journal)
        self.connections = {}
        self.opened = 0
        self.log = deque(maxlen=LOG_MAX)
        self.calls = Counter()
        self.total = 0
        self.violations = []
        self.loop = self.port = self.server = self.thread = None

    # --- life

    async def serve(self, port=0):
        self.loop = asyncio.get_running_loop()
        self.poller.loop = self.world.clock.loop = self.loop
        self.journal.open()
        self.server = await self.loop.create_server(lambda: Connection(self), "127.0.0.1", port,
                                                    backlog=512)
        self.port = self.server.sockets[0].getsockname()[1]

    def start(self, port=0):
        """Returns when it listens; port is set."""
        ready = threading.Event()

        async def main():
            self.ended = asyncio.Event()
            await self.serve(port)
            ready.set()
            await self.ended.wait()
            await self.end()

        self.thread = threading.Thread(target=asyncio.run, args=(main(),), daemon=True)
        self.thread.start()
        ready.wait(10)
        return self

    def stop(self):
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join(10)

    async def end(self):
        self.server.close()
        self.sender.stop()
        for c in list(self.connections.values()):
            c.transport.abort()
        await asyncio.sleep(0)

    # --- connections

    def connected(self, conn):
        self.opened += 1
        self.connections[self.opened] = conn
        return self.opened

    def disconnected(self, conn):
        self.connections.pop(conn.id, None)
        self.control.look()

    def drop_all(self, but):
        for c in list(self.connections.values()):
            if c is not but:
                c.reset()

    def violation(self, method, sentences):
        self.violations.append({"method": method, "problems": sentences,
                                "date": self.world.clock.now()})
        self.control.look()

    # --- requests

    def handle(self, r):
        if r.path.startswith("/control/"):
            return self.control.handle(r)
        m = PATH.fullmatch(r.path)
        if m is None:
            return r.conn.answer(fail(404, "Not Found"))
        token, method = m.groups()
        if ":" not in token or token.startswith("0") or len(token) > 80:
            return r.conn.answer(fail(401, "Unauthorized: invalid token specified"))
        if token != self.token:
            return r.conn.answer(fail(401, "Unauthorized"))
        if r.method not in ("GET", "POST"):
            return r.conn.answer(fail(405, "Method Not Allowed"))
        name = NAMES.get(method.lower())
        if name is None:
            self.note(r, method, {})
            self.violation(method, ["no such method"])
            return r.conn.answer(fail(404, "Not Found: method not found"))
        self.call(r, name)

    def call(self, r, name):
        bad = []
        params, typed = parameters(r, bad)
        if not typed:
            params = self.typed(name, params)
        self.note(r, name, params)
        self.journal.add("call", name, params, bad)
        fault = self.faults.match(name, params)
        if fault is not None and fault.before(r.conn):
            return self.control.look()
        if fault is None:
            done = r.conn.answer
        else:
            def done(answer):
                fault.after(r.conn, answer)
        self.carry_out(name, params, r.conn, done, fault, bad)
        self.control.look()

    @staticmethod
    def typed(name, params):
        table = METHODS[name]
        out = {}
        for k, v in params.items():
            if isinstance(v, str) and k in table:
                v = from_text(v, table[k][0])
                if isinstance(v, str) and v.startswith("attach://"):
                    v = params.get(v[9:], v)
            out[k] = v
        attached = {v[9:] for v in params.values() if isinstance(v, str) and
                    v.startswith("attach://")}
        return {k: v for k, v in out.items() if k not in attached}

    def carry_out(self, name, params, conn, done, fault=None, bad=()):
        bad = list(bad)
        if not bad:
            check_call(name, params, bad)
        if bad:
            self.violation(name, bad)
            return done(self.refuse(bad[0]))
        if name == "getUpdates":
            self.poller.get(params, conn, done, fault)
        elif name == "setWebhook":
            self.webhook.set(params, done)
        elif name == "deleteWebhook":
            self.webhook.set(dict(params, url=""), done)
        elif name == "getWebhookInfo":
            done(ok(dumps(self.webhook.info())))
        else:
            done(self.methods.call(name, params))

    @staticmethod
    def refuse(sentence):
        if sentence in REAL_TEXTS or "strings must be encoded" in sentence:
            return fail(400, "Bad Request: " + sentence)
        if sentence.startswith("entities"):
            return fail(400, f"Bad Request: can't parse entities: {sentence}")
        return fail(400, f"Bad Request: not as documented: {sentence}")

    def note(self, r, method, params):
        """Logs the call; the token is in the path alone, which is not kept."""
        self.total += 1
        self.calls[method] += 1
        self.log.append((self.total, self.world.clock.now(), r.method, method, params, r.conn.id,
                         r.lines, len(r.body)))


async def run(args):
    api = BotApi(args.token, args.seed, args.journal)
    await api.serve(args.port)
    ended = asyncio.Event()
    for s in (signal.SIGTERM, signal.SIGINT):
        api.loop.add_signal_handler(s, ended.set)
    print(f"listening {api.port}", flush=True)
    await ended.wait()
    await api.end()


def main():
    p = argparse.ArgumentParser(description="A Telegram Bot API for tests.")
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--token", default=TOKEN)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--journal")
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)  # the log and the queue are large, and have no cycles
    asyncio.run(run(p.parse_args()))


if __name__ == "__main__":
    main()
