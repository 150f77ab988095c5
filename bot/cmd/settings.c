/*
 * settings.c - values of the configuration that only the part which uses them can judge:
 * addresses, hosts, levels, and what must go together. What the table of options can say is checked in config.c.
 */
#include <string.h>

#include "bot/cmd/settings.h"
#include "credbot/base/log.h"
#include "credbot/base/zone.h"
#include "credbot/chan/matrix.h"
#include "credbot/chan/telegram.h"
#include "credbot/io/http.h"
#include "credbot/io/web.h"

/* Telegram's connections, and as many again for all others from there. */
#define PER_ADDRESS_MIN ((int64_t)2 * TELEGRAM_WEBHOOK_CONNECTIONS)

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

static enum rc
check_avatar(const char *value, struct err *err)
{
	return value[0] == '\0' ? RC_OK : matrix_check_avatar(value, err);
}

static enum rc
check_tap_choices(const char *value, struct err *err)
{
	if (strcmp(value, "auto") == 0 || strcmp(value, "always") == 0 ||
	    strcmp(value, "never") == 0)
		return RC_OK;
	return refuse(err, value, "auto, always or never");
}

static enum rc
check_mode(const char *value, struct err *err)
{
	if (strcmp(value, "polling") == 0 || strcmp(value, "webhook") == 0)
		return RC_OK;
	return refuse(err, value, "polling or webhook");
}

static enum rc
check_webhook_url(const char *value, struct err *err)
{
	if (value[0] == '\0')
		return RC_OK;
	if (strpbrk(value, "?# \t") == NULL)
		return check_api(value, err);
	return refuse(err, value,
	    "an address like https://chat.example.org, without ? and #");
}

static enum rc
check_zone(const char *value, struct err *err)
{
	struct zone *z = NULL;
	struct err why;
	enum rc rc = RC_OK;

	/* A machine without a zone of its own keeps UTC. */
	if (strcmp(value, "local") != 0)
		rc = zone_load(&z, ZONE_DIR, str_of(value), &why);
	zone_free(z);
	if (rc == RC_OK)
		return RC_OK;
	return refuse(err, value, "a time zone like Europe/Berlin, UTC+2 or local");
}

static const struct {
	const char *option;
	bool list;
	check_fn *check;
} checks[] = {
	{ "bot.privacy_url", false, check_url },
	{ "http.proxy", false, check_proxy },
	{ "log.level", false, check_level },
	{ "matrix.avatar", false, check_avatar },
	{ "matrix.device_id", false, check_device },
	{ "matrix.encrypted", false, check_encrypted },
	{ "matrix.homeserver", false, check_homeserver },
	{ "matrix.tap_choices", false, check_tap_choices },
	{ "matrix.user", false, check_user },
	{ "notices.timezone", false, check_zone },
	{ "telegram.api_url", false, check_api },
	{ "telegram.mode", false, check_mode },
	{ "telegram.token", false, check_token },
	{ "telegram.webhook_url", false, check_webhook_url },
	{ "web.hosts", true, check_host },
	{ "web.listen", false, check_listen },
	{ "web.origins", true, check_origin },
};

static bool
is(const struct config *cf, const char *option, const char *value)
{
	return strcmp(config_str(cf, option), value) == 0;
}

/* The ports that api.telegram.org calls; a Bot API server of one's own may call any. */
static bool
is_called_port(const char *url)
{
	static const char *const ports[] = { "", ":80", ":88", ":443", ":8443" };
	const char *host = strstr(url, "://") + 3;
	struct str place = str_n(host, strcspn(host, "/"));
	const char *colon = memchr(host, ':', place.len);
	struct str port = colon == NULL
	                      ? STR("")
	                      : str_n(colon, (size_t)(host + place.len - colon));

	for (size_t i = 0; i < ARRAY_LEN(ports); i++)
		if (str_is(port, ports[i]))
			return true;
	return false;
}

/* Without a reverse proxy's word all of Telegram's connections are one address's. */
static bool
has_room(const struct config *cf)
{
	return config_bool(cf, "web.proxy") ||
	       str_starts(str_of(config_str(cf, "web.listen")), "unix:") ||
	       config_int(cf, "web.max_per_address") >= PER_ADDRESS_MIN;
}

static void
check_webhook(const struct config *cf, struct faults *faults)
{
	const char *url = config_str(cf, "telegram.webhook_url");
	struct place mode_at = config_place(cf, "telegram.mode", 0);
	struct place url_at = config_place(cf, "telegram.webhook_url", 0);
	bool official = is(cf, "telegram.api_url", "https://api.telegram.org");

	if (is(cf, "telegram.mode", "polling") && url[0] != '\0')
		faults_add(faults, url_at,
		    "telegram.webhook_url: nobody calls it while telegram.mode is "
		    "polling; set that to webhook, or take this line out");
	if (!is(cf, "telegram.mode", "webhook"))
		return;
	if (url[0] == '\0')
		faults_add(faults, mode_at,
		    "telegram.mode: webhook needs telegram.webhook_url, the public "
		    "address that leads to the web server");
	else if (official && strncmp(url, "https://", 8) != 0)
		faults_add(faults, url_at,
		    "telegram.webhook_url: Telegram calls nothing but https://");
	else if (official && !is_called_port(url))
		faults_add(faults, url_at,
		    "telegram.webhook_url: Telegram calls the ports 443, 80, 88 and "
		    "8443 alone");
	if (is(cf, "web.listen", "off"))
		faults_add(faults, config_place(cf, "web.listen", 0),
		    "web.listen: it cannot be off, since with telegram.mode: webhook "
		    "messages come in by the web server");
	else if (!has_room(cf))
		faults_add(faults, mode_at,
		    "telegram.mode: a webhook has up to %d connections, which count as "
		    "one address's: set web.proxy: true if a reverse proxy is in "
		    "front, "
		    "else web.max_per_address to %lld or more",
		    TELEGRAM_WEBHOOK_CONNECTIONS, (long long)PER_ADDRESS_MIN);
}

void
settings_check(const struct config *cf, struct faults *faults)
{
	size_t before = faults->n;

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
	/* Values that are right alone are held against each other. */
	if (faults->n == before)
		check_webhook(cf, faults);
}
