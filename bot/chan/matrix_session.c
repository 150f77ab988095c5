/*
 * matrix_session.c - what is missing before the first /sync, a step after the other, each
 * tried again after a wait.
 *
 *   find the server   matrix_server.c: once; its address is kept
 *   log in            matrix_login.c: if we are given a password and have no token
 *   ask who we are    matrix_whoami.c: a bot that does not know itself answers itself
 *   set the filter    matrix_filter.c: once for each filter; its id is kept
 *
 * In between and later, matrix_renew.c keeps the token good.
 */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bot/chan/matrix_session_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

void
session_set_text(char **at, struct str s)
{
	free(*at);
	*at = xstrndup(s.p, s.len);
}

void
session_set_secret(char **at, struct str s)
{
	if (*at != NULL)
		sodium_memzero(*at, strlen(*at));
	free(*at);
	*at = s.p == NULL ? NULL : xstrndup(s.p, s.len);
	log_hide(s);
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

void
session_again(struct matrix *m, const char *step, const struct matrix_reply *r)
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

void
session_step_done(struct matrix *m)
{
	m->session.tries = 0;
	m->session.busy = false;
	session_begin(m);
}

/* Keeps one value; done goes on when it is on disk. */
void
session_keep(struct matrix *m, const char *key, struct str value, put_done_fn *done)
{
	struct flow_value v = { str_of(key), value };

	flow_keep(m->ch.flow, m->ch.ops->name, &v, 1, done, m);
}

void
session_not_kept(struct matrix *m)
{
	struct matrix_reply r = { .description = "it cannot be stored",
		.retry_after_ms = -1 };

	session_again(m, "go on", &r);
}

void
session_on_step_kept(void *arg, enum rc rc, int64_t seq)
{
	(void)seq;
	if (rc == RC_OK)
		session_step_done(arg);
	else
		session_not_kept(arg);
}

/* --- the whole */

bool
session_load(struct matrix *m, struct str key, struct str value)
{
	if (m->filter_hash == NULL)
		session_hash_filter(m);
	if (str_is(key, KEY_SERVER))
		session_load_server(m, value);
	else if (str_is(key, KEY_IDENTITY))
		session_load_identity(m, value);
	else if (str_is(key, KEY_DEVICE))
		session_set_text(&m->session.device, value);
	else if (str_is(key, KEY_TOKENS))
		session_load_tokens(m, value);
	else if (str_is(key, KEY_FILTER))
		session_load_filter(m, value);
	else
		return false;
	return true;
}

void
session_begin(struct matrix *m)
{
	struct session *s = &m->session;

	if (m->off || m->draining || s->retry != NULL || s->refreshing || s->busy)
		return;
	if (m->filter_hash == NULL)
		session_hash_filter(m);
	if (s->homeserver == NULL)
		session_take_homeserver(m);
	s->busy = true;
	if (s->homeserver == NULL) {
		session_find_server(m);
	} else if (s->refresh != NULL && (s->token == NULL || s->lost)) {
		session_refresh(m);
		s->busy = false; /* a renewal is guarded by itself */
	} else if (s->token == NULL) {
		session_log_in(m);
	} else if (!s->known) {
		session_ask_who(m);
	} else if (m->filter == NULL) {
		session_set_filter(m);
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
	session_forget_oauth(&m->session.oauth);
}
