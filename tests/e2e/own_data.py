#!/usr/bin/env python3
"""own_data.py [NAME ...] - a student's own data on every channel: the copy arrives once, also
when the program is killed in the middle, and what was deleted is nowhere on the disk.
"""
import base64
import glob
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import matrix
import telegram
from lib.chat import Chat, Session
from lib.daemon import ROOT, Daemon, program, run_parts

c = telegram.c
matrix.checks = c
SECRET = "walrusword"


def on_disk(state, word):
    """How often a word stands in the files of the state folder."""
    n = 0
    for path in glob.glob(os.path.join(state, "*")):
        if os.path.isfile(path) and not path.endswith(".model"):
            with open(path, "rb") as f:
                n += f.read().count(word.encode())
    return n


def wait_gone(state, word, timeout=30):
    end = time.monotonic() + timeout
    while on_disk(state, word) > 0 and time.monotonic() < end:
        time.sleep(0.05)
    return on_disk(state, word)


def documents(h, chat=7):
    return [m for m in h.answers(chat) if "document" in m]


# --- Telegram

def telegram_copy():
    with telegram.House() as h:
        h.user()
        names = [x["command"] for x in h.tg.control("commands")[0]["commands"]]
        c.check("export" in names and "delete" in names, "P-2: in the menu", names)
        h.say(f"what is a {SECRET}?")
        h.wait(1)
        h.command("/export")
        asked = h.wait(2)[1]
        c.check("Shall I send it?" in asked["text"], "P-3: asked once", asked["text"])
        h.say("yes")
        a = h.wait(3)
        d = documents(h)
        c.equal(len(d), 1, "P-3: one file")
        c.check(d[0]["document"]["file_name"].startswith("my-data-"), "P-3: its name", d)
        c.equal(d[0]["document"]["mime_type"], "application/json", "P-3: its type")
        c.check("everything that I have stored" in a[2]["caption"], "S-13: the text below it", a[2])
        c.check(a[2]["keyboard"]["inline_keyboard"], "S-13: with its button")
        sent = h.requests("sendDocument")
        c.equal(len(sent), 1, "S-13: sent once")
        c.equal(sent[0]["params"]["disable_content_type_detection"], True, "S-13: as the file it is")
        with sqlite3.connect(h.daemon.databases()[0]) as db:
            for _ in range(100):
                left = db.execute("SELECT sum(length(bytes)), max(size) FROM document").fetchone()
                if left[0] == 0:
                    break
                time.sleep(0.05)
        c.equal(left[0], 0, "S-13: its bytes are not kept when it has arrived")
        c.equal(d[0]["document"]["file_size"], left[1], "S-13: whole")
        h.command("/delete")
        h.wait(4)
        h.say("yes delete")
        a = h.wait(5)
        c.check("I have deleted everything" in a[4]["text"], "P-4: deleted", a[4]["text"])
        c.equal(wait_gone(h.daemon.state, SECRET), 0, "P-4: nowhere on the disk")
        c.equal(on_disk(h.daemon.state, "application/json"), 0, "P-4: nor the file")


def telegram_killed():
    """S-2: the answer is lost after the file arrived; nobody knows, so it comes again, marked."""
    with telegram.House() as h:
        h.user()
        h.command("/export")
        h.wait(1)
        h.tg.control("faults", fault="hang_after_effect", method="sendDocument", times=1)
        h.say("yes")
        h.wait(2)
        h.daemon.stop(signal.SIGKILL)
        h.start()
        h.wait(3)
        d = documents(h)
        c.equal(len(d), 2, "S-2: sent once more")
        c.check("second time" in d[1]["caption"] and "second time" not in d[0]["caption"],
                "S-2: and it says so", [m["caption"] for m in d])
        c.equal(d[0]["document"]["file_size"], d[1]["document"]["file_size"],
                "S-13: the same bytes, over the kill")
        h.tg.control("faults", fault="error", method="sendDocument", error_code=429,
                     description="Too Many Requests: retry after 1",
                     parameters={"retry_after": 1}, times=1)
        h.say("send me a copy of my data")
        h.wait(4)
        h.say("yes")
        h.wait(5)
        c.equal(len(documents(h)), 3, "R-31: sent when it may be")
        h.tg.control("faults", fault="reset_after_effect", method="sendDocument", times=1)
        h.say("send me a copy of my data")
        h.wait(6)
        h.say("yes")
        h.wait(7)
        c.check(h.daemon.wait_log("nobody knows"), "S-2: an answer that is lost is noticed")
        c.equal(len(h.requests("sendDocument")), 5, "C-2: libcurl sends no file twice")


