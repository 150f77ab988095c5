/*
 * lines.h - lines that a person types: with editing and history at a terminal (libedit),
 * plainly from a pipe.
 */
#ifndef CREDBOT_IO_LINES_H
#define CREDBOT_IO_LINES_H

#include "credbot/io/loop.h"

/* A pasted text of this size is cut by the inbox anyway. */
#define LINES_LENGTH_MAX ((size_t)64 * 1024)

struct lines;

/* line is NULL at the end of input; no call comes after that. */
typedef void lines_fn(void *arg, const char *line);

/* Reads standard input; one reader in a process. prompt is a literal. */
struct lines *lines_open(struct loop *l, const char *prompt, lines_fn *fn, void *arg);
void lines_close(struct lines *in); /* NULL is fine */

/* Without the prompt, so that something can be printed; what is typed waits. */
void lines_pause(struct lines *in);
void lines_resume(struct lines *in);

#endif
