#!/usr/bin/env python3
"""matrix_synapse.py [NAME ...] [NUMBER] - the Matrix channel against a real homeserver.

Synapse runs on loopback (lib/synapse.py): with its own limits, without limits, with access tokens
of ten seconds, and ended in the middle. Students are clients of matrix-nio, and write
as fast as they like; NUMBER is how many questions five of them ask together (200 for all that was
measured). Each check is named after the requirement that it bears.
"""
import asyncio
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import traceback
import urllib.parse

from lib import synapse
from lib.daemon import ROOT, Checks, Daemon, program, run_parts
from lib.synapse import Synapse

try:
    from lib.student import PASSWORD, Student, bare
except ImportError:  # matrix-nio is not here: not in the virtual environment yet
    Student = None

BOT, OTHER = "@bot:localhost", "@other:localhost"
QUESTION = "What is a micro-credential?"
ANSWER = "short, focused course"
EACH = next((int(a) for a in sys.argv[1:] if a.isdigit()), 15)
QUESTIONS = next((int(a) for a in sys.argv[1:] if a.isdigit()), 60)
STUDENTS = ("mia", "leo", "ana", "tom", "eve")
checks = Checks()


def questions(n):
    """n questions about different things, each with how its answer begins."""
    found = []
    for path in sorted(glob.glob(os.path.join(ROOT, "data", "kb", "en", "*.md"))):
        with open(path, encoding="utf-8") as f:
            title = re.search(r'^title: "(.*)"$', f.read(), re.M)
        if len(found) == n:
            break
        if title is None:
            continue
        r = json.loads(subprocess.run([program(), "ask", "--json", title[1]], check=True,
                                      capture_output=True, text=True, cwd=ROOT).stdout)
        start = bare(r["replies"][0]["text"])[:60]
        topic = os.path.basename(path)[:-3]
        if r["parts"][0].get("topic") == topic and start not in [s for _, s in found]:
            found.append((title[1], start))
    return found


class House:
    """A homeserver, the bot's account, and the program."""

    def __init__(self, limits=False, by_password=False, **config):
        self.server = Synapse(limits, **config)
        _, token = self.server.register("bot", PASSWORD)
        self.daemon = Daemon({"matrix.homeserver": self.server.url, "http.proxy": '""',
                              "matrix.user": f'"{BOT}"'})
        name = "password_file" if by_password else "token_file"
        path = os.path.join(self.daemon.dir, "secret")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as f:
            f.write(PASSWORD if by_password else token)
        self.daemon.options["matrix." + name] = path
        self.daemon.write_config()
        self.daemon.start().wait()
        self.students = []

    async def student(self, name, **how):
        s = Student(self.server, name, BOT)
        self.server.unlimited(s.id)
        self.students.append(s)
        await s.meet(**how)
        return s

    def sends(self):
        """(path, status) of what the bot wrote, choices to tap included, in order."""
        return [(m[2], int(m[1])) for m in re.finditer(
            r"\{@bot:localhost[^}]*\} Processed request: .*? (\d{3})!? \"PUT (\S*/send/m\.\S*)",
            self.server.log())]

    async def close(self):
        for s in self.students:
            await s.close()
        self.daemon.close()
        self.server.close()


def check_answers(student, asked):
    """Each answered once, in order."""
    heard = bare(" ".join(student.heard)) + " "
    at = [[m.start() for m in re.finditer(re.escape(start), heard)] for _, start in asked]
    missing = [q for (q, _), where in zip(asked, at) if not where]
    doubled = [q for (q, _), where in zip(asked, at) if len(where) > 1]
    checks.equal(missing, [], f"SEND-7 {student.name}: each question is answered")
    checks.equal(doubled, [], f"SEND-2 {student.name}: and once")
    first = [where[0] for where in at if where]
    checks.equal(first, sorted(first), f"SEND-7 {student.name}: in order")


async def ask_all(student, asked, pause_s):
    for question, _ in asked:
        await student.say(question)
        await asyncio.sleep(pause_s)  # as people do; 12 at once are a flood
    return await student.hears(asked[-1][1], 120)


