/*
 * talker.h - one conversation in memory, straight with the engine: no store, no network.
 * For ask, eval and the scripts that test conversations' first turns.
 */
#ifndef CREDBOT_CMD_TALKER_H
#define CREDBOT_CMD_TALKER_H

#include "bot/cmd/app.h"

struct talker {
	struct app *app;
	struct arena *arena; /* what the last turn said lives here */
	struct buf state;
	struct turn_out out;
	int64_t us; /* the last turn took */
};

void talker_init(struct talker *t, struct app *app);
void talker_fini(struct talker *t);

/* Forgets the conversation. */
void talker_reset(struct talker *t);
/* One message; read engine_trace() and t->out afterwards. */
void talker_say(struct talker *t, struct str text, enum message_kind kind);

#endif
