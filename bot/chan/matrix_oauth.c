/*
 * matrix_oauth.c - OAuth 2.0 for Matrix: the server's metadata, forms, and the device grant.
 *
 * RFC 6749 (forms), RFC 7009 (revocation), RFC 7591 (registration), RFC 8414 (metadata),
 * RFC 8628 (device grant); which scopes and fields Matrix wants is in "OAuth 2.0 API" of the
 * specification.
 */
#include <string.h>

#include <sodium.h>

#include "bot/chan/matrix_signin.h"

#define GRANT_DEVICE "urn:ietf:params:oauth:grant-type:device_code"
#define SCOPE "urn:matrix:client:api:* urn:matrix:client:device:"
/* RFC 8628, section 3.2 and 3.5. */
#define INTERVAL_S 5
#define SLOWER_S 5
/* Nobody waits at a terminal for longer, whatever the server says. */
#define PATIENCE_S 1800
/* Between tries when the server cannot be reached. */
#define INTERVAL_MAX_S 60

static bool
is_address(struct str s)
{
	struct buf b = { 0 };
	struct err err;
	bool good;

	buf_addstr(&b, s);
	good = s.len > 0 && memchr(s.p, '\0', s.len) == NULL &&
	       http_check_url(buf_cstr(&b), &err) == RC_OK;
	buf_fini(&b);
	return good;
}

static bool
lists(const struct json *list, const char *what)
{
	struct str text;

	for (size_t i = 0; i < json_count(list); i++)
		if (json_text(json_item(list, i), &text) == RC_OK && str_is(text, what))
			return true;
	return false;
}

bool
oauth_read_server(const struct json *metadata, struct oauth_server *out)
{
	*out = (struct oauth_server){
		.token = json_str(metadata, "token_endpoint"),
		.device = json_str(metadata, "device_authorization_endpoint"),
		.registration = json_str(metadata, "registration_endpoint"),
		.revocation = json_str(metadata, "revocation_endpoint"),
	};
	out->device_grant = is_address(out->device) && is_address(out->registration) &&
	                    lists(json_at(metadata, "grant_types_supported"),
				GRANT_DEVICE);
	return is_address(out->token) &&
	       (out->revocation.len == 0 || is_address(out->revocation));
}

/* --- forms */

static void
add_field(struct buf *b, const char *name, struct str value)
{
	if (b->len > 0)
		buf_addc(b, '&');
	buf_printf(b, "%s=", name);
	buf_add_path(b, value);
}

void
oauth_refresh_form(struct buf *b, const char *client, const char *refresh)
{
	add_field(b, "grant_type", STR("refresh_token"));
	add_field(b, "refresh_token", str_of(refresh));
	add_field(b, "client_id", str_of(client));
}

void
oauth_revoke_form(struct buf *b, struct str client, struct str token)
{
	add_field(b, "token", token);
	add_field(b, "client_id", client);
}

const struct http_answer *
oauth_post(struct asking *a, const char *url, struct str form)
{
	return asking_send(a,
	    (struct http_request){ .method = "POST",
		.url = url,
		.body = form,
		.content_type = "application/x-www-form-urlencoded" });
}

/* --- the device grant */

struct grant {
	struct asking *asking;
	const struct oauth_server *server;
	const struct login_host *host;
	struct buf client, code; /* ids of us and of what we wait for */
	int64_t interval_s, ends_ms;
};

static int64_t
now_ms(const struct grant *g)
{
	return clock_mono_ms(loop_clock(g->asking->loop));
}

static enum rc
fail(struct err *err, const char *what, const struct matrix_reply *r)
{
	err_set(err, "%s: %s", what,
	    r->result == MATRIX_OK ? "the answer does not say what it must"
				   : r->description);
	return RC_IO;
}

static enum rc
register_client(struct grant *g, const char *page, struct err *err)
{
	struct buf body = { 0 }, url = { 0 };
	struct matrix_reply r;
	struct json *tree;
	struct str id;
	enum rc rc = RC_OK;

	buf_adds(&body, "{\"client_name\":\"credbot\",\"client_uri\":");
	buf_add_json(&body, str_of(page));
	buf_adds(&body,
	    ",\"application_type\":\"native\",\"grant_types\":[\"" GRANT_DEVICE
	    "\",\"refresh_token\"],\"token_endpoint_auth_method\":\"none\"}");
	buf_addstr(&url, g->server->registration);
	matrix_read(asking_post(g->asking, buf_cstr(&url), NULL, buf_str(&body)), &tree,
	    &r);
	id = json_str(r.value, "client_id");
	if (id.len > 0)
		buf_addstr(&g->client, id);
	else
		rc = fail(err, "the server does not register this program", &r);
	json_free(tree);
	buf_fini(&body);
	buf_fini(&url);
	return rc;
}

/* What a person must type or follow comes from the server: one line, nothing that a
 * terminal obeys. */
static void
tell(const struct grant *g, const char *what, struct str from_server)
{
	struct buf line = { 0 };

	buf_adds(&line, what);
	for (size_t i = 0; i < from_server.len; i++)
		buf_addc(&line, from_server.p[i] > ' ' && from_server.p[i] <= '~'
				    ? from_server.p[i]
				    : '?');
	g->host->say(g->host->arg, buf_cstr(&line));
	buf_fini(&line);
}

