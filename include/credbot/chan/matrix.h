/*
 * matrix.h - the Matrix channel: the Client-Server API, by /sync, without encryption.
 *
 * Where we stand in the server's stream is kept in the transaction of the messages up to
 * there, so that a program that dies is given the rest again, and what it had already is
 * known by its id. What was written before we joined, or before we ever looked, is not
 * answered; what came while we were away for too long is answered with the request to ask
 * again. Each event that leaves has an id of its own making, so that sending it twice makes
 * one event.
 *
 * Device keys are never uploaded: clients then know that they cannot encrypt for us. A room
 * that is encrypted is told so once, and left; nothing else is ever said in it.
 *
 * An account is "ROOM/THREAD/USER", THREAD being the id of its first event or empty; in each
 * "%", "/" and what is not printable ASCII are written as %XX.
 */
#ifndef CREDBOT_CHAN_MATRIX_H
#define CREDBOT_CHAN_MATRIX_H

#include "credbot/flow/channel.h"

/* What the channel says by itself. */
struct matrix_words {
	const char *encrypted; /* in a room that it cannot read, before it leaves */
	const char *refused;   /* to who invited it, when it does not come */
	const char *no_file; /* in the place of a file that the server does not take */
};

/* Borrows words, and the configuration that it is started with. For flow_add_channel() if
 * matrix_is_set() says RC_OK. */
struct channel *matrix_new(const struct matrix_words *words);
void matrix_free(struct channel *ch); /* NULL is fine */

/* RC_NOTFOUND: there is neither a token, nor a password, nor a user for whom somebody may
 * have logged in (login.h): the channel is off. RC_INVALID: err says what is wrong, and never
 * quotes a secret. */
enum rc matrix_is_set(const struct config *cf, struct err *err);

/* RC_INVALID: what can be no user id like @bot:example.org. */
enum rc matrix_check_user(const char *user, struct err *err);
/* RC_INVALID: what is no address of a picture, like mxc://example.org/abc. */
enum rc matrix_check_avatar(const char *address, struct err *err);
/* RC_INVALID: what can be no device id. */
enum rc matrix_check_device(const char *device, struct err *err);

#endif
