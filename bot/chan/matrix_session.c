/*
 * matrix_session.c - which server, who we are there, and the token: a step after the other,
 * each tried again after a wait, until /sync can begin.
 *
 *   find the server   "Server Discovery", once; its address is kept
 *   log in            "Login", if we are given a password and have no token
 *   ask who we are    GET /account/whoami: a bot that does not know itself answers itself
 *   set the filter    "Filtering", once for each filter; its id is kept
 *
 * A new pair of tokens is on disk before it is used, since the old one is good until then
 * ("Refreshing access tokens"). A password is tried three times.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bot/chan/matrix_login.h"
#include "credbot/base/alloc.h"
#include "credbot/base/chance.h"
#include "credbot/base/log.h"

#define LOGINS_MAX 3
#define WELL_KNOWN_MAX ((size_t)64 * 1024)
#define WELL_KNOWN_MS 20000
#define OAUTH_MAX ((size_t)64 * 1024)
#define OAUTH_MS 20000
#define TIMELINE_EVENTS 50

static void
set_text(char **at, struct str s)
{
	free(*at);
	*at = xstrndup(s.p, s.len);
}

static void
set_secret(char **at, struct str s)
{
	if (*at != NULL)
		sodium_memzero(*at, strlen(*at));
	free(*at);
	*at = s.p == NULL ? NULL : xstrndup(s.p, s.len);
}

bool
session_ready(const struct matrix *m)
{
	const struct session *s = &m->session;

	return !m->off && s->known && s->token != NULL && !s->refreshing && !s->lost;
}

/* --- steps and waits */

static void
on_retry(void *arg)
{
	struct matrix *m = arg;

	m->session.retry = NULL;
	session_begin(m);
}

static void
begin_again(struct matrix *m, const char *step, const struct matrix_reply *r)
{
	struct session *s = &m->session;
	int64_t ms = matrix_backoff_ms(s->tries);

	if (r->retry_after_ms > ms)
		ms = r->retry_after_ms;
	s->busy = false;
	if (m->off || m->draining || s->retry != NULL)
		return;
	if (s->tries++ == 0)
		log_warn("matrix: cannot %s yet: %s", step, r->description);
	s->retry = loop_after(m->ch.loop, ms, on_retry, m);
}

static void
step_done(struct matrix *m)
{
	m->session.tries = 0;
	m->session.busy = false;
	session_begin(m);
}

/* Keeps one value; done goes on when it is on disk. */
static void
keep(struct matrix *m, const char *key, struct str value, put_done_fn *done)
{
	struct flow_value v = { str_of(key), value };

	flow_keep(m->ch.flow, m->ch.ops->name, &v, 1, done, m);
}

static void
not_kept(struct matrix *m)
{
	struct matrix_reply r = { .description = "it cannot be stored",
		.retry_after_ms = -1 };

	begin_again(m, "go on", &r);
}

static void
on_step_kept(void *arg, enum rc rc, int64_t seq)
{
	(void)seq;
	if (rc == RC_OK)
		step_done(arg);
	else
		not_kept(arg);
}

/* --- the server */

enum rc
session_read_well_known(int status, struct str body, struct buf *out, struct err *err)
{
	struct json *json;
	struct str url;
	enum rc rc = RC_INVALID;

	if (status == 404)
		return RC_NOTFOUND;
	if (status != 200) {
		err_set(err, "its .well-known answers with status %d", status);
		return RC_INVALID;
	}
	json = json_parse(body, 16);
	url = json_str(json_at(json, "m.homeserver"), "base_url");
	while (url.len > 0 && url.p[url.len - 1] == '/')
		url.len--;
	if (json == NULL) {
		err_set(err, "its .well-known is no JSON");
	} else if (url.len == 0 || memchr(url.p, '\0', url.len) != NULL) {
		err_set(err, "its .well-known names no m.homeserver base_url");
	} else {
		buf_addstr(out, url);
		rc = http_check_url(buf_cstr(out), err);
	}
	json_free(json);
	return rc;
}

static void
on_versions(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;
	struct buf kept = { 0 };
	struct str rest = str_of(config_str(m->config, "matrix.user"));

	if (r->result != MATRIX_OK || json_at(r->value, "versions") == NULL) {
		set_secret(&m->session.homeserver, (struct str){ NULL, 0 });
		begin_again(m, "find the homeserver", r);
		return;
	}
	(void)str_cut(&rest, ':');
	buf_printf(&kept, "%.*s %s", STR_ARG(rest), m->session.homeserver);
	keep(m, SESSION_SERVER, buf_str(&kept), on_step_kept);
	buf_fini(&kept);
}

