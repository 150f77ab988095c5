/*
 * programs_watch.c - the catalog of a bot that runs: kept up to date.
 *
 * A helper thread looks at catalog.db and its log once a second, by stat(2) alone, and opens
 * them when they have changed and then not changed for a second. Why not the kernel's file
 * events: they come on each of our own commits too, since credbot.db lies in the same folder;
 * they do not come from a network file system, nor for a folder that was put in the place of
 * the one that is watched; and they come while a copy is being written, of which the half is
 * no database. The pause leaves an import alone, too, while it makes a new database. A glance
 * needs some microseconds, and a second is soon enough for a list that changes each day.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bot/cmd/programs.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

#define LOOK_MS 1000
#define DAY_MS INT64_C(86400000)

/* One file as it stands on disk; zeros: it is not there, or empty. */
struct stamp {
	uint64_t device, inode, size;
	int64_t s, ns; /* it was written */
};

/* All that a catalog can change with but the data folder, which is read again on a signal. */
struct state {
	struct stamp db, log;
	int64_t day;
};

struct watch {
	struct app *app;
	void (*changed)(void *arg);
	void *arg;
	struct timer *timer; /* until the next look; NULL while one is under way */
	bool again;          /* while one is under way: watch_reload() was called */
	/* Of the look under way: */
	bool anew;
	struct state seen;       /* at the last look */
	struct state tried;      /* when it was last loaded or checked */
	struct programs *loaded; /* NULL: nothing new */
	bool failed;
	struct err err;
};

static struct stamp
stamp_of(const char *dir, const char *name)
{
	struct stamp s;
	struct buf path = { 0 };
	struct stat st;

	memset(&s, 0, sizeof(s)); /* compared as bytes */
	buf_printf(&path, "%s/%s", dir, name);
	if (stat(buf_cstr(&path), &st) == 0 && st.st_size > 0) {
		s.device = st.st_dev;
		s.inode = st.st_ino;
		s.size = (uint64_t)st.st_size;
		s.s = st.st_mtim.tv_sec;
		s.ns = st.st_mtim.tv_nsec;
	}
	buf_fini(&path);
	return s;
}

static struct state
state_of(const struct app *app)
{
	struct state s;

	memset(&s, 0, sizeof(s));
	s.db = stamp_of(app->state_dir, "catalog.db");
	s.log = stamp_of(app->state_dir, "catalog.db-wal");
	s.day = clock_now_ms(app->clock) / DAY_MS;
	return s;
}

static bool
same(const struct state *a, const struct state *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* --- in the helper thread: reads nothing of the app that changes meanwhile */

static bool
is_up_to_date(struct watch *w)
{
	enum rc rc;

	if (w->anew || w->app->programs == NULL)
		return false;
	rc = programs_check(w->app, w->app->programs, &w->err);
	w->failed = rc != RC_OK && rc != RC_NOTFOUND;
	return rc != RC_NOTFOUND;
}

static void
look(void *arg)
{
	struct watch *w = arg;
	struct state now = state_of(w->app);
	bool settled = same(&now, &w->seen);

	w->seen = now;
	if (!w->anew && (!settled || same(&now, &w->tried)))
		return;
	w->tried = now;
	if (is_up_to_date(w))
		return;
	w->loaded = programs_load(w->app, w->app->programs == NULL, &w->err);
	w->failed = w->loaded == NULL;
	if (w->loaded != NULL && w->app->programs == NULL)
		memset(&w->tried, 0, sizeof(w->tried)); /* it may be of yesterday */
	(void)malloc_trim(0); /* building needed more than the index does */
}

static void
drop(void *arg)
{
	programs_free(arg);
}

/* --- in the loop's */

static void begin(void *arg);

static void
nothing(void *arg)
{
	(void)arg;
}

/* The pages of an old index go back in a helper thread: that takes milliseconds. */
static void
put_in_place(struct watch *w)
{
	struct app *app = w->app;
	struct programs *old = app->programs;
	char imported[CLOCK_ISO_MAX];

	app->programs = w->loaded;
	w->loaded = NULL;
	programs_use(app->programs, app->engine);
	programs_imported(app->programs, imported);
	log_info("catalog: %s programs=%zu imported=%s",
	    old == NULL ? "ready" : "replaced", programs_count(app->programs),
	    imported);
	w->changed(w->arg);
	if (old != NULL)
		loop_work(app->loop, drop, nothing, old);
}

static void
complain(const struct watch *w)
{
	struct buf what = { 0 };

	programs_advise(&w->err, &what);
	log_error("catalog: %s; until then %s", buf_cstr(&what),
	    w->app->programs == NULL ? "no program is found"
				     : "those of before are found");
	buf_fini(&what);
}

static void
looked(void *arg)
{
	struct watch *w = arg;

	if (atomic_load(&w->app->stopping))
		return; /* watch_free() frees what came */
	if (w->loaded != NULL)
		put_in_place(w);
	else if (w->failed)
		complain(w);
	w->failed = false;
	w->anew = false;
	if (w->again) {
		begin(w);
		return;
	}
	w->timer = loop_after(w->app->loop, LOOK_MS, begin, w);
}

static void
begin(void *arg)
{
	struct watch *w = arg;

	w->timer = NULL;
	w->anew = w->anew || w->again;
	w->again = false;
	loop_work(w->app->loop, look, looked, w);
}

struct watch *
watch_new(struct app *app, void (*changed)(void *arg), void *arg)
{
	struct watch *w = xcalloc(1, sizeof(*w));

	w->app = app;
	w->changed = changed;
	w->arg = arg;
	w->anew = true;
	begin(w);
	return w;
}

void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	programs_free(w->loaded);
	free(w);
}

void
watch_reload(struct watch *w)
{
	w->again = true;
	if (w->timer == NULL)
		return;
	loop_cancel(w->timer);
	begin(w);
}
