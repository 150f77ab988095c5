/*
 * markup_priv.h - the walk over a reply's tree, for the files that render it.
 *
 * The walk is the allow-list: a renderer only ever hears of the marks below and of text.
 */
#ifndef CREDBOT_CHAN_MARKUP_PRIV_H
#define CREDBOT_CHAN_MARKUP_PRIV_H

#include <stdbool.h>

#include "credbot/chan/markup.h"

enum mark {
	MARK_PARAGRAPH,
	MARK_BULLETS,
	MARK_NUMBERS,
	MARK_ITEM,
	MARK_QUOTE,
	MARK_STRONG,
	MARK_EMPHASIS,
};

struct markup_list {
	int start;
	bool tight; /* no blank lines between its items */
};

struct markup_renderer {
	/* list is that of MARK_BULLETS and MARK_NUMBERS, else NULL. */
	void (*begin)(void *arg, enum mark mark, const struct markup_list *list);
	void (*end)(void *arg, enum mark mark);
	void (*text)(void *arg, struct str text);
	void (*line_break)(void *arg);
	void (*code)(void *arg, struct str text, bool block);
};

/* Lists and quotes are at most MARKUP_BLOCKS_MAX deep, bold and emphasis MARKUP_SPANS_MAX. */
void markup_walk(const struct markup *m, const struct markup_renderer *r, void *arg);

#endif
