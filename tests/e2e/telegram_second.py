#!/usr/bin/env python3
"""telegram_second.py - the Telegram channel against a Bot API that others wrote (T-10).

Our own double (tests/fake/botapi.py) and our channel could share a mistake; telegram-test-api
from npm shares none of it. A student says hello, asks, presses a button, and comes back after
a restart. Where it differs from Telegram's documentation, which our double keeps, and what
the channel makes of that:

- getUpdates answers at once whatever its timeout is, and forgets what it has handed out,
  whatever its offset is. So a message that was fetched and not stored would be lost, and no
  kill is tried here; the channel must not ask without end when there is nothing.
- A method that it does not know gives 500 and {"message": ...}, with neither ok nor
  description: getMyCommands and all that is about the profile. Nothing waits for these.
- answerCallbackQuery, editMessageText and setWebhook have null as result, not true or a message.
- getMe has neither is_bot nor the can_... fields, so the channel does not insist on them.
- Dates of the messages that the bot sends are milliseconds, their chat is called "Bot", and they
  have no sender.
- It checks nothing: no length, no entities, no chat, no token. That is what our double is for.
"""
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time

from lib.daemon import ROOT, Checks, Daemon, free_port

VENV = os.path.join(ROOT, "build", "venv")
TOKEN = "123456789:AAtests-tests-tests-tests-tests-tests0"
MIA = 7
QUESTION = "What is a micro-credential?"
ANSWER = "short, focused course"
START_S = 30
# Each request is told, so that they can be counted.
SERVER = """
const TelegramServer = require('telegram-test-api');
const server = new TelegramServer({host: '127.0.0.1', port: Number(process.argv[1])});
server.start().then(() => {
  server.server.on('request', (r) => console.log(r.url.split('/').pop().split('?')[0]));
  console.log('listening');
});
"""
c = Checks()


class SecondApi:
    def __init__(self):
        self.port = free_port()
        self.out_path = None

    def start(self, folder):
        self.out_path = os.path.join(folder, "second-api")
        with open(self.out_path, "w") as out:
            self.process = subprocess.Popen(
                [os.path.join(VENV, "bin", "node"), "-e", SERVER, str(self.port)], stdout=out,
                stderr=out, stdin=subprocess.DEVNULL, start_new_session=True,
                env={**os.environ, "NODE_PATH": os.path.join(VENV, "lib", "node_modules")})
        end = time.monotonic() + START_S
        while "listening" not in self.said() and time.monotonic() < end:
            time.sleep(0.02)  # it tells no other way
        return self

    def said(self):
        with open(self.out_path) as f:
            return f.read()

    def requests(self, method):
        return self.said().split().count(method)

    def call(self, what, body):
        h = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        h.request("POST", "/" + what, json.dumps(body), {"Content-Type": "application/json"})
        answer = json.loads(h.getresponse().read())
        h.close()
        return answer["result"]

    def person(self):
        return {"from": {"id": MIA, "first_name": "Mia", "is_bot": False},
                "chat": {"id": MIA, "first_name": "Mia", "type": "private"},
                "date": int(time.time())}

    def say(self, text):
        self.call("sendMessage", {"botToken": TOKEN, "text": text, **self.person()})

    def command(self, text):
        self.call("sendCommand", {"botToken": TOKEN, "text": text, **self.person(), "entities": [
            {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]})

    def press(self, message_id, data):
        who = self.person()
        self.call("sendCallback", {"botToken": TOKEN, "from": who["from"], "data": data,
                                   "message": {**who, "message_id": message_id}})

    def answers(self):
        """[(message_id, message)] of the bot, in order."""
        return [(m["messageId"], m["message"]) for m in
                self.call("getUpdatesHistory", {"token": TOKEN})
                if str(m.get("message", {}).get("chat_id", "")) == str(MIA)]

    def wait(self, n, timeout=15):
        """n answers in all; those that are there."""
        end = time.monotonic() + timeout
        while len(self.answers()) < n and time.monotonic() < end:
            time.sleep(0.02)
        return self.answers()

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)  # bin/node starts the real one
        self.process.wait()


def buttons(message):
    return [b for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


def conversation(api, daemon):
    api.command("/start")
    said = api.wait(1)
    c.equal(len(said), 1, f"P-1 /start is answered\n{daemon.log()[-1500:]}")
    api.say(QUESTION)
    said = api.wait(2)
    c.check(len(said) == 2 and ANSWER in said[1][1]["text"], "T-10 a question is answered", said)
    choices = buttons(said[-1][1])
    c.check(choices, "S-9 with buttons", said[-1])
    api.press(said[-1][0], choices[0]["callback_data"])
    pressed = api.wait(3)
    c.equal(len(pressed), 3, "S-9 a press is answered")
    c.check(api.requests("answerCallbackQuery") >= 1, "S-10 and confirmed")
    daemon.stop()
    api.say("how much does it cost?")
    daemon.start()
    c.equal(len(api.wait(4)), 4, "R-12 what came while it was away is answered")


def polling(api):
    """R-10: an API that answers at once with nothing is not asked without end."""
    before = api.requests("getUpdates")
    time.sleep(3)
    asked = api.requests("getUpdates") - before
    c.check(asked <= 12, "R-10 an API that does not hold the poll is asked a few times a second",
            asked)
    c.equal(len(api.answers()), 4, "and each was answered once")


def main():
    if not os.path.exists(os.path.join(VENV, "ready.npm")):
        good = os.environ.get("CI") != "true"
        if not good:
            c.check(False, "telegram-test-api can be had: build-aux/venv fetches it")
        print("skipped: telegram_second.py: telegram-test-api is not there; build-aux/venv fetches it")
        return c.end()
    api = SecondApi()
    daemon = Daemon({"web.listen": '"off"', "telegram.api_url": f"http://127.0.0.1:{api.port}",
                     "http.proxy": '""'})
    path = os.path.join(daemon.dir, "token")
    with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
        f.write(TOKEN + "\n")
    daemon.options["telegram.token_file"] = path
    daemon.write_config()
    api.start(daemon.dir)
    try:
        daemon.start()
        conversation(api, daemon)
        polling(api)
        c.equal(daemon.stop(), 0, "ends as told")
        c.check(not re.search(r"AAtests", daemon.log()), "S-23 no token in the log")
        if "-v" in sys.argv:
            print(daemon.log())
    finally:
        api.close()
        daemon.close()
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
