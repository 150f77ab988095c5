/*
 * matrix_signin.c - logging in to Matrix once, with a person at the terminal; and out again.
 *
 * The older API ("Legacy API" of the specification: /login, /logout) and OAuth 2.0 are never
 * mixed in one session: tokens of OAuth bear their client with them.
 */
#include <string.h>

#include <sodium.h>

#include "bot/chan/matrix_signin.h"

struct login {
	struct asking asking;
	const struct config *config;
	const struct login_host *host;
	struct buf base, device, tokens;
	struct buf was; /* who we were, as it was kept */
};

static void
fini(struct login *g)
{
	asking_fini(&g->asking);
	if (g->tokens.data != NULL)
		sodium_memzero(g->tokens.data, g->tokens.len);
	buf_fini(&g->tokens);
	buf_fini(&g->base);
	buf_fini(&g->device);
	buf_fini(&g->was);
}

static void
say(const struct login *g, const char *what, const char *name)
{
	struct buf line = { 0 };

	buf_printf(&line, "%s%s", what, name);
	g->host->say(g->host->arg, buf_cstr(&line));
	buf_fini(&line);
}

/* base + path */
static const char *
at(const struct login *g, struct buf *url, const char *path)
{
	buf_clear(url);
	buf_printf(url, "%s%s", buf_cstr(&g->base), path);
	return buf_cstr(url);
}

static enum rc
refused(struct err *err, const char *what, const struct matrix_reply *r)
{
	err_set(err, "%s: %s", what,
	    r->result == MATRIX_OK ? "the answer does not say what it must"
				   : r->description);
	return r->result == MATRIX_REFUSED ? RC_INVALID : RC_IO;
}

/* --- which way */

struct ways {
	bool password, token;
	struct json *metadata; /* NULL: no OAuth */
	struct oauth_server oauth;
};

static enum rc
ask_metadata(struct login *g, struct ways *w, struct err *err)
{
	struct buf url = { 0 };
	struct matrix_reply r;
	enum rc rc = RC_OK;

	matrix_read(asking_get(&g->asking,
			at(g, &url, "/_matrix/client/v1/auth_metadata"), NULL),
	    &w->metadata, &r);
	if (r.result == MATRIX_REFUSED && r.status < 500 && r.status != 429) {
		json_free(w->metadata); /* M_UNRECOGNIZED: it has no such thing */
		w->metadata = NULL;
	} else if (r.result != MATRIX_OK) {
		rc = refused(err, "the server does not say how to log in", &r);
	} else if (!oauth_read_server(w->metadata, &w->oauth)) {
		err_set(err, "the server's OAuth metadata names no https addresses");
		rc = RC_INVALID;
	}
	buf_fini(&url);
	return rc;
}

/* A server with OAuth alone answers 404. */
static void
ask_flows(struct login *g, struct ways *w)
{
	struct buf url = { 0 };
	struct matrix_reply r;
	struct json *tree;
	const struct json *flows, *flow;

	matrix_read(asking_get(&g->asking, at(g, &url, CLIENT_API "/login"), NULL),
	    &tree, &r);
	flows = json_at(r.value, "flows");
	for (size_t i = 0; (flow = json_item(flows, i)) != NULL; i++) {
		w->password = w->password ||
		              str_is(json_str(flow, "type"), "m.login.password");
		w->token = w->token || str_is(json_str(flow, "type"), "m.login.token");
	}
	json_free(tree);
	buf_fini(&url);
}

static enum rc
choose(const struct ways *w, enum login_way *way, struct err *err)
{
	bool device = w->metadata != NULL && w->oauth.device_grant;

	if (*way == LOGIN_ANY)
		*way = device        ? LOGIN_DEVICE
		       : w->password ? LOGIN_PASSWORD
		                     : LOGIN_TOKEN;
	if ((*way == LOGIN_DEVICE && device) ||
	    (*way == LOGIN_PASSWORD && w->password) ||
	    (*way == LOGIN_TOKEN && w->token))
		return RC_OK;
	err_set(err, "the server does not offer this way to log in; it offers:%s%s%s%s",
	    device ? " --device" : "", w->password ? " --password" : "",
	    w->token ? " --token" : "",
	    device || w->password || w->token ? ""
					      : " none that credbot knows. Put an "
						"access token into matrix.token_file");
	return RC_INVALID;
}

/* --- the older API */

static void
write_token_login(struct buf *b, struct str token, const char *device)
{
	buf_adds(b, "{\"type\":\"m.login.token\",\"token\":");
	buf_add_json(b, token);
	buf_adds(b, ",\"device_id\":");
	buf_add_json(b, str_of(device));
	buf_adds(b,
	    ",\"initial_device_display_name\":\"credbot\",\"refresh_token\":true}");
}

