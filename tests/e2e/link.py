#!/usr/bin/env python3
"""link.py [N] - two chats of one person: from the web chat to Telegram by a deep link, and back.

The daemon is killed (SIGKILL) between the steps and, N times (8), somewhere around the yes:
whatever the instant, the chats are joined once, and each is told once.
"""
import random
import re
import signal
import sqlite3
import sys
import time

import matrix
from lib.chat import Chat, Session
from lib.daemon import free_port
from telegram import QUESTION, House, c


def house():
    port = free_port()
    h = House(**{"web.listen": f"127.0.0.1:{port}", "chat.flood_burst": 1000})
    h.daemon.port = port
    return h


def restart(h):
    h.daemon.stop(signal.SIGKILL)
    h.daemon.start().wait()
    h.polling()


def payload_of(line):
    found = re.search(r"https://t\.me/credbot_bot\?start=(\w+)", line["text"])
    return found.group(1) if found else ""


def notices(chat):
    return [m["text"] for _, m in sorted(chat.lines.items())
            if not m["mine"] and "is now linked with another" in m["text"]]


def persons(h):
    with sqlite3.connect(h.daemon.databases()[0]) as db:
        return [sorted(r[0].split(",")) for r in db.execute(
            "SELECT group_concat(channel) FROM peer WHERE person IS NOT NULL GROUP BY person")]


def by_deep_link():
    with house() as h:
        h.user()
        web = Chat(Session(h.daemon.port))
        line = web.ask("link my chats", "a1")
        payload = payload_of(line)
        code = payload.removeprefix("link_")
        c.check(re.fullmatch(r"link_[2-9A-Z]{8}", payload), "S-17: a link with a code", line["text"])
        with sqlite3.connect(h.daemon.databases()[0]) as db:
            kept = [str(r) for r in db.execute("SELECT * FROM link_code")]
        c.check(len(kept) == 1 and code not in kept[0], "the code is kept as a hash alone", kept)
        restart(h)
        h.command("/start " + payload)
        asked = h.wait(1)[0]["text"]
        c.check("joins your chat on the web page and your Telegram chat" in asked,
                "S-17: the link asks, and does nothing yet", asked)
        c.equal(persons(h), [], "nothing is joined yet")
        h.daemon.settle()
        restart(h)
        web = Chat(web.session, seen=0)
        c.equal(notices(web), [], "nobody is told yet")
        h.say("yes, that is me")
        c.check("are linked now" in h.wait(2)[1]["text"], "yes joins them", h.answers()[-1]["text"])
        web.wait(lambda m: m["t"] == "line" and "is now linked" in m["text"])
        c.equal(persons(h), [["telegram", "webchat"]], "one person")
        restart(h)
        h.command("/start " + payload)
        c.check("used already" in h.wait(3)[2]["text"], "the link works once")
        web = Chat(web.session, seen=0)
        c.equal(len(notices(web)), 1, "the web chat was told once")
        text = web.ask("unlink", "a2")["text"]
        c.check("separate again" in text, "the other side parts them", text)
        c.check("no longer linked" in h.wait(4)[3]["text"], "and Telegram is told")
        c.equal(persons(h), [], "two persons again")


def kills(n):
    rnd = random.Random(1)
    with house() as h:
        webs = []
        for uid in range(1, n + 1):
            h.user(uid, f"S{uid}")
            webs.append(Chat(Session(h.daemon.port)))
            payload = payload_of(webs[-1].ask("link my chats", "a1"))
            h.command("/start " + payload, uid)
            h.wait(1, chat=uid)
            h.say("yes", uid)
            time.sleep(rnd.uniform(0, 0.03))
            restart(h)
        for uid, web in enumerate(webs, 1):
            answers = h.wait(2, chat=uid, timeout=60)
            told = [m["text"] for m in answers if "are linked now" in m["text"]]
            plain = [t for t in told if "sent this a second time" not in t]
            c.check(len(told) >= 1 and len(plain) <= 1, "Telegram: told, and doubled only if it "
                    "says so", [m["text"] for m in answers])
            c.equal(len(notices(Chat(web.session, seen=0))), 1, "the web chat: told once")
        c.equal(persons(h), [["telegram", "webchat"]] * n, "each pair is joined")


