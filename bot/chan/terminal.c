/*
 * terminal.c - the chat in a terminal.
 *
 * After a line the input pauses until the answer is there, so that prompt and answer do not
 * mix; an answer that takes longer (the bot waits for the rest of a thought) lets the person
 * go on typing meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "credbot/base/alloc.h"
#include "credbot/base/chance.h"
#include "credbot/chan/markup.h"
#include "credbot/chan/terminal.h"
#include "credbot/flow/flow.h"
#include "credbot/io/lines.h"

/* Nobody reads lines longer than this well, however wide the window is. */
#define WIDTH_MAX 80
/* Answers come at once; what takes longer waits for more from the person. */
#define PATIENCE_MS 200
#define ID_CHARS 26
/* Files of one name. */
#define FILES_MAX 100

struct terminal {
	struct channel ch;
	struct lines *lines;
	char *account;
	void (*ended)(void *arg);
	void *arg;
	struct timer *patience;
	bool over; /* the input has ended */
};

static size_t
width(void)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0)
		return WIDTH_MAX;
	return w.ws_col < WIDTH_MAX ? w.ws_col : WIDTH_MAX;
}

static void
go_on(void *arg)
{
	struct terminal *t = arg;

	t->patience = NULL;
	if (!t->over)
		lines_resume(t->lines);
	else if (flow_idle(t->ch.flow))
		t->ended(t->arg);
	else
		t->patience = loop_after(t->ch.loop, PATIENCE_MS, go_on, t);
}

static void
wait_a_little(struct terminal *t, int64_t ms)
{
	loop_cancel(t->patience);
	t->patience = loop_after(t->ch.loop, ms, go_on, t);
}

static void
on_put(void *arg, enum rc rc, int64_t seq)
{
	(void)arg;
	(void)seq;
	if (rc == RC_AGAIN)
		puts("(Your message could not be saved: the disk is full, or the "
		     "database "
		     "is locked. Please send it again later.)\n");
	else if (rc == RC_INVALID)
		puts("(Your message could not be taken.)\n");
}

static void
put(struct terminal *t, enum message_kind kind, const char *text)
{
	char id[ID_CHARS + 1];
	struct inmsg m = {
		.channel = t->ch.ops->name,
		.account = str_of(t->account),
		.kind = kind,
		.text = str_of(text),
	};

	chance_token(chance_system(), id, ID_CHARS);
	m.id = str_of(id);
	flow_put(t->ch.flow, &m, on_put, t);
}

static void
on_line(void *arg, const char *line)
{
	struct terminal *t = arg;

	if (line == NULL || strcmp(line, "/quit") == 0) {
		t->over = true;
		lines_pause(t->lines);
		flow_hurry(t->ch.flow);
		wait_a_little(t, 0);
		return;
	}
	if (line[strspn(line, " \t")] == '\0')
		return;
	lines_pause(t->lines);
	putchar('\n');
	put(t, MESSAGE_TEXT, line);
	wait_a_little(t, PATIENCE_MS);
}

static enum rc
terminal_start(struct channel *ch, const struct config *cf, struct err *err)
{
	struct terminal *t = (struct terminal *)ch;

	(void)cf;
	(void)err;
	setvbuf(stdout, NULL, _IOLBF, 0);
	t->lines = lines_open(ch->loop, "you> ", on_line, t);
	lines_pause(t->lines);
	put(t, MESSAGE_OPEN, "");
	wait_a_little(t, PATIENCE_MS);
	return RC_OK;
}

/* A file of that name that is new: what lies there already stays as it is. */
static int
make_file(struct str name, int tries, struct buf *path)
{
	const char *dot = memrchr(name.p, '.', name.len);
	size_t stem = dot == NULL ? name.len : (size_t)(dot - name.p);

	buf_clear(path);
	if (tries == 0)
		buf_addstr(path, name);
	else
		buf_printf(path, "%.*s-%d%.*s", (int)stem, name.p, tries + 1,
		    (int)(name.len - stem), name.p + stem);
	return open(buf_cstr(path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

static bool
write_all(int fd, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.p, bytes.len);

		if (n < 0)
			return false;
		bytes = str_n(bytes.p + n, bytes.len - (size_t)n);
	}
	return true;
}

/* Into the current folder, for the owner alone. */
static void
save(const struct document *d)
{
	struct buf path = { 0 };
	int fd = -1;
	bool good;

	for (int i = 0; i < FILES_MAX && fd < 0; i++) {
		fd = make_file(d->name, i, &path);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	good = fd >= 0 && write_all(fd, d->bytes);
	if (fd >= 0 && close(fd) != 0)
		good = false;
	if (good)
		printf("\n(The file is saved here as %s.)\n", buf_cstr(&path));
	else
		printf("\n(The file %s cannot be saved here: %s.)\n", buf_cstr(&path),
		    strerror(errno));
	buf_fini(&path);
}

static void
terminal_send(struct channel *ch, const struct outmsg *m, send_done_fn *done, void *arg)
{
	struct terminal *t = (struct terminal *)ch;
	struct markup *mk = markup_parse(m->text);
	struct buf text = { 0 };

	lines_pause(t->lines);
	markup_text(mk, width(), &text);
	puts(buf_cstr(&text));
	for (size_t i = 0; i < m->n_buttons; i++)
		printf("%s  [%zu] %.*s\n", i == 0 ? "\n" : "", i + 1,
		    STR_ARG(m->buttons[i]));
	for (size_t i = 0; i < m->n_documents; i++)
		save(&m->documents[i]);
	putchar('\n');
	(void)fflush(stdout);
	buf_fini(&text);
	markup_free(mk);
	wait_a_little(t, 0);
	done(arg, &(struct send_result){ .rc = RC_OK });
}

static void
terminal_drain(struct channel *ch)
{
	lines_pause(((struct terminal *)ch)->lines);
}

static void
terminal_stop(struct channel *ch)
{
	struct terminal *t = (struct terminal *)ch;

	loop_cancel(t->patience);
	t->patience = NULL;
	lines_close(t->lines);
	t->lines = NULL;
}

static const struct channel_ops ops = {
	.name = "terminal",
	.start = terminal_start,
	.send = terminal_send,
	.drain = terminal_drain,
	.stop = terminal_stop,
};

struct channel *
terminal_new(const char *account, void (*ended)(void *arg), void *arg)
{
	struct terminal *t = xcalloc(1, sizeof(*t));

	t->ch.ops = &ops;
	t->account = xstrdup(account);
	t->ch.account = t->account;
	t->ended = ended;
	t->arg = arg;
	return &t->ch;
}

void
terminal_free(struct channel *ch)
{
	struct terminal *t = (struct terminal *)ch;

	if (t == NULL)
		return;
	free(t->account);
	free(t);
}
