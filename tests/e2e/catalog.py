#!/usr/bin/env python3
"""catalog.py - programs in and out of the catalog, through the command line.

Checks bear the ids of requirements: CAT-B3 the pitfalls of real files, CAT-C7 the import,
CAT-C8 what comes out again. The files in tests/catalog are small and awkward on purpose.
"""
import csv
import io
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from lib.daemon import ROOT, Checks, program

c = Checks()
SAMPLES = os.path.join(ROOT, "tests/catalog")
DONE, FAILED, USAGE, CONFIG = 0, 1, 2, 78


def credbot(state, *args, stdin=None):
    return subprocess.run([os.path.abspath(program()), "catalog", args[0], "--state", state, *args[1:]],
                          cwd=ROOT, capture_output=True, timeout=120,
                          **({"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}))


def bring(state, fmt, *files, code=DONE, flags=()):
    """Imports and returns the report; what was said on standard error under "err"."""
    done = credbot(state, "import", "--format", fmt, "--json", "--at", "2026-11-20", *flags, *files)
    c.equal(done.returncode, code, f"import {fmt} {files}: {done.stderr.decode()}")
    report = json.loads(done.stdout) if done.stdout.strip() else {}
    report["err"] = done.stderr.decode()
    return report


def programs(state):
    done = credbot(state, "export", "--format", "jsonl")
    c.equal(done.returncode, DONE, "export: " + done.stderr.decode())
    return {p["id"]: p for p in map(json.loads, done.stdout.decode().splitlines())}


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


def counts(report):
    return {k: report.get(k) for k in ("read", "new", "changed", "same", "refused", "withdrawn")}


def fresh(folder):
    return tempfile.mkdtemp(dir=folder)


# --- the samples


def test_ctdl_sample(folder):
    state = fresh(folder)
    report = bring(state, "ctdl", os.path.join(SAMPLES, "ctdl-1.jsonld"))
    c.equal((report["new"], report["refused"]), (2, 0), "CAT-B3 two programs")
    got = programs(state)
    credential = got["ce-7f5b2c1e-3a49-4a0e-9d55-0d6f3d0a1b01"]
    course = got["ce-7f5b2c1e-3a49-4a0e-9d55-0d6f3d0a1b02"]
    c.equal(credential["type"], "micro_credential", "CAT-B3 class")
    c.equal(credential["status"], "active", "CAT-B3 status")
    c.equal(credential["entry"]["requires"], [course["id"]], "CAT-B3 linked")
    c.equal(list(credential["title"].items()),
            [("en-US", "Water Quality Sampling"), ("de", "Probenahme Wasserqualität")], "CAT-B3 language map")
    for p in (credential, course):
        c.equal((p["provider"]["name"], p["provider"]["country"]), ("Example River Institute", "DE"),
                "CAT-B3 blank node, country in words")
    c.equal([(o["price"], o["currency"], o["kind"]) for o in course["offers"]],
            [(32050, "EUR", "tuition"), (4000, "EUR", "material")], "CAT-B3 costs in items, currency in words")
    c.equal(course["duration"], {"min": "P4W", "max": "P6W"}, "CAT-B3 duration")
    c.equal(course["workload"]["ects"], 2.5, "CAT-B3 credits")
    c.equal(course["mode"], ["blended"], "CAT-B3 mode")
    c.equal(course["outcomes"], [{"text": {"en-US": "take water samples"}}], "CAT-B3 skill")
    c.equal(course["subject"], ["cip:03.0104"], "CAT-B3 CIP")


def test_schema_org_sample(folder):
    state = fresh(folder)
    report = bring(state, "schema.org", os.path.join(SAMPLES, "schema-org-1.jsonld"))
    c.equal((report["new"], report["refused"]), (3, 0), "CAT-B3 three programs")
    c.equal(report["not_understood"], {"totalHistoricalEnrollment": 1}, "CAT-B3 counted")
    got = {p["title"]["und"]: p for p in programs(state).values()}
    book, spanish, msc = (got[t] for t in
                          ("Bookkeeping Basics", "Introducción a la estadística", "MSc Coastal Engineering"))
    c.equal(book["type"], "certificate", "CAT-B3 what is awarded")
    c.equal(book["workload"], {"hours": 22, "credits": [{"system": "", "value": 3}]},
            "CAT-B3 credits without a unit are no ECTS")
    c.equal([(r["start"], r["mode"]) for r in book["runs"]],
            [("2027-02-01", ["online"]), ("2027-09-06", ["onsite"])], "CAT-B3 instances, sorted")
    c.equal((book["offers"][0]["price"], book["offers"][0]["currency"]), (14900, "EUR"), "CAT-B3 price as text")
    c.check("pace" not in book, "CAT-B3 the pace of one instance is not that of all")
    c.equal(book["extra"], {"totalHistoricalEnrollment": 812}, "CAT-B3 kept")
    c.equal((spanish["free"], spanish["mode"], spanish["workload"]["hours"]), (True, ["online"], 30),
            "CAT-B3 free, online, ten times three hours")
    c.equal(spanish["provider"], {"name": "Universidad Ejemplo"}, "CAT-B3 provider as text")
    c.equal(msc["workload"]["ects"], 120, "CAT-B3 ECTS by unitText")
    c.equal(msc["duration"]["min"], "P2Y", "CAT-B3 24 months")
    c.equal(msc["runs"], [{"deadline": "2027-04-01"}], "CAT-B3 deadline")
    c.equal(msc["offers"][0]["price"], 462800, "CAT-B3 price specification")


def test_csv_sample(folder):
    state = fresh(folder)
    report = bring(state, "csv", os.path.join(SAMPLES, "import-1.csv"))
    c.equal((report["new"], report["refused"]), (3, 2), "CAT-C7 three taken, two refused")
    got = programs(state)
    c.equal((got["p1"]["offers"][0]["price"], got["p1"]["offers"][0]["currency"]), (19900, "GBP"), "CAT-B3 p1")
    p2 = got["p2"]
    c.equal((p2["workload"]["hours"], p2["offers"][0]["price"], p2["runs"][0]["start"], p2["mode"]),
            (120.5, 125000, "2027-01-11", ["onsite"]), "CAT-B3 p2")
    c.equal((got["p3"]["free"], got["p3"]["runs"][0]["start"], got["p3"]["title"]["und"]),
            (True, "rolling", 'Data "hands-on"'), "CAT-B3 p3")
    c.equal([o["text"]["und"] for o in got["p3"]["outcomes"]], ["Python", "SQL"], "CAT-B3 skills by |")
    c.equal([(f["line"], f["id"], f["field"]) for f in report["faults"]],
            [(5, "p4", "title"), (6, "p5", "eqf"), (6, "p5", "isced_f"), (6, "p5", "hours"), (6, "p5", "start"),
             (6, "p5", "url"), (6, "p5", "price")], "CAT-C7 every reason with its line")


# --- again and again


HEAD = "id,title,provider,country,price,currency\n"


def rows(*ids, price="10"):
    return HEAD + "".join(f"{i},Title {i},School,DE,{price},EUR\n" for i in ids)


def test_again(folder):
    state = fresh(folder)
    path = write(folder, "list.csv", rows("a", "b", "c"))
    bring(state, "csv", path)
    c.equal(counts(bring(state, "csv", path)),
            {"read": 3, "new": 0, "changed": 0, "same": 3, "refused": 0, "withdrawn": 0}, "CAT-C7 idempotent")
    write(folder, "list.csv", rows("a", "b").replace("Title b", "Other"))
    before = programs(state)
    dry = bring(state, "csv", path, flags=["--dry-run"])
    c.equal(programs(state), before, "CAT-C7 --dry-run changes nothing")
    report = bring(state, "csv", path)
    c.equal(counts(report), counts(dry), "CAT-C7 --dry-run says what happens")
    c.equal(counts(report), {"read": 2, "new": 0, "changed": 1, "same": 1, "refused": 0, "withdrawn": 1}, "CAT-C7")
    got = programs(state)
    c.equal((got["c"]["status"], got["b"]["title"]["und"]), ("ceased", "Other"), "CAT-C7 withdrawn is ceased")
    write(folder, "list.csv", rows("a", "b", "c"))
    c.equal(bring(state, "csv", path)["returned"], 1, "CAT-C7 back again")
    c.check("status" not in programs(state)["c"], "CAT-C7 no longer ceased")
    # A row that is broken today is still in the source.
    write(folder, "list.csv", rows("a", "b") + "c,,School,DE,10,EUR\n")
    report = bring(state, "csv", path)
    c.equal((report["refused"], report["withdrawn"]), (1, 0), "CAT-C7 refused is not withdrawn")
    c.equal(programs(state)["c"]["title"]["und"], "Title c", "CAT-C7 what there was of it stays")


def test_sources(folder):
    state = fresh(folder)
    one, two = write(folder, "one.csv", rows("a", "b")), write(folder, "two.csv", rows("b", "z"))
    bring(state, "csv", one)
    report = bring(state, "csv", two)
    c.equal((report["new"], report["refused"]), (1, 1), "CAT-C7 another list's id is not taken over")
    c.check("source \"one\"" in report["faults"][0]["reason"], report["faults"][0]["reason"])
    c.equal(sorted(programs(state)), ["a", "b", "z"], "CAT-C7 nobody else's programs are withdrawn")
    report = bring(state, "csv", two, flags=["--source", "one"])
    c.equal((report["same"], report["withdrawn"], report["refused"]), (1, 1, 1), "CAT-C7 --source")
    # Several files are one list.
    state = fresh(folder)
    c.equal(bring(state, "csv", one, write(folder, "three.csv", rows("c")))["new"], 3, "CAT-C7 several files")
    done = credbot(state, "import", "--format", "csv", "--json", "-", stdin=rows("k").encode())
    c.equal((done.returncode, json.loads(done.stdout)["source"]), (DONE, "import"), "CAT-C7 standard input")
    report = bring(fresh(folder), "csv", write(folder, "x.csv", "id,title\n1,T\n"), flags=["--provider-country", "FR"])
    c.equal((report["new"], report["without"]["country"]), (1, 0), "CAT-C7 --provider-country")


# --- files as a whole


HOSTILE = [  # name, format, content, what standard error says
    ("empty.csv", "csv", "", "is empty"),
    ("head.csv", "csv", HEAD, "no program in it"),
    ("notitle.csv", "csv", "id,price\n1,2\n", "no column is the title"),
    ("quote.csv", "csv", HEAD + 'a,"T,School,DE,1,EUR\n', "never closed"),
    ("long.csv", "csv", HEAD + 'a,"' + "x" * 3000000 + '",S,DE,1,EUR\n', "longer than"),
    ("line.jsonl", "jsonl", '{"id":"' + "x" * 3000000 + '"}\n', "longer than"),
    ("utf16.csv", "csv", rows("a").encode("utf-16"), "UTF-16"),
    ("latin.csv", "csv", "id,títle\n".encode("latin-1"), "UTF-8"),
    ("bad.csv", "csv", HEAD + "a,,S,DE,1,EUR\n", "none of its 1 records"),
    ("hopeless.csv", "csv", HEAD + ",,,,,\n" * 5000, "1000 of the first 1000 records"),
    ("bad.jsonl", "jsonl", "{}\n", "none of its 1 records"),
    ("nan.jsonl", "jsonl", '{"id":"a","title":"T","hours":NaN}\n', "none of its 1 records"),
    ("deep.jsonl", "jsonl", '{"id":"a","title":"T","x":' + "[" * 100000 + "\n", "none of its 1 records"),
    ("cut.jsonld", "schema.org", '[{"@type":"Course","name":"T"}', "ends too early"),
    ("not.jsonld", "schema.org", "<html>", "not JSON"),
    ("two.jsonld", "ctdl", "{} {}", "JSON"),
    ("deep.jsonld", "schema.org", "[" + '{"@type":"Course","name":' + "[" * 100000 + "]" * 100000 + "}]",
     "records can be used"),
    ("none.jsonld", "ctdl", '{"@graph":[{"@type":"ceterms:Agent"}]}', "no program in it"),
]


def test_hostile_files(folder):
    state = fresh(folder)
    bring(state, "csv", write(folder, "good.csv", rows("a", "b")))
    before = programs(state)
    for name, fmt, content, said in HOSTILE:
        start = time.monotonic()
        report = bring(state, fmt, write(folder, name, content), code=FAILED, flags=["--source", "good"])
        c.check(said in report["err"], f"CAT-C7 {name}: {report['err']}")
        c.check("catalog is as it was" in report["err"], f"CAT-C7 {name} says so")
        c.check(time.monotonic() - start < 60, f"CAT-C7 {name} ends")
    c.equal(programs(state), before, "CAT-C7 the catalog is as it was")
    report = bring(state, "csv", os.path.join(folder, "missing.csv"), code=FAILED)
    c.check("No such file" in report["err"], "CAT-C7 no file: " + report["err"])
    bring(state, "csv", folder, code=FAILED)
    # No end: a device of zeros, and a program that never stops writing.
    report = bring(state, "csv", "/dev/zero", code=FAILED)
    c.check("longer than" in report["err"], "CAT-C7 /dev/zero: " + report["err"])
    yes = subprocess.Popen(["yes", "no,title,here"], stdout=subprocess.PIPE)
    done = subprocess.run([program(), "catalog", "import", "--state", state, "--format", "csv", "-"], cwd=ROOT,
                          stdin=yes.stdout, capture_output=True, timeout=120)
    yes.stdout.close()
    yes.wait()
    c.equal(done.returncode, FAILED, "CAT-C7 an endless list ends")
    c.equal(programs(state), before, "CAT-C7 the catalog is still as it was")


RECORDS = [  # a row of the file, field, what the reason says; None: taken
    ("a,T,School,DE,\"$1,299.00\",USD,,", None, None),
    ("b,T,School,DE,\"1.299,00 €\",,,", None, None),
    ("c,T,School,US,\"$1,299.00\",,,", None, None),
    ("d,T,School,DE,10,EUR,03/04/2027,", "start", "more than one way"),
    ("e,T,School,DE,10,EUR,2027-02-30,", "start", "does not exist"),
    ("f,T,School,DE,10,EUR,,6 weeks", "hours", "no number of hours"),
    ("g,T,School,DE,10,EUR,,", None, None),
    ("g,T again,School,DE,10,EUR,,", "id", "on line 8"),
    ("h,T,School,DE,10", "row", "5 cells"),
    ("i,T\udcff,School,DE,10,EUR,,", "title", "UTF-8"),
    ("j,\"T\"x,School,DE,10,EUR,,", "row", "closing quote"),
    ("k,T,School,DE,10,,,", "price", "no currency"),
    ("l,T,School,Atlantis,10,EUR,,", "country", "no country"),
    ("m,T,School,DE,NaN,EUR,,", "price", "no amount"),
    ("n,T,School,US,$5,GBP,,", "price", "dollars"),
]


def test_hostile_rows(folder):
    state = fresh(folder)
    text = "id,title,provider,country,price,currency,start,hours\n" + "\n".join(r[0] for r in RECORDS) + "\n"
    report = bring(state, "csv", write(folder, "rows.csv", text.encode("utf-8", "surrogateescape")))
    faults = {f["line"]: f for f in report["faults"]}
    for line, (row, field, said) in enumerate(RECORDS, 2):
        if field is None:
            c.check(line not in faults, f"CAT-B3 {row}: {faults.get(line)}")
        elif c.check(line in faults, f"CAT-B3 {row!r}: refused"):
            c.equal(faults[line]["field"], field, f"CAT-B3 {row!r}")
            c.check(said in faults[line]["reason"], f"CAT-B3 {row!r}: {faults[line]['reason']}")
    got = programs(state)
    c.equal(sorted(got), ["a", "b", "c", "d", "g"], "CAT-B3 what was taken")
    for i in "abc":
        c.equal(got[i]["offers"][0]["price"], 129900, f"CAT-B3 {i}")
    c.check("runs" not in got["d"], "CAT-B3 a day that could be two is not stated")
    c.equal([f["refused"] for f in report["faults"] if f["line"] == 5], [False], "CAT-B3 and the row is taken")


def test_json_ld(folder):
    """Contexts in every form, references, terms of a file's own."""
    state = fresh(folder)
    doc = [
        {"@context": {"s": "http://schema.org/", "titel": "s:name", "wer": {"@id": "s:provider"}},
         "@id": "urn:1", "@type": "s:Course", "titel": "One", "wer": {"@id": "_:org"}},
        {"@context": ["https://schema.org", {"@language": "en"}], "@id": "urn:2", "@type": ["Course", "Thing"],
         "name": [{"@value": "Deux", "@language": "fr"}, {"@value": "Two", "@language": "en"}],
         "provider": ["Two Schools", "Other"], "offers": {"@type": "Offer", "category": "Free"},
         "hasPart": {"@id": "urn:1"}, "url": ["https://example.org/2"]},
        {"https://schema.org/name": "Three", "@id": "urn:3", "@type": "https://schema.org/Course",
         "http://schema.org/provider": {"@id": "https://example.org/nowhere"},
         "inLangaue": "fr", "timeRequired": "PT90M"},
        {"@context": "http://schema.org", "@id": "urn:4", "@type": "Course", "name": "Four",
         "timeToComplete": "P1Y6M", "startDate": "2027-03-04T10:00:00Z"},
        {"@id": "_:org", "@type": "s:Organization", "s:name": "Own Words"},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item":
                                                   {"@type": "Course", "@id": "urn:5", "name": "Five"}}]},
        {"@type": "Course", "@id": "urn:6"}, {"@type": "Course", "@id": "urn:7", "name": "Seven", "startDate": "soon"},
    ]
    report = bring(state, "schema.org", write(folder, "own.jsonld", json.dumps(doc, indent=1)))
    got = programs(state)
    c.equal(sorted(got), [f"urn:{i}" for i in range(1, 6)], "CAT-B3 programs")
    c.equal((got["urn:1"]["title"], got["urn:1"]["provider"]["name"]), ({"und": "One"}, "Own Words"),
            "CAT-B3 own terms, prefix, reference forward")
    c.equal(got["urn:2"]["title"], {"fr": "Deux", "en": "Two"}, "CAT-B3 values with languages")
    c.equal((got["urn:2"]["provider"]["name"], got["urn:2"]["free"], got["urn:2"]["stack"]["parts"]),
            ("Two Schools", True, ["urn:1"]), "CAT-B3 lists and single values")
    c.equal(got["urn:3"]["provider"], {"id": "https://example.org/nowhere"}, "CAT-B3 a node that is not there")
    c.equal((got["urn:3"]["workload"]["hours"], got["urn:3"]["extra"]), (1.5, {"inLangaue": "fr"}), "CAT-B3 full IRIs")
    c.equal(got["urn:4"]["duration"]["min"], "P18M", "CAT-B3 P1Y6M")
    c.equal(got["urn:4"]["runs"], [{"start": "2027-03-04"}], "CAT-B3 a time behind a date")
    c.equal(sorted((f["id"], f["field"]) for f in report["faults"]),
            [("urn:6", "title"), ("urn:7", "startDate")], "CAT-C7 refused nodes")
    text = json.dumps(doc, indent=1).split("\n")
    c.equal({f["id"]: '"urn:6"' in "\n".join(text[f["line"] - 1:f["line"] + 3]) for f in report["faults"]}["urn:6"],
            True, "CAT-C7 at their line")