static void
check_server(struct matrix *m, struct str url)
{
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "GET",
		.path = "/_matrix/client/versions",
		.anonymous = true };

	set_text(&m->session.homeserver, url);
	(void)matrix_send(m, &rq, on_versions, m);
}

static void
on_well_known(void *arg, const struct http_answer *a)
{
	struct matrix *m = arg;
	struct str name = server_of(str_of(config_str(m->config, "matrix.user")));
	struct buf url = { 0 };
	struct matrix_reply r = { .retry_after_ms = a->retry_after_ms };
	struct err err = { "" };
	struct json *tree;
	enum rc rc = RC_INVALID;

	matrix_read(a, &tree, &r);
	json_free(tree);
	if (a->outcome == HTTP_ANSWERED)
		rc = session_read_well_known(a->status, a->body, &url, &err);
	if (rc == RC_NOTFOUND) {
		buf_clear(&url);
		buf_printf(&url, "https://%.*s", STR_ARG(name));
		rc = http_check_url(buf_cstr(&url), &err);
	}
	if (rc == RC_OK) {
		check_server(m, buf_str(&url));
	} else {
		if (err.text[0] != '\0')
			(void)snprintf(r.description, sizeof(r.description), "%.*s",
			    (int)sizeof(r.description) - 1, err.text);
		begin_again(m, "find the homeserver", &r);
	}
	buf_fini(&url);
}

static void
find_server(struct matrix *m)
{
	struct str name = server_of(str_of(config_str(m->config, "matrix.user")));
	struct buf url = { 0 };
	struct http_request rq = { .lane = HTTP_OTHER,
		.method = "GET",
		.timeout_ms = WELL_KNOWN_MS,
		.answer_max = WELL_KNOWN_MAX,
		.redirects = 5 };
	struct err err;

	buf_printf(&url, "https://%.*s/.well-known/matrix/client", STR_ARG(name));
	rq.url = buf_cstr(&url);
	if (http_check_url(rq.url, &err) == RC_OK)
		(void)http_send(m->http, &rq, on_well_known, m);
	else
		matrix_off(m, err.text);
	buf_fini(&url);
}

/* --- logging in */

#define NOBODY                                                                         \
	"nobody is logged in (any more); stop the program, run \"credbot login\", "    \
	"and "                                                                         \
	"start it again"

static void begin_refresh(struct matrix *m);

static bool
has_password(const struct matrix *m)
{
	return config_str(m->config, "matrix.password_file")[0] != '\0';
}

static void
on_renew(void *arg)
{
	struct matrix *m = arg;

	m->session.renew = NULL;
	begin_refresh(m);
}

/* At four fifths of its life. */
static void
plan_renewal(struct matrix *m)
{
	struct session *s = &m->session;
	int64_t left = s->expires_ms - clock_now_ms(loop_clock(m->ch.loop));

	loop_cancel(s->renew);
	s->renew = NULL;
	if (s->expires_ms > 0 && s->refresh != NULL)
		s->renew = loop_after(m->ch.loop, left > 1000 ? left / 5 * 4 : 800,
		    on_renew, m);
}

/* Tokens as they are kept. */
void
session_write_tokens(struct buf *b, struct str access, struct str refresh,
    int64_t expires_ms, const struct session_oauth *oauth)
{
	buf_adds(b, "{\"access_token\":");
	buf_add_json(b, access);
	if (refresh.len > 0) {
		buf_adds(b, ",\"refresh_token\":");
		buf_add_json(b, refresh);
	}
	if (oauth != NULL && oauth->client != NULL) {
		buf_adds(b, ",\"oauth\":{\"client\":");
		buf_add_json(b, str_of(oauth->client));
		buf_adds(b, ",\"token_url\":");
		buf_add_json(b, str_of(oauth->token_url));
		buf_adds(b, ",\"revoke_url\":");
		buf_add_json(b, str_of(oauth->revoke_url));
		buf_adds(b, "}");
	}
	buf_printf(b, ",\"expires\":%lld}", (long long)expires_ms);
}

static void
read_oauth(struct session_oauth *o, const struct json *json)
{
	if (json == NULL)
		return;
	set_text(&o->client, json_str(json, "client"));
	set_text(&o->token_url, json_str(json, "token_url"));
	set_text(&o->revoke_url, json_str(json, "revoke_url"));
}

