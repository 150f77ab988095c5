#!/usr/bin/env python3
"""catalog.py - how long an import takes, and how much memory.

  catalog.py RECORDS.jsonl     records as gen_catalog.py writes them (110,000 are the bar)

Makes a CSV file of them, imports it into an empty catalog, imports it again (nothing
changes), and reads all programs once; prints seconds and the largest resident size of each.
"""
import csv
import json
import os
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))

from lib.daemon import program  # noqa: E402

COLUMNS = ["id", "code", "title", "description", "provider_id", "provider", "city", "country", "language", "type",
           "eqf", "isced", "mode", "hours", "ects", "price", "currency", "start", "stackable", "rating", "skills"]


def to_csv(source, target):
    with open(source, encoding="utf-8") as f, open(target, "w", encoding="utf-8", newline="") as out:
        w = csv.writer(out)
        w.writerow(COLUMNS)
        for line in f:
            r = json.loads(line)
            r["price"] = f"{r['price_minor'] / 100:.2f}"
            r["skills"] = "; ".join(r["skills"])
            r["stackable"] = "yes" if r["stackable"] else "no"
            w.writerow(["" if r.get(k) is None else r[k] for k in COLUMNS])


def measured(what, *args):
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.execv(program(), [program(), "catalog", *args])
    _, status, usage = os.wait4(pid, 0)
    took = time.monotonic() - start
    print(f"{what:26} {took:5.2f} s   {usage.ru_maxrss / 1024:5.0f} MB   {'' if status == 0 else 'FAILED'}")
    return status == 0


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = tempfile.mkdtemp(prefix="credbot-bench-catalog-")
    path, state = os.path.join(folder, "programs.csv"), os.path.join(folder, "state")
    try:
        to_csv(sys.argv[1], path)
        print(f"programs.csv               {os.path.getsize(path) / 1e6:.0f} MB")
        good = measured("import into an empty one", "import", "--state", state, "--format", "csv", path)
        good &= measured("again, nothing changed", "import", "--state", state, "--format", "csv", path)
        good &= measured("import of JSON Lines", "import", "--state", os.path.join(folder, "b"), "--format", "jsonl",
                         sys.argv[1])
        good &= measured("all programs read", "stats", "--state", state)
        print(f"catalog.db                 {os.path.getsize(os.path.join(state, 'catalog.db')) / 1e6:.0f} MB")
    finally:
        shutil.rmtree(folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
