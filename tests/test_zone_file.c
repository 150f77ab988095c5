/*
 * test_zone_file.c - zone files (RFC 9636) that are damaged, or odd.
 *
 * SEC: they come from the system; a broken one must not end the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "credbot/base/buf.h"
#include "credbot/base/clock.h"
#include "credbot/base/file.h"
#include "credbot/base/zone.h"
#include "t.h"

static int64_t
at_s(const char *iso)
{
	int64_t ms = 0;

	T_INT(clock_parse(str_of(iso), &ms), RC_OK, "%s", iso);
	return ms / 1000;
}

/* Loads it, and asks all that can be asked of it. */
static enum rc
load_bytes(const char *dir, struct str bytes)
{
	char path[64];
	struct zone *z;
	struct err err = { "" };
	enum rc rc;

	(void)snprintf(path, sizeof(path), "%s/Odd", dir);
	T_CHECK(file_write_atomic(path, bytes, &err) == RC_OK, "%s", err.text);
	rc = zone_load(&z, dir, STR("Odd"), &err);
	T_CHECK((rc == RC_OK) == (z != NULL), "an object or an error");
	if (z != NULL) {
		struct zone_local l;
		struct zone_change rule[2];
		int64_t next;

		zone_at(z, 0, &l);
		T_INT(zone_offset_s(z, 0), l.offset_s, "it is read");
		(void)zone_minute(z, 0);
		(void)zone_instant(z, INT32_MAX, &next, NULL);
		(void)zone_next_change(z, 0, &next);
		(void)zone_yearly(z, rule);
	}
	zone_free(z);
	(void)unlink(path);
	return rc;
}

static void
test_no_files(void)
{
	static const char *const names[] = { "", "/etc/passwd", "../../etc/passwd",
		"Europe/../../etc/passwd", "No/Such", "Europe/", "Europe" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct zone *z;
		struct err err = { "" };

		T_CHECK(zone_load(&z, ZONE_DIR, str_of(names[i]), &err) != RC_OK &&
			    z == NULL,
		    "SEC \"%s\" is no zone", names[i]);
		T_CHECK(err.text[0] != '\0', "and why: \"%s\"", names[i]);
	}
}

static void
load_flipped(const char *dir, struct buf *whole, size_t n, int bits)
{
	char was = whole->data[n];

	whole->data[n] = (char)(was ^ bits);
	(void)load_bytes(dir, buf_str(whole));
	whole->data[n] = was;
}

/* A file that ends early, or holds something else, is told from one that is whole. */
static void
test_damaged(void)
{
	char dir[] = "/tmp/credbot-test-zone-XXXXXX";
	struct buf whole = { 0 };
	struct err err = { "" };

	if (!T_CHECK(mkdtemp(dir) != NULL, "a folder") ||
	    !T_CHECK(file_read(ZONE_DIR "/Europe/Berlin", 1 << 20, &whole, &err) ==
			 RC_OK,
		"%s", err.text))
		return;
	T_INT(load_bytes(dir, buf_str(&whole)), RC_OK, "as it is");
	for (size_t n = 0; n < whole.len; n++)
		T_INT(load_bytes(dir, str_n(whole.data, n)), RC_INVALID,
		    "SEC the first %zu bytes", n);
	for (size_t n = 0; n < 64; n++)
		load_flipped(dir, &whole, n, 0x80);
	for (size_t n = 0; n < whole.len; n += 3)
		load_flipped(dir, &whole, n, 0xFF);
	buf_fini(&whole);
	(void)rmdir(dir);
}

/* A file of one kind of time and a rule. type: four bytes of offset, whether it is daylight
 * saving time, where its letters begin; listed: the instant of one change, or nothing. */
