/*
 * input_priv.h - a file that somebody else wrote, read from its start to its end.
 *
 * Never held as a whole: a file may be larger than memory, or have no end. "-" is standard
 * input.
 */
#ifndef CREDBOT_CATALOG_INPUT_PRIV_H
#define CREDBOT_CATALOG_INPUT_PRIV_H

#include <stdint.h>

#include "credbot/base/buf.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"

/* The largest file that is read; a million programs take half of it. */
#define INPUT_MAX ((uint64_t)2 * 1024 * 1024 * 1024)
/* The longest record; the longest seen in real lists has 40 kB. */
#define INPUT_RECORD_MAX ((size_t)1024 * 1024)

struct input {
	const char *path; /* borrowed */
	int fd;
	uint64_t size; /* 0: not known (a pipe) */
	uint64_t taken;
	int64_t line; /* of the byte that comes next, from 1 */
	enum rc rc;   /* RC_OK until something broke; err says what */
	struct err err;
	size_t at, have;
	char data[65536];
};

/* RC_IO: cannot be read. A byte order mark at the start is left out; UTF-16 is RC_INVALID. */
enum rc input_open(struct input *in, const char *path, struct err *err);
void input_close(struct input *in);

/* The next byte; -1 at the end, and when rc is no longer RC_OK. */
int input_get(struct input *in);
int input_peek(struct input *in);

/* The next line, without its end, in place of what is in line. RC_NOTFOUND: there is none.
 * RC_INVALID: it is longer than INPUT_RECORD_MAX; the file cannot be read on. */
enum rc input_line(struct input *in, struct buf *line);

#endif
