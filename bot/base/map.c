/*
 * map.c - a hash table from strings to pointers: open addressing, linear probing, deletion
 * by shifting back, so that there are no tombstones.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "credbot/base/alloc.h"
#include "credbot/base/map.h"

struct slot {
	char *key; /* NULL: free */
	size_t len;
	uint64_t hash;
	void *value;
};

struct map {
	struct slot *slots;
	size_t mask; /* number of slots - 1; a power of two */
	size_t len;
	unsigned char secret[crypto_shorthash_KEYBYTES];
};

#define FIRST_SLOTS 16

static uint64_t
hash(const struct map *m, struct str key)
{
	unsigned char out[crypto_shorthash_BYTES];
	uint64_t h;

	crypto_shorthash(out, (const unsigned char *)key.p, key.len, m->secret);
	memcpy(&h, out, sizeof(h));
	return h;
}

struct map *
map_new(void)
{
	struct map *m = xcalloc(1, sizeof(*m));

	m->slots = xcalloc(FIRST_SLOTS, sizeof(*m->slots));
	m->mask = FIRST_SLOTS - 1;
	randombytes_buf(m->secret, sizeof(m->secret));
	return m;
}

void
map_free(struct map *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i <= m->mask; i++)
		free(m->slots[i].key);
	free(m->slots);
	free(m);
}

size_t
map_len(const struct map *m)
{
	return m->len;
}

/* The slot of key, or the free one where it belongs. */
static struct slot *
find(const struct map *m, struct str key, uint64_t h)
{
	size_t i = h & m->mask;

	while (m->slots[i].key != NULL) {
		const struct slot *s = &m->slots[i];

		if (s->hash == h && str_eq(str_n(s->key, s->len), key))
			break;
		i = (i + 1) & m->mask;
	}
	return &m->slots[i];
}

void *
map_get(const struct map *m, struct str key)
{
	return find(m, key, hash(m, key))->value;
}

void *
map_get_c(const struct map *m, const char *key)
{
	return map_get(m, str_of(key));
}

static void
grow(struct map *m)
{
	struct slot *old = m->slots;
	size_t n = m->mask + 1;

	m->slots = xcalloc(n * 2, sizeof(*m->slots));
	m->mask = n * 2 - 1;
	for (size_t i = 0; i < n; i++)
		if (old[i].key != NULL)
			*find(m, str_n(old[i].key, old[i].len), old[i].hash) = old[i];
	free(old);
}

void *
map_put(struct map *m, struct str key, void *value)
{
	uint64_t h = hash(m, key);
	struct slot *s = find(m, key, h);
	void *old = s->value;

	assert(value != NULL);
	if (s->key != NULL) {
		s->value = value;
		return old;
	}
	if ((m->len + 1) * 3 > (m->mask + 1) * 2) {
		grow(m);
		s = find(m, key, h);
	}
	*s = (struct slot){ xstrndup(key.p, key.len), key.len, h, value };
	m->len++;
	return NULL;
}

void *
map_del(struct map *m, struct str key)
{
	struct slot *s = find(m, key, hash(m, key));
	void *value = s->value;
	size_t hole, i;

	if (s->key == NULL)
		return NULL;
	free(s->key);
	hole = i = (size_t)(s - m->slots);
	for (;;) {
		size_t home;

		i = (i + 1) & m->mask;
		if (m->slots[i].key == NULL)
			break;
		home = m->slots[i].hash & m->mask;
		/* May it move into the hole, or would its home then lie behind it? */
		if (((i - home) & m->mask) >= ((i - hole) & m->mask)) {
			m->slots[hole] = m->slots[i];
			hole = i;
		}
	}
	m->slots[hole] = (struct slot){ 0 };
	m->len--;
	return value;
}

bool
map_next(const struct map *m, size_t *pos, struct str *key, void **value)
{
	while (*pos <= m->mask) {
		const struct slot *s = &m->slots[(*pos)++];

		if (s->key == NULL)
			continue;
		*key = str_n(s->key, s->len);
		*value = s->value;
		return true;
	}
	return false;
}