static enum rc
load_made(struct zone **out, struct str type, struct str listed, const char *rule)
{
	static const char head[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
	char dir[] = "/tmp/credbot-test-zone-XXXXXX", path[64];
	struct buf b = { 0 };
	struct err err = { "" };
	enum rc rc;

	*out = NULL;
	if (!T_CHECK(mkdtemp(dir) != NULL, "a folder"))
		return RC_IO;
	buf_addstr(&b, str_n(head, sizeof(head)));
	buf_addstr(&b, str_n(head, sizeof(head)));
	b.data[2 * sizeof(head) - 9] = listed.len > 0;
	b.data[2 * sizeof(head) - 5] = 1; /* type */
	b.data[2 * sizeof(head) - 1] = 4; /* letters */
	buf_addstr(&b, listed);
	if (listed.len > 0)
		buf_addc(&b, '\0');
	buf_addstr(&b, type);
	buf_addstr(&b, STR("LMT\0\n"));
	buf_printf(&b, "%s\n", rule);
	(void)snprintf(path, sizeof(path), "%s/Made", dir);
	T_INT(file_write_atomic(path, buf_str(&b), &err), RC_OK, "%s", err.text);
	rc = zone_load(out, dir, STR("Made"), &err);
	T_CHECK(rc == RC_OK || strstr(err.text, "this is no time zone") != NULL, "%s",
	    err.text);
	(void)unlink(path);
	(void)rmdir(dir);
	buf_fini(&b);
	return rc;
}

static void
test_made_files(void)
{
	static const struct {
		struct str type;
		const char *rule;
		enum rc rc;
	} rows[] = {
		{ STR("\0\0\x0e\x10\0\0"), "", RC_OK },
		{ STR("\0\0\x0e\x10\0\3"), "", RC_OK },
		{ STR("\0\0\x0e\x10\0\4"), "", RC_INVALID }, /* behind all letters */
		{ STR("\0\1\x6d\xa0\0\0"), "", RC_INVALID }, /* 26 hours */
		{ STR("\xff\xfe\x92\x60\0\0"), "", RC_INVALID },
		{ STR("\0\0\x0e\x10\0\0"), "CET-1CEST,M3.5.0,M10.5.0/3", RC_OK },
		{ STR("\0\0\x0e\x10\0\0"), "CET-1CEST,M3.5.0,M10.5", RC_INVALID },
	};
	struct zone *z;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		T_INT(load_made(&z, rows[i].type, STR(""), rows[i].rule), rows[i].rc,
		    "SEC row %zu", i);
		zone_free(z);
	}
}

/* RFC 9636, 3.3: summer time all year is two changes at one instant, which change nothing. */
static void
test_always_summer(void)
{
	struct zone *z;
	struct zone_local l;
	struct zone_change rule[2];
	int64_t next;

	T_INT(load_made(&z, STR("\0\0\0\0\0\0"), STR(""), "EST5EDT,0/0,J365/25"), RC_OK,
	    "S25 it is one");
	if (z == NULL)
		return;
	zone_at(z, at_s("2030-12-31T23:00Z"), &l);
	T_STR(l.abbrev, "EDT", "S25 in winter, too");
	T_CHECK(l.dst && l.offset_s == -4 * 3600, "S25 four hours behind");
	T_CHECK(!zone_next_change(z, at_s("2027-07-01"), &next), "S25 it never ends");
	T_CHECK(!zone_yearly(z, rule), "S25 no weekdays");
	zone_free(z);
}

/* SEC: instants that no calendar has, as damaged files list them. */
static void
test_far_instants(void)
{
	static const struct str listed[] = { STR("\x80\0\0\0\0\0\0\0"),
		STR("\xf8\0\0\0\0\0\0\0"), STR("\x7f\xff\xff\xff\xff\xff\xff\xff") };

	for (size_t i = 0; i < ARRAY_LEN(listed); i++) {
		struct zone *z;
		struct zone_local l;
		int64_t at = at_s("2027-01-01"), first = at, n = 0;

		T_INT(load_made(&z, STR("\0\0\0\0\0\0"), listed[i],
			  "CET-1CEST,M3.5.0,M10.5.0/3"),
		    RC_OK, "SEC file %zu", i);
		if (z == NULL)
			continue;
		zone_at(z, INT64_MIN, &l);
		zone_at(z, INT64_MAX, &l);
		T_CHECK(l.abbrev[0] == 'C', "SEC the rule holds at the end");
		T_CHECK(!zone_next_change(z, INT64_MAX, &at), "SEC nothing after it");
		for (at = first; n < 100 && zone_next_change(z, at, &at); n++)
			T_CHECK(at > first, "SEC always later");
		zone_free(z);
	}
}

int
main(void)
{
	T_RUN(test_no_files);
	T_RUN(test_damaged);
	T_RUN(test_made_files);
	T_RUN(test_always_summer);
	T_RUN(test_far_instants);
	return t_end();
}
