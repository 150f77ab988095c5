/*
 * programs.h - what the bot finds programs in: the index of the catalog, and all it needs.
 *
 * Commands that end soon have it from app_open_catalog(); a bot that runs for years from a
 * watch, which puts a new one in its place between two turns when the catalog has changed.
 */
#ifndef CREDBOT_CMD_PROGRAMS_H
#define CREDBOT_CMD_PROGRAMS_H

#include "bot/cmd/app.h"
#include "credbot/ops/alerts.h"

struct programs;

/*
 * The catalog as it is now; NULL and why. In any thread: reads only folders and clock of app.
 * Takes seconds if there is no catalog.index that is up to date. quickly: an index of another
 * day will do, if it is of this catalog.
 */
struct programs *programs_load(const struct app *app, bool quickly, struct err *err);
void programs_free(struct programs *p); /* NULL is fine */

/* Whether p is of the catalog as it is now, and of today. RC_NOTFOUND: it is not; others: the
 * catalog cannot be read. In any thread, as above. */
enum rc programs_check(const struct app *app, const struct programs *p,
    struct err *err);

/* Gives e the index, from its next turn on; p must outlive that. NULL: none. */
void programs_use(const struct programs *p, struct engine *e);

/* Those that are not ceased. */
size_t programs_count(const struct programs *p);
/* The same, and since when they are there. */
struct alerts_catalog programs_for_alerts(const struct programs *p);
/* The time of the last import; "never": they are those that ship. Room for CLOCK_ISO_MAX. */
void programs_imported(const struct programs *p, char *out);

/* What to do about err: one sentence, of the form "REASON: ADVICE". */
void programs_advise(const struct err *err, struct buf *out);

/* --- programs_watch.c: a catalog that is kept up to date */

struct watch;

/* Loads the catalog in a helper thread as soon as the loop runs, and again when it has
 * changed, and each day. changed is called whenever another one was put in place. */
struct watch *watch_new(struct app *app, void (*changed)(void *arg), void *arg);
/* After loop_free(), which waits for the thread. NULL is fine. */
void watch_free(struct watch *w);

/* Loads it anew in any case: the data folder may have changed. */
void watch_reload(struct watch *w);

#endif
