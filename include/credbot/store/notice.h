/*
 * notice.h - what the bot may say to a person without being asked, and when.
 *
 * Answers are never meant, nor what she asked to be told in the same conversation. Settings
 * hold for the person: they are kept with the peer by which she said them, and of several the
 * last word counts (see persons in store.h). Loop thread only; calls return what store.h says.
 */
#ifndef CREDBOT_STORE_NOTICE_H
#define CREDBOT_STORE_NOTICE_H

#include "credbot/store/store.h"

enum notice_kind {
	NOTICE_ALERTS,    /* new programs for a saved search */
	NOTICE_REMINDERS, /* of an appointment */
	NOTICE_FEEDBACK,  /* "how was it?" */
	NOTICE_KINDS
};

/* "alerts", "reminders", "feedback": in the store, and as the tail of message names. */
const char *notice_kind_name(enum notice_kind kind);
/* RC_NOTFOUND: no kind is called so. */
enum rc notice_kind_find(struct str name, enum notice_kind *out);

#define NOTICE_DAY_MINUTES 1440
/* From nine in the evening to eight in the morning. */
#define NOTICE_QUIET_FROM (21 * 60)
#define NOTICE_QUIET_TO (8 * 60)

struct notices {
	bool none; /* nothing at all, whatever follows */
	bool on[NOTICE_KINDS];
	/* Quiet hours, in minutes after midnight of her own clock: from is the first quiet
	 * minute, to the first that is not. They may hold midnight; equal: none. */
	int quiet_from, quiet_to;
};

/* Of the person that peer belongs to. Who never said anything: all is on, with the quiet hours
 * above. */
enum rc notice_get(struct store *st, int64_t peer, struct notices *out);
bool notice_allows(const struct notices *n, enum notice_kind kind);
/* Whether her quiet hours hold when her clock shows that minute. */
bool notice_is_quiet(const struct notices *n, int minute);

/* Switches a kind on or off. Switched on while everything was off, it is the only one that is
 * on. */
MUSTUSE enum rc notice_set(struct store *st, int64_t peer, enum notice_kind kind,
    bool on, int64_t now_ms);
/* Nothing at all from now on; on: all as it was set before. */
MUSTUSE enum rc notice_set_all(struct store *st, int64_t peer, bool on, int64_t now_ms);
/* RC_INVALID: not within 0 to NOTICE_DAY_MINUTES - 1. */
MUSTUSE enum rc notice_set_quiet(struct store *st, int64_t peer, int from, int to,
    int64_t now_ms);

#endif