static enum rc
send_login(struct login *g, struct str body, struct err *err)
{
	struct buf url = { 0 };
	struct matrix_reply r;
	struct json *tree;
	enum rc rc = RC_OK;
	int64_t ms;

	matrix_read(asking_post(&g->asking, at(g, &url, CLIENT_API "/login"), NULL,
			body),
	    &tree, &r);
	ms = json_int(r.value, "expires_in_ms", 0);
	if (json_str(r.value, "access_token").len == 0)
		rc = refused(err, "the server does not let us in", &r);
	else
		session_write_tokens(&g->tokens, json_str(r.value, "access_token"),
		    json_str(r.value, "refresh_token"),
		    ms > 0 ? clock_now_ms(loop_clock(g->asking.loop)) + ms : 0, NULL);
	json_free(tree);
	buf_fini(&url);
	return rc;
}

static enum rc
login_by_secret(struct login *g, enum login_way way, struct err *err)
{
	const char *user = config_str(g->config, "matrix.user");
	const char *device = buf_cstr(&g->device);
	struct buf secret = { 0 }, body = { 0 };
	enum rc rc = RC_INVALID;

	if (!g->host->ask(g->host->arg,
		way == LOGIN_PASSWORD ? "Password: " : "Login token: ", &secret)) {
		err_set(err, "nothing was given");
	} else {
		if (way == LOGIN_PASSWORD)
			session_write_login(&body, user, buf_str(&secret), device);
		else
			write_token_login(&body, buf_str(&secret), device);
		rc = send_login(g, buf_str(&body), err);
		sodium_memzero(body.data, body.len);
	}
	if (secret.data != NULL)
		sodium_memzero(secret.data, secret.len);
	buf_fini(&secret);
	buf_fini(&body);
	return rc;
}

/* --- OAuth */

/* Servers want a page about the program that asks: its operator's. */
static void
add_page(const struct login *g, struct buf *out)
{
	const char *privacy = config_str(g->config, "bot.privacy_url");
	struct str name = server_of(str_of(config_str(g->config, "matrix.user")));

	if (strncmp(privacy, "https://", 8) == 0)
		buf_adds(out, privacy);
	else
		buf_printf(out, "https://%.*s/", STR_ARG(name));
}

static enum rc
login_by_device(struct login *g, const struct ways *w, struct err *err)
{
	struct buf page = { 0 };
	enum rc rc;

	add_page(g, &page);
	rc = oauth_device_grant(&g->asking, &w->oauth, buf_cstr(&g->device),
	    buf_cstr(&page), g->host, &g->tokens, err);
	buf_fini(&page);
	return rc;
}

/* --- what is kept */

/* The same device as ever: another one would be shown to people as a new login. */
static enum rc
find_device(struct login *g)
{
	const char *wanted = config_str(g->config, "matrix.device_id");
	char made[SESSION_DEVICE_SIZE];
	enum rc rc = RC_OK;

	if (wanted[0] != '\0')
		buf_adds(&g->device, wanted);
	else
		rc = g->host->find(g->host->arg, KEY_DEVICE, &g->device);
	if (rc != RC_NOTFOUND)
		return rc;
	session_make_device(made);
	buf_adds(&g->device, made);
	return g->host->keep(g->host->arg, KEY_DEVICE, buf_str(&g->device));
}

/* The one whom we are now, and who we were. */
static enum rc
check_user(const struct login *g, struct str user, struct err *err)
{
	const char *wanted = config_str(g->config, "matrix.user");
	struct json *before = json_parse(buf_str(&g->was), 4);
	struct str was = json_str(before, "user");
	enum rc rc = RC_INVALID;

	if (!is_id(user, '@'))
		err_set(err, "the server does not say whose token this is");
	else if (wanted[0] != '\0' && !str_is(user, wanted))
		err_set(err, "this is %.*s, but matrix.user is %s", STR_ARG(user),
		    wanted);
	else if (was.len > 0 && !str_eq(user, was))
		err_set(err,
		    "this is %.*s, but the bot was %.*s until now; with another "
		    "account "
		    "use another state folder",
		    STR_ARG(user), STR_ARG(was));
	else
		rc = RC_OK;
	json_free(before);
	return rc;
}

static enum rc
keep_session(struct login *g, struct str user, struct str device)
{
	const struct login_host *h = g->host;
	struct buf identity = { 0 };
	enum rc rc = RC_OK;

	session_write_identity(&identity, user, device);
	rc = h->keep(h->arg, KEY_TOKENS, buf_str(&g->tokens));
	if (rc == RC_OK)
		rc = h->keep(h->arg, KEY_IDENTITY, buf_str(&identity));
	buf_fini(&identity);
	return rc;
}

/* AUTH-4: nothing is kept before the server has told whose token it is. */
static enum rc
finish(struct login *g, struct err *err)
{
	struct json *tokens = json_parse(buf_str(&g->tokens), 4), *tree;
	struct buf url = { 0 };
	struct matrix_reply r;
	struct str user, device;
	enum rc rc;

	matrix_read(asking_get(&g->asking, at(g, &url, CLIENT_API "/account/whoami"),
			json_str(tokens, "access_token").p),
	    &tree, &r);
	user = json_str(r.value, "user_id");
	device = json_str(r.value, "device_id");
	if (r.result != MATRIX_OK) {
		rc = refused(err, "logged in, but the token does not work", &r);
	} else {
		rc = check_user(g, user, err);
		if (rc == RC_OK && keep_session(g, user, device) != RC_OK) {
			err_set(err, "the tokens cannot be stored");
			rc = RC_IO;
		}
	}
	if (rc == RC_OK) {
		say(g, "Logged in as ", user.p);
		if (device.len == 0)
			say(g,
			    "The token has no device: a message that is sent twice may "
			    "be shown twice.",
			    "");
	}
	json_free(tokens);
	json_free(tree);
	buf_fini(&url);
	return rc;
}