def test_mapping(folder):
    state = fresh(folder)
    table = "Kurs;Wer;Wo;Von;Preis;Sterne;Egal\nÄpfel;Hof;Köln;03/04/2027;1.299,00;3;x\nBirnen;Hof;Köln;;k.A.;;y\n"
    mapping = ("source: hof\nlicence: CC0\nseparator: \";\"\ndates: dmy\nrating_max: 6\nid_prefix: hof-\n"
               "id: [provider, title]\ncolumns:\n  Kurs: title\n  Wer: provider\n  Wo: place\n  Von: start\n"
               "  Preis: price\n  Sterne: rating\n  Egal: ignore\nconstants:\n  country: DE\n  currency: EUR\n"
               "nothing:\n  price: [\"k.A.\"]\n")
    path, map_path = write(folder, "hof.csv", table), write(folder, "map.yaml", mapping)
    report = bring(state, "csv", path, flags=["--map", map_path])
    c.equal((report["source"], report["new"], report["not_understood"]), ("hof", 2, {}), "CAT-C7 --map")
    got = programs(state)
    apple = got["hof-hof/apfel"]
    c.equal((apple["offers"][0]["price"], apple["runs"][0]["start"], apple["rating"]["value"]),
            (129900, "2027-04-03", 2.5), "CAT-C7 dates and ratings as the map has them")
    c.equal((apple["provider"]["country"], apple["source"]["licence"]), ("DE", "CC0"), "CAT-C7 constants")
    c.check("offers" not in got["hof-hof/birnen"], "CAT-C7 what stands for nothing")
    for text, said in (("colums:\n", 'did you mean "columns"'), ("columns:\n  A: titel\n", "did you mean title"),
                       ("dates: ymd\n", "dmy or mdy"), ("id: title\n", "must be a list"), ("- a\n", "must be a map"),
                       ("columns:\n  Nowhere: title\n", 'no column is named "Nowhere"')):
        report = bring(state, "csv", path, code=FAILED, flags=["--map", write(folder, "bad.yaml", text)])
        c.check(said in report["err"].replace("; did you mean columns?", '; did you mean "columns"'),
                f"CAT-C7 {text!r}: {report['err']}")


