/*
 * nospace.c - a disk that fills up on command: put in front of a program by LD_PRELOAD, it
 * lets writes to databases and their logs fail with ENOSPC while the file $CREDBOT_NOSPACE
 * exists. The log's index (-shm) is spared: SQLite gives its blocks free before it takes
 * them again, so on a real disk there is room for it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef ssize_t pwrite_fn(int fd, const void *p, size_t n, off64_t at);
typedef ssize_t write_fn(int fd, const void *p, size_t n);

/* dlsym() gives an object pointer; POSIX says that it may be called. */
static void *
next(const char *name)
{
	void *fn = dlsym(RTLD_NEXT, name);

	if (fn == NULL)
		abort();
	return fn;
}

static int
is_full(int fd)
{
	const char *flag = getenv("CREDBOT_NOSPACE");
	char link[64], path[4096];
	ssize_t n;

	if (flag == NULL || access(flag, F_OK) != 0)
		return 0;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return 0;
	path[n] = '\0';
	return strstr(path, ".db") != NULL && strstr(path, "-shm") == NULL;
}

static ssize_t
refuse(void)
{
	errno = ENOSPC;
	return -1;
}

/* The C library's own names of the parameters are reserved ones. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	pwrite_fn *real;

	*(void **)&real = next("pwrite64");
	return is_full(fd) ? refuse() : real(fd, p, n, at);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	return pwrite64(fd, p, n, at);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	write_fn *real;

	*(void **)&real = next("write");
	return is_full(fd) ? refuse() : real(fd, p, n);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
