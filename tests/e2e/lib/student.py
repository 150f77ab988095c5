"""student.py - somebody with a Matrix client (matrix-nio), in a direct chat with the bot.

  mia = Student(server, "mia", "@bot:localhost")     an account of her own on that Synapse
  await mia.meet()                                   invites the bot; it is there
  await mia.say("Hello"), await mia.hears("hello")
  await mia.close()

Texts are compared bare(): without case, marks and spaces.
"""
import asyncio
import re
import time

import nio

PASSWORD = "sesame"


def bare(text):
    """What remains of a text in each of its faces."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


class Student:
    def __init__(self, server, name, bot):
        self.id, token = server.register(name, PASSWORD)
        self.name, self.bot = name, bot
        self.client = nio.AsyncClient(server.url, self.id)
        self.client.restore_login(self.id, name.upper(), token)
        self.client.add_event_callback(self.on_message, nio.RoomMessage)
        self.room = None
        self.heard = []       # texts of the bot in her room, in order
        self.events = []      # these events
        self.heard_at = []    # and when, on the monotonic clock
        self.said_at = {}     # text: when
        self.news = asyncio.Event()
        self.task = None

    async def on_message(self, room, event):
        if event.sender == self.bot and room.room_id == self.room:
            self.heard.append(event.body)
            self.events.append(event)
            self.heard_at.append(time.monotonic())
            self.news.set()

    def listen(self):
        self.task = asyncio.create_task(self.client.sync_forever(timeout=10000, full_state=True))

    async def meet(self, **how):
        r = await self.client.room_create(is_direct=True, invite=[self.bot], **how)
        self.room = r.room_id
        self.listen()
        await self.until(lambda: self.joined(self.bot), 30)
        return self

    def joined(self, user):
        room = self.client.rooms.get(self.room)
        return room is not None and user in room.users and user not in room.invited_users

    async def until(self, true, timeout):
        """Whether it came true in time."""
        deadline = time.monotonic() + timeout
        while not true():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self.news.clear()
            try:
                # News of other kinds come with each sync.
                await asyncio.wait_for(self.news.wait(), min(left, 0.2))
            except asyncio.TimeoutError:
                pass
        return True

    async def say(self, text, **content):
        """The id of the event. A server that is away for a moment is asked again."""
        self.said_at[text] = time.monotonic()
        for _ in range(5):
            r = await self.client.room_send(self.room, "m.room.message",
                                            {"msgtype": "m.text", "body": text, **content})
            if isinstance(r, nio.RoomSendResponse):
                return r.event_id
            await asyncio.sleep(1)
        raise RuntimeError(f"{self.name} cannot write: {r}")

    async def react(self, event, key):
        r = await self.client.room_send(self.room, "m.reaction", {"m.relates_to": {
            "rel_type": "m.annotation", "event_id": event, "key": key}})
        return r.event_id

    async def hears(self, text, timeout=30):
        return await self.until(lambda: bare(text) in bare(" ".join(self.heard)), timeout)

    async def hears_events(self, n, timeout=30):
        return await self.until(lambda: len(self.heard) >= n, timeout)

    def waited_s(self, question, start):
        """From her question to the answer that begins so; None: there is none."""
        for text, at in zip(self.heard, self.heard_at):
            if start in bare(text):
                return at - self.said_at[question]
        return None

    async def close(self):
        if self.task is not None:
            self.task.cancel()
        await self.client.close()
