/*
 * matrix_renew.c - tokens: kept, renewed before their time is over, lost.
 *
 * A new pair of tokens is on disk before it is used, since the old one is good until then
 * ("Refreshing access tokens" of the specification).
 */
#include <string.h>

#include <sodium.h>

#include "bot/chan/matrix_signin.h"
#include "credbot/base/log.h"

#define OAUTH_MAX ((size_t)64 * 1024)
#define OAUTH_MS 20000

static void keep_pending(void *arg);

static void
on_renew(void *arg)
{
	struct matrix *m = arg;

	m->session.renew = NULL;
	session_refresh(m);
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

static void
read_oauth(struct session_oauth *o, const struct json *json)
{
	if (json == NULL)
		return;
	session_set_text(&o->client, json_str(json, "client"));
	session_set_text(&o->token_url, json_str(json, "token_url"));
	session_set_text(&o->revoke_url, json_str(json, "revoke_url"));
}

/* Tokens as they are kept. */
static void
read_tokens(struct session *s, struct str value)
{
	struct json *json = json_parse(value, 4);
	struct str refresh = json_str(json, "refresh_token");

	read_oauth(&s->oauth, json_at(json, "oauth"));
	if (json_str(json, "access_token").len > 0)
		session_set_secret(&s->token, json_str(json, "access_token"));
	if (refresh.len > 0)
		session_set_secret(&s->refresh, refresh);
	s->expires_ms = json_int(json, "expires", 0);
	s->generation++;
	json_free(json);
}

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
	session_set_secret(&s->pending, (struct str){ NULL, 0 });
	s->refreshing = s->lost = s->soft = false;
	s->logins = 0;
	plan_renewal(m);
	session_step_done(m);
}

static void
keep_pending(void *arg)
{
	struct matrix *m = arg;

	m->session.renew = NULL;
	session_keep(m, KEY_TOKENS, str_of(m->session.pending), on_tokens_kept);
}

/* The answer of a login or a renewal. Not in use before it is on disk. */
void
session_keep_tokens(struct matrix *m, const struct json *json)
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
	session_set_secret(&s->pending, buf_str(&b));
	sodium_memzero(b.data, b.len);
	buf_fini(&b);
	s->refreshing = true;
	session_keep(m, KEY_TOKENS, str_of(s->pending), on_tokens_kept);
}

void
session_load_tokens(struct matrix *m, struct str value)
{
	/* A token that was given since counts. */
	if (!m->session.kept)
		return;
	read_tokens(&m->session, value);
	plan_renewal(m);
}

static void
logged_out(struct matrix *m, bool soft)
{
	struct session *s = &m->session;

	session_set_secret(&s->token, (struct str){ NULL, 0 });
	session_set_secret(&s->refresh, (struct str){ NULL, 0 });
	s->generation++;
	loop_cancel(s->renew);
	s->renew = NULL;
	if (!s->kept) {
		matrix_off(m, "the server does not accept the token");
		return;
	}
	session_keep(m, KEY_TOKENS, (struct str){ NULL, 0 }, NULL);
	s->lost = false;
	s->busy = false;
	if (soft)
		session_begin(m);
	else if (!session_has_password(m))
		matrix_off(m, SESSION_NOBODY);
	else
		matrix_off(m, "somebody logged this device out; the next start logs in "
			      "again");
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
		session_set_secret(&s->refresh, (struct str){ NULL, 0 });
}

static void
on_refreshed(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;
	struct session *s = &m->session;

	if (r->result == MATRIX_OK && json_str(r->value, "access_token").len > 0) {
		session_keep_tokens(m, r->value);
		return;
	}
	s->refreshing = false;
	if (r->result == MATRIX_REFUSED && r->status != 429 && r->status < 500)
		not_renewed(m, r);
	else
		session_again(m, "renew the tokens", r);
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

void
session_refresh(struct matrix *m)
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
		session_refresh(m);
	else
		logged_out(m, r->soft_logout);
}
