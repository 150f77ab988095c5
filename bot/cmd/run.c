/*
 * run.c - credbot run: the daemon; the order in which its parts start and stop.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/cmd/app.h"
#include "bot/cmd/commands.h"
#include "bot/cmd/programs.h"
#include "bot/cmd/reload.h"
#include "bot/cmd/words.h"
#include "credbot/base/log.h"
#include "credbot/chan/matrix.h"
#include "credbot/chan/telegram.h"
#include "credbot/chan/webchat.h"
#include "credbot/ops/alerts.h"
#include "credbot/ops/checkpoint.h"
#include "credbot/ops/cores.h"
#include "credbot/ops/notify.h"
#include "credbot/ops/retention.h"

/* systemd kills after TimeoutStopSec (15 s in our unit); we are done well before. */
#define DRAIN_MAX_MS 8000
#define DRAIN_STEP_MS 20

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	{ NULL, 0, NULL, NULL },
};

struct daemon {
	struct app app;
	struct channel *web;
	struct channel *telegram; /* NULL: off */
	struct channel *matrix;   /* NULL: off */
	struct words *words;
	struct reload *reload;
	struct watch *watch;   /* of the catalog */
	struct alerts *alerts; /* NULL: the end has begun */
	struct checkpoint *checkpoint;
	struct watchdog *watchdog;
	struct retention *retention;
	bool draining;
	int64_t drain_until_ms;
};

static void
on_drained(void *arg)
{
	struct daemon *d = arg;

	flow_hurry(d->app.flow);
	if (!flow_idle(d->app.flow) &&
	    clock_mono_ms(d->app.clock) < d->drain_until_ms) {
		(void)loop_after(d->app.loop, DRAIN_STEP_MS, on_drained, d);
		return;
	}
	loop_stop(d->app.loop);
}

/* Takes nothing in any more, answers what was taken, ends. */
static void
on_terminate(void *arg)
{
	struct daemon *d = arg;

	if (d->draining)
		return;
	d->draining = true;
	log_info("run: stopping");
	atomic_store(&d->app.stopping, true);
	notify_stopping();
	alerts_free(d->alerts);
	d->alerts = NULL;
	d->web->ops->drain(d->web);
	if (d->telegram != NULL)
		d->telegram->ops->drain(d->telegram);
	if (d->matrix != NULL)
		d->matrix->ops->drain(d->matrix);
	d->drain_until_ms = clock_mono_ms(d->app.clock) + DRAIN_MAX_MS;
	(void)loop_after(d->app.loop, DRAIN_STEP_MS, on_drained, d);
}

static void
on_hangup(void *arg)
{
	struct daemon *d = arg;

	if (d->draining)
		return;
	reload_begin(d->reload);
	watch_reload(d->watch);
}

static enum rc
add_telegram(struct daemon *d, struct err *err)
{
	struct buf token = { 0 };
	enum rc rc = telegram_token(d->app.config, &token, err);

	buf_fini(&token);
	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? RC_OK : rc;
	d->telegram = telegram_new(words_telegram(d->words));
	flow_add_channel(d->app.flow, d->telegram);
	return RC_OK;
}

static enum rc
add_matrix(struct daemon *d, struct err *err)
{
	enum rc rc = matrix_is_set(d->app.config, err);

	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? RC_OK : rc;
	d->matrix = matrix_new(words_matrix(d->words));
	flow_add_channel(d->app.flow, d->matrix);
	return RC_OK;
}

static enum rc
start_channels(struct daemon *d, struct err *err)
{
	const struct web_route *route;
	struct app *app = &d->app;
	enum rc rc = RC_OK;

	/* What was left unsent is sent as soon as flow starts. */
	if (d->telegram != NULL)
		rc = d->telegram->ops->start(d->telegram, app->config, err);
	if (rc == RC_OK && d->matrix != NULL)
		rc = d->matrix->ops->start(d->matrix, app->config, err);
	route = d->telegram == NULL ? NULL : telegram_route(d->telegram);
	if (route != NULL)
		webchat_serve(d->web, route, 1);
	if (rc == RC_OK)
		rc = flow_start(app->flow, err);
	if (rc == RC_OK)
		rc = d->web->ops->start(d->web, app->config, err);
	return rc;
}

static void
on_catalog(void *arg)
{
	struct daemon *d = arg;
	struct alerts_catalog c = programs_for_alerts(d->app.programs);

	if (d->alerts != NULL)
		alerts_catalog_changed(d->alerts, &c);
}

