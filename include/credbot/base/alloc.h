/*
 * alloc.h - memory that is always there.
 *
 * When memory is gone the process ends: what was acknowledged is on disk, systemd starts us
 * again, and the recovery path is the start-up path. Sizes that come from outside are
 * checked before they get here. Free with free().
 */
#ifndef CREDBOT_BASE_ALLOC_H
#define CREDBOT_BASE_ALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size); /* zeroed; n * size may not overflow */
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);

/*
 * Makes *v, an array of *cap elements of elem bytes, hold at least need of them: doubles,
 * leaves new elements undefined. Use the macro, so that the element size cannot be
 * forgotten.
 */
void xgrow_raw(void *v, size_t *cap, size_t need, size_t elem);
#define xgrow(v, cap, need) xgrow_raw((v), (cap), (need), sizeof(**(v)))

#endif
