"""homeserver_rooms.py - rooms, their events and who is in them.

Everything that a client could see later has a position in one stream (World.pos); the tokens of
/sync and /messages stand for a position. World.touch() wakes the long polls.
"""
import asyncio
import base64
import hashlib
import os
import time

KEPT = {  # what a redaction leaves of a state event
    "m.room.member": {"membership", "join_authorised_via_users_server"},
    "m.room.create": None,
    "m.room.join_rules": {"join_rule", "allow"},
    "m.room.power_levels": None,
    "m.room.history_visibility": {"history_visibility"},
}
STRIPPED = ("m.room.create", "m.room.name", "m.room.avatar", "m.room.topic", "m.room.join_rules",
            "m.room.canonical_alias", "m.room.encryption")


class Raw:
    """Bytes that stand in an answer as they are, good JSON or not."""

    def __init__(self, data):
        self.data = data


def opaque():
    return base64.urlsafe_b64encode(hashlib.sha256(os.urandom(16)).digest()).decode().rstrip("=")


class Event:
    def __init__(self, room, kind, sender, content, ts, state_key=None):
        self.room, self.kind, self.sender, self.content = room, kind, sender, content
        self.ts, self.state_key = ts, state_key
        self.pos = 0
        self.id = None
        self.raw = None           # served instead of all else
        self.redacts = None
        self.redacts_in = None    # content, top, both
        self.redacted_by = None
        self.prev_content = None
        self.replaces = None
        self.device = self.txn = None
        self.by_bot = False       # it came with the API, not from the test

    def client(self, device, now, room_id=False):
        """As the Client-Server API shows it to that device."""
        if self.raw is not None:
            return Raw(self.raw)
        unsigned = {"age": max(0, now - self.ts)}
        shown = {"type": self.kind, "event_id": self.id, "sender": self.sender,
                 "origin_server_ts": self.ts, "content": self.content, "unsigned": unsigned}
        if room_id:
            shown["room_id"] = self.room.id
        if self.state_key is not None:
            shown["state_key"] = self.state_key
            if self.prev_content is not None:
                unsigned["prev_content"] = self.prev_content
                unsigned["replaces_state"] = self.replaces
        if self.redacts is not None and self.redacts_in in ("top", "both"):
            shown["redacts"] = self.redacts
        if self.txn is not None and device is not None and device == self.device:
            unsigned["transaction_id"] = self.txn
        if self.redacted_by is not None:
            unsigned["redacted_because"] = self.redacted_by.client(None, now, room_id)
        return shown

    def stripped(self):
        if self.raw is not None:
            return Raw(self.raw)
        return {"type": self.kind, "sender": self.sender, "state_key": self.state_key,
                "content": self.content}

    def prune(self, by):
        kept = KEPT.get(self.kind, set())
        if kept is not None:
            self.content = {k: v for k, v in self.content.items() if k in kept}
        self.redacted_by = by


