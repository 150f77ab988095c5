/*
 * app.c - the parts wired together.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "bot/cmd/app.h"
#include "bot/cmd/programs.h"
#include "bot/cmd/settings.h"
#include "credbot/base/alloc.h"
#include "credbot/base/file.h"
#include "credbot/base/log.h"
#include "intents/intents.h"

/* What a person reads of a list of faults before she starts to mend. */
#define FAULTS_SHOWN 50

void
app_print_faults(struct faults *f)
{
	struct buf out = { 0 };
	size_t all = f->n;

	faults_sort(f);
	if (f->n > FAULTS_SHOWN)
		f->n = FAULTS_SHOWN;
	faults_print(f, &out);
	f->n = all;
	fputs(buf_cstr(&out), stderr);
	if (all > FAULTS_SHOWN)
		fprintf(stderr, "... and %zu more\n", all - FAULTS_SHOWN);
	buf_fini(&out);
}

static void
read_config(struct app *app, const char *path, struct faults *faults)
{
	enum log_level level;

	if (path != NULL)
		app->config = config_load(path, faults);
	if (app->config == NULL)
		app->config = config_default();
	settings_check(app->config, faults);
	if (log_level_parse(str_of(config_str(app->config, "log.level")), &level) ==
	    RC_OK)
		log_set_level(level);
}

/* The folder that the program lies in; "." if the kernel does not say. */
static char *
program_dir(void)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[n < 0 ? 0 : n] = '\0';
	if (strrchr(path, '/') == NULL)
		return xstrdup(".");
	*strrchr(path, '/') = '\0';
	return xstrdup(path);
}

static bool
has_articles(const char *dir)
{
	struct buf path = { 0 };
	bool found;

	buf_printf(&path, "%s/kb/" APP_LANG, dir);
	found = access(buf_cstr(&path), R_OK) == 0;
	buf_fini(&path);
	return found;
}

static char *
find_data(const struct app *app)
{
	static const char *const beside[] = { "../../data", "../data",
		"../share/credbot" };
	const char *set = config_str(app->config, "data.dir");
	char *bin;

	if (set[0] != '\0')
		return xstrdup(set);
	if (has_articles("data"))
		return xstrdup("data");
	bin = program_dir();
	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		struct buf dir = { 0 };

		buf_printf(&dir, "%s/%s", bin, beside[i]);
		if (has_articles(buf_cstr(&dir))) {
			free(bin);
			return buf_take(&dir);
		}
		buf_fini(&dir);
	}
	free(bin);
	return xstrdup(CREDBOT_SHARE);
}

static char *
find_state(const struct args *a)
{
	const char *given = args_get(a, "state");

	if (given == NULL)
		given = getenv("STATE_DIRECTORY");
	return xstrdup(given == NULL || given[0] == '\0' ? "var" : given);
}

static bool
has_flag(const struct args *a, const char *name)
{
	for (const struct flag *f = a->command->flags; f != NULL && f->name != NULL;
	     f++)
		if (strcmp(f->name, name) == 0)
			return args_has(a, name);
	return false;
}

static int
read_time(struct app *app, const struct args *a)
{
	int64_t ms;

	if (!has_flag(a, "at"))
		return CMD_DONE;
	if (clock_parse(str_of(args_get(a, "at")), &ms) != RC_OK)
		return args_usage(a, "--at: \"%s\" is no time like 2026-01-14T10:00Z",
		    args_get(a, "at"));
	app->fixed = clock_fixed(ms);
	app->clock = &app->fixed;
	return CMD_DONE;
}

int
app_init_anyway(struct app *app, const struct args *a, struct faults *faults)
{
	*app = (struct app){ .clock = clock_system(),
		.chance = chance_system(),
		.lock = -1 };
	read_config(app, args_get(a, "config"), faults);
	app->state_dir = find_state(a);
	app->data_dir = find_data(app);
	return read_time(app, a);
}

int
app_init(struct app *app, const struct args *a)
{
	struct faults faults = { 0 };
	int code = app_init_anyway(app, a, &faults);

	if (code == CMD_DONE && faults.n > 0) {
		app_print_faults(&faults);
		code = CMD_CONFIG;
	}
	faults_fini(&faults);
	return code;
}

void
app_fini(struct app *app)
{
	flow_free(app->flow);
	loop_free(app->loop);
	store_close(app->store);
	engine_free(app->engine);
	programs_free(app->programs);
	library_free(app->library);
	config_free(app->config);
	free(app->state_dir);
	free(app->data_dir);
	free(app->dsn);
	free(app->attempts);
	if (app->lock >= 0)
		close(app->lock);
}

static int
fail(const struct err *err)
{
	fprintf(stderr, "credbot: %s\n", err->text);
	return CMD_FAILED;
}

