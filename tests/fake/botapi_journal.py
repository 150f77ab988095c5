"""botapi_journal.py - what the double has done, in a file, so that it can be killed.

Whatever changes the world is written down before it is carried out, and carried out before it is
answered. The next run carries it all out once more, without answering: it then knows each message
that was sent and each update that was confirmed, as the real server does when it is back. What a
kill leaves half written was not carried out, nor answered.

A record is a pickle: (time of the world, kind, what). Chance and clock are what they were then.
"""
import os
import pickle
import time

READING = frozenset(("wait", "transcript", "requests", "counters", "queries", "actions", "commands",
                     "texts", "webhook", "file", "restart"))


class Silent:
    """The connection of a call that was answered long ago, or never."""
    on_lost = None
    lost = True

    def __getattr__(self, name):
        return lambda *args: None


class Journal:
    """path None: nothing is kept."""

    def __init__(self, api, path):
        self.api = api
        self.path = path
        self.file = None
        self.frozen = False

    def open(self):
        """Carries out what stands there; what follows is added. Before the server listens."""
        if self.path is None:
            return
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(os.dup(fd), "rb") as old:
            good = self.replay(old)
        os.ftruncate(fd, good)
        os.lseek(fd, good, os.SEEK_SET)
        self.file = fd

    def replay(self, old):
        """Where the last whole record ends."""
        clock, good, last = self.api.world.clock, 0, None
        real, clock.loop = clock.loop, None
        while True:
            try:
                at, was, kind, what = pickle.load(old)
            except (EOFError, pickle.UnpicklingError, ValueError, IndexError, KeyError,
                    AttributeError):
                break
            good, last = old.tell(), (at, was)
            clock.base, clock.frozen = at, True
            getattr(self, "again_" + kind)(*what)
        clock.loop = real
        if last is not None:
            clock.set(last[0] + (0 if self.frozen else time.time() - last[1]), self.frozen)
        return good

    def add(self, kind, *what):
        """One write, which a kill cannot undo: the kernel has it."""
        if self.file is not None:
            os.write(self.file, pickle.dumps((self.api.world.clock.now(), time.time(), kind, what)))

    # --- once more

    def again_call(self, name, params, bad):
        fault = self.api.faults.match(name, params)
        if fault is not None and fault.before(Silent()):
            return
        if name == "getUpdates":
            self.api.poller.confirm(params)
        else:
            self.api.carry_out(name, params, Silent(), lambda answer: None, None, bad)

    def again_command(self, name, params):
        if name == "clock":
            self.frozen = params.get("freeze", self.frozen)
            return
        try:
            getattr(self.api.control, "do_" + name)(params)
        except Exception:  # it was refused then, too
            pass

    def again_taken(self, update):
        for u in list(self.api.world.queue.items):
            if u.id == update:
                self.api.world.queue.remove(u)
