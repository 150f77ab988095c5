#!/usr/bin/env python3
"""relevance.py - does the search of the catalog find what people look for? (CAT-C10)

Searches real lists, which are not part of this tree: ../shared/catalog beside it, or what
CREDBOT_CATALOGS names. Without them it says so and ends well, but never when CI=true.

  relevance.py            all bars
  relevance.py -v         every search of tests/relevance/nj.grades with its score
  relevance.py -v WORDS   those that contain WORDS, with what came and how good it was
"""
import csv
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

from lib.daemon import ROOT, Checks, program

c = Checks()
LISTS = os.environ.get("CREDBOT_CATALOGS") or os.path.join(os.path.dirname(ROOT), "shared", "catalog")
GRADES = os.path.join(ROOT, "tests/relevance/nj.grades")
NDCG_BAR, TITLES_BAR, TYPOS_BAR, SCRIPTS_BAR = 0.88, 0.99, 0.96, 0.97
SEED = 20261125


def credbot(state, *args, stdin=""):
    done = subprocess.run([os.path.abspath(program()), "catalog", args[0], "--state", state, *args[1:]],
                          cwd=ROOT, capture_output=True, input=stdin, text=True, timeout=600)
    c.equal(done.returncode, 0, f"catalog {args}: {done.stderr[:500]}")
    return done.stdout


def search(state, texts, limit=10, flags=()):
    """The results of each text."""
    out = credbot(state, "search", "--json", "--limit", str(limit), *flags, "-",
                  stdin="".join(t.replace("\n", " ") + "\n" for t in texts))
    return [json.loads(line)["results"] for line in out.splitlines()]


def rows(name):
    with open(os.path.join(LISTS, name), encoding="utf-8") as f:
        return list(csv.DictReader(f))


def same_name(s):
    """As a reader would call two titles the same."""
    s = "".join(ch for ch in unicodedata.normalize("NFKD", s.casefold()) if not unicodedata.combining(ch))
    return " ".join(re.findall(r"[\w+#]+", s.replace("'", "").replace("\u2019", "")))


# --- graded searches


class Rule:
    def __init__(self, line):
        grade, pattern, *conditions = re.split(r"\s{2,}|\t", line.strip())
        self.grade = int(grade)
        self.title = re.compile(pattern, re.I)
        self.conditions = conditions

    def holds(self, row):
        return bool(self.title.search(row["title"])) and all(self.condition(x, row) for x in self.conditions)

    @staticmethod
    def condition(text, row):
        cost = float(row["total_cost_usd"] or 0)
        if text == "cost?":
            return cost == 0
        name, sign, value = re.fullmatch(r"(\w+)([~<])(.+)", text).groups()
        if sign == "~":
            where = row["provider"] + " " + row["city"] + (" " + row["title"] if name == "place" else "")
            return bool(re.search(value, where, re.I))
        have = cost if name == "cost" else float(row["clock_hours"] or 0)
        return 0 < have < float(value)


def read_grades():
    searches = []
    with open(GRADES, encoding="utf-8") as f:
        for line in f:
            if line.startswith("?"):
                searches.append((line[1:].strip(), []))
            elif line.strip() and not line.startswith("#"):
                searches[-1][1].append(Rule(line))
    return searches


def grade(row, rules):
    return next((r.grade for r in rules if r.holds(row)), 0)


def gain(grades):
    return sum((2 ** g - 1) / math.log2(i + 2) for i, g in enumerate(grades[:10]))


def ideal(catalog, rules):
    """The best that ten hits can be: a title of a provider counts once, for so it is shown."""
    best = {}
    for row in catalog:
        key = (same_name(row["title"]), row["provider"])
        best[key] = max(best.get(key, 0), grade(row, rules))
    return gain(sorted(best.values(), reverse=True))


def ndcg(catalog, by_id, rules, found):
    return gain([grade(by_id[i], rules) for i in found]) / ideal(catalog, rules)


