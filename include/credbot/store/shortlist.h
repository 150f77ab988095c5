/*
 * shortlist.h - the programs that a person saved, in the order in which she did.
 *
 * An entry keeps what the program was called then, since catalogs change: it can be shown, and
 * said to be gone, when the program is no longer there. Entries stay with the peer by which
 * they were saved and are read over all her peers (see persons in store.h); a program that was
 * saved by two of them is one entry, the first. What was taken off last can be put back, in
 * its old place. Loop thread only; calls return what store.h says.
 */
#ifndef CREDBOT_STORE_SHORTLIST_H
#define CREDBOT_STORE_SHORTLIST_H

#include "credbot/store/store.h"

/* Of one person. Who joins two chats may have more: then all are shown, and none is added. */
#define SHORTLIST_MAX 50

struct shortlist_row {
	struct str program; /* its id in the catalog; not empty */
	struct str title;
	struct str provider; /* empty: it was not known */
	struct str words;    /* what she called it by: "the second one"; may be empty */
	int64_t at_ms;       /* wall: when it was saved */
};

/*
 * Adds a program at the end, as saved by peer. RC_EXISTS: it is on the list, and stays as it
 * was. RC_INVALID: SHORTLIST_MAX are.
 */
MUSTUSE enum rc shortlist_add(struct store *st, int64_t peer,
    const struct shortlist_row *row);

/* Each entry of the person that peer belongs to, in order. row's texts live for the call. */
typedef void shortlist_fn(void *arg, const struct shortlist_row *row);
enum rc shortlist_each(struct store *st, int64_t peer, shortlist_fn *fn, void *arg);

/*
 * Takes a program off, by whichever of her peers it was saved; program.p NULL: all of them.
 * What was taken off before that cannot be put back any more. RC_NOTFOUND: it is not on the
 * list (or: the list is empty), and nothing has changed.
 */
MUSTUSE enum rc shortlist_remove(struct store *st, int64_t peer, struct str program,
    int64_t now_ms);
/* Puts back what the last shortlist_remove() took off, if that was not before since_ms, and
 * calls fn (NULL is fine) for each of it, in order. RC_NOTFOUND: nothing. RC_INVALID: the list
 * would be longer than SHORTLIST_MAX. */
MUSTUSE enum rc shortlist_restore(struct store *st, int64_t peer, int64_t since_ms,
    shortlist_fn *fn, void *arg);

#endif
