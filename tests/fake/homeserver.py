#!/usr/bin/env python3
"""homeserver.py - a Matrix homeserver that a test scripts, and that checks every request.

  python3 tests/fake/homeserver.py [--port 0] [--name fake.test] [--state FILE]

prints "listening PORT" and serves on the loopback until SIGTERM. In a test's own process:
hs = Homeserver(); hs.start(); hs.call("add_user", user="@mia:fake.test"); hs.stop().

It is strict: a request that the Client-Server API does not document in this form, down to the
last field, is answered 400 and recorded; a test ends with `violations` being empty. What it
keeps is in memory, or in FILE, too: killed and started again with it, it goes on. Users that the test speaks for (students, advisors) have no sessions; all
that comes with a token is "the bot".

Commands are POST /control/NAME with a JSON object of arguments (or GET with a query). Each
answers {"ok": true, ...}, or 400 {"error": ...}. A room is named by id, alias or label. Optional
arguments stand in brackets, with their defaults.

PEOPLE AND ROOMS
  add_user      user [password displayname avatar_url auto_accept=false]
  create_room   creator [label name version="11" direct=false encrypted=false join_rule="invite"
                type alias topic members=[] invite=[] remote room_id]: {room_id}. Versions 1 to 12;
                remote: a server that a join must name in via
  invite        room user sender [reason]
  join          room user
  leave         room user [reason]
  kick          room user sender [reason]       also withdraws an invite
  ban, unban    room user sender [reason]
  mute          room user sender [level=-1]     sets its power level
  profile_set   user [displayname avatar_url]   each room gets another join event

EVENTS                                          each answers {event_id}
  send          room user text [msgtype="m.text" reply_to fallback=false thread edit mentions html
                ts event_id]: fallback: the old "> " quote; thread: its root; edit: what is edited
  send_many     room user text [count=10 ts]: {event_ids}; "{n}" in text counts
  event         room user type content [ts event_id]
  react         room user event_id key
  redact        room user event_id [reason where]: where: content, top, both
  state         room user type content [state_key=""]
  encrypt       room user
  raw           json or json_b64 [room user type="m.room.message" event_id where="timeline"]:
                the bytes of one event as they are. where: timeline (kept in the room), or, in the
                next /sync alone, state, invite_state, ephemeral, room_account_data (of the room),
                to_device, account_data (of the user)
  ephemeral     room type content               for example m.typing
  upgrade       room user [version="12" forged=false join_rule="public" label]: {room_id event_id}
  batch         commands=[[NAME, {...}], ...]: {results}. No /sync sees half of it

SYNC
  gap           room missing [limited=true]     the next timeline lacks its first events
  duplicate     room [last=1 event_id]          events that were given come again
  next_sync     body or body_b64 or json [status=200 kind headers token]: the next answer is this.
                $NEXT is a token of now; token: another one to be known from now on
  forget_since  all tokens given out are refused from now on
  account_data_set  user type content

ACCOUNTS
  account       user state                      active, locked, suspended, deactivated
  logout        user [device soft=false]
  expire        user                            its access tokens, now
  access_token  user [device="ADMIN" refreshable=false]: {access_token refresh_token}
  login_token   user: {token}                   for m.login.token, once
  oauth         answer [user user_code]         approved (needs user), access_denied, slow_down,
                expired_token, for the device grant that waits
  advance       seconds                         the server's clock
  config        any of DEFAULTS, in homeserver_core.py

FAULTS
  fault         endpoint verb [times=1 skip=0 room effect ...]: times 0: always; effect: whether the
                request does its work all the same. Endpoints are named in homeserver_schema.py
                  drop    where="before" (mid_headers, headers, body) reset=false
                  lose    reset=false            the work is done, its answer lost
                  hang    where="before"         and never goes on
                  body    kind="empty" (html, truncated, gzip_broken, text with body="...")
                  status  status=502 errcode error fields   without errcode: a proxy's HTML
                  limit   form="seconds" (date, ms, both, none) seconds=1        429
                  drip    bytes=1 pause_ms=1000
                  bomb    mb=100 gzip=true       spaces without end
                  delay   ms=1000
                  run     commands=[...] when="before" (after the work, before its answer)
  faults_clear
  restart       [down_ms=0]                     drops all connections, keeps all state

QUESTIONS
  transcript    room [type="m.room.message"]: {events}, of the bot; type "*": all
  events        room: {events}, of everybody
  log           [endpoint since=0]: {requests}; never a token or a password
  counters      requests by endpoint, statuses, repeats, early_retries, connections
  violations    [clear=false]: {violations}
  rooms         user: {join invite leave ban}
  devices       user: {devices}
  receipts, typing  room
  account_data, profile_get  user
  media_add     content_b64 [type filename]: {mxc}
  uploads       [content=false]: {uploads}
  wait          [timeout_s=10 ...] until all of these hold; {"ok": false, "missing": [...]} if not
                  room with bot_events=N [type], contains="text"
                  endpoint with requests=N [status]
                  joined=ROOM, left=ROOM, violations=N, connections=N
                  synced=true     the bot asks for what comes after all that there is
                  quiet_ms=N      no request but /sync for so long
"""
import argparse
import asyncio
import signal
import sys
import threading

from homeserver_core import Core


class Homeserver:
    """In a thread of its own, for a test's process."""

    def __init__(self, name="fake.test", port=0):
        self.core = Core(name)
        self.port = port
        self.loop = None
        self.thread = None

    def start(self):
        """The port. Raises OSError when it is taken."""
        ready = threading.Event()
        failed = []

        def run():
            self.loop = asyncio.new_event_loop()
            try:
                self.loop.run_until_complete(self.core.listen(self.port))
            except OSError as e:
                failed.append(e)
                return
            finally:
                ready.set()
            self.loop.run_forever()
            self.loop.run_until_complete(self.core.close())
            self.loop.close()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()
        ready.wait()
        if failed:
            raise failed[0]
        self.port = self.core.port
        return self.port

    def call(self, command, **args):
        """A control command. Raises ValueError."""
        return asyncio.run_coroutine_threadsafe(
            self.core.control.run(command, args), self.loop).result()

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


async def serve(name, port, state):
    core = Core(name, state)
    await core.listen(port)
    print("listening", core.port, flush=True)
    ended = asyncio.Event()
    for how in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(how, ended.set)
    await ended.wait()
    await core.close()


def main():
    parser = argparse.ArgumentParser(description="a scripted, strict Matrix homeserver")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--name", default="fake.test")
    parser.add_argument("--state")
    args = parser.parse_args()
    asyncio.run(serve(args.name, args.port, args.state))
    return 0


if __name__ == "__main__":
    sys.exit(main())
