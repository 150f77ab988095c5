/*
 * ics.h - calendar files (iCalendar, RFC 5545), written into a buffer.
 *
 *	struct ics w;
 *
 *	ics_begin(&w, &out, clock_now_ms(clock));
 *	ics_zone(&w, berlin, from, to);         each zone that events use
 *	ics_event(&w, &event);
 *	ics_end(&w);
 *
 * Lines end with CR LF and are folded after at most 75 octets, between characters of UTF-8.
 * Texts are escaped; control characters in them are left out, so that nothing that somebody
 * typed becomes a line of its own. Texts are UTF-8; what is not becomes U+FFFD.
 *
 * A calendar program tells events by their UID: what is exported again replaces what was
 * there if the UID is the same and SEQUENCE or DTSTAMP are not lower (RFC 5546, 2.1.5).
 */
#ifndef CREDBOT_CAL_ICS_H
#define CREDBOT_CAL_ICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/buf.h"
#include "credbot/base/str.h"
#include "credbot/base/zone.h"

#define ICS_LINE_MAX 75 /* octets, without CR LF (RFC 5545, 3.1) */
#define ICS_UID_MAX 64

struct ics {
	struct buf *out;
	char stamp[24]; /* DTSTAMP of all events */
};

/* now_ms: when this file is made. */
void ics_begin(struct ics *w, struct buf *out, int64_t now_ms);
void ics_end(struct ics *w);

/*
 * The rules of a zone for the events from one instant to another (seconds since 1970, UTC):
 * as the two changes of each year where the zone has them and they hold throughout, else
 * change by change. No more than that: old blocks confuse some calendar programs.
 */
void ics_zone(struct ics *w, const struct zone *zone, int64_t from, int64_t to);

struct ics_event {
	const char *uid;
	unsigned sequence; /* raised when time or place change */
	int64_t day;       /* the first, since 1970-01-01 */
	/* A whole day or several: zone is NULL; last is the last of them. */
	int64_t last;
	/* Or from a time of that day, on the clocks of zone, for so many minutes. */
	const struct zone *zone;
	unsigned start_minute, minutes;
	unsigned weeks; /* so many times, a week apart; 0 and 1: once */
	const char *summary;
	const char *description, *location, *url; /* NULL: none */
	bool free;                                /* does not make its time busy */
	bool cancelled;                           /* takes back what was exported */
};

void ics_event(struct ics *w, const struct ics_event *e);

/*
 * A UID that follows from parts alone: the same parts give the same one, in each export and
 * on each machine, and nothing can be read from it.
 */
void ics_uid(const struct str *parts, size_t n, char out[ICS_UID_MAX]);

/* --- for other components: one line, folded. value as it is, or a text that is escaped;
 * name may have parameters: "DTSTART;VALUE=DATE". */
void ics_line(struct ics *w, const char *name, struct str value);
void ics_text(struct ics *w, const char *name, struct str text);

#endif