def test_grades(state, catalog, words):
    by_id = {"nj-" + r["program_id"]: r for r in catalog}
    searches = read_grades()
    c.check(len(searches) >= 60, f"{len(searches)} graded searches")
    found = search(state, [q for q, _ in searches])
    scores = []
    for (q, rules), hits in zip(searches, found):
        scores.append(ndcg(catalog, by_id, rules, [h["id"] for h in hits]))
        if words is not None and words in q:
            print(f"{scores[-1]:.3f}  {q}")
            for h in hits if words else []:
                row = by_id[h["id"]]
                print(f"       {grade(row, rules)}  {row['title']} | {row['provider']} | {row['city']} | "
                      f"{row['total_cost_usd']}")
    mean = sum(scores) / len(scores)
    print(f"nDCG@10 of {len(scores)} searches: {mean:.3f}")
    c.check(mean >= NDCG_BAR, f"CAT-C10: nDCG@10 {mean:.3f}, wanted {NDCG_BAR}")


# --- titles


def share_found(state, what, texts, wanted, within, bar, flags=()):
    found = search(state, texts, limit=within, flags=flags)
    good = [any(same_name(h["title"]) == same_name(w) for h in hits) for hits, w in zip(found, wanted)]
    share = sum(good) / len(good)
    print(f"{what}: {share:.4f} of {len(good)}")
    for text, ok in [x for x in zip(texts, good) if not x[1]][:3]:
        print(f"    not: {text}")
    c.check(share >= bar, f"CAT-C10: {what}: {share:.4f}, wanted {bar}")


def misspell(rnd, title):
    """One letter of one word of at least four letters: left out, doubled, swapped or another."""
    words = [m for m in re.finditer(r"[A-Za-z]{4,}", title)]
    if not words:
        return None
    m = rnd.choice(words)
    w, i = list(m.group()), rnd.randrange(len(m.group()))
    kind = rnd.randrange(4)
    if kind == 0:
        del w[i]
    elif kind == 1:
        w.insert(i, w[i])
    elif kind == 2 and i + 1 < len(w) and w[i] != w[i + 1]:
        w[i], w[i + 1] = w[i + 1], w[i]
    else:
        w[i] = rnd.choice([x for x in "abcdefghijklmnopqrstuvwxyz" if x != w[i].lower()])
    return title[:m.start()] + "".join(w) + title[m.end():]


def test_titles(state, catalog):
    titles = sorted({r["title"].strip() for r in catalog})
    share_found(state, "exact titles at rank 1", titles, titles, 1, TITLES_BAR)
    rnd = random.Random(SEED)
    pairs = [(misspell(rnd, t), t) for t in titles]
    pairs = [p for p in pairs if p[0] is not None]
    share_found(state, "titles with one letter wrong, in the first five", [p[0] for p in pairs],
                [p[1] for p in pairs], 5, TYPOS_BAR)


def test_scripts(state, catalog):
    rnd = random.Random(SEED)
    titles = [r["title"] for r in rnd.sample(catalog, 300)]
    share_found(state, "300 titles in all scripts at rank 1", titles, titles, 1, SCRIPTS_BAR)


def bring(folder, name, mapping):
    state = os.path.join(folder, mapping)
    credbot(state, "import", "--format", "csv", "--map", os.path.join(ROOT, f"data/catalog/maps/{mapping}.yaml"),
            os.path.join(LISTS, name))
    return state


def main():
    if not os.path.exists(os.path.join(LISTS, "nj-etpl-programs.csv")):
        if os.environ.get("CI") == "true":
            c.check(False, f"{LISTS} is not there, and CI needs it")
            return c.end()
        print(f"skipped: the lists are not in {LISTS} (CREDBOT_CATALOGS names another place)")
        return c.end()
    verbose = sys.argv[1:2] == ["-v"]
    words = " ".join(sys.argv[2:]) if verbose else None
    folder = tempfile.mkdtemp(prefix="credbot-relevance-")
    try:
        nj = rows("nj-etpl-programs.csv")
        state = bring(folder, "nj-etpl-programs.csv", "nj-etpl")
        test_grades(state, nj, words)
        if not words:
            test_titles(state, nj)
            test_scripts(bring(folder, "free-courses.csv", "free-courses"), rows("free-courses.csv"))
    finally:
        shutil.rmtree(folder)
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
