#!/usr/bin/env python3
"""telegram.py - how many Telegram messages a second are answered, beside two well-known bots.

  --messages N   in each measurement (12000)     --rounds N   of each bot (3)
  --bots LIST    credbot,grammy,runner,ptb,ptb32 --json       one line of JSON
  --throttle     answer times while one group may not be written to, instead

Needs Node 18 or newer, npm, and the network at its first run: what the peers are made of is
installed into build/peers, in the versions below.

What is fair about it:
- The queue is filled before it is handed out, and each bot takes it as fast as it can. Time
  runs from the moment when the queue is full to the arrival of the last reply.
- Everybody writes three messages, because credbot sends at most three at once to one chat and
  then one a second, as Telegram wants it. The peers have no such limit, and meet none here.
- All send the very same message: credbot is asked first, and the peers repeat what it said,
  with entities and buttons. So the Bot API has the same work with each.
- Each measurement has a Bot API and a bot of its own, and begins with messages that do not
  count, so that connections are open and code is compiled. The bots take turns.
What is not: credbot works out its answer, and has the message, the reply and that it was sent
on disk; the peers store nothing. grammY by itself answers one after the other; its runner and
python-telegram-bot (concurrent_updates=True, which is 256, and again with 32, which is faster)
many at a time, in any order.

CPU is that of the bot's process, half a second after the last reply included. The Bot API is a
Python program with one thread: where "api" is near 100 %, it is what limits the messages a
second, and only CPU tells bots apart. "api alone" is what it can do for a client that costs
nothing.
"""
import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))

from lib.daemon import ROOT, Daemon  # noqa: E402
from lib.telegram import TOKEN, Telegram  # noqa: E402

PEERS = os.path.join(ROOT, "build/peers")
GRAMMY = ["grammy@1.46.0", "@grammyjs/runner@2.0.3"]
PTB = "python-telegram-bot==22.8"
HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = {"credbot": "credbot", "grammy": "grammY", "runner": "grammY with runner",
         "ptb": "python-telegram-bot", "ptb32": "the same, 32 at a time"}
TEXT = "What is a micro-credential? (%d)"
PER_CHAT = 3
WARM_UP = 900
STALLED_S = 20  # without a reply; then the rest is lost
CHATS, REPLIES, PERIOD_S, THROTTLED_S = 200, 5, 2, 60  # of --throttle
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


# --- what is measured

class Credbot:
    def __init__(self, tg):
        self.daemon = Daemon({"web.listen": '"off"', "telegram.api_url": tg.base_url,
                              "telegram.token_file": "token", "chat.flood_burst": 1000,
                              "chat.debounce_ms": 0})
        path = os.path.join(self.daemon.dir, "token")
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write(TOKEN + "\n")
        self.daemon.options["telegram.token_file"] = path
        self.daemon.write_config()
        self.process = self.daemon.start().process

    def said(self):
        return self.daemon.log()[-2000:]

    def close(self):
        self.daemon.close()


class Peer:
    """A bot of another make, in a process of its own."""

    def __init__(self, command, env=None):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, env={
                                            **os.environ, "NO_PROXY": "127.0.0.1", **(env or {})})

    def said(self):
        self.log.seek(0)
        return self.log.read()[-2000:]

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


def start(kind, tg, reply):
    if kind == "credbot":
        return Credbot(tg)
    if kind in ("ptb", "ptb32"):
        # -I: beside it lies a telegram.py that is not the package.
        return Peer([os.path.join(PEERS, "ptb/bin/python"), "-I",
                     os.path.join(HERE, "peer_ptb.py"), tg.base_url, TOKEN, reply,
                     "32" if kind == "ptb32" else "256"])
    return Peer(["node", os.path.join(HERE, "peer_grammy.js"), tg.base_url, TOKEN, reply,
                 "runner" if kind == "runner" else "plain"],
                {"NODE_PATH": os.path.join(PEERS, "grammy/node_modules"),
                 "NODE_ENV": "production"})


def install(kinds):
    """What the peers are made of, once for each version."""
    wanted = []
    if {"grammy", "runner"} & set(kinds):
        wanted.append(("grammy", GRAMMY, [["npm", "install", "--no-audit", "--no-fund", "--prefix",
                                           "{}", *GRAMMY]]))
    if {"ptb", "ptb32"} & set(kinds):
        wanted.append(("ptb", [PTB], [[sys.executable, "-m", "venv", "{}"],
                                      ["{}/bin/python", "-m", "pip", "install", "-q", PTB]]))
    for name, versions, commands in wanted:
        folder = os.path.join(PEERS, name)
        stamp = os.path.join(folder, ".installed")
        if os.path.exists(stamp) and open(stamp).read() == " ".join(versions):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for command in commands:
            subprocess.run([part.replace("{}", folder) for part in command], check=True,
                           stdout=sys.stderr)
        with open(stamp, "w") as f:
            f.write(" ".join(versions))


# --- looking at processes

def cpu_s(pid):
    """User and system time of a process, of all its threads."""
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


def rss_mb(pid):
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024


# --- throughput

def replies(tg):
    return tg.control("counters")["methods"].get("sendMessage", 0)


