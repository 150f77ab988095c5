/*
 * matrix_login.c - a session of our own, by user and password: "Login" of the specification.
 *
 * Always the same device. A password is tried three times.
 */
#include <string.h>

#include <sodium.h>

#include "bot/chan/matrix_session_priv.h"
#include "credbot/base/log.h"

#define LOGINS_MAX 3

static void
on_login(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;
	struct session *s = &m->session;

	if (r->result == MATRIX_OK && json_str(r->value, "access_token").len > 0) {
		session_keep_tokens(m, r->value);
		return;
	}
	if (r->result == MATRIX_REFUSED && r->status != 429 && r->status < 500 &&
	    ++s->logins == LOGINS_MAX) {
		log_warn("matrix: login refused: %s", r->description);
		matrix_off(m, "the server does not accept user and password");
		return;
	}
	session_again(m, "log in", r);
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
	session_forget_oauth(&m->session.oauth);
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
		session_again(m, "log in", r);
		return;
	}
	for (size_t i = 0; (flow = json_item(flows, i)) != NULL; i++)
		if (str_is(json_str(flow, "type"), "m.login.password")) {
			send_login(m);
			return;
		}
	matrix_off(m, "the server takes no passwords; set matrix.token_file");
}

bool
session_has_password(const struct matrix *m)
{
	return config_str(m->config, "matrix.password_file")[0] != '\0';
}

/* The same device at every login: its id is on disk before the first. */
void
session_log_in(struct matrix *m)
{
	const char *wanted = config_str(m->config, "matrix.device_id");
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "GET",
		.path = CLIENT_API "/login",
		.anonymous = true };
	char made[SESSION_DEVICE_SIZE];

	if (!session_has_password(m)) {
		matrix_off(m, SESSION_NOBODY);
		return;
	}
	if (wanted[0] != '\0') {
		session_set_text(&m->session.device, str_of(wanted));
	} else if (m->session.device == NULL) {
		session_make_device(made);
		session_set_text(&m->session.device, str_of(made));
		session_keep(m, KEY_DEVICE, str_of(made), session_on_step_kept);
		return;
	}
	(void)matrix_send(m, &rq, on_flows, m);
}
