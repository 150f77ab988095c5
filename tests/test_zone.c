/*
 * test_zone.c - what clocks show, by the zone files of this machine.
 *
 * Checks bear the ids of reference/scheduling-catalog.md, A3 (S1 to S8, S25). Instants
 * were reckoned with tzdata 2026f; zones whose rules changed between 2025b and that are left out.
 */
#include "bot/base/zone_priv.h"
#include "credbot/base/clock.h"
#include "t.h"

static int64_t
at(const char *iso)
{
	int64_t ms = 0;

	T_INT(clock_parse(str_of(iso), &ms), RC_OK, "%s", iso);
	return ms;
}

static int64_t
at_s(const char *iso)
{
	return at(iso) / 1000;
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

static int
rule_offset_s(const struct zone_rule *r, const char *iso)
{
	struct zone_local l;

	zone_rule_at(r, at_s(iso), &l);
	return l.offset_s;
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
		{ "CET-25", "2027-01-01", -1 },
		{ "<>-1", "2027-01-01", -1 },
		{ "EST5EDT,0/0,J365/25", "2027-01-01T05:00Z", -240 },
		{ "EST5EDT,0/0,J365/168", "2027-01-01", -1 },
		{ "<CET-1", "2027-01-01", -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zone_rule r;
		enum rc rc = zone_rule_read(str_of(rows[i].rule), &r);

		T_INT(rc, rows[i].minutes == -1 ? RC_INVALID : RC_OK, "%s",
		    rows[i].rule);
		if (rc == RC_OK)
			T_INT(rule_offset_s(&r, rows[i].at), rows[i].minutes * 60,
			    "%s at %s", rows[i].rule, rows[i].at);
	}
}

static void
test_names(void)
{
	static const char *const rows[] = { "", "/etc/passwd", "../../../etc/passwd",
		"Europe/../../../../etc/passwd", "Europe/Atlantis", "Europe Berlin",
		"Europe/", "UTC+25", "UTC+", "+", "UTC+1:60" };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zone *z;
		struct err err = { "" };

		T_INT(zone_load(&z, ZONE_DIR, str_of(rows[i]), &err), RC_NOTFOUND, "%s",
		    rows[i]);
		T_CHECK(z == NULL && err.text[0] != '\0', "and why: %s", rows[i]);
	}
}

/* The name that a zone has, and the letters that its clocks have. */
static void
test_called(void)
{
	static const struct {
		const char *zone, *name, *abbrev;
	} rows[] = {
		{ "Europe/Berlin", "Europe/Berlin", "CET" },
		{ "Asia/Kolkata", "Asia/Kolkata", "IST" },
		{ "America/Sao_Paulo", "America/Sao_Paulo", "-03" },
		{ "UTC", "UTC", "UTC" },
		{ "utc", "UTC", "UTC" },
		{ "gmt +5:30", "UTC+05:30", "+0530" },
		{ "-3", "UTC-03:00", "-03" },
		{ "utc+14", "UTC+14:00", "+14" },
	};
	struct err err = { "" };
	struct zone *z;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zone_local l;

		z = load(rows[i].zone);
		if (z == NULL)
			continue;
		zone_at(z, at_s("2026-12-01"), &l);
		T_STR(zone_name(z), rows[i].name, "%s", rows[i].zone);
		T_STR(l.abbrev, rows[i].abbrev, "%s", rows[i].zone);
		zone_free(z);
	}
	T_INT(zone_load(&z, ZONE_DIR, STR("Europe/Berlin\0x"), &err), RC_NOTFOUND,
	    "SEC a name does not go on behind a NUL");
	zone_free(z);
	if (T_CHECK(zone_load(&z, ZONE_DIR, STR("local"), &err) != RC_INVALID, "%s",
		err.text) &&
	    z != NULL)
		T_STR(zone_name(z), "local", "this machine's");
	zone_free(z);
}

/* --- from clocks on the wall to UTC, and what comes next */

