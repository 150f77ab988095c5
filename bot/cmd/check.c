/*
 * check.c - credbot check: everything that is wrong with configuration, articles, phrases,
 * wording and the programs that ship, at its place. Touches no network and changes nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bot/cmd/app.h"
#include "bot/cmd/commands.h"
#include "credbot/base/alloc.h"
#include "credbot/catalog/catalog.h"
#include "credbot/catalog/index.h"

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	{ "data", 0, "DIR", "check this data folder" },
	{ "example", 0, NULL, "print a configuration with every option, and end" },
	APP_FLAG_JSON,
	APP_FLAG_STATE,
	APP_FLAG_AT,
	{ NULL, 0, NULL, NULL },
};

static int
print_example(void)
{
	struct buf out = { 0 };

	config_print_example(&out);
	fputs(buf_cstr(&out), stdout);
	buf_fini(&out);
	return CMD_DONE;
}

static void
report(const struct args *a, struct faults *faults)
{
	struct buf out = { 0 };

	faults_sort(faults);
	if (args_has(a, "json")) {
		faults_print_json(faults, &out);
		buf_addc(&out, '\n');
	} else {
		faults_print(faults, &out);
		if (faults->n == 0)
			buf_adds(&out, "no fault\n");
		else
			buf_printf(&out, "%zu fault%s\n", faults->n,
			    faults->n == 1 ? "" : "s");
	}
	fputs(buf_cstr(&out), stdout);
	buf_fini(&out);
}

static bool
no_more_to_do(void *arg, const struct program *p)
{
	(void)arg;
	(void)p;
	return true;
}

static int
run(struct args *a)
{
	struct faults faults = { 0 };
	struct library *lib;
	struct app app;
	int code;

	if (args_has(a, "example"))
		return print_example();
	code = app_init_anyway(&app, a, &faults);
	if (code == CMD_DONE) {
		if (args_has(a, "data")) {
			free(app.data_dir);
			app.data_dir = xstrdup(args_get(a, "data"));
		}
		lib = app_read_library(&app, clock_now_ms(app.clock), &faults);
		library_free(lib);
		(void)catalog_each_shipped(app.data_dir, no_more_to_do, NULL, &faults);
		/* Without any data folder one fault says it all. */
		if (access(app.data_dir, F_OK) == 0)
			catalog_tables_free(catalog_tables_load(app.data_dir, &faults));
		report(a, &faults);
		code = faults.n == 0 ? CMD_DONE : CMD_CONFIG;
	}
	faults_fini(&faults);
	app_fini(&app);
	return code;
}

const struct command command_check = {
	.name = "check",
	.summary = "Check configuration, articles, phrases, wording, programs.",
	.synopsis = "[-c FILE] [--data DIR] [--json]",
	.example = "credbot check -c /etc/credbot/credbot.yaml",
	.flags = flags,
	.run = run,
};