# --- out again


def test_export(folder):
    state = fresh(folder)
    for fmt, name in (("ctdl", "ctdl-1.jsonld"), ("schema.org", "schema-org-1.jsonld"), ("csv", "import-1.csv")):
        bring(state, fmt, os.path.join(SAMPLES, name))
    before = programs(state)
    for fmt in ("jsonl", "schema.org", "csv"):
        other = fresh(folder)
        done = credbot(state, "export", "--format", fmt)
        c.equal(done.returncode, DONE, f"CAT-C8 export {fmt}")
        report = bring(other, fmt, write(folder, "out." + fmt, done.stdout))
        c.equal((report["new"], report["all_faults"], report["not_understood"]), (8, 0, {}), f"CAT-C8 {fmt} is read again")
        after = programs(other)
        if fmt == "jsonl":
            c.equal(after, before, "CAT-C8 jsonl keeps all")
        for i, p in before.items():
            q = after[i]
            c.equal(list(q["title"].values())[0], list(p["title"].values())[0], f"CAT-C8 {fmt} {i}")
            c.equal(q["provider"]["name"], p["provider"]["name"], f"CAT-C8 {fmt} {i}")
            c.equal(sum(o["price"] for o in q.get("offers", [])), sum(o["price"] for o in p.get("offers", [])),
                    f"CAT-C8 {fmt} {i} price")
            for key in ("free", "mode", "type") if fmt == "csv" else ("free", "mode", "type", "outcomes"):
                c.equal(q.get(key), p.get(key), f"CAT-C8 {fmt} {i} {key}")
            c.equal(q.get("runs", [{}])[0].get("start"), p.get("runs", [{}])[0].get("start"), f"CAT-C8 {fmt} {i} start")
            c.equal(q.get("workload", {}).get("hours"), p.get("workload", {}).get("hours"), f"CAT-C8 {fmt} {i} hours")
            c.equal(q.get("workload", {}).get("ects"), p.get("workload", {}).get("ects"), f"CAT-C8 {fmt} {i} ects")
    # What a spreadsheet would run is disarmed.
    state = fresh(folder)
    bring(state, "csv", write(folder, "evil.csv", 'id,title,provider\n1,"=HYPERLINK(""http://x"",""y"")",School\n'))
    cells = list(csv.reader(io.StringIO(credbot(state, "export", "--format", "csv").stdout.decode())))
    c.equal(cells[1][1], '\'=HYPERLINK("http://x","y")', "CAT-C8 no formulas")


