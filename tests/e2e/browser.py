#!/usr/bin/env python3
"""browser.py - the chat page in a real browser (Chromium, by chromedriver).

Options: --pictures DIR keeps a screenshot of each view.
"""
import http.server
import os
import signal
import sys
import threading
import time

from lib.daemon import Checks, Daemon
from lib.webdriver import Driver, missing

checks = Checks()
pictures = None

# Contrast of an element's text with what lies behind it (WCAG 2.1).
CONTRAST = """
const light = ([r, g, b]) => {
  const f = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
};
const parse = (s) => s.match(/[\\d.]+/g).map(Number);
const el = document.querySelector(arguments[0]);
if (!el) return null;
let back = null;
for (let e = el; e && !back; e = e.parentElement) {
  const c = parse(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) back = c;
}
const style = getComputedStyle(el, arguments[1] || null);
const [a, b] = [light(parse(style.color)), light(back)].sort((x, y) => y - x);
return (a + 0.05) / (b + 0.05);
"""


def picture(b, name):
    if pictures:
        time.sleep(0.3)  # lines come in gently
        b.picture(os.path.join(pictures, name + ".png"))


def is_clean(b, what):
    bad = [m for m in b.console() if "ERR_CONNECTION" not in m and "WebSocket" not in m]
    checks.equal(bad, [], f"{what}: console")


def lines(b):
    return b.js("return [...document.querySelectorAll('.line')].map((a) => "
                "[a.className, a.querySelector('.bubble').textContent])")


def answered(b, n):
    """Until the n-th answer of the bot is there and nothing is under way."""
    return b.until(lambda: len(b.find_all(".bot")) >= n and not b.find_all(".sending"), 15)


def open_chat(b, d):
    b.go(f"http://127.0.0.1:{d.port}/")
    return b.until(lambda: b.find_all(".bot"), 15)


def say(b, text):
    n = len(b.find_all(".bot"))
    b.type("#text", text + "\ue007")
    return answered(b, n + 1)


def no_side_scroll(b, what):
    checks.check(b.js("return document.documentElement.scrollWidth <= innerWidth"),
                 f"{what}: the page does not scroll sideways")
    checks.check(b.js("const m = document.querySelector('main');"
                      "return m.scrollWidth <= m.clientWidth"),
                 f"{what}: neither does the conversation")


def readable(b, what):
    for css, pseudo, least in ((".bot .bubble", "", 7), (".mine .bubble", "", 7),
                               (".top p", "", 4.5), ("time", "", 4.5), (".intro", "", 4.5),
                               (".send", "", 4.5), ("#text", "::placeholder", 4.5)):
        ratio = b.js(CONTRAST, css, pseudo)
        checks.check(ratio is not None and ratio >= least, f"{what}: contrast of {css}", ratio)


def test_views(driver, d):
    for width, height, mobile in ((360, 740, True), (1280, 800, False), (1400, 900, False)):
        for dark in (False, True):
            what = f"{width}-{'dark' if dark else 'light'}"
            b = driver.browser(width=width, height=height, mobile=mobile, dark=dark)
            checks.check(open_chat(b, d), f"{what}: greeted")
            picture(b, what + "-1-open")
            checks.check(say(b, "What is a micro-credential?"), f"{what}: answered")
            picture(b, what + "-2-answer")
            say(b, "Averylongwordwithoutanyspace" * 12)
            no_side_scroll(b, what)
            readable(b, what)
            picture(b, what + "-3-long")
            background = b.js("return getComputedStyle(document.body).backgroundColor")
            light = sum(int(v) for v in background[4:-1].split(",")) / 3
            checks.check(light < 60 if dark else light > 200, f"{what}: follows the system", background)
            is_clean(b, what)
            b.close()


def test_meaning(driver, d):
    """What a screen reader is told."""
    b = driver.browser()
    open_chat(b, d)
    say(b, "Hello, who are you?")
    tree = b.cdp("Accessibility.getFullAXTree")["nodes"]
    seen = {(n.get("role", {}).get("value"), n.get("name", {}).get("value")) for n in tree
            if not n.get("ignored")}
    for role, name in (("log", "Conversation"), ("textbox", "Your message"), ("button", "Send"),
                       ("heading", "credbot"), ("button", "Edit this message"),
                       ("link", "Skip to the message box")):
        checks.check((role, name) in seen, f"{role} \"{name}\"")
    checks.check(any(r == "status" for r, _ in seen), "status")
    checks.equal(b.js("return document.querySelector('#log').getAttribute('aria-live')"), "polite",
                 "new lines are announced")
    checks.equal(b.js("return document.querySelector('.mine .who').textContent"), "You said", "whose")
    checks.equal(b.js("return document.querySelector('.bot .who').textContent"), "credbot said", "whose")
    checks.check(b.js("return [...document.querySelectorAll('time')].every((t) => "
                      "!isNaN(Date.parse(t.dateTime)))"), "times are times")
    checks.equal(b.js("return document.documentElement.lang"), "en", "language")
    b.close()


