/*
 * log.c - one line an event.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "credbot/base/clock.h"
#include "credbot/base/log.h"

/* A line is one write() of at most this, so that lines of two threads do not mix. */
#define LINE_MAX_BYTES 1024

static _Atomic int threshold = LOG_INFO;
static log_sink_fn *sink;
static void *sink_arg;

/* A bot's token, passwords, and tokens that are renewed while the old ones may still be said. */
#define HIDDEN_MAX 16
#define HIDDEN_SIZE 512
#define HIDDEN_SHORTEST 8

static struct {
	pthread_mutex_t lock;
	size_t n; /* ever */
	struct {
		char text[HIDDEN_SIZE];
		size_t len;
	} list[HIDDEN_MAX];
} hidden = { .lock = PTHREAD_MUTEX_INITIALIZER };

static const struct {
	const char *name;
	enum log_level level;
} levels[] = {
	{ "error", LOG_ERROR },
	{ "warn", LOG_WARN },
	{ "info", LOG_INFO },
	{ "debug", LOG_DEBUG },
};

void
log_set_level(enum log_level level)
{
	threshold = (int)level;
}

enum rc
log_level_parse(struct str name, enum log_level *out)
{
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		if (str_is(name, levels[i].name)) {
			*out = levels[i].level;
			return RC_OK;
		}
	}
	return RC_INVALID;
}

void
log_set_sink(log_sink_fn *fn, void *arg)
{
	sink = fn;
	sink_arg = arg;
}

static const char *
level_name(enum log_level level)
{
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if (levels[i].level == level)
			return levels[i].name;
	return "?";
}

/* Writes the start of the line; its length. */
static int
prefix(char *line, size_t size, enum log_level level)
{
	char now[CLOCK_ISO_MAX];

	if (getenv("JOURNAL_STREAM") != NULL)
		return snprintf(line, size, "<%d>", (int)level);
	clock_format(clock_now_ms(clock_system()), now, sizeof(now));
	return snprintf(line, size, "%s %-5s ", now, level_name(level));
}

static bool
is_hidden(struct str secret)
{
	for (size_t i = 0; i < HIDDEN_MAX; i++)
		if (hidden.list[i].len == secret.len &&
		    memcmp(hidden.list[i].text, secret.p, secret.len) == 0)
			return true;
	return false;
}

void
log_hide(struct str secret)
{
	if (secret.len < HIDDEN_SHORTEST)
		return;
	if (secret.len > HIDDEN_SIZE)
		secret.len = HIDDEN_SIZE; /* of a longer one, what comes first */
	(void)pthread_mutex_lock(&hidden.lock);
	if (!is_hidden(secret)) {
		size_t i = hidden.n++ % HIDDEN_MAX;

		memcpy(hidden.list[i].text, secret.p, secret.len);
		hidden.list[i].len = secret.len;
	}
	(void)pthread_mutex_unlock(&hidden.lock);
}

static void
hide(char *line, size_t len)
{
	(void)pthread_mutex_lock(&hidden.lock);
	for (size_t i = 0; i < HIDDEN_MAX && i < hidden.n; i++) {
		size_t size = hidden.list[i].len;

		for (char *at = line; (at = memmem(at, len - (size_t)(at - line),
					   hidden.list[i].text, size)) != NULL;)
			memset(at, '*', size);
	}
	(void)pthread_mutex_unlock(&hidden.lock);
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	size_t n, room;
	va_list ap;
	int m;

	if ((int)level > threshold && sink == NULL)
		return;
	n = sink != NULL ? 0 : (size_t)prefix(line, sizeof(line), level);
	room = sizeof(line) - n - 1;
	va_start(ap, fmt);
	m = vsnprintf(line + n, room, fmt, ap);
	va_end(ap);
	n += m < 0 ? 0 : (size_t)m < room ? (size_t)m : room - 1;
	hide(line, n);
	if (sink != NULL) {
		line[n] = '\0';
		sink(sink_arg, level, line);
		return;
	}
	line[n++] = '\n';
	(void)!write(STDERR_FILENO, line, n);
}
