"""homeserver_control.py - the commands and questions of a test; homeserver.py lists them.

A command is a c_ function; its parameters are the arguments, so one that does not exist is
refused. What only wait() awaits is async.
"""
import asyncio
import base64
import inspect
import json
import time
import urllib.parse

import homeserver_content as content
import homeserver_faults as faults
from homeserver_http import Response
from homeserver_rooms import Raw, User


class Control:
    def __init__(self, server):
        self.server = server
        self.world = server.world

    # --- transport

    async def serve(self, request):
        name = request.path[len("/control/"):]
        after = None
        try:
            if request.method == "POST":
                args = json.loads(request.body or b"{}")
            else:
                args = {k: self.guess(v) for k, v in
                        urllib.parse.parse_qsl(request.query, keep_blank_values=True)}
            if name == "restart":
                after = self.c_restart(**args)
                result = {}
            else:
                result = await self.run(name, args)
            response = Response(200, self.server.encode({"ok": True, **result}))
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as e:
            response = Response(400, json.dumps(
                {"ok": False, "error": f"{name}: {type(e).__name__}: {e}"}).encode())
        if self.server.journal is not None:
            self.server.journal.write(name)
        await request.conn.answer(response)
        if after is not None:
            after(request.conn)

    def guess(self, text):
        try:
            return json.loads(text)
        except ValueError:
            return text

    async def run(self, name, args):
        function = getattr(self, "c_" + name, None)
        if function is None:
            raise ValueError(f"no command {name}")
        try:
            inspect.signature(function).bind(**args)
        except TypeError as e:
            raise ValueError(str(e)) from None
        result = function(**args)
        if inspect.isawaitable(result):
            result = await result
        if name == "restart":
            result(None)
            result = None
        self.server.progress()
        return result or {}

    async def batch(self, commands):
        # No await gives way in between: wait is the only command that does.
        return [await self.run(name, args) for name, args in commands]

    async def c_batch(self, commands):
        return {"results": await self.batch(commands)}

    # --- names

    def room(self, name):
        room = self.world.find_room(name)
        if room is None:
            raise ValueError(f"no room {name}")
        return room

    def user(self, name):
        if name not in self.world.users:
            raise ValueError(f"no user {name}; add_user comes first")
        return self.world.users[name]

    # --- people and rooms

    def c_add_user(self, user, password=None, displayname=None, avatar_url=None,
                   auto_accept=False):
        if user in self.world.users or not user.startswith("@") or ":" not in user:
            raise ValueError(f"{user} is there already, or no user id")
        u = self.world.users[user] = User(user, password)
        u.displayname, u.avatar_url, u.auto_accept = displayname, avatar_url, auto_accept

    def c_create_room(self, creator, label=None, name=None, version="11", direct=False,
                      encrypted=False, join_rule="invite", type=None, alias=None, topic=None,
                      members=(), invite=(), remote=None, room_id=None):
        for user in (creator, *members, *invite):
            self.user(user)
        room = self.world.create_room(
            creator, version, label, name, direct, encrypted, join_rule, type, None, alias,
            remote, room_id, topic)
        for user in members:
            room.member(user, "join")
        for user in invite:
            self.world.invite(room, creator, user)
        return {"room_id": room.id}

    def c_invite(self, room, user, sender, reason=None):
        self.user(user)
        return {"event_id": self.world.invite(self.room(room), sender, user, reason).id}

    def c_join(self, room, user):
        self.user(user)
        return {"event_id": self.room(room).member(user, "join").id}

    def c_leave(self, room, user, reason=None):
        return {"event_id": self.room(room).member(user, "leave", reason=reason).id}

    def c_kick(self, room, user, sender, reason=None):
        return {"event_id": self.room(room).member(user, "leave", sender, reason=reason).id}

    c_unban = c_kick

    def c_ban(self, room, user, sender, reason=None):
        return {"event_id": self.room(room).member(user, "ban", sender, reason=reason).id}

    def c_mute(self, room, user, sender, level=-1):
        before = self.room(room).get("m.room.power_levels").content
        users = {**before.get("users", {}), user: level}
        return self.c_state(room, sender, "m.room.power_levels", {**before, "users": users})

    def c_profile_set(self, user, displayname=None, avatar_url=None):
        u = self.user(user)
        u.displayname = displayname if displayname is not None else u.displayname
        u.avatar_url = avatar_url if avatar_url is not None else u.avatar_url
        for room in self.world.rooms.values():
            if room.membership(user) == "join":
                room.member(user, "join")

    # --- events

    def c_send(self, room, user, text, msgtype="m.text", reply_to=None, fallback=False,
               thread=None, edit=None, mentions=None, html=None, ts=None, event_id=None):
        r = self.room(room)
        body = {"msgtype": msgtype, "body": text}
        if html is not None:
            body.update(format="org.matrix.custom.html", formatted_body=html)
        if mentions is not None:
            body["m.mentions"] = mentions
        if reply_to is not None and fallback:
            body = self.quoted(r, reply_to, body)
        if edit is not None:
            new = body
            body = {**new, "body": "* " + text, "m.new_content": new,
                    "m.relates_to": {"rel_type": "m.replace", "event_id": edit}}
        elif thread is not None:
            body["m.relates_to"] = {
                "rel_type": "m.thread", "event_id": thread, "is_falling_back": reply_to is None,
                "m.in_reply_to": {"event_id": reply_to or self.last_in(r, thread)}}
        elif reply_to is not None:
            body["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
        return {"event_id": r.add("m.room.message", user, body, ts=ts, event_id=event_id).id}

    def quoted(self, room, reply_to, body):
        """As clients wrote replies before version 1.13."""
        old = room.by_id[reply_to]
        lines = old.content.get("body", "").split("\n")
        quote = "\n".join([f"> <{old.sender}> {lines[0]}"] + [f"> {line}" for line in lines[1:]])
        rich = (f'<mx-reply><blockquote><a href="https://matrix.to/#/{room.id}/{reply_to}">In reply '
                f'to</a> <a href="https://matrix.to/#/{old.sender}">{old.sender}</a><br>'
                f'{lines[0]}</blockquote></mx-reply>')
        return {**body, "body": f"{quote}\n\n{body['body']}", "format": "org.matrix.custom.html",
                "formatted_body": rich + body.get("formatted_body", body["body"])}

    def last_in(self, room, thread):
        inside = [e.id for e in room.events
                  if e.raw is None and content.relation(e) == ("m.thread", thread)]
        return inside[-1] if inside else thread

    def c_send_many(self, room, user, text, count=10, ts=None):
        return {"event_ids": [self.c_send(room, user, text.replace("{n}", str(n + 1)),
                                          ts=ts)["event_id"] for n in range(count)]}

    def c_event(self, room, user, type, content, ts=None, event_id=None):
        return {"event_id": self.room(room).add(type, user, content, ts=ts, event_id=event_id).id}

    def c_react(self, room, user, event_id, key):
        return self.c_event(room, user, "m.reaction", {"m.relates_to": {
            "rel_type": "m.annotation", "event_id": event_id, "key": key}})

    def c_redact(self, room, user, event_id, reason=None, where=None):
        return {"event_id": self.room(room).redact(user, event_id, reason, where).id}

    def c_state(self, room, user, type, content, state_key="", ts=None):
        return {"event_id": self.room(room).add(type, user, content, state_key, ts=ts).id}

    def c_encrypt(self, room, user):
        return self.c_state(room, user, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})

    def c_raw(self, json=None, json_b64=None, room=None, user=None, type="m.room.message",
              event_id=None, where="timeline"):
        data = base64.b64decode(json_b64) if json_b64 is not None else json.encode()
        if where == "timeline":
            e = self.room(room).add(type, user, {}, event_id=event_id, raw=data)
            return {"event_id": e.id}
        if where == "to_device":
            self.user(user).to_device.append((self.world.step(), Raw(data)))
        elif where == "account_data":
            self.user(user).extra_account_data.append(Raw(data))
        elif where in ("state", "invite_state", "ephemeral", "room_account_data"):
            self.room(room).extra.setdefault(where, []).append(Raw(data))
        else:
            raise ValueError(f"there is no {where}")
        self.world.touch()
        return {}

    def c_ephemeral(self, room, type, content):
        self.room(room).ephemeral.append((self.world.step(), {"type": type, "content": content}))
        self.world.touch()

    def c_upgrade(self, room, user, version="12", forged=False, join_rule="public", label=None):
        old = self.room(room)
        # A forged one leads to a room that knows nothing of the old one.
        came = None if forged else {"room_id": old.id}
        new = self.world.create_room(user, version, label, join_rule=join_rule, predecessor=came)
        for member in old.members("join"):
            if member != user and not self.has_session(member):
                new.member(member, "join")
        event = old.add("m.room.tombstone", user,
                        {"body": "This room has been replaced", "replacement_room": new.id}, "")
        return {"room_id": new.id, "event_id": event.id}

    def has_session(self, user):
        return any(s.user.id == user for s in self.server.accounts.sessions)

    # --- sync

    def c_gap(self, room, missing, limited=True):
        self.room(room).cut = (missing, limited)
        self.world.touch()

    def c_duplicate(self, room, last=1, event_id=None):
        r = self.room(room)
        r.again += [r.by_id[event_id]] if event_id else r.events[-last:]
        self.world.touch()

    def c_next_sync(self, body=None, body_b64=None, json=None, status=200,
                    kind="application/json", headers=None, token=None):
        if json is not None:
            data = self.server.encode(json)
        else:
            data = base64.b64decode(body_b64) if body_b64 is not None else (body or "").encode()
        if token is not None:
            self.server.tokens[token] = self.world.pos
        self.server.api.next_syncs.append(
            {"body": data, "status": status, "kind": kind, "headers": headers})
        self.world.touch()

    def c_forget_since(self):
        self.world.epoch += 1
        self.server.tokens.clear()

    def c_account_data_set(self, user, type, content):
        self.user(user).account_data[type] = (self.world.step(), content)
        self.world.touch()

    # --- accounts

    def sessions(self, user, device=None):
        return [s for s in self.server.accounts.sessions
                if s.user.id == user and device in (None, s.device)]

    def c_account(self, user, state):
        if state not in ("active", "locked", "suspended", "deactivated"):
            raise ValueError(f"no state {state}")
        self.user(user).state = state

    def c_logout(self, user, device=None, soft=False):
        for s in self.sessions(user, device):
            s.ended = "soft" if soft else "hard"

    def c_expire(self, user):
        for s in self.sessions(user):
            s.expires_at = self.world.now() - 1

    def c_access_token(self, user, device="ADMIN", refreshable=False):
        s = self.server.accounts.start(self.user(user), device, None, refreshable)
        return {"access_token": s.access, "refresh_token": s.refresh}

    def c_login_token(self, user):
        token = self.server.accounts.secret("mlt")
        self.server.accounts.login_tokens[token] = self.user(user)
        return {"token": token}

    def c_oauth(self, answer, user=None, user_code=None):
        grants = [g for g in self.server.accounts.grants.values()
                  if user_code in (None, g["user_code"])]
        if not grants or answer not in ("approved", "access_denied", "slow_down", "expired_token"):
            raise ValueError("no grant waits, or no such answer")
        grants[-1]["answer"] = answer
        if answer == "approved":
            grants[-1]["user"] = self.user(user)

    def c_advance(self, seconds):
        self.world.offset += seconds

    def c_config(self, **settings):
        unknown = set(settings) - set(self.server.config)
        if unknown:
            raise ValueError(f"no setting {', '.join(unknown)}")
        if "rate_limits" in settings:
            self.server.buckets.clear()
        self.server.config.update(settings)

    # --- faults

    def c_fault(self, endpoint, verb, room=None, **args):
        room = self.room(room).id if room is not None else None
        self.server.faults.waiting.append(faults.make(endpoint, verb, room=room, **args))

    def c_faults_clear(self):
        self.server.faults.waiting.clear()

    def c_restart(self, down_ms=0):
        def after(conn):
            self.server.drop_all(conn)
            if down_ms:
                self.server.later = asyncio.ensure_future(self.server.down(down_ms))
        return after

    # --- questions

    def shown(self, e):
        return {"event_id": e.id, "type": e.kind, "sender": e.sender, "state_key": e.state_key,
                "content": e.content, "txn_id": e.txn, "redacts": e.redacts, "pos": e.pos,
                "ts": e.ts, "redacted": e.redacted_by is not None}

    def bot_events(self, room, type="m.room.message"):
        return [e for e in self.room(room).events if e.by_bot and type in ("*", e.kind)]

    def c_transcript(self, room, type="m.room.message"):
        return {"events": [self.shown(e) for e in self.bot_events(room, type)]}

    def c_events(self, room):
        return {"events": [self.shown(e) for e in self.room(room).events]}

    def c_log(self, endpoint=None, since=0):
        return {"requests": [e for e in self.server.log[since:]
                             if endpoint in (None, e["endpoint"])]}

    def c_counters(self):
        return {"counters": {**self.server.counters, "connections": len(self.server.connections),
                             "accepted": self.server.accepted}}

    def c_violations(self, clear=False):
        found = list(self.server.violations)
        if clear:
            self.server.violations.clear()
        return {"violations": found}

    def c_rooms(self, user):
        found = {"join": [], "invite": [], "leave": [], "ban": []}
        for room in self.world.rooms.values():
            found.get(room.membership(user), []).append(room.id)
        return found

    def c_devices(self, user):
        return {"devices": sorted(self.server.accounts.devices.get(user, {}))}

    def c_receipts(self, room):
        return {"receipts": self.room(room).receipts}

    def c_typing(self, room):
        return {"typing": self.room(room).typing}

    def c_account_data(self, user):
        return {"account_data": {k: v for k, (_, v) in self.user(user).account_data.items()}}

    def c_profile_get(self, user):
        return {"profile": self.user(user).profile()}

    def c_media_add(self, content_b64, type="application/octet-stream", filename=None):
        return {"mxc": self.server.api.keep(base64.b64decode(content_b64), type, filename, None)}

    def c_uploads(self, content=False):
        def about(number, m):
            shown = {"mxc": f"mxc://{self.world.name}/{number}", "type": m["type"],
                     "filename": m["filename"], "size": len(m["data"])}
            if content:
                shown["content_b64"] = base64.b64encode(m["data"]).decode()
            return shown
        return {"uploads": [about(n, m) for n, m in self.server.api.media.items() if m["user"]]}

    # --- waiting

    def missing(self, room, bot_events, type, contains, endpoint, requests, status, joined, left,
                violations, connections, synced, quiet_ms):
        """Which of the conditions do not hold, each as (name, what is so instead)."""
        if room is not None:
            events = self.bot_events(room, type)
            if bot_events is not None and len(events) < bot_events:
                yield f"bot_events: {len(events)}"
            if contains is not None and not any(
                    contains in str(e.content.get("body", "")) for e in events):
                yield f"contains: {[e.content.get('body') for e in events][-3:]}"
        if requests is not None:
            n = sum(e["endpoint"] == endpoint and status in (None, e["status"])
                    for e in self.server.log)
            if n < requests:
                yield f"requests: {n}"
        for name, wanted in ((joined, ("join",)), (left, ("leave", "ban", None))):
            if name is not None:
                users = {s.user.id for s in self.server.accounts.sessions}
                if not any(self.room(name).membership(u) in wanted for u in users):
                    yield f"membership of {name}"
        if violations is not None and len(self.server.violations) < violations:
            yield f"violations: {len(self.server.violations)}"
        if connections is not None and len(self.server.connections) < connections:
            yield f"connections: {len(self.server.connections)}"
        if synced and not any(c.entry.get("polling") == self.world.pos
                              for c in self.server.syncing.values()):
            yield "synced"
        if quiet_ms is not None and self.quiet() < quiet_ms / 1000:
            yield "quiet"

    def quiet(self):
        return time.monotonic() - self.server.last_request

    async def c_wait(self, timeout_s=10, room=None, bot_events=None, type="m.room.message",
                     contains=None, endpoint=None, requests=None, status=None, joined=None,
                     left=None, violations=None, connections=None, synced=False, quiet_ms=None):
        conditions = (room, bot_events, type, contains, endpoint, requests, status, joined, left,
                      violations, connections, synced, quiet_ms)
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout_s
        while True:
            moved = self.server.moved
            missing = list(self.missing(*conditions))
            now = loop.time()
            if not missing or now >= end:
                return {"ok": not missing, "missing": missing}
            pause = end - now
            if "quiet" in missing:
                pause = min(pause, max(0.001, quiet_ms / 1000 - self.quiet()))
            try:
                await asyncio.wait_for(moved.wait(), pause)
            except asyncio.TimeoutError:
                pass