def topics():
    with house() as h:
        h.user()
        h.command("/start topic_what-is-a-microcredential")
        first = h.wait(1)[0]["text"]
        c.check("I am credbot, a bot" in first and "short, focused course" in first,
                "S-17: a topic, and who answers", first)
        h.command("/start topic_visa-help")
        c.check("visa" in h.wait(2)[1]["text"] and "a bot" not in h.answers()[1]["text"],
                "S-17: another topic, without the greeting", h.answers()[1]["text"])
        n = 2
        for payload in ("campaign-7", "topic_", "topic_nothing-like-it", "link_", "x" * 64,
                        "x" * 65, "topic_visa-help!", "../etc/passwd", "topic_visa-help more",
                        "\u00e9"):
            h.command("/start " + payload)
            n += 1
            text = h.wait(n)[-1]["text"]
            c.check("ello" in text or "Hi!" in text, f"S-17: {payload!r} is a greeting", text)
        h.user(8, "Bo")
        h.command("/start spring_fair", 8)
        c.check("I am a bot" in h.wait(1, chat=8)[0]["text"],
                "S-17: an unknown payload of a new student: who answers")
        h.say(QUESTION, 8)
        h.wait(2, chat=8)
        c.equal(len(h.answers(8)), 2, "and it goes on")


def groups():
    with house() as h:
        h.user()
        web = Chat(Session(h.daemon.port))
        payload = payload_of(web.ask("link my chats", "a1"))
        g = h.tg.control("chat", type="supergroup", title="Class", members=[7], bot="member")["id"]
        h.command("/start@credbot_bot " + payload, chat=g)
        text = h.wait(1, chat=g)[0]["text"]
        c.check("made it worthless" in text, "never in a group", text)
        h.command("/start " + payload)
        c.check("used already" in h.wait(1)[0]["text"], "whoever read it there cannot use it")
        c.equal(persons(h), [], "nothing is joined")


def rooms():
    """On Matrix: whether others read along is asked of the room, as it is now."""
    h = matrix.House().start()
    h.direct()
    h.call("create_room", creator=matrix.LEO, label="class", members=[matrix.MIA],
           invite=[matrix.BOT])
    h.wait(joined="class")
    web = Chat(Session(h.daemon.port))
    line = web.ask("link my chats", "a1")["text"]
    c.check("https://matrix.to/#/@bot:fake.test" in line, "how to find the bot on Matrix", line)
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", line).group(0)
    h.call("send", room="class", user=matrix.MIA, text="@bot:fake.test link my chats",
           mentions={"user_ids": [matrix.BOT]})
    said = h.answered("class", 1, "an answer in the group")
    c.check("Others can read this room" in said[-1]["body"], "no code in a group", said[-1])
    h.call("send", room="dm", user=matrix.MIA, text=code)
    said = h.answered("dm", 1, "a question in the direct chat")
    c.check("and your chat on Matrix" in said[-1]["body"], "which names both chats", said[-1])
    h.call("send", room="dm", user=matrix.MIA, text="yes")
    h.answered("dm", 2, "joined")
    c.equal(len(notices(Chat(web.session, seen=0))), 1, "and the web chat is told")
    h.call("invite", room="dm", user=matrix.LEO, sender=matrix.MIA)
    h.call("join", room="dm", user=matrix.LEO)
    h.settle()
    h.call("send", room="dm", user=matrix.MIA, text="@bot:fake.test which chats are linked?",
           mentions={"user_ids": [matrix.BOT]})
    said = h.answered("dm", 3, "with a third person in it")
    c.check("Others can read this room" in said[-1]["body"], "it is a group now", said[-1])
    text = web.ask("unlink", "a2")["text"]
    c.check("separate again" in text, "parted", text)
    h.settle()
    c.equal(len(h.said("dm")), 3, "and no notice for others to read")
    h.close("rooms")


def main():
    args = [a for a in sys.argv[1:] if a.isdigit()]
    by_deep_link()
    topics()
    groups()
    rooms()
    kills(int(args[0]) if args else 8)
    c.passed += matrix.checks.passed
    c.failed += matrix.checks.failed
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