static void
read_tokens(struct session *s, struct str value)
{
	struct json *json = json_parse(value, 4);
	struct str refresh = json_str(json, "refresh_token");

	read_oauth(&s->oauth, json_at(json, "oauth"));
	if (json_str(json, "access_token").len > 0)
		set_secret(&s->token, json_str(json, "access_token"));
	if (refresh.len > 0)
		set_secret(&s->refresh, refresh);
	s->expires_ms = json_int(json, "expires", 0);
	s->generation++;
	json_free(json);
}

static void keep_pending(void *arg);

static void
on_tokens_kept(void *arg, enum rc rc, int64_t seq)
{
	struct matrix *m = arg;
	struct session *s = &m->session;

	(void)seq;
	if (rc != RC_OK) {
		log_warn("matrix: new tokens cannot be stored now");
		loop_cancel(s->renew);
		s->renew = loop_after(m->ch.loop, 1000, keep_pending, m);
		return;
	}
	read_tokens(s, str_of(s->pending));
	set_secret(&s->pending, (struct str){ NULL, 0 });
	s->refreshing = s->lost = s->soft = false;
	s->logins = 0;
	plan_renewal(m);
	step_done(m);
}

static void
keep_pending(void *arg)
{
	struct matrix *m = arg;

	m->session.renew = NULL;
	keep(m, SESSION_TOKENS, str_of(m->session.pending), on_tokens_kept);
}

/* The answer of a login or a renewal. Not in use before it is on disk. */
static void
keep_tokens(struct matrix *m, const struct json *json)
{
	struct session *s = &m->session;
	struct str refresh = json_str(json, "refresh_token");
	/* OAuth counts in seconds. */
	int64_t ms = json_int(json, "expires_in_ms",
	    json_int(json, "expires_in", 0) * 1000);
	struct buf b = { 0 };

	/* Without a new one, the old one stays good. */
	if (refresh.len == 0 && s->refresh != NULL)
		refresh = str_of(s->refresh);
	session_write_tokens(&b, json_str(json, "access_token"), refresh,
	    ms > 0 ? clock_now_ms(loop_clock(m->ch.loop)) + ms : 0, &s->oauth);
	set_secret(&s->pending, buf_str(&b));
	sodium_memzero(b.data, b.len);
	buf_fini(&b);
	s->refreshing = true;
	keep(m, SESSION_TOKENS, str_of(s->pending), on_tokens_kept);
}

static void
on_login(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;
	struct session *s = &m->session;

	if (r->result == MATRIX_OK && json_str(r->value, "access_token").len > 0) {
		keep_tokens(m, r->value);
		return;
	}
	if (r->result == MATRIX_REFUSED && r->status != 429 && r->status < 500 &&
	    ++s->logins == LOGINS_MAX) {
		log_warn("matrix: login refused: %s", r->description);
		matrix_off(m, "the server does not accept user and password");
		return;
	}
	begin_again(m, "log in", r);
}

void
session_write_login(struct buf *b, const char *user, struct str password,
    const char *device)
{
	buf_adds(b, "{\"type\":\"m.login.password\",\"identifier\":{\"type\":"
		    "\"m.id.user\",\"user\":");
	buf_add_json(b, str_of(user));
	buf_adds(b, "},\"password\":");
	buf_add_json(b, password);
	buf_adds(b, ",\"device_id\":");
	buf_add_json(b, str_of(device));
	buf_adds(b, ",\"initial_device_display_name\":\"credbot\","
		    "\"refresh_token\":true}");
}

static void
forget_oauth(struct session_oauth *o)
{
	free(o->client);
	free(o->token_url);
	free(o->revoke_url);
	*o = (struct session_oauth){ 0 };
}

static void
send_login(struct matrix *m)
{
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "POST",
		.path = CLIENT_API "/login",
		.anonymous = true };
	struct buf body = { 0 }, password = { 0 };
	struct err err;

	if (matrix_password(m->config, &password, &err) != RC_OK) {
		matrix_off(m, err.text);
		goto out;
	}
	forget_oauth(&m->session.oauth);
	session_write_login(&body, config_str(m->config, "matrix.user"),
	    buf_str(&password), m->session.device);
	rq.body = buf_str(&body);
	(void)matrix_send(m, &rq, on_login, m);
	sodium_memzero(body.data, body.len);
out:
	if (password.data != NULL)
		sodium_memzero(password.data, password.len);
	buf_fini(&body);
	buf_fini(&password);
}