def figures(h, students, asked):
    waits = sorted(w for s in students for w in (s.waited_s(*a) for a in asked) if w is not None)
    sends = h.sends()
    return (f"answers={len(waits)} events={len({path for path, _ in sends})} "
            f"refused={[status for _, status in sends].count(429)} "
            f"wait_p50_s={waits[len(waits) // 2]:.2f} wait_p99_s={waits[len(waits) * 99 // 100]:.2f} "
            f"wait_max_s={waits[-1]:.2f}") if waits else "no answers"


async def many_questions(limits, pause_s):
    """Five students ask, each the same questions: all are answered once, and in order."""
    h = House(limits)
    each = QUESTIONS // len(STUDENTS)
    asked = questions(each)
    checks.equal(len(asked), each, "there is enough to ask")
    students = [await h.student(n) for n in STUDENTS]
    begun = time.monotonic()
    for good in await asyncio.gather(*[ask_all(s, asked, pause_s) for s in students]):
        checks.check(good, "SEND-7 the last question is answered", h.daemon.log()[-1500:])
    took = time.monotonic() - begun
    for s in students:
        check_answers(s, asked)
    sends = h.sends()
    refused = [status == 429 for _, status in sends]
    checks.check(not any(a and b for a, b in zip(refused, refused[1:])),
                 "SEND-7 the account is not refused twice in a row", refused)
    per_event = {}
    for path, status in sends:
        per_event.setdefault(path, []).append(status)
    twice = [path for path, s in per_event.items() if s.count(429) > 1]
    checks.equal(twice, [], "SEND-7 no message is refused twice")
    checks.check(sum(refused) * 4 <= len(sends), "SEND-7 and few are once", refused)
    checks.check(limits or not any(refused), "SEND-7 none without limits", refused)
    print(f"synapse: limits={limits} seconds={took:.0f} {figures(h, students, asked)}", flush=True)
    await h.close()


async def default_limits():
    await many_questions(True, 1.5)


async def limits_off():
    await many_questions(False, 1.0)


async def short_tokens():
    """AUTH-7: tokens of ten seconds, renewed for a minute."""
    h = House(by_password=True, refreshable_access_token_lifetime="10s")
    mia = await h.student("mia")
    for i in range(9):
        await mia.say(QUESTION)
        checks.check(await mia.hears_events(i + 1, 20), f"AUTH-7 answer {i + 1}",
                     h.daemon.log()[-1500:])
        await asyncio.sleep(4)
    checks.equal(len(mia.heard), 9, "AUTH-7 each once")
    refreshes = len(re.findall(r'"POST /_matrix/client/v3/refresh', h.server.log()))
    logins = len(re.findall(r'"POST /_matrix/client/v3/login', h.server.log()))
    checks.check(refreshes >= 3, "AUTH-7 renewed again and again", refreshes)
    checks.equal(logins, 1, "AUTH-6 logged in once")
    await h.close()


async def ends():
    """SYNC-7: the program and the server end in the middle, again and again."""
    h = House()
    mia = await h.student("mia")
    asked = questions(12)
    for i, (question, _) in enumerate(asked):
        await mia.say(question)
        if i % 3 == 1:
            h.daemon.stop(9)
            h.daemon.start().wait()
        if i % 6 == 3:
            h.server.stop()
            h.server.start()
    checks.check(await mia.hears(asked[-1][1], 120), "SYNC-5 goes on", h.daemon.log()[-1500:])
    await asyncio.sleep(2)
    check_answers(mia, asked)
    await h.close()