def wait_replies(tg, n):
    """Until n replies came in all, or none more come. When that was."""
    while not tg.wait(timeout=STALLED_S / 2, method="sendMessage", requests=n):
        before = replies(tg)
        if not tg.wait(timeout=STALLED_S / 2, method="sendMessage", requests=before + 1):
            break
    return time.perf_counter()


def sample_reply(path):
    """Asks credbot, and writes what it sends as peers are to send it."""
    with Telegram() as tg:
        bot = Credbot(tg)
        try:
            tg.control("bulk", chats=1, per_chat=1, text=TEXT)
            if not tg.wait(method="sendMessage", requests=1, timeout=15):
                raise RuntimeError(f"credbot does not answer:\n{bot.said()}")
            reply = tg.control("requests", method="sendMessage")[0]["params"]
        finally:
            bot.close()
    del reply["chat_id"]
    with open(path, "w", encoding="utf-8") as f:
        json.dump(reply, f)
    return reply


def measure(kind, args, reply):
    with Telegram() as tg:
        tg.control("config", keep_requests=100)
        bot = start(kind, tg, reply)
        try:
            return measure_bot(tg, bot, args)
        finally:
            bot.close()


def measure_bot(tg, bot, args):
    chats = args.messages // PER_CHAT
    if not tg.wait(polling=True, timeout=15):
        raise RuntimeError(f"it does not ask for updates:\n{bot.said()}")
    tg.control("bulk", chats=WARM_UP // PER_CHAT, per_chat=PER_CHAT, text=TEXT)
    wait_replies(tg, WARM_UP)
    time.sleep(0.5)
    before = replies(tg)
    cpu, api_cpu = cpu_s(bot.process.pid), cpu_s(tg.process.pid)
    tg.control("bulk", chats=chats, per_chat=PER_CHAT, text=TEXT)
    begin, filled_cpu = time.perf_counter(), cpu_s(tg.process.pid)
    seconds = wait_replies(tg, before + chats * PER_CHAT) - begin
    api_cpu = cpu_s(tg.process.pid) - filled_cpu
    time.sleep(0.5)
    n = replies(tg) - before
    return {"messages_s": n / seconds, "cpu_us": (cpu_s(bot.process.pid) - cpu) / n * 1e6,
            "rss_mb": rss_mb(bot.process.pid),
            "connections": tg.control("counters")["connections"] - 1,
            "api": api_cpu / seconds, "lost": chats * PER_CHAT - n,
            "refused": len(tg.control("violations"))}


def measure_api(args, reply):
    """Messages a second that the Bot API takes: requests written many at a time."""
    with Telegram() as tg:
        tg.control("config", keep_requests=100)
        users = tg.control("bulk", chats=args.messages // PER_CHAT, per_chat=1, text=TEXT)["users"]
        requests = []
        for user in users * PER_CHAT:
            body = json.dumps({"chat_id": user, **reply}).encode()
            requests.append(b"POST /bot%s/sendMessage HTTP/1.1\r\nHost: localhost\r\n"
                            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
                                TOKEN.encode(), len(body), body))
        begin, cpu = time.perf_counter(), cpu_s(tg.process.pid)
        with socket.create_connection(("127.0.0.1", tg.port), timeout=60) as s:
            for i in range(0, len(requests), 20):
                part = requests[i:i + 20]
                s.sendall(b"".join(part))
                got = 0
                while got < len(part):
                    data = s.recv(1 << 20)
                    if not data:
                        raise RuntimeError("the Bot API hung up")
                    got += data.count(b"HTTP/1.1 200 ")
        seconds = time.perf_counter() - begin
        if replies(tg) != len(requests):
            raise RuntimeError("requests were lost")
        return {"messages_s": len(requests) / seconds,
                "cpu_us": (cpu_s(tg.process.pid) - cpu) / len(requests) * 1e6}


def throughput(args):
    kinds = args.bots.split(",")
    install(kinds)
    results = {k: [] for k in kinds}
    api = []
    with tempfile.TemporaryDirectory(prefix="credbot-bench-") as folder:
        path = os.path.join(folder, "reply.json")
        reply = sample_reply(path)
        for n in range(args.rounds):
            api.append(measure_api(args, reply))
            for kind in kinds:
                results[kind].append(measure(kind, args, path))
                if sys.stderr.isatty():
                    print(f"round {n + 1}: {NAMES[kind]:30}", end="\r", file=sys.stderr)
    out = {"messages": args.messages, "rounds": args.rounds, "api_alone": medians(api), "bots": {}}
    for kind in kinds:
        out["bots"][kind] = medians(results[kind])
    mine = out["bots"].get("credbot")
    for kind in kinds if mine else []:
        out["bots"][kind]["credbot_speed"] = mine["messages_s"] / out["bots"][kind]["messages_s"]
        out["bots"][kind]["credbot_cpu"] = mine["cpu_us"] / out["bots"][kind]["cpu_us"]
    return out


# --- one group throttled

def talk(tg, users, aside):
    """Everybody asks REPLIES times, PERIOD_S apart; aside() is called each second."""
    start = time.perf_counter()
    plan = sorted((start + (k + random.random()) * PERIOD_S, user)
                  for user in users for k in range(REPLIES))
    next_aside = start + 1
    for n, (at, user) in enumerate(plan):
        time.sleep(max(0, at - time.perf_counter()))
        tg.control("send", user=user, text=TEXT % n)
        if time.perf_counter() >= next_aside:
            next_aside += 1
            aside()


def answer_times(tg, users, n):
    """Milliseconds from each message to its answer, of the last n of each chat."""
    times, missing = [], 0
    for user in users:
        asked, answered = [], []
        for m in tg.control("transcript", chat=user):
            (answered if m["bot"] else asked).append(m["date"])
        missing += max(0, len(asked) - len(answered))
        pairs = list(zip(asked, answered))
        times += [(b - a) * 1000 for a, b in pairs[-n:]]
    times.sort()
    return {"answers": len(times), "missing": missing, "p50_ms": times[len(times) // 2],
            "p99_ms": times[int(len(times) * 0.99)], "max_ms": times[-1]}


def group_answers(tg, group):
    return [m["date"] for m in tg.control("transcript", chat=group) if m["bot"]]


def throttled_group(tg, users):
    """Is told 429 for THROTTLED_S from its first answer on. Returns (its id, ask, fault)."""
    group = tg.control("chat", type="supergroup", title="Class", members=users[:20])["id"]

    def ask():
        tg.control("send", chat=group, user=random.choice(users[:20]),
                   text="@credbot_bot What is a micro-credential?")

    def fault():
        return tg.control("faults")[0]

    tg.control("faults", fault="error", method="sendMessage", chat=group, error_code=429,
               retry_after=THROTTLED_S, for_s=THROTTLED_S)
    ask()
    for _ in range(500):
        if fault()["done"] > 0:
            return group, ask, fault
        time.sleep(0.01)
    raise RuntimeError("nobody was throttled")


def throttle():
    with Telegram() as tg:
        users = [tg.control("user", first_name=f"User{n}")["id"] for n in range(CHATS)]
        bot = Credbot(tg)
        try:
            if not tg.wait(polling=True, timeout=15):
                raise RuntimeError(f"it does not ask for updates:\n{bot.said()}")
            talk(tg, users, lambda: None)
            talk(tg, users, lambda: None)  # the first time was to warm up
            time.sleep(1)
            before = answer_times(tg, users, REPLIES)
            group, ask, fault = throttled_group(tg, users)
            begin = tg.control("clock")["now"]
            talk(tg, users, ask)
            time.sleep(1)
            during = answer_times(tg, users, REPLIES)
            early = len(group_answers(tg, group))
            while not group_answers(tg, group):
                if tg.control("clock")["now"] > begin + 2 * THROTTLED_S:
                    raise RuntimeError("the group is never answered")
                time.sleep(0.2)
            return {"before": before, "during": during, "group_refused": fault()["done"],
                    "group_answers_during": early,
                    "group_answered_after_s": group_answers(tg, group)[0] - begin}
        finally:
            bot.close()


def show_throttle(out):
    print(f"{CHATS} chats with {REPLIES} messages each, {PERIOD_S} s apart; one group is "
          f"told 429 for {THROTTLED_S} s")
    print(f"{'':10}{'answers':>9}{'missing':>9}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    for name in ("before", "during"):
        r = out[name]
        print(f"{name:10}{r['answers']:9}{r['missing']:9}{r['p50_ms']:9.1f}{r['p99_ms']:9.1f}"
              f"{r['max_ms']:9.1f}")
    print(f"the group: {out['group_refused']} sends refused, {out['group_answers_during']} "
          f"answers meanwhile, the first after {out['group_answered_after_s']:.1f} s")


# --- all of it

def medians(rows):
    return {k: statistics.median(r[k] for r in rows) for k in rows[0]}


def show_throughput(out):
    print(f"{out['messages']} messages, medians of {out['rounds']} rounds")
    print(f"{'':21}{'messages/s':>11}{'CPU us/msg':>12}{'RSS MB':>8}{'TCP':>6}{'api':>7}"
          f"{'lost':>6}{'credbot: speed':>16}{'CPU':>7}")
    for kind, r in out["bots"].items():
        print(f"{NAMES[kind]:21}{r['messages_s']:11.0f}{r['cpu_us']:12.0f}{r['rss_mb']:8.1f}"
              f"{r['connections']:6.0f}{r['api']:7.0%}{r['lost']:6.0f}"
              f"{r.get('credbot_speed', 0):15.2f}x{r.get('credbot_cpu', 0):6.2f}x")
    a = out["api_alone"]
    print(f"{'api alone':21}{a['messages_s']:11.0f}{a['cpu_us']:12.0f}")


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--messages", type=int, default=12000)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--bots", default=",".join(NAMES))
    p.add_argument("--throttle", action="store_true")
    p.add_argument("--json", action="store_true")
    args = p.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    out = throttle() if args.throttle else throughput(args)
    if args.json:
        print(json.dumps(out))
    elif args.throttle:
        show_throttle(out)
    else:
        show_throughput(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
