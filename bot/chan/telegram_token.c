/*
 * telegram_token.c - where the token comes from. It is the bot's password: it stands in no
 * log, no error and no message.
 */
#include <string.h>

#include "bot/chan/secret.h"
#include "credbot/base/buf.h"
#include "credbot/base/log.h"
#include "credbot/chan/telegram.h"

/* "123456789:" and 35 characters today; the server takes up to 80. */
#define TOKEN_MAX 80
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

enum rc
telegram_token(const struct config *cf, struct buf *out, struct err *err)
{
	const char *token = config_str(cf, "telegram.token");
	const char *path = config_str(cf, "telegram.token_file");
	enum rc rc = secret_read(token, path, CREDENTIAL, out, err);

	struct str all, secret;

	if (rc != RC_OK)
		return rc;
	/* What stands before the colon is the bot's id, which everybody may know. */
	all = buf_str(out);
	(void)str_cut(&all, ':');
	secret = all.p == NULL ? buf_str(out) : all;
	log_hide(secret);
	if (telegram_check_token(buf_cstr(out), err) == RC_OK)
		return RC_OK;
	if (path[0] != '\0' && token[0] == '\0')
		err_set(err, "%s: this is no token of a bot", path);
	return RC_INVALID;
}