def telegram_group():
    with telegram.House() as h:
        h.user()
        g = h.tg.control("chat", type="supergroup", title="Class", members=[7], bot="member")["id"]
        h.command("/export@credbot_bot", chat=g)
        a = h.wait(1, chat=g)
        c.check("private chat" in a[0]["text"], "P-3: not where others read along", a[0]["text"])
        c.equal(h.requests("sendDocument"), [], "P-3: no file")


# --- Matrix

def uploads(h):
    return h.call("uploads", content=True)["uploads"]


def files(h, room="dm"):
    return [e for e in h.said(room) if e["msgtype"] == "m.file"]


def matrix_ask(h, n):
    h.call("send", room="dm", user=matrix.MIA, text="export my data")
    h.wait(room="dm", bot_events=n + 1)
    h.call("send", room="dm", user=matrix.MIA, text="yes")


def matrix_copy():
    h = matrix.House().start()
    h.direct()
    h.call("send", room="dm", user=matrix.MIA, text=f"what is a {SECRET}?")
    h.wait(room="dm", bot_events=1)
    matrix_ask(h, 1)
    h.wait(room="dm", bot_events=4)
    f = files(h)
    c.equal(len(f), 1, "SEND-8 one file")
    up = uploads(h)
    c.equal(len(up), 1, "SEND-8 uploaded once")
    data = base64.b64decode(up[0]["content_b64"])
    c.check(SECRET in json.dumps(json.loads(data)), "P-3 with what was said")
    c.equal((f[0]["filename"], f[0]["info"]), (up[0]["filename"], {
        "mimetype": "application/json", "size": len(data)}), "SEND-8 named and measured")
    h.call("send", room="dm", user=matrix.MIA, text="delete my data")
    h.wait(room="dm", bot_events=5)
    h.call("send", room="dm", user=matrix.MIA, text="yes delete")
    h.wait(room="dm", bot_events=6)
    c.equal(wait_gone(h.daemon.state, SECRET), 0, "P-4 nowhere on the disk")
    h.close("matrix copy")


def matrix_lost():
    """SEND-8: an event that was lost, and a kill behind the upload: no second upload."""
    h = matrix.House().start()
    h.direct()
    h.call("send", room="dm", user=matrix.MIA, text="export my data")
    h.wait(room="dm", bot_events=1)
    # The text arrives; then the event of the file hangs, and the program is killed.
    h.call("fault", endpoint="send", verb="lose", skip=1, times=2)
    h.call("send", room="dm", user=matrix.MIA, text="yes")
    h.wait(room="dm", bot_events=3)
    h.daemon.stop(9)
    h.start()
    h.settle(1500)
    c.equal((len(uploads(h)), len(files(h))), (1, 1), "SEND-8 neither is there twice")
    # The answer to the upload is lost: nobody knows its address, so one more is made.
    h.call("fault", endpoint="upload", verb="lose", times=1)
    matrix_ask(h, 3)
    h.wait(room="dm", bot_events=6)
    h.settle()
    c.equal(len(files(h)), 2, "SEND-8 a lost upload is made again, and told once")
    for verb, more in (("status", {"status": 502}), ("drop", {})):
        n = len(h.said("dm"))
        h.call("fault", endpoint="upload", verb=verb, times=1, **more)
        matrix_ask(h, n)
        h.wait(room="dm", bot_events=n + 3)
    h.settle()
    c.equal(len(files(h)), 4, "SEND-4 and after 502 and RST")
    h.close("matrix lost")


def matrix_limit():
    h = matrix.House()
    h.call("config", upload_max=100)
    h.start()
    h.direct()
    matrix_ask(h, 0)
    h.wait(room="dm", bot_events=3)
    c.equal((uploads(h), files(h)), ([], []), "SEND-8 what is too large is not uploaded")
    c.check("does not take it" in h.said("dm")[-1]["body"], "SEND-8 and that is said",
            h.said("dm")[-1])
    h.daemon.stop()
    h.call("config", upload_max=50 << 20)
    h.call("fault", endpoint="media_config", verb="status", status=404, times=1,
           errcode="M_UNRECOGNIZED", error="no")
    h.start()
    matrix_ask(h, 3)
    h.wait(room="dm", bot_events=6)
    c.equal(len(files(h)), 1, "SEND-8 a server that does not tell")
    h.close("matrix limit")


