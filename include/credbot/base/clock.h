/*
 * clock.h - what time it is, from outside, so that tests own it.
 *
 * Wall time is milliseconds since 1970 in UTC; monotonic time is milliseconds since an
 * unnamed start and never goes back. A clock that a test made stands still until moved.
 */
#ifndef CREDBOT_BASE_CLOCK_H
#define CREDBOT_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/rc.h"
#include "credbot/base/str.h"

struct clock {
	bool owned;     /* by a test: the fields below are the time */
	int64_t now_ms; /* wall */
	int64_t mono_ms;
};

/* The machine's clock. Shared, never freed. */
struct clock *clock_system(void);

/* A clock that stands at now_ms. */
struct clock clock_fixed(int64_t now_ms);

/* Moves a fixed clock, both wall and monotonic. ms >= 0. */
void clock_advance(struct clock *c, int64_t ms);

int64_t clock_now_ms(const struct clock *c);
int64_t clock_mono_ms(const struct clock *c);
int64_t clock_mono_us(const struct clock *c); /* for measuring work */

/* "2026-01-14T10:00:00Z" (RFC 3339, UTC, seconds). Room for CLOCK_ISO_MAX bytes. */
#define CLOCK_ISO_MAX 32
void clock_format(int64_t ms, char *out, size_t size);

/*
 * Reads RFC 3339 dates and times: YYYY-MM-DD, with or without Thh:mm[:ss[.fff]] and Z or an
 * offset; a zone in brackets (RFC 9557) may follow and is ignored here. Without an offset
 * it is UTC. RC_INVALID for anything else and for days that do not exist.
 */
enum rc clock_parse(struct str s, int64_t *ms);

/* Days since 1970-01-01 of a proleptic Gregorian date. */
int64_t clock_days(int year, int month, int day);

/* The date of such a day. */
void clock_date(int64_t days, int *year, int *month, int *day);

#endif
