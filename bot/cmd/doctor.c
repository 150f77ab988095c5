/*
 * doctor.c - credbot doctor: what works, what does not, and what to do about it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <sodium.h>

#include "bot/cmd/app.h"
#include "bot/cmd/commands.h"
#include "bot/cmd/programs.h"
#include "credbot/chan/probe.h"
#include "credbot/know/kb.h"

/* A busy year of a large service. */
#define ROOM_WANTED_MB 1000

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	{ NULL, 0, NULL, NULL },
};

struct visit {
	const char *part;
	int n_failed, n_warned;
};

static void
say(void *arg, enum probe_verdict v, const char *text)
{
	static const char *const words[] = { "ok", "look", "FAIL" };
	struct visit *visit = arg;

	printf("%-10s %-5s %s\n", visit->part, words[v], text);
	(void)fflush(stdout);
	visit->n_failed += v == PROBE_FAIL;
	visit->n_warned += v == PROBE_WARN;
}

__attribute__((format(printf, 3, 4))) static void
sayf(struct visit *visit, enum probe_verdict v, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	say(visit, v, buf_cstr(&b));
	buf_fini(&b);
}

static void
look_at_state(struct visit *visit, const struct app *app)
{
	struct statvfs fs;
	long long mb;

	visit->part = "state";
	if (access(app->state_dir, W_OK) != 0) {
		sayf(visit, errno == ENOENT ? PROBE_WARN : PROBE_FAIL, "%s: %s%s",
		    app->state_dir, strerror(errno),
		    errno == ENOENT ? "; it is made at the first start"
				    : "; the user that runs credbot must own it");
		return;
	}
	if (statvfs(app->state_dir, &fs) != 0) {
		sayf(visit, PROBE_WARN, "%s: %s", app->state_dir, strerror(errno));
		return;
	}
	mb = (long long)((double)fs.f_bavail * (double)fs.f_frsize / 1e6);
	sayf(visit, mb < ROOM_WANTED_MB ? PROBE_WARN : PROBE_OK, "%s, %lld MB free%s",
	    app->state_dir, mb,
	    mb < ROOM_WANTED_MB ? ": a full disk stops the bot from taking messages"
				: "");
}

static void
look_at_web(struct visit *visit, const struct app *app)
{
	const char *listen = config_str(app->config, "web.listen");

	visit->part = "web";
	if (strcmp(listen, "off") == 0)
		say(visit, PROBE_OK, "off (web.listen)");
	else
		sayf(visit, PROBE_OK, "listens on %s when it runs", listen);
}

static void
look_at_catalog(struct visit *visit, const struct app *app)
{
	char imported[CLOCK_ISO_MAX];
	struct buf advice = { 0 };
	struct err err;
	struct programs *p = programs_load(app, false, &err);

	visit->part = "catalog";
	if (p != NULL) {
		programs_imported(p, imported);
		sayf(visit, PROBE_OK, "%zu programs, imported: %s", programs_count(p),
		    imported);
	} else {
		programs_advise(&err, &advice);
		say(visit, PROBE_FAIL, buf_cstr(&advice));
	}
	programs_free(p);
	buf_fini(&advice);
}

static void
on_value(void *arg, struct str key, struct str value)
{
	if (str_is(key, "tokens"))
		buf_addstr(arg, value);
}

/* What "credbot login" kept. The database of a bot that runs is left alone: it may be of
 * another version. */
static void
find_tokens(const struct app *app, struct buf *out)
{
	struct buf path = { 0 };
	struct store *st = NULL;
	struct err err;
	int lock;

	buf_printf(&path, "%s/run.lock", app->state_dir);
	lock = open(buf_cstr(&path), O_RDWR | O_CLOEXEC);
	buf_clear(&path);
	buf_printf(&path, "sqlite:%s/credbot.db", app->state_dir);
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0 &&
	    store_open(&st, buf_cstr(&path), &err) == RC_OK)
		(void)value_each(st, "matrix", on_value, out);
	store_close(st);
	if (lock >= 0)
		(void)close(lock);
	buf_fini(&path);
}

static void
look_at_networks(struct visit *visit, const struct app *app)
{
	struct loop *l = loop_new(app->clock);
	struct buf tokens = { 0 };

	visit->part = "telegram";
	telegram_probe(l, app->config, say, visit);
	visit->part = "matrix";
	find_tokens(app, &tokens);
	matrix_probe(l, app->config, buf_str(&tokens), say, visit);
	if (tokens.data != NULL)
		sodium_memzero(tokens.data, tokens.len);
	buf_fini(&tokens);
	loop_free(l);
}

static int
run(struct args *a)
{
	struct visit visit = { "data", 0, 0 };
	struct app app;
	int code = app_init(&app, a);

	if (code == CMD_DONE)
		code = app_open_library(&app);
	if (code == CMD_DONE) {
		sayf(&visit, PROBE_OK, "%s, %zu articles", app.data_dir,
		    kb_len(app.library->kb));
		look_at_state(&visit, &app);
		look_at_catalog(&visit, &app);
		look_at_web(&visit, &app);
		look_at_networks(&visit, &app);
		code = visit.n_failed > 0 ? CMD_FAILED : CMD_DONE;
	}
	app_fini(&app);
	return code;
}

const struct command command_doctor = {
	.name = "doctor",
	.summary =
	    "Look at configuration, disk, catalog and networks; say what to mend.",
	.synopsis = "[-c FILE] [--state DIR]",
	.example =
	    "credbot doctor -c /etc/credbot/credbot.yaml --state /var/lib/credbot",
	.flags = flags,
	.run = run,
};
