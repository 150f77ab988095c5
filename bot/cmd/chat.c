/*
 * chat.c - credbot chat: the same bot in this terminal, with the same store.
 */
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bot/cmd/app.h"
#include "bot/cmd/commands.h"
#include "bot/cmd/script.h"
#include "credbot/base/log.h"
#include "credbot/base/utf8.h"
#include "credbot/chan/terminal.h"

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	{ "as", 0, "NAME", "who is talking; each name has a conversation of its own" },
	{ "script", 0, "FILE",
	    "play conversations and check the answers (docs/HACKING.md)" },
	APP_FLAG_STATE,
	{ NULL, 0, NULL, NULL },
};

static void
on_ended(void *arg)
{
	loop_stop(arg);
}

static const char *
name_of(const struct args *a)
{
	const char *user = getenv("USER");

	if (args_has(a, "as"))
		return args_get(a, "as");
	return user == NULL || user[0] == '\0' ? "you" : user;
}

static bool
is_name(const char *name)
{
	struct str s = str_of(name);

	return s.len > 0 && s.len <= MESSAGE_ID_MAX && utf8_valid(s);
}

/* Letters beyond ASCII can only be typed in a locale that knows UTF-8. */
static void
know_utf8(void)
{
	(void)setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
}

/* One process a name; others may talk at the same time, also to the daemon. Names hold what
 * file names cannot. */
static int
lock_name(struct app *app, const char *name)
{
	unsigned char hash[crypto_generichash_BYTES_MIN];
	char file[sizeof("chat-") + 2 * sizeof(hash)] = "chat-";
	char who[MESSAGE_ID_MAX + 32];

	(void)crypto_generichash(hash, sizeof(hash), (const unsigned char *)name,
	    strlen(name), NULL, 0);
	(void)sodium_bin2hex(file + strlen(file), 2 * sizeof(hash) + 1, hash,
	    sizeof(hash));
	(void)snprintf(who, sizeof(who), "%s talks already in another terminal", name);
	return app_lock(app, file, who);
}

static int
chat(const char *name, struct app *app)
{
	struct channel *ch;
	struct err err;
	int code = app_open_store(app, NULL);

	if (code != CMD_DONE)
		return code;
	know_utf8();
	ch = terminal_new(name, on_ended, app->loop);
	flow_add_channel(app->flow, ch);
	puts("A bot answers here. Leave with /quit or Ctrl-D.\n");
	if (flow_start(app->flow, &err) == RC_OK &&
	    ch->ops->start(ch, app->config, &err) == RC_OK) {
		loop_run(app->loop);
		ch->ops->stop(ch);
	} else {
		fprintf(stderr, "credbot chat: %s\n", err.text);
		code = CMD_FAILED;
	}
	flow_free(app->flow);
	app->flow = NULL;
	terminal_free(ch);
	return code;
}

static int
run(struct args *a)
{
	const char *name = name_of(a);
	struct app app;
	int code;

	if (args_has(a, "script"))
		return script_run(a, args_get(a, "script"));
	if (!is_name(name))
		return args_usage(a, "--as: a name has 1 to %zu bytes of UTF-8",
		    (size_t)MESSAGE_ID_MAX);
	code = app_init(&app, a);
	log_set_level(LOG_WARN); /* the terminal is for the conversation */
	if (code == CMD_DONE)
		code = lock_name(&app, name);
	if (code == CMD_DONE)
		code = app_open_library(&app);
	if (code == CMD_DONE) {
		app_open_catalog(&app);
		code = chat(name, &app);
	}
	app_fini(&app);
	return code;
}

const struct command command_chat = {
	.name = "chat",
	.summary = "Talk to the bot in this terminal.",
	.synopsis = "[-c FILE] [--as NAME] [--script FILE]",
	.example = "credbot chat --as mia",
	.flags = flags,
	.run = run,
};