static void
on_flows(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;
	const struct json *flows = json_at(r->value, "flows"), *flow;

	if (r->result != MATRIX_OK) {
		begin_again(m, "log in", r);
		return;
	}
	for (size_t i = 0; (flow = json_item(flows, i)) != NULL; i++)
		if (str_is(json_str(flow, "type"), "m.login.password")) {
			send_login(m);
			return;
		}
	matrix_off(m, "the server takes no passwords; set matrix.token_file");
}

void
session_make_device(char out[SESSION_DEVICE_SIZE])
{
	chance_token(chance_system(), out, SESSION_DEVICE_SIZE - 1);
}

/* The same device at every login: its id is on disk before the first. */
static void
log_in(struct matrix *m)
{
	const char *wanted = config_str(m->config, "matrix.device_id");
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "GET",
		.path = CLIENT_API "/login",
		.anonymous = true };
	char made[SESSION_DEVICE_SIZE];

	if (!has_password(m)) {
		matrix_off(m, NOBODY);
		return;
	}
	if (wanted[0] != '\0') {
		set_text(&m->session.device, str_of(wanted));
	} else if (m->session.device == NULL) {
		session_make_device(made);
		set_text(&m->session.device, str_of(made));
		keep(m, SESSION_DEVICE, str_of(made), on_step_kept);
		return;
	}
	(void)matrix_send(m, &rq, on_flows, m);
}

/* --- the token again */

static void
logged_out(struct matrix *m, bool soft)
{
	struct session *s = &m->session;

	set_secret(&s->token, (struct str){ NULL, 0 });
	set_secret(&s->refresh, (struct str){ NULL, 0 });
	s->generation++;
	loop_cancel(s->renew);
	s->renew = NULL;
	if (!s->kept) {
		matrix_off(m, "the server does not accept the token");
		return;
	}
	keep(m, SESSION_TOKENS, (struct str){ NULL, 0 }, NULL);
	s->lost = false;
	s->busy = false;
	if (soft)
		session_begin(m);
	else if (has_password(m))
		matrix_off(m, "somebody logged this device out; the next start logs in "
			      "again");
	else
		matrix_off(m, NOBODY);
}

/* Before its time is over, a token that cannot be renewed is still good. */
static void
not_renewed(struct matrix *m, const struct matrix_reply *r)
{
	struct session *s = &m->session;

	log_warn("matrix: the tokens cannot be renewed: %s", r->description);
	if (s->lost || s->token == NULL)
		logged_out(m, r->soft_logout || s->soft);
	else
		set_secret(&s->refresh, (struct str){ NULL, 0 });
}

static void
on_refreshed(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;
	struct session *s = &m->session;

	if (r->result == MATRIX_OK && json_str(r->value, "access_token").len > 0) {
		keep_tokens(m, r->value);
		return;
	}
	s->refreshing = false;
	if (r->result == MATRIX_REFUSED && r->status != 429 && r->status < 500)
		not_renewed(m, r);
	else
		begin_again(m, "renew the tokens", r);
}

static void
on_oauth_refreshed(void *arg, const struct http_answer *a)
{
	struct matrix_reply r;
	struct json *tree;

	matrix_read(a, &tree, &r);
	on_refreshed(arg, &r);
	json_free(tree);
}

static void
refresh_oauth(struct matrix *m)
{
	const struct session *s = &m->session;
	struct http_request rq = { .lane = HTTP_OTHER,
		.method = "POST",
		.url = s->oauth.token_url,
		.content_type = "application/x-www-form-urlencoded",
		.timeout_ms = OAUTH_MS,
		.answer_max = OAUTH_MAX };
	struct buf form = { 0 };

	oauth_refresh_form(&form, s->oauth.client, s->refresh);
	rq.body = buf_str(&form);
	(void)http_send(m->http, &rq, on_oauth_refreshed, m);
	sodium_memzero(form.data, form.len);
	buf_fini(&form);
}

static void
begin_refresh(struct matrix *m)
{
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "POST",
		.path = CLIENT_API "/refresh",
		.anonymous = true };
	struct buf body = { 0 };

	if (m->session.refreshing || m->session.refresh == NULL || m->off)
		return;
	m->session.refreshing = true;
	if (m->session.oauth.client != NULL) {
		refresh_oauth(m);
		return;
	}
	buf_adds(&body, "{\"refresh_token\":");
	buf_add_json(&body, str_of(m->session.refresh));
	buf_adds(&body, "}");
	rq.body = buf_str(&body);
	(void)matrix_send(m, &rq, on_refreshed, m);
	sodium_memzero(body.data, body.len);
	buf_fini(&body);
}

