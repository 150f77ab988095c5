/*
 * catalog_blocks.c - times of the week for study: "mon 18:00-20:00, sat 10-12".
 */
#include <string.h>

#include "bot/cmd/catalog_plan.h"

#define MINUTES_OF_DAY 1440

/* "18:00" or "18"; 24:00 is the end of the day. */
static bool
read_time(struct str s, unsigned *out)
{
	int64_t hour, minute = 0;
	struct str h = str_cut(&s, ':');

	if (str_to_int(h, 0, 24, &hour) != RC_OK ||
	    (s.p != NULL && str_to_int(s, 0, 59, &minute) != RC_OK))
		return false;
	*out = (unsigned)(hour * 60 + minute);
	return *out <= MINUTES_OF_DAY;
}

static bool
read_block(struct str s, struct semester_block *out)
{
	static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat",
		"sun" };
	struct str name, from;
	unsigned end;

	s = str_trim(s);
	name = str_cut(&s, ' ');
	if (s.p == NULL)
		return false;
	out->weekday = -1;
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		if (str_is_nocase(name, days[i]))
			out->weekday = (int)i;
	from = str_cut(&s, '-');
	if (out->weekday < 0 || s.p == NULL ||
	    !read_time(str_trim(from), &out->start_minute) ||
	    !read_time(str_trim(s), &end) || end <= out->start_minute)
		return false;
	out->minutes = end - out->start_minute;
	return true;
}

bool
plan_read_blocks(struct str text, struct semester_block out[SEMESTER_BLOCKS_MAX],
    size_t *n)
{
	for (*n = 0; text.p != NULL; (*n)++)
		if (*n == SEMESTER_BLOCKS_MAX ||
		    !read_block(str_cut(&text, ','), &out[*n]))
			return false;
	return true;
}
