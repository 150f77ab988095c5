/*
 * remarks.h - what there is to say about one record while it is read.
 *
 * A reader goes on after a remark, so that all are made at once. Texts live in the arena of
 * the record.
 */
#ifndef CREDBOT_CATALOG_REMARKS_H
#define CREDBOT_CATALOG_REMARKS_H

#include <stddef.h>

#include "credbot/base/arena.h"
#include "credbot/base/str.h"

enum remark_kind {
	REMARK_WRONG,   /* cannot be true: the record is refused */
	REMARK_UNCLEAR, /* can be read in more than one way: it counts as not stated */
	REMARK_EXTRA,   /* not understood: kept beside the record */
};

struct remark {
	enum remark_kind kind;
	const char *field; /* "offers[1].price", or the heading of a column */
	const char *reason;
};

/* Nobody reads more about one record; counting goes on. */
#define REMARKS_MAX 64

struct remarks {
	struct arena *a;
	struct remark v[REMARKS_MAX];
	size_t n;
	size_t wrong; /* how many are REMARK_WRONG, also of those that found no room */
};

/* r may be NULL: then nobody is waiting. */
__attribute__((format(printf, 4, 5))) void remarks_add(struct remarks *r,
    enum remark_kind kind, const char *field, const char *fmt, ...);

#endif
