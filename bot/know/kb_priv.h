/*
 * kb_priv.h - from an article's file to an article.
 */
#ifndef CREDBOT_KNOW_KB_PRIV_H
#define CREDBOT_KNOW_KB_PRIV_H

#include "credbot/know/kb.h"

/* Ids of other articles as they stand in the file, to be linked when all are known. */
struct links {
	const struct yaml *parent; /* NULL: none */
	const struct yaml *related;
	const struct yaml *sources;
	struct str body;
	int body_line;
	const char *path;
};

/* Fills what needs no other article; texts are copied into a. */
void article_fill(struct arena *a, const struct article_file *file, int64_t now_ms,
    struct article *out, struct links *links, struct faults *faults);

/* Words as the limits count them. */
size_t kb_words(struct str text);

/* The column of at, which is in line: in characters, from 1. */
int kb_column(struct str line, const char *at);

#endif
