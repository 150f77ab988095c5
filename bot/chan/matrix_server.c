/*
 * matrix_server.c - which server: "Server Discovery" of the specification, once; the address
 * that was found is kept.
 */
#include <stdio.h>
#include <string.h>

#include "bot/chan/matrix_session_priv.h"

#define WELL_KNOWN_MAX ((size_t)64 * 1024)
#define WELL_KNOWN_MS 20000

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
		session_set_secret(&m->session.homeserver, (struct str){ NULL, 0 });
		session_again(m, "find the homeserver", r);
		return;
	}
	(void)str_cut(&rest, ':');
	buf_printf(&kept, "%.*s %s", STR_ARG(rest), m->session.homeserver);
	session_keep(m, KEY_SERVER, buf_str(&kept), session_on_step_kept);
	buf_fini(&kept);
}

static void
check_server(struct matrix *m, struct str url)
{
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "GET",
		.path = "/_matrix/client/versions",
		.anonymous = true };

	session_set_text(&m->session.homeserver, url);
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
		session_again(m, "find the homeserver", &r);
	}
	buf_fini(&url);
}

void
session_find_server(struct matrix *m)
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

void
session_load_server(struct matrix *m, struct str value)
{
	struct str rest = value, name = str_cut(&rest, ' ');
	struct str user = str_of(config_str(m->config, "matrix.user"));

	if (rest.len > 0 && config_str(m->config, "matrix.homeserver")[0] == '\0' &&
	    str_eq(name, server_of(user)))
		session_set_text(&m->session.homeserver, rest);
}

void
session_take_homeserver(struct matrix *m)
{
	struct str url = str_of(config_str(m->config, "matrix.homeserver"));

	while (url.len > 0 && url.p[url.len - 1] == '/')
		url.len--;
	if (url.len > 0)
		session_set_text(&m->session.homeserver, url);
}
