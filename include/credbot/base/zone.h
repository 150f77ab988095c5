/*
 * zone.h - what clocks show somewhere: time zones by name, from the system's zoneinfo.
 *
 * Names are those of the IANA database ("Europe/Berlin"), and "UTC+05:30" for a fixed distance
 * from UTC. The files are read when a zone is loaded, so that the rules of an updated system
 * hold for what is loaded next. Times are milliseconds since 1970 in UTC; any thread.
 */
#ifndef CREDBOT_BASE_ZONE_H
#define CREDBOT_BASE_ZONE_H

#include <stdint.h>

#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"

#define ZONE_DIR "/usr/share/zoneinfo"
/* With its NUL: the longest has 32 letters. */
#define ZONE_NAME_SIZE 64

struct zone;

/*
 * dir: ZONE_DIR, or what a test has made. "local" is the zone of this machine. RC_NOTFOUND: no
 * zone is called so; RC_INVALID: its file (RFC 9636) is damaged; RC_IO: it cannot be read.
 */
enum rc zone_load(struct zone **out, const char *dir, struct str name, struct err *err);
void zone_free(struct zone *z); /* NULL is fine */

/* How far clocks are ahead of UTC at that time. */
int64_t zone_offset_s(const struct zone *z, int64_t at_ms);

/* What they show then: minutes after midnight, 0 to 1439. */
int zone_minute(const struct zone *z, int64_t at_ms);

/*
 * The zone that a person means: "Nairobi", "I am in new york", "Europe/Paris", "Kenya",
 * "UTC+2", "gmt -03:30", "EST". Writes its name to out. A country counts if all its clocks show
 * the same at at_ms. The longest name in the text wins. RC_NOTFOUND: none is known there.
 */
enum rc zone_find(const char *dir, struct str text, int64_t at_ms,
    char out[ZONE_NAME_SIZE]);

#endif
