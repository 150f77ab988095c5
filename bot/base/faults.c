/*
 * faults.c - everything that is wrong with the files a person wrote.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "credbot/base/alloc.h"
#include "credbot/base/faults.h"

void
faults_fini(struct faults *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].file);
		free(f->v[i].reason);
	}
	free(f->v);
	*f = (struct faults){ 0 };
}

void
faults_add(struct faults *f, struct place at, const char *fmt, ...)
{
	struct buf reason = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&reason, fmt, ap);
	va_end(ap);
	xgrow(&f->v, &f->cap, f->n + 1);
	f->v[f->n++] = (struct fault){ xstrdup(at.file), at.line, at.column,
		buf_take(&reason) };
}

void
faults_add_err(struct faults *f, const char *path, const struct err *err)
{
	const char *reason = err->text;
	size_t n = strlen(path);

	if (strncmp(reason, path, n) == 0 && strncmp(reason + n, ": ", 2) == 0)
		reason += n + 2;
	faults_add(f, (struct place){ path, 0, 0 }, "%s", reason);
}

static int
by_place(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	if (order != 0)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column - y->column;
}

void
faults_sort(struct faults *f)
{
	if (f->n > 0)
		qsort(f->v, f->n, sizeof(*f->v), by_place);
}

void
faults_print(const struct faults *f, struct buf *out)
{
	for (size_t i = 0; i < f->n; i++) {
		buf_adds(out, f->v[i].file);
		if (f->v[i].line > 0)
			buf_printf(out, ":%d", f->v[i].line);
		if (f->v[i].column > 0)
			buf_printf(out, ":%d", f->v[i].column);
		buf_printf(out, ": %s\n", f->v[i].reason);
	}
}

void
faults_print_json(const struct faults *f, struct buf *out)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < f->n; i++) {
		buf_adds(out, i == 0 ? "{\"file\":" : ",{\"file\":");
		buf_add_json(out, str_of(f->v[i].file));
		buf_printf(out, ",\"line\":%d,\"column\":%d,\"reason\":", f->v[i].line,
		    f->v[i].column);
		buf_add_json(out, str_of(f->v[i].reason));
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}
