/*
 * matrix_whoami.c - who we are, by GET /account/whoami: another account or device than at the
 * last start is an error that a person has to look at.
 */
#include "bot/chan/matrix_session_priv.h"
#include "credbot/base/log.h"

static void
on_identity_kept(void *arg, enum rc rc, int64_t seq)
{
	struct matrix *m = arg;

	(void)seq;
	if (rc != RC_OK) {
		session_not_kept(m);
		return;
	}
	m->session.known = true;
	log_info("matrix: logged in device=%s",
	    m->session.device == NULL ? "" : m->session.device);
	session_step_done(m);
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

static void
on_whoami(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;
	struct str user = json_str(r->value, "user_id");
	struct str device = json_str(r->value, "device_id");
	struct buf b = { 0 };

	if (r->result != MATRIX_OK || !is_id(user, '@')) {
		session_again(m, "ask who I am", r);
		return;
	}
	if (!is_who_we_were(m, user, device))
		return;
	if (device.len == 0)
		log_warn(
		    "matrix: the token has no device: a message that is sent twice "
		    "may be shown twice");
	session_set_text(&m->session.user, user);
	if (device.len > 0 || m->session.device == NULL)
		session_set_text(&m->session.device, device);
	session_write_identity(&b, user, str_of(m->session.device));
	session_keep(m, KEY_IDENTITY, buf_str(&b), on_identity_kept);
	buf_fini(&b);
}

void
session_ask_who(struct matrix *m)
{
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "GET",
		.path = CLIENT_API "/account/whoami" };

	(void)matrix_send(m, &rq, on_whoami, m);
}

void
session_load_identity(struct matrix *m, struct str value)
{
	struct json *json = json_parse(value, 4);

	session_set_text(&m->session.user, json_str(json, "user"));
	if (json_str(json, "device").len > 0)
		session_set_text(&m->session.device, json_str(json, "device"));
	json_free(json);
}
