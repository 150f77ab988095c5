/*
 * catalog_show.c - credbot catalog show: one program with all that is known of it.
 */
#include <stdio.h>

#include "bot/cmd/catalog.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"

static void
print(const struct program *p, bool json)
{
	const char *missing[PROGRAM_ELEMENTS];
	struct buf out = { 0 };
	size_t n = program_missing(p, missing);

	program_write_json(p, &out);
	if (json) {
		puts(buf_cstr(&out));
		buf_fini(&out);
		return;
	}
	puts(buf_cstr(&out));
	buf_fini(&out);
	if (n == 0)
		puts("all that the EU asks of a micro-credential is stated");
	else
		printf("not stated, of what the EU asks of a micro-credential: ");
	for (size_t i = 0; i < n; i++)
		printf("%s%s", missing[i], i + 1 < n ? ", " : "\n");
}

static int
show(const struct app *app, const struct args *a)
{
	const struct catalog_place where = app_catalog(app);
	struct arena *arena = arena_new();
	struct program p;
	struct err err = { "" };
	enum rc rc = catalog_find(&where, arena, str_of(a->rest[0]), &p, &err);

	if (rc == RC_OK)
		print(&p, args_has(a, "json"));
	else if (rc == RC_NOTFOUND)
		fprintf(stderr, "credbot: no program has the id \"%s\"\n", a->rest[0]);
	else
		fprintf(stderr, "credbot: %s\n", err.text);
	arena_free(arena);
	return rc == RC_OK ? CMD_DONE : CMD_FAILED;
}

static int
run(struct args *a)
{
	struct app app;
	int code;

	if (a->n_rest != 1)
		return args_usage(a, "needs one id");
	code = app_init(&app, a);
	if (code == CMD_DONE)
		code = show(&app, a);
	app_fini(&app);
	return code;
}

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	APP_FLAG_JSON,
	{ 0 },
};

const struct command catalog_show = {
	.name = "catalog show",
	.summary = "Show one program: its record, and what it does not state.",
	.synopsis = "[--json] ID",
	.example = "credbot catalog show ielts",
	.flags = flags,
	.takes_rest = true,
	.run = run,
};