int
app_lock(struct app *app, const char *name, const char *who)
{
	struct buf path = { 0 };
	struct err err;
	bool taken;

	if (file_make_dir(app->state_dir, &err) != RC_OK)
		return fail(&err);
	buf_printf(&path, "%s/%s.lock", app->state_dir, name);
	app->lock = open(buf_cstr(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (app->lock < 0) {
		err_set(&err, "%s: %s", buf_cstr(&path), strerror(errno));
		buf_fini(&path);
		return fail(&err);
	}
	buf_clear(&path);
	buf_printf(&path, "%s/%s.attempts", app->state_dir, name);
	app->attempts = buf_take(&path);
	taken = flock(app->lock, LOCK_EX | LOCK_NB) == 0;
	if (!taken)
		fprintf(stderr,
		    "credbot: %s on %s; end it first, or use another --state DIR\n",
		    who, app->state_dir);
	return taken ? CMD_DONE : CMD_FAILED;
}

static bool
is_stopping(void *arg)
{
	const struct app *app = arg;

	return atomic_load(&app->stopping);
}

/* Opens the model that fits, or trains one into the state folder. */
static enum rc
open_model(struct app *app, struct library *lib, struct err *err)
{
	struct buf paths[3] = { 0 };
	const char *list[ARRAY_LEN(paths) + 1] = { NULL };
	enum rc rc;

	buf_printf(&paths[0], "%s/" APP_LANG ".model", app->state_dir);
	buf_printf(&paths[1], "%s/" APP_LANG ".model", app->data_dir);
	buf_printf(&paths[2], "%s/../build/" APP_LANG ".model", app->data_dir);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		list[i] = buf_cstr(&paths[i]);
	rc = library_open_model(lib, list);
	if (rc == RC_NOTFOUND) {
		log_info(
		    "library: no model fits these articles and phrases; training one "
		    "(some 20 seconds)");
		rc = file_make_dir(app->state_dir, err);
		if (rc == RC_OK)
			rc = library_train(lib, list[0], is_stopping, app, err);
		if (rc == RC_OK)
			rc = library_open_model(lib, list);
	}
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		buf_fini(&paths[i]);
	return rc;
}

struct library *
app_read_library(const struct app *app, int64_t now_ms, struct faults *faults)
{
	if (has_articles(app->data_dir))
		return library_load(app->data_dir, APP_LANG, intent_names, now_ms,
		    faults);
	/* One sentence, rather than one for every file that is missing. */
	faults_add(faults, (struct place){ app->data_dir, 0, 0 },
	    "no data folder (it has no kb/" APP_LANG "): set data.dir");
	return NULL;
}

struct library *
app_load_library(struct app *app, struct faults *faults)
{
	struct library *lib = app_read_library(app, 0, faults);
	struct err err = { "the model does not fit" };

	if (lib == NULL)
		return NULL;
	if (open_model(app, lib, &err) != RC_OK) {
		faults_add_err(faults, app->state_dir, &err);
		library_free(lib);
		return NULL;
	}
	library_forget_lessons(lib);
	return lib;
}

int
app_open_library(struct app *app)
{
	struct faults faults = { 0 };

	app->library = app_load_library(app, &faults);
	if (app->library == NULL) {
		app_print_faults(&faults);
		faults_fini(&faults);
		return CMD_CONFIG;
	}
	app->engine = engine_new(intent_table, intent_table_len, app->config,
	    app->chance);
	engine_set_library(app->engine, app->library);
	(void)malloc_trim(0); /* loading needed more than running does */
	return CMD_DONE;
}

void
app_open_catalog(struct app *app)
{
	struct programs *old = app->programs;
	struct buf what = { 0 };
	struct err err;

	app->programs = programs_load(app, false, &err);
	programs_use(app->programs, app->engine);
	programs_free(old);
	if (app->programs == NULL) {
		programs_advise(&err, &what);
		log_error("catalog: %s; until then no program is found",
		    buf_cstr(&what));
		buf_fini(&what);
	}
}

int
app_open_store(struct app *app, const char *dsn)
{
	struct flow_options o = {
		.debounce_ms = config_int(app->config, "chat.debounce_ms"),
		.flood_burst = (int)config_int(app->config, "chat.flood_burst"),
		.flood_refill_ms = (int)config_int(app->config, "chat.flood_refill_ms"),
	};
	const struct flow_hooks hooks = { engine_turn, engine_sorry, engine_again,
		engine_unsent, engine_mask, app->engine };
	struct buf path = { 0 };
	struct err err;

	if (app->hurried)
		o = (struct flow_options){ .flood_burst = INT_MAX,
			.flood_refill_ms = 1 };
	if (dsn == NULL) {
		if (file_make_dir(app->state_dir, &err) != RC_OK)
			return fail(&err);
		buf_printf(&path, "sqlite:%s/credbot.db", app->state_dir);
		app->dsn = buf_take(&path);
	} else {
		app->dsn = xstrdup(dsn);
	}
	if (store_open(&app->store, app->dsn, &err) != RC_OK)
		return fail(&err);
	if (app->engine != NULL)
		engine_set_store(app->engine, app->store);
	app->loop = loop_new(app->clock);
	if (flow_new(&app->flow, app->store, app->loop, &hooks, &o, app->attempts,
		&err) != RC_OK)
		return fail(&err);
	return CMD_DONE;
}
