/*
 * file.h - whole files and folders.
 */
#ifndef CREDBOT_BASE_FILE_H
#define CREDBOT_BASE_FILE_H

#include "credbot/base/arena.h"
#include "credbot/base/buf.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"

/* Appends the file to out. RC_NOTFOUND: no such file; RC_INVALID: more than max bytes;
 * RC_IO: could not be read. err names the path and the reason. */
enum rc file_read(const char *path, size_t max, struct buf *out, struct err *err);

/* Replaces the file in one step (a new file, synced, renamed over the old one). */
enum rc file_write_atomic(const char *path, struct str data, struct err *err);

/* Names in dir that end with suffix, sorted, in a; NULL-terminated. RC_NOTFOUND: no such
 * folder. Hidden files are left out. */
enum rc file_list(struct arena *a, const char *dir, const char *suffix, char ***out,
    struct err *err);

/* Makes dir and its parents, for the owner alone (0700). */
enum rc file_make_dir(const char *dir, struct err *err);

#endif
