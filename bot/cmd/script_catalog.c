/*
 * script_catalog.c - the programs that a script names, imported for it.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/cmd/script.h"
#include "credbot/base/alloc.h"
#include "credbot/base/clock.h"
#include "credbot/catalog/import.h"

static const char *
format_of(struct str file)
{
	return str_ends(file, ".csv") ? "csv" : "jsonl";
}

/* A test that loses programs on the way would test something else. */
static bool
is_whole(const struct import_report *rep, struct err *err)
{
	if (rep->all_faults == 0)
		return true;
	err_set(err, "%s:%lld: %s %s %s", rep->faults[0].file,
	    (long long)rep->faults[0].line, rep->faults[0].id, rep->faults[0].field,
	    rep->faults[0].reason);
	return false;
}

bool
script_import(const char *path, struct str file, const char *state_dir, int64_t now_ms,
    struct err *err)
{
	const char *slash = strrchr(path, '/');
	char today[CLOCK_ISO_MAX];
	struct import_options o = { .format = format_of(file),
		.today = today,
		.now_ms = now_ms };
	struct import_report rep;
	struct buf full = { 0 };
	char *files[1];
	bool good;

	clock_format(now_ms, today, sizeof(today));
	today[strlen("2027-01-01")] = '\0';
	buf_add(&full, path, slash == NULL ? 0 : (size_t)(slash - path) + 1);
	buf_addstr(&full, file);
	files[0] = buf_take(&full);
	import_report_init(&rep);
	good = catalog_import(state_dir, &o, files, 1, &rep, err) == RC_OK &&
	       is_whole(&rep, err);
	import_report_fini(&rep);
	free(files[0]);
	return good;
}
