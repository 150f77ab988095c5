/*
 * buf.c - text that is being built.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credbot/base/alloc.h"
#include "credbot/base/buf.h"

void
buf_fini(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data != NULL)
		b->data[0] = '\0';
}

const char *
buf_cstr(const struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}

struct str
buf_str(const struct buf *b)
{
	return str_n(buf_cstr(b), b->len);
}

char *
buf_take(struct buf *b)
{
	char *text = b->data == NULL ? xstrdup("") : b->data;

	*b = (struct buf){ 0 };
	return text;
}

char *
buf_reserve(struct buf *b, size_t n)
{
	xgrow(&b->data, &b->cap, b->len + n + 1);
	b->data[b->len] = '\0';
	return b->data + b->len;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	char *end = buf_reserve(b, n);

	if (n > 0)
		memcpy(end, p, n);
	end[n] = '\0';
	b->len += n;
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addstr(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.len);
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_add_rune(struct buf *b, int32_t rune)
{
	uint32_t r = (uint32_t)rune;
	char out[4];
	size_t n;

	if (r < 0x80) {
		out[0] = (char)r;
		n = 1;
	} else if (r < 0x800) {
		out[0] = (char)(0xC0 | r >> 6);
		out[1] = (char)(0x80 | (r & 0x3F));
		n = 2;
	} else if (r < 0x10000) {
		out[0] = (char)(0xE0 | r >> 12);
		out[1] = (char)(0x80 | (r >> 6 & 0x3F));
		out[2] = (char)(0x80 | (r & 0x3F));
		n = 3;
	} else {
		out[0] = (char)(0xF0 | r >> 18);
		out[1] = (char)(0x80 | (r >> 12 & 0x3F));
		out[2] = (char)(0x80 | (r >> 6 & 0x3F));
		out[3] = (char)(0x80 | (r & 0x3F));
		n = 4;
	}
	buf_add(b, out, n);
}

void
buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	char *end;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	end = buf_reserve(b, (size_t)n);
	(void)vsnprintf(end, (size_t)n + 1, fmt, again);
	va_end(again);
	b->len += (size_t)n;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

static void
add_json_char(struct buf *b, unsigned char c)
{
	switch (c) {
	case '"':
		buf_adds(b, "\\\"");
		break;
	case '\\':
		buf_adds(b, "\\\\");
		break;
	case '\n':
		buf_adds(b, "\\n");
		break;
	case '\t':
		buf_adds(b, "\\t");
		break;
	case '\r':
		buf_adds(b, "\\r");
		break;
	default:
		buf_printf(b, "\\u%04x", c);
	}
}

void
buf_add_json(struct buf *b, struct str s)
{
	size_t start = 0;

	buf_addc(b, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
			continue;
		buf_add(b, s.p + start, i - start);
		add_json_char(b, c);
		start = i + 1;
	}
	buf_add(b, s.p + start, s.len - start);
	buf_addc(b, '"');
}

void
buf_add_html(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		switch (s.p[i]) {
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '"':
			buf_adds(b, "&quot;");
			break;
		case '\'':
			buf_adds(b, "&#39;");
			break;
		default:
			buf_addc(b, s.p[i]);
		}
	}
}
