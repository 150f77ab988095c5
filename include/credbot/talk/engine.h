/*
 * engine.h - one turn, from messages to replies: the dialogue engine.
 *
 * What it knows is a library (library.h), which can be replaced between turns. It keeps no
 * state of its own: a conversation's state is a text that comes in and goes out.
 */
#ifndef CREDBOT_TALK_ENGINE_H
#define CREDBOT_TALK_ENGINE_H

#include "credbot/base/chance.h"
#include "credbot/base/config.h"
#include "credbot/catalog/index.h"
#include "credbot/catalog/path.h"
#include "credbot/flow/flow.h"
#include "credbot/flow/news.h"
#include "credbot/store/store.h"
#include "credbot/talk/library.h"
#include "credbot/talk/turn.h"

struct engine;

/* Borrows all. intents is sorted by name. */
struct engine *engine_new(const struct intent *const *intents, size_t n_intents,
    const struct config *cf, struct chance *chance);
void engine_free(struct engine *e); /* NULL is fine */

/* From the next turn on. Borrowed until it is replaced. */
void engine_set_library(struct engine *e, const struct library *lib);

/* Where students' own data are. Borrowed; NULL, as at first: nothing is kept. */
void engine_set_store(struct engine *e, struct store *st);

/* Where programs are found, from the next turn on. Borrowed, like what where points to, until
 * it is replaced; NULL, as at first: there is no catalog yet, and the bot says so. paths is of
 * the same catalog. */
void engine_set_catalog(struct engine *e, const struct catalog_index *index,
    const struct path_index *paths, const struct catalog_place *where);

/* For flow_hooks: arg is the engine. */
enum turn_result engine_turn(void *arg, const struct turn_in *in, struct arena *a,
    struct turn_out *out);
struct str engine_sorry(void *arg);
struct str engine_again(void *arg);
struct str engine_unsent(void *arg);
struct str engine_mask(void *arg, struct str text, bool all_numbers, struct arena *a);

/*
 * New programs for who wanted to hear of them; arg is the engine, and texts live in a. Found:
 * those that came after revision since and fit a search as it is kept (wish_text.h), with all
 * of its words. RC_AGAIN: there is no catalog yet; RC_INVALID: it says nothing that this
 * version understands. Said: n searches, each with some; and the button below.
 */
enum rc engine_find_news(void *arg, struct str wish, struct str words, int64_t since,
    int64_t now_ms, struct arena *a, struct news *out);
void engine_say_news(void *arg, const struct news *v, size_t n, struct arena *a,
    struct str *text, struct str *button);

/* How the last turn read its message: for credbot ask, eval and explain. Its texts live as
 * long as the library. */
struct engine_trace {
	const char *intent; /* "faq" with a topic, else an intent's id */
	const char *topic;  /* NULL: none */
	float score;
	float in_scope;
	const char
	    *also[4]; /* other ids that came near; the options, if it asked back */
	size_t n_also;
	bool asked_back; /* "did you mean ..." */
};
const struct engine_trace *engine_trace(const struct engine *e);

#endif