static const struct {
	const char *id, *zone, *local;
	enum zone_fit fit;
	const char *utc, *other; /* NULL: as utc */
} instants[] = {
	{ "S1", "Europe/Berlin", "2026-10-23T09:00", ZONE_ONCE, "2026-10-23T07:00Z",
	    NULL },
	{ "S1", "Europe/Berlin", "2026-10-26T09:00", ZONE_ONCE, "2026-10-26T08:00Z",
	    NULL },
	{ "S2", "Europe/Berlin", "2026-10-25T00:00", ZONE_ONCE, "2026-10-24T22:00Z",
	    NULL },
	{ "S2", "Europe/Berlin", "2026-10-26T00:00", ZONE_ONCE, "2026-10-25T23:00Z",
	    NULL },
	{ "S3", "America/New_York", "2026-10-26T09:00", ZONE_ONCE, "2026-10-26T13:00Z",
	    NULL },
	{ "S3", "America/New_York", "2026-11-02T09:00", ZONE_ONCE, "2026-11-02T14:00Z",
	    NULL },
	{ "S3", "America/New_York", "2027-03-15T09:00", ZONE_ONCE, "2027-03-15T13:00Z",
	    NULL },
	{ "S4", "Europe/Berlin", "2027-03-28T02:30", ZONE_GAP, "2027-03-28T01:30Z",
	    "2027-03-28T01:00Z" },
	{ "S4", "Europe/Berlin", "2027-03-28T03:00", ZONE_ONCE, "2027-03-28T01:00Z",
	    NULL },
	{ "S5", "Europe/Berlin", "2026-10-25T02:30", ZONE_TWICE, "2026-10-25T00:30Z",
	    "2026-10-25T01:30Z" },
	{ "S6", "America/Santiago", "2026-09-06T00:00", ZONE_GAP, "2026-09-06T04:00Z",
	    "2026-09-06T04:00Z" },
	{ "S6", "Africa/Cairo", "2027-04-30T00:00", ZONE_GAP, "2027-04-29T22:00Z",
	    "2027-04-29T22:00Z" },
	{ "S6", "Asia/Beirut", "2027-03-28T01:00", ZONE_ONCE, "2027-03-27T22:00Z",
	    NULL },
	{ "S7", "Asia/Kathmandu", "2026-10-25T09:00", ZONE_ONCE, "2026-10-25T03:15Z",
	    NULL },
	{ "S7", "Australia/Lord_Howe", "2026-10-04T00:00", ZONE_ONCE,
	    "2026-10-03T13:30Z", NULL },
	{ "S7", "Australia/Lord_Howe", "2026-10-05T00:00", ZONE_ONCE,
	    "2026-10-04T13:00Z", NULL },
	{ "S8", "Europe/Dublin", "2026-07-01T12:00", ZONE_ONCE, "2026-07-01T11:00Z",
	    NULL },
	{ "S8", "Europe/Dublin", "2026-12-01T12:00", ZONE_ONCE, "2026-12-01T12:00Z",
	    NULL },
	/* A day that was left out, and years beyond every list. */
	{ "S6", "Pacific/Apia", "2011-12-30T12:00", ZONE_GAP, "2011-12-30T22:00Z",
	    "2011-12-30T10:00Z" },
	{ "S2", "Europe/Berlin", "2199-07-01T12:00", ZONE_ONCE, "2199-07-01T10:00Z",
	    NULL },
	{ "S2", "Pacific/Auckland", "2199-01-01T12:00", ZONE_ONCE, "2198-12-31T23:00Z",
	    NULL },
	{ "S2", "UTC", "2026-01-01T12:00", ZONE_ONCE, "2026-01-01T12:00Z", NULL },
	{ "S2", "UTC+05:30", "2026-01-01T12:00", ZONE_ONCE, "2026-01-01T06:30Z", NULL },
	/* As far from UTC as there are clocks. */
	{ "S2", "Pacific/Kiritimati", "2026-01-01T12:00", ZONE_ONCE,
	    "2025-12-31T22:00Z", NULL },
	{ "S2", "UTC+14", "2026-01-01T12:00", ZONE_ONCE, "2025-12-31T22:00Z", NULL },
	{ "S2", "UTC-14", "2026-01-01T12:00", ZONE_ONCE, "2026-01-02T02:00Z", NULL },
	/* In the south summer ends in April. */
	{ "S5", "Australia/Sydney", "2027-04-04T02:30", ZONE_TWICE, "2027-04-03T15:30Z",
	    "2027-04-03T16:30Z" },
	{ "S4", "Australia/Sydney", "2060-10-03T02:30", ZONE_GAP, "2060-10-02T16:30Z",
	    "2060-10-02T16:00Z" },
};

