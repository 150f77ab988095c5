/*
 * buf.h - text that is being built.
 *
 * Start with a zeroed struct buf; it grows as needed and always ends with NUL after len
 * bytes. buf_fini() frees it; buf_take() hands the memory over.
 */
#ifndef CREDBOT_BASE_BUF_H
#define CREDBOT_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "credbot/base/str.h"

struct buf {
	char *data; /* NULL until something was added */
	size_t len;
	size_t cap;
};

void buf_fini(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory */

/* The text so far, "" if nothing was added. Valid until the next change. */
const char *buf_cstr(const struct buf *b);
struct str buf_str(const struct buf *b);

/* Ends b and returns its text, which the caller frees. */
char *buf_take(struct buf *b);

void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addstr(struct buf *b, struct str s);
void buf_addc(struct buf *b, char c);
void buf_add_rune(struct buf *b, int32_t rune); /* as UTF-8 */
__attribute__((format(printf, 2, 3))) void buf_printf(struct buf *b, const char *fmt,
    ...);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap);

/* As a JSON string with its quotes (RFC 8259). s must be UTF-8. */
void buf_add_json(struct buf *b, struct str s);

/* With & < > " ' as references, for text and for quoted attributes. */
void buf_add_html(struct buf *b, struct str s);

/* Room for n more bytes behind len, for callers that fill it themselves and add to len. */
char *buf_reserve(struct buf *b, size_t n);

#endif
