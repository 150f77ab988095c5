/*
 * matrix_signin.h - what logging in, renewing and the doctor share.
 *
 * "The specification" is the Client-Server API of Matrix, 1.18.
 */
#ifndef BOT_CHAN_MATRIX_SIGNIN_H
#define BOT_CHAN_MATRIX_SIGNIN_H

#include "bot/chan/asking.h"
#include "bot/chan/matrix_session_priv.h"
#include "credbot/chan/login.h"

/* --- matrix_find.c: where the homeserver is */

/*
 * As configured, or by the name in matrix.user ("Server Discovery"); no slash at its end.
 * It has answered as a homeserver does. RC_INVALID, RC_IO: err.
 */
enum rc matrix_find(struct asking *a, const struct config *cf, struct buf *out,
    struct err *err);

/* --- matrix_oauth.c: OAuth 2.0, as in "OAuth 2.0 API" of the specification */

/* Of the server's metadata. Borrowed from what they were read from. */
struct oauth_server {
	struct str token, device, registration, revocation;
	bool device_grant;
};

/* False: it is none, or an address is not https. */
bool oauth_read_server(const struct json *metadata, struct oauth_server *out);
/* Bodies of forms (RFC 6749). */
void oauth_refresh_form(struct buf *b, const char *client, const char *refresh);
void oauth_revoke_form(struct buf *b, struct str client, struct str token);
/* POST of a form; the answer is asking's. */
const struct http_answer *oauth_post(struct asking *a, const char *url,
    struct str form);

/*
 * Registers us (RFC 7591), shows the person where to agree, and waits until she did or the
 * code is too old: tokens, as they are kept (session_write_tokens()), are added to tokens.
 * base is the homeserver; page is an https page about who runs the bot.
 */
enum rc oauth_device_grant(struct asking *a, const struct oauth_server *server,
    const char *device, const char *page, const struct login_host *host,
    struct buf *tokens, struct err *err);

#endif
