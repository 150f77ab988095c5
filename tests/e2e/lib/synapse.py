"""synapse.py - a real homeserver: Synapse on loopback, with SQLite, for one test.

  with Synapse(limits=True) as s:            Synapse's own limits; without: none
      s.register("mia", "sesame")            "@mia:localhost"
      s.unlimited("@mia:localhost")          she may write as often as she likes
      s.stop(), s.start()                    the same data again

It lives in the virtual environment that build-aux/venv makes.
"""
import hashlib
import hmac
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from lib.daemon import ROOT, free_port

VENV = os.path.join(ROOT, "build", "venv")
PYTHON = os.path.join(VENV, "bin", "python")
START_S = 60
SECRET = "a secret of the tests"
NO_LIMIT = {"per_second": 9999, "burst_count": 9999}
LIMITS = {
    "rc_message": NO_LIMIT,
    "rc_login": {"address": NO_LIMIT, "account": NO_LIMIT, "failed_attempts": NO_LIMIT},
    "rc_joins": {"local": NO_LIMIT, "remote": NO_LIMIT},
    "rc_joins_per_room": NO_LIMIT,
    "rc_invites": {"per_room": NO_LIMIT, "per_user": NO_LIMIT, "per_issuer": NO_LIMIT},
    "rc_room_creation": NO_LIMIT,
}
LOGGING = """version: 1
formatters:
  plain: {format: "%(asctime)s %(levelname)s %(name)s %(message)s"}
handlers:
  file: {class: logging.FileHandler, formatter: plain, filename: "FILE"}
root: {level: INFO, handlers: [file]}
loggers:
  synapse.storage.SQL: {level: WARNING}
"""


def missing():
    """Why it cannot be run; "": it can."""
    return "" if os.path.exists(os.path.join(VENV, "ready.pypi")) else \
        "build/venv is not there; build-aux/venv makes it"


class Synapse:
    def __init__(self, limits=False, **config):
        self.dir = tempfile.mkdtemp(prefix="credbot-synapse-")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_path = os.path.join(self.dir, "homeserver.log")
        self.process = self.admin = None
        self.write(limits, config)
        self.start()

    def write(self, limits, config):
        log_config = os.path.join(self.dir, "logging.yaml")
        with open(log_config, "w") as f:
            f.write(LOGGING.replace("FILE", self.log_path))
        settings = {
            "server_name": "localhost", "report_stats": False,
            "pid_file": os.path.join(self.dir, "pid"),
            "listeners": [{"port": self.port, "bind_addresses": ["127.0.0.1"], "type": "http",
                           "tls": False, "x_forwarded": False,
                           "resources": [{"names": ["client"]}]}],
            "database": {"name": "sqlite3",
                         "args": {"database": os.path.join(self.dir, "homeserver.db")}},
            "log_config": log_config, "media_store_path": os.path.join(self.dir, "media"),
            "signing_key_path": os.path.join(self.dir, "signing.key"),
            "registration_shared_secret": SECRET, "macaroon_secret_key": SECRET,
            "trusted_key_servers": [], "suppress_key_server_warning": True,
            "federation_domain_whitelist": [], "bcrypt_rounds": 4,
            "presence": {"enabled": False}, "url_preview_enabled": False,
            "caches": {"sync_response_cache_duration": 0},
            **({} if limits else LIMITS), **config,
        }
        self.config = os.path.join(self.dir, "homeserver.yaml")
        with open(self.config, "w") as f:
            json.dump(settings, f)  # JSON is YAML

    # --- the process

    def start(self):
        command = [PYTHON, "-m", "synapse.app.homeserver", "-c", self.config]
        if not os.path.exists(os.path.join(self.dir, "signing.key")):
            subprocess.run([*command, "--generate-keys"], check=True, capture_output=True,
                           cwd=self.dir)
        with open(os.path.join(self.dir, "out"), "ab") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, cwd=self.dir)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.request("GET", "/_matrix/client/versions")
                return
            except OSError:
                time.sleep(0.1)  # it says nowhere when it listens
        with open(os.path.join(self.dir, "out")) as f:
            raise RuntimeError("Synapse did not start: " + f.read()[-2000:])

    def stop(self, how=signal.SIGTERM):
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)
            self.process = None

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def close(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- its API

    def request(self, method, path, body=None, token=None):
        """The answer's JSON. Raises HTTPError, which is an OSError."""
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = "Bearer " + token
        rq = urllib.request.Request(self.url + path, method=method, headers=headers,
                                    data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(rq, timeout=60) as r:
            return json.loads(r.read())

    def register(self, name, password, admin=False):
        """Her id, and an access token of a device."""
        path = "/_synapse/admin/v1/register"
        nonce = self.request("GET", path)["nonce"]
        text = "\0".join([nonce, name, password, "admin" if admin else "notadmin"])
        mac = hmac.new(SECRET.encode(), text.encode(), hashlib.sha1).hexdigest()
        r = self.request("POST", path, {"nonce": nonce, "username": name, "password": password,
                                        "admin": admin, "mac": mac})
        return r["user_id"], r["access_token"]

    def unlimited(self, user):
        if self.admin is None:
            self.admin = self.register("admin", "sesame", admin=True)[1]
        self.request("POST", f"/_synapse/admin/v1/users/{urllib.parse.quote(user)}/override_ratelimit",
                     {"messages_per_second": 0, "burst_count": 0}, self.admin)


if __name__ == "__main__":  # python -m lib.synapse: one to try things with
    with Synapse("limits" in sys.argv) as it:
        print(it.url, it.register("mia", "sesame"), flush=True)
        it.process.wait()
