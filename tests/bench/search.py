#!/usr/bin/env python3
"""search.py - how long searches take, beside SQLite FTS5 and Xapian on the same programs.

  search.py RECORDS.jsonl [--rounds N]     records as gen_catalog.py writes them

Fills an empty catalog, builds all three indexes, asks all three the same twelve searches in
one run, and prints medians and how many times ours is faster. Xapian is taken along if Debian's
python3-xapian is there (with Debian's own python3). FTS5 gets its best form for ranked
searches: weights by column, prefix indexes, no stemming.
"""
import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))

from lib.daemon import program  # noqa: E402

try:
    import xapian
except ImportError:
    xapian = None

NINE = "introduction advanced applied health computer business engineering science design"
# name, FTS5 match, SQL filter, Xapian query, Xapian filters
SEARCHES = [
    ("data science", "data science", "", "data AND science", []),
    ("data science, online, en, up to 500 EUR", "data science",
     "mode='online' AND language='en' AND euro<=50000", "data AND science", ["XMonline", "XLen", "price"]),
    ("machine learning python, EQF 6", "machine learning python", "eqf=6",
     "machine AND learning AND python", ["XE6"]),
    ("nursing assistant, GB", "nursing assistant", "country='GB'", "nursing AND assistant", ["XCGB"]),
    ("cyber*", "cyber*", "", "cyber*", []),
    ("management", "management", "", "management", []),
    ('"project management"', '"project management"', "", '"project management"', []),
    ("nine words, any", " OR ".join(NINE.split()), "", " OR ".join(NINE.split()), []),
    ("d*", "d*", "", "d*", []),
    ("no words: DE, online, free, by rating", None,
     "country='DE' AND mode='online' AND euro=0 ORDER BY rating DESC", None, ["XCDE", "XMonline", "free"]),
    ("six facets of management", "management", "facets", "management", ["facets"]),
    ("machne lerning", None, None, None, None),  # FTS5 finds nothing; Xapian needs two steps
]
TO_EURO = {"EUR": 1, "USD": 1.157, "GBP": 0.88, "AUD": 1.77, "INR": 102.5, "CAD": 1.62, "BRL": 6.25, "MXN": 21.4,
           "SEK": 10.95}
FACETS = ["country", "mode", "language", "type", "isced", "eqf"]


