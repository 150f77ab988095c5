/*
 * reload.h - new articles, phrases and wording without a restart: loaded and trained in a
 * helper thread, then put in place between two turns. With a fault the old ones stay.
 */
#ifndef CREDBOT_CMD_RELOAD_H
#define CREDBOT_CMD_RELOAD_H

#include "bot/cmd/app.h"

struct reload;

struct reload *reload_new(struct app *app);
/* After loop_free(), which waits for the thread. NULL is fine. */
void reload_free(struct reload *r);

/* Begins one; if one runs, another follows it. */
void reload_begin(struct reload *r);

#endif