static void
start_alerts(struct daemon *d)
{
	struct app *app = &d->app;
	struct alerts_hooks hooks = { engine_find_news, engine_say_news, app->engine };
	struct quiet_rules rules = { ZONE_DIR,
		config_str(app->config, "notices.timezone") };

	d->alerts = alerts_new(app->loop, app->flow, app->store, &hooks, &rules);
}

static int
start(struct daemon *d)
{
	struct app *app = &d->app;
	struct err err;

	d->web = webchat_new();
	d->words = words_new(app->library);
	flow_add_channel(app->flow, d->web);
	if (add_telegram(d, &err) != RC_OK) {
		fprintf(stderr, "credbot run: telegram: %s\n", err.text);
		return CMD_CONFIG;
	}
	if (add_matrix(d, &err) != RC_OK) {
		fprintf(stderr, "credbot run: matrix: %s\n", err.text);
		return CMD_CONFIG;
	}
	/* Whoever can reach it can also end it: a signal waits until the loop runs. */
	loop_on_signal(app->loop, SIGTERM, on_terminate, d);
	loop_on_signal(app->loop, SIGINT, on_terminate, d);
	loop_on_signal(app->loop, SIGHUP, on_hangup, d);
	if (start_channels(d, &err) != RC_OK) {
		fprintf(stderr, "credbot run: %s\n", err.text);
		return CMD_FAILED;
	}
	d->reload = reload_new(app);
	start_alerts(d);
	d->watch = watch_new(app, on_catalog, d);
	d->checkpoint = checkpoint_new(app->loop, app->store, app->dsn);
	d->watchdog = watchdog_new(app->loop, app->store, app->flow);
	d->retention = retention_new(app->loop, app->flow,
	    &(struct retention_rules){
		.keep_days = (int)config_int(app->config, "privacy.keep_days"),
		.raw_hours = (int)config_int(app->config, "privacy.raw_hours"),
	    });
	return CMD_DONE;
}

static void
announce(const struct daemon *d)
{
	const char *listen = config_str(d->app.config, "web.listen");

	if (webchat_port(d->web) > 0)
		printf("credbot is ready: http://localhost:%d/\n",
		    webchat_port(d->web));
	else if (strcmp(listen, "off") == 0)
		puts("credbot is ready; the web chat is off (web.listen)");
	else
		printf("credbot is ready: %s\n", listen);
	(void)fflush(stdout);
	log_info("run: ready articles=%zu", kb_len(d->app.library->kb));
	notify_ready();
}

static void
stop(struct daemon *d)
{
	struct app *app = &d->app;
	bool used = app->store != NULL;

	watchdog_free(d->watchdog);
	alerts_free(d->alerts);
	d->alerts = NULL;
	retention_free(d->retention);
	if (d->checkpoint != NULL)
		checkpoint_stop(d->checkpoint);
	if (app->flow != NULL)
		flow_end_sending(app->flow);
	if (d->web != NULL)
		d->web->ops->stop(d->web);
	if (d->telegram != NULL)
		d->telegram->ops->stop(d->telegram);
	if (d->matrix != NULL)
		d->matrix->ops->stop(d->matrix);
	flow_free(app->flow);
	app->flow = NULL;
	webchat_free(d->web);
	telegram_free(d->telegram);
	matrix_free(d->matrix);
	words_free(d->words);
	loop_free(app->loop);
	app->loop = NULL;
	checkpoint_free(d->checkpoint);
	reload_free(d->reload);
	watch_free(d->watch);
	if (used)
		store_checkpoint(app->dsn);
	app_fini(app);
}

static int
run(struct args *a)
{
	struct daemon d = { 0 };
	int code;

	code = app_init(&d.app, a);
	if (code == CMD_DONE && !config_bool(d.app.config, "debug.core_dumps"))
		cores_forbid();
	if (code == CMD_DONE)
		code = app_lock(&d.app, "run", "another credbot runs");
	if (code == CMD_DONE)
		code = app_open_library(&d.app);
	if (code == CMD_DONE)
		code = app_open_store(&d.app, NULL);
	if (code == CMD_DONE)
		code = start(&d);
	if (code == CMD_DONE) {
		announce(&d);
		loop_run(d.app.loop);
		log_info("run: stopped answered=%lld",
		    (long long)flow_counts(d.app.flow).answered);
	}
	stop(&d);
	return code;
}

const struct command command_run = {
	.name = "run",
	.summary = "Run the bot: the web chat on 127.0.0.1:8080, or as configured.",
	.synopsis = "[-c FILE] [--state DIR]",
	.example = "credbot run -c /etc/credbot/credbot.yaml --state /var/lib/credbot",
	.flags = flags,
	.run = run,
};
