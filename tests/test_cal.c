/*
 * test_cal.c - calendar files.
 *
 * Checks bear the ids of reference/scheduling-catalog.md, A3 (S23 to S25), and MISSION-19, the
 * week plan as a calendar file.
 */
#include <stdlib.h>

#include "credbot/base/arena.h"
#include "credbot/base/clock.h"
#include "credbot/base/utf8.h"
#include "credbot/cal/ics.h"
#include "t.h"

static int64_t
at(const char *iso)
{
	int64_t ms = 0;

	T_CHECK(clock_parse(str_of(iso), &ms) == RC_OK, "%s", iso);
	return ms / 1000;
}

static struct zone *
load(const char *name)
{
	struct zone *z = NULL;
	struct err err = { "" };

	T_CHECK(zone_load(&z, ZONE_DIR, str_of(name), &err) == RC_OK, "%s: %s", name,
	    err.text);
	return z;
}

/* --- calendar files */

/* Lines unfolded, each checked for its length, its end and its characters. */
static const char *
unfold(struct arena *a, struct str file)
{
	struct buf all = { 0 };
	const char *text;

	T_CHECK(str_ends(file, "\r\n"), "S24 ends with CR LF");
	while (file.len > 0) {
		struct str line = str_cut(&file, '\n');

		T_CHECK(str_ends(line, "\r"), "S24 CR before LF");
		line.len--;
		T_CHECK(line.len <= ICS_LINE_MAX, "S24 %zu octets", line.len);
		T_CHECK(utf8_valid(line), "S24 folded between characters");
		T_CHECK(memchr(line.p, '\r', line.len) == NULL, "S24 no other CR");
		if (line.len > 0 && line.p[0] == ' ') {
			all.len--;
			line = str_n(line.p + 1, line.len - 1);
		}
		buf_addstr(&all, line);
		buf_addc(&all, '\n');
	}
	text = arena_cstr(a, buf_str(&all));
	buf_fini(&all);
	return text;
}

static void
test_events(void)
{
	struct zone *berlin = load("Europe/Berlin");
	struct arena *a = arena_new();
	struct buf out = { 0 };
	struct ics w;

	ics_begin(&w, &out, at("2026-11-25T10:00Z") * 1000);
	ics_event(&w, &(struct ics_event){ .uid = "u1",
			  .day = clock_days(2027, 2, 1),
			  .last = clock_days(2027, 2, 28),
			  .summary = "Books; part 1, \\ and\nmore",
			  .free = true });
	ics_event(&w, &(struct ics_event){ .uid = "u2",
			  .sequence = 3,
			  .day = clock_days(2027, 2, 1),
			  .zone = berlin,
			  .start_minute = 23 * 60,
			  .minutes = 90,
			  .weeks = 4,
			  .summary = "S",
			  .description = "D\r\nATTENDEE:mailto:x@example.org",
			  .url = "https://example.org/\r\nX:1",
			  .cancelled = true });
	ics_end(&w);
	T_STR(unfold(a, buf_str(&out)),
	    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//credbot//credbot//EN\n"
	    "CALSCALE:GREGORIAN\n"
	    "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20261125T100000Z\nSEQUENCE:0\n"
	    "DTSTART;VALUE=DATE:20270201\nDTEND;VALUE=DATE:20270301\n"
	    "SUMMARY:Books\\; part 1\\, \\\\ and\\nmore\nTRANSP:TRANSPARENT\n"
	    "STATUS:CONFIRMED\nEND:VEVENT\n"
	    "BEGIN:VEVENT\nUID:u2\nDTSTAMP:20261125T100000Z\nSEQUENCE:3\n"
	    "DTSTART;TZID=Europe/Berlin:20270201T230000\n"
	    "DTEND;TZID=Europe/Berlin:20270202T003000\nRRULE:FREQ=WEEKLY;COUNT=4\n"
	    "SUMMARY:S\nDESCRIPTION:D\\nATTENDEE:mailto:x@example.org\n"
	    "TRANSP:OPAQUE\nSTATUS:CANCELLED\nEND:VEVENT\nEND:VCALENDAR\n",
	    "S24 MISSION-19 two events");
	buf_fini(&out);
	arena_free(a);
	zone_free(berlin);
}

/* Texts of every length around the fold, of characters of every length. */
static void
test_folding(void)
{
	static const char *const chars[] = { "a", "\xC3\xA4", "\xE8\xAA\x9E",
		"\xF0\x9F\x8E\x93", ",", "\\", "\n" };
	struct arena *a = arena_new();

	for (size_t c = 0; c < ARRAY_LEN(chars); c++)
		for (size_t n = 0; n < 200; n++) {
			struct buf text = { 0 }, out = { 0 }, want = { 0 };
			struct ics w = { .out = &out };

			buf_adds(&want, "X:");
			for (size_t i = 0; i < n; i++) {
				buf_adds(&text, chars[c]);
				if (chars[c][0] == '\n')
					buf_adds(&want, "\\n");
				else
					buf_printf(&want, "%s%s",
					    c == 4 || c == 5 ? "\\" : "", chars[c]);
			}
			buf_addc(&want, '\n');
			ics_text(&w, "X", buf_str(&text));
			T_STR(unfold(a, buf_str(&out)), buf_cstr(&want),
			    "S24 %zu of \"%s\"", n, chars[c]);
			buf_fini(&text);
			buf_fini(&out);
			buf_fini(&want);
			arena_reset(a);
		}
	arena_free(a);
}