static void
test_instants(void)
{
	for (size_t i = 0; i < ARRAY_LEN(instants); i++) {
		struct zone *z = load(instants[i].zone);
		int64_t utc, other;
		enum zone_fit fit;

		if (z == NULL)
			continue;
		fit = zone_instant(z, at_s(instants[i].local), &utc, &other);
		T_INT(fit, instants[i].fit, "%s row %zu", instants[i].id, i);
		T_INT(utc, at_s(instants[i].utc), "%s row %zu", instants[i].id, i);
		T_INT(other,
		    at_s(instants[i].other == NULL ? instants[i].utc
						   : instants[i].other),
		    "%s row %zu, other", instants[i].id, i);
		zone_free(z);
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
		struct zone *z = load(names[i]);

		for (int64_t utc = at_s("2010-01-01");
		     z != NULL && utc < at_s("2045-01-01"); utc += 3 * 3600 + 900) {
			struct zone_local l;
			int64_t first, second;

			zone_at(z, utc, &l);
			if (zone_instant(z, utc + l.offset_s, &first, &second) ==
				ZONE_GAP ||
			    (first != utc && second != utc)) {
				T_CHECK(false, "S2 %s at %lld", names[i],
				    (long long)utc);
				break;
			}
		}
		zone_free(z);
		T_CHECK(z != NULL, "%s", names[i]);
	}
}

static void
test_changes(void)
{
	struct zone *z = load("Europe/Berlin"), *none = load("Asia/Kolkata");
	struct zone_change rule[2];
	int64_t next;

	if (z == NULL || none == NULL)
		return;
	T_CHECK(zone_next_change(z, at_s("2026-07-01"), &next), "there is one");
	T_INT(next, at_s("2026-10-25T01:00Z"), "S2 the next change");
	T_CHECK(zone_next_change(z, next, &next), "and another");
	T_INT(next, at_s("2027-03-28T01:00Z"), "S2 not the same again");
	T_CHECK(zone_next_change(z, at_s("2150-07-01"), &next), "long after the list");
	T_INT(next, at_s("2150-10-25T01:00Z"), "S2 by the rule");
	T_CHECK(!zone_next_change(none, at_s("2026-07-01"), &next),
	    "S25 none in Kolkata");
	T_CHECK(!zone_yearly(none, rule), "S25 and no rule");
	T_CHECK(zone_yearly(z, rule), "S25 a rule");
	T_INT(rule[0].month * 100 + rule[0].week * 10 + rule[0].weekday, 350,
	    "S25 the last Sunday of March");
	T_STR(rule[1].abbrev, "CET", "S25 and what is then");
	zone_free(z);
	zone_free(none);
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

static void
test_said(void)
{
	static const struct {
		const char *said, *want;
	} rows[] = {
		{ "Europe/Berlin", "Europe/Berlin" },
		{ "UTC+2", "UTC+02:00" },
		{ "Nairobi", "Africa/Nairobi" },
		{ "i live in Kenya", "Africa/Nairobi" },
		{ "the same as yours", "" },
		{ "", "" },
		{ "../../etc/passwd", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zone *z = NULL;
		enum rc rc = zone_load_said(&z, ZONE_DIR, str_of(rows[i].said),
		    at("2026-11-25T00:00Z"));

		T_STR(z == NULL ? "" : zone_name(z), rows[i].want, "\"%s\"",
		    rows[i].said);
		T_INT(rc, rows[i].want[0] == '\0' ? RC_NOTFOUND : RC_OK, "\"%s\"",
		    rows[i].said);
		zone_free(z);
	}
}

int
main(void)
{
	T_RUN(test_offsets);
	T_RUN(test_minute);
	T_RUN(test_rules);
	T_RUN(test_names);
	T_RUN(test_called);
	T_RUN(test_instants);
	T_RUN(test_there_and_back);
	T_RUN(test_changes);
	T_RUN(test_find);
	T_RUN(test_said);
	return t_end();
}
