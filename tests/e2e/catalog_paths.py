#!/usr/bin/env python3
"""catalog_paths.py - routes to an award and week plans, through the command line.

Checks bear the ids of requirements: MISSION-18 the planner of stacks, MISSION-19 the
fit-to-semester check, S23 to S25 calendar files. Those are read with python3-icalendar and
python3-dateutil, which know nothing of the program that wrote them.
"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zoneinfo

DEBIANS = "/usr/bin/python3"
try:
    import icalendar
    from dateutil.rrule import rrulestr
except ImportError:
    # These are Debian packages: another Python, standing before Debian's, has them not.
    if os.path.exists(DEBIANS) and os.path.realpath(sys.executable) != os.path.realpath(DEBIANS):
        os.execv(DEBIANS, [DEBIANS, *sys.argv])
    icalendar = None

from lib.daemon import ROOT, Checks, program

c = Checks()
DONE, FAILED, USAGE = 0, 1, 2
NOW = "2027-01-20T10:00Z"
LONG = "Buchführung für Anfänger: Belege, Konten, Abschlüsse; 簿記入門 — \\ mit Übungen, 🎓 Prüfung\r\nATTENDEE:x"


def record(id, **more):
    out = {"id": id, "title": {"en": more.pop("title", id.upper())}, "default_lang": "en",
           "provider": {"name": "Evening School", "country": "IE"}, "url": f"https://example.edu/{id}",
           "status": "active"}
    out.update(more)
    return out


def length(weeks, hours, price=None, **more):
    out = {"duration": {"min": f"P{weeks}W", "max": f"P{weeks}W"}, "workload": {"hours": hours}}
    if price is not None:
        out["offers"] = [{"price": price * 100, "currency": "EUR"}]
    out.update(more)
    return out


RECORDS = [
    record("dip", type="diploma", field=["0411"], eqf=6, stack={"parts": ["bk", "tax", "law"]}),
    record("bk", title=LONG, field=["0411"], eqf=4, **length(4, 40, 149)),
    record("tax", field=["0411"], eqf=5, entry={"requires": ["bk"]}, **length(6, 60)),
    record("law", **length(4, 20, 80)),
    record("msc", stack={}, eqf=7, field=["0411"], **length(40, 900, 4000)),
    record("mm1", stack={"into": ["msc"]}, **length(10, 90, 300)),
    record("mm2", stack={"into": ["msc"]}, **length(12, 90, 200)),
    record("alone", field=["0411"], eqf=5),
    record("near", field=["0411"], eqf=4, stack={"standalone": False}),
    record("loop1", entry={"requires": ["loop2"]}),
    record("loop2", entry={"requires": ["loop1"]}),
    record("run1", runs=[{"start": "2027-02-01"}, {"start": "2027-04-05"}], **length(4, 40)),
    record("run2", runs=[{"start": "2027-02-01"}], **length(4, 40)),
    record("vague", **{"duration": {"min": "P2W", "max": "P2W"}}),
]


def credbot(state, *args):
    done = subprocess.run([os.path.abspath(program()), "catalog", args[0], "--state", state, *args[1:]], cwd=ROOT,
                          capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def asked(state, *args, code=DONE):
    got, out, err = credbot(state, *args, "--json", "--at", NOW)
    c.equal(got, code, f"{args}: {err}")
    return json.loads(out) if out.strip() else {}


def steps(route):
    return [s["id"] + ("*" if s["handed_out"] else "") for s in route["steps"]]


# --- routes


def test_parts(state):
    got = asked(state, "path", "dip")
    c.equal([steps(r) for r in got["routes"]], [["bk", "tax", "law", "dip*"]], "MISSION-18 parts, what is required first")
    route = got["routes"][0]
    c.equal((route["days"], route["hours"], route["cost"], route["cost_unknown"]), (98, 120, {"EUR": 22900}, 1),
            "MISSION-18 sums, and what is not stated")
    c.equal(route["days_side_by_side"], 70, "MISSION-18 law beside the others")
    c.equal([s["why"] for s in route["steps"]], ["part", "part", "part", "target"], "MISSION-18 why")
    got = asked(state, "path", "dip", "--from", "bk", "law")
    c.equal([(steps(r), r["counted"]) for r in got["routes"]], [(["tax", "dip*"], ["bk", "law"])], "MISSION-18 what one has")
    got = asked(state, "path", "dip", "--hours-per-week", "12")
    c.equal(got["routes"][0]["days_side_by_side"], 98, "MISSION-18 no hours for two")


def test_orders(state):
    c.equal([steps(r) for r in asked(state, "path", "msc")["routes"]], [["mm1", "msc"], ["mm2", "msc"]], "MISSION-18 shortest")
    c.equal([steps(r) for r in asked(state, "path", "--cheapest", "msc")["routes"]], [["mm2", "msc"], ["mm1", "msc"]],
            "MISSION-18 cheapest")
    code, out, _ = credbot(state, "path", "msc", "--cheapest")
    c.equal(code, DONE, "text")
    c.check("route 1 of 2: 2 programs" in out and "counts towards msc" in out and "4200.00 EUR" in out,
            "MISSION-18 for people", out)


def test_none(state):
    got = asked(state, "path", "alone", code=FAILED)
    c.equal((got["routes"], [x["id"] for x in got["not_stated_candidates"]]), ([], ["near"]), "MISSION-18 none is stated")
    code, out, _ = credbot(state, "path", "alone")
    c.equal(code, FAILED, "text")
    c.check("states no route" in out and "Not stated to lead there" in out, "MISSION-18 said as what they are", out)
    got = asked(state, "path", "loop1", code=FAILED)
    c.equal([p["kind"] for p in got["problems"]], ["cycle"], "MISSION-18 a cycle is no way")
    code, _, err = credbot(state, "path", "nothing")
    c.check(code == FAILED and 'no program has the id "nothing"' in err, "MISSION-18 no such award", err)
    c.equal(asked(state, "path", "dip", "--from", "dip")["held"], True, "MISSION-18 one has it")


# --- plans


def weeks(plan):
    return [(w["hours"], w["overload"], w["too_many"]) for w in plan["weeks"]]


def test_plan(state):
    got = asked(state, "plan", "bk", "--hours-per-week", "10", "--start", "2027-02-01")
    c.equal((got["easy"], weeks(got["asked"]), got["asked"]["last"]), (True, [(10, False, False)] * 4, "2027-02-28"),
            "MISSION-19 it fits")
    c.check("instead" not in got, "MISSION-19 nothing else is needed")
    got = asked(state, "plan", "run1", "run2", "--hours-per-week", "12", "--start", "2027-02-01")
    c.equal((got["easy"], got["fits"], weeks(got["asked"])), (False, True, [(20, True, False)] * 4), "MISSION-19 overload")
    c.equal([(p["id"], p["start"], p["moved"]) for p in got["instead"]["programs"]],
            [("run1", "2027-04-05", True), ("run2", "2027-02-01", False)], "MISSION-19 the next run")
    got = asked(state, "plan", "bk", "law", "run2", "--hours-per-week", "60", "--start", "2027-02-01")
    c.equal(got["asked"]["crowded"], 4, "MISSION-19 one or two, never three")
    c.equal((got["instead"]["crowded"], got["instead"]["overloaded"]), (0, 0), "MISSION-19 and what fits")
    got = asked(state, "plan", "bk", "--hours-per-week", "30", "--busy", "25", "--start", "2027-02-01", code=FAILED)
    c.equal((got["fits"], [p["trouble"] for p in got["instead"]["programs"]]), (False, ["too heavy"]),
            "MISSION-19 a job takes of the hours")
    got = asked(state, "plan", "vague", "alone", "--hours-per-week", "10", "--start", "2027-02-01", code=FAILED)
    c.equal((got["asked"]["hours_unknown"], [p["trouble"] for p in got["asked"]["programs"]]), (1, [None, "no length"]),
            "MISSION-19 unknown stays unknown")
    got = asked(state, "plan", "bk", "--hours-per-week", "10", "--start", "2027-02-01", "--until", "2027-02-20")
    c.equal((got["easy"], got["asked"]["in_term"]), (False, False), "MISSION-19 beyond the semester")
    code, out, _ = credbot(state, "plan", "run1", "run2", "--hours-per-week", "12", "--start", "2027-02-01", "--at", NOW)
    c.check(code == DONE and "OVERLOAD: there are 12.0" in out and "what would fit instead" in out, "MISSION-19 for people", out)


# --- calendar files


def export(state, name, *args):
    path = os.path.join(state, name)
    got, _, err = credbot(state, "plan", *args, "--ics", path, "--at", NOW)
    c.equal(got, DONE, f"{args}: {err}")
    with open(path, "rb") as f:
        data = f.read()
    return data, err


def reader():
    """Without it files are written and not read; that is no pass in CI."""
    if icalendar is None:
        print("python3-icalendar is not there (make deps-test): calendar files are not read", file=sys.stderr)
        c.check(os.environ.get("CI") != "true", "python3-icalendar is installed")
    return icalendar is not None


def events(data):
    for line in data.split(b"\r\n"):
        c.check(len(line) <= 75 and b"\n" not in line and b"\r" not in line, "S24 lines of at most 75 octets", line)
        line.decode()  # folded between characters
    cal = icalendar.Calendar.from_ical(data)
    c.equal((str(cal["VERSION"]), cal.errors), ("2.0", []), "S24 sound")
    return cal, [e for e in cal.walk("VEVENT")]


def occurrences(event):
    """Instants of an event with its times, reckoned with the zone's name by Python's own rules."""
    tz = zoneinfo.ZoneInfo(str(event["DTSTART"].params["TZID"]))
    start = event["DTSTART"].dt.replace(tzinfo=None)
    rule = event.get("RRULE")
    days = rrulestr(rule.to_ical().decode(), dtstart=start) if rule else [start]
    return [d.replace(tzinfo=tz).astimezone(datetime.timezone.utc) for d in days]


def test_spans(state):
    data, _ = export(state, "spans.ics", "bk", "law", "--hours-per-week", "20", "--start", "2027-02-01")
    if not reader():
        return
    _, all = events(data)
    c.equal([(e["DTSTART"].dt, e["DTEND"].dt) for e in all],
            [(datetime.date(2027, 2, 1), datetime.date(2027, 3, 1))] * 2, "MISSION-19 whole days, the end excluded")
    said = LONG.replace("\r\n", " ")  # a title is one line of the catalog
    c.equal(str(all[0]["SUMMARY"]), said, "S24 the title comes back as it was")
    c.check("ATTENDEE" not in all[0], "S24 no line that somebody typed")
    c.check("40 hours in all, 10.0 a week" in str(all[0]["DESCRIPTION"]), "MISSION-19 hours in words", all[0]["DESCRIPTION"])
    c.equal([str(e["TRANSP"]) for e in all], ["TRANSPARENT"] * 2, "MISSION-19 makes no time busy")
    c.equal(str(all[1]["URL"]), "https://example.edu/law", "MISSION-19 its page")


def test_blocks(state):
    args = ("bk", "law", "--hours-per-week", "20", "--start", "2027-03-08", "--blocks",
            "mon 18:00-20:00, thu 18-20, sat 9:30-17:30, sun 10-14", "--tz", "Europe/Berlin")
    data, err = export(state, "blocks.ics", *args)
    if not reader():
        return
    cal, all = events(data)
    c.equal(err, "", "MISSION-19 all hours have a place")
    busy = sorted((at, at + (e["DTEND"].dt - e["DTSTART"].dt)) for e in all for at in occurrences(e))
    c.equal(sum((b - a for a, b in busy), datetime.timedelta()), datetime.timedelta(hours=60), "MISSION-19 as many hours as stated")
    c.check(all_apart(busy), "MISSION-19 nothing at the same time", busy)
    # The clocks change on 28 March: six in the evening is then an hour earlier in UTC.
    mondays = sorted(at for e in all for at in occurrences(e) if at.weekday() == 0)
    c.equal([at.hour for at in mondays], [17, 17, 17, 16], "S25 the same time on the wall")
    zone = cal.walk("VTIMEZONE")
    c.equal([str(z["TZID"]) for z in zone], ["Europe/Berlin"], "S25 its rules are there")
    tz = zone[0].to_tz()
    for day in ("2027-03-27", "2027-03-29", "2027-07-01"):
        noon = datetime.datetime.fromisoformat(day + "T12:00")
        c.equal(tz.utcoffset(noon), zoneinfo.ZoneInfo("Europe/Berlin").utcoffset(noon), f"S25 {day} as another reads it")
    again, _ = export(state, "again.ics", *args)
    c.equal(again, data, "S23 the same file again")
    later, _ = export(state, "later.ics", *[a.replace("2027-03-08", "2027-05-03") for a in args])
    c.equal([str(e["UID"]) for e in events(later)[1]], [str(e["UID"]) for e in all], "S23 UIDs stay when it moves")
    c.equal(len({str(e["UID"]) for e in all}), len(all), "S23 no UID twice")
    _, err = export(state, "short.ics", "bk", "--hours-per-week", "20", "--start", "2027-02-01", "--blocks", "mon 18-20", "--tz", "UTC")
    c.check("no room for 32.0 hours" in err, "MISSION-19 hours without a place are said", err)


def all_apart(busy):
    return all(a[1] <= b[0] for a, b in zip(busy, busy[1:]))


def test_not_written(state):
    path = os.path.join(state, "none.ics")
    code, _, _ = credbot(state, "plan", "bk", "--hours-per-week", "5", "--start", "2027-02-01", "--ics", path)
    c.check(code == FAILED and not os.path.exists(path), "MISSION-19 no file of what does not fit")
    code, _, err = credbot(state, "plan", "bk", "--hours-per-week", "10", "--ics", os.path.join(state, "no", "such.ics"))
    c.check(code == FAILED and "such.ics" in err, "a folder that is not there", err)


def test_usage(state):
    for args in (("path",), ("path", "dip", "bk"), ("path", "dip", "--at-once", "3"), ("path", "dip", "--currency", "EURO"),
                 ("plan", "bk"), ("plan", "--hours-per-week", "5"), ("plan", "bk", "--hours-per-week", "0"),
                 ("plan", "bk", "--hours-per-week", "5", "--start", "tomorrow"),
                 ("plan", "bk", "--hours-per-week", "5", "--blocks", "mon 18-20"),
                 ("plan", "bk", "--hours-per-week", "5", "--blocks", "mon 20-18", "--tz", "UTC"),
                 ("plan", "bk", "--hours-per-week", "5", "--blocks", "someday 18-20", "--tz", "UTC"),
                 ("plan", "bk", "--hours-per-week", "5", "--blocks", "mon 18-20", "--tz", "../../etc/passwd")):
        code, _, err = credbot(state, *args)
        c.equal(code, USAGE, f"{args}: {err}")
        c.check("Try: credbot catalog" in err, f"{args}: where to look", err)


def main():
    folder = tempfile.mkdtemp(prefix="credbot-paths-")
    try:
        path = os.path.join(folder, "list.jsonl")
        with open(path, "w") as f:
            f.writelines(json.dumps(r) + "\n" for r in RECORDS)
        code, _, err = credbot(folder, "import", "--format", "jsonl", path)
        c.equal(code, DONE, err)
        for test in [v for k, v in sorted(globals().items()) if k.startswith("test_")]:
            test(folder)
    finally:
        shutil.rmtree(folder)
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
