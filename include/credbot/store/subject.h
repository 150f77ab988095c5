/*
 * subject.h - all that is kept of one person: to be shown to her, to be erased, to be
 * forgotten in time.
 *
 * One table says for each table of the database how its rows lead to a person, what of them
 * she is shown, and what becomes of them when she wants them gone. A test walks the schema: a
 * new table that leads to a peer, or a new column of an old one, fails it until it is there.
 * Loop thread only; calls return what store.h says.
 */
#ifndef CREDBOT_STORE_SUBJECT_H
#define CREDBOT_STORE_SUBJECT_H

#include "credbot/base/buf.h"
#include "credbot/store/store.h"

/* Channels that one person can be known on. */
#define SUBJECT_PEERS_MAX 16

struct subject {
	int64_t peers[SUBJECT_PEERS_MAX];
	size_t n;
};

/* All peers that are the same person as this one: the only place that knows it. */
enum rc subject_of(struct store *st, int64_t peer, struct subject *out);

/*
 * Appends a JSON object with all that is kept, readable for people. RC_INVALID: it would be
 * longer than max; out then holds a part of it.
 */
enum rc subject_export(struct store *st, const struct subject *s, int64_t now_ms,
    size_t max, struct buf *out);

/*
 * Erases all of it, within the caller's transaction. What is left is the account, and for
 * messages that came in their ids alone: the network may bring them again for a day or so.
 * Both go when subject_forget() says so. The caller owes store_scrub().
 */
MUSTUSE enum rc subject_erase(struct store *st, const struct subject *s,
    int64_t now_ms);

/* What is older is forgotten; wall clock. */
struct forget_before {
	int64_t
	    lines_ms; /* what was said, notes, dead letters, and who has not come since */
	int64_t
	    raw_ms; /* ids, files that nobody fetched, and what is left of the erased */
	/* Whether something of a peer that would go as a whole is under way: then later. */
	bool (*busy)(void *arg, int64_t peer);
	void *arg;
};

/* Forgets what is too old of the peers behind *after, at most n of them, and puts *after to
 * the last of these; to 0 when there is none. *gone counts rows. */
MUSTUSE enum rc subject_forget(struct store *st, const struct forget_before *before,
    int64_t *after, int n, int64_t *gone);

/* --- consent: whether something may be kept beyond the conversation */

/* version: of the text that she was asked with. */
MUSTUSE enum rc consent_add(struct store *st, int64_t peer, struct str version,
    bool given, int64_t now_ms);
/* Whether the last word of the person was yes, to this version. RC_NOTFOUND: she was never
 * asked. */
enum rc consent_get(struct store *st, const struct subject *s, struct str version,
    bool *given, int64_t *at_ms);

#endif
