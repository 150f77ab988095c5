"""telegram.py - starts the Bot API of tests/fake/botapi.py, and speaks to both its sides.

    with Telegram() as tg:
        mia = tg.control("user", first_name="Mia")
        tg.control("send", user=mia["id"], text="/start")
        tg.wait(chat=mia["id"], bot_messages=1)
        tg.control("transcript", chat=mia["id"])

The commands are in the first comment of tests/fake/botapi.py.
"""
import http.client
import json
import os
import re
import socket
import subprocess
import sys

from lib.daemon import ROOT

TOKEN = "123456789:AAtests-tests-tests-tests-tests-tests0"


def keys(*rows):
    """An inline keyboard: rows of (text, data)."""
    return {"inline_keyboard": [[{"text": t, "callback_data": d} for t, d in row] for row in rows]}


def description(answer):
    """What an error says; of anything else the whole."""
    return answer["description"] if isinstance(answer, dict) and not answer["ok"] else answer


class Refused(Exception):
    """A command that made no sense."""


class Client:
    """One kept connection; JSON out, (status, JSON) back."""

    def __init__(self, port, timeout=90):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.headers = {}

    def post(self, path, params):
        body = json.dumps(params)
        try:
            self.http.request("POST", path, body, {"Content-Type": "application/json"})
            r = self.http.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.http.close()
            raise
        data = r.read()
        self.headers = r.headers
        try:
            return r.status, json.loads(data)
        except ValueError:
            return r.status, data

    def close(self):
        self.http.close()


class Telegram:
    """journal: a file that it goes on from after kill() and revive(), at the same address."""

    def __init__(self, seed=1, token=TOKEN, journal=None):
        self.token = token
        self.seed, self.journal = seed, journal
        self.port = 0
        self.client = self.bot = None
        self.revive()
        self.base_url = f"http://127.0.0.1:{self.port}"

    def revive(self):
        command = [sys.executable, os.path.join(ROOT, "tests/fake/botapi.py"), "--seed",
                   str(self.seed), "--token", self.token, "--port", str(self.port)]
        if self.journal:
            command += ["--journal", self.journal]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening "):
            raise RuntimeError("the Bot API did not start")
        self.port = int(line.split()[1])
        self.client = Client(self.port)
        self.bot = Client(self.port)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.client.close()
        self.bot.close()

    def control(self, command, /, **params):
        """Carries out a command. Raises Refused."""
        status, answer = self.client.post(f"/control/{command}", params)
        if status != 200:
            raise Refused(answer)
        return answer

    def wait(self, timeout=10, **conditions):
        """Did they all come to hold?"""
        return self.control("wait", timeout=timeout, **conditions)["ok"]

    def call(self, method, /, **params):
        """As the bot would call: the whole answer."""
        return self.bot.post(f"/bot{self.token}/{method}", params)[1]

    # --- what tests need often

    def user(self, name, **fields):
        """The id of a new user, who has not written yet."""
        return self.control("user", first_name=name, **fields)["id"]

    def violations(self):
        """The first sentence of each, which are then forgotten."""
        return [v["problems"][0] for v in self.control("violations", clear=True)]

    def drain(self):
        """Confirms all; the clock moves so that no poll is forced to wait."""
        self.control("faults", clear=True)
        self.control("clock", advance=10)
        self.call("getUpdates", offset=self.control("counters")["next_update"], timeout=0)

    def raw(self, head, body=b"", timeout=5):
        """What comes back, byte for byte: one answer, or all until the end."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as s:
            s.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
            data = b""
            while True:
                piece = s.recv(65536)
                data += piece
                size = re.search(rb"Content-Length: (\d+)", data)
                at = data.find(b"\r\n\r\n")
                if not piece or size and at > 0 and len(data) >= at + 4 + int(size.group(1)):
                    return data

    def close(self):
        self.client.close()
        self.bot.close()
        self.process.terminate()
        code = self.process.wait(timeout=10)
        self.process.stdout.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