static void
invite(struct grant *g, const struct json *answer, int64_t life_s)
{
	struct str all = json_str(answer, "verification_uri_complete");
	struct str page = json_str(answer, "verification_uri");
	struct buf line = { 0 };

	tell(g,
	    "Open this page in any browser, signed in as the bot's account, and "
	    "agree: ",
	    all.len > 0 ? all : page);
	if (all.len == 0 || page.len > 0)
		tell(g, "The code there must be: ", json_str(answer, "user_code"));
	buf_printf(&line, "Waiting, %lld minutes at most ...",
	    (long long)(life_s + 59) / 60);
	g->host->say(g->host->arg, buf_cstr(&line));
	buf_fini(&line);
}

static enum rc
begin(struct grant *g, const char *device, struct err *err)
{
	struct buf form = { 0 }, url = { 0 }, scope = { 0 };
	struct matrix_reply r;
	struct json *tree;
	enum rc rc = RC_OK;
	int64_t life_s;

	buf_printf(&scope, SCOPE "%s", device);
	add_field(&form, "client_id", buf_str(&g->client));
	add_field(&form, "scope", buf_str(&scope));
	buf_addstr(&url, g->server->device);
	matrix_read(oauth_post(g->asking, buf_cstr(&url), buf_str(&form)), &tree, &r);
	life_s = json_int(r.value, "expires_in", 0);
	g->interval_s = json_int(r.value, "interval", INTERVAL_S);
	if (json_str(r.value, "device_code").len > 0 &&
	    json_str(r.value, "user_code").len > 0 && life_s > 0 && g->interval_s > 0) {
		if (life_s > PATIENCE_S)
			life_s = PATIENCE_S;
		buf_addstr(&g->code, json_str(r.value, "device_code"));
		g->ends_ms = now_ms(g) + life_s * 1000;
		invite(g, r.value, life_s);
	} else {
		rc = fail(err, "the server gives no code to agree to", &r);
	}
	json_free(tree);
	buf_fini(&form);
	buf_fini(&url);
	buf_fini(&scope);
	return rc;
}

static void
write_tokens(const struct grant *g, const struct json *answer, struct buf *out)
{
	int64_t life_s = json_int(answer, "expires_in", 0);
	struct session_oauth oauth = { 0 };
	struct buf token = { 0 }, revocation = { 0 };

	buf_addstr(&token, g->server->token);
	buf_addstr(&revocation, g->server->revocation);
	oauth.token_url = token.data;
	oauth.revoke_url = revocation.data;
	oauth.client = g->client.data;
	session_write_tokens(out, json_str(answer, "access_token"),
	    json_str(answer, "refresh_token"),
	    life_s > 0 ? clock_now_ms(loop_clock(g->asking->loop)) + life_s * 1000 : 0,
	    &oauth);
	buf_fini(&token);
	buf_fini(&revocation);
}

/* What the server says while the person has not agreed (RFC 8628, section 3.5). */
static enum rc
judge(struct grant *g, const struct matrix_reply *r, struct err *err)
{
	if (r->result != MATRIX_REFUSED || r->status >= 500 || r->status == 429) {
		/* Not reached: slower, but the code is still good. */
		g->interval_s *= 2;
		if (g->interval_s > INTERVAL_MAX_S)
			g->interval_s = INTERVAL_MAX_S;
		return RC_AGAIN;
	}
	if (strcmp(r->description, "authorization_pending") == 0)
		return RC_AGAIN;
	if (strcmp(r->description, "slow_down") == 0) {
		g->interval_s += SLOWER_S;
		return RC_AGAIN;
	}
	if (strcmp(r->description, "access_denied") == 0)
		err_set(err, "the page said no: nobody is logged in");
	else if (strcmp(r->description, "expired_token") == 0)
		err_set(err, "nobody agreed in time; begin again");
	else
		err_set(err, "the server refuses: %s", r->description);
	return RC_INVALID;
}

static enum rc
poll_once(struct grant *g, struct buf *tokens, struct err *err)
{
	struct buf form = { 0 }, url = { 0 };
	struct matrix_reply r;
	struct json *tree;
	enum rc rc;

	add_field(&form, "grant_type", STR(GRANT_DEVICE));
	add_field(&form, "device_code", buf_str(&g->code));
	add_field(&form, "client_id", buf_str(&g->client));
	buf_addstr(&url, g->server->token);
	matrix_read(oauth_post(g->asking, buf_cstr(&url), buf_str(&form)), &tree, &r);
	if (r.result != MATRIX_OK) {
		rc = judge(g, &r, err);
	} else if (json_str(r.value, "access_token").len == 0) {
		rc = fail(err, "the server gives no token", &r);
	} else {
		write_tokens(g, r.value, tokens);
		rc = RC_OK;
	}
	json_free(tree);
	sodium_memzero(form.data, form.len);
	buf_fini(&form);
	buf_fini(&url);
	return rc;
}

enum rc
oauth_device_grant(struct asking *a, const struct oauth_server *server,
    const char *device, const char *page, const struct login_host *host,
    struct buf *tokens, struct err *err)
{
	struct grant g = { .asking = a, .server = server, .host = host };
	enum rc rc = register_client(&g, page, err);

	if (rc == RC_OK)
		rc = begin(&g, device, err);
	if (rc == RC_OK)
		do {
			asking_pause(a, g.interval_s * 1000);
			rc = poll_once(&g, tokens, err);
		} while (rc == RC_AGAIN && now_ms(&g) < g.ends_ms);
	if (rc == RC_AGAIN) {
		err_set(err, "nobody agreed in time; begin again");
		rc = RC_INVALID;
	}
	buf_fini(&g.client);
	buf_fini(&g.code);
	return rc;
}