def test_show_and_stats(folder):
    state = fresh(folder)
    bring(state, "csv", os.path.join(SAMPLES, "import-1.csv"))
    done = credbot(state, "show", "p1")
    c.check("not stated, of what the EU asks of a micro-credential: awarding body, assessment, quality"
            in done.stdout.decode(), "CAT-B2 missing elements by name")
    c.equal(json.loads(credbot(state, "show", "--json", "p1").stdout)["id"], "p1", "CAT-C8 show --json")
    done = credbot(state, "show", "nobody")
    c.equal((done.returncode, "no program has the id" in done.stderr.decode()), (FAILED, True), "CAT-C8 no such id")
    stats = json.loads(credbot(state, "stats", "--json").stdout)
    c.equal((stats["programs"], stats["complete"], stats["as_of"]), (3, 0, ["2026-11-20"] * 2), "CAT-C8 stats")
    c.equal(stats["countries"], {"DE": 1, "GB": 1, "US": 1}, "CAT-C8 by country")
    c.equal(stats["types"], {"certificate": 1, "micro_credential": 1, "short_course": 1}, "CAT-C8 by type")
    c.equal(stats["unknown"]["level"], 0.3333, "CAT-C8 how much is not stated")


def found(state, *args, stdin=None):
    done = credbot(state, "search", "--json", "--at", "2026-11-25", *args, stdin=stdin)
    c.equal(done.returncode, DONE, f"search {args}: {done.stderr.decode()}")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_search(folder):
    """CAT-C8: the contract of catalog search, on the three programs of the sample."""
    state = fresh(folder)
    bring(state, "csv", os.path.join(SAMPLES, "import-1.csv"))
    got, = found(state, "cyber security")
    c.equal({"results", "total", "corrected", "relaxed"} <= set(got), True, "CAT-C8 keys")
    c.equal((got["total"], got["results"][0]["id"], got["results"][0]["provider"]), (1, "p1", "Example College"),
            "CAT-C8 one found")
    c.check(got["results"][0]["why"], "CAT-C8 why")
    got, = found(state, "cyberr securty")
    c.equal([(x["typed"], x["used"]) for x in got["corrected"]], [("cyberr", "cyber"), ("securty", "security")],
            "CAT-C4 what was corrected")
    got, = found(state, "--max-price", "200", "--currency", "EUR")
    c.equal([r["id"] for r in got["results"]], ["p3"], "CAT-C3 199 GBP is more than 200 EUR, free is not")
    c.equal(got["relaxed"], [], "CAT-C6 nothing was given up")
    got, = found(state, "pflege online")
    c.equal([(r["id"], r["misses"]) for r in got["results"]], [("p2", ["mode: onsite"])],
            "CAT-C6 what breaks a wish says so")
    c.equal([x["part"] for x in got["relaxed"]], ["mode"], "CAT-C6 and is named")
    got, = found(state, "pflege", "--lang", "english", "--explain")
    c.equal((got["results"], [w["part"] for w in got["ways"]]), ([], ["language"]), "CAT-C6 language is only offered")
    got, = found(state, "data", "--eqf", "4")
    c.equal([(r["id"], r["unknown"]) for r in got["results"]], [("p3", ["level: EQF 4 to 4"])],
            "CAT-C3 an unknown level is marked")
    got, = found(state, "cyber security in the uk under 400 euros")
    c.equal([(r["id"], r["misses"]) for r in got["results"]], [("p1", [])], "CAT-C6 words of a wish are not looked for")
    many = found(state, "-", stdin=b"cyber\npflege\n\n")
    c.equal([m["total"] for m in many], [1, 1, 3], "a search a line")
    bench, = found(state, "--bench")
    c.check(len(bench["queries"]) >= 12 and
            all({"q", "hits", "p50_ms", "p99_ms"} == set(q) for q in bench["queries"]), "CAT-C8 bench")
    index = os.path.join(state, "catalog.index")
    with open(index, "r+b") as f:
        f.seek(5000)
        f.write(b"\xff\xff\xff\xff")
    got, = found(state, "cyber")
    c.equal(got["total"], 1, "CAT-C1 a damaged index is built anew")
    os.truncate(index, 4097)
    c.equal(found(state, "cyber")[0]["total"], 1, "CAT-C1 and one that was cut")
    bring(state, "csv", write(folder, "later.csv", rows("later")), flags=("--source", "second"))
    c.equal(found(state, "")[0]["total"], 4, "CAT-C1 an import makes it old")


