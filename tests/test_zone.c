/*
 * test_zone.c - what clocks show, by the zone files of this machine.
 */
#include <stdlib.h>
#include <unistd.h>

#include "bot/base/zone_priv.h"
#include "credbot/base/buf.h"
#include "credbot/base/clock.h"
#include "credbot/base/file.h"
#include "t.h"

static int64_t
at(const char *iso)
{
	int64_t ms = 0;

	T_INT(clock_parse(str_of(iso), &ms), RC_OK, "%s", iso);
	return ms;
}

/* What the clocks of zones show: on both sides of changes, and long after the last change that
 * is listed in a file. */
static void
test_offsets(void)
{
	static const struct {
		const char *zone, *at;
		int minutes;
	} rows[] = {
		{ "UTC", "2026-10-25T01:00Z", 0 },
		{ "UTC+05:30", "2026-10-25T01:00Z", 330 },
		{ "UTC-03:00", "2026-10-25T01:00Z", -180 },
		{ "Europe/Berlin", "2026-10-25T00:59:59Z", 120 },
		{ "Europe/Berlin", "2026-10-25T01:00Z", 60 },
		{ "Europe/Berlin", "2027-03-28T00:59:59Z", 60 },
		{ "Europe/Berlin", "2027-03-28T01:00Z", 120 },
		{ "Europe/Berlin", "2060-07-01T12:00Z", 120 },
		{ "Europe/Berlin", "2060-12-01T12:00Z", 60 },
		{ "Europe/Dublin", "2026-12-01T12:00Z", 0 },
		{ "Europe/Dublin", "2027-07-01T12:00Z", 60 },
		{ "America/New_York", "2026-11-01T05:59:59Z", -240 },
		{ "America/New_York", "2026-11-01T06:00Z", -300 },
		{ "Australia/Sydney", "2027-04-03T15:59:59Z", 660 },
		{ "Australia/Sydney", "2027-04-03T16:00Z", 600 },
		{ "Australia/Sydney", "2055-01-01T00:00Z", 660 },
		{ "Australia/Lord_Howe", "2026-10-03T15:29:59Z", 630 },
		{ "Australia/Lord_Howe", "2026-10-03T15:30Z", 660 },
		{ "Asia/Kolkata", "2026-07-01T00:00Z", 330 },
		{ "Asia/Kathmandu", "2026-07-01T00:00Z", 345 },
		{ "America/Santiago", "2026-09-06T04:00Z", -180 },
		{ "Africa/Nairobi", "1969-12-31T23:59:59Z", 180 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zone *z;
		struct err err = { "" };

		T_INT(zone_load(&z, ZONE_DIR, str_of(rows[i].zone), &err), RC_OK,
		    "%s: %s", rows[i].zone, err.text);
		if (z != NULL)
			T_INT(zone_offset_s(z, at(rows[i].at)), rows[i].minutes * 60,
			    "%s at %s", rows[i].zone, rows[i].at);
		zone_free(z);
	}
}

static void
test_minute(void)
{
	static const struct {
		const char *zone, *at;
		int minute;
	} rows[] = {
		{ "Europe/Berlin", "2026-10-25T00:30Z", 150 },
		{ "Europe/Berlin", "2026-10-25T01:30Z", 150 },
		{ "Europe/Berlin", "2026-10-24T22:00Z", 0 },
		{ "America/New_York", "2026-01-01T04:59:59Z", 1439 },
		{ "America/New_York", "1969-12-31T23:59:59Z", 1139 },
		{ "Asia/Kathmandu", "2026-01-01T03:15Z", 540 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zone *z;
		struct err err = { "" };

		T_INT(zone_load(&z, ZONE_DIR, str_of(rows[i].zone), &err), RC_OK,
		    "%s: %s", rows[i].zone, err.text);
		T_INT(zone_minute(z, at(rows[i].at)), rows[i].minute, "%s at %s",
		    rows[i].zone, rows[i].at);
		zone_free(z);
	}
}

static void
test_rules(void)
{
	static const struct {
		const char *rule, *at;
		int minutes; /* -1: it is no rule */
	} rows[] = {
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2027-03-28T01:00Z", 120 },
		{ "<-03>3", "2027-03-28T01:00Z", -180 },
		{ "EST5EDT4,J60,J300", "2028-02-29T23:00Z", -300 },
		{ "EST5EDT4,J60,J300", "2028-03-01T07:00Z", -240 },
		{ "EST5EDT,59,300", "2028-02-29T07:00Z", -240 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2027-03-28T00:59:59Z", -120 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2027-03-28T01:00Z", -60 },
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2027-12-01T00:00Z", 0 },
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2027-07-01T00:00Z", 60 },
		{ "", "2027-01-01", -1 },
		{ "CET", "2027-01-01", -1 },
		{ "C-1", "2027-01-01", -1 },
		{ "CET-1CEST", "2027-01-01", -1 },
		{ "CET-1CEST,M3.5.0", "2027-01-01", -1 },
		{ "CET-1CEST,M13.5.0,M10.5.0", "2027-01-01", -1 },
		{ "CET-1CEST,M0.5.0,M10.5.0", "2027-01-01", -1 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3x", "2027-01-01", -1 },
		{ "CET-999", "2027-01-01", -1 },
		{ "<CET-1", "2027-01-01", -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zone_rule r;
		enum rc rc = zone_rule_read(str_of(rows[i].rule), &r);

		T_INT(rc, rows[i].minutes == -1 ? RC_INVALID : RC_OK, "%s",
		    rows[i].rule);
		if (rc == RC_OK)
			T_INT(zone_rule_offset_s(&r, at(rows[i].at) / 1000),
			    rows[i].minutes * 60, "%s at %s", rows[i].rule, rows[i].at);
	}
}

static void
test_names(void)
{
	static const char *const rows[] = { "", "/etc/passwd", "../../../etc/passwd",
		"Europe/../../../../etc/passwd", "Europe/Atlantis", "Europe Berlin",
		"UTC+25", "UTC+", "+", "UTC+1:60" };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zone *z;
		struct err err = { "" };

		T_INT(zone_load(&z, ZONE_DIR, str_of(rows[i]), &err), RC_NOTFOUND, "%s",
		    rows[i]);
		T_CHECK(z == NULL && err.text[0] != '\0', "and why: %s", rows[i]);
	}
}

/* A file that ends early, or holds something else, is told from one that is whole. */
static void
test_damaged(void)
{
	static const char path[] = "/tmp/credbot-test-zone";
	struct buf whole = { 0 };
	struct err err = { "" };
	struct zone *z;

	T_INT(file_read(ZONE_DIR "/Europe/Berlin", 65536, &whole, &err), RC_OK, "%s",
	    err.text);
	for (size_t n = 0; n < whole.len; n++) {
		T_INT(file_write_atomic(path, str_n(whole.data, n), &err), RC_OK, "%s",
		    err.text);
		T_INT(zone_load(&z, "/tmp", STR("credbot-test-zone"), &err), RC_INVALID,
		    "the first %zu bytes", n);
		zone_free(z);
	}
	for (size_t n = 0; n < 64; n++) {
		struct buf b = { 0 };

		buf_addstr(&b, buf_str(&whole));
		b.data[n] = (char)(b.data[n] ^ 0x80);
		T_INT(file_write_atomic(path, buf_str(&b), &err), RC_OK, "written");
		(void)zone_load(&z, "/tmp", STR("credbot-test-zone"), &err);
		if (z != NULL)
			T_CHECK(zone_offset_s(z, 0) != INT64_MAX, "it is read");
		zone_free(z);
		buf_fini(&b);
	}
	buf_fini(&whole);
	(void)unlink(path);
}

static void
test_find(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "Nairobi", "Africa/Nairobi" },
		{ "I am in new york", "America/New_York" },
		{ "Europe/Paris", "Europe/Paris" },
		{ "S\xc3\xa3o Paulo", "America/Sao_Paulo" },
		{ "st. john's", "America/St_Johns" },
		{ "Ho Chi Minh City", "Asia/Ho_Chi_Minh" },
		{ "mexico city, mexico", "America/Mexico_City" },
		{ "Kenya", "Africa/Nairobi" },
		{ "germany", "Europe/Berlin" },
		{ "the UK", "Europe/London" },
		{ "Korea", "Asia/Seoul" },
		{ "south korea", "Asia/Seoul" },
		{ "Berlin time", "Europe/Berlin" },
		{ "central european time", "Europe/Brussels" },
		{ "EST", "America/New_York" },
		{ "UTC", "UTC" },
		{ "UTC+2", "UTC+02:00" },
		{ "utc +2, like Cairo", "UTC+02:00" },
		{ "i live at gmt -03:30 i think", "UTC-03:30" },
		{ "+0530", "UTC+05:30" },
		{ "United States", "" }, /* several */
		{ "the same as yours", "" },
		{ "best time is the evening", "" },
		{ "42", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char name[ZONE_NAME_SIZE];
		enum rc rc = zone_find(ZONE_DIR, str_of(rows[i].text),
		    at("2026-11-25T00:00Z"), name);

		T_STR(name, rows[i].want, "\"%s\"", rows[i].text);
		T_INT(rc, rows[i].want[0] == '\0' ? RC_NOTFOUND : RC_OK, "\"%s\"",
		    rows[i].text);
	}
	T_INT(zone_find("/nonexistent", STR("Kenya"), 0, (char[ZONE_NAME_SIZE]){ "" }),
	    RC_NOTFOUND, "no such folder");
}

int
main(void)
{
	T_RUN(test_offsets);
	T_RUN(test_minute);
	T_RUN(test_rules);
	T_RUN(test_names);
	T_RUN(test_damaged);
	T_RUN(test_find);
	return t_end();
}
