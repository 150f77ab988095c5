/*
 * semester_ics.c - a week plan as a calendar file.
 *
 * The hours of each week go into her blocks, one item after the other; weeks in a row in
 * which an item has the same part of the same block are one event that recurs.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bot/catalog/semester_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/cal/ics.h"

#define DAY_SECONDS 86400
/* Nobody looks at the clock for less. */
#define STEP_MINUTES 5

struct fill {
	const struct semester_plan *p;
	const struct semester_calendar *c;
	struct ics w;
	/* Minutes that are taken, of each block in each week. */
	uint16_t taken[SEMESTER_BLOCKS_MAX][SEMESTER_WEEKS_MAX];
	/* Of the item that is being written: first minute and length. */
	uint16_t from[SEMESTER_BLOCKS_MAX][SEMESTER_WEEKS_MAX];
	uint16_t minutes[SEMESTER_BLOCKS_MAX][SEMESTER_WEEKS_MAX];
	unsigned missing;
};

static void
make_uid(const struct fill *f, size_t item, const char *kind, size_t number,
    char out[ICS_UID_MAX])
{
	char text[64];
	const struct str parts[] = { str_of(f->c->owner),
		str_of(f->p->items[item].program->id),
		str_n(text,
		    (size_t)snprintf(text, sizeof(text), "%s %zu", kind, number)) };

	ics_uid(parts, ARRAY_LEN(parts), out);
}

static void
add_event(struct fill *f, size_t item, struct ics_event *e)
{
	e->sequence = f->c->sequence;
	e->summary = f->c->summaries[item];
	e->description = f->c->descriptions == NULL ? NULL : f->c->descriptions[item];
	e->url = f->p->items[item].program->url;
	ics_event(&f->w, e);
}

/* One event over all its days. */
static void
add_span(struct fill *f, size_t item)
{
	const struct semester_item *i = &f->p->items[item];
	char uid[ICS_UID_MAX];
	struct ics_event e = { .uid = uid,
		.day = i->start,
		.last = i->last,
		.free = true };

	make_uid(f, item, "span", 0, uid);
	add_event(f, item, &e);
}

/* Its hours of a week, put into what is left of the blocks. */
static void
fill_week(struct fill *f, const struct semester_item *i, size_t week)
{
	int32_t monday = f->p->weeks[week].monday;
	double hours = semester_daily(i) * semester_days_in(i, monday);
	unsigned need = (unsigned)ceil(hours * 60 / STEP_MINUTES - SEMESTER_HAIR) *
	                STEP_MINUTES;

	for (size_t b = 0; b < f->c->n_blocks; b++) {
		const struct semester_block *block = &f->c->blocks[b];
		int32_t day = monday + block->weekday;
		unsigned left = block->minutes - f->taken[b][week];
		unsigned n = need < left ? need : left;

		f->minutes[b][week] = 0;
		if (day < i->start || day > i->last || n == 0)
			continue;
		f->from[b][week] = (uint16_t)(block->start_minute + f->taken[b][week]);
		f->minutes[b][week] = (uint16_t)n;
		f->taken[b][week] = (uint16_t)(f->taken[b][week] + n);
		need -= n;
	}
	f->missing += need;
}

static bool
goes_on(const struct fill *f, size_t block, size_t week)
{
	return f->minutes[block][week] == f->minutes[block][week - 1] &&
	       f->from[block][week] == f->from[block][week - 1];
}

static void
add_block(struct fill *f, size_t item, size_t b)
{
	size_t series = 0, weeks = f->p->n_weeks;

	for (size_t w = 0, next; w < weeks; w = next) {
		char uid[ICS_UID_MAX], kind[32];
		struct ics_event e = { .uid = uid, .zone = f->c->zone };

		for (next = w + 1; next < weeks && goes_on(f, b, next);)
			next++;
		if (f->minutes[b][w] == 0)
			continue;
		(void)snprintf(kind, sizeof(kind), "block %zu", b);
		make_uid(f, item, kind, series++, uid);
		e.day = f->p->weeks[w].monday + f->c->blocks[b].weekday;
		e.start_minute = f->from[b][w];
		e.minutes = f->minutes[b][w];
		e.weeks = (unsigned)(next - w);
		add_event(f, item, &e);
	}
}

static void
add_item(struct fill *f, size_t item)
{
	const struct semester_item *i = &f->p->items[item];

	if (i->trouble != SEMESTER_FINE)
		return;
	if (f->c->n_blocks == 0 || f->c->zone == NULL || semester_daily(i) < 0) {
		add_span(f, item);
		return;
	}
	for (size_t w = 0; w < f->p->n_weeks; w++)
		fill_week(f, i, w);
	for (size_t b = 0; b < f->c->n_blocks; b++)
		add_block(f, item, b);
}

unsigned
semester_ics(const struct semester_plan *p, const struct semester_calendar *c,
    struct buf *out)
{
	struct fill *f = xcalloc(1, sizeof(*f));
	unsigned missing;

	assert(c->n_blocks <= SEMESTER_BLOCKS_MAX);
	f->p = p;
	f->c = c;
	ics_begin(&f->w, out, c->now_ms);
	if (c->zone != NULL && c->n_blocks > 0 && p->first != DAY_UNKNOWN)
		ics_zone(&f->w, c->zone, (int64_t)p->first * DAY_SECONDS,
		    ((int64_t)p->last + 1) * DAY_SECONDS);
	for (size_t i = 0; i < p->n; i++)
		add_item(f, i);
	ics_end(&f->w);
	missing = f->missing;
	free(f);
	return missing;
}
