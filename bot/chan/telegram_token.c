/*
 * telegram_token.c - where the token comes from. It is the bot's password: it stands in no
 * log, no error and no message.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "credbot/base/buf.h"
#include "credbot/base/file.h"
#include "credbot/chan/telegram.h"

/* "123456789:" and 35 characters today; the server takes up to 80. */
#define TOKEN_MAX 80
#define TOKEN_FILE_MAX 1000 /* with whatever white space an editor leaves */
#define CREDENTIAL "telegram-token"

enum rc
telegram_check_token(const char *token, struct err *err)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t digits = strspn(token, "0123456789");
	size_t rest = token[digits] == ':' ? strspn(token + digits + 1, letters) : 0;

	if (digits >= 1 && digits <= 16 && rest >= 30 &&
	    digits + 1 + rest <= TOKEN_MAX && token[digits + 1 + rest] == '\0')
		return RC_OK;
	err_set(err, "this is no token of a bot; @BotFather gives one like "
		     "123456789:AAaa... when a bot is made");
	return RC_INVALID;
}

static enum rc
read_token_file(const char *path, struct buf *out, struct err *err)
{
	struct buf text = { 0 };
	struct stat sb;
	enum rc rc;

	if (stat(path, &sb) != 0) {
		err_set(err, "%s: %s", path, strerror(errno));
		return RC_INVALID;
	}
	if ((sb.st_mode & S_IRWXO) != 0) {
		err_set(err,
		    "%s: everybody on this machine can read it; run chmod 600 on it",
		    path);
		return RC_INVALID;
	}
	rc = file_read(path, TOKEN_FILE_MAX, &text, err);
	buf_addstr(out, str_trim(buf_str(&text)));
	buf_fini(&text);
	return rc == RC_OK ? RC_OK : RC_INVALID;
}

static enum rc
read_credential(struct buf *out, struct err *err)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	struct buf path = { 0 };
	struct stat sb;
	enum rc rc = RC_NOTFOUND;

	if (dir == NULL)
		return RC_NOTFOUND;
	buf_printf(&path, "%s/" CREDENTIAL, dir);
	if (stat(buf_cstr(&path), &sb) == 0)
		rc = read_token_file(buf_cstr(&path), out, err);
	buf_fini(&path);
	/* What our unit sets when the operator has given none. */
	return rc == RC_OK && str_is(buf_str(out), "off") ? RC_NOTFOUND : rc;
}

enum rc
telegram_token(const struct config *cf, struct buf *out, struct err *err)
{
	const char *token = config_str(cf, "telegram.token");
	const char *path = config_str(cf, "telegram.token_file");
	enum rc rc = RC_OK;

	if (token[0] != '\0')
		buf_adds(out, token);
	else if (path[0] != '\0')
		rc = read_token_file(path, out, err);
	else
		rc = read_credential(out, err);
	if (rc != RC_OK)
		return rc;
	if (telegram_check_token(buf_cstr(out), err) == RC_OK)
		return RC_OK;
	if (path[0] != '\0' && token[0] == '\0')
		err_set(err, "%s: this is no token of a bot", path);
	return RC_INVALID;
}
