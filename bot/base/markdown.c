/*
 * markdown.c - text that must stay text where Markdown is read.
 */
#include <string.h>

#include "credbot/base/markdown.h"

/* CommonMark, 2.4: any ASCII punctuation may be escaped by a backslash. */
static const char special[] = "\\`*_{}[]()#+-.!>~|<&";

void
buf_add_markdown(struct buf *b, struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i] == '\n' ? ' ' : value.p[i];

		if (strchr(special, c) != NULL)
			buf_addc(b, '\\');
		buf_addc(b, c);
	}
}
