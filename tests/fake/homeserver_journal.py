"""homeserver_journal.py - what the homeserver keeps in a file, so that it may be killed.

Like a real one it has written what it answers before it answers. The file is a row of pickles:
the state as a whole, then what came since: events, transactions of sends, violations. Whatever
else changes is a new whole, written beside and put in its place. A file that ends within a
pickle ends before it.
"""
import os
import pickle

from homeserver_rooms import Event

# Requests that change nothing but what the small records hold, or what nobody keeps.
SMALL = {"sync", "send", "messages", "receipt", "typing", "versions", "whoami", "profile",
         "wait", "log", "transcript", "events", "counters", "violations", "rooms", "receipts",
         "profile_get", "fault", "faults_clear", "account_data", "uploads"}


class Journal:
    def __init__(self, server, path):
        self.server, self.path = server, path
        self.file = None
        self.whole = None         # what the last whole was made of, roughly
        self.events = []          # (room, event) since the last record
        self.sends = set()        # keys that are written
        self.violations = 0
        if os.path.exists(path):
            self.load()
        server.world.journal = self.events
        self.write_whole()

    # --- reading

    def load(self):
        with open(self.path, "rb") as f:
            state = pickle.load(f)
            self.server.world.__dict__.update(state["world"])
            for room in self.server.world.rooms.values():
                room.world = self.server.world
            self.server.accounts.__dict__.update(state["accounts"])
            self.server.api.filters, self.server.api.sends = state["api"]
            self.server.config.update(state["config"])
            self.server.violations += state["violations"]
            while True:
                try:
                    record = pickle.load(f)
                except (EOFError, pickle.UnpicklingError, ValueError, IndexError):
                    return
                self.take(record)

    def take(self, record):
        world = self.server.world
        for room_id, fields in record["events"]:
            room = world.rooms[room_id]
            e = Event.__new__(Event)
            e.__dict__.update(fields)
            e.room = room
            room.events.append(e)
            room.by_id[e.id] = e
            if e.state_key is not None:
                room.state_log.append(e)
            world.pos = max(world.pos, e.pos)
        self.server.api.sends.update(record["sends"])
        self.server.violations += record["violations"]

    # --- writing

    def write_whole(self):
        server = self.server
        hidden = ("changed", "journal")
        state = {
            "world": {k: v for k, v in server.world.__dict__.items() if k not in hidden},
            "accounts": {k: v for k, v in server.accounts.__dict__.items()
                         if k not in ("world", "config")},
            "api": (server.api.filters, server.api.sends),
            "config": server.config,
            "violations": server.violations,
        }
        if self.file is not None:
            self.file.close()
        with open(self.path + ".new", "wb") as f:
            pickle.dump(state, f)
        os.replace(self.path + ".new", self.path)
        self.file = open(self.path, "ab", buffering=0)
        self.settle()

    def settle(self):
        self.events.clear()
        self.sends = set(self.server.api.sends)
        self.violations = len(self.server.violations)

    def write(self, name):
        """Before the answer to a request or a command of that name."""
        if name not in SMALL:
            self.write_whole()
            return
        sends = self.server.api.sends
        fresh = {} if len(sends) == len(self.sends) else {
            k: v for k, v in sends.items() if k not in self.sends}
        violations = self.server.violations[self.violations:]
        if not (self.events or fresh or violations):
            return
        record = {"events": [(e.room.id, {k: v for k, v in e.__dict__.items() if k != "room"})
                             for e in self.events],
                  "sends": fresh, "violations": violations}
        self.file.write(pickle.dumps(record))
        self.settle()