class Room:
    def __init__(self, world, version, label):
        self.world = world
        self.version = version
        self.label = label
        self.id = None
        self.remote = None       # the only server that a join can go through
        self.events = []
        self.by_id = {}
        self.state_log = []
        self.encrypted_at = None  # sticky, whatever the state says later
        self.forgotten = {}       # user: position
        self.direct = False
        # Given with the next /sync that has this room:
        self.cut = None           # (missing, limited)
        self.again = []           # events
        self.extra = {}           # where: [Raw]
        self.ephemeral = []       # (pos, content)
        self.account_data = {}    # user: {type: (pos, content)}
        # What the bot said about itself:
        self.typing = {}          # user: [True, False ...]
        self.receipts = []        # dicts
        self.in_flight = []       # sends that have no answer yet
        self.plain_notices = 0

    def __getstate__(self):
        return {k: v for k, v in self.__dict__.items() if k not in ("world", "in_flight")}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.in_flight = []

    # --- state

    def state_at(self, pos):
        state = {}
        for e in self.state_log:
            if e.pos > pos:
                break
            state[(e.kind, e.state_key)] = e
        return state

    def state(self):
        return self.state_at(self.world.pos)

    def get(self, kind, key="", pos=None):
        for e in reversed(self.state_log):
            if e.kind == kind and e.state_key == key and (pos is None or e.pos <= pos):
                return e
        return None

    def membership(self, user, pos=None):
        e = self.get("m.room.member", user, pos)
        return e.content.get("membership") if e else None

    def members(self, *kinds):
        return [key for (kind, key), e in self.state().items()
                if kind == "m.room.member" and e.content.get("membership") in kinds]

    def level(self, user):
        create = self.get("m.room.create")
        if int(self.version) >= 12 and create and create.sender == user:
            return 1 << 31
        levels = self.get("m.room.power_levels")
        levels = levels.content if levels else {}
        return levels.get("users", {}).get(user, levels.get("users_default", 0))

    def needed(self, kind, is_state):
        levels = self.get("m.room.power_levels")
        levels = levels.content if levels else {}
        default = levels.get("state_default", 50) if is_state else levels.get("events_default", 0)
        return levels.get("events", {}).get(kind, default)

    # --- events

    def event_id(self):
        if int(self.version) <= 2:
            return f"${opaque()[:18]}:{self.world.name}"
        return "$" + opaque()

    def add(self, kind, sender, content, state_key=None, ts=None, event_id=None, raw=None):
        e = Event(self, kind, sender, content, self.world.now_ms() if ts is None else ts, state_key)
        e.raw = raw
        e.id = event_id or self.event_id()
        e.pos = self.world.step()
        if state_key is not None:
            before = self.get(kind, state_key)
            if before is not None:
                e.prev_content, e.replaces = before.content, before.id
            self.state_log.append(e)
        self.events.append(e)
        self.by_id[e.id] = e
        if self.world.journal is not None:
            self.world.journal.append(e)
        if kind in ("m.room.encryption", "m.room.encrypted") and self.encrypted_at is None:
            self.encrypted_at = e.pos
        self.world.touch()
        return e

    def member(self, user, membership, sender=None, **more):
        profile = self.world.users[user].profile() if user in self.world.users else {}
        content = {"membership": membership}
        if membership in ("join", "invite"):
            content.update(profile)
        content.update({k: v for k, v in more.items() if v is not None})
        return self.add("m.room.member", sender or user, content, user)

    def redact(self, sender, target, reason=None, where=None):
        """where the redaction names its target: content (since version 11), top or both."""
        where = where or ("content" if int(self.version) >= 11 else "top")
        content = {"reason": reason} if reason is not None else {}
        if where in ("content", "both"):
            content["redacts"] = target
        e = self.add("m.room.redaction", sender, content)
        e.redacts, e.redacts_in = target, where
        if target in self.by_id:
            self.by_id[target].prune(e)
        return e

    def reactions(self, user, target, key):
        want = {"rel_type": "m.annotation", "event_id": target, "key": key}
        return [e for e in self.events if e.kind == "m.reaction" and e.sender == user
                and e.raw is None and e.content.get("m.relates_to") == want]

    def invite_state(self, user):
        now = self.state()
        keys = [(kind, "") for kind in STRIPPED]
        invite = now[("m.room.member", user)]
        keys += [("m.room.member", invite.sender), ("m.room.member", user)]
        return [now[k].stripped() for k in dict.fromkeys(keys) if k in now]


class User:
    def __init__(self, user_id, password=None):
        self.id = user_id
        self.password = password
        self.displayname = None
        self.avatar_url = None
        self.state = "active"        # locked, suspended, deactivated
        self.auto_accept = False
        self.is_bot = False
        self.filters = {}
        self.account_data = {}       # type: (pos, content)
        self.to_device = []          # (pos, Raw or dict)
        self.extra_account_data = []  # given once
        self.seen = 0                # the position of the last since it came with

    def profile(self):
        given = {"displayname": self.displayname, "avatar_url": self.avatar_url}
        return {k: v for k, v in given.items() if v}


