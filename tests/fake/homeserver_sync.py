"""homeserver_sync.py - what GET /sync and GET /messages answer.

build() looks at the world between two positions and takes what was laid aside for the next
answer (duplicates, gaps, raw events) out of the rooms it shows.
"""
import fnmatch
import random

LIMIT = 10  # of a timeline, if the filter says nothing


def passes(rule, kind, sender=None, room=None):
    """Whether an (Room)EventFilter lets it through."""
    def like(patterns):
        return any(fnmatch.fnmatchcase(kind, p.replace("[", "[[]")) for p in patterns)

    if "types" in rule and not like(rule["types"]) or like(rule.get("not_types", ())):
        return False
    if sender is not None and ("senders" in rule and sender not in rule["senders"]
                               or sender in rule.get("not_senders", ())):
        return False
    return room is None or not ("rooms" in rule and room not in rule["rooms"]
                                or room in rule.get("not_rooms", ()))


class Builder:
    def __init__(self, world, config, user, device, since, rule, state_after, full_state):
        self.world, self.config = world, config
        self.user, self.device = user, device
        self.since = since        # a position, or None: initial
        self.now = world.pos
        self.room_rule = rule.get("room", {})
        self.rule = rule
        self.state_after = state_after and config["state_after"]
        self.full_state = full_state
        self.something = False

    def shown(self, events):
        now = self.world.now_ms()
        return [e.client(self.device, now) for e in events]

    def section(self, name):
        return self.room_rule.get(name, {})

    # --- one room

    def wanted(self, e):
        return passes(self.section("timeline"), e.kind, e.sender, e.room.id)

    def timeline(self, room, since, until):
        """(events, limited, position before the first)."""
        events = [e for e in room.events if (since or 0) < e.pos <= until and self.wanted(e)]
        limited = False
        if room.cut is not None and since is not None:
            missing, limited = room.cut
            room.cut = None
            events = events[missing:]
        limit = max(1, self.section("timeline").get("limit", LIMIT))
        if len(events) > limit:
            events, limited = events[-limit:], True
        start = events[0].pos - 1 if events else until
        events = list(events) + room.again
        room.again = []
        if self.config["duplicate_all"]:
            events = [e for e in events for _ in (1, 2)]
        return events, limited, start

    def state(self, room, since, until, start, timeline):
        """The state events to show: what changed, or all of it."""
        end = room.state_at(until if self.state_after else start)
        before = room.state_at(since) if since is not None and not self.full_state else {}
        delta = {k: e for k, e in end.items() if before.get(k) is not e}
        rule = self.section("state")
        if rule.get("lazy_load_members"):
            senders = {e.sender for e in timeline} | {self.user.id}
            if since is None:
                delta = {k: e for k, e in delta.items()
                         if k[0] != "m.room.member" or k[1] in senders}
            for s in senders:
                key = ("m.room.member", s)
                if key in end and timeline:
                    delta.setdefault(key, end[key])
        return [e for (kind, _), e in delta.items() if passes(rule, kind, e.sender, room.id)]

    def joined(self, room, since):
        new = since is None
        timeline, limited, start = self.timeline(room, since, self.now)
        state = self.state(room, since, self.now, start, timeline)
        entry = {
            "timeline": {"events": self.shown(timeline), "limited": limited,
                         "prev_batch": self.world.token(start, "t")},
            "state_after" if self.state_after else "state": {"events": self.shown(state)},
            "ephemeral": {"events": self.ephemeral(room, since)},
            "account_data": {"events": self.account_data(
                room.account_data.get(self.user.id, {}), self.section("account_data"), since)},
            "unread_notifications": {"highlight_count": 0, "notification_count": 0},
        }
        timeline_raw = room.extra.pop("timeline", [])
        entry["timeline"]["events"] += timeline_raw
        state_raw = room.extra.pop("state", [])
        entry["state_after" if self.state_after else "state"]["events"] += state_raw
        entry["ephemeral"]["events"] += room.extra.pop("ephemeral", [])
        entry["account_data"]["events"] += room.extra.pop("room_account_data", [])
        entry["summary"] = self.summary(room)
        parts = [entry["timeline"]["events"], state, state_raw, entry["ephemeral"]["events"],
                 entry["account_data"]["events"]]
        return entry if new or limited or self.full_state or any(parts) else None

    def summary(self, room):
        others = [u for u in room.members("join", "invite") if u != self.user.id]
        return {"m.heroes": others[:5], "m.joined_member_count": len(room.members("join")),
                "m.invited_member_count": len(room.members("invite"))}

    def ephemeral(self, room, since):
        rule = self.section("ephemeral")
        return [c for pos, c in room.ephemeral
                if pos > (since or 0) and passes(rule, c["type"], None, room.id)]

    def account_data(self, data, rule, since):
        return [{"type": kind, "content": content} for kind, (pos, content) in data.items()
                if pos > (since or 0) and passes(rule, kind)]

    def left(self, room, since):
        event = room.get("m.room.member", self.user.id)
        was = room.membership(self.user.id, since) if since is not None else None
        begin = since if was == "join" else event.pos - 1
        # The bot's own leave ends what it may see.
        events, limited, start = self.timeline(room, begin, event.pos)
        state = self.state(room, begin, event.pos, start, events)
        return {"timeline": {"events": self.shown(events), "limited": limited,
                             "prev_batch": self.world.token(start, "t")},
                "state_after" if self.state_after else "state": {"events": self.shown(state)},
                "account_data": {"events": []}}

    def room(self, room, out):
        if not passes({k: v for k, v in self.room_rule.items() if k in ("rooms", "not_rooms")},
                      "", None, room.id):
            return
        event = room.get("m.room.member", self.user.id)
        if event is None or event.pos <= room.forgotten.get(self.user.id, 0):
            return
        now = event.content.get("membership")
        fresh = self.since is None or event.pos > self.since
        if now == "join":
            was = room.membership(self.user.id, self.since) if self.since is not None else None
            entry = self.joined(room, self.since if was == "join" else None)
            if entry is not None:
                out["join"][room.id] = entry
        elif now == "invite" and (fresh or room.extra.get("invite_state")):
            raw = room.extra.pop("invite_state", [])
            out["invite"][room.id] = {"invite_state": {
                "events": room.invite_state(self.user.id) + raw}}
        elif now in ("leave", "ban") and fresh and (
                self.since is not None or self.room_rule.get("include_leave")):
            out["leave"][room.id] = self.left(room, self.since)

    # --- the whole

    def build(self):
        """(answer, whether there is anything in it)."""
        rooms = {"join": {}, "invite": {}, "leave": {}}
        order = list(self.world.rooms.values())
        if self.config["room_order"] == "reverse":
            order.reverse()
        elif self.config["room_order"] == "shuffle":
            random.Random(self.now).shuffle(order)
        for room in order:
            self.room(room, rooms)
        to_device = [e for pos, e in self.user.to_device if pos > (self.since or 0)]
        account = self.account_data(self.user.account_data, self.rule.get("account_data", {}),
                                    self.since)
        account += self.user.extra_account_data
        self.user.extra_account_data = []
        something = any(rooms.values()) or to_device or account
        answer = {"next_batch": self.world.token(self.now),
                  "rooms": {k: v for k, v in rooms.items() if v},
                  "account_data": {"events": account}, "presence": {"events": []},
                  "to_device": {"events": to_device}, "device_lists": {"changed": [], "left": []},
                  "device_one_time_keys_count": {"signed_curve25519": 0},
                  "device_unused_fallback_key_types": []}
        return answer, bool(something)


def messages(world, room, device, direction, begin, end, limit, rule):
    """GET /messages. begin and end are positions, or None."""
    events = [e for e in room.events if passes(rule, e.kind, e.sender, room.id)]
    if direction == "f":
        start = 0 if begin is None else begin
        events = [e for e in events if e.pos > start and (end is None or e.pos <= end)]
    else:
        start = world.pos if begin is None else begin
        events = [e for e in reversed(events) if e.pos <= start and (end is None or e.pos > end)]
    chunk = events[:limit]
    now = world.now_ms()
    answer = {"start": world.token(start, "t"),
              "chunk": [e.client(device, now, room_id=True) for e in chunk]}
    if len(events) > limit:
        last = chunk[-1].pos
        answer["end"] = world.token(last if direction == "f" else last - 1, "t")
    return answer
