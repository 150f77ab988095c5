#!/usr/bin/env python3
"""docs.py - what the documents name is there, and what is there they name.

Links between documents and to headings lead somewhere; files and make targets that are named
exist; docs/HACKING.md has a line for every source file; the manual has every subcommand, and
the documents name no option that the configuration does not know.
"""
import glob
import os
import re
import subprocess
import sys

from lib.daemon import ROOT, Checks, program

c = Checks()
DOCS = ["README.md", "docs/HACKING.md", "docs/INTENTS.md", "docs/OPERATING.md", "docs/CONFORMANCE.md",
        "docs/CATALOG.md",
        "tests/broken/README.md"]
# Examples: files that a reader makes.
NOT_THERE = {"data/kb/en/student-card.md", "intents/lost_item.c", "tests/chat/lost-item.chat",
             "data/intents/en/lost-item.yaml", "data/kb/en/ID.md", "data/intents/en/ID.yaml",
             "intents/ID.c", "tests/test_MODULE.c", "bot/cmd/catalog_VERB.c"}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def headings(text):
    """As GitHub and others make anchors of them."""
    return {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-")
            for h in re.findall(r"^#+ (.*)$", text, re.M)}


def test_links():
    for doc in DOCS:
        for target in re.findall(r"\]\(([^)]+)\)", read(doc)):
            if target.startswith("http") or target == "topic-id":
                continue
            path, _, anchor = target.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(doc), path)) if path else doc
            if c.check(os.path.exists(os.path.join(ROOT, path)), f"{doc}: {target}") and anchor:
                c.check(anchor in headings(read(path)), f"{doc}: no heading {target}")


def test_paths():
    for doc in DOCS:
        named = set(re.findall(
            r"(?<![\w/.-])(?:bot|include|intents|data|tests|systemd|man|web|docs)/[\w./*-]*\w", read(doc)))
        for path in sorted(named - NOT_THERE):
            if "MODULE" in path or "LAYER" in path:
                continue
            c.check(any(glob.glob(os.path.join(ROOT, where, path + end))
                        for where in ("", os.path.dirname(doc)) for end in ("", ".*")),
                    f"{doc}: {path} is not there")


def test_every_file():
    text = read("docs/HACKING.md")
    for path in sorted(glob.glob("bot/*/*.[ch]", root_dir=ROOT)):
        name = os.path.basename(path)
        stem = name.rpartition(".")[0]
        # Modules of base and io are named without .c; a subcommand by its name in the list.
        listed = f"`{name}`" in text or f"`{stem}`" in text or (
            path.startswith("bot/cmd/") and re.search(rf"one file each \(`[^`]*\b{stem}\b", text))
        c.check(listed, f"docs/HACKING.md has no line for {path}")
    for path in glob.glob("tests/e2e/*.py", root_dir=ROOT) + glob.glob("tests/*/lib/[a-z]*.py", root_dir=ROOT):
        c.check(os.path.basename(path) in text, f"docs/HACKING.md does not name {path}")


def test_targets():
    known = set(re.findall(r"^([a-z-]+(?: [a-z-]+)*):", read("Makefile"), re.M))
    known = {word for line in known for word in line.split()}
    phony = re.search(r"\.PHONY: (.*?)\n[^\t]", read("Makefile"), re.S).group(1)
    known |= set(re.findall(r"[a-z-]+", phony))
    for doc in DOCS:
        for line in re.findall(r"(?:^    |`)(?:sudo )?make ([^`\n#&]*)", read(doc), re.M):
            for word in line.split():
                if re.fullmatch(r"[a-z-]+", word):
                    c.check(word in known, f"{doc}: make {word}")


def test_options():
    example = subprocess.run([program(), "check", "--example"], capture_output=True, text=True,
                             cwd=ROOT).stdout
    options, section = set(), ""
    for line in example.splitlines():
        if re.match(r"\w+:$", line):
            section = line[:-1]
        elif re.match(r"  \w+:", line):
            options.add(f"{section}.{line.split(':')[0].strip()}")
    c.check(len(options) > 10, "options of the example")
    sections = "|".join({o.split(".")[0] for o in options})
    for doc in DOCS + ["man/credbot.1", "systemd/credbot.service"]:
        for name in set(re.findall(rf"(?<![\w/.])((?:{sections})\.[a-z_]+)", read(doc))):
            if not name.endswith((".c", ".h", ".py")) and name not in ("web.sock", "chat.example"):
                c.check(name in options, f"{doc}: no option {name}")


def test_manual():
    man = read("man/credbot.1")
    usage = subprocess.run([program(), "--help"], capture_output=True, text=True, cwd=ROOT).stdout
    for name in re.findall(r"^  (\w+) +[A-Z]", usage, re.M):
        c.check(f".It Cm {name}" in man, f"man/credbot.1: {name}")
        text = subprocess.run([program(), name, "--help"], capture_output=True, text=True,
                              cwd=ROOT).stdout
        for flag in re.findall(r"--([a-z-]+)", text.split("example:")[0]):
            c.check(f"Fl -{flag}" in man, f"man/credbot.1: {name} --{flag}")


def main():
    for test in [v for k, v in sorted(globals().items()) if k.startswith("test_")]:
        test()
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
