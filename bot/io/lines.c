/*
 * lines.c - lines that a person types.
 *
 * libedit's callback interface reads a character whenever the loop says that there is one.
 * It has no argument for its callback, hence the one static pointer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <editline/readline.h>
#include <uv.h>

#include "credbot/base/alloc.h"
#include "credbot/base/buf.h"
#include "credbot/io/lines.h"

struct lines {
	uv_poll_t poll;
	struct loop *loop;
	struct timer *tick; /* for lines that are there already */
	const char *prompt;
	lines_fn *fn;
	void *arg;
	struct buf pending; /* from a pipe: bytes after the last line feed */
	int flags;          /* of standard input, before we changed them */
	bool terminal;
	bool paused;
	bool ended;
};

static struct lines *reader;

static void
give(struct lines *in, const char *line)
{
	if (in->ended)
		return;
	if (line == NULL) {
		in->ended = true;
		if (in->poll.data != NULL)
			uv_poll_stop(&in->poll);
	}
	in->fn(in->arg, line);
}

static void
on_typed(char *line)
{
	if (line != NULL && line[0] != '\0')
		add_history(line);
	give(reader, line);
	free(line);
}

/* Gives the whole lines that are pending, unless told to pause. */
static void
give_pending(struct lines *in)
{
	char *end;

	while (!in->paused && in->pending.len > 0 &&
	       (end = memchr(in->pending.data, '\n', in->pending.len)) != NULL) {
		size_t n = (size_t)(end - in->pending.data);
		char *line = xstrndup(in->pending.data, n);

		in->pending.len -= n + 1;
		memmove(in->pending.data, end + 1, in->pending.len);
		give(in, line);
		free(line);
	}
}

static void
read_pipe(struct lines *in)
{
	ssize_t n = read(STDIN_FILENO, buf_reserve(&in->pending, 4096), 4096);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		in->pending.len += (size_t)n;
	if (n <= 0 && in->pending.len > 0)
		buf_addc(&in->pending, '\n'); /* the last line may lack its end */
	give_pending(in);
	if (n <= 0 && !in->paused)
		give(in, NULL);
	else if (in->pending.len > LINES_LENGTH_MAX)
		buf_clear(&in->pending);
}

static void
on_readable(uv_poll_t *handle, int status, int events)
{
	struct lines *in = handle->data;

	(void)status;
	(void)events;
	if (in->paused)
		return;
	if (in->terminal)
		rl_callback_read_char();
	else
		read_pipe(in);
}

/* Lines that were read before a pause; and a plain file, which cannot be polled. */
static void
on_tick(void *arg)
{
	struct lines *in = arg;

	in->tick = NULL;
	give_pending(in);
	if (in->poll.data != NULL || in->paused || in->ended)
		return;
	read_pipe(in);
	if (!in->paused && !in->ended)
		in->tick = loop_after(in->loop, 0, on_tick, in);
}

struct lines *
lines_open(struct loop *l, const char *prompt, lines_fn *fn, void *arg)
{
	struct lines *in = xcalloc(1, sizeof(*in));

	*in = (struct lines){ .loop = l, .prompt = prompt, .fn = fn, .arg = arg };
	in->flags = fcntl(STDIN_FILENO, F_GETFL);
	in->terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	in->paused = true;
	reader = in;
	if (in->terminal) {
		rl_readline_name = "credbot";
		using_history();
	}
	if (uv_poll_init(loop_uv(l), &in->poll, STDIN_FILENO) == 0)
		in->poll.data = in;
	lines_resume(in);
	return in;
}

void
lines_pause(struct lines *in)
{
	if (in->paused || in->ended)
		return;
	in->paused = true;
	if (in->terminal)
		rl_callback_handler_remove();
	if (in->poll.data != NULL)
		uv_poll_stop(&in->poll);
	loop_cancel(in->tick);
	in->tick = NULL;
}

void
lines_resume(struct lines *in)
{
	if (!in->paused || in->ended)
		return;
	in->paused = false;
	if (in->terminal)
		rl_callback_handler_install(in->prompt, on_typed);
	if (in->poll.data != NULL)
		uv_poll_start(&in->poll, UV_READABLE, on_readable);
	if (in->tick == NULL && (in->poll.data == NULL || in->pending.len > 0))
		in->tick = loop_after(in->loop, 0, on_tick, in);
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void
lines_close(struct lines *in)
{
	if (in == NULL)
		return;
	lines_pause(in);
	/* libuv made it non-blocking, for the programs after us as well. */
	(void)fcntl(STDIN_FILENO, F_SETFL, in->flags);
	buf_fini(&in->pending);
	reader = NULL;
	if (in->poll.data != NULL)
		uv_close((uv_handle_t *)&in->poll, on_closed);
	else
		free(in);
}