async def rooms():
    """What happens in rooms, as a real server tells it."""
    h = House()
    mia = await h.student("mia")
    question = await mia.say(QUESTION)
    checks.check(await mia.hears(ANSWER), "MSG-4 a question is answered", h.daemon.log()[-800:])
    await mia.say("* how much does it cost", **{
        "m.new_content": {"msgtype": "m.text", "body": "how much does it cost"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": question}})
    checks.check(await mia.hears_events(2), "MSG-8 an edit is answered", h.daemon.log()[-800:])
    await mia.client.room_redact(mia.room, question)
    await mia.say("thanks")
    checks.check(await mia.hears_events(3), "MSG-10 after taking it back all goes on")
    r = h.server.request(
        "POST", f"/_matrix/client/v3/rooms/{mia.room}/upgrade", {"new_version": "10"},
        mia.client.access_token)
    old, mia.room = mia.room, r["replacement_room"]
    await mia.client.room_invite(mia.room, BOT)
    checks.check(await mia.until(lambda: mia.joined(BOT), 30), "SYNC-24 follows an upgrade",
                 h.daemon.log()[-800:])
    heard = len(mia.heard)
    await mia.say(QUESTION)
    checks.check(await mia.hears_events(heard + 1), "SYNC-24 and answers there", old)
    await h.close()


async def visits():
    """A group: asked by name, in a thread, with a thumb; then the students go, and one comes back."""
    h = House()
    h.daemon.stop()
    h.daemon.options["matrix.alone"] = 1
    h.daemon.write_config()
    h.daemon.start().wait()
    mia = await h.student("mia")
    leo = await h.student("leo")
    await mia.client.room_invite(mia.room, leo.id)
    alone, leo.room = leo.room, mia.room
    await leo.client.join(mia.room)
    checks.check(await mia.until(lambda: mia.joined(leo.id), 30), "it is a group")
    to_bot = {"m.mentions": {"user_ids": [BOT]}}
    root = await leo.say("About studies")
    await leo.say("and about sports")
    await leo.say(f"{BOT} {QUESTION}", **to_bot, **{"m.relates_to": {
        "rel_type": "m.thread", "event_id": root, "is_falling_back": True,
        "m.in_reply_to": {"event_id": root}}})
    checks.check(await leo.hears(ANSWER), "MSG-4 who names the bot is answered",
                 h.daemon.log()[-800:])
    content = leo.events[0].source["content"] if leo.events else {}
    checks.equal(content.get("m.relates_to", {}).get("event_id"), root, "MSG-7 in the thread")
    checks.equal(content.get("msgtype"), "m.notice", "MSG-3 as a notice")
    await leo.react(leo.events[0].event_id, "\U0001F44D")

    def notes():
        with sqlite3.connect(h.daemon.databases()[0]) as db:
            return list(db.execute("SELECT kind, text FROM note ORDER BY id"))

    checks.check(await leo.until(lambda: ("rating", "\U0001F44D") in notes(), 15),
                 "MSG-11 a thumb is kept", notes())
    h.daemon.stop(9)
    await leo.say(f"{BOT} how much does it cost?", **to_bot)
    h.daemon.start().wait()
    checks.check(await leo.hears_events(2), "SYNC-12 what was asked meanwhile is answered")
    await leo.client.room_leave(alone)
    checks.check(await leo.until(lambda: BOT not in members(h, alone), 30),
                 "SYNC-23 where nobody is left the bot leaves", h.daemon.log()[-800:])
    await leo.client.room_leave(mia.room)
    heard = len(mia.heard)
    await mia.say(f"{BOT} {QUESTION}", **to_bot)
    checks.check(await mia.hears_events(heard + 1), "SYNC-23 who stays is still answered")
    await mia.client.room_kick(mia.room, BOT)
    for _ in range(3):
        await mia.say(QUESTION)
    await mia.client.room_invite(mia.room, BOT)
    checks.check(await mia.until(lambda: BOT in members(h, mia.room), 30),
                 "SYNC-21 it comes again when it is invited")
    heard = len(mia.heard)
    await mia.say("how much does it cost?")
    checks.check(await mia.hears_events(heard + 1), "SYNC-11 and answers what comes then")
    await asyncio.sleep(2)
    checks.equal(len(mia.heard), heard + 1, "SYNC-11 and nothing from before")
    await h.close()


def members(h, room):
    """Who is in, as the server's administrator sees it."""
    return h.server.request("GET", f"/_synapse/admin/v1/rooms/{urllib.parse.quote(room)}/members",
                            None, h.server.admin)["members"]


async def encrypted():
    h = House()
    eve = Student(h.server, "eve", BOT)
    h.students.append(eve)
    r = await eve.client.room_create(is_direct=True, invite=[BOT], initial_state=[
        {"type": "m.room.encryption", "state_key": "",
         "content": {"algorithm": "m.megolm.v1.aes-sha2"}}])
    eve.room = r.room_id
    eve.listen()
    checks.check(await eve.hears_events(1), "MSG-15 an encrypted room is told why",
                 h.daemon.log()[-800:])
    checks.check(await eve.until(lambda: BOT not in eve.client.rooms[eve.room].users, 20),
                 "MSG-15 and left")
    checks.equal(len(eve.heard), 1, "MSG-15 once")
    checks.check("/keys/upload" not in h.server.log(), "MSG-16 no keys are uploaded")
    await h.close()


def another_bot(h):
    """A second program, with an account of its own; and that account's token."""
    _, token = h.server.register("other", PASSWORD)
    other = Daemon({"matrix.homeserver": h.server.url, "http.proxy": '""'})
    path = os.path.join(other.dir, "secret")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as f:
        f.write(token)
    other.options["matrix.token_file"] = path
    other.write_config()
    return other.start().wait(), token


async def two_bots():
    """MSG-2: two programs do not talk to each other for ever, neither in a group nor alone."""
    h = House()
    other, token = another_bot(h)
    mia = await h.student("mia")
    await mia.client.room_invite(mia.room, OTHER)
    checks.check(await mia.until(lambda: mia.joined(OTHER), 30), "both are there")
    await mia.say(f"{BOT} {QUESTION}", **{"m.mentions": {"user_ids": [BOT, OTHER]}})
    checks.check(await mia.hears(ANSWER), "MSG-2 the one who is asked answers")
    # Each takes the other for a student. Their account's owner begins.
    room = h.server.request("POST", "/_matrix/client/v3/createRoom", {
        "is_direct": True, "preset": "trusted_private_chat", "invite": [BOT]}, token)["room_id"]
    base = f"/_matrix/client/v3/rooms/{urllib.parse.quote(room)}"

    def joined():
        return BOT in h.server.request("GET", base + "/joined_members", None, token)["joined"]

    checks.check(await mia.until(joined, 30), "they are alone with each other")
    h.server.request("PUT", base + "/send/m.room.message/1",
                     {"msgtype": "m.text", "body": QUESTION}, token)

    def said():
        events = h.server.request("GET", base + "/messages?dir=b&limit=500", None, token)["chunk"]
        return [e for e in events if e["type"] == "m.room.message"]

    checks.check(await mia.until(lambda: len(said()) >= 2, 30), "MSG-2 the bot answers")
    await asyncio.sleep(5)  # for ever is at least so long
    checks.equal([e["sender"] for e in said()], [BOT, OTHER],
                 "MSG-2 and then they are silent: it says that no person wrote it")
    checks.check(len(mia.heard) <= 2, "MSG-2 and in the group, too", mia.heard)
    other.close()
    await h.close()


PARTS = [default_limits, limits_off, short_tokens, ends, rooms, visits, encrypted, two_bots]


def main():
    why = synapse.missing()
    if why and os.environ.get("CI") != "true":
        print(f"matrix_synapse.py: SKIP: {why}\n0 passed, 0 failed")
        return 0
    checks.check(not why, "a real homeserver can be had", why)
    if why:
        return checks.end()
    if Student is None:  # once more, where it is
        os.execv(synapse.PYTHON, [synapse.PYTHON, *sys.argv])
    names = [a for a in sys.argv[1:] if not a.isdigit()]
    if not names:
        return run_parts(__file__, [p.__name__ for p in PARTS], at_a_time=4)
    for part in PARTS:
        if part.__name__ in (names or ("default_limits", "limits_off")):
            try:
                asyncio.run(part())
            except Exception as e:  # the others are still worth running
                traceback.print_exc()
                checks.check(False, f"{part.__name__}: {e}")
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
