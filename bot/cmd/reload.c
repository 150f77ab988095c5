/*
 * reload.c - new articles, phrases and wording without a restart.
 */
#include <malloc.h>
#include <stdlib.h>

#include "bot/cmd/reload.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"
#include "credbot/ops/notify.h"

/* In the log; credbot check prints all. */
#define FAULTS_LOGGED 20

struct reload {
	struct app *app;
	bool running, again;
	struct library *library; /* what the thread has loaded; NULL after faults */
	struct faults faults;
};

/* In the helper thread; reads nothing of the app that changes. */
static void
work(void *arg)
{
	struct reload *r = arg;

	r->library = app_load_library(r->app, &r->faults);
}

static void
refuse(struct reload *r)
{
	struct buf lines = { 0 };
	struct str rest;
	size_t all = r->faults.n;

	faults_sort(&r->faults);
	if (r->faults.n > FAULTS_LOGGED)
		r->faults.n = FAULTS_LOGGED;
	faults_print(&r->faults, &lines);
	r->faults.n = all;
	rest = buf_str(&lines);
	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');

		log_error("reload: %.*s", STR_ARG(line));
	}
	log_error("reload: %zu faults; what was loaded before stays in use", all);
	faults_fini(&r->faults);
	buf_fini(&lines);
}

static void
done(void *arg)
{
	struct reload *r = arg;
	struct library *old = r->app->library;

	r->running = false;
	if (atomic_load(&r->app->stopping))
		return; /* reload_free() frees what came */
	if (r->library == NULL) {
		refuse(r);
	} else {
		r->app->library = r->library;
		engine_set_library(r->app->engine, r->library);
		r->library = NULL;
		library_free(old);
		(void)malloc_trim(0); /* what loading needed goes back at once */
		log_info("reload: done articles=%zu", kb_len(r->app->library->kb));
	}
	notify_ready();
	if (r->again) {
		r->again = false;
		reload_begin(r);
	}
}

struct reload *
reload_new(struct app *app)
{
	struct reload *r = xcalloc(1, sizeof(*r));

	r->app = app;
	return r;
}

void
reload_free(struct reload *r)
{
	if (r == NULL)
		return;
	library_free(r->library);
	faults_fini(&r->faults);
	free(r);
}

void
reload_begin(struct reload *r)
{
	if (r->running) {
		r->again = true;
		return;
	}
	r->running = true;
	notify_reloading();
	loop_work(r->app->loop, work, done, r);
}
