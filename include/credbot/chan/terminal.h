/*
 * terminal.h - the chat in a terminal: a channel for one person on standard input and
 * output.
 */
#ifndef CREDBOT_CHAN_TERMINAL_H
#define CREDBOT_CHAN_TERMINAL_H

#include "credbot/flow/channel.h"

/* account is who writes; ended is called when the input is over and all is answered. */
struct channel *terminal_new(const char *account, void (*ended)(void *arg), void *arg);
void terminal_free(struct channel *ch); /* after flow_free(); NULL is fine */

#endif
