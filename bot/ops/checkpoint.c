/*
 * checkpoint.c - copies SQLite's log into the database when it has become long.
 */
#include <stdlib.h>

#include "credbot/base/alloc.h"
#include "credbot/ops/checkpoint.h"

/* As SQLite itself would: after a crash that much is read again, in milliseconds. */
#define PAGES_COPIED 1000

/* While one student after the other writes, the helper never gets to the end of the log. At
 * 16 MiB the loop copies the rest; the helper has left it little. Longer logs cost more: each
 * page of the file is new to the system, and its index is in our memory. */
#define PAGES_MAX 4000

struct checkpoint {
	struct loop *loop;
	struct store *store;
	char *dsn;
	size_t pages;  /* in the log, after the last commit */
	size_t copied; /* of them, when the last copy began */
	bool running, stopped;
};

/* In the helper thread. */
static void
copy(void *arg)
{
	const struct checkpoint *c = arg;

	store_checkpoint(c->dsn);
}

static void
copied(void *arg)
{
	struct checkpoint *c = arg;

	c->running = false;
	if (!c->stopped && c->pages >= PAGES_MAX)
		store_finish_checkpoint(c->store);
}

static void
on_log(void *arg, size_t pages)
{
	struct checkpoint *c = arg;

	if (pages < c->pages)
		c->copied = 0; /* it started anew */
	c->pages = pages;
	if (c->running || pages < c->copied + PAGES_COPIED)
		return;
	c->copied = pages;
	c->running = true;
	loop_work(c->loop, copy, copied, c);
}

struct checkpoint *
checkpoint_new(struct loop *l, struct store *st, const char *dsn)
{
	struct checkpoint *c = xcalloc(1, sizeof(*c));

	*c = (struct checkpoint){ .loop = l, .store = st, .dsn = xstrdup(dsn) };
	store_on_log(st, on_log, c);
	return c;
}

void
checkpoint_stop(struct checkpoint *c)
{
	c->stopped = true;
	store_on_log(c->store, NULL, NULL);
}

void
checkpoint_free(struct checkpoint *c)
{
	if (c == NULL)
		return;
	free(c->dsn);
	free(c);
}