def test_keyboard(driver, d):
    b = driver.browser()
    open_chat(b, d)
    b.js("document.querySelector('#text').focus()")
    b.keys("Shift+Tab")
    checks.check(b.js("return document.activeElement.closest('#choices') !== null"),
                 "the choices stand before the message box")
    checks.check(b.js("return document.activeElement.matches(':focus-visible') && "
                      "getComputedStyle(document.activeElement).outlineStyle !== 'none'"),
                 "focus is visible")
    picture(b, "focus")
    chosen = b.js("return document.activeElement.value")
    b.keys("Enter")
    checks.check(answered(b, 2), "a choice is made by Enter")
    checks.check(["line mine", chosen] in lines(b), "and is what was said", lines(b))
    checks.equal(b.js("return document.activeElement.id"), "text", "the focus is not lost")
    b.js("document.body.tabIndex = -1; document.body.focus()")
    b.keys("Tab")
    checks.equal(b.js("return document.activeElement.className"), "skip", "first comes the skip link")
    checks.check(b.js("return document.activeElement.getBoundingClientRect().top >= 0"),
                 "which shows itself")
    b.keys("Enter")
    b.write("Hello")
    checks.equal(b.js("return document.activeElement.id"), "text", "it leads to the message box")
    b.keys("Shift+Enter")
    b.write("there")
    checks.equal(b.js("return document.querySelector('#text').value"), "Hello\nthere",
                 "Shift+Enter is a new line")
    height = b.js("return document.querySelector('#text').offsetHeight")
    n = len(b.find_all(".bot"))
    b.keys("Enter")
    checks.check(answered(b, n + 1), "Enter sends")
    checks.check(b.js("return document.querySelector('#text').offsetHeight") < height,
                 "the box grew, and shrank again")
    checks.equal(lines(b)[-2][1] if len(lines(b)) > 1 else "", "Hello\nthere", "two lines")
    b.keys("ArrowUp")
    checks.equal(b.js("return document.querySelector('#text').value"), "Hello\nthere",
                 "ArrowUp takes the last message back")
    checks.check(b.js("return !document.querySelector('.editing').hidden"), "and says so")
    picture(b, "editing")
    b.keys("Escape")
    checks.equal(b.js("return document.querySelector('#text').value"), "", "Escape lets it be")
    b.keys("ArrowUp")
    n = len(b.find_all(".bot"))
    b.write(" again")
    b.keys("Enter")
    checks.check(answered(b, n + 1), "the change is answered")
    checks.check(any(t == "Hello\nthere again" for _, t in lines(b)), "and shown")
    is_clean(b, "keyboard")
    b.close()


def test_choices(driver, d):
    b = driver.browser()
    open_chat(b, d)
    first = b.texts("#choices button")
    checks.check(len(first) > 0, "the greeting offers something")
    b.click("#choices button")
    checks.check(answered(b, 2), "answered")
    checks.equal(lines(b)[1][1], first[0], "the choice is what was said")
    checks.equal(len(b.find_all("#log button[value]")), 0, "older ones are gone")
    b.close()


def test_text_is_text(driver, d):
    b = driver.browser()
    open_chat(b, d)
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    say(b, evil)
    checks.check(any(t == evil for _, t in lines(b)), "shown as it was written")
    b.reload()
    b.until(lambda: b.find_all(".mine"))
    checks.check(any(t == evil for _, t in lines(b)), "also by the server")
    checks.equal(b.js("return document.title"), "credbot", "nothing of it ran")
    checks.equal(len(b.find_all("#log img, #log script")), 0, "nothing of it is an element")
    is_clean(b, "text")
    b.close()


def test_lost_connection(driver, d):
    b = driver.browser()
    open_chat(b, d)
    say(b, "Hello")
    before = lines(b)
    d.stop(signal.SIGKILL)
    b.type("#text", "How long does it take?\ue007")
    checks.check(b.until(lambda: "kept" in b.text("#status")), "says that it is kept")
    checks.equal(len(b.find_all(".sending")), 1, "shown as sending")
    picture(b, "no-connection")
    d.start().wait()
    checks.check(b.until(lambda: not b.find_all(".sending"), 25), "sent when it comes back")
    checks.check(answered(b, len([1 for c, _ in before if "bot" in c]) + 1), "and answered")
    checks.check(b.until(lambda: b.text("#status") == ""), "status is quiet again")
    checks.equal(len([1 for _, t in lines(b) if t == "How long does it take?"]), 1, "once")

    d.stop(signal.SIGKILL)
    b.type("#text", "What does it cost?\ue007")
    b.until(lambda: b.find_all(".sending"))
    d.start().wait()
    b.reload()
    checks.check(b.until(lambda: len([1 for _, t in lines(b) if t == "What does it cost?"]) == 1
                         and not b.find_all(".sending")), "also when the page is loaded again")
    n = len(lines(b))
    b.reload()
    b.until(lambda: len(lines(b)) >= n)
    checks.equal(len([1 for _, t in lines(b) if t == "What does it cost?"]), 1, "still once")
    checks.equal(b.js("return Object.keys(localStorage).length"), 0, "nothing is left over")
    b.close()


