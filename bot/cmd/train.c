/*
 * train.c - credbot train: a model from the articles' questions and the intents' phrases.
 */
#include <stdio.h>
#include <string.h>

#include "bot/cmd/app.h"
#include "bot/cmd/commands.h"

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	{ "output", 'o', "FILE", "write the model here (default: the state folder)" },
	APP_FLAG_STATE,
	{ NULL, 0, NULL, NULL },
};

static int
train(const struct args *a, const struct app *app, const struct library *lib)
{
	int64_t start = clock_mono_ms(app->clock);
	struct buf path = { 0 };
	struct err err;
	int code = CMD_DONE;

	if (args_has(a, "output"))
		buf_adds(&path, args_get(a, "output"));
	else
		buf_printf(&path, "%s/" APP_LANG ".model", app->state_dir);
	if (library_train(lib, buf_cstr(&path), NULL, NULL, &err) != RC_OK) {
		fprintf(stderr, "credbot train: %s\n", err.text);
		code = CMD_FAILED;
	} else {
		printf("%s: trained on %zu examples in %.1f s\n", buf_cstr(&path),
		    lessons_len(lib->lessons),
		    (double)(clock_mono_ms(app->clock) - start) / 1000);
	}
	buf_fini(&path);
	return code;
}

static int
run(struct args *a)
{
	struct faults faults = { 0 };
	struct library *lib = NULL;
	struct app app;
	int code = app_init(&app, a);

	if (code == CMD_DONE)
		lib = app_read_library(&app, 0, &faults);
	if (code != CMD_DONE) {
		/* said already */
	} else if (lib == NULL) {
		app_print_faults(&faults);
		code = CMD_CONFIG;
	} else {
		code = train(a, &app, lib);
	}
	library_free(lib);
	faults_fini(&faults);
	app_fini(&app);
	return code;
}

const struct command command_train = {
	.name = "train",
	.summary = "Train the model on the articles' questions and the phrases.",
	.synopsis = "[-c FILE] [-o FILE]",
	.example = "credbot train -o build/en.model",
	.flags = flags,
	.run = run,
};
