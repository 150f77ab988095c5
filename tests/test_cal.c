/*
 * test_cal.c - time zones, and calendar files.
 *
 * Checks bear the ids of reference/scheduling-catalog.md, A3 (S1 to S8, S24, S25), and
 * MISSION-19, the week plan as a calendar file. Instants were reckoned with tzdata 2026f;
 * zones whose rules changed between 2025b and that are left out.
 */
#include <stdlib.h>
#include <unistd.h>

#include "credbot/base/arena.h"
#include "credbot/base/clock.h"
#include "credbot/base/file.h"
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

static struct tz *
zone(const char *name)
{
	struct tz *z = NULL;
	struct err err = { "" };

	T_CHECK(tz_load(&z, NULL, name, &err) == RC_OK, "%s: %s", name, err.text);
	return z;
}

/* --- zones */

static const struct {
	const char *id, *zone, *local;
	enum tz_fit fit;
	const char *utc, *other; /* NULL: as utc */
} rows[] = {
	{ "S1", "Europe/Berlin", "2026-10-23T09:00", TZ_ONCE, "2026-10-23T07:00Z",
	    NULL },
	{ "S1", "Europe/Berlin", "2026-10-26T09:00", TZ_ONCE, "2026-10-26T08:00Z",
	    NULL },
	{ "S2", "Europe/Berlin", "2026-10-25T00:00", TZ_ONCE, "2026-10-24T22:00Z",
	    NULL },
	{ "S2", "Europe/Berlin", "2026-10-26T00:00", TZ_ONCE, "2026-10-25T23:00Z",
	    NULL },
	{ "S3", "America/New_York", "2026-10-26T09:00", TZ_ONCE, "2026-10-26T13:00Z",
	    NULL },
	{ "S3", "America/New_York", "2026-11-02T09:00", TZ_ONCE, "2026-11-02T14:00Z",
	    NULL },
	{ "S3", "America/New_York", "2027-03-15T09:00", TZ_ONCE, "2027-03-15T13:00Z",
	    NULL },
	{ "S4", "Europe/Berlin", "2027-03-28T02:30", TZ_GAP, "2027-03-28T01:30Z",
	    "2027-03-28T01:00Z" },
	{ "S4", "Europe/Berlin", "2027-03-28T03:00", TZ_ONCE, "2027-03-28T01:00Z",
	    NULL },
	{ "S5", "Europe/Berlin", "2026-10-25T02:30", TZ_TWICE, "2026-10-25T00:30Z",
	    "2026-10-25T01:30Z" },
	{ "S6", "America/Santiago", "2026-09-06T00:00", TZ_GAP, "2026-09-06T04:00Z",
	    "2026-09-06T04:00Z" },
	{ "S6", "Africa/Cairo", "2027-04-30T00:00", TZ_GAP, "2027-04-29T22:00Z",
	    "2027-04-29T22:00Z" },
	{ "S6", "Asia/Beirut", "2027-03-28T01:00", TZ_ONCE, "2027-03-27T22:00Z", NULL },
	{ "S7", "Asia/Kathmandu", "2026-10-25T09:00", TZ_ONCE, "2026-10-25T03:15Z",
	    NULL },
	{ "S7", "Australia/Lord_Howe", "2026-10-04T00:00", TZ_ONCE, "2026-10-03T13:30Z",
	    NULL },
	{ "S7", "Australia/Lord_Howe", "2026-10-05T00:00", TZ_ONCE, "2026-10-04T13:00Z",
	    NULL },
	{ "S8", "Europe/Dublin", "2026-07-01T12:00", TZ_ONCE, "2026-07-01T11:00Z",
	    NULL },
	{ "S8", "Europe/Dublin", "2026-12-01T12:00", TZ_ONCE, "2026-12-01T12:00Z",
	    NULL },
	/* A day that was left out, and years beyond every list. */
	{ "S6", "Pacific/Apia", "2011-12-30T12:00", TZ_GAP, "2011-12-30T22:00Z",
	    "2011-12-30T10:00Z" },
	{ "S2", "Europe/Berlin", "2199-07-01T12:00", TZ_ONCE, "2199-07-01T10:00Z",
	    NULL },
	{ "S2", "Pacific/Auckland", "2199-01-01T12:00", TZ_ONCE, "2198-12-31T23:00Z",
	    NULL },
	{ "S2", "UTC", "2026-01-01T12:00", TZ_ONCE, "2026-01-01T12:00Z", NULL },
};

static void
test_instants(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct tz *z = zone(rows[i].zone);
		int64_t utc, other;
		enum tz_fit fit;

		if (z == NULL)
			continue;
		fit = tz_instant(z, at(rows[i].local), &utc, &other);
		T_INT(fit, rows[i].fit, "%s row %zu", rows[i].id, i);
		T_INT(utc, at(rows[i].utc), "%s row %zu", rows[i].id, i);
		T_INT(other, at(rows[i].other == NULL ? rows[i].utc : rows[i].other),
		    "%s row %zu, other", rows[i].id, i);
		tz_free(z);
	}
}

