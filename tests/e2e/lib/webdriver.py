"""webdriver.py - as much of WebDriver as our tests need, by chromedriver's HTTP interface."""
import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from .daemon import free_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Shift": "\ue008", "Escape": "\ue00c",
        "ArrowUp": "\ue013", "Space": "\ue00d"}


def missing():
    """What is not installed; None if nothing."""
    for names in (("chromium", "chromium-browser", "google-chrome"), ("chromedriver",)):
        if not any(shutil.which(n) for n in names):
            return names[0]
    return None


class Driver:
    """A chromedriver process; browser() opens browsers with profiles of their own."""

    def __init__(self):
        self.port = free_port()
        self.process = subprocess.Popen(
            ["chromedriver", f"--port={self.port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.browsers = []
        for _ in range(200):
            try:
                if self.call("GET", "/status")["ready"]:
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("chromedriver did not start")

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        rq = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, method=method,
                                    headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(rq, timeout=60) as r:
                return json.load(r)["value"]
        except urllib.error.HTTPError as e:
            value = json.load(e)["value"]
            raise RuntimeError(f"{value['error']}: {value['message']}") from None

    def browser(self, **how):
        b = Browser(self, **how)
        self.browsers.append(b)
        return b

    def close(self):
        for b in self.browsers:
            b.close()
        self.process.terminate()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Browser:
    def __init__(self, driver, width=1280, height=800, dark=False, javascript=True,
                 mobile=False, reduced_motion=False):
        self.driver = driver
        self.profile = tempfile.mkdtemp(prefix="credbot-chromium-")
        prefs = {}
        if not javascript:
            prefs["profile.managed_default_content_settings.javascript"] = 2
        args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                f"--user-data-dir={self.profile}", f"--window-size={width},{height}",
                "--force-color-profile=srgb", "--lang=en-GB"]
        caps = {"alwaysMatch": {"browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"},
                                "goog:chromeOptions": {"args": args, "prefs": prefs}}}
        value = driver.call("POST", "/session", {"capabilities": caps})
        self.path = f"/session/{value['sessionId']}"
        self.size(width, height, mobile)
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        if reduced_motion:
            features.append({"name": "prefers-reduced-motion", "value": "reduce"})
        self.cdp("Emulation.setEmulatedMedia", features=features)

    def call(self, method, path, body=None):
        return self.driver.call(method, self.path + path, body)

    def cdp(self, cmd, **params):
        return self.call("POST", "/goog/cdp/execute", {"cmd": cmd, "params": params})

    def size(self, width, height, mobile=False):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=2 if mobile else 1, mobile=mobile)

    def forced_colors(self):
        self.cdp("Emulation.setEmulatedMedia",
                 features=[{"name": "forced-colors", "value": "active"}])

    def offline(self, yes):
        self.cdp("Network.enable")
        self.cdp("Network.emulateNetworkConditions", offline=yes, latency=0,
                 downloadThroughput=-1, uploadThroughput=-1)

    def go(self, url):
        self.call("POST", "/url", {"url": url})

    def reload(self):
        self.call("POST", "/refresh", {})

    def js(self, code, *args):
        return self.call("POST", "/execute/sync", {"script": code, "args": list(args)})

    def find(self, css):
        return self.call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def find_all(self, css):
        return [e[ELEMENT] for e in
                self.call("POST", "/elements", {"using": "css selector", "value": css})]

    def text(self, css):
        return self.call("GET", f"/element/{self.find(css)}/text")

    def texts(self, css):
        return [self.call("GET", f"/element/{e}/text") for e in self.find_all(css)]

    def click(self, css):
        self.call("POST", f"/element/{self.find(css)}/click", {})

    def type(self, css, text):
        self.call("POST", f"/element/{self.find(css)}/value", {"text": text})

    def keys(self, *names):
        """Presses keys, one after the other, wherever the focus is; "Shift+Tab" holds."""
        actions = []
        for name in names:
            held = name.split("+")
            codes = [KEYS.get(k, k) for k in held] if len(name) > 1 else [name]
            actions += [{"type": "keyDown", "value": c} for c in codes]
            actions += [{"type": "keyUp", "value": c} for c in reversed(codes)]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": actions}]})

    def write(self, text):
        self.keys(*text)

    def until(self, fn, seconds=10):
        """The first true value of fn(); False after that time."""
        end = time.monotonic() + seconds
        while True:
            try:
                value = fn()
            except RuntimeError:
                value = None
            if value:
                return value
            if time.monotonic() > end:
                return False
            time.sleep(0.05)

    def console(self):
        """What the console said since it was asked last: errors and warnings."""
        return [e["message"] for e in self.call("POST", "/se/log", {"type": "browser"})
                if e["level"] in ("SEVERE", "WARNING")]

    def picture(self, path):
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.call("GET", "/screenshot")))

    def close(self):
        try:
            self.call("DELETE", "")
        except (OSError, RuntimeError):
            pass
        shutil.rmtree(self.profile, ignore_errors=True)
