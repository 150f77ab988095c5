/*
 * alert.h - searches that a person wants to hear of when new programs fit.
 *
 * What is searched is text to this layer (wish_text.h of the catalog says which). What she
 * knows is a revision of the catalog: new is what came after it. An alert belongs to the chat
 * in which she asked for it, and her alerts are read over all her peers (see persons in
 * store.h). Alerts end with their chat: when she deletes her data, or does not write for so
 * long that she is forgotten. Loop thread only; calls return what store.h says.
 */
#ifndef CREDBOT_STORE_ALERT_H
#define CREDBOT_STORE_ALERT_H

#include "credbot/store/store.h"

/* Of one person. */
#define ALERTS_MAX 10

struct alert_row {
	int64_t id;
	int64_t peer;     /* the chat in which she asked for it */
	struct str wish;  /* one line */
	struct str words; /* may be empty */
	struct str label; /* as it is said to her, Markdown: "data analytics, online" */
	int64_t revision; /* of the catalog: what came up to it is not new */
	int64_t created_ms;
	int64_t run_ms;  /* wall: when it was looked at last; 0: never */
	int64_t sent_ms; /* wall: when she was told of it last; 0: never */
};

/*
 * Adds an alert of row->peer with wish, words, label, revision and created_ms, and sets *id.
 * RC_EXISTS: she has one of that wish and these words, *id is its id. RC_INVALID: she has
 * ALERTS_MAX.
 */
MUSTUSE enum rc alert_put(struct store *st, const struct alert_row *row, int64_t *id);

typedef void alert_fn(void *arg, const struct alert_row *row);
/* Each alert of the person that peer belongs to, oldest first. row's texts live for the call. */
enum rc alert_each_of_person(struct store *st, int64_t peer, alert_fn *fn, void *arg);

/* Ends an alert of the person that peer belongs to; id 0: all of them. RC_NOTFOUND: she has
 * none of that id (or: none at all). */
MUSTUSE enum rc alert_stop(struct store *st, int64_t peer, int64_t id);

/* Whether she was told of one in that chat since her last turn there: what she writes next may
 * be about it. */
enum rc alert_told_since_turn(struct store *st, int64_t peer, bool *told);

struct alert_due {
	int64_t revision; /* those of this revision have been looked at */
	/* Nothing of a person who was told of any alert of hers after this (wall). */
	int64_t told_before_ms;
	int64_t after; /* only ids above it */
	int64_t limit;
};

/* Alerts that are to be looked at, by id; none of chats that cannot be reached. */
enum rc alert_each_due(struct store *st, const struct alert_due *due, alert_fn *fn,
    void *arg);

/* It was looked at: what came up to revision is not new any more. RC_NOTFOUND: it is gone. */
MUSTUSE enum rc alert_mark_run(struct store *st, int64_t id, int64_t revision,
    int64_t now_ms);
/* The same, and she is told of it in this transaction. */
MUSTUSE enum rc alert_mark_sent(struct store *st, int64_t id, int64_t revision,
    int64_t now_ms);

#endif
