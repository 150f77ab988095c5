/*
 * input.c - a file that somebody else wrote, read from its start to its end.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bot/catalog/input_priv.h"

static bool
fill(struct input *in)
{
	ssize_t n;

	if (in->rc != RC_OK)
		return false;
	do
		n = read(in->fd, in->data, sizeof(in->data));
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		in->rc = RC_IO;
		err_set(&in->err, "%s: %s", in->path, strerror(errno));
	}
	in->at = 0;
	in->have = n > 0 ? (size_t)n : 0;
	in->taken += in->have;
	if (in->taken > INPUT_MAX) {
		in->rc = RC_INVALID;
		err_set(&in->err, "%s: larger than %llu MB; cut it into several files",
		    in->path, (unsigned long long)(INPUT_MAX >> 20));
	}
	return in->have > 0 && in->rc == RC_OK;
}

int
input_peek(struct input *in)
{
	if (in->at == in->have && !fill(in))
		return -1;
	return (unsigned char)in->data[in->at];
}

int
input_get(struct input *in)
{
	int c = input_peek(in);

	if (c < 0)
		return -1;
	in->at++;
	in->line += c == '\n';
	return c;
}

/* What the first bytes say of the encoding. */
static enum rc
check_start(struct input *in, struct err *err)
{
	if (input_peek(in) < 0) {
		if (in->rc != RC_OK)
			err_set(err, "%s", in->err.text);
		return in->rc;
	}
	if (in->have >= 3 && memcmp(in->data, "\xEF\xBB\xBF", 3) == 0)
		in->at = 3;
	if (in->have >= 2 && (memcmp(in->data, "\xFF\xFE", 2) == 0 ||
				 memcmp(in->data, "\xFE\xFF", 2) == 0)) {
		err_set(err, "%s: is UTF-16; save it as UTF-8", in->path);
		return RC_INVALID;
	}
	return RC_OK;
}

enum rc
input_open(struct input *in, const char *path, struct err *err)
{
	struct stat st;
	enum rc rc;

	*in = (struct input){ .path = path, .line = 1 };
	if (strcmp(path, "-") == 0)
		in->fd = dup(STDIN_FILENO);
	else
		in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in->fd < 0) {
		err_set(err, "%s: %s", path, strerror(errno));
		return RC_IO;
	}
	if (fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode))
		in->size = (uint64_t)st.st_size;
	rc = check_start(in, err);
	if (rc != RC_OK)
		input_close(in);
	return rc;
}

void
input_close(struct input *in)
{
	close(in->fd);
	in->fd = -1;
}

enum rc
input_line(struct input *in, struct buf *line)
{
	buf_clear(line);
	if (input_peek(in) < 0)
		return in->rc == RC_OK ? RC_NOTFOUND : in->rc;
	for (;;) {
		const char *from = in->data + in->at;
		const char *end = memchr(from, '\n', in->have - in->at);
		size_t n = end == NULL ? in->have - in->at : (size_t)(end - from);

		buf_add(line, from, n);
		in->at += n;
		if (line->len > INPUT_RECORD_MAX) {
			in->rc = RC_INVALID;
			err_set(&in->err, "%s:%lld: a line longer than %zu kB",
			    in->path, (long long)in->line, INPUT_RECORD_MAX >> 10);
			return in->rc;
		}
		if (end != NULL)
			(void)input_get(in);
		if (end != NULL || input_peek(in) < 0)
			break;
	}
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->data[--line->len] = '\0';
	return in->rc;
}