/* Each instant is one of those that its own wall time has. */
static void
test_there_and_back(void)
{
	static const char *const names[] = { "Europe/Berlin", "America/New_York",
		"America/Santiago", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Apia",
		"Australia/Lord_Howe", "Europe/Dublin", "Pacific/Chatham", "Etc/GMT+12",
		"Pacific/Kiritimati" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct tz *z = zone(names[i]);

		for (int64_t utc = at("2010-01-01");
		     z != NULL && utc < at("2045-01-01"); utc += 3 * 3600 + 900) {
			struct tz_local l;
			int64_t first, second;

			tz_at(z, utc, &l);
			if (tz_instant(z, utc + l.offset, &first, &second) == TZ_GAP ||
			    (first != utc && second != utc)) {
				T_CHECK(false, "S2 %s at %lld", names[i],
				    (long long)utc);
				break;
			}
		}
		tz_free(z);
		T_CHECK(z != NULL, "%s", names[i]);
	}
}

static void
test_changes(void)
{
	struct tz *z = zone("Europe/Berlin"), *none = zone("Asia/Kolkata");
	struct tz_change rule[2];
	int64_t next;

	if (z == NULL || none == NULL)
		return;
	T_CHECK(tz_next_change(z, at("2026-07-01"), &next), "there is one");
	T_INT(next, at("2026-10-25T01:00Z"), "S2 the next change");
	T_CHECK(tz_next_change(z, next, &next), "and another");
	T_INT(next, at("2027-03-28T01:00Z"), "S2 not the same again");
	T_CHECK(tz_next_change(z, at("2150-07-01"), &next), "long after the list");
	T_INT(next, at("2150-10-25T01:00Z"), "S2 by the rule");
	T_CHECK(!tz_next_change(none, at("2026-07-01"), &next), "S25 none in Kolkata");
	T_CHECK(!tz_rule(none, rule), "S25 and no rule");
	T_CHECK(tz_rule(z, rule), "S25 a rule");
	T_INT(rule[0].month * 100 + rule[0].week * 10 + rule[0].weekday, 350,
	    "S25 the last Sunday of March");
	T_STR(rule[1].abbrev, "CET", "S25 and what is then");
	tz_free(z);
	tz_free(none);
}

static enum rc
load_bytes(const char *dir, struct str bytes)
{
	char path[64];
	struct tz *z;
	struct err err = { "" };
	enum rc rc;

	(void)snprintf(path, sizeof(path), "%s/Odd", dir);
	T_CHECK(file_write_atomic(path, bytes, &err) == RC_OK, "%s", err.text);
	rc = tz_load(&z, dir, "Odd", &err);
	T_CHECK((rc == RC_OK) == (z != NULL), "an object or an error");
	if (z != NULL) {
		struct tz_local l;
		int64_t next;

		tz_at(z, 0, &l);
		(void)tz_instant(z, INT32_MAX, &next, NULL);
		(void)tz_next_change(z, 0, &next);
	}
	tz_free(z);
	(void)unlink(path);
	return rc;
}

/* SEC: zone files come from the system; a broken one must not end the program. */
static void
test_broken_files(void)
{
	static const char *const names[] = { "", "/etc/passwd", "../../etc/passwd",
		"Europe/../../etc/passwd", "No/Such", "Europe/", "Europe" };
	char dir[] = "/tmp/credbot-test-cal-XXXXXX";
	struct buf good = { 0 };
	struct err err = { "" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct tz *z;

		T_CHECK(tz_load(&z, NULL, names[i], &err) != RC_OK && z == NULL,
		    "SEC \"%s\" is no zone", names[i]);
	}
	if (!T_CHECK(mkdtemp(dir) != NULL, "a folder") ||
	    !T_CHECK(file_read(TZ_DIR "/Europe/Berlin", 1 << 20, &good, &err) == RC_OK,
		"%s", err.text))
		return;
	T_INT(load_bytes(dir, buf_str(&good)), RC_OK, "as it is");
	for (size_t n = 0; n < good.len; n += 1 + n / 16)
		T_INT(load_bytes(dir, str_n(good.data, n)), RC_INVALID,
		    "SEC cut after %zu", n);
	for (size_t n = 0; n < good.len; n += 3) {
		char was = good.data[n];

		good.data[n] = (char)(was ^ 0xFF);
		(void)load_bytes(dir, buf_str(&good));
		good.data[n] = was;
	}
	buf_fini(&good);
	(void)rmdir(dir);
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
	struct tz *berlin = zone("Europe/Berlin");
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
	tz_free(berlin);
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
	struct tz *z = zone(name);
	struct buf out = { 0 };
	struct ics w = { .out = &out };
	const char *text;

	if (z == NULL)
		return "";
	ics_zone(&w, z, at(from), at(to));
	text = unfold(a, buf_str(&out));
	buf_fini(&out);
	tz_free(z);
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
	T_RUN(test_instants);
	T_RUN(test_there_and_back);
	T_RUN(test_changes);
	T_RUN(test_broken_files);
	T_RUN(test_events);
	T_RUN(test_folding);
	T_RUN(test_odd_text);
	T_RUN(test_zones);
	T_RUN(test_uids);
	return t_end();
}
