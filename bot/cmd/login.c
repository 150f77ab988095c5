/*
 * login.c - credbot login and credbot logout: what needs a person once, for Matrix.
 *
 * The daemon must not run meanwhile: it renews the tokens that are kept.
 */
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "bot/cmd/app.h"
#include "bot/cmd/commands.h"
#include "credbot/chan/login.h"

#define CHANNEL "matrix"

static const struct flag login_flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	{ "device", 0, NULL,
	    "agree on a page of the server, in any browser (OAuth 2.0)" },
	{ "password", 0, NULL, "type the account's password; it is not kept" },
	{ "token", 0, NULL, "type a login token that another client made" },
	{ NULL, 0, NULL, NULL },
};

static const struct flag logout_flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	{ NULL, 0, NULL, NULL },
};

/* --- the person */

static void
say(void *arg, const char *line)
{
	(void)arg;
	(void)puts(line);
	(void)fflush(stdout);
}

/* A terminal shows nothing of what is typed. */
static bool
ask(void *arg, const char *prompt, struct buf *out)
{
	struct termios before, quiet;
	bool is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	int c;

	(void)arg;
	if (is_terminal) {
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
		(void)fputs(prompt, stdout);
		(void)fflush(stdout);
	}
	while ((c = getchar()) != EOF && c != '\n' && c != '\r')
		buf_addc(out, (char)c);
	if (is_terminal) {
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		(void)puts("");
	}
	return out->len > 0;
}

/* --- the disk */

struct search {
	const char *key;
	struct buf *out;
	bool found;
};

static void
on_value(void *arg, struct str key, struct str value)
{
	struct search *s = arg;

	if (!str_is(key, s->key))
		return;
	s->found = true;
	buf_addstr(s->out, value);
}

static enum rc
find(void *arg, const char *key, struct buf *out)
{
	struct app *app = arg;
	struct search s = { key, out, false };
	enum rc rc = value_each(app->store, CHANNEL, on_value, &s);

	return rc == RC_OK && !s.found ? RC_NOTFOUND : rc;
}

static enum rc
keep(void *arg, const char *key, struct str value)
{
	struct app *app = arg;

	return value_set(app->store, CHANNEL, str_of(key), value);
}

/* --- the commands */

/* Each value is on disk when it is kept: the device's id before the server sees it. */
static int
with_store(struct args *a, enum rc (*fn)(struct app *app, const struct args *a,
			       const struct login_host *host, struct err *err))
{
	struct err err = { "" };
	struct app app;
	struct login_host host = { &app, say, ask, find, keep };
	enum rc rc = RC_OK;
	int code = app_init(&app, a);

	if (code == CMD_DONE)
		code = app_lock(&app, "run", "credbot runs: stop it first");
	if (code == CMD_DONE)
		code = app_open_library(&app);
	if (code == CMD_DONE)
		code = app_open_store(&app, NULL);
	if (code == CMD_DONE) {
		rc = fn(&app, a, &host, &err);
		if (rc != RC_OK) {
			(void)fprintf(stderr, "credbot %s: %s\n", a->command->name,
			    err.text[0] == '\0' ? "the database cannot be written"
						: err.text);
			code = CMD_FAILED;
		}
	}
	app_fini(&app);
	return code;
}

static enum rc
log_in(struct app *app, const struct args *a, const struct login_host *host,
    struct err *err)
{
	enum login_way way = args_has(a, "device")     ? LOGIN_DEVICE
	                     : args_has(a, "password") ? LOGIN_PASSWORD
	                     : args_has(a, "token")    ? LOGIN_TOKEN
	                                               : LOGIN_ANY;

	return matrix_login(app->loop, app->config, way, host, err);
}

static int
run_login(struct args *a)
{
	if (args_has(a, "device") + args_has(a, "password") + args_has(a, "token") > 1)
		return args_usage(a, "one way to log in at a time");
	return with_store(a, log_in);
}

static enum rc
log_out(struct app *app, const struct args *a, const struct login_host *host,
    struct err *err)
{
	(void)a;
	return matrix_logout(app->loop, app->config, host, err);
}

static int
run_logout(struct args *a)
{
	return with_store(a, log_out);
}

const struct command command_login = {
	.name = "login",
	.summary = "Log in to Matrix once, so that the bot can from then on.",
	.synopsis = "[-c FILE] [--state DIR] [--device | --password | --token]",
	.example =
	    "credbot login -c /etc/credbot/credbot.yaml --state /var/lib/credbot",
	.flags = login_flags,
	.run = run_login,
};

const struct command command_logout = {
	.name = "logout",
	.summary = "End the session that \"credbot login\" has begun.",
	.synopsis = "[-c FILE] [--state DIR]",
	.example =
	    "credbot logout -c /etc/credbot/credbot.yaml --state /var/lib/credbot",
	.flags = logout_flags,
	.run = run_logout,
};
