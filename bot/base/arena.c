/*
 * arena.c - memory that dies with a turn: blocks that are filled from the start.
 *
 * With CREDBOT_ARENA_SPLIT (the sanitizer build) each object is a block of its own.
 */
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credbot/base/alloc.h"
#include "credbot/base/arena.h"

/* One turn with its replies fits into the first block (measured: 4 to 9 kB). */
#define BLOCK_SIZE ((size_t)16 * 1024)

struct block {
	struct block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char data[];
};

struct arena {
	struct block *first; /* the one being filled */
};

static struct block *
block_new(size_t size)
{
	struct block *b = xmalloc(sizeof(*b) + size);

	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

struct arena *
arena_new(void)
{
	return xcalloc(1, sizeof(struct arena));
}

static void
free_blocks(struct block *b)
{
	while (b != NULL) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	free_blocks(a->first);
	free(a);
}

#ifdef CREDBOT_ARENA_SPLIT
void
arena_reset(struct arena *a)
{
	free_blocks(a->first);
	a->first = NULL;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct block *b = block_new(size);

	b->next = a->first;
	a->first = b;
	return b->data;
}
#else
void
arena_reset(struct arena *a)
{
	struct block *keep = a->first;

	if (keep == NULL)
		return;
	free_blocks(keep->next);
	keep->next = NULL;
	keep->used = 0;
	if (keep->size > 4 * BLOCK_SIZE) {
		free(keep);
		a->first = NULL;
	}
}

void *
arena_alloc(struct arena *a, size_t size)
{
	size_t need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct block *b = a->first;
	void *p;

	if (b == NULL || b->size - b->used < need) {
		b = block_new(need > BLOCK_SIZE ? need : BLOCK_SIZE);
		b->next = a->first;
		a->first = b;
	}
	p = b->data + b->used;
	b->used += need;
	return p;
}
#endif

void *
arena_zalloc(struct arena *a, size_t n, size_t size)
{
	void *p;

	if (size != 0 && n > SIZE_MAX / size)
		abort();
	p = arena_alloc(a, n * size);
	memset(p, 0, n * size);
	return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_alloc(a, n + 1);

	if (n > 0)
		memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_cstr(struct arena *a, struct str s)
{
	return arena_strndup(a, s.p, s.len);
}

struct str
arena_str(struct arena *a, struct str s)
{
	return str_n(arena_strndup(a, s.p, s.len), s.len);
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *out;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	out = arena_alloc(a, (size_t)n + 1);
	(void)vsnprintf(out, (size_t)n + 1, fmt, again);
	va_end(again);
	return out;
}
