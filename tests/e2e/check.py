#!/usr/bin/env python3
"""check.py - what credbot check says about data and configuration with faults.

tests/broken is a small data folder with 25 planted faults; below stands where each must be
reported. Other kinds of faults are planted one at a time into a copy of the real data.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

from lib.daemon import ROOT, Checks, program

AT = "2026-12-01"

# File, line, column, what stands there, and how the reason begins.
PLANTED = [
    ("kb/en/accommodation.md", 3, 13, ": how", "not valid YAML"),
    ("kb/en/bank-account.md", 2, 5, "bank", 'the id is "bank", but the file is named bank-account'),
    ("kb/en/bank-account.md", 4, 11, "studyabroad",
     'unknown category "studyabroad"; did you mean "study-abroad"?'),
    ("kb/en/bank-account.md", 12, 11, "2026-02-30", 'reviewed: "2026-02-30" is no date'),
    ("kb/en/bicycle.md", 2, 1, "id:", '"title:" is missing'),
    ("kb/en/bicycle.md", 13, 9, '"You can', "simple has 35 words, at most 30"),
    ("kb/en/bicycle.md", 14, 1, "adviser", 'unknown key "adviser"; did you mean "advisor"?'),
    ("kb/en/dormitory.md", 13, 12, "2020-05-01", "the review date is past"),
    ("kb/en/dormitory.md", 37, 1, "A dormitory", "the short answer has 75 words, at most 60"),
    ("kb/en/dormitory.md", 43, 82, "deposits)", 'dead link: no topic "deposits"'),
    ("kb/en/insurance.md", 13, 12, "2026-10-01", "review_by is not after reviewed"),
    ("kb/en/insurance.md", 16, 3, '- "where', "12 questions, at least 20 are needed"),
    ("kb/en/insurance.md", 29, 1, "In most", "the line <!-- more --> between"),
    ("kb/en/library-card.md", 5, 20, "dormitry",
     'related: unknown topic "dormitry"; did you mean "dormitory"?'),
    ("kb/en/library-card.md", 10, 12, "gide", "unknown source"),
    ("kb/en/library-card.md", 37, 1, "Go to", "the caveat is missing"),
    ("kb/en/phone.md", 36, 5, '"Which number',
     '"Which number do I call, in the first days" means phone here, but bank-account at '),
    ("kb/en/phone.md", 40, 1, "> Some", "a quote marks the caveat"),
    ("kb/en/phone.md", 42, 1, "<!-- when: shop", "no such condition"),
    ("kb/en/train-ticket.md", 5, 9, "arrival", 'the parent "arrival" does not name this article'),
    ("kb/en/train-ticket.md", 39, 42, "parking", 'unknown topic or intent "parking"'),
    ("kb/en/train-ticket.md", 47, 55, "{price}", '"{" starts a variable'),
    ("locale/en.yaml", 84, 15, '"{title}', "source.named: no variable {source} here"),
    ("locale/en.yaml", 87, 1, "thakns", "no message is named thakns; did you mean thanks?"),
    ("locale/en.yaml", 88, 9, "[thanks", "thanks: 2 variants, at least 3 are needed"),
]

# File, text, what it becomes, and for each fault what stands at its place (None: the file as a
# whole) and how its reason begins. Nothing else may be reported: a file that cannot be read is
# not the fault of those that mention it.
DEGREE = "kb/en/can-it-replace-a-degree.md"
ONE_AT_A_TIME = [
    (DEGREE, "---\n", "", [("id:", "an article starts with a line ---")]),
    (DEGREE, "\n---\n", "\n--\n", [("", "the front matter does not end")]),
    (DEGREE, "title:", "title: a: b\ntitle:", [(": b", "not valid YAML")]),
    (DEGREE, "title:", "title: a\ntitle:", [('title: "', '"title" is given twice')]),
    (DEGREE, "certainty: ", "certainty: x", [("x", "unknown certainty")]),
    (DEGREE, "advisor: career", "advisor: carer",
     [("carer", 'unknown advisor "carer"; did you mean "career"?')]),
    (DEGREE, "parent: m", "parent: xm", [("xm", 'parent: unknown topic "xmicro')]),
    (DEGREE, "related: [", "related: [can-it-replace-a-degree, ",
     [("can-it", "is related to itself")]),
    (DEGREE, "related: [", "related: [skills-over-degrees, ", [("skills", "is named twice")]),
    (DEGREE, "caveat: ", "caveat: x", [("x", '"caveat:" must be true or false')]),
    (DEGREE, "<!-- more -->", "<!-- more -->\n[\u00e9\u00e9\u00e9](nowhere) {x}",
     [("nowhere", 'dead link: no topic "nowhere"'), ("{x}", '"{" starts a variable')]),
    (DEGREE, "<!-- more -->", "<!-- more -->\n\udce9", [("\udce9", "not UTF-8")]),
    ("kb/sources.yaml", '  title: "Micro-Cred', '  titel: "Micro-Cred',
     [("adding-one", "a source needs a title"), ("titel", 'unknown key "titel"; did you mean')]),
    ("kb/sources.yaml", "growing-trend:", "growing-trend: :", [(":", "not valid YAML")]),
    ("intents/en/greet.yaml", "intent: greet", "intent: greeting",
     [("greeting", '"intent:" must be greet, as the file is named')]),
    ("intents/en/greet.yaml", "phrases:", "phrases: :", [(":", "not valid YAML")]),
    ("intents/en/greet.yaml", "is: start-over", "is: greet",
     [("greet", "a near miss must belong to something else")]),
    ("intents/en/greet.yaml", "is: start-over", "if: start-over",
     [('{text: "start', "expected {text: ..., is: ...}"), ("if", 'unknown key "if"; did you')]),
    ("intents/en/enquiry.yaml", "answered_by: ", "answered_by: x",
     [("x", 'answered_by: "xtalk-to-advisor" is no topic and no intent')]),
    ("intents/en/enquiry.yaml", "answered_by: ", "# answered_by: ",
     [("intent:", 'no such intent: "answered_by:" must say')]),
    ("catalog/named.yaml", "type: certificate", "type: certificat",
     [("certificat", 'type: "certificat" is none of the names')]),
    ("catalog/named.yaml", "  title: {en: \"DELE\"}", "  titel: {en: \"DELE\"}",
     [("id: dele", "title: is missing"), ('{en: "DELE"}', "titel: not understood")]),
    ("catalog/named.yaml", "id: dalf", "id: delf", [("delf", "id: delf is given already")]),
    ("catalog/named.yaml", "- id: dele", "id: dele", [("id: dele", "not valid YAML")]),
    ("locale/en.yaml", "\nabuse.again:", "\n# abuse.again:",
     [(None, "the message abuse.again is missing")]),
    ("locale/en.yaml", "abuse.again: ", "abuse.again: [] # ",
     [("[]", "abuse.again: 0 variants, at least 1")]),
    ("vocab/fields.yaml", "id: cloud-computing\n", "id: cloud-computng\n",
     [("id: cloud-computng", "needs an id that wishes know")]),
    ("vocab/fields.yaml", "parent: data-and-ai", "parent: data-und-ki", [("id: data-analytics", "its parent must")]),
    ("vocab/rates.yaml", "USD: 1.157", "USD: many", [("many", "needs a number of units for one euro")]),
    ("vocab/synonyms.yaml", "\nweak:", "\nweek:", [("week", 'unknown key "week"')]),
    ("vocab/en/fields.yaml", "\nlaw:", "\nlore:", [("lore", 'unknown field "lore"')]),
    ("vocab/en/fields.yaml", "label: law", "lable: law",
     [("law:", 'law: "label:" is missing'), ("lable: law", 'unknown key "lable"; did you mean')]),
    ("vocab/en/fields.yaml", "label: law\n  words: [", "label: law\n  words: [cybersecurity, ",
     [("cybersecurity, ", '"cybersecurity" means something else already: cybersecurity')]),
    ("vocab/en/places.yaml", "\nfr:", "\nfrance:", [("france:", 'unknown destination "france"')]),
    ("vocab/en/places.yaml", "label: France", "label: [France]", [("fr:", 'fr: "label:" is missing')]),
    ("vocab/en/kinds.yaml", "\nmode:", "\nmodee:", [("modee:", 'unknown key "modee"; did you mean')]),
    ("vocab/en/cues.yaml", "\n  home: [", "\n  hone: [",
     [("not:", '"home:" is missing'), ("hone:", 'unknown key "hone"; did you mean')]),
    ("vocab/en/amounts.yaml", "one: 1,", "one: once,", [("once,", "expected a number from 0 to")]),
    ("vocab/en/amounts.yaml", "\n  EUR:", "\n  Euro:", [("Euro:", "expected a currency of three")]),
    ("vocab/en/amounts.yaml", "\nunit:\n  days:", "\nunit:\n  dies:", [("dies", 'unknown name "dies"')]),
    ("vocab/en/notices.yaml", "\nnight: [", "\nnigth: [",
     [("", "expected a list of words"), ("nigth:", 'unknown key "nigth"; did you mean')]),
    ("vocab/en/notices.yaml", "  reminders: [", "  remainders: [",
     [("", "expected a list of words"), ("remainders:", 'unknown key "remainders"; did you mean')]),
    ("vocab/en/notices.yaml", "only: [only,", "only: [only, \"\",",
     [('"",', "expected some words")]),
]

HOOK = "web:\n  proxy: true\ntelegram:\n  mode: webhook\n  webhook_url: "

# A configuration, and the place and reason of each of its faults.
CONFIGS = [
    ("web:\n  listen: 127.0.0.1:8080\n", []),
    ("", []),
    ("web:\n  lisen: 127.0.0.1:8080\n", [(2, 3, "unknown option web.lisen; did you mean web.listen?")]),
    ("wbe:\n  listen: off\n", [(1, 1, "unknown section wbe; did you mean web?")]),
    ("chat:\n  flood_burst: 0\n", [(2, 16, 'chat.flood_burst: "0" is not a whole number')]),
    ("web:\n  proxy: perhaps\n", [(2, 10, 'web.proxy: "perhaps" is neither true nor false')]),
    ("web:\n  hosts: chat.example.org\n", [(2, 10, "web.hosts: expected a list")]),
    ("bot:\n  name: [a]\n  nmae: b\n", [(2, 9, "bot.name: expected a single value"),
                                        (3, 3, "unknown option bot.nmae; did you mean bot.name?")]),
    ("bot: credbot\n", [(1, 6, "bot: expected indented options below it")]),
    ("- a\n", [(1, 1, "expected sections")]),
    ("log:\n  level: loud\n", [(2, 10, 'log.level: "loud" is not error, warn, info or debug')]),
    ("bot:\n  privacy_url: ask us\n", [(2, 16, 'bot.privacy_url: "ask us" is not an address')]),
    ("bot:\n  privacy_url: https://example.org/privacy\n", []),
    ("web:\n  listen: nowhere\n", [(2, 11, 'web.listen: "nowhere" is not an address and')]),
    ("web:\n  listen: 127.0.0.1:99999\n", [(2, 11, "web.listen: ")]),
    ("web:\n  listen: '::1:80'\n", [(2, 11, "web.listen: ")]),
    ("web:\n  listen: 'unix:'\n", [(2, 11, "web.listen: the path of a UNIX socket")]),
    ("web:\n  listen: '[::1]:80'\n", []),
    ("web:\n  listen: off\n", []),
    ("web:\n  hosts: [chat.example.org, 'http://x.org', a/b]\n",
     [(2, 29, 'web.hosts: "http://x.org" is not a host name'), (2, 45, "web.hosts: ")]),
    ("web:\n  origins:\n    - https://a.org\n    - b.org\n    - https://c.org/\n",
     [(4, 7, 'web.origins: "b.org" is not an origin'), (5, 7, "web.origins: ")]),
    ("web:\n\tlisten: off\n", [(2, 1, "not valid YAML")]),
    ("telegram:\n  mode: push\n", [(2, 9, 'telegram.mode: "push" is not polling or webhook')]),
    ("telegram:\n  mode: webhook\n",
     [(2, 9, "telegram.mode: webhook needs telegram.webhook_url"),
      (2, 9, "telegram.mode: a webhook has up to 40 connections")]),
    ("telegram:\n  webhook_url: https://x.example\n",
     [(2, 16, "telegram.webhook_url: nobody calls it while telegram.mode is polling")]),
    (HOOK + "http://x.example\n", [(5, 16, 'telegram.webhook_url: "http://x.example" must begin')]),
    (HOOK + "https://x.example/?a=b\n", [(5, 16, "telegram.webhook_url: ")]),
    (HOOK + "http://127.0.0.1:8080\n",
     [(5, 16, "telegram.webhook_url: Telegram calls nothing but https://")]),
    (HOOK + "https://x.example:444/a\n", [(5, 16, "telegram.webhook_url: Telegram calls the ports")]),
    (HOOK + "https://x.example:8443/a/\n", []),
    (HOOK + "http://127.0.0.1:8080\n  api_url: http://127.0.0.1:8081\n", []),
    ("web:\n  listen: off\ntelegram:\n  mode: webhook\n  webhook_url: https://x.example\n",
     [(2, 11, "web.listen: it cannot be off")]),
    ("web:\n  max_per_address: 79\ntelegram:\n  mode: webhook\n  webhook_url: https://x.example\n",
     [(4, 9, "telegram.mode: a webhook has up to 40 connections")]),
    ("web:\n  max_per_address: 80\ntelegram:\n  mode: webhook\n  webhook_url: https://x.example\n", []),
    ("web:\n  listen: unix:/run/x\ntelegram:\n  mode: webhook\n  webhook_url: https://x.example\n", []),
]


def check(*args):
    """Exit code and list of faults."""
    done = subprocess.run([program(), "check", "--json", *args], cwd=ROOT, capture_output=True)
    try:
        faults = json.loads(done.stdout)
    except ValueError:
        faults = [{"file": "", "line": 0, "column": 0, "reason": repr(done)}]
    return done.returncode, faults


def at(path, line, column):
    """What stands there; all that is not UTF-8 as one lone surrogate a byte."""
    with open(path, encoding="utf-8", errors="surrogateescape") as f:
        lines = f.read().split("\n")
    return lines[line - 1][max(column - 1, 0):] if line > 0 else ""


def show(fault):
    """As people read it: a fault of the whole file has no line."""
    place = "".join(f":{n}" for n in (fault["line"], fault["column"]) if n > 0)
    return f"{fault['file']}{place}: {fault['reason']}"


def test_shipped(c):
    code, faults = check("--at", AT)
    c.equal((code, [show(f) for f in faults]), (0, []), "the shipped data")
    done = subprocess.run([program(), "check", "--at", AT], cwd=ROOT, capture_output=True, text=True)
    c.equal(done.stdout, "no fault\n", "the shipped data, in words")


def test_planted(c):
    code, faults = check("--data", "tests/broken", "--at", AT)
    c.equal(code, 78, "exit code")
    c.equal(len(faults), len(PLANTED), "number of faults")
    for name, line, column, there, reason in PLANTED:
        path = "tests/broken/" + name
        c.check(at(os.path.join(ROOT, path), line, column).startswith(there),
                f"{path}:{line}:{column}: the test looks for {there!r} here")
        c.check(any(f["file"] == path and f["line"] == line and f["column"] == column and
                    f["reason"].startswith(reason) for f in faults),
                f"{path}:{line}:{column}: {reason}")
    known = {("tests/broken/" + p[0], p[1], p[2]) for p in PLANTED}
    for f in faults:
        c.check((f["file"], f["line"], f["column"]) in known, "not planted:", show(f))
    # As people read it: one a line, in order, and as many.
    done = subprocess.run([program(), "check", "--data", "tests/broken", "--at", AT], cwd=ROOT,
                          capture_output=True, text=True)
    c.equal(done.stdout.splitlines(), [*map(show, faults), f"{len(PLANTED)} faults"], "in words")


def plant(data, name, old, new):
    path = os.path.join(data, name)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert old in text, f"{name} has no {old!r} any more"
    os.unlink(path)  # the rest of the copy are hard links
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as f:
        f.write(text.replace(old, new, 1))
    return path


def test_one_at_a_time(c, folder):
    for name, old, new, wanted in ONE_AT_A_TIME:
        data = tempfile.mkdtemp(dir=folder)
        shutil.copytree(os.path.join(ROOT, "data"), data, copy_function=copy, dirs_exist_ok=True)
        path = plant(data, name, old, new)
        code, faults = check("--data", data, "--at", AT)
        what = f"{name}: {new!r}"
        c.equal((code, len(faults)), (78, len(wanted)), what)
        for f, (there, reason) in zip(faults, wanted):
            c.check(f["file"] == path and f["reason"].startswith(reason), what, show(f))
            if there is None:
                c.equal(f["line"], 0, what)
            else:
                c.check(at(path, f["line"], f["column"]).startswith(there), what, show(f))
        shutil.rmtree(data)


def copy(src, dst):
    try:
        os.link(src, dst)
    except OSError:
        shutil.copyfile(src, dst)


def test_missing(c, folder):
    code, faults = check("--data", os.path.join(folder, "nowhere"), "--at", AT)
    c.check(code == 78 and len(faults) == 1 and "no data folder" in faults[0]["reason"], "no such folder",
            *map(show, faults))
    code, faults = check("-c", os.path.join(folder, "nowhere.yaml"), "--at", AT)
    c.check(code == 78 and len(faults) == 1 and "No such file" in faults[0]["reason"],
            "no such configuration", *map(show, faults))


def test_configs(c, folder):
    path = os.path.join(folder, "credbot.yaml")
    for text, wanted in CONFIGS:
        with open(path, "w") as f:
            f.write(text)
        code, faults = check("-c", path, "--at", AT)
        c.equal(code, 78 if wanted else 0, repr(text))
        c.equal([(f["file"], f["line"], f["column"]) for f in faults],
                [(path, line, column) for line, column, _ in wanted], repr(text))
        for f, (_, _, reason) in zip(faults, wanted):
            c.check(f["reason"].startswith(reason), repr(text), show(f))
    # Faults of the configuration do not hide those of the data.
    with open(path, "w") as f:
        f.write("web:\n  lisen: off\n")
    _, faults = check("-c", path, "--data", "tests/broken", "--at", AT)
    c.equal(len(faults), len(PLANTED) + 1, "configuration and data together")
    # What it prints as an example can be loaded, and says every option once.
    example = subprocess.run([program(), "check", "--example"], cwd=ROOT, capture_output=True,
                             text=True).stdout
    with open(path, "w") as f:
        f.write(example)
    code, faults = check("-c", path, "--at", AT)
    c.equal((code, faults), (0, []), "the example")


def main():
    c = Checks()
    folder = tempfile.mkdtemp(prefix="credbot-check-")
    try:
        test_shipped(c)
        test_planted(c)
        test_one_at_a_time(c, folder)
        test_missing(c, folder)
        test_configs(c, folder)
    finally:
        shutil.rmtree(folder)
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