static enum rc
log_in(struct login *g, enum login_way way, struct err *err)
{
	struct ways w = { 0 };
	enum rc rc = ask_metadata(g, &w, err);

	if (rc == RC_OK) {
		ask_flows(g, &w);
		rc = choose(&w, &way, err);
	}
	if (rc == RC_OK && find_device(g) != RC_OK) {
		err_set(err, "the database cannot be written");
		rc = RC_IO;
	}
	if (rc == RC_OK)
		rc = way == LOGIN_DEVICE ? login_by_device(g, &w, err)
		                         : login_by_secret(g, way, err);
	json_free(w.metadata);
	return rc == RC_OK ? finish(g, err) : rc;
}

enum rc
matrix_login(struct loop *l, const struct config *cf, enum login_way way,
    const struct login_host *host, struct err *err)
{
	struct login g = { .config = cf, .host = host };
	struct buf token = { 0 };
	enum rc rc = matrix_token(cf, &token, err);

	if (config_str(cf, "matrix.user")[0] == '\0') {
		err_set(err, "matrix.user is needed, the bot's id: @bot:example.org");
		rc = RC_INVALID;
	} else if (rc == RC_OK) {
		err_set(err,
		    "a token is configured (matrix.token, matrix.token_file or the "
		    "credential), and would count: take it away first");
		rc = RC_INVALID;
	} else if (rc == RC_NOTFOUND) {
		rc = asking_init(&g.asking, l, cf, err);
	}
	if (rc == RC_OK)
		rc = matrix_find(&g.asking, cf, &g.base, err);
	if (rc == RC_OK) {
		say(&g, "Homeserver: ", buf_cstr(&g.base));
		(void)host->find(host->arg, KEY_IDENTITY, &g.was);
		rc = log_in(&g, way, err);
	}
	if (token.data != NULL)
		sodium_memzero(token.data, token.len);
	buf_fini(&token);
	fini(&g);
	return rc;
}

/* --- out again */

/* RFC 7009 for tokens of OAuth, /logout for the others. */
static enum rc
end_session(struct login *g, struct err *err)
{
	struct json *kept = json_parse(buf_str(&g->tokens), 4), *tree = NULL;
	const struct json *oauth = json_at(kept, "oauth");
	struct str revoke = json_str(oauth, "revoke_url");
	struct str refresh = json_str(kept, "refresh_token");
	struct str access = json_str(kept, "access_token");
	struct buf url = { 0 }, form = { 0 };
	struct matrix_reply r = { .result = MATRIX_OK };
	enum rc rc = RC_OK;

	if (oauth == NULL) {
		matrix_read(asking_post(&g->asking, at(g, &url, CLIENT_API "/logout"),
				access.p, STR("{}")),
		    &tree, &r);
	} else if (revoke.len > 0) {
		oauth_revoke_form(&form, json_str(oauth, "client"),
		    refresh.len > 0 ? refresh : access);
		matrix_read(oauth_post(&g->asking, revoke.p, buf_str(&form)), &tree,
		    &r);
	}
	/* An empty answer to a revocation is fine; a token that is not known has ended. */
	if (r.result != MATRIX_OK && !(r.status >= 200 && r.status < 300) &&
	    r.status != 401) {
		err_set(err, "the server does not end the session: %s", r.description);
		rc = RC_IO;
	}
	json_free(kept);
	json_free(tree);
	if (form.data != NULL)
		sodium_memzero(form.data, form.len);
	buf_fini(&form);
	buf_fini(&url);
	return rc;
}

enum rc
matrix_logout(struct loop *l, const struct config *cf, const struct login_host *host,
    struct err *err)
{
	struct login g = { .config = cf, .host = host };
	enum rc rc = host->find(host->arg, KEY_TOKENS, &g.tokens);

	if (rc == RC_NOTFOUND)
		err_set(err, "nobody is logged in");
	else
		rc = asking_init(&g.asking, l, cf, err);
	if (rc == RC_OK)
		rc = matrix_find(&g.asking, cf, &g.base, err);
	if (rc == RC_OK)
		rc = end_session(&g, err);
	if (rc == RC_OK &&
	    host->keep(host->arg, KEY_TOKENS, (struct str){ NULL, 0 }) != RC_OK) {
		err_set(err,
		    "the tokens cannot be forgotten: the database cannot be written");
		rc = RC_IO;
	}
	if (rc == RC_OK)
		say(&g, "Logged out.", "");
	fini(&g);
	return rc;
}