void
session_refused(struct matrix *m, unsigned generation, const struct matrix_reply *r)
{
	struct session *s = &m->session;

	if (strcmp(r->errcode, "M_USER_DEACTIVATED") == 0) {
		matrix_off(m, "the account is deactivated");
		return;
	}
	/* Others with 401 (a locked account, a proxy) say nothing about the token. */
	if (strcmp(r->errcode, "M_UNKNOWN_TOKEN") != 0 || generation != s->generation ||
	    s->refreshing || s->token == NULL)
		return;
	s->lost = true;
	s->soft = r->soft_logout;
	if (s->refresh != NULL)
		begin_refresh(m);
	else
		logged_out(m, r->soft_logout);
}

/* --- who we are */

static void
on_identity_kept(void *arg, enum rc rc, int64_t seq)
{
	struct matrix *m = arg;

	(void)seq;
	if (rc != RC_OK) {
		not_kept(m);
		return;
	}
	m->session.known = true;
	log_info("matrix: logged in device=%s",
	    m->session.device == NULL ? "" : m->session.device);
	step_done(m);
}

/* Another account would answer what the first one left, and read its stream. */
static bool
is_who_we_were(struct matrix *m, struct str user, struct str device)
{
	const struct session *s = &m->session;
	const char *wanted_user = config_str(m->config, "matrix.user");
	const char *wanted_device = config_str(m->config, "matrix.device_id");

	if (wanted_user[0] != '\0' && !str_is(user, wanted_user)) {
		matrix_off(m, "the token is another account's than matrix.user");
	} else if (s->user != NULL && !str_is(user, s->user)) {
		matrix_off(m, "the token is another account's than at the last start; "
			      "with another account use another state folder");
	} else if (wanted_device[0] != '\0' && !str_is(device, wanted_device)) {
		matrix_off(m, "the token is another device's than matrix.device_id");
	} else if (wanted_device[0] == '\0' && s->device != NULL && device.len > 0 &&
		   !str_is(device, s->device)) {
		matrix_off(m,
		    "the token is another device's than at the last start; if "
		    "that is right, name the new one in matrix.device_id");
	} else {
		return true;
	}
	return false;
}

void
session_write_identity(struct buf *b, struct str user, struct str device)
{
	buf_adds(b, "{\"user\":");
	buf_add_json(b, user);
	buf_adds(b, ",\"device\":");
	buf_add_json(b, device);
	buf_adds(b, "}");
}

static void
on_whoami(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;
	struct str user = json_str(r->value, "user_id");
	struct str device = json_str(r->value, "device_id");
	struct buf b = { 0 };

	if (r->result != MATRIX_OK || !is_id(user, '@')) {
		begin_again(m, "ask who I am", r);
		return;
	}
	if (!is_who_we_were(m, user, device))
		return;
	if (device.len == 0)
		log_warn(
		    "matrix: the token has no device: a message that is sent twice "
		    "may be shown twice");
	set_text(&m->session.user, user);
	if (device.len > 0 || m->session.device == NULL)
		set_text(&m->session.device, device);
	session_write_identity(&b, user, str_of(m->session.device));
	keep(m, SESSION_IDENTITY, buf_str(&b), on_identity_kept);
	buf_fini(&b);
}

static void
ask_who(struct matrix *m)
{
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "GET",
		.path = CLIENT_API "/account/whoami" };

	(void)matrix_send(m, &rq, on_whoami, m);
}

/* --- the filter */

static void
write_filter(struct buf *b)
{
	buf_printf(b,
	    "{\"presence\":{\"not_types\":[\"*\"]},"
	    "\"account_data\":{\"types\":[\"m.ignored_user_list\"]},"
	    "\"room\":{\"ephemeral\":{\"not_types\":[\"*\"]},"
	    "\"account_data\":{\"not_types\":[\"*\"]},"
	    "\"state\":{\"lazy_load_members\":true,\"types\":[\"m.room.encryption\","
	    "\"m.room.member\",\"m.room.tombstone\",\"m.room.create\"]},"
	    "\"timeline\":{\"lazy_load_members\":true,\"limit\":%d,\"types\":[%s]}}}",
	    TIMELINE_EVENTS, matrix_timeline_types);
}