def median(v):
    v = sorted(v)
    return v[len(v) // 2], v[min(len(v) - 1, len(v) * 99 // 100)]


def timed(rounds, fn):
    fn()
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        fn()
        took.append((time.perf_counter() - start) * 1000)
    return median(took)


def records(path):
    with open(path, encoding="utf-8") as f:
        yield from map(json.loads, f)


class Fts:
    def __init__(self, folder, path):
        self.db = sqlite3.connect(os.path.join(folder, "fts.db"))
        self.db.executescript("""
            CREATE TABLE p (id INTEGER PRIMARY KEY, country, mode, language, type, isced, eqf, euro, rating);
            CREATE INDEX p_c ON p (country, mode, euro);
            CREATE VIRTUAL TABLE t USING fts5(title, code, skills, provider, text, prefix='1 2 3');""")
        for i, r in enumerate(records(path)):
            self.db.execute("INSERT INTO p VALUES (?,?,?,?,?,?,?,?,?)",
                            (i, r["country"], r["mode"], r["language"], r["type"], r["isced"], r["eqf"],
                             r["price_minor"] / TO_EURO[r["currency"]], r["rating"]))
            self.db.execute("INSERT INTO t (rowid, title, code, skills, provider, text) VALUES (?,?,?,?,?,?)",
                            (i, r["title"], r["code"], ", ".join(r["skills"]), r["provider"], r["description"]))
        self.db.execute("INSERT INTO t (t) VALUES ('optimize')")
        self.db.commit()

    def ask(self, match, where):
        if match is None:
            return self.db.execute(f"SELECT id FROM p WHERE {where} LIMIT 10").fetchall()
        if where == "facets":
            rows = self.db.execute("SELECT %s FROM t JOIN p ON p.id = t.rowid WHERE t MATCH ?" % ",".join(FACETS),
                                   (match,))
            counts = [{} for _ in FACETS]
            for row in rows:
                for c, v in zip(counts, row):
                    c[v] = c.get(v, 0) + 1
            return counts
        join, where = ("JOIN p ON p.id = t.rowid", "AND " + where) if where else ("", "")
        return self.db.execute(f"SELECT t.rowid FROM t {join} WHERE t MATCH ? {where} "
                               "ORDER BY bm25(t, 10, 8, 5, 3, 1) LIMIT 10", (match,)).fetchall()


class Xapian:
    def __init__(self, folder, path):
        where = os.path.join(folder, "xapian")
        db = xapian.WritableDatabase(where, xapian.DB_CREATE_OR_OPEN)
        gen = xapian.TermGenerator()
        gen.set_database(db)
        for r in records(path):
            d = xapian.Document()
            gen.set_document(d)
            for text, weight in ((r["title"], 10), (r["code"], 8), (", ".join(r["skills"]), 5), (r["provider"], 3),
                                 (r["description"], 1)):
                gen.index_text(text, weight)
                gen.increase_termpos()
            for prefix, key in (("XM", "mode"), ("XL", "language"), ("XC", "country"), ("XE", "eqf")):
                d.add_boolean_term(prefix + str(r[key]))
            d.add_value(0, xapian.sortable_serialise(r["price_minor"] / TO_EURO[r["currency"]]))
            d.add_value(1, xapian.sortable_serialise(r["rating"] or 0))
            for i, key in enumerate(FACETS):
                d.add_value(2 + i, str(r[key]))
            db.add_document(d)
        db.commit()
        db.close()
        self.db = xapian.Database(where)
        self.parser = xapian.QueryParser()
        self.parser.set_database(self.db)

    def ask(self, words, filters):
        flags = (xapian.QueryParser.FLAG_DEFAULT | xapian.QueryParser.FLAG_WILDCARD | xapian.QueryParser.FLAG_PHRASE)
        query = xapian.Query.MatchAll if words is None else self.parser.parse_query(words, flags)
        enquire = xapian.Enquire(self.db)
        spies = []
        for f in filters:
            if f == "price":
                more = xapian.Query(xapian.Query.OP_VALUE_LE, 0, xapian.sortable_serialise(50000))
            elif f == "free":
                more = xapian.Query(xapian.Query.OP_VALUE_LE, 0, xapian.sortable_serialise(0))
            elif f == "facets":
                spies = [xapian.ValueCountMatchSpy(2 + i) for i in range(len(FACETS))]
                continue
            else:
                more = xapian.Query(f)
            query = xapian.Query(xapian.Query.OP_FILTER, query, more)
        for s in spies:
            enquire.add_matchspy(s)
        if words is None:
            enquire.set_sort_by_value(1, True)
        enquire.set_query(query)
        return [m.docid for m in enquire.get_mset(0, 10, self.db.get_doccount() if spies else 0)]


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("records")
    args.add_argument("--rounds", type=int, default=40, help="of the other two")
    args = args.parse_args()
    folder = tempfile.mkdtemp(prefix="credbot-bench-search-")
    try:
        state = os.path.join(folder, "state")
        subprocess.run([program(), "catalog", "import", "--state", state, "--format", "jsonl", args.records], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        start = time.perf_counter()
        subprocess.run([program(), "catalog", "search", "--state", state, "--json", "x"], check=True,
                       stdout=subprocess.DEVNULL)
        built = {"credbot": time.perf_counter() - start}
        start = time.perf_counter()
        fts = Fts(folder, args.records)
        built["FTS5"] = time.perf_counter() - start
        xap = None
        if xapian is not None:
            start = time.perf_counter()
            xap = Xapian(folder, args.records)
            built["Xapian"] = time.perf_counter() - start
        print("index built:", ", ".join(f"{k} {v:.1f} s" for k, v in built.items()))
        out = subprocess.run([program(), "catalog", "search", "--state", state, "--bench", "--json"], check=True,
                             capture_output=True, text=True).stdout
        ours = {q["q"]: q for q in json.loads(out)["queries"]}
        print(f"{'':40} {'hits':>7} {'ours':>7} {'p99':>7} {'FTS5':>8} {'times':>6} {'Xapian':>8} {'times':>6}")
        for name, match, where, words, filters in SEARCHES:
            q = ours[name]
            line = f"{name:40} {q['hits']:7} {q['p50_ms']:7.3f} {q['p99_ms']:7.3f}"
            for engine, params in ((fts, (match, where)), (xap, (words, filters))):
                if engine is None or params[1] is None:
                    line += f" {'-':>8} {'-':>6}"
                    continue
                p50, _ = timed(args.rounds, lambda: engine.ask(*params))
                line += f" {p50:8.2f} {p50 / max(q['p50_ms'], 0.001):6.0f}"
            print(line)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
