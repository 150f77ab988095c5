/*
 * matrix_token.c - where token and password come from, and which of them it is.
 */
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "bot/chan/secret.h"
#include "credbot/base/log.h"

#define CREDENTIAL "matrix-token"

/* It goes into a header: visible ASCII. */
static enum rc
check_token(const char *token, struct err *err)
{
	for (const char *c = token; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~') {
			err_set(err, "this is no access token: it holds more than "
				     "letters, digits and signs");
			return RC_INVALID;
		}
	if (token[0] != '\0')
		return RC_OK;
	err_set(err, "the token is empty");
	return RC_INVALID;
}

enum rc
matrix_token(const struct config *cf, struct buf *out, struct err *err)
{
	const char *token = config_str(cf, "matrix.token");
	const char *path = config_str(cf, "matrix.token_file");
	enum rc rc = secret_read(token, path, CREDENTIAL, out, err);

	log_hide(buf_str(out));
	return rc == RC_OK ? check_token(buf_cstr(out), err) : rc;
}

enum rc
matrix_password(const struct config *cf, struct buf *out, struct err *err)
{
	const char *path = config_str(cf, "matrix.password_file");

	enum rc rc = path[0] == '\0' ? RC_NOTFOUND : secret_read_file(path, out, err);

	log_hide(buf_str(out));
	return rc;
}

enum rc
matrix_check_user(const char *user, struct err *err)
{
	struct str s = str_of(user);

	if (is_id(s, '@') && server_of(s).len > 0 && s.p[1] != ':' &&
	    strpbrk(user, " /?#\"<>%") == NULL)
		return RC_OK;
	err_set(err, "\"%s\" is no user id like @bot:example.org", user);
	return RC_INVALID;
}

enum rc
matrix_check_device(const char *device, struct err *err)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~";

	if (device[0] != '\0' && device[strspn(device, letters)] == '\0')
		return RC_OK;
	err_set(err,
	    "\"%s\" is no device id: letters, digits and - . _ ~ can be in one",
	    device);
	return RC_INVALID;
}

enum rc
matrix_check_avatar(const char *address, struct err *err)
{
	if (is_mxc(str_of(address)))
		return RC_OK;
	err_set(err,
	    "\"%s\" is no address of a picture like mxc://example.org/abc: upload it "
	    "with a client first",
	    address);
	return RC_INVALID;
}

enum rc
matrix_is_set(const struct config *cf, struct err *err)
{
	bool has_user = config_str(cf, "matrix.user")[0] != '\0';
	struct buf secret = { 0 };
	enum rc rc = matrix_token(cf, &secret, err);

	if (rc == RC_NOTFOUND) {
		rc = matrix_password(cf, &secret, err);
		if (rc == RC_OK && !has_user) {
			err_set(err, "matrix.password_file needs matrix.user, too");
			rc = RC_INVALID;
		} else if (rc == RC_NOTFOUND && has_user) {
			rc = RC_OK; /* by what "credbot login" has kept */
		}
	}
	buf_fini(&secret);
	if (rc == RC_OK && !has_user &&
	    config_str(cf, "matrix.homeserver")[0] == '\0') {
		err_set(err, "set matrix.homeserver, or matrix.user to find it");
		rc = RC_INVALID;
	}
	return rc;
}
