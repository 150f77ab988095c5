/*
 * log.h - one line an event, on standard error.
 *
 * "module: what happened key=value ..."; at info and above never message text, names or
 * tokens, only ids. Under the journal (JOURNAL_STREAM is set) a line starts with its
 * priority, <3> to <7>; else with time and level. Thread-safe: a line is one write().
 */
#ifndef CREDBOT_BASE_LOG_H
#define CREDBOT_BASE_LOG_H

#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"

enum log_level { LOG_ERROR = 3, LOG_WARN = 4, LOG_INFO = 6, LOG_DEBUG = 7 };

void log_set_level(enum log_level level);

/* "error", "warn", "info", "debug"; RC_INVALID for anything else. */
enum rc log_level_parse(struct str name, enum log_level *out);

/*
 * From now on stars stand in the log where this would: a token, a password. What servers say of
 * an error may repeat it. Shorter than 8 bytes is nothing that could be told from a word. The
 * last 16 are known.
 */
void log_hide(struct str secret);

/* For tests: lines go to fn instead; NULL puts them back on standard error. */
typedef void log_sink_fn(void *arg, enum log_level level, const char *line);
void log_set_sink(log_sink_fn *fn, void *arg);

__attribute__((format(printf, 2, 3))) void log_line(enum log_level level,
    const char *fmt, ...);

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

#endif
