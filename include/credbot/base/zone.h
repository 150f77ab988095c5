/*
 * zone.h - what clocks show somewhere: time zones by name, from the system's zoneinfo.
 *
 * Names are those of the IANA database ("Europe/Berlin"), and "UTC+05:30" for a fixed distance
 * from UTC. The files (TZif, RFC 9636) are read when a zone is loaded, so that the rules of an
 * updated system hold for what is loaded next. A zone is only read from then on; any thread.
 *
 * Instants are counted since 1970 in UTC: at_ms in milliseconds, as clock.h has them, at_s in
 * seconds, as calendars and zone files have them. local_s counts seconds as if the clock on the
 * wall were in UTC. Any year that fits into an int.
 *
 * Source: reference A5. libical 3.0.16 reads times in gaps and overlaps of clock changes
 * otherwise than RFC 5545 (section 3.3.5) says, and takes its rules from a folder that is
 * fixed when it is built.
 */
#ifndef CREDBOT_BASE_ZONE_H
#define CREDBOT_BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"

#define ZONE_DIR "/usr/share/zoneinfo"
/* With its NUL: the longest has 32 letters. */
#define ZONE_NAME_SIZE 64
/* With its NUL: the longest of today has 5 letters; longer ones are cut. */
#define ZONE_ABBREV_SIZE 16

struct zone;

/*
 * dir: ZONE_DIR, or what a test has made; no file outside of it is read. "local" is the zone of
 * this machine. RC_NOTFOUND: no zone is called so; RC_INVALID: its file is damaged; RC_IO: it
 * cannot be read. *out is NULL then.
 */
enum rc zone_load(struct zone **out, const char *dir, struct str name, struct err *err);
void zone_free(struct zone *z); /* NULL is fine */

/* As it was asked for; fixed distances in one way, "UTC" or "UTC+05:30". Lives with z. */
const char *zone_name(const struct zone *z);

/*
 * The zone that a person means: "Nairobi", "I am in new york", "Europe/Paris", "Kenya",
 * "UTC+2", "gmt -03:30", "EST". Writes its name to out. A country counts if all its clocks show
 * the same at at_ms. The longest name in the text wins. RC_NOTFOUND: none is known there.
 */
enum rc zone_find(const char *dir, struct str text, int64_t at_ms,
    char out[ZONE_NAME_SIZE]);

/* The zone that a person said, in whatever words: the name of one, or what zone_find() reads.
 * RC_NOTFOUND: that is not understood; else as zone_load(). */
enum rc zone_load_said(struct zone **out, const char *dir, struct str said,
    int64_t at_ms);

/* --- what clocks show */

/* How far clocks are ahead of UTC at that time. */
int64_t zone_offset_s(const struct zone *z, int64_t at_ms);

/* What they show then: minutes after midnight, 0 to 1439. */
int zone_minute(const struct zone *z, int64_t at_ms);

struct zone_local {
	int32_t offset_s;              /* ahead of UTC */
	bool dst;                      /* daylight saving time */
	char abbrev[ZONE_ABBREV_SIZE]; /* "CEST", "+0530" */
};

/* All that holds at an instant. */
void zone_at(const struct zone *z, int64_t at_s, struct zone_local *out);

/* The first instant after at_s at which any of that changes. False: none is known. */
bool zone_next_change(const struct zone *z, int64_t at_s, int64_t *next_s);

enum zone_fit {
	ZONE_ONCE,
	ZONE_GAP, /* never: *at_s is reckoned with the offset before (RFC 5545, 3.3.5) */
	ZONE_TWICE /* *at_s is the first time, *other_s the second */
};

/* When a clock on the wall shows local_s. In a gap *other_s is the instant of the change, else,
 * unless there are two, the same as *at_s. other_s may be NULL. */
enum zone_fit zone_instant(const struct zone *z, int64_t local_s, int64_t *at_s,
    int64_t *other_s);

/* --- the rule for years that come, for those who must write it down */

/* A change on a weekday of a month: "the last Sunday of March at 2:00". */
struct zone_change {
	int month;       /* 1 to 12 */
	int week;        /* 1 to 4, or 5 for the last */
	int weekday;     /* 0 is Sunday */
	int32_t seconds; /* of that day, by the clock before the change; may be
	                            negative or above a day */
	int32_t before_s, after_s; /* offsets */
	bool to_dst;
	char abbrev[ZONE_ABBREV_SIZE]; /* after it */
};

/* The two changes of each year: to daylight saving time, and back. False: there are none, or
 * they go by no such rule. */
bool zone_yearly(const struct zone *z, struct zone_change out[2]);

/* The instant of such a change in a year. */
int64_t zone_change_in(const struct zone_change *c, int year);

#endif
