/*
 * checkpoint.h - copies SQLite's log into the database in a helper thread when it has become
 * long, so that the loop does not wait for it.
 */
#ifndef CREDBOT_OPS_CHECKPOINT_H
#define CREDBOT_OPS_CHECKPOINT_H

#include "credbot/io/loop.h"
#include "credbot/store/store.h"

struct checkpoint;

/* dsn, that of st, is copied. */
struct checkpoint *checkpoint_new(struct loop *l, struct store *st, const char *dsn);
/* After loop_free(), which waits for the thread. NULL is fine. */
void checkpoint_free(struct checkpoint *c);
/* Starts no more. Before st is closed. */
void checkpoint_stop(struct checkpoint *c);

#endif
