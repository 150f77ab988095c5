/*
 * export.h - programs in the forms that others read.
 */
#ifndef CREDBOT_CATALOG_EXPORT_H
#define CREDBOT_CATALOG_EXPORT_H

#include "credbot/base/buf.h"
#include "credbot/catalog/program.h"

struct export_format {
	const char *name; /* jsonl, csv, schema.org */
	/* What stands before the first and behind the last program. */
	void (*begin)(struct buf *out);
	void (*one)(const struct program *p, bool first, struct buf *out);
	void (*end)(struct buf *out);
};

/* NULL: there is none of that name. */
const struct export_format *export_format_named(const char *name);

#endif
