/*
 * app.h - the parts wired together, for every subcommand that needs them.
 *
 * The only place where layers meet. Where things are found: the state folder is --state,
 * else $STATE_DIRECTORY, else ./var; the data folder is data.dir of the configuration, else
 * ./data, else data/ of the tree that the program was built in, else the installed
 * share/credbot.
 */
#ifndef CREDBOT_CMD_APP_H
#define CREDBOT_CMD_APP_H

#include <stdatomic.h>

#include "bot/cmd/cmd.h"
#include "credbot/base/arena.h"
#include "credbot/base/chance.h"
#include "credbot/base/clock.h"
#include "credbot/base/config.h"
#include "credbot/flow/flow.h"
#include "credbot/io/loop.h"
#include "credbot/store/store.h"
#include "credbot/talk/engine.h"

#define APP_LANG "en"

/* The flags that most commands share; args_get() by these names. */
#define APP_FLAG_CONFIG                                                                \
	{                                                                              \
		"config", 'c', "FILE", "configuration (YAML)"                          \
	}
#define APP_FLAG_STATE                                                                 \
	{                                                                              \
		"state", 0, "DIR", "folder of the database"                            \
	}
#define APP_FLAG_JSON                                                                  \
	{                                                                              \
		"json", 0, NULL, "print one JSON value on one line"                    \
	}
#define APP_FLAG_AT                                                                    \
	{                                                                              \
		"at", 0, "TIME", "as if it were TIME (RFC 3339)"                       \
	}

struct app {
	struct config *config;
	struct clock *clock;
	struct clock fixed; /* with --at */
	struct chance *chance;
	bool hurried;         /* for measuring: no flood, and no wait for more */
	atomic_bool stopping; /* ends a training that is under way */
	char *state_dir;
	char *data_dir;
	int lock;       /* -1 without app_lock() */
	char *attempts; /* see flow.h; NULL without app_lock() */
	struct library *library;
	struct engine *engine;
	struct programs *programs; /* NULL: none yet, or the catalog is damaged */
	/* Below: only after app_open_store(). */
	char *dsn;
	struct store *store;
	struct loop *loop;
	struct flow *flow;
};

/* Reads the configuration and finds the folders. Says what is wrong on standard error;
 * CMD_DONE, or the exit code to end with. */
int app_init(struct app *app, const struct args *a);
/* The same, but faults of the configuration are added to faults, and the defaults hold: so
 * that they do not hide those of the data. */
int app_init_anyway(struct app *app, const struct args *a, struct faults *faults);
void app_fini(struct app *app);

/*
 * Makes the state folder, and takes name in it for this process alone, as long as it runs:
 * two that serve the same students would answer twice. Does so before anything slow. Says
 * what is wrong on standard error.
 */
int app_lock(struct app *app, const char *name, const char *who);

/* Reads articles, phrases and wording of the data folder, without the model; NULL after
 * faults, which are added. now_ms: see kb_build(). */
struct library *app_read_library(const struct app *app, int64_t now_ms,
    struct faults *faults);

/* Loads articles, phrases and wording, and opens or trains the model; makes the engine. */
int app_open_library(struct app *app);
/* Loads the catalog now (programs.h), after the library. If it is damaged that is logged, and
 * the engine has none. */
void app_open_catalog(struct app *app);
/* Opens the database and makes loop and flow. dsn NULL: in the state folder. */
int app_open_store(struct app *app, const char *dsn);

/* Another library with its model, for a reload; NULL after faults, which are added. Takes
 * seconds if the model must be trained: for a helper thread; stopping ends it early. */
struct library *app_load_library(struct app *app, struct faults *faults);

/* Prints faults to standard error, at most as many as a person reads. */
void app_print_faults(struct faults *f);

#endif
