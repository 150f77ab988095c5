/*
 * settings.c - values of the configuration that only the part which uses them can judge:
 * addresses, hosts, levels. What the table of options can say is checked in config.c.
 */
#include <string.h>

#include "bot/cmd/settings.h"
#include "credbot/base/log.h"
#include "credbot/chan/matrix.h"
#include "credbot/chan/telegram.h"
#include "credbot/io/http.h"
#include "credbot/io/web.h"

typedef enum rc check_fn(const char *value, struct err *err);

static enum rc
refuse(struct err *err, const char *value, const char *wanted)
{
	err_set(err, "\"%s\" is not %s", value, wanted);
	return RC_INVALID;
}

static enum rc
check_level(const char *value, struct err *err)
{
	enum log_level level;

	if (log_level_parse(str_of(value), &level) == RC_OK)
		return RC_OK;
	return refuse(err, value, "error, warn, info or debug");
}

static enum rc
check_listen(const char *value, struct err *err)
{
	return strcmp(value, "off") == 0 ? RC_OK : web_check_listen(value, err);
}

static enum rc
check_host(const char *value, struct err *err)
{
	if (value[0] != '\0' && strpbrk(value, "/ \t@?#*") == NULL)
		return RC_OK;
	return refuse(err, value, "a host name like chat.example.org, without http://");
}

/* RFC 6454, section 6.2: a scheme, a host, perhaps a port. */
static enum rc
check_origin(const char *value, struct err *err)
{
	struct str s = str_of(value);
	struct str host = str_starts(s, "https://")  ? str_n(s.p + 8, s.len - 8)
	                  : str_starts(s, "http://") ? str_n(s.p + 7, s.len - 7)
	                                             : str_n("", 0);

	if (host.len > 0 && strpbrk(host.p, "/ \t@?#*") == NULL)
		return RC_OK;
	return refuse(err, value,
	    "an origin like https://chat.example.org, without a path");
}

static enum rc
check_url(const char *value, struct err *err)
{
	struct str s = str_of(value);

	if (s.len == 0 || ((str_starts(s, "https://") || str_starts(s, "http://")) &&
			      strpbrk(value, " \t<>\"") == NULL))
		return RC_OK;
	return refuse(err, value, "an address that begins with https://");
}

static enum rc
check_api(const char *value, struct err *err)
{
	struct err why;

	if (http_check_url(value, &why) == RC_OK)
		return RC_OK;
	err_set(err, "\"%s\" %s", value, why.text);
	return RC_INVALID;
}

static enum rc
check_proxy(const char *value, struct err *err)
{
	static const char *const schemes[] = { "http://", "https://", "socks5h://" };

	if (value[0] == '\0')
		return RC_OK;
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (str_starts(str_of(value), schemes[i]) &&
		    strpbrk(value, " \t<>\"") == NULL)
			return RC_OK;
	/* It may hold a password: it is not repeated. */
	err_set(err, "it must begin with http://, https:// or socks5h://");
	return RC_INVALID;
}

static enum rc
check_token(const char *value, struct err *err)
{
	return value[0] == '\0' ? RC_OK : telegram_check_token(value, err);
}

static enum rc
check_homeserver(const char *value, struct err *err)
{
	return value[0] == '\0' ? RC_OK : check_api(value, err);
}

static enum rc
check_user(const char *value, struct err *err)
{
	return value[0] == '\0' ? RC_OK : matrix_check_user(value, err);
}

static enum rc
check_device(const char *value, struct err *err)
{
	return value[0] == '\0' ? RC_OK : matrix_check_device(value, err);
}

static enum rc
check_encrypted(const char *value, struct err *err)
{
	if (strcmp(value, "tell") == 0 || strcmp(value, "leave") == 0)
		return RC_OK;
	return refuse(err, value, "tell or leave");
}

static const struct {
	const char *option;
	bool list;
	check_fn *check;
} checks[] = {
	{ "bot.privacy_url", false, check_url },
	{ "http.proxy", false, check_proxy },
	{ "log.level", false, check_level },
	{ "matrix.device_id", false, check_device },
	{ "matrix.encrypted", false, check_encrypted },
	{ "matrix.homeserver", false, check_homeserver },
	{ "matrix.user", false, check_user },
	{ "telegram.api_url", false, check_api },
	{ "telegram.token", false, check_token },
	{ "web.hosts", true, check_host },
	{ "web.listen", false, check_listen },
	{ "web.origins", true, check_origin },
};

void
settings_check(const struct config *cf, struct faults *faults)
{
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		const char *name = checks[i].option, *value;
		struct err err;

		for (size_t k = 0; k == 0 || checks[i].list; k++) {
			value = checks[i].list ? config_item(cf, name, k)
			                       : config_str(cf, name);
			if (value == NULL)
				break;
			if (checks[i].check(value, &err) != RC_OK)
				faults_add(faults, config_place(cf, name, k), "%s: %s",
				    name, err.text);
		}
	}
}
