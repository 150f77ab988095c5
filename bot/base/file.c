/*
 * file.c - whole files and folders.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credbot/base/alloc.h"
#include "credbot/base/file.h"

static enum rc
fail(struct err *err, const char *path)
{
	enum rc rc = errno == ENOENT ? RC_NOTFOUND : RC_IO;

	err_set(err, "%s: %s", path, strerror(errno));
	return rc;
}

enum rc
file_read(const char *path, size_t max, struct buf *out, struct err *err)
{
	size_t start = out->len;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail(err, path);
	for (;;) {
		ssize_t n = read(fd, buf_reserve(out, 65536), 65536);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			enum rc rc = fail(err, path);

			close(fd);
			return rc;
		}
		if (n == 0)
			break;
		out->len += (size_t)n;
		if (out->len - start > max) {
			close(fd);
			err_set(err, "%s: larger than %zu bytes", path, max);
			return RC_INVALID;
		}
	}
	out->data[out->len] = '\0';
	close(fd);
	return RC_OK;
}

static bool
write_all(int fd, struct str data)
{
	while (data.len > 0) {
		ssize_t n = write(fd, data.p, data.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data.p += n;
		data.len -= (size_t)n;
	}
	return fsync(fd) == 0;
}

/* A rename is on disk when its folder is. */
static void
sync_folder(const char *path)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	free(copy);
}

enum rc
file_write_atomic(const char *path, struct str data, struct err *err)
{
	struct buf tmp = { 0 };
	enum rc rc = RC_OK;
	int fd;

	buf_printf(&tmp, "%s.XXXXXX", path);
	fd = mkostemp(tmp.data, O_CLOEXEC);
	if (fd < 0 || !write_all(fd, data) || fchmod(fd, 0644) != 0)
		rc = fail(err, buf_cstr(&tmp));
	if (fd >= 0)
		close(fd);
	if (rc == RC_OK && rename(buf_cstr(&tmp), path) != 0)
		rc = fail(err, path);
	if (rc == RC_OK)
		sync_folder(path);
	else if (fd >= 0)
		(void)unlink(buf_cstr(&tmp));
	buf_fini(&tmp);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

enum rc
file_list(struct arena *a, const char *dir, const char *suffix, char ***out,
    struct err *err)
{
	char **names = NULL;
	size_t n = 0, cap = 0;
	struct dirent *e;
	DIR *d = opendir(dir);

	if (d == NULL)
		return fail(err, dir);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' || !str_ends(str_of(e->d_name), suffix))
			continue;
		xgrow(&names, &cap, n + 1);
		names[n++] = arena_strdup(a, e->d_name);
	}
	closedir(d);
	if (n > 0)
		qsort(names, n, sizeof(*names), by_name);
	*out = arena_zalloc(a, n + 1, sizeof(**out));
	if (n > 0)
		memcpy(*out, names, n * sizeof(*names));
	free(names);
	return RC_OK;
}

enum rc
file_make_dir(const char *dir, struct err *err)
{
	char *path = xstrdup(dir);
	enum rc rc = RC_OK;

	for (char *p = path + 1;; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST) {
			rc = fail(err, path);
			break;
		}
		*p = c;
		if (c == '\0')
			break;
	}
	free(path);
	return rc;
}