class World:
    def __init__(self, name):
        self.name = name
        self.pos = 1
        self.offset = 0.0            # of the clock, in seconds
        self.epoch = 1               # tokens of earlier ones are refused
        self.users = {}
        self.rooms = {}              # by id, and in the order they were made
        self.aliases = {}
        self.changed = asyncio.Event()
        self.journal = None          # events that are not on disk yet

    # --- time

    def now(self):
        return time.time() + self.offset

    def now_ms(self):
        return int(self.now() * 1000)

    def step(self):
        self.pos += 1
        return self.pos

    def touch(self):
        """Something happened: whoever waits looks again."""
        old, self.changed = self.changed, asyncio.Event()
        old.set()

    # --- tokens: a position in the stream, for us alone to read

    def token(self, pos, kind="s"):
        return f"{kind}{pos}_{self.epoch}_fake"

    def position(self, token):
        """Its position; None: refused because it is of an earlier epoch. ValueError: not ours."""
        parts = token[1:].split("_")
        if token[0] not in "st" or len(parts) != 3 or parts[2] != "fake":
            raise ValueError(token)
        pos, epoch = int(parts[0]), int(parts[1])
        if epoch < self.epoch:
            return None
        if epoch > self.epoch or not 0 <= pos <= self.pos:
            raise ValueError(token)
        return pos

    # --- rooms

    def create_room(self, creator, version="11", label=None, name=None, direct=False,
                    encrypted=False, join_rule="invite", room_type=None, predecessor=None,
                    alias=None, remote=None, room_id=None, topic=None):
        room = Room(self, str(version), label)
        number = int(room.version)
        room.id = room_id or ("!" + opaque() if number >= 12 else
                              f"!{opaque()[:18]}:{remote or self.name}")
        room.remote = remote
        self.rooms[room.id] = room
        content = {"room_version": room.version}
        if number <= 10:
            content["creator"] = creator
        if room_type:
            content["type"] = room_type
        if predecessor:
            content["predecessor"] = predecessor
        # Since version 12 the room is named after its first event.
        room.add("m.room.create", creator, content, "",
                 event_id="$" + room.id[1:] if number >= 12 and not room_id else None)
        room.member(creator, "join")
        levels = {"users": {} if number >= 12 else {creator: 100}, "users_default": 0,
                  "events_default": 0, "state_default": 50, "ban": 50, "kick": 50, "redact": 50,
                  "invite": 0}
        room.add("m.room.power_levels", creator, levels, "")
        room.add("m.room.join_rules", creator, {"join_rule": join_rule}, "")
        room.add("m.room.history_visibility", creator, {"history_visibility": "shared"}, "")
        if encrypted:
            room.add("m.room.encryption", creator, {"algorithm": "m.megolm.v1.aes-sha2"}, "")
        if name:
            room.add("m.room.name", creator, {"name": name}, "")
        if topic:
            room.add("m.room.topic", creator, {"topic": topic}, "")
        if alias:
            self.aliases[alias] = room.id
            room.add("m.room.canonical_alias", creator, {"alias": alias}, "")
        room.direct = direct
        return room

    def find_room(self, name):
        """By id, alias or label; None."""
        if name in self.rooms:
            return self.rooms[name]
        if name in self.aliases:
            return self.rooms.get(self.aliases[name])
        labelled = [r for r in self.rooms.values() if r.label == name]
        return labelled[0] if labelled else None

    def invite(self, room, sender, user, reason=None):
        event = room.member(user, "invite", sender, reason=reason,
                            is_direct=True if room.direct else None)
        if user in self.users and self.users[user].auto_accept:
            room.member(user, "join")
        return event
