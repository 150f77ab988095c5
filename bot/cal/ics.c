/*
 * ics.c - calendar files (iCalendar, RFC 5545).
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "credbot/base/clock.h"
#include "credbot/base/utf8.h"
#include "credbot/cal/ics.h"

#define DAY 86400
#define MINUTES_OF_DAY 1440
#define UID_BYTES 16
#define UID_TAIL "@credbot"

/* --- lines */

/* Where a line that has room for so many octets may end: not within a character. */
static size_t
fold_at(struct str s, size_t room)
{
	size_t n = room;

	if (s.len <= room)
		return s.len;
	while (n > 0 && (s.p[n] & 0xC0) == 0x80)
		n--;
	return n > 0 ? n : room; /* no UTF-8: then anywhere */
}

static void
add_folded(struct buf *out, struct str line)
{
	size_t room = ICS_LINE_MAX;

	for (;;) {
		size_t n = fold_at(line, room);

		buf_add(out, line.p, n);
		buf_adds(out, "\r\n");
		line = str_n(line.p + n, line.len - n);
		if (line.len == 0)
			return;
		buf_addc(out, ' ');
		room = ICS_LINE_MAX - 1;
	}
}

void
ics_line(struct ics *w, const char *name, struct str value)
{
	struct buf line = { 0 };

	buf_printf(&line, "%s:", name);
	buf_addstr(&line, value);
	add_folded(w->out, buf_str(&line));
	buf_fini(&line);
}

static void
escape(struct buf *out, struct str clean)
{
	for (size_t i = 0; i < clean.len; i++) {
		char c = clean.p[i];

		if (c == '\n') {
			buf_adds(out, "\\n");
			continue;
		}
		if (c == '\\' || c == ';' || c == ',')
			buf_addc(out, '\\');
		buf_addc(out, c == '\t' ? ' ' : c);
	}
}

void
ics_text(struct ics *w, const char *name, struct str text)
{
	struct buf clean = { 0 }, value = { 0 };

	utf8_clean(text, &clean);
	escape(&value, buf_str(&clean));
	ics_line(w, name, buf_str(&value));
	buf_fini(&clean);
	buf_fini(&value);
}

__attribute__((format(printf, 3, 4))) static void
add(struct ics *w, const char *name, const char *fmt, ...)
{
	struct buf value = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&value, fmt, ap);
	va_end(ap);
	ics_line(w, name, buf_str(&value));
	buf_fini(&value);
}

/* --- a file */

static void
format_stamp(int64_t ms, char *out, size_t size)
{
	char iso[CLOCK_ISO_MAX];

	clock_format(ms, iso, sizeof(iso));
	(void)snprintf(out, size, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", iso, iso + 5, iso + 8,
	    iso + 11, iso + 14, iso + 17);
}

void
ics_begin(struct ics *w, struct buf *out, int64_t now_ms)
{
	w->out = out;
	format_stamp(now_ms, w->stamp, sizeof(w->stamp));
	add(w, "BEGIN", "VCALENDAR");
	add(w, "VERSION", "2.0");
	add(w, "PRODID", "-//credbot//credbot//EN");
	add(w, "CALSCALE", "GREGORIAN");
}

void
ics_end(struct ics *w)
{
	add(w, "END", "VCALENDAR");
}

/* --- events */

static void
add_date(struct ics *w, const char *name, int64_t day)
{
	int year, month, of_month;
	char param[32];

	clock_date(day, &year, &month, &of_month);
	(void)snprintf(param, sizeof(param), "%s;VALUE=DATE", name);
	add(w, param, "%04d%02d%02d", year, month, of_month);
}

static void
add_time(struct ics *w, const char *name, const struct zone *zone, int64_t day,
    unsigned minute)
{
	int year, month, of_month;
	struct buf param = { 0 };
	/* "UTC+05:30" would end at its colon (RFC 5545, 3.2). */
	const char *quote = strchr(zone_name(zone), ':') == NULL ? "" : "\"";

	clock_date(day + minute / MINUTES_OF_DAY, &year, &month, &of_month);
	minute %= MINUTES_OF_DAY;
	buf_printf(&param, "%s;TZID=%s%s%s", name, quote, zone_name(zone), quote);
	add(w, buf_cstr(&param), "%04d%02d%02dT%02u%02u00", year, month, of_month,
	    minute / 60, minute % 60);
	buf_fini(&param);
}

static void
add_when(struct ics *w, const struct ics_event *e)
{
	if (e->zone == NULL) {
		/* DTEND is the day after (RFC 5545, 3.6.1). */
		add_date(w, "DTSTART", e->day);
		add_date(w, "DTEND", e->last + 1);
	} else {
		add_time(w, "DTSTART", e->zone, e->day, e->start_minute);
		/* As a time on the wall, too: over a change of the clocks it ends when
		 * the wall says so. */
		add_time(w, "DTEND", e->zone, e->day, e->start_minute + e->minutes);
	}
	if (e->weeks > 1)
		add(w, "RRULE", "FREQ=WEEKLY;COUNT=%u", e->weeks);
}

static void
add_if(struct ics *w, const char *name, const char *text)
{
	if (text != NULL && text[0] != '\0')
		ics_text(w, name, str_of(text));
}

void
ics_event(struct ics *w, const struct ics_event *e)
{
	add(w, "BEGIN", "VEVENT");
	ics_text(w, "UID", str_of(e->uid));
	add(w, "DTSTAMP", "%s", w->stamp);
	add(w, "SEQUENCE", "%u", e->sequence);
	add_when(w, e);
	ics_text(w, "SUMMARY", str_of(e->summary));
	add_if(w, "DESCRIPTION", e->description);
	add_if(w, "LOCATION", e->location);
	if (e->url != NULL && strpbrk(e->url, "\r\n") == NULL)
		ics_line(w, "URL", str_of(e->url));
	add(w, "TRANSP", "%s", e->free ? "TRANSPARENT" : "OPAQUE");
	add(w, "STATUS", "%s", e->cancelled ? "CANCELLED" : "CONFIRMED");
	add(w, "END", "VEVENT");
}

void
ics_uid(const struct str *parts, size_t n, char out[ICS_UID_MAX])
{
	crypto_generichash_state st;
	unsigned char sum[UID_BYTES];
	char hex[2 * UID_BYTES + 1];

	(void)crypto_generichash_init(&st, NULL, 0, UID_BYTES);
	for (size_t i = 0; i < n; i++) {
		unsigned char len[8];

		/* "ab", "c" and "a", "bc" are different. */
		for (size_t k = 0; k < sizeof(len); k++)
			len[k] = (unsigned char)((uint64_t)parts[i].len >> (8 * k));
		(void)crypto_generichash_update(&st, len, sizeof(len));
		(void)crypto_generichash_update(&st, (const unsigned char *)parts[i].p,
		    parts[i].len);
	}
	(void)crypto_generichash_final(&st, sum, sizeof(sum));
	(void)sodium_bin2hex(hex, sizeof(hex), sum, sizeof(sum));
	(void)snprintf(out, ICS_UID_MAX, "%s%s", hex, UID_TAIL);
}
