/*
 * login.h - logging in to a network once, with a person at the terminal.
 *
 * What comes of it is kept with the channel's other values, so that the daemon, which must
 * not run meanwhile, finds it at its next start and renews it from then on.
 */
#ifndef CREDBOT_CHAN_LOGIN_H
#define CREDBOT_CHAN_LOGIN_H

#include "credbot/base/buf.h"
#include "credbot/base/config.h"
#include "credbot/base/err.h"
#include "credbot/io/loop.h"

/* The person and the disk. */
struct login_host {
	void *arg;
	/* A line for her. */
	void (*say)(void *arg, const char *line);
	/* Asks for a secret and adds it to out, without the line's end. False: she gave none. */
	bool (*ask)(void *arg, const char *prompt, struct buf *out);
	/* A value of the channel as it is kept, added to out: RC_NOTFOUND if there is none. */
	enum rc (*find)(void *arg, const char *key, struct buf *out);
	/* Keeps a value, on disk when it returns; value.p NULL: forgets it. */
	enum rc (*keep)(void *arg, const char *key, struct str value);
};

enum login_way {
	LOGIN_ANY,    /* the first of these that the server offers */
	LOGIN_DEVICE, /* OAuth 2.0 device grant (RFC 8628): she agrees in any browser */
	LOGIN_PASSWORD, /* m.login.password; it is used once and kept nowhere */
	LOGIN_TOKEN,    /* m.login.token: one that another client gave her */
};

/* Needs matrix.user, or matrix.homeserver. RC_INVALID, RC_IO: err says what to do. */
enum rc matrix_login(struct loop *l, const struct config *cf, enum login_way way,
    const struct login_host *host, struct err *err);
/* Ends that session at the server, and forgets it. RC_NOTFOUND: there is none. */
enum rc matrix_logout(struct loop *l, const struct config *cf,
    const struct login_host *host, struct err *err);

#endif
