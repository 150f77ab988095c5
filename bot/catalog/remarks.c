/*
 * remarks.c - what there is to say about one record while it is read.
 */
#include <stdarg.h>

#include "credbot/base/buf.h"
#include "credbot/catalog/remarks.h"

void
remarks_add(struct remarks *r, enum remark_kind kind, const char *field,
    const char *fmt, ...)
{
	struct buf text = { 0 };
	va_list ap;

	if (r == NULL)
		return;
	r->wrong += kind == REMARK_WRONG;
	if (r->n == REMARKS_MAX)
		return;
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	r->v[r->n++] = (struct remark){ kind, arena_strdup(r->a, field),
		arena_cstr(r->a, buf_str(&text)) };
	buf_fini(&text);
}
