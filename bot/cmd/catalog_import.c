/*
 * catalog_import.c - credbot catalog import: programs out of files that others wrote.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bot/cmd/catalog.h"
#include "credbot/base/file.h"
#include "credbot/catalog/import.h"

/* What a person reads before she starts to mend. */
#define FAULTS_SHOWN 50

#define BAR_WIDTH 30

static void
show_progress(void *arg, const char *file, uint64_t taken, uint64_t size)
{
	int part = size == 0 ? 0 : (int)(taken * BAR_WIDTH / size);
	const char *name = strrchr(file, '/');

	(void)arg;
	name = name == NULL ? file : name + 1;
	if (size == 0)
		fprintf(stderr, "\r\033[K%s: %llu MB", name,
		    (unsigned long long)(taken >> 20));
	else
		fprintf(stderr, "\r\033[K%s: [%.*s%*s] %llu %%", name, part,
		    "##############################", BAR_WIDTH - part, "",
		    (unsigned long long)(taken * 100 / size));
}

static void
print_report(const struct import_report *rep, const struct args *a)
{
	struct buf out = { 0 };

	if (args_has(a, "json")) {
		import_report_json(rep, args_has(a, "dry-run"), &out);
		buf_addc(&out, '\n');
	} else {
		import_report_print(rep, args_has(a, "dry-run"), FAULTS_SHOWN, &out);
	}
	fputs(buf_cstr(&out), stdout);
	buf_fini(&out);
}

static int
import(const struct app *app, const struct args *a)
{
	char today[CLOCK_ISO_MAX];
	struct import_options o = {
		.format = args_get(a, "format"),
		.map = args_get(a, "map"),
		.source = args_get(a, "source"),
		.provider_country = args_get(a, "provider-country"),
		.today = today,
		.now_ms = clock_now_ms(app->clock),
		.dry_run = args_has(a, "dry-run"),
	};
	struct import_report rep;
	struct err err = { "" };
	bool bar = isatty(STDERR_FILENO) == 1 && !args_has(a, "json");
	enum rc rc;

	clock_format(o.now_ms, today, sizeof(today));
	today[strlen("2027-01-01")] = '\0';
	o.progress = bar ? show_progress : NULL;
	rc = file_make_dir(app->state_dir, &err);
	import_report_init(&rep);
	if (rc == RC_OK)
		rc = catalog_import(app->state_dir, &o, a->rest, (size_t)a->n_rest,
		    &rep, &err);
	if (bar)
		fprintf(stderr, "\r\033[K");
	if (rc == RC_OK || rep.all_faults > 0)
		print_report(&rep, a);
	if (rc != RC_OK)
		fprintf(stderr, "credbot: %s\ncredbot: the catalog is as it was\n",
		    err.text);
	import_report_fini(&rep);
	return rc == RC_OK ? CMD_DONE : CMD_FAILED;
}

static bool
is_country(const char *code)
{
	return code == NULL || (strlen(code) == 2 && code[0] >= 'A' && code[0] <= 'Z' &&
				   code[1] >= 'A' && code[1] <= 'Z');
}

static int
run(struct args *a)
{
	static const char *const formats[] = { "csv", "ctdl", "jsonl", "schema.org" };
	struct app app;
	size_t i = 0;
	int code;

	if (!args_has(a, "format"))
		return args_usage(a, "needs --format: csv, ctdl, jsonl or schema.org");
	while (i < ARRAY_LEN(formats) && strcmp(formats[i], args_get(a, "format")) != 0)
		i++;
	if (i == ARRAY_LEN(formats))
		return args_usage(a,
		    "--format: \"%s\" is none of csv, ctdl, jsonl, schema.org",
		    args_get(a, "format"));
	if (a->n_rest == 0)
		return args_usage(a, "needs a file; - is standard input");
	if (!is_country(args_get(a, "provider-country")))
		return args_usage(a, "--provider-country: \"%s\" is no code like DE",
		    args_get(a, "provider-country"));
	code = app_init(&app, a);
	if (code == CMD_DONE)
		code = import(&app, a);
	app_fini(&app);
	return code;
}

static const struct flag flags[] = {
	{ "format", 'f', "FORMAT", "csv, ctdl, jsonl or schema.org" },
	{ "map", 'm', "FILE", "which column is what, and other things about the list" },
	{ "source", 's', "NAME", "the list's name; else of the mapping or the file" },
	{ "provider-country", 0, "CC", "the country where a program names none" },
	{ "dry-run", 'n', NULL, "say what would happen, and change nothing" },
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	APP_FLAG_JSON,
	APP_FLAG_AT,
	{ 0 },
};

const struct command catalog_import_command = {
	.name = "catalog import",
	.summary = "Bring the programs of a list into the catalog, or up to date.",
	.synopsis = "--format FORMAT [--map FILE] [--source NAME] [--dry-run] FILE...",
	.example = "credbot catalog import --format csv --dry-run programs.csv",
	.flags = flags,
	.takes_rest = true,
	.run = run,
};
