/*
 * map.h - a hash table from strings to pointers.
 *
 * Keys are copied, values belong to the caller. The hash is keyed per process (SipHash), so
 * that chosen keys cannot be made to collide. Open addressing; not for threads.
 */
#ifndef CREDBOT_BASE_MAP_H
#define CREDBOT_BASE_MAP_H

#include <stddef.h>

#include "credbot/base/str.h"

struct map;

struct map *map_new(void);
void map_free(struct map *m); /* NULL is fine; values are not freed */

size_t map_len(const struct map *m);

/* NULL if the key is not there. */
void *map_get(const struct map *m, struct str key);
void *map_get_c(const struct map *m, const char *key);

/* Sets key to value (not NULL) and returns the value it replaced, or NULL. */
void *map_put(struct map *m, struct str key, void *value);

/* Takes the key out and returns its value, or NULL. */
void *map_del(struct map *m, struct str key);

/*
 * Walks all pairs in no certain order: start with *pos = 0, ends with false. The map must
 * not change meanwhile.
 */
bool map_next(const struct map *m, size_t *pos, struct str *key, void **value);

#endif
