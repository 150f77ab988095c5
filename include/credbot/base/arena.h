/*
 * arena.h - memory that dies with a turn.
 *
 * Whatever is allocated here is freed together by arena_reset() or arena_free(); nothing is
 * freed alone. Not for threads. In the sanitizer build every object is a block of its own,
 * so that an overrun by one byte is seen.
 */
#ifndef CREDBOT_BASE_ARENA_H
#define CREDBOT_BASE_ARENA_H

#include <stddef.h>

#include "credbot/base/str.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is fine */

/* Forgets everything, keeps the first block: a turn then costs no malloc. */
void arena_reset(struct arena *a);

/* Aligned for any type, not zeroed. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_zalloc(struct arena *a, size_t n, size_t size);

char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_cstr(struct arena *a, struct str s); /* ends with NUL */
struct str arena_str(struct arena *a, struct str s);
__attribute__((format(printf, 2, 3))) char *arena_printf(struct arena *a,
    const char *fmt, ...);

#endif