static void
on_filter(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;
	struct str id = json_str(r->value, "filter_id");
	struct buf b = { 0 };

	if (r->result != MATRIX_OK || id.len == 0) {
		begin_again(m, "set the filter", r);
		return;
	}
	set_text(&m->filter, id);
	buf_printf(&b, "%s %s", m->filter_hash, m->filter);
	keep(m, SESSION_FILTER, buf_str(&b), on_step_kept);
	buf_fini(&b);
}

/* Where we stand in the stream stays as it is: a filter is no reason to begin anew. */
static void
set_filter(struct matrix *m)
{
	struct matrix_request rq = { .lane = HTTP_OTHER, .method = "POST" };
	struct buf path = { 0 }, body = { 0 };

	write_filter(&body);
	buf_adds(&path, CLIENT_API "/user/");
	buf_add_path(&path, str_of(m->session.user));
	buf_adds(&path, "/filter");
	rq.path = buf_cstr(&path);
	rq.body = buf_str(&body);
	(void)matrix_send(m, &rq, on_filter, m);
	buf_fini(&path);
	buf_fini(&body);
}

void
session_lose_filter(struct matrix *m)
{
	free(m->filter);
	m->filter = NULL;
}

/* --- the whole */

static void
load_tokens(struct matrix *m, struct str value)
{
	/* A token that was given since counts. */
	if (!m->session.kept)
		return;
	read_tokens(&m->session, value);
	plan_renewal(m);
}

static void
load_identity(struct matrix *m, struct str value)
{
	struct json *json = json_parse(value, 4);

	set_text(&m->session.user, json_str(json, "user"));
	if (json_str(json, "device").len > 0)
		set_text(&m->session.device, json_str(json, "device"));
	json_free(json);
}

static void
load_filter(struct matrix *m, struct str value)
{
	struct str rest = value, hash = str_cut(&rest, ' ');

	if (rest.len > 0 && str_is(hash, m->filter_hash))
		set_text(&m->filter, rest);
}

static void
load_server(struct matrix *m, struct str value)
{
	struct str rest = value, name = str_cut(&rest, ' ');
	struct str user = str_of(config_str(m->config, "matrix.user"));

	if (rest.len > 0 && config_str(m->config, "matrix.homeserver")[0] == '\0' &&
	    str_eq(name, server_of(user)))
		set_text(&m->session.homeserver, rest);
}

static void
hash_filter(struct matrix *m)
{
	char hash[MATRIX_TXN_SIZE];
	struct buf b = { 0 };

	write_filter(&b);
	txn_of_text(buf_str(&b), hash);
	set_text(&m->filter_hash, str_of(hash));
	buf_fini(&b);
}

bool
session_load(struct matrix *m, struct str key, struct str value)
{
	if (m->filter_hash == NULL)
		hash_filter(m);
	if (str_is(key, SESSION_SERVER))
		load_server(m, value);
	else if (str_is(key, SESSION_IDENTITY))
		load_identity(m, value);
	else if (str_is(key, SESSION_DEVICE))
		set_text(&m->session.device, value);
	else if (str_is(key, SESSION_TOKENS))
		load_tokens(m, value);
	else if (str_is(key, SESSION_FILTER))
		load_filter(m, value);
	else
		return false;
	return true;
}

static void
take_homeserver(struct matrix *m)
{
	struct str url = str_of(config_str(m->config, "matrix.homeserver"));

	while (url.len > 0 && url.p[url.len - 1] == '/')
		url.len--;
	if (url.len > 0)
		set_text(&m->session.homeserver, url);
}

void
session_begin(struct matrix *m)
{
	struct session *s = &m->session;

	if (m->off || m->draining || s->retry != NULL || s->refreshing || s->busy)
		return;
	if (m->filter_hash == NULL)
		hash_filter(m);
	if (s->homeserver == NULL)
		take_homeserver(m);
	s->busy = true;
	if (s->homeserver == NULL) {
		find_server(m);
	} else if (s->refresh != NULL && (s->token == NULL || s->lost)) {
		begin_refresh(m);
		s->busy = false; /* a renewal is guarded by itself */
	} else if (s->token == NULL) {
		log_in(m);
	} else if (!s->known) {
		ask_who(m);
	} else if (m->filter == NULL) {
		set_filter(m);
	} else {
		s->busy = false;
		sync_begin(m->sync);
	}
}

void
session_end(struct matrix *m)
{
	loop_cancel(m->session.retry);
	loop_cancel(m->session.renew);
	m->session.retry = m->session.renew = NULL;
	forget_oauth(&m->session.oauth);
}