def test_shipped(folder):
    """Without any import there are the programs of the data folder, with what is stated only."""
    state = fresh(folder)
    got = programs(state)
    with open(os.path.join(ROOT, "data/kb/sources.yaml"), encoding="utf-8") as f:
        sources = re.findall(r"^([a-z-]+):$", f.read(), re.M)
    c.equal(len(got), 18, "CAT-1 what ships")
    c.check(not os.path.exists(os.path.join(state, "catalog.db")), "CAT-1 read straight from the data folder")
    for i, p in got.items():
        for key in ("offers", "runs", "duration", "workload", "url", "eqf", "quality", "free"):
            c.check(key not in p, f"CAT-1 {i}: {key} is in no source")
        for name in p["source"]["uri"].split(", "):
            c.check(name in sources, f"CAT-1 {i}: {name} is one of our sources")
    bring(state, "csv", write(folder, "mine.csv", rows("a")))
    c.equal(list(programs(state)), ["a"], "CAT-1 one's own list takes their place")


# --- an import that dies


def test_killed(folder):
    state = fresh(folder)
    n = 6000
    old = write(folder, "old.csv", HEAD + "".join(f"k{i},Old {i},School,DE,10,EUR\n" for i in range(n)))
    new = write(folder, "new.csv", HEAD + "".join(f"k{i},New {i},School,DE,11,EUR\n" for i in range(1000, n + 1000)))
    start = time.monotonic()
    bring(state, "csv", old, flags=["--source", "k"])
    took = time.monotonic() - start
    rnd = random.Random(7)
    seen = set()
    for i in range(24):
        source = new if i % 2 else old
        p = subprocess.Popen([program(), "catalog", "import", "--state", state, "--format", "csv", "--source", "k",
                              source], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            p.wait(rnd.uniform(0, took * 1.2))
        except subprocess.TimeoutExpired:
            p.send_signal(signal.SIGKILL)
        p.wait()
        db = sqlite3.connect(os.path.join(state, "catalog.db"))
        titles = dict(db.execute("SELECT substr(json_extract(record, '$.title.und'), 1, 3), count(*) FROM program "
                                 "WHERE withdrawn = '' GROUP BY 1"))
        c.equal(db.execute("PRAGMA quick_check").fetchone()[0], "ok", "CAT-C7 the file is sound")
        db.close()
        c.check(titles in ({"Old": n}, {"New": n}), f"CAT-C7 old or new, nothing between: {titles}")
        seen.update(titles)
    bring(state, "csv", new, flags=["--source", "k"])
    c.equal(len(programs(state)), n + 1000, "CAT-C7 and it goes on")


def test_mutated(folder):
    """Samples with bytes changed: every import ends with a message, never with a signal."""
    rnd = random.Random(int(os.environ.get("SEED", "20261120")))
    state = fresh(folder)
    for fmt, name in (("ctdl", "ctdl-1.jsonld"), ("schema.org", "schema-org-1.jsonld"), ("csv", "import-1.csv")):
        with open(os.path.join(SAMPLES, name), "rb") as f:
            good = f.read()
        for i in range(int(os.environ.get("ROUNDS", "40"))):
            data = bytearray(good)
            for _ in range(rnd.randint(1, 12)):
                at = rnd.randrange(len(data))
                kind = rnd.randrange(4)
                if kind == 0:
                    data[at] = rnd.randrange(256)
                elif kind == 1:
                    del data[at:at + rnd.randint(1, 40)]
                elif kind == 2:
                    data[at:at] = data[at:at + rnd.randint(1, 60)]
                else:
                    data[at:at] = rnd.choice([b'"', b"[", b"{", b"]", b"}", b"\xff", b"\0", b"NaN", b"-1", b"9" * 400, b"\n"])
                if not data:
                    data = bytearray(b"x")
            done = credbot(state, "import", "--format", fmt, "--json", write(folder, "mutant", bytes(data)))
            if not c.check(done.returncode in (DONE, FAILED), f"CAT-C7 {fmt} {i}: {done.returncode} {done.stderr[-400:]}"):
                shutil.copy(os.path.join(folder, "mutant"), f"/tmp/mutant-{fmt}-{i}")
    db = sqlite3.connect(os.path.join(state, "catalog.db"))
    for (record,) in db.execute("SELECT record FROM program"):
        json.loads(record)
    db.close()
    programs(state)


# --- arguments, and the manual


def test_usage(folder):
    state = fresh(folder)
    for args, said in ((["import"], "needs --format"), (["import", "--format", "xml", "f"], "none of csv"),
                       (["import", "--format", "csv"], "needs a file"), (["show"], "needs one id"),
                       (["import", "--format", "csv", "--provider-country", "Germany", "f"], "no code"),
                       (["search", "--order", "luck", "x"], "--order"), (["search", "--lang", "xx9", "x"], "not known"),
                       (["export"], "needs --format"), (["export", "--format", "xml"], "none of csv")):
        done = credbot(state, *args)
        c.equal(done.returncode, USAGE, f"{args}")
        c.check(said in done.stderr.decode(), f"{args}: {done.stderr.decode()}")
    done = subprocess.run([program(), "catalog", "dance"], cwd=ROOT, capture_output=True, text=True)
    c.equal((done.returncode, 'cannot "dance"' in done.stderr), (USAGE, True), "no such verb")
    for verb in ("export", "import", "search", "show", "stats"):
        done = subprocess.run([program(), "catalog", verb, "--help"], cwd=ROOT, capture_output=True, text=True)
        c.equal((done.returncode, f"credbot catalog {verb}" in done.stdout), (DONE, True), f"{verb} --help")


def test_manual(folder):
    """The examples of docs/CATALOG.md do what it says."""
    with open(os.path.join(ROOT, "docs/CATALOG.md"), encoding="utf-8") as f:
        blocks = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", f.read(), re.M | re.S)
    where = fresh(folder)
    env = dict(os.environ, STATE_DIRECTORY=os.path.join(where, "state"))
    said, ran = "", 0
    for kind, name, text in blocks:
        if name:
            write(where, name, text)
        elif kind == "sh":
            said = ""
            for line in text.splitlines():
                done = subprocess.run(line.replace("credbot ", os.path.abspath(program()) + " ", 1), cwd=where, env=env,
                                      shell=True, capture_output=True, text=True, timeout=60)
                c.equal(done.returncode, DONE, f"{line}: {done.stderr}")
                said += done.stdout
                ran += 1
        elif kind == "text":
            c.equal(said, text, "docs/CATALOG.md: what is printed")
    c.check(ran >= 4, "docs/CATALOG.md has examples")


def main():
    folder = tempfile.mkdtemp(prefix="credbot-catalog-")
    try:
        for test in (test_ctdl_sample, test_schema_org_sample, test_csv_sample, test_again, test_sources,
                     test_hostile_files, test_hostile_rows, test_json_ld, test_mapping, test_export,
                     test_show_and_stats, test_search, test_shipped, test_killed, test_mutated, test_usage, test_manual):
            test(folder)
    finally:
        shutil.rmtree(folder)
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
