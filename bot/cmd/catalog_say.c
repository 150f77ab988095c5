/*
 * catalog_say.c - parts of what the verbs of credbot catalog print.
 */
#include "bot/cmd/catalog.h"
#include "credbot/catalog/program_facts.h"

#define WEEK 7.0
/* Below that a length is told in days. */
#define WEEKS_FROM 14.0

void
say_text(struct buf *b, const char *before, const char *key, const char *value)
{
	buf_printf(b, "%s\"%s\":", before, key);
	if (value == NULL)
		buf_adds(b, "null");
	else
		buf_add_json(b, str_of(value));
}

void
say_number(struct buf *b, const char *before, const char *key, double value)
{
	buf_printf(b, "%s\"%s\":", before, key);
	if (value < 0)
		buf_adds(b, "null");
	else
		buf_printf(b, "%.10g", value);
}

const char *
say_date(struct arena *a, int32_t day)
{
	int year, month, of_month;

	clock_date(day, &year, &month, &of_month);
	return arena_printf(a, "%04d-%02d-%02d", year, month, of_month);
}

void
say_day(struct buf *b, const char *before, const char *key, int32_t day)
{
	struct arena *a = arena_new();

	say_text(b, before, key, day == DAY_UNKNOWN ? NULL : say_date(a, day));
	arena_free(a);
}

/* To a tenth, and without one that is none. */
static const char *
rounded(struct arena *a, double n)
{
	return arena_printf(a, "%g", (double)(int64_t)(n * 10 + 0.5) / 10);
}

const char *
say_length(struct arena *a, double min_days, double days)
{
	bool weeks = days >= WEEKS_FROM;
	double unit = weeks ? WEEK : 1;
	const char *low = rounded(a, min_days / unit), *high = rounded(a, days / unit);
	const char *name = weeks ? "weeks" : str_is(str_of(high), "1") ? "day" : "days";

	if (str_eq(str_of(low), str_of(high)))
		return arena_printf(a, "%s %s", high, name);
	return arena_printf(a, "%s to %s %s", low, high, name);
}

const char *
say_count(struct arena *a, size_t n, const char *thing)
{
	return arena_printf(a, "%zu %s%s", n, thing, n == 1 ? "" : "s");
}

const char *
say_title(const struct program *p)
{
	const char *title = text_in(&p->title, p->default_lang);

	return title == NULL ? p->id : title;
}