def test_other_session(driver, d):
    b = driver.browser()
    open_chat(b, d)
    say(b, "This belongs to the first session")
    d.stop(signal.SIGTERM)
    b.cdp("Network.clearBrowserCookies")  # now no answer under way brings the cookie back
    d.start().wait()
    checks.check(b.until(lambda: b.find_all(".bot") and not b.find_all(".mine"), 30),
                 "without its cookie the page starts clean")
    checks.check(say(b, "This belongs to the second"), "and works")
    checks.check(not any("first" in t for c, t in lines(b) if "mine" in c), "nothing is mixed")
    b.close()


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A page of another site with a link to the chat."""
    target = ""

    def do_GET(self):
        body = f'<!doctype html><a id="link" href="{self.target}">chat</a>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_link_from_elsewhere(driver, d):
    """A strict cookie is not sent along; the conversation is there all the same."""
    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    Elsewhere.target = f"http://127.0.0.1:{d.port}/"
    for javascript in (True, False):
        what = "with JavaScript" if javascript else "without JavaScript"
        b = driver.browser(javascript=javascript)
        b.go(f"http://127.0.0.1:{d.port}/")
        b.type("#text", "This is my first visit")
        b.click(".send")
        b.until(lambda: b.find_all(".mine") and b.find_all(".bot"))
        b.go(f"http://localhost:{other.server_port}/")
        b.click("#link")
        checks.check(b.until(lambda: b.text(".mine .bubble") == "This is my first visit"),
                     f"{what}: a link from another site leads back to the conversation")
        b.close()
    other.shutdown()


def test_without_storage(driver, d):
    b = driver.browser()
    b.cdp("Page.addScriptToEvaluateOnNewDocument",
          source="Object.defineProperty(window, 'localStorage', "
                 "{ get() { throw new Error('denied'); } });")
    checks.check(open_chat(b, d), "opens without localStorage")
    checks.check(say(b, "Hello"), "and works")
    is_clean(b, "without storage")
    b.close()


def test_without_javascript(driver, d):
    b = driver.browser(width=360, height=740, mobile=True, javascript=False)
    b.go(f"http://127.0.0.1:{d.port}/")
    checks.check("page loads again" in b.text("main"), "says how it works")
    b.type("#text", "What is a micro-credential?")
    b.click(".send")
    checks.check(b.until(lambda: len(b.find_all(".bot")) == 1), "the answer comes with the page")
    checks.equal(b.text(".mine .bubble"), "What is a micro-credential?", "the question is there")
    checks.check(b.call("GET", "/url").endswith("/#end"), "at its end")
    picture(b, "no-javascript")
    if b.find_all("#choices button"):
        b.click("#choices button")
        checks.check(b.until(lambda: len(b.find_all(".bot")) == 2), "a choice is a button of a form")
    b.close()


def test_motion_and_contrast(driver, d):
    b = driver.browser(reduced_motion=True)
    open_chat(b, d)
    checks.equal(b.js("return getComputedStyle(document.querySelector('.line')).animationName"),
                 "none", "nothing moves for who wants it still")
    b.forced_colors()
    say(b, "Hello")
    picture(b, "forced-colors")
    b.close()


def main():
    global pictures
    if "--pictures" in sys.argv:
        pictures = sys.argv[sys.argv.index("--pictures") + 1]
        os.makedirs(pictures, exist_ok=True)
    lacks = missing()
    if lacks and os.environ.get("CI") != "true":
        print(f"skipped: {lacks} is not installed")
        return checks.end()
    checks.check(not lacks, f"{lacks} is not installed")
    if lacks:
        return checks.end()
    options = {"chat.flood_burst": 1000, "chat.flood_refill_ms": 1, "web.max_per_address": 1000}
    with Daemon(options) as d, Driver() as driver:
        for test in (test_views, test_meaning, test_keyboard, test_choices, test_text_is_text,
                     test_lost_connection, test_other_session, test_link_from_elsewhere,
                     test_without_storage,
                     test_without_javascript, test_motion_and_contrast):
            try:
                test(driver, d)
            except Exception as e:  # one broken view must not hide the others
                checks.check(False, test.__name__, f"{type(e).__name__}: {e}"[:500])
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
