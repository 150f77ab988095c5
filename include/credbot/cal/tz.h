/*
 * tz.h - time zones: what a clock on the wall shows, out of the zone files of the system.
 *
 * Reads TZif files (RFC 8536) as they are when a zone is loaded: the rules change under our
 * feet, several times a year. Instants are seconds since 1970 in UTC; wall time is counted
 * the same way, as if the wall were in UTC. A zone is only read once it is loaded; for all
 * threads.
 *
 * Source: reference A5. libical 3.0.16 reads times in gaps and overlaps of clock changes
 * otherwise than RFC 5545 (section 3.3.5) says, and takes its rules from a folder that is
 * fixed when it is built.
 */
#ifndef CREDBOT_CAL_TZ_H
#define CREDBOT_CAL_TZ_H

#include <stdbool.h>
#include <stdint.h>

#include "credbot/base/err.h"
#include "credbot/base/rc.h"

#define TZ_DIR "/usr/share/zoneinfo"
#define TZ_ABBREV_MAX 16

struct tz;

/*
 * The zone called name ("Europe/Berlin") out of dir, NULL for TZ_DIR. RC_NOTFOUND: there is
 * no such zone, or that is no name of one (no file outside of dir is ever read); RC_INVALID:
 * its file is damaged; RC_IO. *out is NULL then.
 */
enum rc tz_load(struct tz **out, const char *dir, const char *name, struct err *err);
void tz_free(struct tz *z); /* NULL is fine */

const char *tz_name(const struct tz *z);

struct tz_local {
	int32_t offset; /* seconds east of UTC */
	bool dst;
	char abbrev[TZ_ABBREV_MAX];
};

/* What holds at an instant. */
void tz_at(const struct tz *z, int64_t utc, struct tz_local *out);

/* The first instant after utc at which offset, name or daylight saving change. False: none
 * is known. */
bool tz_next_change(const struct tz *z, int64_t utc, int64_t *at);

enum tz_fit {
	TZ_ONCE,
	TZ_GAP, /* never: *utc is reckoned with the offset before the gap (RFC 5545, 3.3.5) */
	TZ_TWICE /* *utc is the first time, *other the second */
};

/* When a clock on the wall shows local. In a gap *other is the instant of the change, else,
 * unless there are two, the same as *utc. other may be NULL. */
enum tz_fit tz_instant(const struct tz *z, int64_t local, int64_t *utc, int64_t *other);

/* --- the rule for years that come, for those who must write it down */

/* A change on a weekday of a month: "the last Sunday of March at 2:00". */
struct tz_change {
	int month;   /* 1 to 12 */
	int week;    /* 1 to 4, or 5 for the last */
	int weekday; /* 0 is Sunday */
	int32_t
	    seconds; /* of wall time before the change; may be negative or above a day */
	int32_t before, after; /* offsets */
	bool to_dst;
	char abbrev[TZ_ABBREV_MAX]; /* after it */
};

/* The two changes of each year; false: there are none, or they go by no such rule. */
bool tz_rule(const struct tz *z, struct tz_change out[2]);

/* The instant of such a change in a year. */
int64_t tz_change_in(const struct tz_change *c, int year);

#endif
