/*
 * markdown.h - text that must stay text where Markdown is read.
 */
#ifndef CREDBOT_BASE_MARKDOWN_H
#define CREDBOT_BASE_MARKDOWN_H

#include "credbot/base/buf.h"

/* Appends value so that no character of it is Markdown (CommonMark, 2.4), as one run of
 * text: line feeds become blanks. */
void buf_add_markdown(struct buf *b, struct str value);

#endif
