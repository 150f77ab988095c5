"""homeserver_api.py - the answers of the Client-Server API, except those about sessions.

Each do_ function answers one endpoint of homeserver_schema.py; its request has been checked
against the table. It returns the answer (200), or (status, answer), or a Response.
"""
import asyncio
import json
import secrets
import urllib.parse

import homeserver_content as content
from homeserver_auth import MatrixError
from homeserver_http import Response
from homeserver_rooms import Raw
from homeserver_schema import ACCOUNT_DATA, Wrong, check
from homeserver_sync import Builder, messages

MEMBER_ONLY = "You are not in this room"


class Api:
    def __init__(self, server):
        self.server = server
        self.world = server.world
        self.config = server.config
        self.filters = {}
        self.media = {}           # id: dict
        self.sends = {}           # (device, path): (event id, body)
        self.next_syncs = []      # dicts: what the next answers of /sync are instead

    # --- who may do what

    def room(self, call, membership="join"):
        """The room of the path, of which the user is a member. Raises MatrixError."""
        room = self.world.rooms.get(call.params["roomId"])
        if room is None:
            raise MatrixError(403, "M_FORBIDDEN", MEMBER_ONLY)
        if membership and room.membership(call.user.id) != membership:
            raise MatrixError(403, "M_FORBIDDEN", MEMBER_ONLY)
        return room

    def own(self, call):
        if call.params["userId"] != call.user.id:
            call.violate("userId is not the user of the token")
            raise MatrixError(403, "M_FORBIDDEN", "Not your user")

    def active(self, call):
        if call.user.state == "suspended":
            raise MatrixError(403, "M_USER_SUSPENDED", "Your account is suspended")

    def may_send(self, call, room, kind, is_state=False):
        self.active(call)
        if room.level(call.user.id) < room.needed(kind, is_state):
            raise MatrixError(403, "M_FORBIDDEN", "Your power level is too low")

    def must(self, wrong):
        if wrong:
            raise Wrong("; ".join(wrong))

    # --- about the server

    def do_well_known(self, call):
        given = self.config["well_known"]
        if given is None:
            return {"m.homeserver": {"base_url": call.base}}
        body = given.get("body", "")
        if not isinstance(body, str):
            body = json.dumps(body)
        headers = {"Location": given["location"]} if "location" in given else None
        return Response(given.get("status", 200), body.replace("$BASE", call.base).encode(), headers)

    def do_versions(self, call):
        return {"versions": self.config["versions"], "unstable_features": {}}

    def do_capabilities(self, call):
        versions = {str(v): "stable" for v in range(1, 13)}
        return {"capabilities": {"m.room_versions": {"default": "12", "available": versions},
                                 "m.change_password": {"enabled": False}}}

    def do_pushrules(self, call):
        rule = {"rule_id": ".m.rule.suppress_notices", "default": True, "enabled": True,
                "conditions": [{"kind": "event_match", "key": "content.msgtype",
                                "pattern": "m.notice"}], "actions": []}
        return {"global": {"override": [rule], "content": [], "room": [], "sender": [],
                           "underride": []}}

    # --- sync

    def do_filter_put(self, call):
        self.own(call)
        number = str(len(self.filters))
        self.filters[number] = (call.user, call.body)
        return {"filter_id": number}

    def filter(self, user, number):
        owner, rule = self.filters.get(number, (None, None))
        if owner is not user:
            raise MatrixError(404, "M_NOT_FOUND", "No such filter")
        return rule

    def do_filter_get(self, call):
        self.own(call)
        return self.filter(call.user, call.params["filterId"])

    def position(self, call, name):
        """The position of a token of the query, None if it is not given."""
        token = call.query.get(name)
        if token is None:
            return None
        if token in self.server.tokens:
            return self.server.tokens[token]
        try:
            pos = self.world.position(token)
        except (ValueError, IndexError):
            raise Wrong(f"{name} is not a token that was given out", "M_INVALID_PARAM") from None
        if pos is None:
            raise MatrixError(400, "M_UNKNOWN", f"Unknown {name}")
        return pos

    async def do_sync(self, call):
        q = call.query
        text = q.get("filter", "{}")
        rule = json.loads(text) if text.startswith("{") else self.filter(call.user, text)
        since = self.position(call, "since")
        if since is not None and since > call.user.seen:
            call.user.seen = since
            call.user.to_device = [e for e in call.user.to_device if e[0] > since]
        self.server.progress()
        loop = asyncio.get_running_loop()
        end = loop.time() + int(q.get("timeout", "0")) / 1000
        while True:
            changed = self.world.changed
            if self.next_syncs:
                return self.next_sync(self.next_syncs.pop(0))
            answer, something = Builder(
                self.world, self.config, call.user, call.session.device, since, rule,
                q.get("use_state_after") == "true", q.get("full_state") == "true").build()
            left = end - loop.time()
            if something or since is None or left <= 0 or q.get("full_state") == "true":
                return answer
            # Nothing of what there is by now is for this client: it is up to date.
            call.entry["polling"] = self.world.pos
            self.server.progress()
            try:
                await asyncio.wait_for(changed.wait(), left)
            except asyncio.TimeoutError:
                pass

    def next_sync(self, given):
        token = self.world.token(self.world.pos)
        body = given["body"].replace(b"$NEXT", token.encode())
        return Response(given["status"], body, given["headers"], given["kind"])

    def do_messages(self, call):
        room = self.room(call, None)
        if room.membership(call.user.id) not in ("join", "leave", "ban"):
            raise MatrixError(403, "M_FORBIDDEN", MEMBER_ONLY)
        limit = max(1, min(int(call.query.get("limit", "10")), self.config["messages_max"]))
        answer = messages(self.world, room, call.session.device, call.query["dir"],
                          self.position(call, "from"), self.position(call, "to"), limit,
                          json.loads(call.query.get("filter", "{}")))
        if self.config["messages_end"] and answer["chunk"] and "end" not in answer:
            last = [e for e in room.events if e.client(None, 0) is not None][-1]
            answer["end"] = self.world.token(last.pos if call.query["dir"] == "f" else 0, "t")
        return answer

    # --- membership

    def do_join(self, call):
        name = call.params["roomIdOrAlias"]
        room = self.world.find_room(name) if name[0] == "#" else self.world.rooms.get(name)
        return self.join(call, room, call.query.get("via", []))

    def do_join_room(self, call):
        return self.join(call, self.world.rooms.get(call.params["roomId"]), [])

    def join(self, call, room, via):
        self.active(call)
        user = call.user.id
        if room is None:
            raise MatrixError(404, "M_NOT_FOUND", "No known servers")
        now = room.membership(user)
        if now == "join":
            return {"room_id": room.id}
        if room.remote is not None and room.remote not in via:
            raise MatrixError(404, "M_NOT_FOUND", "No known servers")
        rule = room.get("m.room.join_rules").content.get("join_rule")
        if now == "ban" or now != "invite" and rule != "public":
            raise MatrixError(403, "M_FORBIDDEN", "You are not invited to this room.")
        self.server.limit(call, "rc_joins_remote" if room.remote else "rc_joins")
        room.forgotten.pop(user, None)
        self.mark(room.member(user, "join", reason=call.body.get("reason")), call)
        return {"room_id": room.id}

    def mark(self, event, call, txn=None):
        event.by_bot, event.device, event.txn = True, call.session.device, txn
        self.server.progress()
        return event

    def do_leave(self, call):
        room = self.room(call, None)
        if room.membership(call.user.id) not in ("join", "invite"):
            raise MatrixError(403, "M_FORBIDDEN", MEMBER_ONLY)
        self.mark(room.member(call.user.id, "leave", reason=call.body.get("reason")), call)
        return {}

    def do_forget(self, call):
        room = self.room(call, None)
        if room.membership(call.user.id) not in ("leave", "ban"):
            raise MatrixError(400, "M_UNKNOWN", "You have not left this room")
        room.forgotten[call.user.id] = self.world.pos
        return {}

    # --- sending

    def once(self, call, do):
        """The event that the same request made before, or the one that do() makes."""
        key = (call.session.user.id, call.session.device, call.request.path)
        if key in self.sends:
            event_id, body = self.sends[key]
            if body != call.body:
                raise Wrong("a transaction id with another body than before")
            self.server.counters["repeats"] += 1
            return {"event_id": event_id}
        event = self.mark(do(), call, call.params["txnId"])
        self.sends[key] = (event.id, call.body)
        return {"event_id": event.id}

    def do_send(self, call):
        room = self.room(call)
        self.may_send(call, room, call.params["eventType"])
        return self.once(call, lambda: self.send(call, room, call.params["eventType"], call.body))

    def send(self, call, room, kind, body):
        if content.canonical_size(body) > self.config["event_max"]:
            raise MatrixError(413, "M_TOO_LARGE", "event too large")
        self.must(content.check_content(kind, body))
        self.must(content.check_relation(room, call.user.id, kind, body))
        if kind == "m.reaction":
            relates = body["m.relates_to"]
            if room.reactions(call.user.id, relates["event_id"], relates["key"]):
                raise MatrixError(400, "M_DUPLICATE_ANNOTATION", "Already reacted like that")
        self.server.limit(call, "rc_message")
        if kind == "m.room.message" and room.encrypted_at is not None and (
                room.encrypted_at <= call.user.seen):
            # One notice, to say that the bot cannot read, is all that may go there.
            notice = body["msgtype"] == "m.notice"
            room.plain_notices += notice
            if not notice or room.plain_notices > 1:
                raise Wrong("a message in the clear into an encrypted room")
        return room.add(kind, call.user.id, body)

    def do_redact(self, call):
        room = self.room(call)
        self.may_send(call, room, "m.room.redaction")
        return self.once(call, lambda: self.redact(call, room))

    def redact(self, call, room):
        target = room.by_id.get(call.params["eventId"])
        if target is None:
            raise MatrixError(404, "M_NOT_FOUND", "No such event")
        levels = room.get("m.room.power_levels").content
        if target.sender != call.user.id and room.level(call.user.id) < levels.get("redact", 50):
            raise MatrixError(403, "M_FORBIDDEN", "Not your event")
        self.server.limit(call, "rc_message")
        return room.redact(call.user.id, target.id, call.body.get("reason"))

    def do_state_put(self, call):
        room = self.room(call)
        kind, key = call.params["eventType"], call.params.get("stateKey", "")
        self.may_send(call, room, kind, is_state=True)
        self.must(content.check_state(kind, call.body))
        if content.canonical_size(call.body) > self.config["event_max"]:
            raise MatrixError(413, "M_TOO_LARGE", "event too large")
        return {"event_id": self.mark(room.add(kind, call.user.id, call.body, key), call).id}

    # --- reading a room

    def do_state(self, call):
        now = self.world.now_ms()
        return [e.client(None, now, True) for e in self.room(call).state().values()]

    def do_state_get(self, call):
        e = self.room(call).get(call.params["eventType"], call.params.get("stateKey", ""))
        if e is None:
            raise MatrixError(404, "M_NOT_FOUND", "No such state")
        return e.content if e.raw is None else Raw(e.raw)

    def do_event(self, call):
        e = self.room(call).by_id.get(call.params["eventId"])
        if e is None:
            raise MatrixError(404, "M_NOT_FOUND", "No such event")
        return e.client(call.session.device, self.world.now_ms(), True)

    def do_joined_members(self, call):
        room = self.room(call)
        members = {}
        for user in room.members("join"):
            about = room.get("m.room.member", user).content
            members[user] = {"display_name": about.get("displayname"),
                             "avatar_url": about.get("avatar_url")}
        return {"joined": members}

    def do_joined_rooms(self, call):
        return {"joined_rooms": [r.id for r in self.world.rooms.values()
                                 if r.membership(call.user.id) == "join"]}

    def do_alias(self, call):
        room = self.world.aliases.get(call.params["roomAlias"])
        if room is None:
            raise MatrixError(404, "M_NOT_FOUND", "No such alias")
        return {"room_id": room, "servers": [self.world.name]}

    # --- typing and receipts

    def do_typing(self, call):
        self.own(call)
        room = self.room(call)
        if call.body["typing"] and "timeout" not in call.body:
            raise Wrong("typing without a timeout")
        room.typing.setdefault(call.user.id, []).append(call.body["typing"])
        return {}

    def receipt(self, call, room, kind, event_id, thread=None):
        e = room.by_id.get(event_id)
        if e is None:
            raise Wrong(f"a receipt for {event_id}, which is not in this room")
        if e.sender == call.user.id and kind != "m.fully_read":
            raise Wrong("a receipt for one's own event")
        if thread is not None:
            if kind == "m.fully_read":
                raise Wrong("m.fully_read with a thread_id")
            rel_type, root = content.relation(e)
            if thread != (root if rel_type == "m.thread" else "main") and thread != e.id:
                raise Wrong("a receipt with the thread_id of another thread")
        room.receipts.append({"user": call.user.id, "type": kind, "event_id": event_id,
                              "thread_id": thread})

    def do_receipt(self, call):
        self.receipt(call, self.room(call), call.params["receiptType"], call.params["eventId"],
                     call.body.get("thread_id"))
        return {}

    def do_read_markers(self, call):
        room = self.room(call)
        for kind, event_id in call.body.items():
            self.receipt(call, room, kind, event_id)
        return {}

    # --- the user

    def profile(self, call):
        user = self.world.users.get(call.params["userId"])
        if user is None:
            raise MatrixError(404, "M_NOT_FOUND", "No such user")
        return user.profile()

    def do_profile(self, call):
        return self.profile(call)

    def do_displayname(self, call):
        return {k: v for k, v in self.profile(call).items() if k == "displayname"}

    def do_avatar(self, call):
        return {k: v for k, v in self.profile(call).items() if k == "avatar_url"}

    def set_profile(self, call, name):
        self.own(call)
        self.active(call)
        if (getattr(call.user, name) or "") != call.body[name]:
            setattr(call.user, name, call.body[name])
            # As servers do: each room is told by another join event of the same member.
            for room in self.world.rooms.values():
                if room.membership(call.user.id) == "join":
                    self.mark(room.member(call.user.id, "join"), call)
        return {}

    def do_displayname_put(self, call):
        return self.set_profile(call, "displayname")

    def do_avatar_put(self, call):
        return self.set_profile(call, "avatar_url")

    def do_account_data(self, call):
        self.own(call)
        if call.params["type"] not in call.user.account_data:
            raise MatrixError(404, "M_NOT_FOUND", "No such account data")
        return call.user.account_data[call.params["type"]][1]

    def do_account_data_put(self, call):
        self.own(call)
        kind = call.params["type"]
        if kind not in ACCOUNT_DATA:
            raise Wrong(f"account data {kind} is not one that a bot sets")
        self.must(check(ACCOUNT_DATA[kind], call.body))
        call.user.account_data[kind] = (self.world.step(), call.body)
        self.world.touch()
        return {}

    # --- media

    def do_keys_query(self, call):
        return {"device_keys": {user: {d: {} for d in self.config["device_keys"]}
                                for user in call.body["device_keys"]}, "failures": {}}

    def do_version(self, call):
        return {"server": {"name": self.config["server"], "version": "1"}}

    def do_ratelimit(self, call):
        """As Synapse: to administrators, an empty object where nothing was set."""
        if self.config["ratelimit_override"] is None:
            raise MatrixError(403, "M_FORBIDDEN", "You are not a server admin")
        return self.config["ratelimit_override"]

    def do_media_config(self, call):
        return {"m.upload.size": self.config["upload_max"]}

    def do_upload(self, call):
        if len(call.body) > self.config["upload_max"]:
            raise MatrixError(413, "M_TOO_LARGE", "Upload is too large")
        return {"content_uri": self.keep(call.body, call.request.header("content-type"),
                                         call.query.get("filename"), call.user.id)}

    def keep(self, data, kind, filename, user):
        number = secrets.token_hex(12)
        self.media[number] = {"data": data, "type": kind, "filename": filename, "user": user}
        return f"mxc://{self.world.name}/{number}"

    def do_download(self, call):
        found = self.media.get(call.params["mediaId"])
        if found is None or call.params["serverName"] != self.world.name:
            raise MatrixError(404, "M_NOT_FOUND", "No such media")
        if self.config["media_redirect"]:
            return Response(307, b"", {"Location": self.config["media_redirect"]})
        name = call.params.get("fileName") or found["filename"] or "file"
        disposition = "attachment; filename*=utf-8''" + urllib.parse.quote(name, safe="")
        return Response(200, found["data"], {"Content-Disposition": disposition}, found["type"])