def matrix_group():
    h = matrix.House().start()
    h.call("create_room", creator=matrix.MIA, label="dm", members=[matrix.LEO],
           invite=[matrix.BOT])
    h.wait(joined="dm")
    h.settle()
    h.call("send", room="dm", user=matrix.MIA, text="Credbot: export my data",
           mentions={"user_ids": [matrix.BOT]})
    h.wait(room="dm", bot_events=1)
    h.settle()
    c.check("private chat" in h.said("dm")[0]["body"], "P-3: not where others read along",
            h.said("dm"))
    c.equal(uploads(h), [], "P-3: no file")
    h.close("matrix group")


# --- web chat and terminal

def web_copy():
    with Daemon() as d:
        s = Session(d.port)
        chat = Chat(s)
        chat.ask(f"what is a {SECRET}?", "a1")
        chat.ask("export my data", "a2")
        chat.say("yes", "a3")
        m = chat.wait(lambda m: m["t"] == "line" and m.get("files"))
        f = m["files"][0]
        c.check(f["name"].startswith("my-data-") and f["name"].endswith(".json"), "P-3: named", f)
        r, text = s.request("GET", f["href"])
        c.equal(r.status, 200, "P-3: fetched")
        c.check(SECRET in json.dumps(json.loads(text)), "P-3: with what was said")
        c.equal(r.getheader("Content-Disposition"), f'attachment; filename="{f["name"]}"', "saved")
        c.equal((r.getheader("X-Content-Type-Options"), r.getheader("Cache-Control")),
                ("nosniff", "no-store"), "not guessed, not kept")
        other = Session(d.port)
        c.equal(other.request("GET", f["href"])[0].status, 404, "P-3: by her alone")
        d.stop(signal.SIGKILL)
        d.start().wait()
        r, again = s.request("GET", f["href"])
        c.equal((r.status, again), (200, text), "P-3: also after a kill")
        s.get()
        c.check(f'href="{f["href"]}"' in s.page, "P-3: and in the page without JavaScript")
        chat = Chat(s)
        chat.ask("/delete", "a4")
        last = chat.ask("Yes, delete everything", "a5")
        c.check("I have deleted everything" in last["text"], "P-4: deleted", last["text"])
        c.equal(s.request("GET", f["href"])[0].status, 404, "P-4: the file, too")
        c.equal(wait_gone(d.state, SECRET), 0, "P-4: nowhere on the disk")
        s.get()
        c.check(SECRET not in s.page and "I have deleted" in s.page, "P-4: nor in the page")
        c.check("text" in chat.ask("hello", "a6"), "and it goes on")


def web_killed():
    """P-4: killed right behind the commit, the next start brings it off the disk."""
    with Daemon() as d:
        s = Session(d.port)
        for i in range(10):
            chat = Chat(s)
            chat.ask(f"what is a {SECRET}?", f"q{i}")
            chat.ask("delete my data", f"d{i}")
            last = chat.ask("yes delete", f"y{i}")
            d.stop(signal.SIGKILL)
            d.start().wait()
            if not c.check("I have deleted everything" in last["text"], "P-4: deleted", last):
                break
        c.equal(wait_gone(d.state, SECRET), 0, "P-4: nowhere on the disk")


def terminal_copy():
    with Daemon() as d:
        d.stop()
        work = os.path.join(d.dir, "work")
        os.mkdir(work)
        data = os.path.join(ROOT, "data")
        with open(d.config, "a") as f:
            f.write(f"data:\n  dir: {data}\n")

        def talk(text):
            return subprocess.run([program(), "chat", "-c", d.config, "--state", d.state],
                                  input=text, capture_output=True, text=True, cwd=work,
                                  timeout=60).stdout

        said = talk("export my data\nyes\n")
        names = os.listdir(work)
        c.equal(len(names), 1, "P-3: a file in the folder")
        c.check(f"saved here as {names[0]}" in said, "P-3: it says which", said)
        c.equal(os.stat(os.path.join(work, names[0])).st_mode & 0o777, 0o600, "for the owner alone")
        with open(os.path.join(work, names[0])) as f:
            first = f.read()
        c.check("export my data" in json.dumps(json.loads(first)), "P-3: with what was said")
        talk("export my data\nyes\n")
        c.equal(len(os.listdir(work)), 2, "P-3: nothing is overwritten")
        with open(os.path.join(work, names[0])) as f:
            c.equal(f.read(), first, "P-3: the first is as it was")


def main():
    parts = [telegram_copy, telegram_killed, telegram_group, matrix_copy, matrix_lost, matrix_limit, matrix_group,
             web_copy, web_killed, terminal_copy]
    chosen = sys.argv[1:]
    if not chosen:
        return run_parts(__file__, [part.__name__ for part in parts], 3)
    for part in parts:
        if part.__name__ in chosen:
            part()
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
