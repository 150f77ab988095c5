/*
 * matrix_session_priv.h - what the steps that lead to a session share. A step ends with
 * session_step_done(), which begins the next one, or with session_again(); or the channel is
 * off.
 */
#ifndef CREDBOT_CHAN_MATRIX_SESSION_PRIV_H
#define CREDBOT_CHAN_MATRIX_SESSION_PRIV_H

#include "bot/chan/matrix_priv.h"

/* Under which names flow keeps what we know. */
#define KEY_SERVER "server"     /* NAME URL */
#define KEY_IDENTITY "identity" /* who we were at the last start */
#define KEY_DEVICE "device"     /* that we log in as */
#define KEY_TOKENS "tokens"
#define KEY_FILTER "filter" /* HASH ID */

/* --- matrix_session.c */

/* Replaces a text; a secret is wiped first. p NULL: none. */
void session_set_text(char **at, struct str s);
void session_set_secret(char **at, struct str s);
/* The step failed as r says: once more after a wait. */
void session_again(struct matrix *m, const char *step, const struct matrix_reply *r);
void session_step_done(struct matrix *m);
/* Keeps one value; done, which gets m, goes on when it is on disk. NULL: nobody waits. */
void session_keep(struct matrix *m, const char *key, struct str value,
    put_done_fn *done);
/* It could not be kept: once more after a wait. */
void session_not_kept(struct matrix *m);
/* A put_done_fn for steps that end with their value on disk. */
void session_on_step_kept(void *arg, enum rc rc, int64_t seq);

/* --- matrix_server.c */

void session_find_server(struct matrix *m);
void session_load_server(struct matrix *m, struct str value);
/* The address that is configured, if any. */
void session_take_homeserver(struct matrix *m);

/* --- matrix_login.c */

void session_log_in(struct matrix *m);
bool session_has_password(const struct matrix *m);
/* Why the channel is off without one. */
#define SESSION_NOBODY                                                                 \
	"nobody is logged in (any more); stop the program, run \"credbot login\", "    \
	"and "                                                                         \
	"start it again"

/* --- matrix_kept.c */

/* The values of KEY_TOKENS and KEY_IDENTITY. refresh may be empty; oauth NULL: the older
 * API. */
void session_write_tokens(struct buf *b, struct str access, struct str refresh,
    int64_t expires_ms, const struct session_oauth *oauth);
void session_write_identity(struct buf *b, struct str user, struct str device);
/* The body of POST /login. */
void session_write_login(struct buf *b, const char *user, struct str password,
    const char *device);
/* Letters enough for OAuth ("Allocating a device ID"). */
#define SESSION_DEVICE_SIZE 11
void session_make_device(char out[SESSION_DEVICE_SIZE]);
void session_forget_oauth(struct session_oauth *o);

/* --- matrix_renew.c */

/* Takes what a login or a renewal was answered with; ends the step when it is on disk. */
void session_keep_tokens(struct matrix *m, const struct json *json);
void session_refresh(struct matrix *m);
void session_load_tokens(struct matrix *m, struct str value);

/* --- matrix_whoami.c */

void session_ask_who(struct matrix *m);
void session_load_identity(struct matrix *m, struct str value);

/* --- matrix_filter.c */

void session_set_filter(struct matrix *m);
void session_hash_filter(struct matrix *m);
void session_load_filter(struct matrix *m, struct str value);

#endif
