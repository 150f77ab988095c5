/*
 * faults.h - everything that is wrong with the files a person wrote, each with its place.
 *
 * A loader goes on after a fault where it can, so that all are named at once. Printed as
 * file:line:column: reason, the form that editors jump to.
 */
#ifndef CREDBOT_BASE_FAULTS_H
#define CREDBOT_BASE_FAULTS_H

#include <stddef.h>

#include "credbot/base/buf.h"
#include "credbot/base/err.h"

struct place {
	const char *file; /* must outlive the call only; it is copied */
	int line;         /* from 1; 0: the file as a whole */
	int column;       /* from 1, in characters; 0: the line as a whole */
};

struct fault {
	char *file;
	int line;
	int column;
	char *reason;
};

struct faults {
	struct fault *v;
	size_t n;
	size_t cap;
};

void faults_fini(struct faults *f);

__attribute__((format(printf, 3, 4))) void faults_add(struct faults *f, struct place at,
    const char *fmt, ...);

/* A file as a whole could not be read or written: the reason of err, which may begin with
 * the path. */
void faults_add_err(struct faults *f, const char *path, const struct err *err);

/* By file, line and column. */
void faults_sort(struct faults *f);

/* One line each. */
void faults_print(const struct faults *f, struct buf *out);

/* [{"file","line","column","reason"}, ...] */
void faults_print_json(const struct faults *f, struct buf *out);

#endif
