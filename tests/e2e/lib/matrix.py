"""matrix.py - starts the scripted homeserver of tests/fake, and gives it commands.

  with Homeserver() as hs:
      hs.add_user(user="@mia:fake.test")     a command, by its name; tests/fake/homeserver.py
      hs.wait(synced=True)                   lists them. False: it did not come about in time
"""
import http.client
import json
import os
import subprocess
import sys

from lib.daemon import ROOT

PROGRAM = os.path.join(ROOT, "tests", "fake", "homeserver.py")


class Homeserver:
    def __init__(self, name="fake.test", port=0, state=None):
        self.name, self.path = name, state
        self.begin(port)

    def begin(self, port):
        command = [sys.executable, PROGRAM, "--name", self.name, "--port", str(port)]
        if self.path is not None:
            command += ["--state", self.path]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening "):
            raise RuntimeError(f"the homeserver did not start: {line!r}")
        self.port = int(line.split()[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def kill(self):
        """Ends it without a warning; begin() starts it again, with what its file holds."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def call(self, command, args):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        c.request("POST", "/control/" + command, json.dumps(args),
                  {"Content-Type": "application/json"})
        answer = json.loads(c.getresponse().read())
        c.close()
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    def __getattr__(self, command):
        return lambda **args: self.call(command, args)

    def wait(self, **conditions):
        """Whether all came true in time; says on standard output what did not."""
        answer = self.call("wait", conditions)
        if not answer["ok"]:
            print("not in time:", *answer["missing"], flush=True)
        return answer["ok"]

    def stop(self):
        """The exit code."""
        self.process.terminate()
        code = self.process.wait(timeout=10)
        self.process.stdout.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
