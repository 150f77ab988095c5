/*
 * catalog_export.c - credbot catalog export: all programs, on standard output.
 */
#include <stdio.h>

#include "bot/cmd/catalog.h"
#include "credbot/catalog/export.h"

struct exporting {
	const struct export_format *format;
	struct buf out;
	bool first;
	bool broken; /* whoever reads has gone, or the disk is full */
};

static void
flush(struct exporting *x)
{
	x->broken = x->broken ||
	            fwrite(buf_cstr(&x->out), 1, x->out.len, stdout) != x->out.len;
	buf_clear(&x->out);
}

static bool
write_one(void *arg, const struct program *p)
{
	struct exporting *x = arg;

	x->format->one(p, x->first, &x->out);
	x->first = false;
	flush(x);
	return !x->broken;
}

static int export(const struct app *app, const struct export_format *format)
{
	const struct catalog_place where = app_catalog(app);
	struct exporting x = { .format = format, .first = true };
	struct err err = { "" };
	enum rc rc;

	format->begin(&x.out);
	rc = catalog_each(&where, write_one, &x, &err);
	if (rc == RC_OK)
		format->end(&x.out);
	flush(&x);
	buf_fini(&x.out);
	if (rc != RC_OK)
		fprintf(stderr, "credbot: %s\n", err.text);
	else if (x.broken || fflush(stdout) != 0)
		fprintf(stderr, "credbot: the programs could not all be written\n");
	else
		return CMD_DONE;
	return CMD_FAILED;
}

static int
run(struct args *a)
{
	const struct export_format *format;
	struct app app;
	int code;

	if (!args_has(a, "format"))
		return args_usage(a, "needs --format: csv, jsonl or schema.org");
	format = export_format_named(args_get(a, "format"));
	if (format == NULL)
		return args_usage(a,
		    "--format: \"%s\" is none of csv, jsonl, schema.org",
		    args_get(a, "format"));
	code = app_init(&app, a);
	if (code == CMD_DONE)
		code = export(&app, format);
	app_fini(&app);
	return code;
}

static const struct flag flags[] = {
	{ "format", 'f', "FORMAT", "csv, jsonl or schema.org" },
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	{ 0 },
};

const struct command catalog_export = {
	.name = "catalog export",
	.summary = "Print all programs, for other programs to read.",
	.synopsis = "--format FORMAT",
	.example = "credbot catalog export --format schema.org > programs.jsonld",
	.flags = flags,
	.run = run,
};
