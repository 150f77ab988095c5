/*
 * import_report.c - what came of an import, for people and for programs.
 */
#include <stdlib.h>
#include <string.h>

#include "credbot/base/alloc.h"
#include "credbot/catalog/import.h"

void
import_report_init(struct import_report *rep)
{
	*rep = (struct import_report){ .a = arena_new(), .extra = map_new() };
}

void
import_report_fini(struct import_report *rep)
{
	free(rep->faults);
	map_free(rep->extra);
	arena_free(rep->a);
}

struct row {
	const char *field;
	size_t n;
};

static int
by_count(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->field, y->field);
}

/* The fields that were not understood, the most frequent first; freed by the caller. */
static struct row *
extra_rows(const struct import_report *rep)
{
	size_t n = 0, pos = 0;
	struct row *rows = xcalloc(map_len(rep->extra) + 1, sizeof(*rows));
	struct str field;
	void *count;

	while (map_next(rep->extra, &pos, &field, &count))
		rows[n++] = (struct row){ arena_cstr(rep->a, field),
			((struct import_count *)count)->n };
	qsort(rows, n, sizeof(*rows), by_count);
	return rows;
}

static void
print_line(struct buf *out, const char *what, size_t n)
{
	if (n > 0)
		buf_printf(out, "  %-38s %zu\n", what, n);
}

static void
print_faults(const struct import_report *rep, size_t max, struct buf *out)
{
	for (size_t i = 0; i < rep->n_faults && i < max; i++) {
		const struct import_fault *f = &rep->faults[i];

		buf_printf(out, "%s:%lld: %s%s%s%s: %s%s\n", f->file,
		    (long long)f->line, f->refused ? "refused " : "", f->id,
		    f->id[0] == '\0' ? "" : " ", f->field, f->reason,
		    f->refused ? "" : "; left out");
	}
	if (rep->all_faults > max)
		buf_printf(out, "... and %zu more\n", rep->all_faults - max);
}

void
import_report_print(const struct import_report *rep, bool dry_run, size_t max,
    struct buf *out)
{
	struct row *rows = extra_rows(rep);

	print_faults(rep, max, out);
	buf_printf(out, "%s: %zu records read%s\n", rep->source, rep->read,
	    dry_run ? ", nothing was changed (--dry-run)" : "");
	print_line(out, "new", rep->added);
	print_line(out, "changed", rep->changed);
	print_line(out, "  of these, back in the source", rep->returned);
	print_line(out, "as they were", rep->same);
	print_line(out, "refused", rep->refused);
	print_line(out, "no longer in the source, now ceased", rep->withdrawn);
	print_line(out, "complete micro-credentials", rep->complete);
	print_line(out, "without provider", rep->no_provider);
	print_line(out, "without country", rep->no_country);
	print_line(out, "without address and code", rep->no_address);
	print_line(out, "without type", rep->no_type);
	print_line(out, "without status", rep->no_status);
	if (map_len(rep->extra) > 0)
		buf_adds(out, "kept beside the record, not understood:\n");
	for (size_t i = 0; i < map_len(rep->extra) && i < max; i++)
		print_line(out, rows[i].field, rows[i].n);
	free(rows);
}

static void
add_count(struct buf *out, const char *name, size_t n)
{
	buf_printf(out, "\"%s\": %zu, ", name, n);
}

static void
add_text(struct buf *out, const char *name, const char *text, const char *end)
{
	buf_printf(out, "\"%s\": ", name);
	buf_add_json(out, str_of(text));
	buf_adds(out, end);
}

void
import_report_json(const struct import_report *rep, bool dry_run, struct buf *out)
{
	struct row *rows = extra_rows(rep);

	buf_addc(out, '{');
	add_text(out, "source", rep->source == NULL ? "" : rep->source, ", ");
	buf_printf(out, "\"dry_run\": %s, ", dry_run ? "true" : "false");
	add_count(out, "read", rep->read);
	add_count(out, "new", rep->added);
	add_count(out, "changed", rep->changed);
	add_count(out, "returned", rep->returned);
	add_count(out, "same", rep->same);
	add_count(out, "refused", rep->refused);
	add_count(out, "withdrawn", rep->withdrawn);
	add_count(out, "complete", rep->complete);
	buf_printf(out,
	    "\"without\": {\"provider\": %zu, \"country\": %zu, \"address\": %zu, "
	    "\"type\": %zu, \"status\": %zu}, \"not_understood\": {",
	    rep->no_provider, rep->no_country, rep->no_address, rep->no_type,
	    rep->no_status);
	for (size_t i = 0; i < map_len(rep->extra); i++) {
		buf_adds(out, i == 0 ? "" : ", ");
		buf_add_json(out, str_of(rows[i].field));
		buf_printf(out, ": %zu", rows[i].n);
	}
	buf_printf(out, "}, \"all_faults\": %zu, \"faults\": [", rep->all_faults);
	for (size_t i = 0; i < rep->n_faults; i++) {
		const struct import_fault *f = &rep->faults[i];

		buf_adds(out, i == 0 ? "{" : ", {");
		add_text(out, "file", f->file, ", ");
		buf_printf(out, "\"line\": %lld, ", (long long)f->line);
		add_text(out, "id", f->id, ", ");
		add_text(out, "field", f->field, ", ");
		add_text(out, "reason", f->reason, ", ");
		buf_printf(out, "\"refused\": %s}", f->refused ? "true" : "false");
	}
	buf_adds(out, "]}");
	free(rows);
}