static void
test_odd_text(void)
{
	struct arena *a = arena_new();
	struct buf out = { 0 };
	struct ics w = { .out = &out };

	ics_text(&w, "X",
	    STR("a\x01\x00\x7f"
		"b\xff\xe2\x80\xae"
		"c\td"));
	T_STR(unfold(a, buf_str(&out)),
	    "X:ab\xEF\xBF\xBD"
	    "c d\n",
	    "S24 no control characters, no broken ones");
	buf_fini(&out);
	arena_free(a);
}

static const char *
zone_text(struct arena *a, const char *name, const char *from, const char *to)
{
	struct zone *z = load(name);
	struct buf out = { 0 };
	struct ics w = { .out = &out };
	const char *text;

	if (z == NULL)
		return "";
	ics_zone(&w, z, at(from), at(to));
	text = unfold(a, buf_str(&out));
	buf_fini(&out);
	zone_free(z);
	return text;
}

static void
test_zones(void)
{
	struct arena *a = arena_new();

	T_STR(zone_text(a, "Europe/Berlin", "2027-02-01", "2027-06-01"),
	    "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n"
	    "BEGIN:DAYLIGHT\nDTSTART:20260329T020000\nTZOFFSETFROM:+0100\n"
	    "TZOFFSETTO:+0200\nTZNAME:CEST\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\n"
	    "END:DAYLIGHT\n"
	    "BEGIN:STANDARD\nDTSTART:20261025T030000\nTZOFFSETFROM:+0200\n"
	    "TZOFFSETTO:+0100\nTZNAME:CET\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\n"
	    "END:STANDARD\nEND:VTIMEZONE\n",
	    "S25 the pair of rules");
	T_STR(zone_text(a, "Asia/Kolkata", "2027-02-01", "2027-06-01"),
	    "BEGIN:VTIMEZONE\nTZID:Asia/Kolkata\n"
	    "BEGIN:STANDARD\nDTSTART:20270131T053000\nTZOFFSETFROM:+0530\n"
	    "TZOFFSETTO:+0530\nTZNAME:IST\nEND:STANDARD\nEND:VTIMEZONE\n",
	    "S25 a zone that does not change");
	T_STR(zone_text(a, "America/Sao_Paulo", "2018-12-01", "2019-06-01"),
	    "BEGIN:VTIMEZONE\nTZID:America/Sao_Paulo\n"
	    "BEGIN:DAYLIGHT\nDTSTART:20181129T220000\nTZOFFSETFROM:-0200\n"
	    "TZOFFSETTO:-0200\nTZNAME:-02\nEND:DAYLIGHT\n"
	    "BEGIN:STANDARD\nDTSTART:20190217T000000\nTZOFFSETFROM:-0200\n"
	    "TZOFFSETTO:-0300\nTZNAME:-03\nEND:STANDARD\nEND:VTIMEZONE\n",
	    "S25 change by change where no rule holds");
	arena_free(a);
}

/* RFC 5545, 3.2: a colon ends parameters, unless it stands in quotes. */
static void
test_fixed_zone(void)
{
	struct arena *a = arena_new();
	struct zone *z = load("UTC+05:30");
	struct buf out = { 0 };
	struct ics w = { .out = &out };
	const char *text;

	if (z == NULL)
		return;
	ics_zone(&w, z, at("2027-02-01"), at("2027-02-02"));
	ics_event(&w, &(struct ics_event){ .uid = "u",
			  .day = clock_days(2027, 2, 1),
			  .zone = z,
			  .start_minute = 9 * 60,
			  .minutes = 30,
			  .summary = "S" });
	text = unfold(a, buf_str(&out));
	T_CHECK(strstr(text,
		    "\nTZID:UTC+05:30\nBEGIN:STANDARD\nDTSTART:20270131T053000\n"
		    "TZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nTZNAME:+0530\n") != NULL,
	    "S25 its rules: %s", text);
	T_CHECK(strstr(text, "DTSTART;TZID=\"UTC+05:30\":20270201T090000\n") != NULL,
	    "S24 its name: %s", text);
	buf_fini(&out);
	zone_free(z);
	arena_free(a);
}

static void
test_uids(void)
{
	const struct str ab_c[] = { STR("ab"), STR("c") };
	const struct str a_bc[] = { STR("a"), STR("bc") };
	char first[ICS_UID_MAX], again[ICS_UID_MAX], other[ICS_UID_MAX];

	ics_uid(ab_c, 2, first);
	ics_uid(ab_c, 2, again);
	ics_uid(a_bc, 2, other);
	T_STR(first, again, "S23 MISSION-19 the same again");
	T_CHECK(strcmp(first, other) != 0, "S23 other parts, another one");
	T_INT(strlen(first), 40, "S23 as long as each");
}

int
main(void)
{
	T_RUN(test_events);
	T_RUN(test_folding);
	T_RUN(test_odd_text);
	T_RUN(test_zones);
	T_RUN(test_fixed_zone);
	T_RUN(test_uids);
	return t_end();
}
