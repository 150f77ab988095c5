#!/usr/bin/env python3
"""tls.py - the program behind TLS, as it reaches Telegram: certificates that are not right,
connections that break before they are secure, and a proxy. What goes wrong is named, with the host
and never with the token.
"""
import os
import sys
import tempfile
import time

from lib.daemon import run_parts
from lib.telegram import TOKEN
from lib.tls import Certificates, Front, Proxy
from telegram import ANSWER, QUESTION, House, c


class SecureHouse(House):
    """The Bot API behind TLS."""

    def __init__(self, certificate="good", mode="tls", **options):
        super().__init__(**options)
        self.folder = tempfile.TemporaryDirectory(prefix="credbot-tls-")
        self.certs = Certificates(self.folder.name)
        self.front = Front(self.tg.port, getattr(self.certs, certificate), mode)
        self.daemon.options["telegram.api_url"] = f"https://localhost:{self.front.port}"
        self.daemon.options.setdefault("http.ca_file", self.certs.ca)
        self.daemon.write_config()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        super().__exit__()
        self.front.close()
        self.folder.cleanup()

    def answers_now(self, what):
        c.check(self.tg.wait(polling=True, timeout=60), f"{what}: it polls")
        self.user()
        n = len(self.answers())
        self.say(QUESTION)
        a = self.wait(n + 1)
        c.check(len(a) == n + 1 and ANSWER in a[-1]["text"], f"{what}: a question is answered", a)


def good():
    with SecureHouse() as h:
        h.answers_now("C-10, a certificate of an authority that is trusted")


def certificates():
    for name, words in (("self_signed", "self-signed certificate"),
                        ("expired", "certificate has expired"),
                        ("wrong_host", "no alternative certificate subject name matches")):
        with SecureHouse(name) as h:
            c.check(h.daemon.wait_log(words, timeout=20), f"C-10: {name} is named",
                    h.daemon.log()[-600:])
            line = next((x for x in h.daemon.log().split("\n") if words in x), "")
            c.check("localhost" in line, f"C-10: {name}: with the host", line)
            c.check("/bot" not in line, f"C-10: {name}: and not the address", line)
            c.equal(h.tg.control("counters")["requests"], 0, f"C-10: {name}: nothing was sent")
            h.front.certificate = h.certs.good
            h.answers_now(f"C-10: {name}, then a good one")


def unknown_authority():
    with SecureHouse(**{"http.ca_file": '""'}) as h:
        c.check(h.daemon.wait_log("unable to get local issuer certificate", timeout=20),
                "C-10: an authority that nobody trusts is named", h.daemon.log()[-600:])


def broken_handshakes():
    """T-7: what breaks before it is secure was not sent, and is sent like new."""
    with SecureHouse() as h:
        h.answers_now("T-7")
        n = 1
        for mode in ("refuse", "reset", "garbage"):
            # No kept connection; the poll that is held brings the question.
            h.tg.control("restart")
            h.tg.wait(polling=False, timeout=1)
            c.check(h.tg.wait(polling=True, timeout=20), f"T-7: {mode}: polls again")
            h.front.mode, tried = mode, h.front.taken
            h.say(QUESTION)
            end = time.monotonic() + 20
            while h.front.taken == tried and time.monotonic() < end:
                time.sleep(0.01)
            c.check(h.front.taken > tried, f"T-7: {mode}: tried")
            h.front.mode = "tls"
            a = h.wait(n + 1, timeout=60)
            n += 1
            c.equal(len(a), n, f"T-7: {mode}: answered when it may be")
            c.equal(len(h.requests("sendMessage")), n, f"T-7: {mode}: once")
            c.check("second time" not in a[-1]["text"], f"T-7: {mode}: like new", a[-1]["text"])


def silent_handshake():
    """A server that never says a word is given up; what else is done goes on meanwhile."""
    with SecureHouse(mode="silent", **{"web.listen": "WEB"}) as h:
        h.daemon.options["web.listen"] = f"127.0.0.1:{h.daemon.port}"
        h.daemon.stop()
        h.daemon.write_config()
        h.start()
        h.daemon.wait()
        c.check(h.daemon.wait_log("cannot be reached yet", timeout=40), "T-7: silence is named")
        h.front.mode = "tls"
        h.answers_now("T-7: after silence")


def proxies():
    proxy = Proxy()
    with SecureHouse(**{"http.proxy": f"http://127.0.0.1:{proxy.port}"}) as h:
        h.answers_now("C-11: through a proxy")
        c.check(proxy.seen and all(x.startswith(f"CONNECT localhost:{h.front.port} ")
                                   for x in proxy.seen), "C-11: which sees the host alone",
                proxy.seen)
        c.check(all(TOKEN.split(":")[1] not in x for x in proxy.seen), "C-11: and no token")
    proxy.close()
    proxy = Proxy("mia", "pass-word-of-the-proxy")
    with SecureHouse(**{"http.proxy": f"http://mia:wrong-word@127.0.0.1:{proxy.port}"}) as h:
        c.check(h.daemon.wait_log("cannot be reached yet", timeout=20), "C-11: refused")
        h.daemon.stop()
        c.equal(h.tg.control("counters")["requests"], 0, "C-11: nothing went past it")
        h.daemon.options["http.proxy"] = \
            f"http://mia:pass-word-of-the-proxy@127.0.0.1:{proxy.port}"
        h.daemon.write_config()
        h.start()
        h.answers_now("C-11: through a proxy with a password")
        c.check("pass-word-of-the-proxy" not in h.daemon.log() and "wrong-word" not in
                h.daemon.log(), "C-11: which stands in no log")
    proxy.close()
    os.environ["https_proxy"] = os.environ["HTTPS_PROXY"] = "http://127.0.0.1:1"
    with SecureHouse() as h:
        h.answers_now("C-11: the environment is not asked")


def main():
    parts = [good, certificates, unknown_authority, broken_handshakes, silent_handshake, proxies]
    chosen = sys.argv[1:]
    if not chosen:
        return run_parts(__file__, [part.__name__ for part in parts])
    for part in parts:
        if part.__name__ in chosen:
            part()
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
