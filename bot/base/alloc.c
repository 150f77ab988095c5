/*
 * alloc.c - memory that is always there; the process ends when it is not.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credbot/base/alloc.h"

/* Uses nothing that could allocate. */
static void *
must(void *p)
{
	if (p == NULL) {
		fputs("credbot: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *
xmalloc(size_t size)
{
	return must(malloc(size == 0 ? 1 : size));
}

void *
xcalloc(size_t n, size_t size)
{
	return must(n == 0 || size == 0 ? calloc(1, 1) : calloc(n, size));
}

void *
xrealloc(void *p, size_t size)
{
	return must(realloc(p, size == 0 ? 1 : size));
}

char *
xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *
xstrndup(const char *s, size_t n)
{
	char *copy = xmalloc(n + 1);

	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

void
xgrow_raw(void *v, size_t *cap, size_t need, size_t elem)
{
	void **array = v;
	size_t n = *cap;

	if (need <= n)
		return;
	if (n == 0)
		n = 8;
	while (n < need)
		n = n > SIZE_MAX / 2 ? need : n * 2;
	if (n > SIZE_MAX / elem)
		must(NULL);
	*array = xrealloc(*array, n * elem);
	*cap = n;
}
